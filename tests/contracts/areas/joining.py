from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from tests.contracts.listings import Listing
from tests.contracts.rows import (
    ACCOUNT_FORM,
    BAD_INPUT,
    FORM,
    INVITED,
    ITS_PERSON,
    NO_STAFF,
    NOT_YET_SIGNED_IN,
    OFFICERS_ONLY,
    OWNERS_OF_IT,
    OWNERS_ONLY,
    POSTS,
    READS,
    REDIRECT,
    REFUSES_INPUT,
    Making,
    Row,
)
from tests.contracts.world import NEWCOMER, PASSWORD, TOKENS
from tests.people import (
    make_company,
    make_invitation,
    make_join_request,
    make_member,
    make_user,
    token_of,
    valid_business_number,
)

if TYPE_CHECKING:
    from tests.contracts.world import World


def build(world: World) -> SimpleNamespace:
    from cooperation_portal.network.models import Membership

    rival_owner = make_member(world.rival, "정라온", "owner")
    third = make_company("㈜셋째")
    third_owner = make_member(third, "차민서", "owner")
    make_member(world.company, f"{TOKENS['person']} 2", "owner")
    colleague = make_member(world.company, f"{TOKENS['person']} 3")
    applicant = make_user(TOKENS["applicant"], email=f"{TOKENS['applicant_address']}@portal.example")
    to_newcomer = make_invitation(world.rival, rival_owner, world.people[NEWCOMER].email)
    return SimpleNamespace(
        asked=make_join_request(world.company, applicant, note=TOKENS["join_note"]),
        asked_elsewhere=make_join_request(third),
        own=make_join_request(user=world.people[NEWCOMER], business_number=valid_business_number(700_001)),
        own_of_another=make_join_request(business_number=valid_business_number(700_002)),
        with_officer=make_join_request(make_company("㈜대표없음")),
        sent=make_invitation(world.company, world.people["member"], f"{TOKENS['invited_address']}@portal.example"),
        sent_elsewhere=make_invitation(third, third_owner),
        token=token_of(to_newcomer),
        colleague=Membership.objects.get(user=colleague),
        person_elsewhere=Membership.objects.get(user=third_owner),
    )


def _pk(name: str) -> Making:
    return lambda world: {"pk": getattr(world.areas["joining"], name).pk}


def _token(world: World) -> dict[str, Any]:
    return {"token": world.areas["joining"].token}


def _sign_up(**changed: Any) -> Making:
    written = {
        "name": "새 사람",
        "email": "new.person@portal.example",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "where": "home",
        "business_number": valid_business_number(700_003),
        "terms": "on",
        "privacy": "on",
    }
    return lambda world: written | changed


def _numbers(**changed: Any) -> Making:
    return lambda world: {"where": "home", "business_number": valid_business_number(700_004)} | changed


def _details(**changed: Any) -> Making:
    return lambda world: {"name": "㈜새기업", "company_class": "sme", "size": "small"} | changed


def _facts(**changed: Any) -> Making:
    return lambda world: {"city": "포항", "edit_version": world.company.edit_version} | changed


ROWS: tuple[Row, ...] = (
    Row(
        "account_signup",
        NOT_YET_SIGNED_IN,
        ACCOUNT_FORM | {"POST": REDIRECT},
        data=_sign_up(),
        case="everything right",
        writes=True,
    ),
    # A person's own requests
    Row("join_company", NO_STAFF, FORM, data=_numbers(), writes=True, personal_data=True),
    Row("join_company", NO_STAFF, READS | REFUSES_INPUT, data=_numbers(business_number="1"), case="wrong number"),
    Row("join_details", ITS_PERSON, FORM, _pk("own"), _details(), writes=True, foreign=_pk("own_of_another")),
    Row("join_details", ITS_PERSON, READS | REFUSES_INPUT, _pk("own"), _details(name=""), case="without a name"),
    Row("withdraw_join", ITS_PERSON, POSTS, _pk("own"), writes=True, foreign=_pk("own_of_another")),
    # One's own company
    Row(
        "company_home",
        NO_STAFF,
        READS,
        exceptions={(NEWCOMER, "GET"): REDIRECT, (NEWCOMER, "HEAD"): REDIRECT},
        personal_data=True,
    ),
    Row("edit_own_company", OWNERS_ONLY, FORM, data=_facts(), writes=True),
    Row("edit_own_company", OWNERS_ONLY, READS | REFUSES_INPUT, data=_facts(edit_version=0), case="old page"),
    Row("choose_company", OWNERS_OF_IT, POSTS, data=lambda w: {"company": w.company.pk}),
    # Its people
    Row(
        "decide_join",
        OWNERS_OF_IT,
        FORM,
        _pk("asked"),
        lambda w: {"decision": "approve"},
        writes=True,
        foreign=_pk("asked_elsewhere"),
        personal_data=True,
    ),
    Row(
        "decide_join",
        OWNERS_OF_IT,
        READS | REFUSES_INPUT,
        _pk("asked"),
        lambda w: {"decision": "refuse"},
        case="refused without a reason",
    ),
    Row(
        "invite_colleague",
        OWNERS_ONLY,
        FORM,
        data=lambda w: {"email": "x@portal.example", "role": "member"},
        writes=True,
    ),
    Row(
        "invite_colleague",
        OWNERS_ONLY,
        READS | REFUSES_INPUT,
        data=lambda w: {"email": "x", "role": "member"},
        case="typo",
    ),
    Row("revoke_invitation", OWNERS_OF_IT, POSTS, _pk("sent"), writes=True, foreign=_pk("sent_elsewhere")),
    Row(
        "change_membership",
        OWNERS_OF_IT,
        POSTS,
        _pk("colleague"),
        lambda w: {"role": "owner"},
        writes=True,
        foreign=_pk("person_elsewhere"),
    ),
    Row(
        "end_membership",
        OWNERS_OF_IT,
        FORM,
        _pk("colleague"),
        writes=True,
        foreign=_pk("person_elsewhere"),
        personal_data=True,
    ),
    # The link of an invitation: nobody but the account of the invited address can answer it
    Row(
        "accept_invitation",
        INVITED,
        FORM,
        _token,
        exceptions={("anonymous", "POST"): "ok"},
        personal_data=True,
    ),
    # Officers
    Row("join_request_list", OFFICERS_ONLY, READS, personal_data=True),
    Row(
        "confirm_join",
        OFFICERS_ONLY,
        FORM,
        _pk("with_officer"),
        lambda w: {"decision": "approve"},
        writes=True,
        foreign=_pk("asked"),
        personal_data=True,
    ),
    Row(
        "confirm_join",
        OFFICERS_ONLY,
        READS | {"POST": BAD_INPUT},
        _pk("with_officer"),
        lambda w: {"decision": "refuse"},
        case="refused without a reason",
    ),
)


def company_home(count: int) -> tuple[Any, str]:
    """As many colleagues, people who wait, invitations."""
    company = make_company()
    owner = make_member(company, role="owner")
    for number in range(count):
        make_member(company)
        make_join_request(company)
        make_invitation(company, owner, f"p{number}@portal.example")
    return owner, reverse("company_home")


def join_company(count: int) -> tuple[Any, str]:
    person = make_user()
    for number in range(count):
        make_join_request(user=person, business_number=valid_business_number(710_000 + number))
    return person, reverse("join_company")


def join_request_list(count: int) -> tuple[Any, str]:
    for _ in range(count):
        make_join_request(make_company())
    return make_user(role="officer"), reverse("join_request_list")


def confirm_join(count: int) -> tuple[Any, str]:
    company = make_company()
    joins = [make_join_request(company) for _ in range(count)]
    return make_user(role="officer"), reverse("confirm_join", kwargs={"pk": joins[0].pk})


LISTINGS: tuple[Listing, ...] = (
    Listing(company_home, 10),
    Listing(join_company, 8),
    Listing(join_request_list, 6),
    Listing(confirm_join, 8),
)
