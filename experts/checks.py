"""What cannot be right about an expert, the same for a form and for a line of a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from experts.models import MOST_FIELDS, Availability, ExpertDirection

_PHONE = re.compile(r"^\+?[0-9()./ -]*[0-9][0-9()./ -]*( ?(ext\.?|내선) ?[0-9]+)?$", re.IGNORECASE)
_FEWEST_DIGITS = 7


@dataclass(frozen=True)
class Fault:
    field: str
    code: str
    text: str


def faults(values: Mapping[str, Any], *, country: str | None) -> Iterator[Fault]:
    """`values` may lack what was wrong by itself already; `country` is a code."""
    yield from _fields(values)
    yield from _direction(values, country)
    yield from _availability(values)
    yield from _days(values)
    yield from _contacts(values)


def _fields(values: Mapping[str, Any]) -> Iterator[Fault]:
    if len(values.get("fields") or ()) > MOST_FIELDS:
        text = _("기술분야는 %(most)s개까지 고를 수 있습니다. 가장 잘하는 분야만 남겨 주십시오.")
        yield Fault("fields", "too_many", text % {"most": MOST_FIELDS})


def _direction(values: Mapping[str, Any], country: str | None) -> Iterator[Fault]:
    direction = values.get("direction")
    if country == "KR" and direction == ExpertDirection.INVITED:
        text = _("해외에 있는 전문가만 유치합니다. 거주 국가를 바꾸거나, 국내 전문가이면 ‘파견’을 골라 주십시오.")
        yield Fault("country", "direction", text)
    if country and country != "KR" and direction == ExpertDirection.DISPATCHED:
        text = _("국내에 있는 전문가만 파견합니다. 거주 국가를 바꾸거나, 해외 전문가이면 ‘유치’를 골라 주십시오.")
        yield Fault("country", "direction", text)


def _availability(values: Mapping[str, Any]) -> Iterator[Fault]:
    if values.get("availability") == Availability.NOW and values.get("available_from"):
        text = _("‘바로 가능’이면 가능 시작일을 비워 주십시오. 날짜가 정해져 있으면 ‘협의 후 가능’을 골라 주십시오.")
        yield Fault("available_from", "not_needed", text)


def _days(values: Mapping[str, Any]) -> Iterator[Fault]:
    today = timezone.localdate()
    for name in ("consented_on", "retired_on"):
        given = values.get(name)
        day = date.fromisoformat(given) if isinstance(given, str) and given else given
        if day and day > today:
            yield Fault(name, "in_future", _("오늘보다 늦은 날짜는 적을 수 없습니다. 날짜를 확인해 주십시오."))


def _contacts(values: Mapping[str, Any]) -> Iterator[Fault]:
    email, phone = values.get("email"), values.get("phone")
    if email:
        try:
            validate_email(email)
        except ValidationError:
            text = _("이메일 주소가 맞지 않습니다. name@example.com처럼 적어 주십시오.")
            yield Fault("email", "email", text)
    if phone and (not _PHONE.match(phone) or sum(letter.isdigit() for letter in phone) < _FEWEST_DIGITS):
        text = _("전화번호가 맞지 않습니다. +81-6-1234-5678처럼 국가 번호부터 숫자로 적어 주십시오.")
        yield Fault("phone", "phone", text)
