"""Pictures are read by whoever may read their technology, and do nothing but be seen."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from cooperation_portal.files.services import path_of
from matching.catalogue.services import add_picture, remove_picture
from matching.catalogue.upkeep.queries import history
from tests.people import make_technology

pytestmark = pytest.mark.django_db


def picture_of(technology: Any) -> Any:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    file.seek(0)
    return add_picture(technology, by=None, file=file, name="그림 <1>.png", caption="시작품")


def address(technology: Any, picture: Any) -> str:
    return f"/technologies/{technology.pk}/pictures/{picture.pk}/"


def test_a_picture_is_served_as_a_picture_only(client: Any) -> None:
    technology = make_technology(disclosure="public")
    answer = client.get(address(technology, picture_of(technology)))
    assert answer.status_code == 200
    assert Image.open(io.BytesIO(answer.getvalue())).size == (40, 30)
    headers = answer.headers
    assert (headers["Content-Type"], headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "private, max-age=3600"


def test_pictures_are_as_open_as_their_technology(client: Any, member: Any, officer: Any) -> None:
    addresses = {}
    for level in ("public", "members", "staff"):
        technology = make_technology(disclosure=level)
        addresses[level] = address(technology, picture_of(technology))

    def read() -> set[str]:
        return {level for level, url in addresses.items() if client.get(url).status_code == 200}

    assert read() == {"public"}
    client.force_login(member)
    assert read() == {"public", "members"}
    client.force_login(officer)
    assert read() == {"public", "members", "staff"}


def test_a_picture_is_not_reached_through_another_technology(client: Any) -> None:
    hidden, public = make_technology(disclosure="staff"), make_technology(disclosure="public")
    assert client.get(address(public, picture_of(hidden))).status_code == 404


def test_a_lost_file_is_not_found(client: Any) -> None:
    technology = make_technology(disclosure="public")
    picture = picture_of(technology)
    path_of(picture.file).unlink()
    assert client.get(address(technology, picture)).status_code == 404


def test_the_page_shows_pictures_with_their_captions(client: Any) -> None:
    technology = make_technology(disclosure="public")
    url = address(technology, picture_of(technology))
    html = " ".join(client.get(f"/technologies/{technology.pk}/").content.decode().split())
    assert f'src="{url}" alt="그림: 시작품"' in html and "<figcaption>시작품</figcaption>" in html


def test_history_tells_of_a_picture_whose_file_is_gone() -> None:
    technology = make_technology()
    remove_picture(picture_of(technology), by=None)
    told = [entry for entry in history(technology) if entry.subject == "원천기술의 그림"]
    assert [entry.kind for entry in told] == ["delete", "insert"]
    assert {change.field: change.new for change in told[1].changes}["그림 설명"] == "시작품"
