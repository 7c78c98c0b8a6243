"""Who may do what: one row for each address of the portal, or several where the answer depends on the record.

An address without a row fails `test_access`. To add one: choose the policy, say which methods it takes and how it
answers those who may use it, and give what its address and its form need from the world. Rows of newer parts are in
`areas`, beside the records that they need.
"""

from __future__ import annotations

from typing import Any

from tests.contracts.areas import (
    administration,
    browsing,
    company_demands,
    directory,
    exchange,
    experts,
    joining,
    learning,
    pages,
    projects,
    upkeep,
)
from tests.contracts.rows import *  # noqa: F403  (this module is the table; the words it is written in are there)
from tests.contracts.rows import (
    ACCOUNT_FORM,
    ACCOUNT_PAGE,
    ALWAYS_ELSEWHERE,
    EVERYONE,
    FORM,
    HIDDEN,
    LEADS_BACK,
    METHODS,
    NOT_YET_SIGNED_IN,
    OFFICERS_ONLY,
    OK,
    POSTS,
    READS,
    REDIRECT,
    REFUSES_INPUT,
    SIGNED_IN,
    SYSTEM_ADMINS_ONLY,
    Making,
    Row,
)
from tests.contracts.world import ANONYMOUS, MEMBER, NEWCOMER, PASSWORD, World

AREAS = (
    joining,
    directory,
    browsing,
    upkeep,
    company_demands,
    exchange,
    learning,
    pages,
    administration,
    experts,
    projects,
)


def _demand(world: World) -> dict[str, Any]:
    return {"pk": world.demand.pk}


def _draft(world: World) -> dict[str, Any]:
    """A draft of another officer: it exists, and only who wrote it sees it."""
    return {"pk": world.draft.pk}


def _pair(technology: str, demand: str = "demand") -> Making:
    return lambda world: {"pk": getattr(world, demand).pk, "technology_pk": getattr(world, technology).pk}


def _demand_form(**changed: Any) -> Making:
    def make(world: World) -> dict[str, Any]:
        written = {
            "company": world.company.pk,
            "kind": "demand",
            "purpose": "use_technology",
            "language": "ko",
            "title": "고온 합금의 정밀 주조",
            "problem": "터빈 날개를 만들 때 기공이 생겨 불량률이 높습니다. 기공을 줄이는 주조 기술을 찾습니다.",
            "confidentiality": "normal",
            "edit_version": world.demand.edit_version,
            "metrics-TOTAL_FORMS": 0,
            "metrics-INITIAL_FORMS": 0,
        }
        return written | changed

    return make


def _decision(**changed: Any) -> Making:
    """A judgement of the technology that is judged and not yet released."""

    def make(world: World) -> dict[str, Any]:
        written = {"verdict": "on_hold", "reason": "needs_owner_answer", "words": "물어봅니다."}
        return written | {"seen_version": world.unreleased.version} | changed

    return make


def _correction(world: World) -> dict[str, Any]:
    return _decision(seen_version=world.released.version, correction="잘못 보았습니다.")(world)


def _bulk(**changed: Any) -> Making:
    return lambda world: _decision(
        chosen=f"{world.members_only.pk}:{world.unreleased.version}", seen_version=0, **changed
    )(world)


OWN: tuple[Row, ...] = (
    # The frame of the portal
    Row("home", EVERYONE, READS, personal_data=True),
    Row("healthz", EVERYONE, READS),
    Row("set_language", EVERYONE, POSTS, data=lambda w: {"language": "en", "next": "/"}),
    Row("set_contrast", EVERYONE, POSTS, data=lambda w: {"contrast": "high", "next": "/"}),
    # Accounts
    Row("account_login", NOT_YET_SIGNED_IN, ACCOUNT_FORM),
    Row(
        "account_login",
        NOT_YET_SIGNED_IN,
        ACCOUNT_FORM | {"POST": REDIRECT},
        data=lambda w: {"login": w.people[NEWCOMER].email, "password": PASSWORD},
        case="right password",
        writes=True,
    ),
    Row(
        "account_logout",
        EVERYONE,
        ACCOUNT_PAGE | {"POST": REDIRECT},
        exceptions={(ANONYMOUS, "GET"): REDIRECT, (ANONYMOUS, "HEAD"): REDIRECT},
    ),
    Row("account_signup", NOT_YET_SIGNED_IN, ACCOUNT_FORM),
    Row("account_inactive", EVERYONE, ACCOUNT_PAGE),
    Row("account_email_verification_sent", EVERYONE, ACCOUNT_PAGE),
    Row(
        "account_confirm_email",
        EVERYONE,
        ACCOUNT_PAGE | {"POST": REDIRECT},
        args=lambda w: {"key": w.confirm_key},
        writes=True,
        personal_data=True,
    ),
    Row("account_reauthenticate", SIGNED_IN, ACCOUNT_FORM),
    Row("account_email", SIGNED_IN, ACCOUNT_FORM | {"POST": REDIRECT, "PUT": REDIRECT}, personal_data=True),
    Row("account_change_password", SIGNED_IN, ACCOUNT_FORM),
    Row("account_set_password", SIGNED_IN, ALWAYS_ELSEWHERE),  # everybody in the world has a password
    Row("account_reset_password", EVERYONE, ACCOUNT_FORM),
    Row("account_reset_password_done", EVERYONE, ACCOUNT_PAGE),
    Row("account_reset_password_from_key", EVERYONE, ALWAYS_ELSEWHERE, args=lambda w: w.reset_key),
    Row("account_reset_password_from_key_done", EVERYONE, ACCOUNT_PAGE),
    # Demands
    Row("add_demand", OFFICERS_ONLY, FORM, data=_demand_form(), writes=True),
    Row("add_demand", OFFICERS_ONLY, REFUSES_INPUT | READS, data=_demand_form(title=""), case="without a title"),
    Row("edit_demand", OFFICERS_ONLY, FORM, _demand, _demand_form(), writes=True, foreign=_draft),
    Row("edit_demand", OFFICERS_ONLY, READS | REFUSES_INPUT, _demand, _demand_form(edit_version=0), case="old page"),
    # Queues and one demand
    Row("whole_queue", OFFICERS_ONLY, READS, personal_data=True),
    Row("my_queue", OFFICERS_ONLY, READS, personal_data=True),
    Row("demand_detail", OFFICERS_ONLY, READS, _demand, foreign=_draft, personal_data=True),
    Row("scoring_progress", OFFICERS_ONLY, READS, _demand, foreign=_draft),
    Row("rescore", OFFICERS_ONLY, POSTS, _demand, writes=True, foreign=_draft),
    Row("demand_history", OFFICERS_ONLY, READS, _demand, foreign=_draft, personal_data=True),
    Row("assign", OFFICERS_ONLY, POSTS, _demand, lambda w: {"officer": w.colleague.pk}, writes=True, foreign=_draft),
    Row(
        "assign",
        OFFICERS_ONLY,
        POSTS,
        _demand,
        lambda w: {"officer": w.people[MEMBER].pk},
        case="to a company's person",
    ),
    Row("find_technology", OFFICERS_ONLY, READS, _demand, foreign=_draft),
    # Deciding
    Row(
        "decide_many",
        OFFICERS_ONLY,
        LEADS_BACK | {"POST": OK},
        _demand,
        _bulk(),
        case="preview",
        foreign=_draft,
    ),
    Row(
        "decide_many",
        OFFICERS_ONLY,
        LEADS_BACK | {"POST": OK},
        _demand,
        _bulk(confirm="1"),
        case="confirmed",
        writes=True,
    ),
    Row("decide_many", OFFICERS_ONLY, LEADS_BACK | {"POST": REDIRECT}, _demand, case="nothing chosen"),
    Row("decide_many", OFFICERS_ONLY, LEADS_BACK | REFUSES_INPUT, _demand, _bulk(verdict=""), case="no verdict"),
    Row(
        "release",
        OFFICERS_ONLY,
        FORM,
        _demand,
        lambda w: {"seen": f"{w.unreleased.pk}:{w.unreleased.version}"},
        writes=True,
        foreign=_draft,
    ),
    Row("release", OFFICERS_ONLY, READS | REFUSES_INPUT, _demand, lambda w: {"message": "x"}, case="old page"),
    Row(
        "candidate",
        OFFICERS_ONLY,
        FORM,
        _pair("members_only"),
        _decision(),
        writes=True,
        foreign=_pair("public", "draft"),
    ),
    Row("candidate", OFFICERS_ONLY, READS | REFUSES_INPUT, _pair("members_only"), case="empty"),
    Row(
        "candidate",
        OFFICERS_ONLY,
        READS | REFUSES_INPUT,
        _pair("members_only"),
        _decision(seen_version=0),
        case="old page",
    ),
    Row(
        "undo", OFFICERS_ONLY, POSTS, _pair("members_only"), _decision(), writes=True, foreign=_pair("public", "draft")
    ),
    Row("correct", OFFICERS_ONLY, FORM, _pair("public"), _correction, writes=True, foreign=_pair("public", "draft")),
    Row(
        "correct",
        OFFICERS_ONLY,
        {"GET": HIDDEN, "POST": HIDDEN},
        _pair("members_only"),
        _correction,
        case="not released",
    ),
    Row("pick", OFFICERS_ONLY, POSTS, _pair("public"), writes=True, foreign=_pair("public", "draft")),
    Row("pick", OFFICERS_ONLY, {"POST": HIDDEN}, _pair("retired"), case="retired technology"),
    # Work
    Row("failed_work", SYSTEM_ADMINS_ONLY, READS),
    Row("retry_all_work", SYSTEM_ADMINS_ONLY, POSTS, writes=True),
    Row("retry_work", SYSTEM_ADMINS_ONLY, POSTS, lambda w: {"pk": w.failed_work.pk}, writes=True),
    # Development only: these addresses do not exist in production
    Row("kept_mail", EVERYONE, READS, personal_data=True),
    Row("kept_mail_text", EVERYONE, READS, lambda w: {"pk": w.mail.pk}, personal_data=True),
)

TABLE: tuple[Row, ...] = (*OWN, *(row for area in AREAS for row in area.ROWS))

# Every method is tried on the first row of an address; further rows tell what a form or a record changes.
FIRST_ROWS: tuple[Row, ...] = tuple({row.name: row for row in reversed(TABLE)}.values())[::-1]
FURTHER_ROWS: tuple[Row, ...] = tuple(row for row in TABLE if row not in FIRST_ROWS)


def trials() -> list[tuple[Row, str]]:
    """Rows with the methods that they are tried with."""
    return [
        *((row, method) for row in FIRST_ROWS for method in METHODS),
        *((row, method) for row in FURTHER_ROWS for method in ("GET", "POST")),
    ]
