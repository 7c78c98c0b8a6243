"""The right list of a demand: all technologies scored from their texts, with the active reference and no memory."""

from __future__ import annotations

from typing import Any

from cooperation_portal.work.models import Work
from matching.catalogue.documents import document_of as technology_document
from matching.catalogue.queries import pool
from matching.demands.models import Demand
from matching.demands.queries import document_of as demand_document
from matching.engine.prepared import prepare
from matching.engine.ranking import Engine
from matching.engine.reference import Reference as EngineReference
from matching.scoring import engines, queries, services
from matching.scoring.models import HandPick, Match, NoScore, Ranking, Reference

Row = dict[str, Any]


def right_list(demand: Demand) -> list[Row]:
    """What an officer must be shown, best first."""
    document = demand_document(demand)
    if not demand.is_open or document.letters < services.MINIMUM_LETTERS:
        return []
    documents = [technology_document(technology) for technology in pool(demand.direction).with_texts()]
    if not documents:
        return []
    reference = Reference.objects.get(direction=demand.direction, is_active=True)
    encoder = engines.encoder()
    engine = Engine(encoder, EngineReference.from_bytes(bytes(reference.data)))
    mine, *offers = prepare([document, *documents], encoder)
    totals = engine.score(mine, offers).total
    picked = set(HandPick.objects.filter(demand=demand).values_list("technology_id", flat=True))
    rows, taken = [], {}
    for offer, total in sorted(zip(documents, totals, strict=True), key=lambda pair: (-pair[1], int(pair[0].key))):
        taken[offer.language] = taken.get(offer.language, 0) + 1
        by_hand = int(offer.key) in picked
        if by_hand or taken[offer.language] <= queries.SHOWN_PER_LANGUAGE:
            rows.append(
                {
                    "technology": int(offer.key),
                    "score": float(total),  # to the last bit
                    "language": offer.language,
                    "by_hand": by_hand,
                    "demand_hash": document.text_hash(),
                    "technology_hash": offer.text_hash(),
                    "reference": reference.version,
                }
            )
    return rows


def shown_list(demand: Demand, officer: Any) -> list[Row]:
    return [
        {
            "technology": match.technology_id,
            "score": match.score,
            "language": match.language,
            "by_hand": match.by_hand,
            "demand_hash": match.demand_hash,
            "technology_hash": match.technology_hash,
            "reference": match.reference_version,
        }
        for match in queries.shown_matches(demand, officer)
    ]


def right_state(demand: Demand) -> tuple[str, str]:
    if not demand.is_open:
        return "no_score", ""
    if demand_document(demand).letters < services.MINIMUM_LETTERS:
        return "no_score", NoScore.TOO_SHORT
    return ("scored", "") if pool(demand.direction).exists() else ("no_score", NoScore.NO_CANDIDATES)


def assert_all_is_right(officer: Any) -> None:
    """Every list equals the one made from nothing, nothing waits and nothing failed."""
    assert list(Work.objects.exclude(state="done").values_list("kind", "subject", "state", "cause")) == []
    demands = list(Demand.objects.with_details().order_by("pk"))
    for demand in demands:
        assert shown_list(demand, officer) == right_list(demand), demand.number
        state, no_score = right_state(demand)
        assert queries.scoring_state(demand).code == state, demand.number
        if demand.is_open:
            assert Ranking.objects.get(demand=demand).no_score == no_score
        else:
            assert not Match.objects.filter(demand=demand).exists()
