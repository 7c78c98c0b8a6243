"""One officer's morning, from signing in to the recommendation, by what the pages say and by keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cooperation_portal.notices.models import Mail
from matching.demands.models import Demand
from matching.scoring.models import SHOWN_PER_LANGUAGE
from matching.triage.models import Decision
from tests.e2e.conftest import PASSWORD, sign_in
from tests.people import make_company, make_demand, make_member, make_technology, make_user
from tests.running import Worker, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXTS = [
    ("Плазменное азотирование стали", "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV при 500 °C.",
     "강의 플라즈마 질화", "500 ℃에서 강 표면 경도를 1100 HV까지 높이는 질화 공정입니다."),
    ("Ионно-вакуумное упрочнение шестерён", "Упрочнение зубьев шестерён без деформации при низкой температуре.",
     "기어의 이온 진공 강화", "낮은 온도에서 변형 없이 기어 이를 강화합니다."),
    ("Лазерная закалка", "Поверхностная закалка деталей лазером увеличивает износостойкость.",
     "레이저 표면 경화", "레이저로 부품 표면을 경화하여 내마모성을 높입니다."),
]  # fmt: skip


def people() -> dict[str, Any]:
    company = make_company("㈜동백정공")
    found = {
        "officer": make_user("한서윤", "officer"),
        "colleague": make_user("문태호", "officer"),
        "member": make_member(company, "곽미래", "owner"),
        "company": company,
    }
    for name in ("officer", "colleague", "member"):
        found[name].set_password(PASSWORD)
        found[name].save()
    return found


def catalogue() -> None:
    """More Russian technologies than a list shows, so that something is left to be found by hand."""
    for title, body, korean, korean_body in TEXTS:
        make_technology(title, body, korean=(korean, korean_body))
    for number in range(SHOWN_PER_LANGUAGE):
        make_technology(
            f"Способ хранения зерна, вариант {number}",
            f"Способ хранения зерна в силосах с вентиляцией, вариант {number}, снижает потери урожая.",
            korean=(f"곡물 저장 방법 {number}호", f"환기되는 저장고에 곡물을 저장하는 방법 {number}호입니다."),
        )


def press(page: Page, key: str) -> None:
    """Once the page is there as a whole: before that its script, which knows the keys, has not run."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


def focused(page: Page) -> str:
    """What the keyboard is on: its value or its words."""
    return str(
        page.evaluate("document.activeElement.value || document.activeElement.textContent.trim().replace(/\\s+/g, ' ')")
    )


def test_from_sign_in_to_recommendation(open_page: Callable[..., Page], worker: Worker) -> None:
    who = people()
    catalogue()
    demand = make_demand(who["company"])
    page = open_page()

    # --- the morning -------------------------------------------------------------------------------------------------
    sign_in(page, who["officer"])
    expect(page.get_by_role("heading", name="오늘 할 일")).to_be_visible()
    page.get_by_role("link", name="업무 현황", exact=True).click()
    expect(page.get_by_role("heading", name="업무 현황")).to_be_visible()
    page.get_by_role("link", name=demand.title).click()

    # --- the score is made while one looks on ------------------------------------------------------------------------
    expect(page.get_by_text("점수를 계산하고 있습니다.").first).to_be_visible()
    worker.start()
    cards = page.get_by_role("checkbox", name="선택")
    expect(cards).to_have_count(SHOWN_PER_LANGUAGE, timeout=120_000)
    page.get_by_role("button", name="내가 맡기").click()
    expect(page.get_by_text("담당자를 한서윤(으)로 정했습니다.")).to_be_visible()

    # --- deciding with the keyboard alone -----------------------------------------------------------------------------
    best = page.locator("ol.cp-cards li").first
    expect(best).to_contain_text(re.compile("높음|보통|낮음"))
    title = best.get_by_role("heading").inner_text()
    press(page, "j")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    expect(page.get_by_role("heading", name="왜 추천되었는가")).to_be_visible()
    expect(page.get_by_role("heading", name="점수의 근거가 된 문장")).to_be_visible()
    expect(page.get_by_role("heading", name="점수의 구성")).to_be_visible()

    press(page, "?")
    keys = page.get_by_role("dialog", name="단축키")
    for meaning in ("다음 기술", "목록으로", "적합", "보류", "부적합", "저장하고 다음으로"):
        expect(keys.get_by_text(meaning, exact=True)).to_be_visible()
    press(page, "Escape")
    expect(keys).to_be_hidden()

    press(page, "j")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(title)
    press(page, "k")
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    press(page, "1")
    expect(page.get_by_role("radio", name="적합", exact=True)).to_be_checked()
    press(page, "Tab")
    press(page, "ArrowDown")
    assert focused(page) == "solves"
    for _stop in range(4):
        press(page, "Tab")
        if "저장하고 다음으로" in page.evaluate("document.activeElement.textContent"):
            break
    press(page, "s")
    expect(page.get_by_text("판단을 저장했습니다.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text(title)
    assert Decision.objects.get().technology.korean.title in title

    # --- several at once ----------------------------------------------------------------------------------------------
    press(page, "u")
    boxes = page.get_by_role("checkbox", name="선택")
    for place in (2, 3, 4):
        boxes.nth(place).check()
    page.get_by_role("radio", name="부적합", exact=True).check()
    page.get_by_role("combobox", name="사유").select_option("다른 문제를 푸는 기술")
    page.get_by_role("button", name="판단할 내용 확인").click()
    expect(page.get_by_role("heading", name="판단할 내용 확인")).to_be_visible()
    expect(page.get_by_text("아래 3건의 판단이 다음과 같이 바뀝니다.")).to_be_visible()
    page.get_by_role("button", name="이대로 판단").click()
    expect(page.get_by_role("heading", name="3건을 판단했습니다.")).to_be_visible()
    press(page, "u")

    # --- one of them was a mistake ------------------------------------------------------------------------------------
    page.locator("ol.cp-cards li", has_text="부적합").first.get_by_role("link").click()
    page.get_by_role("button", name="판단 되돌리기").click()
    expect(page.get_by_text("판단을 되돌렸습니다.")).to_be_visible()
    assert Decision.objects.filter(verdict="unsuitable").count() == 2
    press(page, "u")

    # --- what the list does not show is found by hand -----------------------------------------------------------------
    expect(page.get_by_role("heading", name="추천 후보 기술")).to_be_visible()
    expect(cards).to_have_count(SHOWN_PER_LANGUAGE)
    shown = " ".join(page.locator("ol.cp-cards li").all_inner_texts())
    missing = next(name for name in (f"곡물 저장 방법 {n}호" for n in range(SHOWN_PER_LANGUAGE)) if name not in shown)
    page.get_by_role("link", name="직접 찾기").click()
    page.get_by_label("찾는 말").fill(missing)
    page.get_by_role("button", name="찾기").click()
    page.get_by_role("button", name="후보로 더하기").click()
    expect(page.get_by_text("직접 찾은 기술로 더했습니다.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text(missing)
    expect(page.get_by_text("직접 찾음").first).to_be_visible()
    expect(page.get_by_role("heading", name="점수의 구성")).to_be_visible(timeout=60_000)
    press(page, "u")

    # --- handing over and recommending --------------------------------------------------------------------------------
    page.get_by_label("담당자").select_option("문태호")
    page.get_by_role("button", name="담당자 정하기").click()
    expect(page.get_by_text("담당자를 문태호(으)로 정했습니다.")).to_be_visible()
    page.get_by_role("link", name="기업에 추천(1건)").click()
    page.get_by_label("기업에 전하는 말").fill("먼저 이 기술을 살펴보십시오.")
    page.get_by_role("button", name="추천하기").click()
    expect(page.get_by_text("기업에 추천했습니다.")).to_be_visible()
    expect(page.get_by_text("추천 완료").first).to_be_visible()
    assert Demand.objects.get().status == "recommended"

    page.get_by_role("link", name="이력").click()
    history = page.get_by_role("main")
    for line in ("상태: 검토 중 → 추천 완료", "상태: 접수 → 검토 중", "판단 삭제", "한서윤"):
        expect(history.get_by_text(line).first).to_be_visible()

    # --- the company --------------------------------------------------------------------------------------------------
    theirs = open_page(390)
    sign_in(theirs, who["member"])
    expect(theirs.get_by_role("heading", name=demand.title)).to_be_visible()
    expect(theirs.get_by_role("heading", name=title)).to_be_visible()
    expect(theirs.get_by_text("먼저 이 기술을 살펴보십시오.")).to_be_visible()

    mails = wait_until(
        lambda: set(Mail.objects.filter(sent_at__isnull=False).values_list("recipient", flat=True)), "mail was sent"
    )
    assert mails <= {who["member"].email, who["colleague"].email}
    assert "먼저 이 기술을 살펴보십시오." in Mail.objects.get(recipient=who["member"].email).text
    assert demand.number in Mail.objects.get(recipient=who["colleague"].email).text


def test_expired_session_gives_the_typed_demand_back(open_page: Callable[..., Page], live_server: Any) -> None:
    who = people()
    page = open_page()
    sign_in(page, who["officer"])
    page.get_by_role("link", name="업무 현황", exact=True).click()
    expect(page.get_by_role("heading", name="업무 현황")).to_be_visible()
    press(page, "n")
    expect(page.get_by_role("heading", name="수요 등록")).to_be_visible()
    page.get_by_label("수요기업").select_option("㈜동백정공")
    page.get_by_label("수요기술명").fill("저온 질화 기술")
    problem = "기어 표면의 경도를 높이기 위해 500 ℃ 이하에서 변형 없이 질화하는 기술이 필요합니다."
    page.get_by_label("해결하려는 문제").fill(problem)
    page.get_by_label("항목").first.fill("두께")
    page.get_by_label("값").first.fill("0.05")
    page.context.clear_cookies(name="session")

    page.get_by_role("button", name="접수").click()
    page.get_by_label("이메일").fill(who["officer"].email)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="로그인").click()

    expect(page.get_by_text("저장되지 않은 내용을 다시 보여 드립니다.")).to_be_visible()
    expect(page.get_by_label("해결하려는 문제")).to_have_value(problem)
    expect(page.get_by_label("항목").first).to_have_value("두께")
    assert not Demand.objects.exists()
    page.get_by_role("button", name="접수").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("저온 질화 기술")


def test_second_click_on_a_slow_button_sends_nothing(open_page: Callable[..., Page]) -> None:
    who = people()
    demand = make_demand(who["company"])
    from tests.matching.triage.conftest import judge

    judge(demand, make_technology(), who["officer"])
    page = open_page()
    sign_in(page, who["officer"])
    page.goto(f"/demands/{demand.pk}/release/")
    page.get_by_role("button", name="추천하기").dblclick()
    expect(page.get_by_text("기업에 추천했습니다.")).to_be_visible()
    assert demand.releases.count() == 1


def test_unsaved_words_are_not_lost_without_a_question(open_page: Callable[..., Page]) -> None:
    who = people()
    demand, technology = make_demand(who["company"]), make_technology()
    page = open_page()
    sign_in(page, who["officer"])
    page.goto(f"/demands/{demand.pk}/technologies/{technology.pk}/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.get_by_label("사유 설명").type("적던 말")
    page.get_by_role("link", name="목록으로").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    expect(page.get_by_label("사유 설명")).to_have_value("적던 말")
