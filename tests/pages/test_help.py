"""Every page has its help, or a reason why not."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import get_resolver, reverse

from cooperation_portal.pages import help
from tests.contracts.access_table import TABLE
from tests.contracts.test_access import named_addresses
from tests.people import make_announcement

PART = "a part of a page that is swapped into one"
FILE = "a file or picture, no page"
WITHOUT_HELP = {
    "healthz": "answers machines",
    "kept_mail": "development only",
    "kept_mail_text": "development only",
    "help_page": "is the help",
    "scoring_progress": PART,
    "rescoring_progress": PART,
    "my_demand_progress": PART,
    "import_progress": PART,
    "amount_reading": PART,
    "technology_picture": FILE,
    "result_picture": FILE,
    "import_template": FILE,
    "import_errors": FILE,
}


def pages() -> set[str]:
    """Names of all addresses that answer GET."""
    return {row.name for row in TABLE if "GET" in row.methods}


def test_every_page_has_help_or_a_reason() -> None:
    admin = {name for name in pages() if name.startswith("admin:")}  # explains itself, and only one role sees it
    exports = {row.name for row in TABLE if row.export}  # a file, no page
    assert pages() - admin - exports - set(help.TOPIC_OF) - set(WITHOUT_HELP) == set()


def test_help_names_no_page_that_is_not_there() -> None:
    assert set(help.TOPIC_OF) - named_addresses(get_resolver().url_patterns) == set()


def test_no_page_has_two_topics() -> None:
    names = [
        name for group in (help.EVERYBODY, help.COMPANIES, help.STAFF) for names in group.values() for name in names
    ]
    assert len(names) == len(set(names)) and len(help.TOPICS) == len(set(help.TOPICS))


@pytest.mark.django_db
def test_the_head_of_a_page_leads_to_its_help(client: Any, officer: Any, content_admin: Any) -> None:
    page = make_announcement()
    client.force_login(officer)
    for path, topic in (("/", "home"), ("/demands/", "queue"), (reverse("inquiry_list"), "answers"),
                        (reverse("announcement", args=[page.pk]), "home")):  # fmt: skip
        assert f'href="{reverse("help_page", args=[topic])}"' in client.get(path).content.decode(), path
    for path in ("/nowhere/", reverse("help_page", args=["home"])):
        assert client.get(path).context["help_url"] == "", path


@pytest.mark.django_db
def test_every_topic_opens(client: Any) -> None:
    for topic in help.TOPICS:
        assert client.get(reverse("help_page", args=[topic])).status_code == 200, topic
