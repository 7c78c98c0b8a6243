"""An invitation: by mail, once, to one address, for two weeks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.test import Client
from django.utils import timezone

from cooperation_portal.accounts.models import User
from cooperation_portal.network.joining.services import invitations
from cooperation_portal.network.joining.services.refusals import AlreadySettled, JoinRefused
from cooperation_portal.network.models import Invitation, JoinRequest
from cooperation_portal.notices.models import Mail
from tests.network.joining.conftest import PASSWORD, link_in, mails_to, sign_up_form, words_of
from tests.people import make_company, make_invitation, make_join_request, make_member, make_user, token_of

pytestmark = pytest.mark.django_db
GONE = "쓸 수 없는 초대입니다"
ADDRESS = "colleague@dongbaek.example"


@pytest.fixture
def sent(company: Any, owner: Any) -> Any:
    return make_invitation(company, owner, ADDRESS)


@pytest.fixture
def link(sent: Any) -> str:
    return f"/company/invitation/{token_of(sent)}/"


@pytest.fixture
def invited(sent: Any) -> Any:
    return make_user("초대받은이", email=ADDRESS)


# --- sending ----------------------------------------------------------------------------------------------------------


def test_an_owner_invites_by_mail(client: Any, company: Any, owner: Any) -> None:
    client.force_login(owner)
    answer = client.post("/company/invitations/new/", {"email": "New@Dongbaek.example", "role": "member"}, follow=True)
    assert "new@dongbaek.example 주소로 초대 메일을 보냈습니다." in words_of(answer)
    [mail] = mails_to("new@dongbaek.example")
    assert "권오름" in mail.subject and owner.email in mail.text
    assert company.name not in mail.text + mail.subject, "the address may be mistyped"
    assert link_in(mail.text, "invitation").startswith("/company/invitation/")


def test_only_the_hash_of_the_token_is_kept(sent: Any, link: str) -> None:
    token = token_of(sent)
    row = Invitation.objects.filter(pk=sent.pk).values().get()
    assert token not in str(row) and len(row["token_hash"]) == 64
    history: Any = Invitation._meta.get_field("events").related_model
    assert "token_hash" not in {field.name for field in history._meta.get_fields()}


def test_inviting_again_makes_the_old_link_useless(client: Any, sent: Any, link: str, company: Any, owner: Any) -> None:
    again = make_invitation(company, owner, ADDRESS.upper())
    client.force_login(make_user(email=ADDRESS))
    assert GONE in words_of(client.get(link))
    assert client.get(f"/company/invitation/{token_of(again)}/").status_code == 200


def test_also_what_ran_out_may_be_sent_again(sent: Any, company: Any, owner: Any) -> None:
    Invitation.objects.filter(pk=sent.pk).update(expires_at=timezone.now())
    assert make_invitation(company, owner, ADDRESS).pk != sent.pk


def test_who_is_there_already_is_not_invited(client: Any, company: Any, owner: Any) -> None:
    there = make_member(company)
    client.force_login(owner)
    answer = client.post("/company/invitations/new/", {"email": there.email.upper(), "role": "member"})
    assert answer.status_code == 422 and "이미 우리 회사의 담당자로 등록된 주소입니다." in words_of(answer)


def test_the_answer_does_not_tell_whether_an_address_has_an_account(company: Any, owner: Any) -> None:
    make_user(email="known@portal.example")

    def answer(address: str) -> str:
        client = Client()
        client.force_login(owner)
        page = client.post("/company/invitations/new/", {"email": address, "role": "member"}, follow=True)
        invitations.revoke(company.invitations.open().get(), by=owner)
        return words_of(page).replace(address, "")

    assert answer("known@portal.example") == answer("unknown@portal.example")


def test_mail_is_not_sent_round(company: Any, owner: Any) -> None:
    for number in range(invitations.MOST_A_DAY):
        make_invitation(company, owner, f"p{number}@portal.example")
    with pytest.raises(JoinRefused, match="오늘은 더 초대하실 수 없습니다"):
        make_invitation(company, owner, "more@portal.example")
    assert Mail.objects.count() == invitations.MOST_A_DAY


# --- answering --------------------------------------------------------------------------------------------------------


def test_the_invited_person_accepts_and_acts_for_the_company(
    client: Any, sent: Any, link: str, invited: Any, owner: Any
) -> None:
    client.force_login(invited)
    page = words_of(client.get(link))
    assert "㈜동백정공" in page and "권오름" in page and "기업 담당자" in page
    home = words_of(client.post(link, {"answer": "accept"}, follow=True))
    assert "㈜동백정공 담당자로 이용 중" in home
    sent.refresh_from_db()
    assert (sent.accepted_by, invited.memberships.get().role) == (invited, "member")
    assert "초대를 수락하여" in mails_to(owner.email)[-1].text


def test_a_link_works_once(client: Any, sent: Any, link: str, invited: Any) -> None:
    client.force_login(invited)
    client.post(link, {"answer": "accept"})
    assert client.post(link, {"answer": "accept"}).url == "/company/", "the same person's second click does no harm"
    invited.memberships.update(ended_at=timezone.now())
    client.post(link, {"answer": "accept"})
    assert not invited.memberships.current().exists()
    other = Client()
    other.force_login(make_user())
    assert other.get(link).status_code == 404


def test_the_person_may_decline(client: Any, sent: Any, link: str, invited: Any, owner: Any) -> None:
    client.force_login(invited)
    client.post(link, {"answer": "decline"})
    assert not invited.memberships.exists() and client.get(link).status_code == 404
    assert "거절했습니다." in mails_to(owner.email)[-1].text


def test_another_address_cannot_accept(client: Any, sent: Any, link: str, company: Any) -> None:
    stranger = make_user("엉뚱한 사람")
    EmailAddress.objects.create(user=stranger, email=ADDRESS, primary=False, verified=False)
    client.force_login(stranger)
    for answer in (client.get(link), client.post(link, {"answer": "accept"})):
        assert answer.status_code == 403
        page = words_of(answer)
        assert "다른 이메일 주소로 보낸 초대입니다." in page
        assert company.name not in page and ADDRESS not in page
    assert not stranger.memberships.exists()


def test_a_second_address_of_the_person_counts_once_it_is_confirmed(client: Any, sent: Any, link: str) -> None:
    person = make_user()
    EmailAddress.objects.create(user=person, email=ADDRESS, primary=False, verified=True)
    client.force_login(person)
    client.post(link, {"answer": "accept"})
    assert person.memberships.current().exists()


@pytest.mark.parametrize("why", ["revoked", "expired", "unknown", "retired company", "inviter left"])
def test_a_link_that_is_no_good_names_nobody(
    client: Any, sent: Any, link: str, invited: Any, owner: Any, company: Any, why: str
) -> None:
    moment = timezone.now()
    if why == "revoked":
        client.force_login(owner)
        client.post(f"/company/invitations/{sent.pk}/revoke/")
    elif why == "expired":
        moment += timedelta(days=14, seconds=1)
    elif why == "unknown":
        link = link[:-5] + "xxxx/"
    elif why == "retired company":
        company.retired_on = timezone.localdate()
        company.save()
    else:
        from cooperation_portal.network.joining.services import people

        make_member(company, role="owner")
        people.end(owner.memberships.get(), by=owner)
    for person in (None, invited):
        browser = Client()
        if person:
            browser.force_login(person)
        with time_machine.travel(moment, tick=False):
            answers = [browser.get(link), browser.post(link, {"answer": "accept"})]
        for answer in answers:
            assert answer.status_code == 404 and GONE in words_of(answer)
            assert company.name not in words_of(answer)
    assert not invited.memberships.exists()


def test_it_is_good_until_the_last_second(client: Any, sent: Any, link: str, invited: Any) -> None:
    with time_machine.travel(sent.expires_at - timedelta(seconds=1), tick=False):
        client.force_login(invited)
        assert client.get(link).status_code == 200


@pytest.mark.parametrize("role", ["officer", "content_admin", "system_admin"])
def test_staff_do_not_accept(client: Any, sent: Any, link: str, role: str) -> None:
    person = make_user(role=role, email=ADDRESS)
    client.force_login(person)
    assert client.post(link, {"answer": "accept"}).status_code == 403 and not person.memberships.exists()


def test_an_owner_s_invitation_makes_a_member_an_owner(client: Any, company: Any, owner: Any) -> None:
    colleague = make_member(company)
    EmailAddress.objects.create(user=colleague, email=ADDRESS, primary=False, verified=False)
    invitation = make_invitation(company, owner, ADDRESS, role="owner")
    EmailAddress.objects.filter(email=ADDRESS).update(verified=True)
    client.force_login(colleague)
    client.post(f"/company/invitation/{token_of(invitation)}/", {"answer": "accept"})
    assert colleague.memberships.get().role == "owner"


def test_who_waited_for_the_owner_waits_no_longer(
    client: Any, sent: Any, link: str, invited: Any, company: Any
) -> None:
    join = make_join_request(company, invited)
    client.force_login(invited)
    client.post(link, {"answer": "accept"})
    join.refresh_from_db()
    assert join.state == "approved" and invited.memberships.count() == 1


def test_an_invitation_of_another_company_is_not_taken_back(client: Any, sent: Any) -> None:
    client.force_login(make_member(make_company(), role="owner"))
    assert client.post(f"/company/invitations/{sent.pk}/revoke/").status_code == 404
    sent.refresh_from_db()
    assert sent.revoked_at is None


def test_what_was_answered_cannot_be_taken_back(sent: Any, invited: Any, owner: Any) -> None:
    invitations.accept(sent, by=invited)
    with pytest.raises(AlreadySettled):
        invitations.revoke(sent, by=owner)


# --- without an account -----------------------------------------------------------------------------------------------


def test_a_guest_is_asked_to_sign_in_or_up_and_learns_no_name(client: Any, link: str, company: Any) -> None:
    answer = client.get(link)
    page = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    assert company.name not in page and ADDRESS not in page
    assert f"/accounts/signup/?next={quote(link)}" in page and f"/accounts/login/?next={quote(link)}" in page


def test_an_invited_newcomer_signs_up_without_a_number_and_comes_back(client: Any, link: str, company: Any) -> None:
    form = client.get("/accounts/signup/", {"next": link})
    assert "사업자등록번호" not in words_of(form) and f'value="{ADDRESS}"' in form.content.decode()
    typed = sign_up_form(email=ADDRESS, where=None, business_number=None, next=link)
    assert client.post("/accounts/signup/", typed).status_code == 302
    assert not JoinRequest.objects.exists()

    elsewhere = Client()  # the mail is read on another machine
    confirmation = link_in(mails_to(ADDRESS)[-1].text, "confirm-email")
    page = elsewhere.get(confirmation).content.decode()
    assert f'name="next" value="{link}"' in page
    assert elsewhere.post(confirmation.partition("?")[0], {"next": link}).url == link
    assert elsewhere.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD, "next": link}).url == link
    elsewhere.post(link, {"answer": "accept"})
    assert User.objects.get(email=ADDRESS).memberships.get().company == company


@pytest.mark.parametrize(
    "target", ["/company/invitation/unknown/", "/demands/", "https://evil.example/", "//evil.example"]
)
def test_no_other_address_spares_the_number(client: Any, target: str) -> None:
    answer = client.post("/accounts/signup/", sign_up_form(business_number=None, next=target))
    assert "business_number" in answer.context["form"].errors


def test_the_first_page_reminds_of_an_invitation(sent: Any, invited: Any) -> None:
    from cooperation_portal.network.joining.queries import next_step

    assert [found.pk for found in next_step(invited).invitations] == [sent.pk]
    assert next_step(make_user()).invitations == []
