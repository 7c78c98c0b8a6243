"""Signing up tells nobody anything before the address is confirmed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from cooperation_portal.accounts.models import User
from cooperation_portal.network.models import Company, JoinRequest, JoinState
from cooperation_portal.notices.models import Mail
from tests.network.joining.conftest import PASSWORD, link_in, mails_to, sign_up_form, words_of
from tests.people import make_company, make_member, make_user, valid_business_number

pytestmark = pytest.mark.django_db
ADDRESS = "bom@portal.example"


def the_request() -> Any:
    return JoinRequest.objects.get(user__email=ADDRESS)


# --- the form ---------------------------------------------------------------------------------------------------------


def test_the_page_offers_everything_by_its_label(client: Any) -> None:
    page = words_of(client.get("/accounts/signup/"))
    for label in (
        "이름",
        "이메일",
        "비밀번호 확인",
        "국내",
        "해외",
        "사업자등록번호",
        "현지 등록번호",
        "이용약관에 동의합니다.",
    ):
        assert label in page
    assert "회원가입" in words_of(client.get("/accounts/login/"))


def test_signing_up_makes_an_account_and_a_request_that_waits_for_the_confirmation(client: Any) -> None:
    answer = client.post("/accounts/signup/", sign_up_form(note="생산기술팀 과장입니다."))
    assert answer.status_code == 302 and answer.url == "/accounts/confirm-email/"
    person = User.objects.get(email=ADDRESS)
    assert (person.name, person.language) == ("윤새봄", "ko")
    assert not person.emailaddress_set.get().verified
    join = the_request()
    assert (join.state, join.company, join.note) == ("unconfirmed", None, "생산기술팀 과장입니다.")
    assert [mail.recipient for mail in Mail.objects.all()] == [ADDRESS]


def test_consent_to_both_texts_is_kept_with_their_wording(client: Any) -> None:
    from django.core.management import call_command

    from cooperation_portal.pages.models import Consent

    call_command("load_pages")
    client.post("/accounts/signup/", sign_up_form())
    assert {consent.version.page.slug for consent in Consent.objects.filter(user__email=ADDRESS)} == {
        "terms",
        "privacy",
    }


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"name": None}, "name", "이름을 적어 주십시오."),
        ({"name": "https://evil.example 눌러요"}, "name", "이름만 적어 주십시오. 주소나 기호는 쓸 수 없습니다."),
        ({"terms": None}, "terms", "이용약관에 동의하셔야 가입하실 수 있습니다."),
        ({"privacy": None}, "privacy", "개인정보 수집·이용에 동의하셔야 가입하실 수 있습니다."),
        (
            {"password2": "다른 암호 열두 글자 이상"},
            "password2",
            "두 비밀번호가 서로 다릅니다. 같은 비밀번호를 두 번 적어 주십시오.",
        ),
        ({"business_number": ""}, "business_number", "사업자등록번호를 적어 주십시오."),
        (
            {"business_number": "124-81-00999"},
            "business_number",
            "사업자등록번호가 맞지 않습니다. 사업자등록증의 숫자 10자리를 다시 확인해 주십시오.",
        ),
        ({"where": "abroad"}, "site_country", "기업이 있는 국가를 골라 주십시오."),
        ({"where": "abroad"}, "local_registration_number", "현지 등록번호를 적어 주십시오."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client: Any, changed: dict[str, Any], field: str, words: str) -> None:
    form = client.post("/accounts/signup/", sign_up_form(**changed)).context["form"]
    assert form.errors[field] == [words]
    assert not User.objects.exists()


@pytest.mark.parametrize("typed", ["124-81-00998", "1248100998", " 124 81 00998 ", "１２４–８１–００９９８"])
def test_a_number_is_understood_however_it_is_typed(client: Any, typed: str) -> None:
    client.post("/accounts/signup/", sign_up_form(business_number=typed))
    assert the_request().business_number == "1248100998"


def test_what_was_typed_for_the_other_kind_of_company_is_left_out(client: Any) -> None:
    from cooperation_portal.taxonomy.models import Country

    china = Country.objects.get(code="CN")
    abroad = {"where": "abroad", "site_country": china.pk, "local_registration_number": "91310000MA1"}
    client.post("/accounts/signup/", sign_up_form(**abroad, business_number="wrong"))
    join = the_request()
    assert (join.business_number, join.site_country, join.local_registration_number) == ("", china, "91310000MA1")


def test_korea_is_not_abroad(client: Any) -> None:
    from cooperation_portal.taxonomy.models import Country

    korea = {"where": "abroad", "site_country": Country.objects.get(code="KR").pk, "local_registration_number": "1"}
    assert "site_country" in client.post("/accounts/signup/", sign_up_form(**korea)).context["form"].errors


def test_language_of_the_page_becomes_that_of_the_person(client: Any) -> None:
    client.cookies["language"] = "en"
    client.post("/accounts/signup/", sign_up_form())
    assert User.objects.get(email=ADDRESS).language == "en"


# --- nothing can be found out -----------------------------------------------------------------------------------------


def whole_answer(client: Any, **changed: Any) -> tuple[Any, ...]:
    """Everything that reaches the browser, but for tokens and the words that were typed."""
    answer = client.post("/accounts/signup/", sign_up_form(**changed))
    after = client.get(answer.url)
    body = re.sub(r"\b[A-Za-z0-9]{64}\b", "", after.content.decode()).replace(changed["email"], "")
    headers = {name: value for name, value in after.headers.items() if name != "Content-Length"}
    cookies = {name: (bool(cookie.value), cookie["max-age"]) for name, cookie in answer.cookies.items()}
    return answer.status_code, answer.url, body, headers, sorted(cookies.items())


def known_company(kind: str) -> str:
    company = make_company("㈜비밀스러운회사")
    if kind != "ownerless":
        make_member(company, "대표님", "owner")
    if kind == "retired":
        company.retired_on = timezone.localdate()
        company.save()
    return str(company.business_number)


@pytest.mark.parametrize("kind", ["owned", "ownerless", "retired"])
def test_a_known_number_looks_like_an_unknown_one(kind: str) -> None:
    from django.test import Client

    unknown = whole_answer(Client(), email="one@portal.example", business_number=valid_business_number(600_002))
    known = whole_answer(Client(), email="two@portal.example", business_number=known_company(kind))
    assert known == unknown
    first, second = mails_to("one@portal.example"), mails_to("two@portal.example")
    links = r"https?://\S+"
    assert [re.sub(links, "", m.text).replace("one@", "") for m in first] == [
        re.sub(links, "", m.text).replace("two@", "") for m in second
    ]
    assert Mail.objects.count() == 2, "nobody else is written to before the address is confirmed"
    assert {join.state for join in JoinRequest.objects.all()} == {"unconfirmed"}
    assert not JoinRequest.objects.filter(company__isnull=False).exists()


def test_a_known_address_looks_like_an_unknown_one() -> None:
    from django.test import Client

    make_user(email="known@portal.example")
    unknown = whole_answer(Client(), email="unknown@portal.example")
    known = whole_answer(Client(), email="known@portal.example")
    assert known == unknown
    assert User.objects.filter(email="known@portal.example").count() == 1
    assert not JoinRequest.objects.filter(user__email="known@portal.example").exists()
    [mail] = mails_to("known@portal.example")
    assert "이미 이 주소로 등록된 계정이 있습니다." in mail.text


def test_an_address_that_differs_in_case_only_is_known(client: Any) -> None:
    make_user(email="Upper.Case@portal.example")
    answer = client.post("/accounts/signup/", sign_up_form(email="upper.case@portal.example"))
    assert answer.status_code == 302 and User.objects.count() == 1


def test_an_address_that_was_taken_in_this_very_moment_is_known(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look and the writing somebody else signed up."""
    from cooperation_portal.accounts.adapter import AccountAdapter

    saving = AccountAdapter.save_user

    def late(self: Any, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        monkeypatch.setattr(AccountAdapter, "save_user", saving)
        raise IntegrityError("duplicate key")

    def taken(email: str) -> bool:
        make_user(email=email)
        return True

    from cooperation_portal.network.joining import queries

    monkeypatch.setattr(AccountAdapter, "save_user", late)
    monkeypatch.setattr(queries, "address_is_taken", taken)
    answer = client.post("/accounts/signup/", sign_up_form())
    assert (answer.status_code, answer.url) == (302, "/accounts/confirm-email/")
    assert User.objects.filter(email=ADDRESS).count() == 1
    assert "이미 이 주소로 등록된 계정이 있습니다." in mails_to(ADDRESS)[-1].text


def test_a_fault_leaves_nothing_behind(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from cooperation_portal.network.joining.forms import sign_up

    def broken(**values: Any) -> Any:
        raise RuntimeError

    monkeypatch.setattr(sign_up, "ask_to_join", broken)
    client.raise_request_exception = False
    with transaction.atomic():
        assert client.post("/accounts/signup/", sign_up_form()).status_code == 500
    assert not User.objects.exists() and not Mail.objects.exists()


# --- after the confirmation -------------------------------------------------------------------------------------------


def test_a_company_with_an_owner_asks_its_owner(client: Any, confirm: Any, company: Any, owner: Any) -> None:
    client.post("/accounts/signup/", sign_up_form(business_number=company.business_number))
    assert confirm(ADDRESS).url == "/accounts/login/"
    join = the_request()
    assert (join.state, join.company) == ("with_owner", company)

    [asked] = mails_to(owner.email)
    assert "윤새봄" in asked.subject and "㈜동백정공의 담당자로 신청했습니다." in asked.text
    assert link_in(asked.text, "requests") == f"/company/requests/{join.pk}/"
    [_, told] = mails_to(ADDRESS)
    assert "기업 대표 담당자의 승인을 기다립니다." in told.text
    for secret in (company.name, "동백", owner.name, owner.email):
        assert secret not in told.text + told.subject


def test_a_company_without_an_owner_asks_an_officer(client: Any, confirm: Any, ownerless: Any) -> None:
    """The office entered it and may have written down what is confidential: nobody walks in by knowing the number."""
    client.post("/accounts/signup/", sign_up_form(business_number=ownerless.business_number))
    confirm(ADDRESS)
    assert (the_request().state, the_request().company) == ("with_officer", ownerless)
    assert not the_request().user.memberships.exists()
    assert ownerless.name not in mails_to(ADDRESS)[-1].text


def test_an_unknown_company_is_described_by_its_first_person(client: Any, confirm: Any) -> None:
    client.post("/accounts/signup/", sign_up_form())
    confirm(ADDRESS)
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    join = the_request()
    assert join.state == "details"
    form = {
        "name": "㈜봄날",
        "name_en": "Bomnal",
        "company_class": "startup",
        "size": "small",
        "website": "bomnal.example",
    }
    answer = client.post(f"/company/join/{join.pk}/details/", form, follow=True)
    company = Company.objects.get(name="㈜봄날")
    assert (company.business_number, company.website) == (join.business_number, "https://bomnal.example")
    assert company.memberships.get().role == "owner" and the_request().state == "approved"
    assert "㈜봄날 담당자로 이용 중" in words_of(answer)


@pytest.mark.parametrize(("retire", "state"), [(False, "with_owner"), (True, "with_officer")])
def test_the_number_of_a_merged_company_leads_to_the_one_that_is_left(
    client: Any, confirm: Any, company: Any, owner: Any, retire: bool, state: str
) -> None:
    old = make_company("㈜옛동백", merged_into=company, retired_on=timezone.localdate())
    if retire:
        company.retired_on = timezone.localdate()
        company.save()
    client.post("/accounts/signup/", sign_up_form(business_number=old.business_number))
    confirm(ADDRESS)
    assert (the_request().state, the_request().company) == (state, company)


def test_a_company_abroad_is_found_however_its_number_is_written(client: Any, confirm: Any) -> None:
    from cooperation_portal.taxonomy.models import Country

    china = Country.objects.get(code="CN")
    company = make_company(
        "상하이법인", business_number="", site_country=china, local_registration_number="9131-0000 MA1"
    )
    make_member(company, role="owner")
    typed = {"where": "abroad", "site_country": china.pk, "local_registration_number": "91310000ma1"}
    client.post("/accounts/signup/", sign_up_form(**typed))
    confirm(ADDRESS)
    assert (the_request().state, the_request().company) == ("with_owner", company)


def test_confirming_twice_asks_once(client: Any, confirm: Any, company: Any, owner: Any) -> None:
    client.post("/accounts/signup/", sign_up_form(business_number=company.business_number))
    confirm(ADDRESS)
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert len(mails_to(owner.email)) == 1


def test_the_link_of_an_address_that_is_confirmed_already_leads_to_the_sign_in(client: Any, confirm: Any) -> None:
    client.post("/accounts/signup/", sign_up_form())
    confirm(ADDRESS)
    [mail] = [mail for mail in mails_to(ADDRESS) if "/confirm-email/" in mail.text]
    again = client.get(link_in(mail.text, "confirm-email"))
    assert "이미 확인하셨으면" in words_of(again) and 'href="/accounts/login/"' in again.content.decode()


def test_an_address_that_the_office_confirmed_by_hand_is_routed_at_the_sign_in(
    client: Any, company: Any, owner: Any
) -> None:
    client.post("/accounts/signup/", sign_up_form(business_number=company.business_number))
    the_request().user.emailaddress_set.update(verified=True)
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert the_request().state == JoinState.WITH_OWNER


def test_nobody_signs_in_before_the_address_is_confirmed(client: Any, company: Any, owner: Any) -> None:
    client.post("/accounts/signup/", sign_up_form(business_number=company.business_number))
    client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    assert "_auth_user_id" not in client.session and the_request().state == JoinState.UNCONFIRMED
