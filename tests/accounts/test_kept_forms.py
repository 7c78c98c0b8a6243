"""A session that ends in the middle of a form costs nothing that was typed."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import make_user

pytestmark = pytest.mark.django_db
TYPED = {
    "title": "저온 질화 기술을 찾습니다",
    "problem": "기어 변형 없이 500 ℃ 이하에서 질화해야 합니다. 꼭 필요합니다.",
}


def expire(client: Client) -> None:
    """As if the session had run out: its cookie is worthless, every other cookie stays."""
    client.session.flush()
    del client.cookies["session"]


def test_the_same_person_finds_what_was_typed(officer):
    client = Client()
    client.force_login(officer)
    client.get(reverse("add_demand"))
    expire(client)
    answer = client.post(reverse("add_demand"), TYPED)
    assert answer.status_code == 302
    assert answer.url.endswith(f"?next={reverse('add_demand')}")
    client.force_login(officer)
    page = client.get(reverse("add_demand")).content.decode()
    assert TYPED["title"] in page
    assert TYPED["problem"] in page
    assert "저장되지 않은 내용" in page
    assert TYPED["title"] not in client.get(reverse("add_demand")).content.decode()


def test_another_person_at_the_same_computer_does_not(officer):
    client = Client()
    client.force_login(officer)
    client.get("/")
    expire(client)
    client.post(reverse("add_demand"), TYPED)
    client.force_login(make_user("문태호", "officer"))
    assert TYPED["title"] not in client.get(reverse("add_demand")).content.decode()


def test_signing_out_forgets_the_person(officer):
    client = Client()
    client.force_login(officer)
    client.get("/")
    client.post(reverse("account_logout"))
    client.post(reverse("add_demand"), TYPED)
    client.force_login(officer)
    assert TYPED["title"] not in client.get(reverse("add_demand")).content.decode()
