from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation_portal.network.models import CompanyClass
from cooperation_portal.taxonomy.models import Country, TechnologyField
from matching.learning.models import GlossaryProposal, Judgement, ProposalState
from matching.learning.queries import quality

_DATE = {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}


class QualityFilter(django_filters.FilterSet):
    """Narrows all figures of the page alike."""

    since = django_filters.DateFilter("decided_at", lookup_expr="date__gte", label=_("판단일 (부터)"), **_DATE)
    until = django_filters.DateFilter("decided_at", lookup_expr="date__lte", label=_("판단일 (까지)"), **_DATE)
    country = django_filters.ModelChoiceFilter(
        queryset=Country.objects.all(),
        field_name="technology__country",
        to_field_name="code",
        label=_("원천기술의 국가"),
        empty_label=_("전체"),
    )
    field = django_filters.ModelChoiceFilter(
        queryset=TechnologyField.objects.filter(parent__isnull=True),
        method="in_field",
        to_field_name="code",
        label=_("원천기술의 분야"),
        empty_label=_("전체"),
    )
    company_class = django_filters.ChoiceFilter(
        field_name="demand__company__company_class",
        choices=CompanyClass,
        label=_("수요기업 구분"),
        empty_label=_("전체"),
    )
    engine_version = django_filters.ChoiceFilter(label=_("엔진"), empty_label=_("전체"), choices=list)

    class Meta:
        model = Judgement
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["engine_version"].extra["choices"] = [(name, name) for name in quality.engine_versions()]

    def in_field(self, found: QuerySet[Judgement], name: str, value: TechnologyField) -> QuerySet[Judgement]:
        return found.filter(Q(technology__field=value) | Q(technology__field__parent=value))


class ProposalFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="find", label=_("찾는 말 (용어·개념·번호)"))
    state = django_filters.ChoiceFilter(choices=ProposalState, label=_("상태"), empty_label=_("전체"))

    class Meta:
        model = GlossaryProposal
        fields: list[str] = []

    def find(self, proposals: QuerySet[GlossaryProposal], name: str, words: str) -> QuerySet[GlossaryProposal]:
        for word in words.split()[:8]:
            found = Q(terms__icontains=word) | Q(name__icontains=word) | Q(concept__icontains=word)
            number = word.upper().removeprefix("G-")
            if number.isdecimal() and len(number) <= 9:
                found |= Q(pk=int(number))
            proposals = proposals.filter(found)
        return proposals
