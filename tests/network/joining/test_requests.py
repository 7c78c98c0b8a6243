"""A person's way into a company: what is asked, who is asked, what can follow."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from cooperation_portal.network.joining.services import requests
from cooperation_portal.network.joining.services.refusals import AlreadySettled, JoinRefused
from cooperation_portal.network.models import JOIN_TRANSITIONS, Company, JoinRequest, JoinState, Membership
from cooperation_portal.taxonomy.models import Country
from tests.network.joining.conftest import mails_to, words_of
from tests.people import make_company, make_invitation, make_join_request, make_member, make_user, valid_business_number

pytestmark = pytest.mark.django_db
FACTS = {"name": "㈜봄날", "company_class": "sme", "size": "small"}


@pytest.fixture
def newcomer(db: None) -> Any:
    return make_user("유아람")


def ask(client: Any, person: Any, number: str, **more: Any) -> Any:
    client.force_login(person)
    return client.post("/company/join/", {"where": "home", "business_number": number} | more, follow=True)


# --- asking as somebody who is signed in ------------------------------------------------------------------------------


def test_a_signed_in_person_asks_and_sees_how_it_stands(client: Any, newcomer: Any, company: Any, owner: Any) -> None:
    page = words_of(ask(client, newcomer, company.business_number))
    assert "기업 대표 담당자의 승인을 기다립니다." in page and "승인을 기다리고 있습니다." in page
    assert company.name not in page and owner.name not in page


def test_a_member_may_act_for_a_second_company(client: Any, member: Any) -> None:
    answer = ask(client, member, valid_business_number(610_001))
    assert answer.redirect_chain[-1][0].endswith("/details/")
    client.post(answer.redirect_chain[-1][0], FACTS)
    assert member.memberships.current().count() == 2


def test_the_same_number_is_not_asked_for_twice(client: Any, newcomer: Any, company: Any, owner: Any) -> None:
    ask(client, newcomer, company.business_number)
    again = ask(client, newcomer, company.business_number)
    assert again.status_code == 422 and "같은 번호로 이미 신청하셨습니다." in words_of(again)
    assert newcomer.join_requests.count() == 1


def test_nobody_asks_to_join_the_own_company(client: Any, member: Any, company: Any) -> None:
    answer = ask(client, member, company.business_number)
    assert answer.status_code == 422 and "이미 이 기업의 담당자로 등록되어 있습니다." in words_of(answer)


def test_numbers_cannot_be_tried_without_end(newcomer: Any) -> None:
    """The answer tells whether a number is registered; and each request may write to strangers."""
    for serial in range(requests.MOST_OPEN):
        make_join_request(user=newcomer, business_number=valid_business_number(620_000 + serial))
    with pytest.raises(JoinRefused, match="진행 중인 신청이 너무 많습니다"):
        make_join_request(user=newcomer, business_number=valid_business_number(620_100))
    for serial in range(requests.MOST_OPEN, requests.MOST_A_DAY):
        requests.withdraw(newcomer.join_requests.open().first(), by=newcomer)
        make_join_request(user=newcomer, business_number=valid_business_number(620_000 + serial))
    requests.withdraw(newcomer.join_requests.open().first(), by=newcomer)
    with pytest.raises(JoinRefused, match="오늘은 더 신청하실 수 없습니다"):
        make_join_request(user=newcomer, business_number=valid_business_number(620_101))


@pytest.mark.parametrize("role", ["officer", "content_admin", "system_admin"])
def test_staff_are_not_on_both_sides_at_once(client: Any, role: str, company: Any) -> None:
    client.force_login(make_user(role=role))
    assert client.get("/company/join/").status_code == 403
    answer = client.post("/company/join/", {"where": "home", "business_number": company.business_number})
    assert answer.status_code == 403 and not JoinRequest.objects.exists()


# --- describing an unknown company ------------------------------------------------------------------------------------


def test_details_at_home_register_the_company_at_once(newcomer: Any) -> None:
    join = make_join_request(user=newcomer, business_number=valid_business_number(630_001))
    done = requests.describe_company(join, by=newcomer, **FACTS)
    assert (done.state, done.company.name, done.company.confirmed_at) == ("approved", "㈜봄날", None)
    assert newcomer.memberships.get().role == "owner"


def test_details_abroad_wait_for_an_officer_and_register_nothing(newcomer: Any) -> None:
    china = Country.objects.get(code="CN")
    join = make_join_request(user=newcomer, site_country=china, local_registration_number="9131")
    done = requests.describe_company(join, by=newcomer, **FACTS)
    assert (done.state, done.company) == ("with_officer", None)
    assert not Company.objects.exists() and not newcomer.memberships.exists()
    assert "사업담당자가 확인하고 있습니다." in mails_to(newcomer.email)[-1].text


def test_details_cannot_be_sent_twice(newcomer: Any) -> None:
    join = make_join_request(user=newcomer, business_number=valid_business_number(630_002))
    requests.describe_company(join, by=newcomer, **FACTS)
    with pytest.raises(AlreadySettled):
        requests.describe_company(join, by=newcomer, **FACTS | {"name": "㈜다른이름"})
    assert Company.objects.get().name == "㈜봄날"


def test_who_comes_second_with_a_number_asks_the_first(client: Any, newcomer: Any) -> None:
    number = valid_business_number(630_003)
    first, second = make_user("먼저"), newcomer
    joins = [make_join_request(user=person, business_number=number) for person in (first, second)]
    assert [join.state for join in joins] == ["details", "details"]
    requests.describe_company(joins[0], by=first, **FACTS)
    client.force_login(second)
    page = words_of(client.post(f"/company/join/{joins[1].pk}/details/", FACTS | {"name": "㈜둘째"}, follow=True))
    assert "그사이 같은 번호의 기업이 등록되어" in page and "㈜봄날" not in page and "먼저" not in page
    joins[1].refresh_from_db()
    assert joins[1].state == "with_owner" and Company.objects.count() == 1
    assert not second.memberships.exists()


def test_a_company_that_the_office_entered_meanwhile_is_not_taken_over(newcomer: Any) -> None:
    number = valid_business_number(630_004)
    join = make_join_request(user=newcomer, business_number=number)
    imported = make_company("㈜가져온기업", business_number=number)
    done = requests.describe_company(join, by=newcomer, **FACTS)
    assert (done.state, done.company) == ("with_officer", imported) and not newcomer.memberships.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"name": ""}, "name"), ({"established": "2999"}, "established"), ({"website": "아무 말"}, "website")],
)
def test_details_that_are_wrong_are_said_beside_the_field(
    client: Any, newcomer: Any, changed: dict[str, str], field: str
) -> None:
    join = make_join_request(user=newcomer, business_number=valid_business_number(630_005))
    client.force_login(newcomer)
    answer = client.post(f"/company/join/{join.pk}/details/", FACTS | changed)
    assert answer.status_code == 422 and set(answer.context["form"].errors) == {field}
    assert not Company.objects.exists()


# --- what an owner answers --------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(company: Any, owner: Any, newcomer: Any) -> Any:
    return make_join_request(company, newcomer, note="생산기술팀입니다.")


def test_an_owner_sees_who_waits_and_lets_in(client: Any, waiting: Any, owner: Any, newcomer: Any) -> None:
    client.force_login(owner)
    home = words_of(client.get("/company/"))
    assert "답을 기다리는 담당자 신청 1건" in home and "유아람" in home and "생산기술팀입니다." in home
    client.post(f"/company/requests/{waiting.pk}/", {"decision": "approve"})
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by) == ("approved", owner)
    assert newcomer.memberships.get().role == "member"
    assert "㈜동백정공의 기업 담당자로 등록되었습니다." in mails_to(newcomer.email)[-1].text


def test_a_refusal_needs_a_reason_and_tells_it_without_the_company_s_name(
    client: Any, waiting: Any, owner: Any, newcomer: Any, company: Any
) -> None:
    client.force_login(owner)
    answer = client.post(f"/company/requests/{waiting.pk}/", {"decision": "refuse"})
    assert answer.status_code == 422 and "거절하는 까닭을 적어 주십시오." in words_of(answer)
    client.post(f"/company/requests/{waiting.pk}/", {"decision": "refuse", "reason": "우리 회사 사람이 아닙니다."})
    waiting.refresh_from_db()
    assert waiting.state == "refused" and not newcomer.memberships.exists()
    mail = mails_to(newcomer.email)[-1]
    assert "사유: 우리 회사 사람이 아닙니다." in mail.text
    assert company.name not in mail.text + mail.subject and owner.name not in mail.text


def test_who_was_refused_reads_why_and_may_ask_again(
    client: Any, waiting: Any, owner: Any, newcomer: Any, company: Any
) -> None:
    requests.refuse(waiting, by=owner, reason="사번을 알려 주십시오.")
    client.force_login(newcomer)
    assert "사번을 알려 주십시오." in words_of(client.get("/company/join/"))
    assert make_join_request(company, newcomer).state == "with_owner"


def test_a_second_answer_is_told_that_it_comes_late(client: Any, waiting: Any, owner: Any, company: Any) -> None:
    other = make_member(company, "다른 대표", "owner")
    requests.refuse(waiting, by=other, reason="모르는 분입니다.")
    client.force_login(owner)
    late = client.post(f"/company/requests/{waiting.pk}/", {"decision": "approve"})
    assert late.status_code == 409 and "이미 처리되었거나 철회된 신청입니다." in words_of(late)
    assert not waiting.user.memberships.exists()


def test_a_withdrawn_request_is_not_approved(client: Any, waiting: Any, owner: Any, newcomer: Any) -> None:
    client.force_login(newcomer)
    client.post(f"/company/join/{waiting.pk}/withdraw/")
    client.force_login(owner)
    assert client.post(f"/company/requests/{waiting.pk}/", {"decision": "approve"}).status_code == 409
    assert not newcomer.memberships.exists()


def test_nobody_lets_in_oneself_or_for_another_company(
    client: Any, waiting: Any, newcomer: Any, outsider: Any, member: Any, company: Any
) -> None:
    colleague = make_member(company)
    for person in (newcomer, outsider, colleague, make_user(role="officer")):
        client.force_login(person)
        answer = client.post(f"/company/requests/{waiting.pk}/", {"decision": "approve"})
        assert answer.status_code == 404, person
    assert not newcomer.memberships.exists()


def test_a_plain_member_sees_people_but_no_buttons_and_no_requests(client: Any, waiting: Any, company: Any) -> None:
    client.force_login(make_member(company, "동료"))
    page = client.get("/company/")
    assert "권오름" in words_of(page) and "유아람" not in words_of(page)
    for address in ("/role/", "/invitations/", "/company/edit/"):
        assert address not in page.content.decode()


def test_approval_of_who_became_a_member_meanwhile_changes_nothing(waiting: Any, owner: Any, company: Any) -> None:
    Membership.objects.create(user=waiting.user, company=company, role="owner")
    requests.approve(waiting, by=owner)
    assert waiting.user.memberships.get().role == "owner"


# --- the table of steps -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", JoinState.values)
def test_only_steps_of_the_table_are_taken(state: str, company: Any, owner: Any, newcomer: Any) -> None:
    join = make_join_request(company, newcomer)
    steps = {
        "withdrawn": lambda: requests.withdraw(join, by=newcomer),
        "approved": lambda: requests.approve(join, by=owner),
        "refused": lambda: requests.refuse(join, by=owner, reason="시험"),
    }
    for to, step in steps.items():
        JoinRequest.objects.filter(pk=join.pk).update(state=state)
        Membership.objects.filter(user=newcomer).delete()
        may = to in JOIN_TRANSITIONS[state] and not (to == "approved" and state == "details")
        if may:
            step()
            join.refresh_from_db()
            assert join.state == to
        else:
            with pytest.raises(AlreadySettled):
                step()


def test_an_unconfirmed_request_is_routed_once(newcomer: Any, company: Any, owner: Any) -> None:
    join = make_join_request(company, newcomer)
    requests.refuse(join, by=owner, reason="시험")
    assert requests.route(join, by=newcomer).state == "refused"


# --- the first page ---------------------------------------------------------------------------------------------------


def test_the_next_step_names_what_waits(waiting: Any, owner: Any, newcomer: Any, company: Any) -> None:
    from cooperation_portal.network.joining.queries import next_step

    mine = next_step(newcomer)
    assert ([join.pk for join in mine.requests], mine.refused, mine.to_decide) == ([waiting.pk], None, [])
    assert next_step(owner).to_decide == [{"company": company.pk, "company__name": company.name, "count": 1}]
    requests.refuse(waiting, by=owner, reason="시험")
    assert next_step(newcomer).refused == waiting and next_step(owner).to_decide == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_next_step_is_found_in_three_queries(count: int, newcomer: Any, django_assert_num_queries: Any) -> None:
    from cooperation_portal.network.joining.queries import next_step

    for serial in range(count):
        company = make_company()
        make_invitation(company, make_member(company, role="owner"), newcomer.email)
        make_join_request(user=newcomer, business_number=valid_business_number(650_000 + serial))
    with django_assert_num_queries(3):
        step = next_step(newcomer)
        names = [(join.site_country.name, join.company) for join in step.requests]
        names += [(invitation.company.name, None) for invitation in step.invitations]
    assert len(names) == 2 * count


def test_a_retired_company_takes_nobody_in(ownerless: Any, officer: Any, newcomer: Any) -> None:
    join = make_join_request(ownerless, newcomer)
    ownerless.retired_on = timezone.localdate()
    ownerless.save()
    with pytest.raises(JoinRefused, match="사용이 중지된 기업입니다"):
        requests.approve(join, by=officer)
    assert not newcomer.memberships.exists()
