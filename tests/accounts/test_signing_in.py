"""Signing in, what a role opens and for how long, and the small switches of every page."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings as django_settings
from django.utils import timezone

from cooperation_portal.accounts.models import Grant, Role, User
from cooperation_portal.notices.models import Mail
from tests.people import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "비밀번호 하나 둘 셋 넷"


@pytest.fixture
def person(settings: Any) -> Any:
    settings.EMAIL_BACKEND = "cooperation_portal.notices.backends.OutboxBackend"  # tests put Django's own in its place
    return make_user("한서윤", "officer", email="officer@portal.example", password=PASSWORD)


def sign_in(client: Any, email: str = "officer@portal.example", password: str = PASSWORD, **data: str) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": password, **data})


def signed_in(client: Any) -> bool:
    return "_auth_user_id" in client.session


# --- signing in -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["officer@portal.example", "Officer@Portal.EXAMPLE", "  officer@portal.example  "])
def test_address_is_taken_in_any_case(client: Any, person: Any, email: str) -> None:
    response = sign_in(client, email)
    assert response.status_code == 302 and response.url == "/"
    assert signed_in(client)


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("officer@portal.example", "틀린 비밀번호입니다"),
        ("nobody@portal.example", PASSWORD),
        ("officer@portal.example", PASSWORD.upper() + " "),
    ],
)
def test_wrong_password_and_unknown_address_get_the_same_korean_words(
    client: Any, person: Any, email: str, password: str
) -> None:
    response = sign_in(client, email, password)
    text = response.content.decode()
    assert not signed_in(client)
    [message] = response.context["form"].non_field_errors()
    assert message in text and re.search("[가-힣]", message)
    assert message == sign_in(client, "other@portal.example", "x").context["form"].non_field_errors()[0]
    assert f'value="{email}"' in text and password not in text


@pytest.mark.parametrize(
    ("email", "password"), [("", ""), ("officer", "x"), ("a\x00@b.example", "x"), ("a@b.example", "\x00")]
)
def test_strange_sign_ins_are_answered_with_the_form(client: Any, person: Any, email: str, password: str) -> None:
    response = sign_in(client, email, password)
    assert response.status_code in (200, 422) and response.context["form"].errors
    assert not signed_in(client)


def test_many_wrong_passwords_are_stopped(client: Any, person: Any) -> None:
    for _attempt in range(12):
        response = sign_in(client, password="틀린 비밀번호입니다")
    assert response.status_code == 429 or re.search("[가-힣]", str(response.context["form"].errors))
    sign_in(client)
    assert not signed_in(client)


def test_who_was_switched_off_is_not_let_in_and_is_thrown_out(client: Any, person: Any) -> None:
    sign_in(client)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert client.get("/demands/").url == "/accounts/login/?next=/demands/"
    client.cookies.clear()
    response = sign_in(client)
    assert not signed_in(client)
    assert response.status_code == 302 and response.url == "/accounts/inactive/"
    assert client.get("/accounts/inactive/").status_code == 200


def test_signing_out_ends_the_session(client: Any, person: Any) -> None:
    sign_in(client)
    assert client.get("/accounts/logout/").status_code == 200 and signed_in(client)
    assert client.post("/accounts/logout/").url == "/accounts/login/"
    assert client.get("/demands/").status_code == 302


def test_pages_of_signed_in_people_are_kept_out_of_caches(client: Any, person: Any) -> None:
    sign_in(client)
    assert client.get("/").headers["Cache-Control"] == "no-store, private"


# --- roles ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "held"),
    [
        (0, None, True), (0, 0, True), (-10, 0, True), (-10, -1, False), (1, None, False), (1, 5, False), (-1, 1, True),
    ],
)  # fmt: skip
def test_role_is_held_from_its_first_to_its_last_day(starts: int, ends: int | None, held: bool) -> None:
    today = timezone.localdate()
    person = make_user()
    days = {
        "starts_on": today + timedelta(days=starts),
        "ends_on": None if ends is None else today + timedelta(days=ends),
    }
    Grant.objects.create(user=person, role="officer", reason="시험", **days)
    assert ("officer" in person.roles) is held
    assert (person in User.objects.holding(Role.OFFICER)) is held


def test_ended_role_is_gone_with_the_next_request(client: Any, person: Any) -> None:
    sign_in(client)
    assert client.get("/demands/").status_code == 200
    yesterday = timezone.localdate() - timedelta(days=1)
    person.grants.update(starts_on=yesterday, ends_on=yesterday)
    assert client.get("/demands/").status_code == 403


def test_role_that_ends_today_ends_at_midnight_in_seoul(client: Any, person: Any) -> None:
    import time_machine

    person.grants.update(starts_on=date(2030, 1, 1), ends_on=date(2030, 5, 31))
    with time_machine.travel("2030-05-31T14:59:00Z", tick=False):  # 23:59 in Seoul
        assert "officer" in User.objects.get(pk=person.pk).roles
    with time_machine.travel("2030-05-31T15:00:00Z", tick=False):
        assert "officer" not in User.objects.get(pk=person.pk).roles


def test_roles_of_someone_switched_off_count_for_nothing(person: Any) -> None:
    person.is_active = False
    person.save()
    assert User.objects.get(pk=person.pk).roles == frozenset()
    assert person not in User.objects.holding(Role.OFFICER)


# --- where one is led afterwards --------------------------------------------------------------------------------------

OFF_SITE = (
    "https://evil.example", "https://evil.example/demands/", "http://evil.example", "//evil.example", "///evil.example",
    "////evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example", "/\t/evil.example",
    "/\n/evil.example", "/\r/evil.example", "\t//evil.example", " //evil.example", "\x01//evil.example", "\x00//evil.example",
    "https:evil.example", "https:/evil.example", "http:\\\\evil.example", "HTTPS://evil.example", "https://testserver@evil.example",
    "https://testserver.evil.example", "https://evil.example#testserver", "https://evil.example?testserver",
    "//testserver@evil.example/", "//evil.example:80", "javascript:alert(1)", "java\nscript:alert(1)", "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>", "vbscript:x", "ftp://evil.example", "//\u3002evil.example",
    "http://[::1", "https://evil.example\\@testserver", "/%09/evil.example/..//evil.example", "//evil%00.example",
)  # fmt: skip


def lands_on(location: str) -> str:
    """The host that a browser would open: it drops tabs and line breaks and takes a backslash for a slash."""
    cleaned = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(33)))).replace("\\", "/")
    parts = urlsplit(urljoin("http://testserver/accounts/login/", re.sub(r"^/{2,}", "//", cleaned)))
    return f"{parts.scheme}://{parts.netloc}"


@pytest.mark.parametrize("target", OFF_SITE)
def test_no_next_leads_to_another_site(client: Any, person: Any, target: str) -> None:
    answers = [
        client.post("/accounts/language/", {"language": "ko", "next": target}),
        client.post("/accounts/contrast/", {"contrast": "high", "next": target}),
        sign_in(client, next=target),
    ]
    places = [lands_on(answer.url) if answer.status_code == 302 else "stays" for answer in answers]
    assert places[:2] == ["http://testserver"] * 2
    assert places[2] in ("http://testserver", "stays")
    again = client.get("/accounts/login/", {"next": target})  # signed in already: led on at once
    assert again.status_code != 302 or lands_on(again.url) == "http://testserver"


def test_the_check_above_would_see_another_site() -> None:
    for target in ("https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "///evil.example"):
        assert lands_on(target).endswith("//evil.example")


def test_next_of_this_site_is_followed(client: Any, person: Any) -> None:
    assert sign_in(client, next="/demands/?q=질화").url.startswith("/demands/?q=")
    assert client.post("/accounts/contrast/", {"contrast": "high", "next": "/demands/"}).url == "/demands/"


# --- language and contrast --------------------------------------------------------------------------------------------


def language_of(response: Any) -> str:
    return str(re.search(r'<html lang="([^"]+)"', response.content.decode()).group(1))  # type: ignore[union-attr]


def test_korean_comes_first_whatever_the_browser_asks_for(client: Any) -> None:
    assert language_of(client.get("/", headers={"Accept-Language": "en-US,en;q=0.9"})) == "ko"


def test_switch_of_a_guest_is_kept_in_a_cookie(client: Any) -> None:
    response = client.post("/accounts/language/", {"language": "en", "next": "/"})
    assert response.cookies["language"].value == "en" and response.cookies["language"]["httponly"]
    page = client.get("/")
    assert language_of(page) == "en" and page.headers["Content-Language"] == "en"


def test_switch_of_a_person_is_kept_with_the_person(client: Any, person: Any) -> None:
    sign_in(client)
    client.post("/accounts/language/", {"language": "en", "next": "/"})
    person.refresh_from_db()
    assert person.language == "en"
    client.cookies.pop("language")
    assert language_of(client.get("/")) == "en"


@pytest.mark.parametrize("code", ["", "xx", "EN", "ja", "../../etc", "en\x00", "ko-KR"])
def test_language_that_is_not_offered_changes_nothing(client: Any, person: Any, code: str) -> None:
    assert "ja" not in django_settings.PORTAL_LANGUAGES
    sign_in(client)
    response = client.post("/accounts/language/", {"language": code, "next": "/"})
    assert response.status_code == 302 and "language" not in response.cookies
    person.refresh_from_db()
    assert person.language == "ko" and language_of(client.get("/")) == "ko"


def test_strange_cookies_are_taken_as_none(client: Any) -> None:
    client.cookies["language"], client.cookies["contrast"] = "xx", "<script>"
    page = client.get("/")
    assert language_of(page) == "ko" and "high-contrast" not in page.content.decode()


def test_contrast_is_switched_on_and_off(client: Any) -> None:
    client.post("/accounts/contrast/", {"contrast": "high", "next": "/"})
    assert 'data-krds-mode="high-contrast"' in client.get("/").content.decode()
    client.post("/accounts/contrast/", {"contrast": "<script>", "next": "/"})
    assert "high-contrast" not in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/accounts/language/", "/accounts/contrast/"])
def test_switches_do_not_answer_to_links(client: Any, path: str) -> None:
    assert client.get(path).status_code == 405


# --- forgotten passwords ----------------------------------------------------------------------------------------------


def test_reset_mail_goes_to_the_outbox_and_its_link_opens_the_account(client: Any, person: Any) -> None:
    sent = client.post("/accounts/password/reset/", {"email": "officer@portal.example"}, follow=True)
    assert sent.status_code == 200
    mail = Mail.objects.get(recipient="officer@portal.example")
    [link] = re.findall(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", mail.text)

    form = client.get(link, follow=True)
    new = "새 비밀번호 다섯 여섯 일곱"
    path = form.redirect_chain[-1][0]
    short = client.post(path, {"password1": "짧음", "password2": "짧음"})
    assert short.context["form"].errors
    client.post(path, {"password1": new, "password2": new})
    sign_in(client)
    assert not signed_in(client)
    sign_in(client, password=new)
    assert signed_in(client)


def test_reset_link_works_once(client: Any, person: Any) -> None:
    client.post("/accounts/password/reset/", {"email": "officer@portal.example"})
    [link] = re.findall(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", Mail.objects.get().text)
    path = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(path, {"password1": "새 비밀번호 다섯 여섯 일곱", "password2": "새 비밀번호 다섯 여섯 일곱"})
    client.cookies.clear()
    again = client.get(link, follow=True)
    assert again.status_code == 200 and 'name="password1"' not in again.content.decode()


def test_reset_for_an_unknown_address_looks_the_same(client: Any, person: Any) -> None:
    known = client.post("/accounts/password/reset/", {"email": "officer@portal.example"})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@portal.example"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_stored_passwords_are_hashed_with_argon2(person: Any) -> None:
    assert person.password.startswith("argon2$")
