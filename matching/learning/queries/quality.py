"""Figures over what officers judged, counted by the database, in a fixed number of queries.

The figures count every judgement that stands, whoever reads them: they name nothing. Rows that name a demand are taken
from what the reader may see.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, FloatField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Floor, TruncMonth

from matching.learning.models import Judgement, Verdict
from matching.learning.models.judgement import JudgementQuerySet

PLACES = (1, 5, 10)
# Below this many decisions a share is chance and is not shown.
ENOUGH = 10
BANDS = 20
GROUPS: Mapping[str, str] = {
    "month": "month",
    "country": "technology__country__code",
    "field": "field_code",
    "company_class": "company_class",
    "engine_version": "engine_version",
}
DECIDED = Q(verdict__in=[Verdict.SUITABLE, Verdict.UNSUITABLE])


@dataclass(frozen=True)
class Share:
    """How many of how many."""

    part: int
    whole: int

    @property
    def is_enough(self) -> bool:
        return self.whole >= ENOUGH

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval."""
        if not self.whole:
            return None
        z, n, p = 1.959964, self.whole, self.part / self.whole
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        reach = z * ((p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5) / (1 + z * z / n)
        return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True)
class Row:
    key: str
    shares: tuple[Share, ...]


def judgements() -> JudgementQuerySet:
    """What stands, with what it is grouped by."""
    return (
        Judgement.objects.standing()
        .annotate(
            month=TruncMonth("decided_at"),
            field_code=Coalesce(F("technology__field__parent__code"), F("technology__field__code")),
            company_class=Coalesce(F("demand__company__company_class"), Value("")),
        )
        .order_by()
    )


def _counts() -> dict[str, Count]:
    found = {}
    for place in PLACES:
        first = Q(place__lte=place)
        found[f"part_{place}"] = Count("pk", filter=first & Q(verdict=Verdict.SUITABLE))
        found[f"whole_{place}"] = Count("pk", filter=first & DECIDED)
    return found


def _shares(counted: Mapping[str, Any]) -> tuple[Share, ...]:
    return tuple(Share(counted[f"part_{place}"], counted[f"whole_{place}"]) for place in PLACES)


@dataclass(frozen=True)
class Totals:
    precision: tuple[Share, ...]
    decided: int
    suitable: int
    on_hold: int
    demands: int
    found_by_hand: Share


def totals(found: QuerySet[Judgement]) -> Totals:
    suitable = Q(verdict=Verdict.SUITABLE)
    counted = found.aggregate(
        decided=Count("pk", filter=DECIDED),
        suitable=Count("pk", filter=suitable),
        on_hold=Count("pk", filter=Q(verdict=Verdict.ON_HOLD)),
        demands=Count("demand", distinct=True),
        by_hand=Count("pk", filter=suitable & Q(by_hand=True)),
        **_counts(),
    )
    return Totals(
        _shares(counted),
        counted["decided"],
        counted["suitable"],
        counted["on_hold"],
        counted["demands"],
        Share(counted["by_hand"], counted["suitable"]),
    )


def precision_by(found: QuerySet[Judgement], group: str) -> list[Row]:
    """Groups without a decided technology in the first ten places are left out."""
    name = GROUPS[group]
    rows = found.values(name).annotate(**_counts()).filter(whole_10__gt=0).order_by(name)
    return [Row(_key(row[name]), _shares(row)) for row in rows]


def _key(value: Any) -> str:
    return value.strftime("%Y-%m") if hasattr(value, "strftime") else str(value or "")


@dataclass(frozen=True)
class Band:
    """Evidence from `low` to `high`, and how much of what lay there was found suitable."""

    low: float
    high: float
    share: Share


def reliability(found: QuerySet[Judgement]) -> list[Band]:
    evidence = Case(
        When(evidence__lt=0, then=Value(0.0)),
        When(evidence__gte=0.999, then=Value(0.999)),
        default=F("evidence"),
        output_field=FloatField(),
    )
    rows = (
        found.filter(DECIDED, evidence__isnull=False)
        .annotate(band=Floor(evidence * BANDS))
        .values("band")
        .annotate(part=Count("pk", filter=Q(verdict=Verdict.SUITABLE)), whole=Count("pk"))
        .order_by("band")
    )
    return [
        Band(int(row["band"]) / BANDS, (int(row["band"]) + 1) / BANDS, Share(row["part"], row["whole"])) for row in rows
    ]


def by_relevance(found: QuerySet[Judgement]) -> dict[str, Share]:
    rows = (
        found.filter(DECIDED)
        .exclude(relevance="")
        .values("relevance")
        .annotate(part=Count("pk", filter=Q(verdict=Verdict.SUITABLE)), whole=Count("pk"))
        .order_by()
    )
    return {row["relevance"]: Share(row["part"], row["whole"]) for row in rows}


# --- two officers -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement:
    same: Share
    kappa: float | None
    table: Mapping[tuple[str, str], int]


def agreement(found: QuerySet[Judgement]) -> Agreement:
    """Of pairs that two officers judged: the last word of the first officer beside that of the second.

    Narrowed like the rest by the judgement that stands; what came before it counts too, but nothing taken back.
    """
    every = Judgement.objects.filter(taken_back=False)
    others = every.filter(demand=OuterRef("demand"), technology=OuterRef("technology"))
    doubly = every.filter(Exists(others.exclude(decided_by=OuterRef("decided_by"))))
    standing = found.filter(demand=OuterRef("demand"), technology=OuterRef("technology"))
    rows = doubly.filter(Exists(standing)).order_by("decided_at", "pk")
    words: dict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    for demand, technology, officer, verdict in rows.values_list("demand", "technology", "decided_by", "verdict"):
        words[demand, technology][officer] = verdict  # the last one of each stays, in the order of the first ones
    first_two = (list(said.values())[:2] for said in words.values())
    return agreement_of([(first, second) for first, second in first_two])


def agreement_of(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Cohen's kappa: agreement beyond what two people reach who judge with the same frequencies but at random."""
    table = Counter(pairs)
    count = len(pairs)
    same = sum(number for (first, second), number in table.items() if first == second)
    firsts, seconds = Counter(first for first, _ in pairs), Counter(second for _, second in pairs)
    chance = sum(firsts[one] * seconds[one] for one in firsts) / count**2 if count else 0.0
    kappa = None if not count or chance == 1 else (same / count - chance) / (1 - chance)
    return Agreement(Share(same, count), kappa, dict(table))


# --- what the ranking missed ------------------------------------------------------------------------------------------


def missed(user: Any, found: QuerySet[Judgement]) -> JudgementQuerySet:
    """Suitable technologies that an officer had to find by hand, as far as the reader sees both sides."""
    seen = Judgement.objects.visible_to(user).filter(pk__in=found.values("pk"))
    return (
        seen.filter(verdict=Verdict.SUITABLE, by_hand=True)
        .select_related("demand", "technology__owner", "technology__owner_company", "decided_by")
        .prefetch_related("technology__texts")
        .order_by("-decided_at", "-pk")
    )


def engine_versions() -> list[str]:
    found = Judgement.objects.standing().exclude(engine_version="").order_by("engine_version")
    return list(found.values_list("engine_version", flat=True).distinct())
