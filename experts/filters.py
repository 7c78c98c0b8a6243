from typing import Any

import django_filters
from django import forms
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.languages import TextLanguage
from experts import queries
from experts.models import MOST_CAREER_YEARS, Availability, Expert, ExpertDirection, ExpertQuerySet, GuidanceMode

RETIRED, ALL = "retired", "all"


class Sorting(django_filters.OrderingFilter):
    """What is not known comes last either way; equals keep their order from page to page."""

    def filter(self, experts: ExpertQuerySet, value: Any) -> ExpertQuerySet:
        names = [self.get_ordering_value(param) for param in value or () if param]
        if not names:
            return experts
        keys = [F(name.lstrip("-")) for name in names]
        directions = [
            key.desc(nulls_last=True) if name.startswith("-") else key.asc(nulls_last=True)
            for key, name in zip(keys, names, strict=True)
        ]
        return experts.order_by(*directions, "pk")


class ExpertFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="find", label=_("찾는 말 (이름·내용·번호)"))
    field = django_filters.ChoiceFilter(
        method="in_field", label=_("기술분야"), empty_label=_("전체"), choices=queries.field_choices
    )
    country = django_filters.ModelChoiceFilter(
        queryset=queries.countries_of_experts, label=_("거주 국가"), empty_label=_("전체"), to_field_name="code"
    )
    direction = django_filters.ChoiceFilter(choices=ExpertDirection, label=_("유치·파견"), empty_label=_("전체"))
    language = django_filters.ChoiceFilter(
        field_name="languages", method="among", choices=TextLanguage, label=_("사용 언어"), empty_label=_("전체")
    )
    availability = django_filters.ChoiceFilter(choices=Availability, label=_("활동 가능 여부"), empty_label=_("전체"))
    mode = django_filters.ChoiceFilter(
        field_name="guidance_modes", method="among", choices=GuidanceMode, label=_("지도 방식"), empty_label=_("전체")
    )
    career = django_filters.NumberFilter(
        field_name="career_years",
        lookup_expr="gte",
        min_value=0,
        max_value=MOST_CAREER_YEARS,
        label=_("경력(년 이상)"),
    )
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=_("등록 상태"),
        empty_label=_("사용 중"),
        choices=[(RETIRED, _("사용 중지")), (ALL, _("전체"))],
    )
    sort = Sorting(
        fields=(
            ("name_ko", "name"),
            ("country__name_ko", "country"),
            ("career_years", "career"),
            ("changed_at", "changed"),
        ),
        label=_("정렬"),
        widget=forms.HiddenInput,  # sorted by the heads of the table; a new search keeps the order
    )

    class Meta:
        model = Expert
        fields: list[str] = []

    def filter_queryset(self, queryset: ExpertQuerySet) -> ExpertQuerySet:
        found: ExpertQuerySet = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else found.current()

    def find(self, experts: ExpertQuerySet, name: str, words: str) -> ExpertQuerySet:
        return queries.containing(experts, words)

    def in_field(self, experts: ExpertQuerySet, name: str, code: str) -> ExpertQuerySet:
        return queries.in_field(experts, code)

    def among(self, experts: ExpertQuerySet, name: str, code: str) -> ExpertQuerySet:
        return experts.filter(**{f"{name}__contains": [code]})

    def in_state(self, experts: ExpertQuerySet, name: str, state: str) -> ExpertQuerySet:
        return experts if state == ALL else experts.filter(retired_on__isnull=False)
