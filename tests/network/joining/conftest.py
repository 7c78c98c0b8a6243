from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.people import make_company, make_member, valid_business_number

PASSWORD = "네 낱말로 된 긴 암호 1"


def sign_up_form(**changed: Any) -> dict[str, Any]:
    written = {
        "name": "윤새봄",
        "email": "bom@portal.example",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "where": "home",
        "business_number": valid_business_number(600_001),
        "terms": "on",
        "privacy": "on",
    }
    return {name: value for name, value in (written | changed).items() if value is not None}


def mails_to(address: str) -> list[Any]:
    from cooperation_portal.notices.models import Mail

    return list(Mail.objects.filter(recipient=address).order_by("pk"))


def link_in(text: str, part: str) -> str:
    """The path and query of the link that contains `part`."""
    found = re.search(rf"https?://[^/\s]+(/\S*{part}\S*)", text)
    assert found, text
    return found[1]


def words_of(answer: Any) -> str:
    """What a reader sees, without the tokens of forms."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def confirm(client: Any) -> Callable[[str], Any]:
    """Opens the link of the confirmation mail and presses the button."""

    def press(address: str) -> Any:
        [mail] = [mail for mail in mails_to(address) if "/confirm-email/" in mail.text]
        path = link_in(mail.text, "confirm-email")
        assert "확인" in words_of(client.get(path))
        path, _, query = path.partition("?")
        from urllib.parse import parse_qs

        return client.post(path, {name: values[0] for name, values in parse_qs(query).items()})

    return press


@pytest.fixture
def owner(company: Any) -> Any:
    return make_member(company, "권오름", "owner")


@pytest.fixture
def ownerless(db: None) -> Any:
    """Entered by the office; nobody acts for it yet."""
    return make_company("㈜대표없음")


@pytest.fixture(autouse=True)
def _outbox(settings: Any) -> None:
    settings.EMAIL_BACKEND = "cooperation_portal.notices.backends.OutboxBackend"  # tests put Django's own in its place
