from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, Count, F, Value, When
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.facets import CountedFilterSet
from cooperation_portal.network.missing import ANY, KINDS, lacking
from cooperation_portal.network.models import (
    Company,
    CompanyClass,
    CompanyQuerySet,
    CompanySize,
    Institution,
    InstitutionKind,
    InstitutionQuerySet,
)
from cooperation_portal.network.names import NameKey
from cooperation_portal.network.queries import companies_named, institutions_named
from cooperation_portal.taxonomy.models import Country

CURRENT, RETIRED, MERGED, ALL = "current", "retired", "merged", "all"
_STATE = Case(
    When(merged_into__isnull=False, then=Value(MERGED)),
    When(retired_on__isnull=False, then=Value(RETIRED)),
    default=Value(CURRENT),
)


class DirectoryFilter(CountedFilterSet):
    """What both lists have in common. Records out of use are shown to who asks for them only."""

    q = django_filters.CharFilter(method="find")
    country = django_filters.ChoiceFilter(label=_("국가"), empty_label=_("전체"), choices=list)
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=_("상태"),
        empty_label=_("사용 중"),
        choices=[(RETIRED, _("사용 중지")), (MERGED, _("다른 곳과 합침")), (ALL, _("전체"))],
    )
    missing = django_filters.ChoiceFilter(method="lack", label=_("빠진 내용"), empty_label=_("전체"), choices=list)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        countries = [(country.code, country.name) for country in Country.objects.all()]
        self.filters["country"].extra["choices"] = countries
        kinds = [(kind.code, kind.label) for kind in KINDS[self.model]]
        self.filters["missing"].extra["choices"] = [(ANY, _("하나라도 빠진 것")), *kinds]

    @property
    def model(self) -> Any:
        return self._meta.model

    def filter_queryset(self, queryset: Any, without: str = "") -> Any:
        queryset = super().filter_queryset(queryset, without)
        return queryset if without == "state" or self.form.cleaned_data.get("state") else queryset.current()

    def in_state(self, records: Any, name: str, state: str) -> Any:
        return records if state == ALL else records.alias(standing=_STATE).filter(standing=state)

    def lack(self, records: Any, name: str, code: str) -> Any:
        return records.filter(lacking(self.model, code))

    def counts_of(self, name: str) -> dict[str, int]:
        if name == "missing":
            rows = self.filter_queryset(self.queryset.all(), without=name).order_by()
            codes = (ANY, *(kind.code for kind in KINDS[self.model]))
            return rows.aggregate(**{code: Count("pk", filter=lacking(self.model, code)) for code in codes})
        counts = super().counts_of(name)
        return counts | {ALL: sum(counts.values())} if name == "state" else counts


class InstitutionFilter(DirectoryFilter):
    q = django_filters.CharFilter(method="find", label=_("찾는 말 (모든 이름·도시·번호)"))
    kind = django_filters.ChoiceFilter(choices=InstitutionKind.choices, label=_("기관 유형"), empty_label=_("전체"))
    country = django_filters.ChoiceFilter(
        field_name="country__code", label=_("국가"), empty_label=_("전체"), choices=list
    )
    sort = django_filters.OrderingFilter(
        fields=(("name_ko", "name"), ("country__name_ko", "country"), ("kind", "kind")),
        label=_("정렬"),
        widget=forms.HiddenInput,  # sorted by the heads of the table; a new search keeps the order
    )
    counted = {"kind": "kind", "country": "country__code", "state": _STATE, "missing": None}

    class Meta:
        model = Institution
        fields: list[str] = []

    def find(self, institutions: InstitutionQuerySet, name: str, words: str) -> InstitutionQuerySet:
        return institutions_named(institutions, words)


class CompanySorting(django_filters.OrderingFilter):
    """By the name without its corporate form: (주)가람 stands beside 가람㈜."""

    def filter(self, companies: CompanyQuerySet, value: Any) -> CompanyQuerySet:
        keys = []
        for column in (self.get_ordering_value(param) for param in value or ["name"]):
            key = NameKey("name") if column.lstrip("-") == "name" else F(column.lstrip("-"))
            keys.append(key.desc() if column.startswith("-") else key.asc())
        return companies.order_by(*keys, "pk")


class CompanyFilter(DirectoryFilter):
    q = django_filters.CharFilter(method="find", label=_("찾는 말 (기업명·번호·코드·제품)"))
    company_class = django_filters.ChoiceFilter(
        choices=CompanyClass.choices, label=_("기업 구분"), empty_label=_("전체")
    )
    size = django_filters.ChoiceFilter(choices=CompanySize.choices, label=_("기업 규모"), empty_label=_("전체"))
    country = django_filters.ChoiceFilter(
        field_name="site_country__code", label=_("소재 국가"), empty_label=_("전체"), choices=list
    )
    sort = CompanySorting(
        fields=(("name", "name"), ("site_country__name_ko", "country"), ("code", "code"), ("size", "size")),
        label=_("정렬"),
        widget=forms.HiddenInput,
    )
    counted = {
        "company_class": "company_class",
        "size": "size",
        "country": "site_country__code",
        "state": _STATE,
        "missing": None,
    }

    class Meta:
        model = Company
        fields: list[str] = []

    def find(self, companies: CompanyQuerySet, name: str, words: str) -> CompanyQuerySet:
        return companies_named(companies, words)
