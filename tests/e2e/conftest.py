"""A browser before a running portal. The browser is the system's own: nothing is downloaded."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.frontend.browser import ARGUMENTS, CHROMIUM

PASSWORD = "비밀번호 하나 둘 셋 넷"
MISSING = "no browser here: apt-get install chromium fonts-noto-cjk"


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not Path(CHROMIUM).exists():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session", autouse=True)
def _database_beside_a_browser() -> Iterator[None]:
    """The browser's driver runs an event loop in the thread of the tests; Django would refuse queries there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Makes a page of a browser of its own; what went wrong in it fails the test at its end."""
    wrong: list[str] = []
    contexts = []

    def make(width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, reduced_motion="reduce", locale="ko-KR"
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"{page.url}: {error}"))
        page.on("response", lambda got: wrong.append(f"{got.status} {got.url}") if got.status >= 500 else None)
        page.on(
            "console",
            lambda message: (
                wrong.append(f"{page.url}: {message.text}")
                if message.type == "error" and "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert wrong == []


def sign_in(page: Page, person: Any) -> None:
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name="로그인").click()
    page.get_by_label("이메일").fill(person.email)
    page.get_by_label("비밀번호").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="로그인").click()
    page.get_by_role("heading", name="로그인").wait_for(state="detached")
