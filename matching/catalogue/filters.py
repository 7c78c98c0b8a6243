import django_filters
from django.utils.translation import gettext_lazy as _

from cooperation_portal.shared.languages import TextLanguage
from cooperation_portal.taxonomy.models import Country, TechnologyField
from matching.catalogue.models import Direction, IprStatus, Stage, Technology, TechnologyQuerySet
from matching.catalogue.queries import containing


class TechnologyFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="find", label=_("찾는 말 (기술명·내용·보유기관·번호)"))
    country = django_filters.ModelChoiceFilter(
        queryset=Country.objects.all(), label=_("국가"), empty_label=_("전체"), to_field_name="code"
    )
    original_language = django_filters.ChoiceFilter(choices=TextLanguage, label=_("원문 언어"), empty_label=_("전체"))
    field = django_filters.ModelChoiceFilter(
        queryset=TechnologyField.objects.filter(parent__isnull=True),
        field_name="field__parent",
        to_field_name="code",
        label=_("기술분야"),
        empty_label=_("전체"),
    )
    stage = django_filters.ChoiceFilter(choices=Stage, label=_("개발 단계"), empty_label=_("전체"))
    ipr_status = django_filters.ChoiceFilter(choices=IprStatus, label=_("지식재산권"), empty_label=_("전체"))
    direction = django_filters.ChoiceFilter(choices=Direction, label=_("협력 방향"), empty_label=_("전체"))

    class Meta:
        model = Technology
        fields: list[str] = []

    def find(self, technologies: TechnologyQuerySet, name: str, words: str) -> TechnologyQuerySet:
        return containing(technologies, words)
