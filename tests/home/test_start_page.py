"""What each role finds first: numbers that have a list behind them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from matching.demands.models import DemandStatus
from matching.demands.services import move_demand
from matching.triage.services import assign
from tests.matching.triage.conftest import judge, recommend
from tests.people import make_company, make_demand, make_member, make_technology, make_user

pytestmark = pytest.mark.django_db


def shown(client: Any, person: Any) -> str:
    client.force_login(person)
    return " ".join(re.sub(r"<[^>]+>", " ", client.get("/").content.decode()).split())


def test_guest_is_welcomed_and_sees_no_data(client: Any, demand: Any, technology: Any) -> None:
    response = client.get("/")
    assert response.status_code == 200
    text = response.content.decode()
    assert "/accounts/login/" in text and demand.title not in text and technology.title not in text


def test_numbers_of_today_are_the_lengths_of_the_lists_they_lead_to(client: Any, officer: Any, colleague: Any) -> None:
    technology = make_technology()
    demands = [make_demand(title=f"수요 {number}") for number in range(6)]
    for demand in demands[:4]:
        assign(demand, officer=officer, by=officer)
    judge(demands[0], technology, officer)
    judge(demands[1], technology, officer, "on_hold")
    assign(demands[4], officer=colleague, by=officer)
    move_demand(demands[3], to=DemandStatus.WITHDRAWN, by=officer)

    client.force_login(officer)
    page = client.get("/")
    today = page.context["today"]
    assert (today.mine, today.to_decide, today.on_hold, today.to_release, today.unassigned) == (3, 1, 1, 1, 1)
    html = page.content.decode()
    tiles = re.findall(r'<a class="cp-tile[^"]*" href="([^"]+)".*?cp-tile__value">(.*?)<', html, re.S)
    assert len(tiles) >= 5
    for url, number in tiles:
        found = client.get(url.replace("&amp;", "&")).context["page_obj"].paginator.count
        assert found == int(number), url


def test_company_sees_its_own_demands_and_what_was_released_to_it(
    client: Any, demand: Any, technology: Any, officer: Any, member: Any, outsider: Any
) -> None:
    unreleased = make_technology(title="Другая", korean=("아직 추천하지 않은 기술", "본문"))
    judge(demand, technology, officer)
    recommend(demand, officer, "먼저 이 기술을 살펴보십시오.")
    judge(demand, unreleased, officer)

    page = shown(client, member)
    assert demand.title in page and "추천 도착" in page
    assert "강의 플라즈마 질화" in page and "먼저 이 기술을 살펴보십시오." in page
    assert "아직 추천하지 않은 기술" not in page
    assert "관련도" not in page

    theirs = shown(client, outsider)
    assert demand.title not in theirs and "강의 플라즈마 질화" not in theirs


def test_person_without_role_and_company_is_not_left_before_an_empty_page(client: Any) -> None:
    page = shown(client, make_user("무소속"))
    assert "소속 기업 등록" in page and "사업자등록번호로 소속 기업을 등록하시면" in page


def test_content_admin_and_system_admin_find_their_own_numbers(
    client: Any, content_admin: Any, system_admin: Any
) -> None:
    make_technology(korean=None)
    make_technology()
    client.force_login(content_admin)
    tiles = {str(tile["label"]): tile["count"] for tile in client.get("/").context["catalogue"]}
    assert tiles == {"등록": 2, "작성 중": 0, "국문 요약 없음": 1, "번역 확인 필요": 0, "유효기간 지남": 0}
    client.force_login(system_admin)
    page = client.get("/")
    assert page.context["failed"] == 0 and "catalogue" not in page.context


def test_system_admin_sees_no_business_data(client: Any, system_admin: Any, demand: Any, technology: Any) -> None:
    page = shown(client, system_admin)
    assert demand.title not in page and "동백정공" not in page


def test_navigation_leads_to_pages_that_open(
    client: Any, officer: Any, system_admin: Any, member: Any, content_admin: Any
) -> None:
    for person in (officer, system_admin, member, content_admin):
        client.force_login(person)
        links = [link["url"] for link in client.get("/").context["navigation"]]
        assert links and [client.get(link).status_code for link in links] == [200] * len(links)


@pytest.mark.parametrize("path", ["/nowhere/", "/demands/abc/", "/admin/", "/.env", "/static/../settings.py"])
def test_page_that_does_not_exist(client: Any, officer: Any, path: str) -> None:
    client.force_login(officer)
    response = client.get(path)
    assert response.status_code == 404
    assert re.search("[가-힣]", response.content.decode())


def test_page_that_breaks_is_told_without_a_trace(client: Any, officer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from cooperation_portal.home import queries

    def fail(user: Any) -> Any:
        raise RuntimeError("비밀")

    monkeypatch.setattr(queries, "start_page", fail)
    client.force_login(officer)
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code == 500
    assert "RuntimeError" not in response.content.decode() and "비밀" not in response.content.decode()
    assert re.search("[가-힣]", response.content.decode())


def test_form_without_its_token_is_refused_with_words(officer: Any, demand: Any) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(officer)
    response = strict.post(f"/demands/{demand.pk}/assign/", {"officer": officer.pk})
    assert response.status_code == 403
    assert "화면이 오래되어 처리하지 못했습니다." in response.content.decode()
    assert not demand.assignments.exists()


def test_every_page_carries_the_policy_that_forbids_foreign_scripts(client: Any, officer: Any) -> None:
    client.force_login(officer)
    for path in ("/", "/demands/", "/nowhere/", "/accounts/password/change/"):
        headers = client.get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY" and headers["Referrer-Policy"] == "same-origin"


def test_another_persons_company_is_not_in_the_way(client: Any, officer: Any) -> None:
    """A member who is an officer, too, works as an officer."""
    person = make_member(make_company("㈜겸임"))
    from cooperation_portal.accounts.models import Grant

    Grant.objects.create(user=person, role="officer", reason="시험")
    client.force_login(person)
    assert client.get("/demands/").status_code == 200
