"""Every address × role × method, tried once; the tests below read what came back."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache as remember
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from tests.contracts.access_table import (
    ANONYMOUS,
    BAD_INPUT,
    CLASSES,
    DENIED,
    FIRST_ROWS,
    HIDDEN,
    NO_METHOD,
    OK,
    REDIRECT,
    REFUSED,
    ROLE_IN_WORDS,
    ROLES,
    SIGN_IN,
    TABLE,
    Row,
    trials,
)
from tests.contracts.areas import directory, learning, upkeep
from tests.contracts.world import World

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
UNKNOWN, HUGE = 999_999_999, 10**30
Key = tuple[str, str, str]  # row, role, method

# Pages that end the session of who opens them; what they answer is not an answer to a signed-in person any more.
SIGN_OUT = {
    "account_logout",
    "account_confirm_email",  # a link that was sent to one person ends the session of any other who opens it
    "account_reset_password_from_key",
}


@dataclass(frozen=True)
class Answer:
    verdict: str
    status: int
    headers: dict[str, str]
    signs_out: bool
    wrote: bool  # rows of any table but sessions


def classify(response: Any) -> str:
    status = response.status_code
    if 300 <= status < 400:
        target = urlsplit(response.headers["Location"])
        return SIGN_IN if target.path == reverse(settings.LOGIN_URL) and "next=" in target.query else REDIRECT
    known = {200: OK, 403: REFUSED, 404: HIDDEN, 405: NO_METHOD, 409: BAD_INPUT, 422: BAD_INPUT}
    return known.get(status, f"status {status}")


def send(client: Client, row: Row, world: World, method: str, args: dict[str, Any] | None = None) -> HttpResponse:
    url = reverse(row.name, kwargs=row.args(world) if args is None else args)
    if method == "POST":
        return client.post(url, row.data(world))  # type: ignore[return-value]
    return client.generic(method, url)  # type: ignore[return-value]


@remember
def _tables() -> tuple[str, ...]:
    return tuple(sorted(name for name in connection.introspection.table_names() if name != "django_session"))


def _digest() -> dict[str, tuple[Any, ...]]:
    """Number and content of the rows of every table."""
    each = (f"SELECT '{name}', count(*), sum(hashtextextended(t::text, 0)) FROM \"{name}\" t" for name in _tables())
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {name: rest for name, *rest in cursor.fetchall()}


def _writes() -> int:
    """Rows written since this transaction began, taken back or not."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables WHERE relname <> 'django_session'"
        )
        return int(cursor.fetchone()[0] or 0)


@pytest.fixture(scope="module", autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals are expected here and none of them is news."""
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security.csrf")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    yield
    for logger, level in zip(loggers, before, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="module")
def answers(world: World) -> dict[Key, Answer]:
    """What the portal answers to everything. Each request is undone, so that the next finds the same world."""
    found = {}
    baseline = _digest()
    for row, method in trials():
        cache.clear()  # the limits of allauth count tries, and these are many
        for role in ROLES:
            client, before = world.client(role), _writes()
            with transaction.atomic():
                response = send(client, row, world, method)
                wrote = _digest() != baseline if method == "GET" else _writes() != before
                transaction.set_rollback(True)
            dropped = response.cookies.get(settings.SESSION_COOKIE_NAME)
            found[row.key, role, method] = Answer(
                classify(response),
                response.status_code,
                {name.lower(): value for name, value in response.headers.items()},
                signs_out=dropped is not None and dropped["max-age"] == 0,
                wrote=wrote,
            )
    return found


def expectations() -> dict[Key, str]:
    return {(row.key, role, method): row.expected(role, method) for row, method in trials() for role in ROLES}


def deviations(expected: dict[Key, str], answers: dict[Key, Answer]) -> dict[Key, str]:
    return {
        key: f"{' · '.join(key)}: expected {wanted}, got {answers[key].verdict} ({answers[key].status})"
        for key, wanted in expected.items()
        if answers[key].verdict != wanted
    }


def that(answers: dict[Key, Answer], wrong: Callable[[Key, Answer], Any]) -> list[str]:
    return [" · ".join(key) for key, answer in answers.items() if wrong(key, answer)]


ROW_OF = {row.key: row for row in TABLE}


# --- the table is complete --------------------------------------------------------------------------------------------


def named_addresses(patterns: list[Any], prefix: str = "") -> set[str]:
    """Names of all addresses; one without a name is listed by its pattern, and so has no row."""
    found: set[str] = set()
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = f"{pattern.namespace}:" if pattern.namespace else ""
            found |= {space + name for name in named_addresses(pattern.url_patterns, address)}
        elif isinstance(pattern, URLPattern):
            found.add(pattern.name or f"unnamed: {address}")
    return found


def missing_rows(patterns: list[Any]) -> set[str]:
    return named_addresses(patterns) - {row.name for row in TABLE}


def test_every_address_has_a_row() -> None:
    assert missing_rows(get_resolver().url_patterns) == set()


def test_every_row_has_an_address() -> None:
    assert {row.name for row in TABLE} - named_addresses(get_resolver().url_patterns) == set()


def test_an_address_without_row_or_name_is_noticed() -> None:
    def page(request: Any) -> HttpResponse:
        return HttpResponse()

    new = [path("exports/all/", page, name="export_all"), path("secret/", page)]
    assert missing_rows([*get_resolver().url_patterns, *new]) == {"export_all", "unnamed: secret/"}


def test_rows_can_be_told_apart() -> None:
    assert [key for key, count in Counter(row.key for row in TABLE).items() if count > 1] == []


def test_every_role_has_an_address_of_its_own() -> None:
    assert set(ROLE_IN_WORDS) == set(ROLES)
    lacking = [
        f"{role} cannot use {name}"
        for role, (_words, names) in ROLE_IN_WORDS.items()
        for name in names
        if not any(role in row.policy.roles for row in TABLE if row.name == name)
    ]
    assert lacking == []


# --- answers ----------------------------------------------------------------------------------------------------------


def test_every_role_gets_what_the_policy_says(answers: dict[Key, Answer]) -> None:
    assert sorted(deviations(expectations(), answers).values()) == []


def test_a_wrong_expectation_is_found(answers: dict[Key, Answer]) -> None:
    """The check can fail: each flipped expectation, and only those, must be reported."""
    seed = random.randrange(10**6)
    chance = random.Random(seed)
    right = {key: answer.verdict for key, answer in answers.items()}
    flipped = chance.sample(sorted(right), len(right) // 10)
    turned = {key: chance.choice([other for other in CLASSES if other != right[key]]) for key in flipped}
    assert set(deviations(right | turned, answers)) == set(flipped), f"seed {seed}"


def test_what_reads_writes_nothing(answers: dict[Key, Answer]) -> None:
    assert that(answers, lambda key, answer: key[2] in ("GET", "HEAD", "OPTIONS") and answer.wrote) == []


def test_what_is_denied_writes_nothing(answers: dict[Key, Answer]) -> None:
    assert that(answers, lambda key, answer: answer.verdict in DENIED | {BAD_INPUT} and answer.wrote) == []


def test_posts_that_should_write_do_write(answers: dict[Key, Answer]) -> None:
    """Else a refusal would prove nothing: the form may simply have been wrong."""
    idle = [
        row.key
        for row in TABLE
        if row.writes and not all(answers[row.key, role, "POST"].wrote for role in row.policy.roles)
    ]
    assert idle == []


def test_no_method_is_more_permissive_than_reading(answers: dict[Key, Answer]) -> None:
    """Where a person may neither read nor post, no other method opens the door; and none writes."""

    def more_permissive(key: Key, answer: Answer) -> bool:
        name, role, method = key
        if method in ("GET", "POST"):
            return False
        closed = all(answers[name, role, other].verdict in DENIED for other in ("GET", "POST"))
        return answer.wrote or (closed and answer.verdict not in DENIED)

    assert that(answers, more_permissive) == []


def test_head_answers_like_get_where_it_answers(answers: dict[Key, Answer]) -> None:
    def differs(key: Key, answer: Answer) -> bool:
        return key[2] == "HEAD" and answer.verdict not in (NO_METHOD, answers[key[0], key[1], "GET"].verdict)

    assert that(answers, differs) == []


# --- headers ----------------------------------------------------------------------------------------------------------


def test_answers_to_signed_in_people_are_stored_nowhere(answers: dict[Key, Answer]) -> None:
    def stored(key: Key, answer: Answer) -> bool:
        return (
            key[1] != ANONYMOUS and not answer.signs_out and "no-store" not in answer.headers.get("cache-control", "")
        )

    assert that(answers, stored) == []
    leaving = {ROW_OF[key[0]].name for key, answer in answers.items() if answer.signs_out}
    assert leaving <= SIGN_OUT


def test_every_answer_carries_the_protecting_headers(answers: dict[Key, Answer]) -> None:
    def unprotected(key: Key, answer: Answer) -> bool:
        headers = answer.headers
        policy = headers.get("content-security-policy", "")
        needed = ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")
        return not (
            all(directive in policy for directive in needed)
            and "unsafe-" not in policy
            and "*" not in policy
            and headers.get("x-content-type-options") == "nosniff"
            and headers.get("referrer-policy") == "same-origin"
            and headers.get("x-frame-options") == "DENY"
        )

    assert that(answers, unprotected) == []


def test_every_answer_names_its_type_and_charset(answers: dict[Key, Answer]) -> None:
    def vague(key: Key, answer: Answer) -> bool:
        kind = answer.headers.get("content-type", "")
        is_text = not kind.startswith(("application/json", "application/vnd.", "image/"))
        return answer.verdict == OK and (not kind or (is_text and "charset=utf-8" not in kind))

    assert that(answers, vague) == []


# --- forged requests --------------------------------------------------------------------------------------------------


def test_unsafe_methods_need_the_token_of_the_form(world: World) -> None:
    """From somebody who may, so that nothing but the missing token can be the reason."""
    forged = []
    for row in FIRST_ROWS:
        for role in {min(row.policy.roles), ANONYMOUS}:
            client = world.client(role, enforce_csrf_checks=True)
            for method in UNSAFE:
                before = _writes()
                with transaction.atomic():
                    response = send(client, row, world, method)
                    wrote = _writes() != before
                    transaction.set_rollback(True)
                if response.status_code != 403 or wrote:
                    forged.append(f"{row.key} · {role} · {method}: {response.status_code}")
    assert forged == []


# --- records of others and records that do not exist ------------------------------------------------------------------


def _answer(world: World, row: Row, role: str, method: str, args: dict[str, Any]) -> tuple[str, bool]:
    before = _writes()
    with transaction.atomic():
        response = send(world.client(role), row, world, method, args)
        wrote = _writes() != before
        transaction.set_rollback(True)
    return classify(response), wrote


def test_what_does_not_exist_is_hidden_and_looks_like_what_exists_elsewhere(world: World) -> None:
    """404 to who may use the page; who may not gets the same answer as for a record that exists."""
    wrong = []
    for row in FIRST_ROWS:
        real = row.args(world)
        numbers = [name for name, value in real.items() if isinstance(value, int)]
        for name in numbers:
            for method in row.methods:
                for role in ROLES:
                    expected = row.expected(role, method)
                    wanted = HIDDEN if role in row.policy.roles else expected
                    tried = (UNKNOWN, HUGE) if role in row.policy.roles else (UNKNOWN,)
                    for number in tried:
                        found, wrote = _answer(world, row, role, method, real | {name: number})
                        if found != wanted or wrote:
                            wrong.append(f"{row.key} · {role} · {method} · {name}={number}: {found}")
    assert wrong == []


def test_what_belongs_to_others_looks_as_if_it_did_not_exist(world: World) -> None:
    wrong = []
    for row in TABLE:
        if row.foreign is None:
            continue
        for method in row.methods:
            for role in ROLES:
                wanted = HIDDEN if role in row.policy.roles else row.expected(role, method)
                found, wrote = _answer(world, row, role, method, row.foreign(world))
                if found != wanted or wrote:
                    wrong.append(f"{row.key} · {role} · {method}: {found}")
    assert wrong == []


def test_every_address_of_a_record_is_tried_with_a_foreign_one(world: World) -> None:
    # Technologies and what is kept of them have a row for each disclosure level; all work is the administrator's; kept
    # mail is for development.
    other_trial = {"technology_detail", "add_bookmark", "remove_bookmark", "retry_work", "kept_mail_text"}
    other_trial |= {
        "expert_detail",
        "expert_history",
        "edit_expert",
        "retire_expert",
        "restore_expert",
    }  # staff see all
    other_trial |= {"project_detail", "project_history"}  # the same
    other_trial |= {row.name for row in learning.ROWS}  # who may read the quality of the matching reads all of it
    other_trial |= {row.name for row in upkeep.ROWS}  # who keeps the catalogue keeps all of it
    other_trial |= {row.name for row in directory.ROWS}  # who reads the directory reads all of it
    # Who keeps the texts, answers inquiries or looks after accounts sees all of them.
    other_trial |= {"edit_page", "publish_page", "discard_draft", "page_history", "withdraw_page", "restore_page"}
    other_trial |= {"move_question", "answer_inquiry", *(row.name for row in TABLE if row.name.startswith("admin:"))}
    tried = {row.name for row in TABLE if row.foreign is not None}
    of_a_record = {row.name for row in TABLE if any(isinstance(value, int) for value in row.args(world).values())}
    assert of_a_record - tried - other_trial == set()


def test_a_bulk_decision_cannot_reach_a_technology_of_no_concern(world: World) -> None:
    """Ids in a form are no permission: what is not on the list of the demand is not chosen."""
    row = ROW_OF["decide_many (confirmed)"]
    forged = row.data(world) | {
        "chosen": [f"{world.unpublished.pk}:0", f"{world.retired.pk}:0", "x:1", f"{HUGE}:{HUGE}"]
    }
    before = _digest()
    with transaction.atomic():
        response = world.client("officer").post(reverse(row.name, kwargs=row.args(world)), forged)
        after = _digest()
        transaction.set_rollback(True)
    assert (classify(response), after == before) == (REDIRECT, True)


def test_an_address_of_another_site_is_never_a_target(world: World) -> None:
    strange = [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "",
    ]
    for target in strange:
        for name in ("set_language", "set_contrast", "account_logout"):
            with transaction.atomic():
                answer = world.client("member").post(reverse(name), {"next": target, "language": "ko"})
                transaction.set_rollback(True)
            assert urlsplit(answer.headers["Location"]).netloc == "", (name, target)
            assert answer.headers["Location"].startswith("/"), (name, target)
            assert not answer.headers["Location"].startswith(("//", "/\\")), (name, target)
