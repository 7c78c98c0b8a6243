from typing import Any

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.taxonomy.models import Country, TechnologyField
from projects.funded import queries
from projects.funded.models import Case, Project, ProjectQuerySet, ProjectStatus, ProjectType


class ProjectFilter(django_filters.FilterSet):
    """Without a word on it, projects that were retired stay out."""

    q = django_filters.CharFilter(method="find", label=_("찾는 말 (과제명·번호·기업·기관)"))
    year = django_filters.ChoiceFilter(label=_("사업 연도"), empty_label=_("전체"), choices=list)
    project_type = django_filters.ChoiceFilter(choices=ProjectType, label=_("과제 유형"), empty_label=_("전체"))
    case = django_filters.ChoiceFilter(choices=Case, label=_("Case"), empty_label=_("전체"))
    status = django_filters.ChoiceFilter(choices=ProjectStatus, label=_("상태"), empty_label=_("전체"))
    field = django_filters.ModelChoiceFilter(
        queryset=TechnologyField.objects.filter(parent__isnull=True),
        method="in_field",
        to_field_name="code",
        label=_("기술분야"),
        empty_label=_("전체"),
    )
    country = django_filters.ModelChoiceFilter(
        queryset=Country.objects.exclude(code="KR"),
        field_name="partner_country",
        to_field_name="code",
        label=_("협력 대상국"),
        empty_label=_("전체"),
    )
    retired = django_filters.ChoiceFilter(
        method="by_retirement",
        label=_("사용 여부"),
        empty_label=_("사용 중인 과제"),
        choices=[("only", _("사용 중지한 과제")), ("with", _("모두"))],
    )
    sort = django_filters.OrderingFilter(
        fields=(
            ("year", "year"),
            ("serial", "serial"),
            ("title", "title"),
            ("company__name", "company"),
            ("budget_krw", "budget"),
            ("status", "status"),
        ),
        label=_("정렬"),
        widget=forms.HiddenInput,  # sorted by the heads of the table; a new search keeps the order
    )

    class Meta:
        model = Project
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = queries.years(self.queryset)
        self.filters["year"].extra["choices"] = [(str(year), str(year)) for year in found]

    def filter_queryset(self, queryset: ProjectQuerySet) -> ProjectQuerySet:
        found: ProjectQuerySet = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("retired") else found.current()

    def find(self, projects: ProjectQuerySet, name: str, words: str) -> ProjectQuerySet:
        return queries.containing(projects, words)

    def in_field(self, projects: ProjectQuerySet, name: str, value: TechnologyField) -> ProjectQuerySet:
        return projects.filter(Q(field=value) | Q(field__parent=value))

    def by_retirement(self, projects: ProjectQuerySet, name: str, value: str) -> ProjectQuerySet:
        return projects.retired() if value == "only" else projects
