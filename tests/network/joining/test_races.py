"""Two people at once, on two connections: the database decides, and nobody sees an error page."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from cooperation_portal.network.joining.services import invitations, people, requests
from cooperation_portal.network.joining.services.refusals import AlreadySettled, JoinRefused, LastOwner
from cooperation_portal.network.models import Company, Membership
from tests.people import make_company, make_invitation, make_join_request, make_member, make_user, valid_business_number

pytestmark = pytest.mark.django_db(transaction=True)
FACTS = {"name": "㈜봄날", "company_class": "sme", "size": "small"}


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """What each gave back or was refused with; whatever else is raised fails the test."""
    start = Barrier(len(actions))

    def run(action: Callable[[], Any]) -> Any:
        try:
            start.wait(timeout=10)
            return action()
        except JoinRefused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


@pytest.mark.parametrize("step", ["leave", "step down", "send each other away"])
def test_of_two_owners_who_go_at_once_one_stays(step: str) -> None:
    company = make_company()
    first, second = (make_member(company, role="owner").memberships.get() for _ in range(2))
    if step == "leave":
        results = at_once(lambda: people.end(first, by=first.user), lambda: people.end(second, by=second.user))
    elif step == "step down":
        results = at_once(
            lambda: people.change_role(first, role="member", by=first.user),
            lambda: people.change_role(second, role="member", by=second.user),
        )
    else:
        results = at_once(lambda: people.end(first, by=second.user), lambda: people.end(second, by=first.user))
    assert sum(isinstance(result, LastOwner) for result in results) == 1
    assert Membership.objects.owners().filter(company=company).count() == 1


def test_two_people_who_register_the_same_number_at_once_make_one_company() -> None:
    number = valid_business_number(640_001)
    pair = [make_user("하나"), make_user("둘")]
    joins = [make_join_request(user=person, business_number=number) for person in pair]
    done = at_once(
        *(
            lambda join=join, person=person: requests.describe_company(join, by=person, **FACTS)
            for join, person in zip(joins, pair, strict=True)
        )
    )
    assert sorted(join.state for join in done) == ["approved", "with_owner"]
    assert Company.objects.get().memberships.get().role == "owner"


def test_two_officers_who_let_in_two_people_at_once_make_one_owner() -> None:
    company, officers = make_company(), [make_user(role="officer") for _ in range(2)]
    joins = [make_join_request(company) for _ in range(2)]
    at_once(*(lambda join=join, by=by: requests.approve(join, by=by) for join, by in zip(joins, officers, strict=True)))
    assert sorted(Membership.objects.values_list("role", flat=True)) == ["member", "owner"]


def test_approving_and_accepting_at_once_lets_in_once() -> None:
    company = make_company()
    owner = make_member(company, role="owner")
    person = make_user(email="both@portal.example")
    join, invitation = make_join_request(company, person), make_invitation(company, owner, person.email)
    results = at_once(lambda: requests.approve(join, by=owner), lambda: invitations.accept(invitation, by=person))
    assert not [
        result for result in results if isinstance(result, JoinRefused) and not isinstance(result, AlreadySettled)
    ]
    assert person.memberships.count() == 1
    join.refresh_from_db()
    assert join.state == "approved"


def test_an_invitation_that_is_accepted_twice_at_once_counts_once() -> None:
    company = make_company()
    invitation = make_invitation(company, make_member(company, role="owner"), "once@portal.example")
    person = make_user(email="once@portal.example")
    results = at_once(*[lambda: invitations.accept(invitation, by=person)] * 2)
    assert sum(isinstance(result, AlreadySettled) for result in results) == 1
    assert person.memberships.count() == 1


def test_the_same_address_invited_twice_at_once_has_one_link_that_works() -> None:
    company = make_company()
    owner = make_member(company, role="owner")
    at_once(*[lambda: make_invitation(company, owner, "twice@portal.example")] * 2)
    assert company.invitations.open().count() == 1 and company.invitations.count() == 2


def test_the_same_request_sent_twice_at_once_is_made_once() -> None:
    company, person = make_company(), make_user()
    results = at_once(*[lambda: make_join_request(company, person)] * 2)
    assert sum(isinstance(result, JoinRefused) for result in results) == 1
    assert person.join_requests.count() == 1
