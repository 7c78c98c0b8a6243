"""The register of experts: data of persons, which the staff see and nobody else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.contracts.listings import Listing
from tests.contracts.rows import FORM, POSTS, READS, REFUSES_INPUT, Policy, Row
from tests.people import make_expert, make_user

if TYPE_CHECKING:
    from tests.contracts.world import World

STAFF_ONLY = Policy(
    "Officers look for experts and content administrators keep them; all others are refused, whether or not the record"
    " exists.",
    frozenset({"officer", "content_admin"}),
)
KEEPERS_ONLY = Policy(
    "Content administrators keep the register; officers read it, and nobody else knows who is in it.",
    frozenset({"content_admin"}),
)


def build(world: World) -> SimpleNamespace:
    from experts.services import retire_expert
    from tests.contracts.world import TOKENS

    expert = make_expert(
        TOKENS["expert"],
        specialities=f"사출 금형의 변형과 수축을 줄입니다. {TOKENS['expert']}",
        email=f"{TOKENS['expert_contact']}@expert.example",
        fields=["0201", "0103"],
    )
    retired = make_expert("쉬는 전문가")
    retire_expert(retired, by=None)
    return SimpleNamespace(expert=expert, retired=retired)


def _expert(world: World) -> dict[str, Any]:
    return {"pk": world.areas["experts"].expert.pk}


def _retired(world: World) -> dict[str, Any]:
    return {"pk": world.areas["experts"].retired.pk}


def _form(**changed: Any) -> Any:
    def make(world: World) -> dict[str, Any]:
        expert = world.areas["experts"].expert
        written = {
            "direction": "invited",
            "name_ko": "나가토모 도시히코",
            "original_language": "ja",
            "country": expert.country_id,
            "availability": "after_talks",
            "edit_version": expert.edit_version,
        }
        return written | changed

    return make


ROWS: tuple[Row, ...] = (
    Row("expert_list", STAFF_ONLY, READS, personal_data=True),
    Row("expert_export", STAFF_ONLY, READS, personal_data=True, export=True),
    Row("expert_detail", STAFF_ONLY, READS, _expert, personal_data=True),
    Row("expert_history", STAFF_ONLY, READS, _expert, personal_data=True),
    Row("add_expert", KEEPERS_ONLY, FORM, data=_form(), writes=True),
    Row("add_expert", KEEPERS_ONLY, READS | REFUSES_INPUT, data=_form(name_ko=""), case="without a name"),
    Row("edit_expert", KEEPERS_ONLY, FORM, _expert, _form(), writes=True, personal_data=True),
    Row(
        "edit_expert",
        KEEPERS_ONLY,
        READS | REFUSES_INPUT,
        _expert,
        _form(edit_version=0),
        case="old page",
        personal_data=True,
    ),
    Row("retire_expert", KEEPERS_ONLY, POSTS, _expert, writes=True),
    Row("restore_expert", KEEPERS_ONLY, POSTS, _retired, writes=True),
)


def expert_list(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_expert(f"전문가 {number}", fields=["0201", "0103"])
    return make_user(role="officer"), reverse("expert_list")


def expert_detail(count: int) -> tuple[Any, str]:
    """With as many fields."""
    expert = make_expert(fields=["0201", "0103", "0203"][:count])
    return make_user(role="officer"), reverse("expert_detail", kwargs={"pk": expert.pk})


def expert_history(count: int) -> tuple[Any, str]:
    from experts.services import change_expert

    expert = make_expert()
    for number in range(count):
        change_expert(expert, by=None, edit_version=number + 1, city=f"도시 {number}")
    return make_user(role="officer"), reverse("expert_history", kwargs={"pk": expert.pk})


LISTINGS: tuple[Listing, ...] = (
    Listing(expert_list, 10),
    Listing(expert_detail, 6),
    Listing(expert_history, 11),
)
