from __future__ import annotations

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.languages import TextLanguage
from matching.catalogue.missing import KINDS, lacking
from matching.catalogue.models import Disclosure, Technology, TechnologyQuerySet, TechnologyStatus
from matching.catalogue.queries import containing


class UpkeepFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="find", label=_("찾는 말 (기술명·내용·보유기관·번호)"))
    status = django_filters.ChoiceFilter(choices=TechnologyStatus, label=_("상태"), empty_label=_("전체"))
    missing = django_filters.ChoiceFilter(
        choices=[(kind.code, kind.label) for kind in KINDS], method="lack", label=_("빠진 내용"), empty_label=_("전체")
    )
    original_language = django_filters.ChoiceFilter(choices=TextLanguage, label=_("원문 언어"), empty_label=_("전체"))
    disclosure = django_filters.ChoiceFilter(choices=Disclosure, label=_("공개 범위"), empty_label=_("전체"))
    sort = django_filters.OrderingFilter(
        fields=(("pk", "number"), ("changed_at", "changed"), ("status", "status"), ("owner__name_ko", "owner")),
        label=_("정렬"),
        widget=forms.HiddenInput,  # sorted by the heads of the table; a new search keeps the order
    )

    class Meta:
        model = Technology
        fields: list[str] = []

    def find(self, technologies: TechnologyQuerySet, name: str, words: str) -> TechnologyQuerySet:
        return containing(technologies, words)

    def lack(self, technologies: TechnologyQuerySet, name: str, code: str) -> TechnologyQuerySet:
        return technologies.filter(lacking(code))
