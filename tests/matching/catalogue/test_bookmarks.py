"""관심기술: kept by a person, seen by nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from matching.catalogue.models import Bookmark, Technology
from tests.people import make_technology

pytestmark = pytest.mark.django_db


def add(client: Any, technology: Any, **data: Any) -> Any:
    return client.post(f"/technologies/{technology.pk}/bookmark/", data)


def remove(client: Any, technology: Any, **data: Any) -> Any:
    return client.post(f"/technologies/{technology.pk}/bookmark/remove/", data)


def kept(person: Any) -> list[int]:
    return list(Bookmark.objects.visible_to(person).values_list("technology_id", flat=True))


def test_twice_is_as_good_as_once(client: Any, member: Any, technology: Any) -> None:
    client.force_login(member)
    for _time in range(2):
        assert add(client, technology, next=f"/technologies/{technology.pk}/").status_code == 302
    assert kept(member) == [technology.pk]
    for _time in range(2):
        assert remove(client, technology).status_code == 302
    assert kept(member) == []


def test_each_sees_the_own_only(client: Any, member: Any, outsider: Any, technology: Any) -> None:
    client.force_login(member)
    add(client, technology)
    assert technology.korean.title in client.get("/technologies/bookmarks/").content.decode()
    assert "관심기술에서 빼기" in client.get("/technologies/").content.decode()
    client.force_login(outsider)
    assert "담아 둔 기술이 없습니다." in client.get("/technologies/bookmarks/").content.decode()
    assert "관심기술에서 빼기" not in client.get("/technologies/").content.decode()


def test_a_bookmark_is_taken_off_by_its_owner_only(client: Any, member: Any, outsider: Any, technology: Any) -> None:
    client.force_login(member)
    add(client, technology)
    client.force_login(outsider)
    remove(client, technology)
    assert kept(member) == [technology.pk]


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_only_the_portal_is_gone_back_to(client: Any, member: Any, technology: Any, target: str) -> None:
    client.force_login(member)
    assert add(client, technology, next=target)["Location"] == "/technologies/bookmarks/"


def test_the_button_is_turned_round_in_place(client: Any, member: Any, technology: Any) -> None:
    client.force_login(member)
    answer = client.post(f"/technologies/{technology.pk}/bookmark/", headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert "관심기술에서 빼기" in html and 'data-announce="관심기술에 담았습니다."' in html and "<html" not in html


def test_who_is_not_signed_in_is_led_there_and_back(client: Any, technology: Any) -> None:
    Technology.objects.update(disclosure="public")
    page = f"/technologies/{technology.pk}/"
    assert f"/accounts/login/?next={page}" in client.get(page).content.decode()
    answer = client.post(f"{page}bookmark/", headers={"Referer": f"http://testserver{page}"})
    assert answer["Location"] == f"/accounts/login/?next={page}"
    assert not Bookmark.objects.exists()


def test_what_may_not_be_read_cannot_be_kept(client: Any, member: Any) -> None:
    client.force_login(member)
    assert add(client, make_technology(disclosure="staff")).status_code == 404
    assert not Bookmark.objects.exists()


def test_what_was_retired_since_is_named_by_number_and_can_be_taken_off(
    client: Any, member: Any, technology: Any
) -> None:
    client.force_login(member)
    add(client, technology)
    Technology.objects.update(status="retired")
    html = client.get("/technologies/bookmarks/").content.decode()
    assert f"{technology.number} 기술은 지금 공개되어 있지 않습니다." in html
    assert technology.korean.title not in html
    assert remove(client, technology).status_code == 302
    assert kept(member) == []


def test_the_staff_is_not_asked_what_interests_it(client: Any, officer: Any, member: Any, technology: Any) -> None:
    for person, asked in ((officer, False), (member, True)):
        client.force_login(person)
        for page in ("/technologies/", f"/technologies/{technology.pk}/"):
            assert (f"/technologies/{technology.pk}/bookmark/" in client.get(page).content.decode()) is asked
