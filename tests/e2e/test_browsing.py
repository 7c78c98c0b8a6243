"""Browsing technologies: conditions take effect at once where scripts run, and with a button where they do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.conftest import PASSWORD, sign_in
from tests.people import make_company, make_member, make_technology

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def japan(page: Page) -> Locator:
    return page.get_by_role("group", name="국가", include_hidden=True).get_by_label("일본")


@pytest.fixture
def two(transactional_db: None) -> None:
    make_technology(disclosure="public", stage="market", cooperation=["license"])
    make_technology(
        "低温プラズマ窒化処理", "歯車の表面硬度を高める。", "ja", ("저온 플라즈마 질화", "기어 표면을 단단하게 합니다."),
        country="JP", disclosure="public", stage="demonstration",
    )  # fmt: skip


def test_conditions_take_effect_at_once_and_can_be_sent_to_others(open_page: Callable[..., Page], two: None) -> None:
    page = open_page()
    page.goto("/technologies/")
    heading = page.locator("#results-heading")
    expect(heading).to_have_text("원천기술 2건")
    japan(page).check()
    expect(heading).to_have_text("원천기술 1건")
    expect(japan(page)).to_be_focused()
    expect(page.get_by_label("시장 출시(상용화)")).to_have_count(0)  # its number would be 0
    page.get_by_label("찾는 말", exact=True).fill("질화")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("질화")
    assert page.url.endswith("/technologies/?q=%EC%A7%88%ED%99%94&country=JP")
    other = open_page(width=390)
    other.goto(page.url)
    expect(other.get_by_role("heading", name="저온 플라즈마 질화")).to_be_visible()
    expect(japan(other)).to_be_hidden()
    other.get_by_text("조건으로 좁히기").click()
    expect(japan(other)).to_be_checked()
    page.go_back()
    expect(page.get_by_label("찾는 말", exact=True)).to_have_value("")
    page.get_by_role("link", name="일본 조건 빼기").click()
    expect(heading).to_have_text("원천기술 2건")


def test_everything_works_without_scripts(browser: Browser, live_server: object, two: None) -> None:
    context = browser.new_context(base_url=str(live_server), java_script_enabled=False, locale="ko-KR")
    page = context.new_page()
    page.goto("/technologies/")
    japan(page).check()
    page.get_by_role("button", name="조건 적용").click()
    assert page.url.endswith("/technologies/?country=JP")
    expect(page.locator("#results-heading")).to_have_text("원천기술 1건")
    page.get_by_label("찾는 말", exact=True).fill("없는말")
    page.get_by_role("button", name="검색").click()
    expect(page.get_by_text("조건에 맞는 원천기술이 없습니다.")).to_be_visible()
    page.get_by_role("link", name="조건 초기화").first.click()
    assert page.url.endswith("/technologies/")
    context.close()


def test_a_member_keeps_a_technology_and_lets_it_go(open_page: Callable[..., Page], two: None) -> None:
    member = make_member(make_company())
    member.set_password(PASSWORD)
    member.save()
    page = open_page()
    sign_in(page, member)
    page.goto("/technologies/")
    page.get_by_role("button", name="관심기술 담기").first.dblclick()
    expect(page.get_by_role("button", name="관심기술에서 빼기")).to_have_count(1)
    page.goto("/technologies/bookmarks/")
    expect(page.get_by_role("heading", name="저온 플라즈마 질화")).to_be_visible()
    page.get_by_role("button", name="관심기술에서 빼기").click()
    expect(page.get_by_role("button", name="관심기술 담기")).to_be_visible()
    page.reload()
    expect(page.get_by_text("담아 둔 기술이 없습니다.")).to_be_visible()
