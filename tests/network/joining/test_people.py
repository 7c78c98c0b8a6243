"""A company's people: it always keeps somebody who decides for it."""

from __future__ import annotations

from typing import Any

import pytest

from cooperation_portal.network.joining.services import people
from cooperation_portal.network.joining.services.refusals import AlreadySettled, LastOwner
from cooperation_portal.network.models import Membership
from tests.network.joining.conftest import mails_to, words_of
from tests.people import make_company, make_invitation, make_join_request, make_member

pytestmark = pytest.mark.django_db
LAST = "기업 대표 담당자는 한 사람 이상 있어야 합니다."


def membership(person: Any) -> Any:
    return Membership.objects.get(user=person)


@pytest.fixture
def colleague(company: Any) -> Any:
    return make_member(company, "동료 하나")


def test_the_last_owner_neither_steps_down_nor_leaves(client: Any, company: Any, owner: Any, colleague: Any) -> None:
    client.force_login(owner)
    mine = membership(owner)
    assert LAST in words_of(client.post(f"/company/people/{mine.pk}/role/", {"role": "member"}, follow=True))
    assert LAST in words_of(client.post(f"/company/people/{mine.pk}/end/", follow=True))
    mine.refresh_from_db()
    assert (mine.role, mine.ended_at) == ("owner", None)


def test_the_last_owner_is_not_offered_what_would_be_refused(
    client: Any, company: Any, owner: Any, colleague: Any
) -> None:
    client.force_login(owner)
    end = f"/company/people/{membership(owner).pk}/end/"
    page = client.get("/company/")
    assert "대표에서 해제" not in words_of(page) and end not in page.content.decode()
    assert LAST in words_of(page)
    client.post(f"/company/people/{membership(colleague).pk}/role/", {"role": "owner"})
    page = client.get("/company/")
    assert "대표에서 해제" in words_of(page) and end in page.content.decode()


def test_after_naming_another_the_owner_may_go(client: Any, company: Any, owner: Any, colleague: Any) -> None:
    client.force_login(owner)
    client.post(f"/company/people/{membership(colleague).pk}/role/", {"role": "owner"})
    assert membership(colleague).role == "owner"
    assert client.post(f"/company/people/{membership(owner).pk}/end/").url == "/"
    assert membership(owner).ended_at is not None
    assert client.get("/company/").url == "/company/join/"


def test_an_owner_whose_account_is_switched_off_does_not_count(company: Any, owner: Any) -> None:
    off = make_member(company, "떠난 대표", "owner")
    off.is_active = False
    off.save()
    with pytest.raises(LastOwner):
        people.end(membership(owner), by=owner)
    people.end(membership(off), by=owner)


def test_an_owner_sends_a_colleague_away(client: Any, company: Any, owner: Any, colleague: Any) -> None:
    client.force_login(owner)
    page = words_of(client.get(f"/company/people/{membership(colleague).pk}/end/"))
    assert "동료 하나 님은 ㈜동백정공의 수요와 추천을 더 볼 수 없게" in page
    client.post(f"/company/people/{membership(colleague).pk}/end/")
    assert not colleague.memberships.current().exists()
    [mail] = mails_to(colleague.email)
    assert "담당자 등록을 끝냈습니다." in mail.text


def test_a_member_leaves_alone_and_changes_nobody(client: Any, company: Any, owner: Any, colleague: Any) -> None:
    client.force_login(colleague)
    assert client.post(f"/company/people/{membership(owner).pk}/end/").status_code == 404
    assert client.post(f"/company/people/{membership(owner).pk}/role/", {"role": "member"}).status_code == 404
    assert client.post(f"/company/people/{membership(colleague).pk}/role/", {"role": "owner"}).status_code == 403
    client.post(f"/company/people/{membership(colleague).pk}/end/")
    assert membership(colleague).ended_at is not None and membership(owner).ended_at is None
    assert not mails_to(colleague.email), "who goes by oneself needs no mail"


def test_what_has_ended_is_not_ended_again(company: Any, owner: Any, colleague: Any) -> None:
    mine = membership(colleague)
    people.end(mine, by=owner)
    for again in (lambda: people.end(mine, by=owner), lambda: people.change_role(mine, role="owner", by=owner)):
        with pytest.raises(AlreadySettled):
            again()


@pytest.mark.parametrize("how", ["end", "step down"])
def test_a_former_owner_s_invitations_do_not_outlast_the_office(company: Any, owner: Any, how: str) -> None:
    other = make_member(company, "둘째 대표", "owner")
    invitation = make_invitation(company, other)
    if how == "end":
        people.end(membership(other), by=owner)
    else:
        people.change_role(membership(other), role="member", by=owner)
    invitation.refresh_from_db()
    assert invitation.revoked_at is not None


def test_who_left_may_come_back(company: Any, owner: Any, colleague: Any) -> None:
    from cooperation_portal.network.joining.services.requests import approve

    people.end(membership(colleague), by=owner)
    approve(make_join_request(company, colleague), by=owner)
    assert colleague.memberships.count() == 2 and colleague.memberships.current().count() == 1


def test_a_role_that_does_not_exist_changes_nothing(client: Any, owner: Any, colleague: Any) -> None:
    client.force_login(owner)
    client.post(f"/company/people/{membership(colleague).pk}/role/", {"role": "emperor"})
    assert membership(colleague).role == "member"


# --- the company's own facts ------------------------------------------------------------------------------------------


def facts(**changed: Any) -> dict[str, Any]:
    return {"name_en": "Dongbaek", "city": "포항", "website": "https://dongbaek.example", "edit_version": 1} | changed


def test_an_owner_keeps_the_facts_but_not_name_and_number(client: Any, company: Any, owner: Any) -> None:
    client.force_login(owner)
    number = company.business_number
    client.post("/company/edit/", facts(name="㈜다른이름", business_number="1248100998"))
    company.refresh_from_db()
    assert (company.name, company.business_number) == ("㈜동백정공", number)
    assert (company.name_en, company.city, company.edit_version) == ("Dongbaek", "포항", 2)
    assert "사업담당자에게 알려 주십시오." in words_of(client.get("/company/edit/"))


def test_an_old_page_is_shown_again_with_what_stands_now(client: Any, company: Any, owner: Any) -> None:
    client.force_login(owner)
    client.post("/company/edit/", facts(city="울산"))
    late = client.post("/company/edit/", facts(city="부산"))
    assert late.status_code == 409 and "울산" in words_of(late) and 'value="부산"' in late.content.decode()
    client.post("/company/edit/", facts(city="부산", edit_version=late.context["form"]["edit_version"].value()))
    company.refresh_from_db()
    assert company.city == "부산"


# --- for whom one acts ------------------------------------------------------------------------------------------------


@pytest.fixture
def second(member: Any) -> Any:
    company = make_company("㈜하늘")
    Membership.objects.create(user=member, company=company, role="member")
    return company


def test_the_company_one_acts_for_stands_on_every_page(client: Any, member: Any) -> None:
    client.force_login(member)
    for address in ("/", "/company/", "/company/join/", "/technologies/", "/nowhere/"):
        assert "㈜동백정공 담당자로 이용 중" in words_of(client.get(address)), address


def test_who_acts_for_several_chooses_and_sees_the_chosen(client: Any, member: Any, company: Any, second: Any) -> None:
    client.force_login(member)
    page = words_of(client.get("/company/"))
    assert "㈜동백정공 담당자로 이용 중" in page and "기업 바꾸기" in page
    answer = words_of(client.post("/company/choose/", {"company": second.pk}, follow=True))
    assert "㈜하늘 담당자로 이용 중" in answer and "이제 ‘㈜하늘’ 담당자로 이용하십니다." in answer
    assert client.get("/company/invitations/new/").status_code == 403, "owner of the other company only"


def test_who_acts_for_one_is_offered_no_choice(client: Any, member: Any) -> None:
    client.force_login(member)
    assert "기업 바꾸기" not in words_of(client.get("/"))


@pytest.mark.parametrize("wrong", ["", "x", "999999", "-1"])
def test_a_company_of_others_cannot_be_chosen(client: Any, member: Any, outsider: Any, wrong: str) -> None:
    client.force_login(member)
    assert client.post("/company/choose/", {"company": wrong}).status_code == 404
    theirs = outsider.memberships.get().company_id
    assert client.post("/company/choose/", {"company": theirs}).status_code == 404
    assert "㈜동백정공 담당자로 이용 중" in words_of(client.get("/"))


def test_a_membership_that_ended_falls_back_silently(client: Any, member: Any, second: Any) -> None:
    client.force_login(member)
    client.post("/company/choose/", {"company": second.pk})
    people.end(Membership.objects.get(user=member, company=second), by=member)
    assert "㈜동백정공 담당자로 이용 중" in words_of(client.get("/company/join/"))
    member.memberships.update(ended_at=member.date_joined)
    assert "담당자로 이용 중" not in words_of(client.get("/"))


def test_staff_act_for_no_company_and_no_query_asks(
    client: Any, officer: Any, company: Any, django_assert_num_queries: Any
) -> None:
    from cooperation_portal.network.acting import companies_of

    Membership.objects.create(user=officer, company=company, role="owner")
    client.force_login(officer)
    assert "담당자로 이용 중" not in words_of(client.get("/"))
    assert officer.roles
    with django_assert_num_queries(0):
        assert companies_of(officer) == []
