import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperation_portal.taxonomy.models import TechnologyField
from matching.catalogue.models import Direction
from matching.demands.models import Demand, DemandKind, DemandQuerySet, DemandStatus
from matching.triage.models import Interest
from matching.triage.queries import company
from matching.triage.queries import officers as queries

STATUSES = [(status.value, status.label) for status in DemandStatus if status != DemandStatus.DRAFT]


def _in_text(word: str) -> Q:
    """Title, problem or number."""
    found = Q(title__icontains=word) | Q(problem__icontains=word)
    number = word.upper().removeprefix("D-")
    return found | Q(pk=int(number)) if number.isdecimal() and len(number) <= 9 else found


class QueueFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(method="find", label=_("찾는 말 (제목·기업·번호)"))
    status = django_filters.ChoiceFilter(choices=STATUSES, label=_("상태"), empty_label=_("전체"))
    officer = django_filters.ChoiceFilter(method="by_officer", label=_("담당자"), empty_label=_("전체"), choices=list)
    kind = django_filters.ChoiceFilter(choices=DemandKind, label=_("구분"), empty_label=_("전체"))
    direction = django_filters.ChoiceFilter(choices=Direction, label=_("협력 방향"), empty_label=_("전체"))
    field = django_filters.ModelChoiceFilter(
        queryset=TechnologyField.objects.filter(parent__isnull=True),
        method="in_field",
        label=_("기술분야"),
        empty_label=_("전체"),
    )
    waiting = django_filters.ChoiceFilter(
        method="waits_for",
        label=_("할 일"),
        empty_label=_("전체"),
        choices=[
            ("decide", _("판단 대기")),
            ("hold", _("보류 있음")),
            ("release", _("추천 대기")),
            ("interested", _("기업이 관심 보임")),
            ("no_score", _("점수 없음")),
        ],
    )
    answer = django_filters.ChoiceFilter(
        method="by_answer",
        label=_("기업 답변"),
        empty_label=_("전체"),
        choices=[*Interest.choices, ("waiting", _("답변 대기"))],
    )
    sort = django_filters.OrderingFilter(
        fields=(("submitted_at", "submitted"), ("title", "title"), ("decided", "decided"), ("status", "status")),
        label=_("정렬"),
        widget=forms.HiddenInput,  # sorted by the heads of the table; a new search keeps the order
    )

    class Meta:
        model = Demand
        fields: list[str] = []

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        people = [(str(person.pk), str(person)) for person in queries.officers()]
        self.filters["officer"].extra["choices"] = [("none", _("미배정")), *people]

    def find(self, demands: DemandQuerySet, name: str, words: str) -> DemandQuerySet:
        for word in words.split()[:8]:
            found = _in_text(word) | Q(company__name__icontains=word)
            found |= Q(institution__name_ko__icontains=word) | Q(company__code__iexact=word)
            demands = demands.filter(found)
        return demands

    def by_officer(self, demands: DemandQuerySet, name: str, value: str) -> DemandQuerySet:
        if value == "none":
            return demands.filter(queries.unassigned())
        return demands.filter(assignments__officer=int(value), assignments__ended_at__isnull=True)

    def in_field(self, demands: DemandQuerySet, name: str, value: TechnologyField) -> DemandQuerySet:
        return demands.filter(fields__parent=value).distinct()

    def waits_for(self, demands: DemandQuerySet, name: str, value: str) -> DemandQuerySet:
        demands = demands.open()
        if value == "decide":
            return demands.filter(Q(decided=0))
        if value == "hold":
            return demands.filter(decisions__verdict="on_hold").distinct()
        if value == "release":
            return demands.filter(Q(unreleased__gt=0))
        if value == "interested":
            return demands.filter(queries.has_interest())
        return demands.filter(~Q(ranking__no_score="") | Q(ranking__isnull=True))

    def by_answer(self, demands: DemandQuerySet, name: str, value: str) -> DemandQuerySet:
        if value == "waiting":
            return demands.filter(Q(unanswered__gt=0))
        return demands.filter(Q(**{f"{value}__gt": 0}))


class MyDemandsFilter(django_filters.FilterSet):
    """A company looks through its own demands."""

    q = django_filters.CharFilter(method="find", label=_("찾는 말 (제목·내용·번호)"))
    state = django_filters.ChoiceFilter(
        method="in_state",
        label=_("상태"),
        empty_label=_("전체"),
        choices=list(company.STATE_LABELS.items()),
    )
    waiting = django_filters.ChoiceFilter(
        method="waits_for",
        label=_("할 일"),
        empty_label=_("전체"),
        choices=[("answer", _("답할 추천이 있음"))],
    )
    sort = django_filters.OrderingFilter(
        fields=(("changed_at", "changed"), ("submitted_at", "submitted"), ("title", "title")),
        label=_("정렬"),
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Demand
        fields: list[str] = []

    def find(self, demands: DemandQuerySet, name: str, words: str) -> DemandQuerySet:
        for word in words.split()[:8]:
            demands = demands.filter(_in_text(word))
        return demands

    def in_state(self, demands: DemandQuerySet, name: str, value: str) -> DemandQuerySet:
        return demands.filter(status__in=company.STATES[value])

    def waits_for(self, demands: DemandQuerySet, name: str, value: str) -> DemandQuerySet:
        return demands.filter(company.waits_for_answer())
