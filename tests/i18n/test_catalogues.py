"""The tool that stands in for GNU gettext: what it finds, what it keeps, what it complains about."""

from __future__ import annotations

import gettext
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cooperation_portal.shared import catalogues

MODELS = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

TITLE = _("수요기술")
LONG = _(
    "%(name)s 님이 "
    "판단했습니다."
)
OTHER = pgettext("권리", "등록")


def count(number):
    return ngettext("기술 %(count)s건", "기술 %(count)s건", number)
"""
PAGE = """{% load i18n %}
      <h1>{% translate "원천기술" %}</h1>
  {# not a message #}
    {% include "x.html" with title=_("찾는 말") text=value|default:_("없음") %}
{% blocktranslate trimmed with name=user.name %}
  {{ name }} 님,
  50% 끝났습니다.
{% endblocktranslate %}
{% blocktranslate count count=n %}{{ count }}건{% plural %}{{ count }}건 모두{% endblocktranslate %}
"""
ENGLISH = {
    "수요기술": ["Technology demand"],
    "%(name)s 님이 판단했습니다.": ["%(name)s decided."],
    "등록": ["Registered"],
    "기술 %(count)s건": ["%(count)s technology", "%(count)s technologies"],
    "원천기술": ["Source technology"],
    "찾는 말": ["Search words"],
    "없음": ["None"],
    "%(name)s 님, 50%% 끝났습니다.": ["%(name)s, 50%% done."],
    "%(count)s건": ["%(count)s", "all %(count)s"],
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "app" / "models.py").write_text(MODELS, encoding="utf-8")
    (tmp_path / "app" / "templates" / "page.html").write_text(PAGE, encoding="utf-8")
    for skipped in ("tests", "node_modules", ".venv"):
        (tmp_path / skipped).mkdir()
        (tmp_path / skipped / "other.py").write_text('_("다른 것")', encoding="utf-8")
    return tmp_path


@pytest.fixture
def locale(root: Path) -> Path:
    return root / "locale"


def update(root: Path, languages: tuple[str, ...] = ("ko", "en")) -> list[catalogues.Difference]:
    return catalogues.update(root, root / "locale", list(languages))


def translate(root: Path, words: dict[str, list[str]] = ENGLISH, language: str = "en") -> None:
    """What a translator does by hand in the file, and the update after it."""
    path = catalogues.po_path(root / "locale", language)
    catalogue = catalogues.read(path, language)
    for message in catalogue:
        _context, text, plural = catalogues.key_of(message)
        if text in words:
            message.string = tuple(words[text]) if plural else words[text][0]
    path.write_bytes(catalogues.po_bytes(catalogue))
    catalogues.compile_one(root / "locale", language)


def faults(root: Path, language: str = "en", offered: tuple[str, ...] = ("ko", "en")) -> list[str]:
    reports = catalogues.check(root, root / "locale", [language], list(offered))
    return [fault for report in reports for fault in report.faults]


@pytest.fixture
def complete(root: Path) -> Path:
    update(root)
    translate(root)
    return root


def test_it_finds_the_messages_of_programs_and_templates(root: Path) -> None:
    found = [catalogues.key_of(message) for message in catalogues.extracted(root) if message.id]

    assert found == [
        ("", "수요기술", ""),
        ("", "%(name)s 님이 판단했습니다.", ""),
        ("권리", "등록", ""),
        ("", "기술 %(count)s건", "기술 %(count)s건"),
        ("", "원천기술", ""),
        ("", "찾는 말", ""),
        ("", "없음", ""),
        ("", "%(name)s 님, 50%% 끝났습니다.", ""),
        ("", "%(count)s건", "%(count)s건 모두"),
    ]


def test_what_it_compiles_is_read_by_gettext(complete: Path, locale: Path) -> None:
    with catalogues.po_path(locale, "en").with_suffix(".mo").open("rb") as file:
        read = gettext.GNUTranslations(file)

    assert read.gettext("수요기술") == "Technology demand"
    assert read.pgettext("권리", "등록") == "Registered"
    assert read.ngettext("기술 %(count)s건", "기술 %(count)s건", 1) == "%(count)s technology"
    assert read.ngettext("기술 %(count)s건", "기술 %(count)s건", 2) == "%(count)s technologies"


def test_a_second_update_changes_no_byte(complete: Path, locale: Path) -> None:
    before = {path: path.read_bytes() for path in locale.rglob("django.*")}

    differences = update(complete)

    assert {path: path.read_bytes() for path in locale.rglob("django.*")} == before
    assert differences == [catalogues.Difference("en", added=0, removed=0, missing=0)]


def test_the_files_hold_no_date_and_no_line_number(complete: Path, locale: Path) -> None:
    text = catalogues.po_path(locale, "en").read_text(encoding="utf-8")

    assert "#: app/models.py\n" in text
    assert not any(word in text for word in ("Date", "Generated", "Translator", "models.py:"))


def test_an_update_keeps_translations_adds_what_is_new_and_drops_what_is_gone(complete: Path, locale: Path) -> None:
    page = complete / "app" / "templates" / "page.html"
    page.write_text(PAGE.replace("원천기술", "애로기술"), encoding="utf-8")

    differences = update(complete)

    assert differences == [catalogues.Difference("en", added=1, removed=1, missing=1)]
    known = {catalogues.key_of(m)[1]: m.string for m in catalogues.read(catalogues.po_path(locale, "en"), "en") if m.id}
    assert known["수요기술"] == "Technology demand"
    assert known["애로기술"] == ""
    assert "원천기술" not in known


@pytest.mark.parametrize(
    ("language", "folder", "forms"), [("ru", "ru", 3), ("ja", "ja", 1), ("zh-hans", "zh_Hans", 1), ("en", "en", 2)]
)
def test_each_language_has_its_folder_and_its_plural_forms(root: Path, language: str, folder: str, forms: int) -> None:
    update(root, (language,))

    text = (root / "locale" / folder / "LC_MESSAGES" / "django.po").read_text(encoding="utf-8")
    assert f"nplurals={forms};" in text
    assert f'msgstr[{forms - 1}] ""' in text
    assert f"msgstr[{forms}]" not in text


def test_a_complete_catalogue_passes(complete: Path, locale: Path) -> None:
    (report,) = catalogues.check(complete, locale, ["en"], ["ko", "en"])

    assert report.faults == []
    assert (report.translated, report.total, report.complete) == (9, 9, True)


def _new_message(root: Path) -> None:
    (root / "app" / "views.py").write_text('_("새 글")', encoding="utf-8")


def _old_message(root: Path) -> None:
    (root / "app" / "models.py").write_text(MODELS.replace("수요기술", "수요"), encoding="utf-8")


def _untranslated(root: Path) -> None:
    translate(root, {"수요기술": [""]})


def _one_form_missing(root: Path) -> None:
    translate(root, {"%(count)s건": ["%(count)s", ""]})


def _fuzzy(root: Path) -> None:
    path = catalogues.po_path(root / "locale", "en")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('msgid "수요기술"', '#, fuzzy\nmsgid "수요기술"'), encoding="utf-8")
    catalogues.compile_one(root / "locale", "en")


def _lost_placeholder(root: Path) -> None:
    translate(root, {"%(name)s 님이 판단했습니다.": ["Someone decided."]})


def _unknown_placeholder(root: Path) -> None:
    translate(root, {"%(name)s 님이 판단했습니다.": ["%(name)s decided at %(time)s."]})


def _lost_in_the_plural(root: Path) -> None:
    translate(root, {"기술 %(count)s건": ["%(count)s technology", "many technologies"]})


def _single_percent(root: Path) -> None:
    translate(root, {"%(name)s 님, 50%% 끝났습니다.": ["%(name)s, 50% done."]})


def _stale_mo(root: Path) -> None:
    path = catalogues.po_path(root / "locale", "en")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Technology demand", "Demand"), encoding="utf-8")


def _no_mo(root: Path) -> None:
    catalogues.po_path(root / "locale", "en").with_suffix(".mo").unlink()


def _hangul(root: Path) -> None:
    translate(root, {"수요기술": ["Technology demand (수요기술)"]})


def _no_catalogue(root: Path) -> None:
    catalogues.po_path(root / "locale", "en").unlink()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_new_message, ["not in the catalogue: “새 글”"]),
        (_old_message, ["not in the catalogue: “수요”", "no longer in the sources: “수요기술”"]),
        (_untranslated, ["not translated: “수요기술”"]),
        (_one_form_missing, ["not translated: “%(count)s건”"]),
        (_fuzzy, ["fuzzy: “수요기술”"]),
        (_lost_placeholder, ["placeholders differ (%(name)s and none): “%(name)s 님이 판단했습니다.”"]),
        (
            _unknown_placeholder,
            ["placeholders differ (%(name)s and %(name)s, %(time)s): “%(name)s 님이 판단했습니다.”"],
        ),
        (_lost_in_the_plural, ["placeholders differ (%(count)s and none): “기술 %(count)s건”"]),
        (_single_percent, ["a percent sign must be doubled: “%(name)s 님, 50%% 끝났습니다.”"]),
        (_stale_mo, ["django.mo is not what django.po compiles to"]),
        (_no_mo, ["django.mo is not what django.po compiles to"]),
        (_hangul, ["Hangul in the English text: “수요기술”"]),
        (_no_catalogue, ["there is no catalogue django.po; manage.py update_translations makes it"]),
    ],
)
def test_the_check_says_what_is_wrong(complete: Path, spoil: Callable[[Path], None], said: list[str]) -> None:
    spoil(complete)

    assert faults(complete) == said


def test_the_singular_may_leave_out_the_number(complete: Path) -> None:
    translate(complete, {"기술 %(count)s건": ["one technology", "%(count)s technologies"]})

    assert faults(complete) == []


def test_the_name_of_a_language_may_be_in_its_own_script(complete: Path) -> None:
    translate(complete, {"찾는 말": ["Search words (한국어)"]})

    assert faults(complete) == []


def test_a_language_that_is_not_offered_need_not_be_complete(root: Path, locale: Path) -> None:
    update(root, ("ru",))
    (report,) = catalogues.check(root, locale, ["ru"], ["ko", "en"])

    assert report.faults == []
    assert (report.translated, report.total, report.complete) == (0, 9, False)


def test_its_translations_are_checked_all_the_same(root: Path) -> None:
    update(root, ("ru",))
    translate(root, {"%(name)s 님이 판단했습니다.": ["Решено."]}, language="ru")

    assert faults(root, "ru") == ["placeholders differ (%(name)s and none): “%(name)s 님이 판단했습니다.”"]


def test_without_babel_it_says_what_to_install(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "babel"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "babel", None)

    with pytest.raises(catalogues.BabelMissing, match="make setup-test"):
        update(root)
