"""Terms that officers propose and administrators take into the glossary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from cooperation_portal.shared.conflicts import EditedMeanwhile
from matching.engine.glossary import Concept, shipped_concepts
from matching.engine.glossary.checker import FIELDS, comparison_form, faults
from matching.learning.models import GlossaryProposal, GlossaryTerm, ProposalState
from matching.learning.queries.inforce import accepted_concepts
from matching.learning.services.renewing import renew_lists

Terms = Mapping[str, list[str]]
_TOLD = {"wrong_script", "too_short", "never_matched"}
_NOT_IN_A_KEY = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class TermFault:
    """`code` is one of the engine's checker, or already_there; `concept` names whose term it is already."""

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
    if submission is not None:
        sent_before = GlossaryProposal.objects.filter(submission=submission).first()
        if sent_before is not None:
            return sent_before
    kept = {language: list(words) for language, words in terms.items() if words}
    return GlossaryProposal.objects.create(
        concept=concept,
        is_new=not concept,
        field="" if concept else field,
        broader="" if concept else broader,
        terms=kept,
        name=next(words[0] for language in ("ko", *kept) if (words := kept.get(language))),
        note=note,
        proposed_by=by,
        submission=submission,
    )


@transaction.atomic
def accept_proposal(proposal: GlossaryProposal, *, reason: str, edit_version: int, by: Any) -> GlossaryProposal:
    """The terms count from the next scoring. Raises EditedMeanwhile, and TermsClash for terms that clash by now."""
    locked = _locked(proposal, edit_version, ProposalState.PROPOSED)
    clashing = faults_of(locked.terms, concept="" if locked.is_new else locked.concept)
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
    """Accepted terms go out of use; terms that others added to the same new concept go with it."""
    locked = _locked(proposal, edit_version, ProposalState.ACCEPTED)
    _answer(locked, ProposalState.RETIRED, reason, by)
    going = GlossaryTerm.objects.filter(retired_on__isnull=True)
    going = going.filter(concept=locked.concept) if locked.is_new else going.filter(proposal=locked)
    going.update(retired_on=timezone.localdate())
    renew_lists(by=by)
    return locked


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
    return stem if stem not in taken else f"{stem}-{proposal.pk}"
