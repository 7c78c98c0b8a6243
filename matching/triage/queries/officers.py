"""What the officer's pages show, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from cooperation_portal.accounts.models import Role, User
from cooperation_portal.audit.timeline import Entry, entries
from matching.catalogue.models import Technology
from matching.demands.models import Demand, DemandField, DemandMetric, DemandQuerySet, DemandStatus
from matching.scoring.models import HandPick, Match
from matching.scoring.queries import ScoringState, scoring_states, shown_matches
from matching.triage.models import Answer, Assignment, Decision, Interest, Release, Verdict
from matching.triage.queries.counting import counted, current_assignments, decisions_of, released_of


def queue(user: Any) -> DemandQuerySet:
    """Open and past demands that the officer may see, as rows of the queue."""
    best = Match.objects.filter(demand=OuterRef("pk")).order_by("-score", "technology_id")
    return (
        Demand.objects.visible_to(user)
        .filed()
        .with_details()
        .prefetch_related(Prefetch("assignments", queryset=current_assignments(), to_attr="in_charge"))
        .annotate(
            decided=counted(decisions_of()),
            suitable=counted(decisions_of(verdict=Verdict.SUITABLE)),
            unreleased=counted(decisions_of(verdict=Verdict.SUITABLE, release__isnull=True)),
            interested=counted(released_of(answer__interest=Interest.INTERESTED)),
            not_interested=counted(released_of(answer__interest=Interest.NOT_INTERESTED)),
            unanswered=counted(released_of(answer__isnull=True)),
            best_relevance=Subquery(best.values("relevance")[:1]),
        )
    )


def assigned_to(user: Any) -> Q:
    return Q(Exists(current_assignments().filter(demand=OuterRef("pk"), officer=user.pk)))


def unassigned() -> Q:
    return ~Q(Exists(current_assignments().filter(demand=OuterRef("pk"))))


def has_interest() -> Q:
    """The company wants to hear more about something that was recommended to it."""
    return Q(Exists(released_of(answer__interest=Interest.INTERESTED)))


@dataclass(frozen=True)
class QueueRow:
    demand: Demand
    officer: User | None
    scoring: ScoringState


def queue_rows(demands: list[Any]) -> list[QueueRow]:
    states = scoring_states(demands)
    return [
        QueueRow(demand, demand.in_charge[0].officer if demand.in_charge else None, states[demand.pk])
        for demand in demands
    ]


def counts_by_status(demands: QuerySet[Demand]) -> dict[str, int]:
    counts = dict(demands.order_by().values_list("status").annotate(n=Count("pk", distinct=True)))
    return {status.value: counts.get(status.value, 0) for status in DemandStatus if status != DemandStatus.DRAFT}


@dataclass(frozen=True)
class Candidate:
    """One technology on a demand's page: what the machine says beside what people decided."""

    technology: Technology
    rank: int | None
    match: Match | None
    decision: Decision | None
    by_hand: bool

    @property
    def version(self) -> int:
        return self.decision.version if self.decision else 0


def candidates(demand: Demand, user: Any) -> list[Candidate]:
    """By rank; technologies that were decided or picked by hand but are not ranked now come after them."""
    matches = shown_matches(demand, user)
    decisions = {
        decision.technology_id: decision
        for decision in Decision.objects.visible_to(user)
        .filter(demand=demand)
        .select_related("decided_by", "release", "answer__answered_by")
    }
    picks = set(HandPick.objects.filter(demand=demand).values_list("technology_id", flat=True))
    ranked = {match.technology_id for match in matches}
    technologies = {
        technology.pk: technology
        for technology in Technology.objects.visible_to(user)
        .with_texts()
        .filter(pk__in=ranked | set(decisions) | picks)
    }
    found = [
        Candidate(
            technologies[match.technology_id],
            rank,
            match,
            decisions.get(match.technology_id),
            match.technology_id in picks,
        )
        for rank, match in enumerate(matches, start=1)
        if match.technology_id in technologies
    ]
    unranked = sorted((set(decisions) | picks) - ranked)
    found += [
        Candidate(technologies[pk], None, None, decisions.get(pk), pk in picks) for pk in unranked if pk in technologies
    ]
    return found


def decided_version(demand: Demand, technology: Technology) -> int:
    """The version of the decision that stands, 0 where there is none."""
    decisions = Decision.objects.filter(demand=demand, technology=technology)
    return decisions.values_list("version", flat=True).first() or 0


def officers() -> QuerySet[User]:
    return User.objects.holding(Role.OFFICER).order_by("name", "pk")


def history(demand: Demand) -> list[Entry]:
    """Everything that happened to the demand, its parts, its assignment, its decisions and the company's answers."""
    return entries(
        (Demand, {"pgh_obj_id": demand.pk}),
        *(
            (model, {"demand_id": demand.pk})
            for model in (DemandMetric, DemandField, Assignment, HandPick, Decision, Release)
        ),
        (Answer, {"decision__demand_id": demand.pk}),
    )


@dataclass(frozen=True)
class Today:
    """What waits for an officer this morning; each number has a list behind it."""

    mine: int
    to_decide: int
    on_hold: int
    to_release: int
    unassigned: int
    without_score: int
    interested: int


def today(user: Any) -> Today:
    demands = Demand.objects.visible_to(user).open()
    held = decisions_of(verdict=Verdict.ON_HOLD)
    ready = decisions_of(verdict=Verdict.SUITABLE, release__isnull=True)
    numbers = demands.aggregate(
        mine=Count("pk", filter=assigned_to(user)),
        to_decide=Count("pk", filter=assigned_to(user) & ~Q(Exists(decisions_of()))),
        on_hold=Count("pk", filter=assigned_to(user) & Q(Exists(held))),
        to_release=Count("pk", filter=assigned_to(user) & Q(Exists(ready))),
        unassigned=Count("pk", filter=unassigned()),
        interested=Count("pk", filter=assigned_to(user) & has_interest()),
        without_score=Count("pk", filter=~Q(ranking__no_score="") | Q(ranking__isnull=True)),
    )
    return Today(**numbers)
