"""Every page of the frame in a real browser: axe finds nothing, the policy blocks nothing, nothing scrolls sideways."""

import shutil
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.utils.translation import gettext_lazy as _
from playwright.sync_api import Browser, Page, Request

from tests.frontend import browser as driven
from tests.frontend import styleguide

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not shutil.which(driven.CHROMIUM), reason="chromium is not installed here"),
]


class SignInForm(forms.Form):
    login = forms.EmailField(label=_("전자우편"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    password = forms.CharField(
        label=_("비밀번호"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    remember = forms.BooleanField(label=_("로그인 상태 유지"), required=False)


ADDRESS = SimpleNamespace(email="officer@example.org", primary=True, verified=False)
ANONYMOUS = SimpleNamespace(is_authenticated=False)
ACCOUNT: dict[str, dict[str, Any]] = {
    "account/login.html": {"form": SignInForm(), "user": ANONYMOUS, "navigation": []},
    "account/password_reset.html": {"form": SignInForm(data={"login": "x"}), "user": ANONYMOUS},
    "account/password_reset_done.html": {"user": ANONYMOUS},
    "account/password_reset_from_key.html": {"form": SignInForm(), "action_url": "/x/", "user": ANONYMOUS},
    "account/password_reset_from_key_done.html": {"user": ANONYMOUS},
    "account/password_change.html": {"form": SignInForm()},
    "account/password_set.html": {"form": SignInForm()},
    "account/logout.html": {},
    "account/reauthenticate.html": {"form": SignInForm()},
    "account/signup.html": {"form": SignInForm(), "login_url": "/accounts/login/", "user": ANONYMOUS},
    "account/account_inactive.html": {"user": ANONYMOUS},
    "account/verification_sent.html": {"user": ANONYMOUS},
    "account/verified_email_required.html": {},
    "account/email_confirm.html": {
        "confirmation": SimpleNamespace(key="k", email_address=ADDRESS),
        "can_confirm": True,
        "user": ANONYMOUS,
    },
    "account/email.html": {
        "emailaddresses": [ADDRESS],
        "emailaddress_radios": [SimpleNamespace(id="a", checked=True, emailaddress=ADDRESS)],
        "can_add_email": True,
        "form": SignInForm(),
    },
    "account/email_change.html": {"current_emailaddress": ADDRESS, "new_emailaddress": ADDRESS, "form": SignInForm()},
}
ERRORS = ("400.html", "403.html", "403_csrf.html", "404.html", "500.html", "503.html", "maintenance.html")
CONFIRM: dict[str, dict[str, Any]] = {
    "components/confirm_page.html": {
        "heading": _("결과 공개"),
        "text": _("공개하면 기업이 결과를 볼 수 있습니다."),
        "submit_label": _("공개"),
        "cancel_url": "/",
        "form": SignInForm(),
    }
}
PAGES: dict[str, dict[str, Any]] = {
    **{page: {} for page in styleguide.PAGES},
    **ACCOUNT,
    **{page: {} for page in ERRORS},
    **CONFIRM,
}


# The pages with all components in every combination; the small ones, built of the same parts, in the two extremes.
COMBINATIONS = [
    (template, width, contrast)
    for template in PAGES
    for width, contrast in ((1440, "normal"), (1440, "high"), (390, "normal"), (390, "high"))
    if template in styleguide.PAGES or (width, contrast) in {(1440, "high"), (390, "normal")}
]


@pytest.mark.parametrize(("template", "width", "contrast"), COMBINATIONS)
def test_page_is_accessible_and_clean(browser: Browser, template: str, width: int, contrast: str) -> None:
    page = driven.show(browser, styleguide.render(template, contrast=contrast, **PAGES[template]), width=width)
    try:
        assert driven.problems(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert driven.violations(page) == []
    finally:
        page.close()


@pytest.fixture
def triage(browser: Browser) -> Iterator[Page]:
    page = driven.show(browser, styleguide.render("styleguide_split.html"), width=1440)
    yield page
    page.close()


def test_a_key_presses_the_button_it_names(triage: Page) -> None:
    triage.locator("body").press("j")
    assert triage.evaluate("location.hash") == "#next"


def test_a_key_does_nothing_while_somebody_writes(browser: Browser) -> None:
    page = driven.show(browser, styleguide.render("styleguide.html"), width=1440)
    page.locator("input[name=q]").press("n")
    assert page.evaluate("location.hash") == ""
    assert page.locator("input[name=q]").input_value() == "n"
    page.close()


def test_help_lists_the_keys_and_switches_them_off(triage: Page) -> None:
    triage.locator("body").press("?")
    assert triage.locator("#cp-shortcuts dt").all_inner_texts() == ["k", "j", "r", "h", "x", "?"]
    triage.locator("#cp-shortcuts-on").uncheck()
    triage.keyboard.press("Escape")
    triage.locator("body").press("j")
    assert triage.evaluate("location.hash") == ""


def test_a_confirmation_can_be_refused_and_sends_once(triage: Page) -> None:
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.post_data or "")

    triage.on("request", note)
    release = triage.locator("button[value=r]")
    release.click()
    assert triage.locator("#cp-confirm-text").inner_text()
    triage.keyboard.press("Escape")
    assert sent == []
    release.click()
    with triage.expect_navigation():
        triage.locator("[data-confirm-yes]").click()
    assert len(sent) == 1
    assert "d=r" in sent[0]


def test_ticking_all_counts_the_rows(browser: Browser) -> None:
    page = driven.show(browser, styleguide.render("styleguide.html"), width=1440)
    page.locator("[data-select-all]").check()
    assert page.locator("tbody input:checked").count() == 5
    assert "5" in page.locator("[data-bulk-count]").inner_text()
    page.locator("tbody input").first.uncheck()
    assert page.locator("[data-select-all]").evaluate("box => box.indeterminate")
    page.close()


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(browser: Browser) -> None:
    page = driven.show(browser, styleguide.render("styleguide_form.html"), width=1440)
    assert page.evaluate("document.activeElement.className") == "cp-error-summary"
    page.locator(".cp-error-summary a").last.click()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('fieldset') !== null")
    page.close()


def test_the_counter_follows_what_is_written(browser: Browser) -> None:
    page = driven.show(browser, styleguide.render("styleguide_form.html"), width=1440)
    page.locator("#id_title").fill("가나다")
    assert page.locator("#id_title_count").inner_text().startswith("3 / 200")
    page.close()


def test_without_a_script_the_page_still_shows_filters_and_keeps_keys_out_of_sight(browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900})
    page = driven.show(context, styleguide.render("styleguide.html"), width=1440)
    assert page.locator("input[name=q]").is_visible()
    assert not page.locator("[data-open-dialog]").is_visible()
    context.close()
