"""Wanted figures as lines of text, `항목 | 조건 | 값 | 단위`, as a cell of a spreadsheet holds them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from matching.demands.models import DemandMetric, Qualifier

_LIMITS = {"name": 80, "unit": 24}


class Unreadable(Exception):
    """The text names the line and says how it is written."""


def read_lines(text: str) -> list[dict[str, Any]]:
    """Raises Unreadable for the first line that is no figure."""
    return [_read(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _read(number: int, line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) not in (3, 4) or not parts[0]:
        raise Unreadable(
            _("%(number)s번째 줄을 ‘두께 | 이하 | 0.05 | mm’처럼 항목·조건·값·단위로 나누어 적어 주십시오.")
            % {"number": number}
        )
    name, condition, value, unit = (*parts, "")[:4]
    if len(name) > _LIMITS["name"] or len(unit) > _LIMITS["unit"]:
        raise Unreadable(_("%(number)s번째 줄의 항목이나 단위가 너무 깁니다.") % {"number": number})
    return {"name": name, "qualifier": _qualifier(number, condition), "value": _value(number, value), "unit": unit}


def _qualifier(number: int, text: str) -> str:
    labels = _labels()
    for code, label in labels.items():
        if text.casefold() in (code, label):
            return code
    if not text:
        return Qualifier.EXACT.value
    raise Unreadable(
        _("%(number)s번째 줄의 조건은 %(choices)s 가운데 하나로 적어 주십시오.")
        % {"number": number, "choices": ", ".join(labels.values())}
    )


def _value(number: int, text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Unreadable(_("%(number)s번째 줄의 값은 숫자만 적어 주십시오.") % {"number": number}) from None
    if not value.is_finite() or value.copy_abs() >= Decimal(10) ** 12 or value != round(value, 6):
        raise Unreadable(
            _("%(number)s번째 줄에 1조보다 작고 소수점 아래 여섯 자리까지인 수를 적어 주십시오.") % {"number": number}
        )
    return value


def _labels() -> dict[str, str]:
    with translation.override("ko"):
        return {code: str(label) for code, label in Qualifier.choices}


def lines_of(metrics: Iterable[DemandMetric | Mapping[str, Any]]) -> str:
    """The same figures always give the same text."""
    labels = _labels()
    lines = []
    for metric in metrics:
        one = metric if isinstance(metric, DemandMetric) else DemandMetric(**metric)
        parts = [one.name, labels[one.qualifier], one.figure, one.unit]
        lines.append(" | ".join(parts if one.unit else parts[:3]))
    return "\n".join(lines)
