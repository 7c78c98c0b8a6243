"""What the catalogue is narrowed by. Every option tells how many technologies it would leave, the rest as chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import F, FilteredRelation, Q, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import Role
from cooperation_portal.accounts.permissions import holds
from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import Country, TechnologyField
from matching.catalogue.meaning import NotAvailableError, closest
from matching.catalogue.missing import lacking
from matching.catalogue.models import (
    Cooperation,
    Direction,
    Disclosure,
    IprStatus,
    Stage,
    Technology,
    TechnologyQuerySet,
    TechnologyStatus,
)
from matching.catalogue.queries import Unnest, counted
from matching.catalogue.search import Among, PlaceAmong, Search

# So many hits are compared with each other; of more, the newest come first, and nobody reads them all.
MOST_RANKED = 300
STAFF_ONLY = ("status", "disclosure", "korean")
# What the options of a filter are counted by.
COUNTED: Mapping[str, Any] = {
    "country": F("country__code"),
    "original_language": F("original_language"),
    "field": F("field__code"),
    "stage": F("open_stage"),
    "ipr_status": F("open_ipr"),
    "direction": F("direction"),
    "cooperation": Unnest("cooperation"),
    "status": F("status"),
    "disclosure": F("disclosure"),
}


class AnyOf(django_filters.MultipleChoiceFilter):
    """Several options of one kind: one of them suffices."""

    def filter(self, technologies: TechnologyQuerySet, chosen: list[str]) -> TechnologyQuerySet:
        lookup = "overlap" if self.lookup_expr == "overlap" else "in"
        return technologies.filter(**{f"{self.field_name}__{lookup}": chosen}) if chosen else technologies


class AnyTerm(django_filters.ModelMultipleChoiceFilter):
    def filter(self, technologies: TechnologyQuerySet, chosen: Any) -> TechnologyQuerySet:
        keys = [term.pk for term in chosen]
        return technologies.filter(**{f"{self.field_name}__in": keys}) if keys else technologies


class Year(django_filters.Filter):
    field_class = forms.IntegerField

    def __init__(self, lookup_expr: str, label: Any) -> None:
        wrong = _("연도는 2019처럼 네 자리 숫자로 적어 주십시오.")
        super().__init__(
            "open_year", lookup_expr, label=label, min_value=1900, max_value=2100,
            error_messages={"invalid": wrong, "min_value": wrong, "max_value": wrong},
        )  # fmt: skip


class BrowsingForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("year_from"), cleaned.get("year_to")
        if start and end and start > end:
            self.add_error("year_to", _("끝 연도를 시작 연도와 같거나 늦게 적어 주십시오."))
        return cleaned


class TechnologyFilter(django_filters.FilterSet):
    """`queryset` is what the reader may see; `qs` is what is left of it, sorted, as the list and its export have it."""

    q = django_filters.CharFilter(method="find", label=_("찾는 말"))
    by = django_filters.ChoiceFilter(choices=[("meaning", _("뜻"))], method="in_find", label=_("찾는 방법"))
    country = AnyTerm("country", queryset=Country.objects.all(), to_field_name="code", label=_("국가"))
    field = django_filters.ModelChoiceFilter(
        queryset=TechnologyField.objects.all(), method="in_field", to_field_name="code", label=_("기술분야")
    )
    original_language = AnyOf("original_language", choices=TextLanguage, label=_("원문 언어"))
    stage = AnyOf("open_stage", choices=Stage, label=_("개발 단계"))
    ipr_status = AnyOf("open_ipr", choices=IprStatus, label=_("지식재산권"))
    cooperation = AnyOf("cooperation", "overlap", choices=Cooperation, label=_("희망 협력 방식"))
    direction = django_filters.ChoiceFilter(choices=Direction, label=_("협력 방향"))
    year_from = Year("gte", label=_("시작 연도"))
    year_to = Year("lte", label=_("끝 연도"))
    status = AnyOf("status", choices=TechnologyStatus, label=_("상태"))
    disclosure = AnyOf("disclosure", choices=Disclosure, label=_("공개 범위"))
    korean = django_filters.ChoiceFilter(
        choices=[("korean", _("국문 없음")), ("stale", _("원문 변경됨"))], method="in_korean", label=_("국문")
    )
    sort = django_filters.ChoiceFilter(
        choices=[
            ("newest", _("최신 등록순")),
            ("title", _("기술명순")),
            ("year", _("개발 연도순")),
            ("country", _("국가순")),
        ],
        method="sorted_by",
        label=_("정렬"),
    )

    class Meta:
        model = Technology
        fields: list[str] = []
        form = BrowsingForm

    def __init__(self, data: Any, queryset: TechnologyQuerySet, *, request: HttpRequest) -> None:
        super().__init__(data, queryset.as_shown_to(request.user), request=request)
        self._found: list[int] | None = None
        if not holds(request.user, Role.OFFICER, Role.CONTENT_ADMIN):
            for name in STAFF_ONLY:
                del self.filters[name]
        self.form.is_valid()  # what is wrong in an address is told, and the rest of it holds
        if self.is_by_meaning:
            self._found = self._by_meaning()

    @property
    def search(self) -> Search:
        return Search(self.form.cleaned_data.get("q") or "")

    @property
    def is_by_meaning(self) -> bool:
        return bool(self.form.cleaned_data.get("by") and self.search.words)

    def in_order(self, count: int) -> TechnologyQuerySet:
        """As asked; who searches without a wish sees the best hits first."""
        if self.is_by_meaning and self._found is not None and not self.form.cleaned_data.get("sort"):
            return self.qs.order_by(PlaceAmong(self._found), "-pk")
        if self.search.words and not self.form.cleaned_data.get("sort") and count <= MOST_RANKED:
            return self.qs.order_by(self.search.rank().desc(), "-pk")
        return self.qs

    def counts(self) -> dict[str, dict[str, int]]:
        """By filter and option, in one statement; the whole result stands under "" and ""."""
        parts = {name: (self._narrowed(but=name), by) for name, by in COUNTED.items() if name in self.filters}
        return counted({"": (self._narrowed(), Value(""))} | parts)

    def _narrowed(self, but: str = "") -> TechnologyQuerySet:
        technologies: TechnologyQuerySet = self.queryset
        for name, each in self.filters.items():
            if name not in (but, "sort") and name in self.form.cleaned_data:
                technologies = each.filter(technologies, self.form.cleaned_data[name])
        return technologies

    # --- filters that need more than a comparison --------------------------------------------------------------------

    def find(self, technologies: TechnologyQuerySet, name: str, words: str) -> TechnologyQuerySet:
        """The words are looked for once, whatever is counted afterwards."""
        if self._found is None:
            self._found = list(Search(words).narrowed(self.queryset).values_list("pk", flat=True))
        return technologies.filter(Among(self._found))

    def _by_meaning(self) -> list[int] | None:
        """None where meanings cannot be compared now: the words are looked for instead, and the reader is told."""
        try:
            return closest(self.queryset, self.search.text)
        except NotAvailableError:
            self.form.add_error("by", _("지금은 뜻으로 찾을 수 없어 낱말로 찾았습니다. 잠시 뒤에 다시 찾아 주십시오."))
            return None

    def in_find(self, technologies: TechnologyQuerySet, name: str, by: str) -> TechnologyQuerySet:
        """How the words are looked for: see `find`."""
        return technologies

    def in_field(self, technologies: TechnologyQuerySet, name: str, field: TechnologyField) -> TechnologyQuerySet:
        return technologies.filter(field=field) if field.parent_id else technologies.filter(field__parent=field)

    def in_korean(self, technologies: TechnologyQuerySet, name: str, state: str) -> TechnologyQuerySet:
        return technologies.filter(lacking(state))

    def sorted_by(self, technologies: TechnologyQuerySet, name: str, sort: str) -> TechnologyQuerySet:
        if sort == "title":
            return technologies.alias(
                translated=FilteredRelation("texts", condition=Q(texts__language=TextLanguage.KOREAN)),
                written=FilteredRelation("texts", condition=Q(texts__origin="source")),
            ).order_by(Coalesce("translated__title", "written__title"), "-pk")
        if sort == "year":
            return technologies.order_by(F("open_year").desc(nulls_last=True), "-pk")
        return technologies.order_by("country__name_ko", "-pk") if sort == "country" else technologies.order_by("-pk")
