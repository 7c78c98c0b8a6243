"""What is typed is kept on the server while it is typed, and comes back after the browser was closed."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from cooperation_portal.accounts.models import KeptForm
from matching.demands.models import Demand
from tests.e2e.conftest import PASSWORD, sign_in
from tests.people import make_company, make_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def person() -> Any:
    made = make_member(make_company("㈜동백정공"), "곽미래", "owner")
    made.set_password(PASSWORD)
    made.save()
    return made


def test_text_outlives_the_browser_and_is_forgotten_once_saved(open_page: Callable[..., Page], person: Any) -> None:
    page = open_page()
    sign_in(page, person)
    page.goto("/company/demands/new/")
    page.get_by_label("수요기술명").fill("저온 플라즈마 질화 기술")
    expect(page.get_by_text(re.compile(r"\d\d:\d\d에 임시 저장했습니다\."))).to_be_visible(timeout=8000)
    assert KeptForm.objects.get().user == person
    page.context.close()

    page = open_page()
    sign_in(page, person)
    page.goto("/company/demands/new/")
    expect(page.get_by_label("수요기술명")).to_have_value("저온 플라즈마 질화 기술")
    expect(page.get_by_text("임시 저장한 내용을 다시 보여 드립니다.")).to_be_visible()
    page.get_by_role("button", name="저장하고 다음").click()
    page.get_by_role("heading", name="문제와 목표").wait_for()
    assert Demand.objects.get().title == "저온 플라즈마 질화 기술"
    assert not KeptForm.objects.exists()

    # Enter in a field goes on to the next step; a button of the bar above saves and goes where it says.
    page.get_by_label("적용 제품").fill("감속기")
    page.get_by_label("적용 제품").press("Enter")
    page.get_by_role("heading", name="희망 조건", exact=True).wait_for()
    page.get_by_role("button", name="무엇을 찾습니까").click()
    page.get_by_role("heading", name="무엇을 찾습니까").wait_for()
    assert Demand.objects.get().target_product == "감속기"


def test_text_that_was_brought_back_may_be_thrown_away(open_page: Callable[..., Page], person: Any) -> None:
    page = open_page(390)
    sign_in(page, person)
    page.goto("/company/demands/new/")
    page.get_by_label("수요기술명").fill("쓰다 만 제목")
    page.goto("/company/demands/")  # leaving the page keeps what was typed in the last two seconds
    page.goto("/company/demands/new/")
    expect(page.get_by_label("수요기술명")).to_have_value("쓰다 만 제목")
    page.get_by_role("button", name="불러온 내용 버리기").click()
    page.get_by_role("dialog").get_by_role("button", name="불러온 내용 버리기").click()
    expect(page.get_by_label("수요기술명")).to_have_value("")
    assert not KeptForm.objects.exists()
