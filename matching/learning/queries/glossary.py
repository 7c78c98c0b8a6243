from __future__ import annotations

from typing import Any

from matching.engine.glossary import Concept
from matching.engine.glossary.checker import comparison_form
from matching.learning.models import GlossaryProposal, ProposalState
from matching.learning.queries.inforce import accepted_concepts

SHORTEST = 2


def waiting_proposals(user: Any) -> int:
    return GlossaryProposal.objects.visible_to(user).filter(state=ProposalState.PROPOSED).count()


def concept_of(key: str) -> Concept | None:
    return next((concept for concept in accepted_concepts() if concept.key == key), None)


def concept_named(korean: str) -> Concept | None:
    """By a Korean term of it, or by its key."""
    form = comparison_form(korean, "ko")
    for concept in accepted_concepts():
        if concept.key == korean or any(comparison_form(term, "ko") == form for term in concept.terms.get("ko", ())):
            return concept
    return None


def concepts_with(words: str) -> list[Concept]:
    """Whose terms hold the words in whatever language; the nearest in length come first."""
    wanted = words.strip().lower()
    if len(wanted) < SHORTEST:
        return []
    found = []
    for concept in accepted_concepts():
        lengths = [len(term) for terms in concept.terms.values() for term in terms if wanted in term.lower()]
        if lengths:
            found.append((min(lengths), concept.key, concept))
    return [concept for _length, _key, concept in sorted(found, key=lambda row: row[:2])]
