"""A browser before a running portal. The browser is the system's own: nothing is downloaded."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.frontend.browser import ARGUMENTS, CHROMIUM
from tests.running import wait_until

PASSWORD = "비밀번호 하나 둘 셋 넷"
MISSING = "no browser here: apt-get install chromium fonts-noto-cjk"

PATIENCE = 20_000  # for a busy machine
expect.set_options(timeout=PATIENCE)


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


@pytest.fixture(autouse=True)
def _mail_by_the_outbox(settings: Any) -> None:
    """Django keeps mail of tests to itself; here it goes the portal's own way, to rows that are read like a mailbox."""
    settings.EMAIL_BACKEND = "cooperation_portal.notices.backends.OutboxBackend"


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """Makes a page of a browser of its own; what went wrong in it fails the test at its end."""
    wrong: list[str] = []
    contexts = []

    def make(width: int = 1440) -> Page:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, reduced_motion="reduce", locale="ko-KR"
        )
        context.set_default_timeout(PATIENCE)
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


def press(page: Page, key: str) -> None:
    """Once the page is there as a whole: before that its script, which knows the keys, has not run."""
    page.wait_for_load_state("load")
    page.keyboard.press(key)


_AT = """() => {
    const at = document.activeElement;
    const named = at.getAttribute("aria-label") || at.labels?.[0]?.textContent || at.textContent;
    return named.trim().replace(/\\s+/g, " ");
}"""


def tab_to(page: Page, words: str, most: int = 80) -> None:
    """Tab after tab, as who has no mouse goes, until the keyboard is on what is called so."""
    for _stop in range(most):
        press(page, "Tab")
        if page.evaluate(_AT).startswith(words):
            return
    pytest.fail(f"the keyboard does not come to ‘{words}’ on {page.url}")


def sign_out(page: Page, name: str) -> None:
    page.get_by_role("banner").get_by_text(name).first.click()
    page.get_by_role("button", name="로그아웃").click()
    page.get_by_role("heading", name="로그인").wait_for()


def link_of_mail(to: str, subject: str) -> str:
    """The address that a person would click in the newest mail of this subject."""
    from cooperation_portal.notices.models import Mail

    mail = wait_until(
        lambda: Mail.objects.filter(recipient=to, subject__contains=subject).first(), f"mail ‘{subject}’ to {to}"
    )
    found = urlsplit(re.findall(r"https?://\S+", mail.text)[0])
    return f"{found.path}?{found.query}" if found.query else found.path
