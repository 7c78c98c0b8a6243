"""Where content admins keep the catalogue."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.contracts.listings import Listing
from tests.contracts.rows import CONTENT_ADMINS_ONLY, FORM, POSTS, READS, REFUSES_INPUT, Policy, Row
from tests.people import make_technology, make_user

if TYPE_CHECKING:
    from tests.contracts.world import World

STAFF_OF_THE_CATALOGUE = Policy(
    "The staff takes lists of technologies away as files; companies read them on the page.",
    frozenset({"officer", "content_admin"}),
)


def drawn() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "navy").save(out, "PNG")
    return out.getvalue()


def build(world: World) -> SimpleNamespace:
    from matching.catalogue.services import add_picture

    pictures = [
        add_picture(
            world.public, by=world.people["content_admin"], file=io.BytesIO(drawn()), name="a.png", caption="그림"
        )
        for _number in range(2)
    ]
    return SimpleNamespace(pictures=pictures)


def _public(world: World) -> dict[str, Any]:
    return {"pk": world.public.pk}


def _retired(world: World) -> dict[str, Any]:
    return {"pk": world.retired.pk}


def _picture(world: World) -> dict[str, Any]:
    return {"pk": world.public.pk, "picture_pk": world.areas["upkeep"].pictures[0].pk}


def _picture_of_another(world: World) -> dict[str, Any]:
    return {"pk": world.members_only.pk, "picture_pk": world.areas["upkeep"].pictures[0].pk}


def _form(**changed: Any) -> Any:
    def make(world: World) -> dict[str, Any]:
        written = {
            "owner": world.public.owner_id,
            "direction": "inbound",
            "original_language": "ru",
            "field": world.public.field_id,
            "disclosure": "public",
            "edit_version": world.public.edit_version,
            "text-ru-title": "Плазменное азотирование стали",
            "text-ru-body": "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV.",
            "action": "save",
        }
        return written | changed

    return make


def _new_picture(world: World) -> dict[str, Any]:
    return {"picture": SimpleUploadedFile("a.png", drawn()), "caption": "시험 장치"}


ROWS: tuple[Row, ...] = (
    Row("technology_upkeep", CONTENT_ADMINS_ONLY, READS),
    Row("technology_export", STAFF_OF_THE_CATALOGUE, READS, export=True),
    Row("technology_upkeep_export", CONTENT_ADMINS_ONLY, READS, export=True),
    Row("add_technology", CONTENT_ADMINS_ONLY, FORM, data=_form(), writes=True),
    Row("add_technology", CONTENT_ADMINS_ONLY, READS | REFUSES_INPUT, data=_form(owner=""), case="without an owner"),
    Row("edit_technology", CONTENT_ADMINS_ONLY, FORM, _public, _form(), writes=True),
    Row("edit_technology", CONTENT_ADMINS_ONLY, READS | REFUSES_INPUT, _public, _form(edit_version=0), case="old page"),
    Row("technology_preview", CONTENT_ADMINS_ONLY, READS, _public),
    Row("technology_history", CONTENT_ADMINS_ONLY, READS, _public, personal_data=True),
    Row("publish_technology", CONTENT_ADMINS_ONLY, POSTS, _public, writes=True),
    Row("retire_technology", CONTENT_ADMINS_ONLY, FORM, _public, writes=True),
    Row("restore_technology", CONTENT_ADMINS_ONLY, POSTS, _retired, writes=True),
    Row("add_technology_picture", CONTENT_ADMINS_ONLY, POSTS, _public, _new_picture, writes=True),
    Row("add_technology_picture", CONTENT_ADMINS_ONLY, REFUSES_INPUT, _public, case="no picture"),
    Row(
        "remove_technology_picture",
        CONTENT_ADMINS_ONLY,
        POSTS,
        _picture,
        writes=True,
        foreign=_picture_of_another,
    ),
)


def technology_upkeep(count: int) -> tuple[Any, str]:
    for number in range(count):
        make_technology(f"Технология {number}")
    return make_user(role="content_admin"), reverse("technology_upkeep")


def edit_technology(count: int) -> tuple[Any, str]:
    from matching.catalogue.services import add_picture

    technology, admin = make_technology(), make_user(role="content_admin")
    for _number in range(count):
        add_picture(technology, by=admin, file=io.BytesIO(drawn()), name="a.png", caption="그림")
    return admin, reverse("edit_technology", kwargs={"pk": technology.pk})


LISTINGS: tuple[Listing, ...] = (
    Listing(technology_upkeep, 8),
    Listing(edit_technology, 12),
)
