"""The two kinds of record as pages name them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.doubles import Double, Likeness, companies_like, in_words, institutions_like
from cooperation_portal.network.merging import merge_companies, merge_institutions
from cooperation_portal.network.models import Company, Institution


@dataclass(frozen=True)
class Register:
    """기관 or 기업: the words and addresses of its pages, so that one template serves both."""

    model: Any
    noun: Any
    prefix: str
    plural: str
    merge: Callable[..., Any]
    like: Callable[..., list[Likeness]]
    country: str  # the relation to it
    shown_relations: tuple[str, ...]  # of which a page shows the names
    to_add: Any
    to_change: Any
    to_save_another: Any
    merge_warning: Any = ""

    @property
    def list_url(self) -> str:
        return f"{self.prefix}_list"

    @property
    def add_url(self) -> str:
        return f"add_{self.prefix}"

    @property
    def detail_url(self) -> str:
        return f"{self.prefix}_detail"

    @property
    def doubles_url(self) -> str:
        return f"{self.prefix}_doubles"

    @property
    def merge_url(self) -> str:
        return f"merge_{self.plural}"


INSTITUTIONS = Register(
    model=Institution,
    noun=_("기관"),
    prefix="institution",
    plural="institutions",
    merge=merge_institutions,
    like=institutions_like,
    country="country",
    shown_relations=("country",),
    to_add=_("기관 등록"),
    to_change=_("기관 고치기"),
    to_save_another=_("다른 기관입니다. 저장"),
)
COMPANIES = Register(
    model=Company,
    noun=_("기업"),
    prefix="company",
    plural="companies",
    merge=merge_companies,
    like=companies_like,
    country="site_country",
    shown_relations=("site_country", "industry"),
    to_add=_("기업 등록"),
    to_change=_("기업 고치기"),
    to_save_another=_("다른 기업입니다. 저장"),
    merge_warning=_(
        "합치면 두 기업의 담당자가 서로의 수요와 추천 결과를 모두 보게 됩니다. 같은 기업이 틀림없는지 확인해 주십시오."
    ),
)


def told_doubles(pairs: list[Double]) -> list[dict[str, Any]]:
    return [
        {"first": pair.first, "second": pair.second, "reasons": [in_words(reason) for reason in pair.reasons]}
        for pair in pairs
    ]


def told_likenesses(found: list[Likeness]) -> list[dict[str, Any]]:
    return [
        {"record": likeness.record, "reasons": [in_words(reason) for reason in likeness.reasons]} for likeness in found
    ]
