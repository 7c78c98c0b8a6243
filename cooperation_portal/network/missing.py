"""What a record of the directory still lacks before people can work with it; shown to who keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import Company, Institution


@dataclass(frozen=True)
class Missing:
    """Lacking when every one of the fields is empty."""

    code: str
    label: Any
    fields: tuple[str, ...]
    numeric: bool = False  # empty is NULL, not ""

    def __str__(self) -> str:
        return str(self.label)

    def of(self, record: Any) -> bool:
        return not any(getattr(record, name) for name in self.fields)

    def where(self) -> Q:
        conditions = [Q(**({f"{name}__isnull": True} if self.numeric else {name: ""})) for name in self.fields]
        return Q(*conditions)


KINDS: dict[type, tuple[Missing, ...]] = {
    Institution: (
        Missing("city", _("도시"), ("city_ko", "city_original")),
        Missing("name_en", _("영문 기관명"), ("name_en",)),
        Missing("website", _("누리집"), ("website",)),
        Missing("source_reference", _("출처 번호"), ("source_reference",)),
    ),
    Company: (
        Missing("name_en", _("영문 기업명"), ("name_en",)),
        Missing("industry", _("업종"), ("industry_id",), numeric=True),
        Missing("products", _("주요 제품"), ("products",)),
        Missing("city", _("소재지"), ("city",)),
        Missing("established", _("설립 연도"), ("established",), numeric=True),
        Missing("website", _("누리집"), ("website",)),
    ),
}
ANY = "any"


def missing_of(record: Any) -> list[Missing]:
    return [kind for kind in KINDS[type(record)] if kind.of(record)]


def lacking(model: type, code: str) -> Q:
    """Of a kind, or of any at all."""
    wanted = [kind.where() for kind in KINDS[model] if code in (kind.code, ANY)]
    return Q(*wanted, _connector=Q.OR)
