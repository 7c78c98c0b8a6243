"""What the pages of a company show, in a fixed number of queries. Nothing here was not released to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cooperation_portal.accounts.models import User
from cooperation_portal.network.models import Company
from matching.catalogue.models import Technology, TechnologyText
from matching.demands.models import IN_THE_COMPANYS_WORDS, OPEN_STATUSES, Demand, DemandQuerySet, DemandStatus
from matching.scoring.models import Match, Ranking
from matching.triage.models import Answer, Decision, Verdict
from matching.triage.queries.counting import counted, current_assignments, released_of

# How a company sorts its demands: it need not know who has looked at what.
STATES: dict[str, tuple[str, ...]] = {
    "draft": (DemandStatus.DRAFT,),
    "in_progress": (DemandStatus.SUBMITTED, DemandStatus.IN_REVIEW),
    "recommended": (DemandStatus.RECOMMENDED,),
    "closed": (DemandStatus.CLOSED,),
    "withdrawn": (DemandStatus.WITHDRAWN,),
}
STATE_LABELS: dict[str, Any] = {
    "draft": IN_THE_COMPANYS_WORDS[DemandStatus.DRAFT][0],
    "in_progress": _("접수·검토 중"),
    "recommended": IN_THE_COMPANYS_WORDS[DemandStatus.RECOMMENDED][0],
    "closed": IN_THE_COMPANYS_WORDS[DemandStatus.CLOSED][0],
    "withdrawn": IN_THE_COMPANYS_WORDS[DemandStatus.WITHDRAWN][0],
}


def demands_of(company: Company, user: Any) -> DemandQuerySet:
    """Rows of the company's list; drafts that were thrown away are not in it."""
    return (
        Demand.objects.visible_to(user)
        .filter(company=company)
        .kept()
        .with_details()
        .prefetch_related(Prefetch("assignments", queryset=current_assignments(), to_attr="in_charge"))
        .annotate(
            recommended=counted(released_of()),
            unanswered=counted(released_of(answer__isnull=True)),
        )
    )


def waits_for_answer() -> Q:
    """Open demands with a recommendation that the company has not answered."""
    return Q(status__in=OPEN_STATUSES) & Q(Exists(released_of(answer__isnull=True)))


def counts_by_state(demands: QuerySet[Demand]) -> dict[str, int]:
    counts = dict(demands.order_by().values_list("status").annotate(n=Count("pk")))
    return {state: sum(counts.get(status, 0) for status in statuses) for state, statuses in STATES.items()}


def officer_of(demand: Demand) -> User | None:
    assignment = current_assignments().filter(demand=demand).first()
    return assignment.officer if assignment else None


def technologies_compared(demand: Demand) -> int:
    """How many the last scoring looked at; 0 before the first."""
    return Ranking.objects.filter(demand=demand).values_list("considered", flat=True).first() or 0


@dataclass(frozen=True)
class Recommendation:
    """`match` is None where the machine had not found the technology, or the reader may not read it any more."""

    decision: Decision
    technology: Technology
    answer: Answer | None
    match: Match | None
    is_readable: bool


def recommendations(demand: Demand, user: Any) -> list[Recommendation]:
    """What the company was told about one demand and still stands, the newest first."""
    decisions = list(_told(user).filter(demand=demand).order_by("-release__released_at", "pk"))
    keys = [decision.technology_id for decision in decisions]
    readable = set(Technology.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True))
    matches = {match.technology_id: match for match in Match.objects.filter(demand=demand, technology__in=readable)}
    return [
        Recommendation(
            decision,
            decision.technology,
            getattr(decision, "answer", None),
            matches.get(decision.technology_id),
            decision.technology_id in readable,
        )
        for decision in decisions
    ]


def _told(user: Any) -> QuerySet[Decision]:
    parts = ("owner", "owner_company", "country", "field")
    return (
        Decision.objects.visible_to(user)
        .filter(release__isnull=False, verdict=Verdict.SUITABLE)
        .select_related("release", "answer__answered_by", *(f"technology__{part}" for part in parts))
        .prefetch_related(_texts())
    )


def _texts() -> Prefetch:
    return Prefetch("technology__texts", queryset=TechnologyText.objects.order_by("pk"))


def taken_back(demand: Demand, user: Any) -> list[Decision]:
    """Recommendations that were corrected: the company was told of them, and why they do not stand."""
    visible = Demand.objects.visible_to(user).filter(pk=demand.pk)
    gone = Decision.objects.filter(demand__in=visible, release__isnull=False).exclude(verdict=Verdict.SUITABLE)
    return list(gone.select_related("technology").prefetch_related(_texts()).order_by("pk"))


def waiting_recommendations(company: Company, user: Any) -> QuerySet[Decision]:
    """Over all open demands of the company, the oldest first."""
    waiting = _told(user).filter(demand__company=company, demand__status__in=OPEN_STATUSES, answer__isnull=True)
    return waiting.select_related("demand", "release", "technology__country").order_by("release__released_at", "pk")


@dataclass(frozen=True)
class CompanyToday:
    """What a person of the company finds first; each number has a list behind it."""

    drafts: int
    in_progress: int
    waiting: int
    demands: list[Any]
    recommendations: list[Decision]


def company_today(company: Company, user: Any, rows: int) -> CompanyToday:
    demands = demands_of(company, user)
    counts = counts_by_state(demands)
    return CompanyToday(
        drafts=counts["draft"],
        in_progress=counts["in_progress"],
        waiting=demands.filter(waits_for_answer()).count(),
        demands=list(demands.order_by("-changed_at", "-pk")[:rows]),
        recommendations=list(waiting_recommendations(company, user)[:rows]),
    )
