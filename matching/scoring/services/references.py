from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cooperation_portal.work.models import Queue, Work, WorkState
from cooperation_portal.work.registry import Progress
from cooperation_portal.work.services import NotYet, Refused, enqueue_many, supersede
from matching.catalogue.models import Direction, Technology
from matching.demands.models import Demand
from matching.demands.queries import document_of as demand_document
from matching.engine.reference import Reference as EngineReference
from matching.engine.reference import drawn
from matching.scoring.encoders import encoder
from matching.scoring.engines import ActiveEngine, active_engine, prepared, reference_is_current
from matching.scoring.inforce import glossary_in_force, in_force
from matching.scoring.kinds import RENEW_REFERENCE, SCORE_DEMAND, SCORE_TECHNOLOGY
from matching.scoring.models import Reference
from matching.scoring.pools import pool_documents, pool_state
from matching.scoring.services.asking import request_reference

_READ_AT_ONCE = 1_000


@dataclass(frozen=True)
class BuiltReference:
    """`version`: of the engine that it was built for."""

    version: str
    reference: EngineReference
    technologies: int
    demands: int


def build_reference(direction: str, progress: Progress) -> BuiltReference:
    """From technologies and open demands of a direction as they stand now: all, or a part where they are many."""
    offers = drawn(pool_documents(direction))
    open_demands = Demand.objects.open().with_details().filter(direction=direction)
    demands = drawn(demand_document(demand) for demand in open_demands.iterator(chunk_size=_READ_AT_ONCE))
    now = in_force()
    everything = prepared([*offers, *demands], encoder(), glossary_in_force(now.glossary_version), progress)
    built = EngineReference.build(everything[: len(offers)], everything[len(offers) :], encoder())
    return BuiltReference(now.version, built, pool_state(direction)[0], open_demands.count())


def store_reference(direction: str, built: BuiltReference) -> None:
    """Makes the new reference the one that counts, and asks for every list of the direction anew."""
    if built.version != in_force().version:
        raise NotYet(_("그사이 엔진의 설정이 바뀌어 다시 계산합니다."))
    Reference.objects.select_for_update().filter(direction=direction, is_active=True).update(is_active=False)
    Reference.objects.create(
        direction=direction,
        version=built.reference.version,
        engine_version=built.version,
        encoder=built.reference.encoder_key,
        technologies=built.technologies,
        demands=built.demands,
        data=built.reference.to_bytes(),
    )
    open_demands = Demand.objects.open().filter(direction=direction).values_list("pk", flat=True)
    enqueue_many(SCORE_DEMAND, list(open_demands), queue=Queue.BATCH)
    # Lists that are made anew see every technology as it stands by then: waiting work for single ones is superfluous.
    technologies = Technology.objects.filter(direction=direction).values_list("pk", flat=True)
    supersede(SCORE_TECHNOLOGY, list(technologies))


def request_missing_references() -> int:
    """Asks for references that the engine and the encoder need and that are not there, as after an upgrade.

    Returns how many were asked for.
    """
    missing = [one for one in Direction.values if pool_state(one)[0] and not reference_is_current(one)]
    busy = set(
        Work.objects.exclude(state=WorkState.DONE).filter(kind=RENEW_REFERENCE).values_list("subject", flat=True)
    )
    for direction in set(missing) - busy:
        request_reference(direction)
    return len(set(missing) - busy)


def engine_for(direction: str) -> ActiveEngine:
    active = active_engine(direction)
    if active is None:
        work = Work.objects.filter(kind=RENEW_REFERENCE, subject=direction).first()
        if work is not None and work.state == WorkState.FAILED:
            # Asking again would hide the failure. Once it is retried with success, every list is asked for.
            raise Refused(_("점수 기준을 만들지 못했습니다."))
        # An earlier request must not be made void by everyone who waits for it.
        if work is None or work.state == WorkState.DONE:
            request_reference(direction)
        raise NotYet(_("점수 기준을 만들고 있습니다."))
    return active


def renew_references(*, by: Any = None) -> None:
    for direction in Direction.values:
        request_reference(direction, by=by)
