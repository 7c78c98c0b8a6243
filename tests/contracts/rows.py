"""What a row of the access table is made of: policies, methods, answers."""

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
    asks_to_sign_in: bool = True  # else who has not signed in is treated like anybody else who may not

    @property
    def is_public(self) -> bool:
        return ANONYMOUS in self.roles or not self.asks_to_sign_in


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
CONTENT_ADMINS_ONLY = Policy(
    "Content administrators keep the catalogue and the texts of this site; nobody else does.",
    frozenset({CONTENT_ADMIN}),
)
ANSWERING_STAFF = Policy(
    "Officers and content administrators answer inquiries; nobody else reads them in a list.",
    frozenset({OFFICER, CONTENT_ADMIN}),
)
MEMBERS_ONLY = Policy(
    "People who act for a company; staff and newcomers act for none and are told so.", frozenset({MEMBER, OUTSIDER})
)
OWNERS_ONLY = Policy(
    "Who decides for the company that is acted for; plain members of a company are told to ask the owner.",
    frozenset({MEMBER}),
)
OWNERS_OF_IT = Policy(
    "Owners of the very company; to everybody else the record does not exist.", frozenset({MEMBER}), otherwise=HIDDEN
)
ITS_PERSON = Policy("Only the person who asked; to everybody else it does not exist.", frozenset({NEWCOMER}), HIDDEN)
ITS_COMPANY = Policy(
    "People of the company whose demand it is; to everybody else, staff too, there is no such page.",
    frozenset({MEMBER}),
    otherwise=HIDDEN,
)
NO_STAFF = Policy(
    "Anybody signed in who is not staff: nobody is on both sides at once.", frozenset({MEMBER, OUTSIDER, NEWCOMER})
)
INVITED = Policy(
    "Whoever has the link and has not signed in is asked to; the account of the invited address answers, others may not.",
    frozenset({ANONYMOUS, NEWCOMER}),
)
IMPORTERS = Policy(
    "Whoever may add records of at least one kind: officers and content administrators.",
    frozenset({OFFICER, CONTENT_ADMIN}),
)

# What each role is for, as the office says it. `test_every_role_has_an_address_of_its_own` holds the table against it.
ROLE_IN_WORDS: Mapping[str, tuple[str, frozenset[str]]] = {
    ANONYMOUS: ("Reads the public catalogue, signs in and asks for a new password.", frozenset({"account_login"})),
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
    SYSTEM_ADMIN: (
        "Looks after work that failed, accounts, vocabularies and settings.",
        frozenset({"failed_work", "retry_work", "admin:accounts_user_add"}),
    ),
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
