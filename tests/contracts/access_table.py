"""Who may do what: one row for each address of the portal, or several where the answer depends on the record.

An address without a row fails `test_access`. To add one: choose the policy, say which methods it takes and how it
answers those who may use it, and give what its address and its form need from the world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.world import (
    ANONYMOUS,
    CONTENT_ADMIN,
    MEMBER,
    NEWCOMER,
    OFFICER,
    OUTSIDER,
    PASSWORD,
    ROLES,
    SYSTEM_ADMIN,
    World,
)

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")

OK = "ok"
SIGN_IN = "redirect to sign-in"
REDIRECT = "redirect"
REFUSED = "refused"
HIDDEN = "hidden"
BAD_INPUT = "bad input"
NO_METHOD = "method not allowed"
CLASSES = (OK, SIGN_IN, REDIRECT, REFUSED, HIDDEN, BAD_INPUT, NO_METHOD)
DENIED = frozenset({SIGN_IN, REFUSED, HIDDEN, NO_METHOD})


# --- policies: the sentence is the rule, the roles are how the rule is tried -------------------------------------------


@dataclass(frozen=True)
class Policy:
    rule: str
    roles: frozenset[str]
    otherwise: str = REFUSED  # what signed-in people get who may not
    before_method: bool = False  # refuses before it looks at the method

    @property
    def is_public(self) -> bool:
        return ANONYMOUS in self.roles


_SIGNED_IN = frozenset(ROLES) - {ANONYMOUS}

EVERYONE = Policy("Anybody may, signed in or not.", frozenset(ROLES))
SIGNED_IN = Policy("Anybody who is signed in may; the page shows each person only what is theirs.", _SIGNED_IN)
NOT_YET_SIGNED_IN = Policy(
    "For people who have not signed in; who has is sent to the start page.",
    frozenset({ANONYMOUS}),
    otherwise=REDIRECT,
    before_method=True,
)
OFFICERS_ONLY = Policy(
    "Officers match demands with technologies. Companies, newcomers and both kinds of admin are refused, whether or not"
    " the record exists.",
    frozenset({OFFICER}),
)
SYSTEM_ADMINS_ONLY = Policy(
    "System administrators look after the machinery and nobody else; they see no business data.",
    frozenset({SYSTEM_ADMIN}),
)
MEMBERS_AND_STAFF = Policy(
    "People who act for a company and the staff who work on the catalogue; to others the record does not exist.",
    frozenset({MEMBER, OUTSIDER, OFFICER, CONTENT_ADMIN}),
    otherwise=HIDDEN,
)
CATALOGUE_STAFF = Policy(
    "Officers and content administrators; to others the record does not exist.",
    frozenset({OFFICER, CONTENT_ADMIN}),
    otherwise=HIDDEN,
)

# What each role is for, as the office says it. `test_every_role_has_an_address_of_its_own` holds the table against it.
ROLE_IN_WORDS: Mapping[str, tuple[str, frozenset[str]]] = {
    ANONYMOUS: ("Reads the welcome page, signs in and asks for a new password.", frozenset({"account_login"})),
    MEMBER: ("Sees the catalogue that members may see, and what was released to the own company.", frozenset()),
    OUTSIDER: ("Is a member like any other, and sees nothing of another company.", frozenset()),
    NEWCOMER: ("Has an account and nothing else: the public catalogue and the own account.", frozenset()),
    OFFICER: (
        "Files and edits demands, judges matches, releases them to companies.",
        frozenset({"candidate", "release"}),
    ),
    CONTENT_ADMIN: (
        "Keeps the catalogue, also what is not published; judges nothing.",
        frozenset({"technology_detail"}),
    ),
    SYSTEM_ADMIN: ("Looks after work that failed.", frozenset({"failed_work", "retry_work"})),
}


# --- rows -------------------------------------------------------------------------------------------------------------

Making = Callable[[World], dict[str, Any]]


def _nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Row:
    """`methods` says how the address answers those whom the policy lets in; other methods are not allowed."""

    name: str
    policy: Policy
    methods: Mapping[str, str]
    args: Making = _nothing
    data: Making = _nothing
    case: str = ""  # tells the rows of one address apart
    writes: bool = False  # its POST changes rows, for those who may
    foreign: Making | None = None  # a record that exists and that nobody whom the policy lets in may see
    personal_data: bool = False  # shows data of people
    export: bool = False  # data leaves the portal as a file
    exceptions: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (role, method): answer

    @property
    def key(self) -> str:
        return f"{self.name} ({self.case})" if self.case else self.name

    def expected(self, role: str, method: str) -> str:
        if role == ANONYMOUS and not self.policy.is_public:
            return SIGN_IN
        may = role in self.policy.roles
        if not may and self.policy.before_method:
            return self.policy.otherwise
        if method not in self.methods:
            return NO_METHOD
        if not may:
            return self.policy.otherwise
        return self.exceptions.get((role, method), self.methods[method])


READS = {"GET": OK, "HEAD": OK}
LEADS_BACK = {"GET": REDIRECT, "HEAD": REDIRECT}  # shows pages in answer to a form only; a link to one leads back
FORM = {"GET": OK, "HEAD": OK, "POST": REDIRECT}
POSTS = {"POST": REDIRECT}
REFUSES_INPUT = {"POST": BAD_INPUT}
# Pages of allauth are class based: they also answer OPTIONS, and their forms take PUT for POST.
ACCOUNT_PAGE = {"GET": OK, "HEAD": OK, "OPTIONS": OK}
ACCOUNT_FORM = {"GET": OK, "HEAD": OK, "OPTIONS": OK, "POST": OK, "PUT": OK}  # an empty form is shown again
ALWAYS_ELSEWHERE = dict.fromkeys(METHODS, REDIRECT)


def _demand(world: World) -> dict[str, Any]:
    return {"pk": world.demand.pk}


def _draft(world: World) -> dict[str, Any]:
    """A draft of another officer: it exists, and only who wrote it sees it."""
    return {"pk": world.draft.pk}


def _pair(technology: str, demand: str = "demand") -> Making:
    return lambda world: {"pk": getattr(world, demand).pk, "technology_pk": getattr(world, technology).pk}


def _technology(name: str) -> Making:
    return lambda world: {"pk": getattr(world, name).pk}


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


TABLE: tuple[Row, ...] = (
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
    Row("account_signup", NOT_YET_SIGNED_IN, dict.fromkeys(METHODS, OK)),  # closed: says so whatever is asked
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
    # Catalogue
    Row("technology_list", SIGNED_IN, READS),
    Row("technology_detail", SIGNED_IN, READS, _technology("public"), case="public"),
    Row("technology_detail", MEMBERS_AND_STAFF, READS, _technology("members_only"), case="members"),
    Row("technology_detail", CATALOGUE_STAFF, READS, _technology("staff_only"), case="staff"),
    Row("technology_detail", CATALOGUE_STAFF, READS, _technology("unpublished"), case="draft"),
    Row("technology_detail", CATALOGUE_STAFF, READS, _technology("retired"), case="retired"),
    # Work
    Row("failed_work", SYSTEM_ADMINS_ONLY, READS),
    Row("retry_all_work", SYSTEM_ADMINS_ONLY, POSTS, writes=True),
    Row("retry_work", SYSTEM_ADMINS_ONLY, POSTS, lambda w: {"pk": w.failed_work.pk}, writes=True),
    # Development only: these addresses do not exist in production
    Row("kept_mail", EVERYONE, READS, personal_data=True),
    Row("kept_mail_text", EVERYONE, READS, lambda w: {"pk": w.mail.pk}, personal_data=True),
)

# Every method is tried on the first row of an address; further rows tell what a form or a record changes.
FIRST_ROWS: tuple[Row, ...] = tuple({row.name: row for row in reversed(TABLE)}.values())[::-1]
FURTHER_ROWS: tuple[Row, ...] = tuple(row for row in TABLE if row not in FIRST_ROWS)


def trials() -> list[tuple[Row, str]]:
    """Rows with the methods that they are tried with."""
    return [
        *((row, method) for row in FIRST_ROWS for method in METHODS),
        *((row, method) for row in FURTHER_ROWS for method in ("GET", "POST")),
    ]
