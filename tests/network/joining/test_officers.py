"""What an officer decides: companies abroad, and companies that nobody acts for yet."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from cooperation_portal.network.joining.queries import evidence, waiting_for_officer
from cooperation_portal.network.joining.services import requests
from cooperation_portal.network.joining.services.refusals import AlreadySettled
from cooperation_portal.network.models import Company
from cooperation_portal.taxonomy.models import Country, Industry
from tests.network.joining.conftest import mails_to, words_of
from tests.people import make_company, make_demand, make_join_request, make_member, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer(db: None) -> Any:
    return make_user("유아람", email="aram@gongjang.example")


@pytest.fixture
def abroad(newcomer: Any) -> Any:
    china = Country.objects.get(code="CN")
    join = make_join_request(user=newcomer, site_country=china, local_registration_number="9131-MA1")
    facts = {
        "name": "상하이공장",
        "company_class": "sme",
        "size": "small",
        "industry": Industry.objects.first(),
        "website": "https://www.gongjang.example",
        "established": 2011,
    }
    return requests.describe_company(join, by=newcomer, **facts)


def found(join: Any) -> dict[str, str]:
    return {item.label: item.content for item in evidence(join)}


def test_a_company_abroad_is_registered_when_an_officer_has_looked(
    client: Any, officer: Any, abroad: Any, newcomer: Any
) -> None:
    client.force_login(officer)
    assert "상하이공장" in words_of(client.get("/company/join-requests/"))
    page = words_of(client.get(f"/company/join-requests/{abroad.pk}/"))
    for words in ("유아람", "9131-MA1", "중국", "상하이공장", "2011", "gongjang.example: 기업 누리집과 같습니다."):
        assert words in page
    client.post(f"/company/join-requests/{abroad.pk}/", {"decision": "approve"})
    company = Company.objects.get(local_registration_number="9131-MA1")
    assert (company.name, company.established, company.site_country.code) == ("상하이공장", 2011, "CN")
    assert company.industry is not None and company.confirmed_at is not None and company.code
    assert newcomer.memberships.get().role == "owner"
    assert "상하이공장의 기업 대표 담당자로 등록되었습니다." in mails_to(newcomer.email)[-1].text


def test_a_refused_company_abroad_leaves_no_company(client: Any, officer: Any, abroad: Any, newcomer: Any) -> None:
    client.force_login(officer)
    assert client.post(f"/company/join-requests/{abroad.pk}/", {"decision": "refuse"}).status_code == 422
    answer = {"decision": "refuse", "reason": "등록증 사본을 보내 주십시오."}
    client.post(f"/company/join-requests/{abroad.pk}/", answer)
    assert not Company.objects.exists() and not newcomer.memberships.exists()
    assert "등록증 사본을 보내 주십시오." in mails_to(newcomer.email)[-1].text


def test_the_first_person_of_a_company_becomes_its_owner_the_second_a_member(
    officer: Any, ownerless: Any, newcomer: Any
) -> None:
    first, second = make_join_request(ownerless, newcomer), make_join_request(ownerless, make_user("둘째"))
    assert found(first)["같은 번호로 낸 다른 신청"] == "1건"
    assert requests.approve(first, by=officer).role == "owner"
    assert requests.approve(second, by=officer).role == "member"
    ownerless.refresh_from_db()
    assert ownerless.confirmed_at is not None


def test_an_officer_sees_that_demands_would_be_opened(officer: Any, ownerless: Any, newcomer: Any) -> None:
    make_demand(ownerless, confidentiality="confidential")
    make_demand(ownerless, title="다른 수요")
    make_demand(ownerless, title="초안", submit=False)
    facts = found(make_join_request(ownerless, newcomer))
    assert facts["접수된 수요"].startswith("2건, 그 가운데 대외비 1건")
    assert "㈜대표없음" in facts["등록된 기업"] and facts["기업 대표 담당자"].startswith("없음")


@pytest.mark.parametrize(
    ("website", "words"),
    [
        ("", "누리집 주소가 없어 견줄 수 없습니다."),
        ("https://gongjang.example/ko", "gongjang.example: 기업 누리집과 같습니다."),
        ("https://www.gongjang.example", "gongjang.example: 기업 누리집과 같습니다."),
        ("https://shop.gongjang.example", "gongjang.example: 기업 누리집과 같습니다."),
        ("https://notgongjang.example", "gongjang.example: 기업 누리집(notgongjang.example)과 다릅니다."),
    ],
)
def test_mail_address_and_website_are_compared(newcomer: Any, website: str, words: str) -> None:
    assert found(make_join_request(make_company(website=website), newcomer))["이메일과 누리집"] == words


def test_what_waits_for_an_owner_is_not_the_officer_s(client: Any, officer: Any, company: Any, owner: Any) -> None:
    join = make_join_request(company)
    client.force_login(officer)
    assert client.get(f"/company/join-requests/{join.pk}/").status_code == 404
    assert waiting_for_officer(officer) == 0


def test_when_the_only_owner_s_account_is_switched_off_an_officer_decides(
    client: Any, officer: Any, company: Any, owner: Any, newcomer: Any
) -> None:
    join = make_join_request(company, newcomer)
    owner.is_active = False
    owner.save()
    assert waiting_for_officer(officer) == 1
    client.force_login(officer)
    assert "유아람" in words_of(client.get("/company/join-requests/"))
    client.post(f"/company/join-requests/{join.pk}/", {"decision": "approve"})
    assert newcomer.memberships.get().role == "owner"


def test_a_retired_company_is_not_opened(client: Any, officer: Any, ownerless: Any, newcomer: Any) -> None:
    join = make_join_request(ownerless, newcomer)
    ownerless.retired_on = timezone.localdate()
    ownerless.save()
    client.force_login(officer)
    answer = client.post(f"/company/join-requests/{join.pk}/", {"decision": "approve"})
    assert answer.status_code == 409 and "사용이 중지된 기업입니다." in words_of(answer)
    assert not newcomer.memberships.exists()


def test_the_second_of_two_officers_is_told(client: Any, officer: Any, colleague: Any, ownerless: Any) -> None:
    join = make_join_request(ownerless)
    requests.refuse(join, by=colleague, reason="확인되지 않습니다.")
    client.force_login(officer)
    page = words_of(client.get(f"/company/join-requests/{join.pk}/"))
    assert "문태호 님이" in page and "확인되지 않습니다." in page
    assert client.post(f"/company/join-requests/{join.pk}/", {"decision": "approve"}).status_code == 409
    assert join.user.name in words_of(client.get("/company/join-requests/", {"state": "decided"}))


def test_a_number_that_was_registered_meanwhile_is_not_registered_again(officer: Any, abroad: Any) -> None:
    known = make_company(
        "상하이법인", business_number="", site_country=abroad.site_country, local_registration_number="9131 ma1"
    )
    make_member(known, role="owner")
    assert requests.approve(abroad, by=officer).company == known
    assert Company.objects.count() == 1


def test_a_decided_request_is_not_decided_again(officer: Any, ownerless: Any) -> None:
    join = make_join_request(ownerless)
    requests.approve(join, by=officer)
    with pytest.raises(AlreadySettled):
        requests.approve(join, by=officer)
    assert ownerless.memberships.count() == 1
