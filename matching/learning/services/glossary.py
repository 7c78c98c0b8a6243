"""Terms that officers propose and administrators take into the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from cooperation_portal.shared.conflicts import EditedMeanwhile
from matching.engine.glossary import Concept, shipped_concepts
from matching.engine.glossary.checker import FIELDS, comparison_form, faults
from matching.learning.models import GlossaryProposal, GlossaryTerm, ProposalState
from matching.learning.queries.glossary import concept_of
from matching.learning.queries.inforce import accepted_concepts
from matching.learning.services.renewing import renew_lists

Terms = Mapping[str, list[str]]
_TOLD = {"wrong_script", "too_short", "never_matched"}
_LONGEST_FORM = 120
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")
_ONE_AT_A_TIME = 4_170_415  # any number that no other advisory lock of the portal has


@dataclass(frozen=True)
class TermFault:
    """`code` is one of the engine's checker, already_there or too_long, or concept_gone for all terms of a concept that
    went out of use; `concept` names whose term it is already."""

    code: str
    language: str
    term: str
    concept: str = ""


class TermsClash(Exception):
    """Terms stand elsewhere by now, so they cannot be accepted as they are."""

    def __init__(self, found: list[TermFault]) -> None:
        super().__init__(", ".join(fault.term for fault in found))
        self.faults = found


@cache
def _shipped_forms() -> dict[tuple[str, str], str]:
    return {(language, form): concept.key for concept in shipped_concepts() for language, form in _forms(concept)}


def _forms(concept: Concept) -> Iterator[tuple[str, str]]:
    for language, terms in concept.terms.items():
        yield from ((language, comparison_form(term, language)) for term in terms)


def faults_of(terms: Terms, *, concept: str = "") -> list[TermFault]:
    """What the glossary would not take of these terms, which are to belong to `concept` (empty for a new one)."""
    proposed = Concept("proposed", min(FIELDS), "", {name: tuple(words) for name, words in terms.items() if words})
    found = [TermFault(f.code, f.language, f.term) for f in faults([proposed]) if f.code in _TOLD]
    accepted = _accepted_forms()
    seen: set[tuple[str, str]] = set()
    for language, words in terms.items():
        for term in words:
            key = (language, comparison_form(term, language))
            owner = _shipped_forms().get(key) or accepted.get(key)
            if owner is not None:
                found.append(
                    TermFault("already_there" if owner == concept else "in_two_concepts", language, term, owner)
                )
            elif key in seen:
                found.append(TermFault("already_there", language, term, concept))
            elif len(key[1]) > _LONGEST_FORM:
                found.append(TermFault("too_long", language, term))
            seen.add(key)
    return found


def _accepted_forms() -> dict[tuple[str, str], str]:
    rows = GlossaryTerm.objects.filter(retired_on__isnull=True).values_list("language", "form", "concept")
    return {(language, form): concept for language, form, concept in rows}


@transaction.atomic
def propose_terms(
    *, concept: str, field: str, broader: str, terms: Terms, note: str, by: Any, submission: UUID | None = None
) -> GlossaryProposal:
    """`concept`: the key of one that is there, or empty for a new one, which needs `field`."""
    kept = {language: list(words) for language, words in terms.items() if words}
    values = {
        "concept": concept,
        "is_new": not concept,
        "field": "" if concept else field,
        "broader": "" if concept else broader,
        "terms": kept,
        "name": next(words[0] for language in ("ko", *kept) if (words := kept.get(language))),
        "note": note,
        "proposed_by": by,
    }
    if submission is None:
        return GlossaryProposal.objects.create(**values)
    return GlossaryProposal.objects.get_or_create(submission=submission, defaults=values)[0]


@transaction.atomic
def accept_proposal(proposal: GlossaryProposal, *, reason: str, edit_version: int, by: Any) -> GlossaryProposal:
    """The terms count from the next scoring. Raises EditedMeanwhile, and TermsClash for terms that clash by now."""
    _one_at_a_time()
    locked = _locked(proposal, edit_version, ProposalState.PROPOSED)
    clashing = faults_of(locked.terms, concept="" if locked.is_new else locked.concept)
    if not locked.is_new and concept_of(locked.concept) is None:
        clashing = [TermFault("concept_gone", "", locked.name, locked.concept)]
    if clashing:
        raise TermsClash(clashing)
    if locked.is_new:
        locked.concept = _key_for(locked)
    _answer(locked, ProposalState.ACCEPTED, reason, by)
    for language, words in locked.terms.items():
        for term in words:
            form = comparison_form(term, language)
            GlossaryTerm.objects.create(
                proposal=locked, concept=locked.concept, language=language, term=term, form=form
            )
    renew_lists(by=by)
    return locked


@transaction.atomic
def refuse_proposal(proposal: GlossaryProposal, *, reason: str, edit_version: int, by: Any) -> GlossaryProposal:
    locked = _locked(proposal, edit_version, ProposalState.PROPOSED)
    _answer(locked, ProposalState.REFUSED, reason, by)
    return locked


@transaction.atomic
def retire_proposal(proposal: GlossaryProposal, *, reason: str, edit_version: int, by: Any) -> GlossaryProposal:
    """Accepted terms go out of use; proposals by which others added to the same new concept go with it."""
    _one_at_a_time()
    locked = _locked(proposal, edit_version, ProposalState.ACCEPTED)
    going = [locked]
    if locked.is_new:
        added = GlossaryProposal.objects.filter(concept=locked.concept, state=ProposalState.ACCEPTED)
        going += added.exclude(pk=locked.pk).select_for_update().order_by("pk")
    for one in going:
        _answer(one, ProposalState.RETIRED, reason, by)
    terms = GlossaryTerm.objects.filter(retired_on__isnull=True, proposal__in=going)
    terms.update(retired_on=timezone.localdate())
    renew_lists(by=by)
    return locked


def _one_at_a_time() -> None:
    """What two administrators change at once would not see each other's terms and keys."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])


def _locked(proposal: GlossaryProposal, edit_version: int, state: ProposalState) -> GlossaryProposal:
    locked = GlossaryProposal.objects.select_for_update().get(pk=proposal.pk)
    if locked.edit_version != edit_version or locked.state != state:
        raise EditedMeanwhile(locked)
    return locked


def _answer(proposal: GlossaryProposal, state: ProposalState, reason: str, by: Any) -> None:
    proposal.state, proposal.reason, proposal.decided_by = state, reason, by
    proposal.edit_version += 1
    proposal.save()


def _key_for(proposal: GlossaryProposal) -> str:
    english = (proposal.terms.get("en") or [""])[0].lower()
    stem = _NOT_IN_A_KEY.sub("-", english).strip("-")[:60] or f"proposed-{proposal.pk}"
    taken = {concept.key for concept in accepted_concepts()}
    taken |= set(GlossaryProposal.objects.exclude(concept="").values_list("concept", flat=True))
    return stem if stem not in taken else f"{stem}-{proposal.pk}"
