"""Columns that need more than their kind says."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from cooperation_portal.exchange.cells import Cell, Column, Wrong
from cooperation_portal.taxonomy.models import Country

HOME = "KR"
_BETWEEN_NAMES = re.compile(r"[;\n]")  # not the comma: `Co., Ltd.` is one name
_NAME_LIMIT = 200
_is_address = URLValidator(schemes=("http", "https"))


def countries() -> list[tuple[str, str]]:
    return list(Country.objects.values_list("code", "name_ko"))


class NamesColumn(Column):
    """Several names in one cell, in an order of their own, so that the order of the cell changes nothing."""

    def read(self, cell: Cell) -> Any:
        names = sorted({name for part in _BETWEEN_NAMES.split(super().read(cell)) if (name := " ".join(part.split()))})
        if any(len(name) > _NAME_LIMIT for name in names):
            raise Wrong(
                "too_long",
                _("이름 하나는 %(limit)s자까지 적을 수 있습니다. 여러 이름은 쌍반점(;)으로 나누어 적어 주십시오.")
                % {"limit": _NAME_LIMIT},
            )
        return "; ".join(names)


class WebsiteColumn(Column):
    """An address written without https:// is completed."""

    def read(self, cell: Cell) -> Any:
        address: str = super().read(cell)
        if address and "://" not in address:
            address = f"https://{address}"
        try:
            if address:
                _is_address(address)
        except ValidationError:
            raise Wrong(
                "not_an_address", _("누리집 주소를 확인해 주십시오. https://www.example.com처럼 적습니다.")
            ) from None
        return address


class HomeColumn(Column):
    """A country that is Korea where the cell is empty: lists of Korean companies seldom say so."""

    def read(self, cell: Cell) -> Any:
        return super().read(cell) or HOME
