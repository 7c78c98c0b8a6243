"""A company follows its demands: lists, the page of one, how far the comparison is, and nothing that is not for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cooperation_portal.network.models import Membership
from cooperation_portal.network.related import belongings, hindrances
from cooperation_portal.notices.models import Mail
from cooperation_portal.work.models import Work
from cooperation_portal.work.services import claim
from matching.catalogue.models import TechnologyText
from matching.demands.models import Demand, DemandStatus
from matching.demands.services import move_demand
from matching.scoring.models import Match, Ranking
from matching.triage.services import answer, assign, decide, release, withdraw_demand
from tests.contracts.world import rank
from tests.matching.demands.conftest import said
from tests.matching.triage.conftest import judge, recommend
from tests.people import make_company, make_demand, make_technology

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client: Any, member: Any) -> Any:
    client.force_login(member)
    return client


def page_of(client: Any, demand: Any) -> Any:
    return client.get(reverse("my_demand", args=[demand.pk]))


def progress(client: Any, demand: Any) -> Any:
    return client.get(reverse("my_demand_progress", args=[demand.pk]))


# --- what the company is told -----------------------------------------------------------------------------------------


def test_states_are_told_in_the_words_of_the_company(client: Any, demand: Any, technology: Any, officer: Any) -> None:
    text = said(page_of(client, demand))
    assert "접수되었습니다. 담당자를 정하고 있습니다." in text and "아직 정해지지 않았습니다." in text
    assign(demand, officer=officer, by=officer)
    judge(demand, technology, officer, "on_hold")
    text = said(page_of(client, demand))
    assert "담당자가 맞는 원천기술을 살펴보고 있습니다." in text and "담당 사업담당자: 한서윤" in text
    assert officer.email not in text
    judge(demand, technology, officer, seen=1)
    recommend(demand, officer)
    assert "추천 기술이 도착했습니다." in said(page_of(client, demand))
    move_demand(Demand.objects.get(), to=DemandStatus.CLOSED, by=officer)
    text = said(page_of(client, demand))
    assert "검토가 끝났습니다." in text and "내용 고치기" not in text and "관심 없음·의견 적기" not in text


@pytest.mark.parametrize("status", [status for status in DemandStatus if status not in ("draft", "withdrawn")])
def test_the_way_shows_one_current_step(client: Any, demand: Any, status: DemandStatus) -> None:
    Demand.objects.update(status=status)
    states = [one["state"] for one in page_of(client, demand).context["steps"]]
    assert states.count("current") == 1 and states == sorted(states, key=["done", "current", "open"].index)


def test_a_recommendation_says_why_in_words_that_a_company_can_use(
    client: Any, demand: Any, technology: Any, officer: Any
) -> None:
    judge(demand, technology, officer, words="500 ℃ 이하에서 되는 공정입니다.")
    rank(demand, [technology])
    pair = {
        "demand": "변형 없이 질화",
        "offer": "Плазменное азотирование",
        "demand_language": "ko",
        "offer_language": "ru",
        "similarity": 0.83,
    }
    term = {"channel": "loan_words", "demand": "플라즈마", "offer": "плазма", "worth": 1.0}
    Match.objects.update(
        reasons={"sentence_pairs": [pair], "terms": [term], "figures": [], "fields": ["0103"], "cautions": []}
    )
    recommend(demand, officer, "먼저 이 기술을 살펴보십시오.")
    page = page_of(client, demand)
    text = said(page)
    for shown in ("강의 플라즈마 질화", "Плазменное азотирование стали", "시험 금속연구소", "러시아", "요구를 충족함",
                  "500 ℃ 이하에서 되는 공정입니다.", "먼저 이 기술을 살펴보십시오.", "플라즈마 ↔ плазма", "변형 없이 질화"):  # fmt: skip
        assert shown in text, shown
    for hidden in ("0.83", "관련도", "높음", "유사도", "순위"):
        assert hidden not in text, hidden


def test_what_the_owner_keeps_to_itself_is_not_quoted(client: Any, demand: Any, officer: Any) -> None:
    technology = make_technology(
        "Открытый заголовок",
        "Плазменное азотирование стали повышает твёрдость.",
        hidden=["specification", "advantages"],
    )
    TechnologyText.objects.filter(language="ru").update(
        specification="Тайная температура 437 °C.", advantages="Тайное преимущество."
    )
    rank(demand, [technology])
    language = {"demand_language": "ko", "offer_language": "ru", "similarity": 0.5}
    pairs = [
        {"demand": "온도를 낮춘다", "offer": "Тайная температура 437 °C.", **language},
        {"demand": "경도를 높인다", "offer": "Плазменное  азотирование стали повышает твёрдость.", **language},
    ]
    terms = [
        {"channel": "neutral", "demand": "437 ℃", "offer": "437 °C", "worth": 1.0},
        {"channel": "loan_words", "demand": "플라즈마", "offer": "Плазменное", "worth": 1.0},
    ]
    Match.objects.update(reasons={"sentence_pairs": pairs, "terms": terms, "figures": [], "fields": [], "cautions": []})
    judge(demand, technology, officer)
    recommend(demand, officer)
    text = said(page_of(client, demand))
    assert "повышает твёрдость" in text and "Плазменное" in text
    assert "Тайн" not in text and "437" not in text


def test_a_technology_of_another_company_names_it_masked(client: Any, demand: Any, officer: Any) -> None:
    owner = make_company("㈜비밀보유정밀")
    technology = make_technology("분말 성형", "분말을 성형합니다.", language="ko", country="KR", owner_company=owner)
    judge(demand, technology, officer)
    recommend(demand, officer)
    text = said(page_of(client, demand))
    assert "분말 성형" in text and "비밀보유정밀" not in text and "㈜비***밀" in text


def test_what_became_internal_since_is_named_without_a_link(client: Any, released: Any) -> None:
    type(released.technology).objects.update(disclosure="staff")
    rank(released.demand, [released.technology])
    page = page_of(client, released.demand)
    assert "강의 플라즈마 질화" in said(page)
    assert reverse("technology_detail", args=[released.technology_id]) not in page.content.decode()


# --- what the company is not told -------------------------------------------------------------------------------------


def test_the_list_of_the_machine_and_undecided_judgements_stay_with_the_office(
    client: Any, demand: Any, technology: Any, officer: Any
) -> None:
    held = make_technology("Отложено", korean=("보류한 기술", "본문"))
    unfit = make_technology("Не подходит", korean=("맞지 않는 기술", "본문"))
    undecided = make_technology("Не решено", korean=("아직 안 본 기술", "본문"))
    ready = make_technology("Готово", korean=("추천 대기 기술", "본문"))
    rank(demand, [technology, held, unfit, undecided, ready])
    judge(demand, technology, officer)
    recommend(demand, officer)
    judge(demand, held, officer, "on_hold", words="보류한 속사정")
    judge(demand, unfit, officer, "unsuitable", words="못 쓸 기술")
    judge(demand, ready, officer, words="아직 말하지 않은 까닭")
    shown = "".join(
        unescape(client.get(path).content.decode())
        for path in (
            "/",
            "/company/demands/",
            reverse("my_demand", args=[demand.pk]),
            reverse("my_demand_progress", args=[demand.pk]),
        )
    )
    assert "강의 플라즈마 질화" in shown
    for secret in (
        "보류한",
        "맞지 않는",
        "아직 안 본",
        "추천 대기",
        "못 쓸",
        "아직 말하지 않은",
        held.number,
        unfit.number,
        undecided.number,
        ready.number,
    ):
        assert secret not in shown, secret


def test_another_company_sees_no_word_of_it(released: Any, outsider: Any, member: Any) -> None:
    answer(released, interest="interested", reason="", words="ZQ답변", seen_version=0, by=member)
    rival = Client()
    rival.force_login(outsider)
    for path in ("/", "/company/demands/", "/company/demands/?q=질화", f"/company/demands/?q={released.demand.number}"):
        page = rival.get(path)
        assert released.demand.title not in said(page) and "ZQ답변" not in said(page)
        if "demands" in path:
            assert page.context["page_obj"].paginator.count == 0


# --- how far the comparison is ----------------------------------------------------------------------------------------


def test_progress_is_told_in_words_and_asked_again_while_it_goes_on(client: Any, demand: Any) -> None:
    page = progress(client, demand)
    assert "차례를 기다리고 있습니다." in said(page) and "hx-get" in page.content.decode()
    claimed = claim(Work.objects.get(kind="score_demand").pk)
    assert claimed is not None
    claimed.row().update(done=12, total=30)
    html = progress(client, demand).content.decode()
    assert 'value="12"' in html and 'max="30"' in html and "hx-get" in html
    claimed.row().update(state="done", token=None, lease_until=None)
    Ranking.objects.update_or_create(demand=demand, defaults={"demand_version": 1, "considered": 200})
    page = progress(client, demand)
    assert "원천기술 200건과 견주었습니다." in said(page)
    assert "hx-get" not in page.content.decode() and "HX-Refresh" not in page.headers


def test_a_failure_is_told_without_its_cause(client: Any, demand: Any) -> None:
    Work.objects.filter(kind="score_demand").update(state="failed", cause="OperationalError")
    text = said(progress(client, demand))
    assert "견주지 못했습니다." in text and "OperationalError" not in text


def test_a_text_that_is_too_short_says_what_to_add(client: Any, demand: Any) -> None:
    Work.objects.filter(kind="score_demand").update(state="done")
    Ranking.objects.update_or_create(demand=demand, defaults={"demand_version": 1, "no_score": "too_short"})
    assert "문제와 희망 사양을 더 적어 주십시오." in said(progress(client, demand))


def test_nothing_is_compared_for_a_draft_or_what_has_ended(client: Any, company: Any, member: Any, demand: Any) -> None:
    draft = make_demand(company, submit=False, by=member)
    withdraw_demand(demand, reason="다른 방법", by=member)
    for one in (draft, Demand.objects.get(pk=demand.pk)):
        assert progress(client, one).content.decode().strip() == ""


def test_scoring_really_ends_with_a_number(client: Any, cheap: Any, demand: Any, scored: Callable[[], int]) -> None:
    make_technology()
    scored()
    assert "원천기술 1건과 견주었습니다." in said(progress(client, demand))


# --- the list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def shelf(company: Any, member: Any, officer: Any, technology: Any) -> dict[str, Any]:
    """One demand of each kind of state."""
    made = {
        "draft": make_demand(company, "작성하던 코팅 기술", submit=False, by=member),
        "submitted": make_demand(
            company, "접수한 촉매 기술", problem="촉매의 수명을 늘려 교체 주기를 두 배로 하려고 합니다."
        ),
        "recommended": make_demand(company, "추천받은 질화 기술"),
        "withdrawn": make_demand(company, "철회한 분말 기술"),
    }
    judge(made["recommended"], technology, officer)
    recommend(made["recommended"], officer)
    withdraw_demand(made["withdrawn"], reason="다른 방법", by=member)
    thrown = make_demand(company, "버린 초안", submit=False, by=member)
    move_demand(thrown, to=DemandStatus.WITHDRAWN, by=member)
    make_demand(make_company("㈜다른회사"), "남의 수요")
    return made


def listed(client: Any, query: str = "") -> list[str]:
    return [demand.title for demand in client.get(f"/company/demands/{query}").context["page_obj"]]


def test_the_list_holds_the_companys_own_and_counts_them_by_state(client: Any, shelf: dict[str, Any]) -> None:
    assert set(listed(client)) == {demand.title for demand in shelf.values()}
    page = client.get("/company/demands/")
    assert {str(tile["label"]): tile["count"] for tile in page.context["tiles"]} == {
        "작성 중": 1, "접수·검토 중": 1, "추천 도착": 1, "종료": 0, "철회": 1
    }  # fmt: skip
    for tile in page.context["tiles"]:
        assert client.get(tile["url"]).context["page_obj"].paginator.count == tile["count"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=추천받은", {"recommended"}),
        ("?q=교체 주기", {"submitted"}),
        ("?state=draft", {"draft"}),
        ("?state=in_progress", {"submitted"}),
        ("?waiting=answer", {"recommended"}),
        ("?state=evil", {"draft", "submitted", "recommended", "withdrawn"}),
        ("?q=없는말", set()),
    ],
)
def test_the_list_is_narrowed(client: Any, shelf: dict[str, Any], query: str, found: set[str]) -> None:
    assert set(listed(client, query)) == {shelf[name].title for name in found}


def test_a_number_is_found(client: Any, shelf: dict[str, Any]) -> None:
    demand = shelf["submitted"]
    assert listed(client, f"?q={demand.number}") == listed(client, f"?q={demand.pk}") == [demand.title]


def test_the_list_is_sorted(client: Any, shelf: dict[str, Any]) -> None:
    titles = sorted(demand.title for demand in shelf.values())
    assert listed(client, "?sort=title") == titles and listed(client, "?sort=-title") == titles[::-1]


def test_an_answer_takes_the_demand_off_the_waiting_ones(client: Any, shelf: dict[str, Any], member: Any) -> None:
    decision = shelf["recommended"].decisions.get()
    assert "답변 대기 1건" in said(client.get("/company/demands/"))
    answer(decision, interest="interested", reason="", words="", seen_version=0, by=member)
    assert listed(client, "?waiting=answer") == []
    assert "답변 대기" not in re.sub("답변 대기 0건", "", said(client.get("/company/demands/")).split("수요 4건")[1])


def test_long_lists_come_in_pages(client: Any, company: Any) -> None:
    for number in range(23):
        make_demand(company, f"수요 {number:02d}", submit=False)
    assert (len(listed(client)), len(listed(client, "?page=2"))) == (20, 3)


# --- the start page ---------------------------------------------------------------------------------------------------


def test_tiles_of_the_start_page_are_the_lengths_of_the_lists_behind_them(client: Any, shelf: dict[str, Any]) -> None:
    html = client.get("/").content.decode()
    tiles = re.findall(r'<a class="cp-tile[^"]*" href="([^"]+)".*?cp-tile__value">(.*?)<', html, re.S)
    assert len(tiles) == 3
    for url, number in tiles:
        assert client.get(unescape(url)).context["page_obj"].paginator.count == int(number) == 1


def test_the_first_thing_to_do_is_named(client: Any, company: Any, member: Any, officer: Any, technology: Any) -> None:
    assert "새 수요 작성" in client.get("/").context["next_thing"]["label"]
    demand = make_demand(company, submit=False, by=member)
    assert client.get("/").context["next_thing"]["label"] == "이어서 작성"
    move_demand(demand, to=DemandStatus.SUBMITTED, by=member)
    assert client.get("/").context["next_thing"] is None
    judge(demand, technology, officer)
    recommend(demand, officer)
    assert client.get("/").context["next_thing"]["url"] == reverse("my_demand", args=[demand.pk])


def test_the_start_page_is_that_of_the_company_that_is_acted_for(client: Any, company: Any, member: Any) -> None:
    second = make_company("㈜둘째")
    Membership.objects.create(user=member, company=second, role="member")
    make_demand(company, title="첫째 회사의 수요")
    make_demand(second, title="둘째 회사의 수요")
    for chosen, shown, other in ((company, "첫째", "둘째"), (second, "둘째", "첫째")):
        client.post(reverse("choose_company"), {"company": chosen.pk})
        text = said(client.get("/"))
        assert f"{shown} 회사의 수요" in text and f"{other} 회사의 수요" not in text


# --- the office's list as a file --------------------------------------------------------------------------------------


def rows(client: Any, query: str = "") -> list[str]:
    answer = client.get(f"{reverse('demand_export')}?format=csv{query}")
    return b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()


def test_the_file_holds_what_the_filtered_queue_shows(demand: Any, officer: Any, colleague: Any) -> None:
    other = make_demand(title="폐수 처리 기술")
    assign(other, officer=officer, by=officer)
    make_demand(title="접수하지 않은 초안", submit=False)
    desk = Client()
    desk.force_login(officer)
    text = "\n".join(rows(desk))
    assert demand.title in text and "폐수 처리 기술" in text and "접수하지 않은 초안" not in text
    assert demand.number in text and demand.company.business_number in text
    assert demand.title not in "\n".join(rows(desk, "&q=폐수"))
    assert demand.title not in "\n".join(rows(desk, "&mine=1"))
    assert (
        f'href="{reverse("demand_export")}?q=%ED%8F%90%EC%88%98&amp;format=xlsx"'
        in desk.get("/demands/?q=폐수").content.decode()
    )
    assert desk.get(reverse("demand_export")).headers["Content-Type"].endswith("sheet")


def test_releases_to_the_company_name_the_page_of_the_demand(
    demand: Any, technology: Any, officer: Any, member: Any
) -> None:
    made = decide(demand, technology, verdict="suitable", reason="solves", words="", seen_version=0, by=officer)
    release(demand, message="", seen={made.pk: made.version}, by=officer)
    assert reverse("my_demand", args=[demand.pk]) in Mail.objects.get(recipient=member.email).text


def test_the_register_of_companies_knows_their_demands(company: Any, demand: Any, officer: Any, member: Any) -> None:
    make_demand(company, "접수하지 않은 초안", submit=False, by=member)
    found = {one.label: one for one in belongings(company, officer)}
    assert (found["수요기술"].count, found["끝나지 않은 수요기술"].count) == (1, 1)
    assert [one.label for one in hindrances(company, officer)] == ["끝나지 않은 수요기술"]
    desk = Client()
    desk.force_login(officer)
    assert desk.get(found["수요기술"].url).context["page_obj"].paginator.count == 1
    withdraw_demand(demand, reason="다른 방법", by=member)
    assert hindrances(company, officer) == []


def test_who_may_not_open_the_queue_is_not_led_there(company: Any, demand: Any, content_admin: Any) -> None:
    found = {one.label: one for one in belongings(company, content_admin)}
    assert found["수요기술"].count == 1 and found["수요기술"].url == ""
