"""The portal's own catalogues, and what comes of them on its pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.template import Context, Template
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cooperation_portal.shared import catalogues
from tests.i18n.hangul import unmarked_hangul
from tests.people import make_technology

WORD = "온도"


def test_the_catalogues_are_up_to_date_complete_and_compiled() -> None:
    said = StringIO()
    try:
        call_command("check_translations", stdout=said)
    except CommandError:
        pytest.fail(said.getvalue())

    assert "offered" in said.getvalue()


def test_the_check_fails_where_an_offered_language_has_no_catalogue(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LOCALE_PATHS = [tmp_path]
    settings.PORTAL_LANGUAGES = ["ko", "en", "fr"]
    said = StringIO()

    with pytest.raises(CommandError, match="faults"):
        call_command("check_translations", stdout=said)

    assert "there is no catalogue" in said.getvalue()
    assert "fr: PORTAL_LANGUAGES names it, LANGUAGES does not" in said.getvalue()


def test_an_update_leaves_the_compiled_files_as_they_are(tmp_path: Path, settings: Any) -> None:
    """The committed files are those that the command writes."""
    folder = Path(settings.LOCALE_PATHS[0])
    for path in folder.rglob("django.po"):
        copy = tmp_path / path.relative_to(folder)
        copy.parent.mkdir(parents=True)
        copy.write_bytes(path.read_bytes())
    settings.LOCALE_PATHS = [tmp_path]

    call_command("update_translations", stdout=StringIO())

    for path in folder.rglob("django.mo"):
        assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes(), path


def test_our_korean_words_for_other_packages_are_still_asked_for() -> None:
    """An upgrade that rewords a message leaves our translation of it without use."""
    import allauth
    import django
    from babel.messages.pofile import read_po
    from django.contrib import auth

    asked = set()
    for package in (Path(django.__file__).parent / "conf", Path(auth.__file__).parent, Path(allauth.__file__).parent):
        with (package / "locale" / "ko" / "LC_MESSAGES" / "django.po").open("rb") as file:
            asked |= {catalogues.key_of(message) for message in read_po(file)}
    path = catalogues.po_path(Path(settings.LOCALE_PATHS[0]), "ko")
    ours = {catalogues.key_of(message) for message in catalogues.read(path, "ko") if message.id}

    assert ours
    assert ours <= asked


def test_korean_forms_say_what_to_do() -> None:
    from django import forms

    class Sheet(forms.Form):
        name = forms.CharField(max_length=3)
        country = forms.ChoiceField(choices=[("kr", "한국")])

    with translation.override("ko"):
        errors = Sheet({"name": "네 글자", "country": "xx"}).errors
        assert errors["name"] == ["3자까지 적을 수 있습니다. 지금은 4자이니 줄여 주십시오."]
        assert "목록에 있는 것 가운데에서 골라 주십시오." in errors["country"][0]
        assert Sheet({}).errors["name"] == ["필수 항목입니다. 내용을 적거나 골라 주십시오."]


@pytest.mark.parametrize(
    ("language", "count", "shown"),
    [("ko", 1, "수요 1건"), ("ko", 5, "수요 5건"), ("en", 1, "1 demand"), ("en", 5, "5 demands")],
)
def test_plurals(language: str, count: int, shown: str) -> None:
    """Korean has no catalogue of its own words: the source's words are shown, whatever the number."""
    page = Template(
        "{% load i18n %}{% blocktranslate count count=n %}수요 {{ count }}건{% plural %}수요 {{ count }}건{% endblocktranslate %}"
    )
    with translation.override(language):
        assert page.render(Context({"n": count})) == shown


# --- pages in English -------------------------------------------------------------------------------------------------


def english(client: Client) -> Client:
    """By way of the language switch, which works before and after sign-in."""
    client.post(reverse("set_language"), {"language": "en"})
    return client


def leaks(client: Client, addresses: list[str], records: list[str]) -> dict[str, list[str]]:
    found = {}
    for address in addresses:
        page = client.get(address)
        assert page.status_code in (200, 404), f"{address}: {page.status_code}"
        assert page.headers["Content-Language"] == "en"
        if here := unmarked_hangul(page.content.decode(), records):
            found[address] = here
    return found


@pytest.mark.parametrize(
    "page",
    [
        f"<p>{WORD}</p>",
        f'<p lang="en">{WORD}</p>',
        f'<p lang="ko">Temperature</p>{WORD}',
        f'<input aria-label="{WORD}">',
        f'<input type="submit" value="{WORD}">',
        f'<td data-label="{WORD}">1</td>',
        f"<option>{WORD}</option>",
        f'<html lang="en"><title>{WORD}</title></html>',
    ],
)
def test_the_search_for_hangul_finds_it(page: str) -> None:
    assert len(unmarked_hangul(page, ["강도"])) == 1


@pytest.mark.parametrize(
    "page",
    [
        "<p>Temperature</p>",
        f'<p lang="ko">{WORD} <b>{WORD}</b></p>',
        f'<html lang="en"><body><span lang="ko-KR">{WORD}</span><br>Temperature</body></html>',
        f"<title>D-00001 {WORD}</title>",
        f"<script>'{WORD}'</script>",
        f'<input type="text" value="{WORD}">',
    ],
)
def test_the_search_for_hangul_lets_the_rest_through(page: str) -> None:
    assert unmarked_hangul(page, [WORD]) == []


@pytest.mark.django_db
def test_pages_before_sign_in_are_english(client: Client) -> None:
    names = ["home", "account_login", "account_reset_password", "account_reset_password_done", "account_signup"]

    assert leaks(english(client), [reverse(name) for name in names], []) == {}


@pytest.mark.django_db
def test_the_welcome_page_speaks_english(client: Client) -> None:
    page = english(client).get("/").content.decode()

    assert '<html lang="en"' in page
    assert "Find technologies" in page and "Browse technologies" in page


@pytest.fixture
def decided(officer: Any, member: Any, demand: Any, technology: Any, scored: Callable[[], int], client: Client) -> Any:
    """A demand with candidates, one of them decided and released, by way of the pages."""
    make_technology("저온 질화", "저온에서 하는 질화 기술입니다.", language="ko", korean=None, country="KR")
    make_technology(
        "低温窒化", "低温での窒化処理により表面硬度を高める技術です。", language="ja", korean=None, country="JP"
    )
    scored()
    client.force_login(officer)
    client.post(reverse("assign", args=[demand.pk]), {"officer": officer.pk})
    decision = {"verdict": "suitable", "reason": "other", "words": "현장에서 바로 쓸 수 있습니다.", "seen_version": 0}
    client.post(reverse("candidate", args=[demand.pk, technology.pk]), decision)
    shown = client.get(reverse("release", args=[demand.pk])).content.decode()
    seen = re.findall(r'name="seen"\s+value="([^"]+)"', shown)
    assert (
        client.post(reverse("release", args=[demand.pk]), {"seen": seen, "message": "살펴봐 주십시오."}).status_code
        == 302
    )
    client.get("/")  # shows, and so takes away, messages in Korean
    return demand


@pytest.mark.django_db
def test_pages_of_officers_are_english(client: Client, decided: Any, technology: Any, officer: Any) -> None:
    records = [decided.title, decided.problem, "강의 플라즈마 질화", officer.name, decided.company.name]
    records += ["현장에서 바로 쓸 수 있습니다.", "살펴봐 주십시오."]
    plain = ["home", "my_queue", "whole_queue", "technology_list", "add_demand", "account_email", "account_logout"]
    of_demand = ["demand_detail", "edit_demand", "demand_history", "find_technology", "release"]
    addresses = [reverse(name) for name in plain]
    addresses += [reverse(name, args=[decided.pk]) for name in of_demand]
    addresses += [reverse("find_technology", args=[decided.pk]) + "?q=nitriding", "/no/such/page/"]
    addresses += [reverse("candidate", args=[decided.pk, technology.pk])]
    addresses += [reverse("technology_detail", args=[technology.pk]), reverse("account_reset_password")]

    assert leaks(english(client), addresses, records) == {}


@pytest.mark.django_db
def test_answers_to_forms_are_english(client: Client, decided: Any, technology: Any, officer: Any) -> None:
    records = [officer.name, decided.company.name, decided.title]
    many = {"chosen": [f"{technology.pk}:1"], "verdict": "unsuitable", "reason": "stage"}
    sent: list[tuple[str, dict[str, Any]]] = [
        (reverse("add_demand"), {"title": "가"}),
        (reverse("decide_many", args=[decided.pk]), many),
        (reverse("candidate", args=[decided.pk, technology.pk]), {"verdict": "suitable", "reason": "stage"}),
        (reverse("correct", args=[decided.pk, technology.pk]), {"verdict": "unsuitable"}),
    ]
    for address, data in sent:
        page = english(client).post(address, data)
        assert unmarked_hangul(page.content.decode(), records) == [], address


@pytest.mark.django_db
def test_pages_of_companies_are_english(client: Client, decided: Any, member: Any) -> None:
    client.force_login(member)

    assert leaks(english(client), ["/"], []) == {}
    assert "Recommended technologies" in client.get("/").content.decode()


@pytest.mark.django_db
def test_pages_of_system_administrators_are_english(client: Client, system_admin: Any) -> None:
    client.force_login(system_admin)

    assert leaks(english(client), ["/", reverse("failed_work"), reverse("kept_mail")], []) == {}
