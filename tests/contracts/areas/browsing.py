"""Technologies as everybody reads them, their pictures, and what a person keeps of them."""

from __future__ import annotations

import io
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from PIL import Image

from tests.contracts.listings import Listing
from tests.contracts.rows import CATALOGUE_STAFF, EVERYONE, MEMBERS_AND_STAFF, POSTS, READS, SIGNED_IN, Making, Row
from tests.contracts.world import MEMBER, OUTSIDER
from tests.people import make_company, make_member, make_technology, make_user

if TYPE_CHECKING:
    from tests.contracts.world import World

READ_BY_MEMBERS = replace(MEMBERS_AND_STAFF, asks_to_sign_in=False)
READ_BY_STAFF = replace(CATALOGUE_STAFF, asks_to_sign_in=False)


def build(world: World) -> SimpleNamespace:
    from matching.catalogue.models import Bookmark

    for role in (MEMBER, OUTSIDER):
        Bookmark.objects.create(user=world.people[role], technology=world.public)
    names = ("public", "members_only", "staff_only")
    return SimpleNamespace(pictures={name: _draw(getattr(world, name)) for name in names})


def _draw(technology: Any) -> Any:
    from matching.catalogue.services import add_picture

    file = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(file, "PNG")
    file.seek(0)
    return add_picture(technology, by=None, file=file, name="a.png", caption="시작품")


def _technology(name: str) -> Making:
    return lambda world: {"pk": getattr(world, name).pk}


def _picture(name: str) -> Making:
    return lambda world: {
        "pk": getattr(world, name).pk,
        "picture_pk": world.areas["browsing"].pictures[name].pk,
    }


def _picture_of_another(world: World) -> dict[str, Any]:
    return _picture("staff_only")(world) | {"pk": world.public.pk}


ROWS: tuple[Row, ...] = (
    Row("technology_list", EVERYONE, READS),
    Row("technology_detail", EVERYONE, READS, _technology("public"), case="public"),
    Row("technology_detail", READ_BY_MEMBERS, READS, _technology("members_only"), case="members"),
    Row("technology_detail", READ_BY_STAFF, READS, _technology("staff_only"), case="staff"),
    Row("technology_detail", READ_BY_STAFF, READS, _technology("unpublished"), case="draft"),
    Row("technology_detail", READ_BY_STAFF, READS, _technology("retired"), case="retired"),
    Row("technology_picture", EVERYONE, READS, _picture("public"), case="public", foreign=_picture_of_another),
    Row("technology_picture", READ_BY_MEMBERS, READS, _picture("members_only"), case="members"),
    Row("technology_picture", READ_BY_STAFF, READS, _picture("staff_only"), case="staff"),
    Row("bookmark_list", SIGNED_IN, READS, personal_data=True),
    Row("add_bookmark", SIGNED_IN, POSTS, _technology("public")),
    Row("add_bookmark", MEMBERS_AND_STAFF, POSTS, _technology("members_only"), case="members", writes=True),
    Row("add_bookmark", CATALOGUE_STAFF, POSTS, _technology("staff_only"), case="staff", writes=True),
    Row("remove_bookmark", SIGNED_IN, POSTS, _technology("public")),
    Row("remove_bookmark", CATALOGUE_STAFF, POSTS, _technology("staff_only"), case="staff"),
)


def _technologies(count: int, **fields: Any) -> list[Any]:
    return [make_technology(f"Технология {number}", disclosure="public", **fields) for number in range(count)]


def technology_list(count: int) -> tuple[Any, str]:
    _technologies(count)
    return None, reverse("technology_list")


def technology_list_of_a_member(count: int) -> tuple[Any, str]:
    """Searched and narrowed; some are of companies, whose names are masked."""
    _technologies(count)
    _technologies(count, owner_company=make_company())
    return make_member(make_company()), reverse("technology_list") + "?q=Технология&country=RU&field=01&sort=title"


def technology_list_of_an_officer(count: int) -> tuple[Any, str]:
    _technologies(count)
    return make_user(role="officer"), reverse("technology_list")


def technology_detail(count: int) -> tuple[Any, str]:
    first, *_others = _technologies(count + 1)
    for _number in range(count):
        _draw(first)
    return make_member(make_company()), reverse("technology_detail", kwargs={"pk": first.pk})


def bookmark_list(count: int) -> tuple[Any, str]:
    from matching.catalogue.models import Bookmark

    member = make_member(make_company())
    for technology in (*_technologies(count), *_technologies(count, status="retired")):
        Bookmark.objects.create(user=member, technology=technology)
    return member, reverse("bookmark_list")


LISTINGS: tuple[Listing, ...] = (
    Listing(technology_list, 5),
    Listing(technology_list_of_a_member, 15),
    Listing(technology_list_of_an_officer, 10),
    Listing(technology_detail, 12),
    Listing(bookmark_list, 10),
)
