"""What cannot be right about a result and its figures, the same for a form and for a line of a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from projects.funded.checks import Fault
from projects.results.models import Effect, FigureKind, Outcome


def result_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    if values.get("outcome") == Outcome.FAILURE and not values.get("outcome_reason"):
        text = _("실패한 과제에서도 배울 것이 있습니다. 왜 실패했는지 적어 주십시오.")
        yield Fault("outcome_reason", "required", text)


def figure_faults(values: Mapping[str, Any]) -> Iterator[Fault]:
    """`values` may lack what was wrong by itself already."""
    yield from _what_it_counts(values)
    if "amount" in values and values["amount"] is None and values.get("effect") != Effect.NOT_YET:
        text = _("값을 적어 주십시오. 아직 생기지 않은 성과이면 발생 여부를 ‘미발생’으로 고릅니다.")
        yield Fault("amount", "required", text)
    starts, ends, as_of = values.get("period_from"), values.get("period_to"), values.get("as_of")
    if starts and ends and ends < starts:
        text = _("기간의 끝이 시작보다 앞섭니다. 두 날짜가 바뀌지 않았는지 확인해 주십시오.")
        yield Fault("period_to", "order", text)
    if isinstance(as_of, date) and as_of > timezone.localdate():
        text = _(
            "기준일이 오늘보다 뒤입니다. 출처가 말하는 날을 적어 주십시오."
            " 앞으로의 예상이면 발생 여부를 ‘예상’으로 고릅니다."
        )
        yield Fault("as_of", "in_future", text)
    if values.get("disputed") and not values.get("dispute_note"):
        text = _("무엇을 확인해야 하는지 적어 주십시오. 예: 같은 문서의 다른 쪽에는 66만불로 적혀 있음")
        yield Fault("dispute_note", "required", text)


def _what_it_counts(values: Mapping[str, Any]) -> Iterator[Fault]:
    currency, unit = values.get("currency"), values.get("unit")
    if currency and unit:
        text = _("통화와 단위 가운데 하나만 적어 주십시오. 금액이면 통화, 건수나 비율이면 단위를 씁니다.")
        yield Fault("unit", "one_of_two", text)
    if "currency" in values and "unit" in values and not currency and not unit:
        yield Fault("currency", "required", _("금액이면 통화를 고르고, 아니면 단위를 적어 주십시오. 예: 건, 명, %"))
    kind, label = values.get("kind"), values.get("label")
    if kind == FigureKind.OTHER and not label:
        yield Fault("label", "required", _("무엇의 수치인지 이름을 적어 주십시오. 예: 생산 품종 수"))
    if kind and kind != FigureKind.OTHER and label:
        yield Fault(
            "label", "not_needed", _("이름은 종류가 ‘기타’일 때만 적습니다. 지우거나 종류를 ‘기타’로 바꿔 주십시오.")
        )
