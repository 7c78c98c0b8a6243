"""Everything of company A carries a token. Whoever has nothing to do with A must not meet one of them anywhere.

Nor may a page tell by a number, or by answering otherwise, that something was found which it does not show.
"""

from __future__ import annotations

import re
import runpy
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

import cooperation_portal.urls
from tests.contracts.access_table import TABLE
from tests.contracts.world import (
    ANONYMOUS,
    CONTENT_ADMIN,
    MEMBER,
    NEWCOMER,
    OFFICER,
    OUTSIDER,
    SYSTEM_ADMIN,
    TOKENS,
    World,
)

STRANGERS = (ANONYMOUS, NEWCOMER, OUTSIDER, SYSTEM_ADMIN)
DEVELOPMENT_ONLY = {"kept_mail", "kept_mail_text"}  # they show all mail; see the last test
# A further row of an address that differs in its form only reads the same page again.
FORMS_ONLY = {"without a title", "old page", "empty", "right password"}
PAGES = [
    row for row in TABLE if "GET" in row.methods and row.name not in DEVELOPMENT_ONLY and row.case not in FORMS_ONLY
]
SEARCHES = {
    "home": "q",
    "technology_list": "q",
    "whole_queue": "q",
    "my_queue": "q",
    "find_technology": "q",
    "expert_list": "q",
}
SEARCHES |= {"institution_list": "q", "company_list": "q"}
NONSENSE = "ZQNOTHINGATALL"


def get(world: World, role: str, url: str, **query: Any) -> HttpResponse:
    with transaction.atomic():
        answer = world.client(role).get(url, query)
        transaction.set_rollback(True)
    return answer  # type: ignore[return-value]


def text_of(answer: HttpResponse) -> str:
    """Also of a file, which comes in pieces and may be no text."""
    return b"".join(answer).decode("utf-8", "replace")


def without_tokens_of_forms(answer: HttpResponse) -> str:
    """CSRF tokens differ with each answer."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", text_of(answer))


def leaked(answer: HttpResponse, searched: str = "") -> set[str]:
    """Kinds of token in the body or the headers. A page may repeat what the reader typed, in the search field only."""
    text = text_of(answer) + str(dict(answer.headers)) + answer.cookies.output()
    if searched:
        text = re.sub(rf'(value="|[?&;]q=){re.escape(searched)}', r"\1", text)
        text = re.sub(rf"(?<=next=)[^\s\"']*{re.escape(searched)}", "", text)
    return {kind for kind, token in TOKENS.items() if token.lower() in text.lower()}


@pytest.mark.parametrize("role", STRANGERS)
def test_no_page_shows_a_stranger_anything_of_the_company(world: World, role: str) -> None:
    found = {}
    for row in PAGES:
        answer = get(world, role, reverse(row.name, kwargs=row.args(world)))
        shown = leaked(answer) - may_see(row.name, role)
        if shown:
            found[row.key] = shown
    assert found == {}


def may_see(name: str, role: str) -> set[str]:
    """Who looks after accounts sees whose they are, and nothing of the companies behind them."""
    of_accounts = role == SYSTEM_ADMIN and name.startswith("admin:account")
    return {"person", "address", "applicant", "applicant_address"} if of_accounts else set()


@pytest.mark.parametrize("role", STRANGERS)
def test_searching_for_a_token_finds_nothing(world: World, role: str) -> None:
    found = {}
    for row in PAGES:
        if row.name in SEARCHES:
            url = reverse(row.name, kwargs=row.args(world))
            for token in TOKENS.values():
                answer = get(world, role, url, **{SEARCHES[row.name]: token})
                if leaked(answer, searched=token):
                    found[row.key, token] = leaked(answer, searched=token)
    assert found == {}


@pytest.mark.parametrize("role", STRANGERS)
def test_a_search_does_not_tell_that_something_is_there(world: World, role: str) -> None:
    """The page for a token and the page for nonsense are the same but for the word itself."""

    def page(url: str, name: str, word: str) -> tuple[int, str]:
        answer = get(world, role, url, **{name: word})
        return answer.status_code, without_tokens_of_forms(answer).replace(word, "")

    differing = []
    for row in PAGES:
        if row.name in SEARCHES:
            url, name = reverse(row.name, kwargs=row.args(world)), SEARCHES[row.name]
            nothing = page(url, name, NONSENSE)
            differing += [(row.key, kind) for kind, token in TOKENS.items() if page(url, name, token) != nothing]
    assert differing == []


@pytest.mark.parametrize("role", STRANGERS)
def test_numbers_of_records_that_are_hidden_are_not_counted(world: World, role: str) -> None:
    """What a stranger sees of the catalogue is the same with and without the hidden technologies."""

    def listed() -> str:
        return without_tokens_of_forms(get(world, role, reverse("technology_list")))

    before = listed()
    with transaction.atomic():
        for hidden in (world.staff_only, world.unpublished, world.retired):
            hidden.texts.all().delete()
            type(hidden).objects.filter(pk=hidden.pk).update(status="draft")
        assert listed() == before
        transaction.set_rollback(True)


def test_the_company_meets_its_own_tokens(world: World) -> None:
    """Else a search for leaks would find none because there is nothing to leak."""
    assert {"title"} <= leaked(get(world, MEMBER, reverse("home")))
    shown: set[str] = set()
    for row in PAGES:
        shown |= leaked(get(world, OFFICER, reverse(row.name, kwargs=row.args(world))))
    assert {"title", "problem", "metric", "figure", "company", "decision", "release", "staff_technology"} <= shown


def test_the_company_does_not_see_what_was_not_released(world: World) -> None:
    """Judgements, technologies for the staff and drafts are the office's own until an officer releases them."""
    text = "".join(text_of(get(world, MEMBER, reverse(row.name, kwargs=row.args(world)))) for row in PAGES)
    for kind in ("staff_technology", "draft_technology", "expert", "expert_contact"):
        assert TOKENS[kind] not in text


def test_content_administrators_see_no_judgement(world: World) -> None:
    text = "".join(text_of(get(world, CONTENT_ADMIN, reverse(row.name, kwargs=row.args(world)))) for row in PAGES)
    for kind in ("decision", "release", "problem"):
        assert TOKENS[kind] not in text


def test_mail_is_not_shown_in_production(settings: LazySettings) -> None:
    def names(mode: str) -> set[str]:
        settings.PORTAL_MODE = mode
        patterns = runpy.run_path(cooperation_portal.urls.__file__)["urlpatterns"]
        return {name for name in DEVELOPMENT_ONLY if any(getattr(p, "name", "") == name for p in patterns)}

    assert (names("development"), names("production")) == (DEVELOPMENT_ONLY, set())
