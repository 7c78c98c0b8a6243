"""How good the matching is, its weights and its glossary."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.contracts.listings import Listing
from tests.contracts.rows import (
    CONTENT_ADMINS_ONLY,
    FORM,
    OFFICERS_ONLY,
    POSTS,
    READS,
    REFUSES_INPUT,
    Policy,
    Row,
)
from tests.people import make_demand, make_judgement, make_proposal, make_technology, make_user, make_weights

if TYPE_CHECKING:
    from tests.contracts.world import World

QUALITY_READERS = Policy(
    "Officers and content administrators read how good the matching is; companies are not told of scores.",
    frozenset({"officer", "content_admin"}),
)


def build(world: World) -> SimpleNamespace:
    from matching.learning.services import accept_proposal

    officer, admin = world.people["officer"], world.people["content_admin"]
    accepted = accept_proposal(make_proposal(officer, 0), reason="확인", edit_version=1, by=admin)
    make_judgement(world.demand, world.staff_only, officer, by_hand=True)
    return SimpleNamespace(
        waiting=make_proposal(officer, 1),
        accepted=accepted,
        proposed=make_weights(),
        active=make_weights(state="active", reason="더 낫습니다.", changed_by=admin),
    )


def _of(name: str) -> Any:
    return lambda world: {"pk": getattr(world.areas["learning"], name).pk}


def _reason(name: str, **changed: Any) -> Any:
    def make(world: World) -> dict[str, Any]:
        seen = getattr(world.areas["learning"], name).edit_version
        return {"reason": "확인했습니다.", "edit_version": seen} | changed

    return make


def _terms(world: World) -> dict[str, Any]:
    return {"ko": "콰르젤합금", "en": "quarzalloy", "field": "metals"}


ROWS: tuple[Row, ...] = (
    Row("matching_quality", QUALITY_READERS, READS, personal_data=True),
    Row("weight_sets", QUALITY_READERS, READS, personal_data=True),
    Row("weight_set", QUALITY_READERS, READS, _of("proposed"), personal_data=True),
    Row("activate_weights", CONTENT_ADMINS_ONLY, FORM, _of("proposed"), _reason("proposed"), writes=True),
    Row(
        "activate_weights",
        CONTENT_ADMINS_ONLY,
        READS | REFUSES_INPUT,
        _of("proposed"),
        _reason("proposed", edit_version=0),
        case="old page",
    ),
    Row("retire_weights", CONTENT_ADMINS_ONLY, FORM, _of("active"), _reason("active"), writes=True),
    Row("rescoring_progress", QUALITY_READERS, READS),
    Row("glossary", QUALITY_READERS, READS, personal_data=True),
    Row("glossary_concepts", QUALITY_READERS, READS),
    Row("propose_terms", OFFICERS_ONLY, FORM, data=_terms, writes=True),
    Row("propose_terms", OFFICERS_ONLY, READS | REFUSES_INPUT, case="empty"),
    Row("glossary_proposal", QUALITY_READERS, READS, _of("waiting"), personal_data=True),
    Row(
        "answer_proposal",
        CONTENT_ADMINS_ONLY,
        POSTS,
        _of("waiting"),
        _reason("waiting", action="accept"),
        writes=True,
    ),
    Row("answer_proposal", CONTENT_ADMINS_ONLY, REFUSES_INPUT, _of("waiting"), case="without a reason"),
    Row("retire_terms", CONTENT_ADMINS_ONLY, FORM, _of("accepted"), _reason("accepted"), writes=True),
)


def matching_quality(count: int) -> tuple[Any, str]:
    officer, technology = make_user(role="officer"), make_technology()
    for _number in range(count):
        make_judgement(make_demand(), technology, officer, by_hand=True)
    return officer, reverse("matching_quality")


def weight_sets(count: int) -> tuple[Any, str]:
    for _number in range(count):
        make_weights(changed_by=make_user())
    return make_user(role="officer"), reverse("weight_sets")


def glossary(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_proposal(make_user(), number)
    return make_user(role="officer"), reverse("glossary")


def glossary_concepts(count: int) -> tuple[Any, str]:
    from matching.learning.services import accept_proposal

    admin = make_user(role="content_admin")
    for number in range(count):
        accept_proposal(make_proposal(make_user(), number), reason="확인", edit_version=1, by=admin)
    return admin, f"{reverse('glossary_concepts')}?q=콰르젤"


LISTINGS: tuple[Listing, ...] = (
    Listing(matching_quality, 27),
    Listing(weight_sets, 11),
    Listing(glossary, 10),
    Listing(glossary_concepts, 6),
)
