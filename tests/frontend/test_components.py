"""What the components write, without a browser."""

import posixpath
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from cooperation_portal.shared.forms_rendering import PortalFormRenderer
from cooperation_portal.shared.templatetags import ui
from tests.frontend import styleguide

ROOT = Path(__file__).resolve().parents[2]
HANGUL = re.compile(r"[\uac00-\ud7a3]")


def write(source: str, **context: object) -> str:
    return " ".join(Template("{% load ui %}" + source).render(Context(context)).split())


def test_a_hidden_value_never_reaches_the_page() -> None:
    shown = write("{% value secret hidden=True %}", secret="1,200백만원")
    assert "1,200" not in shown
    assert "비공개" in shown


@pytest.mark.parametrize("nothing", [None, "", [], {}])
def test_no_value_is_said_in_words(nothing: object) -> None:
    assert "자료 없음" in write("{% value x %}", x=nothing)


def test_zero_is_a_value() -> None:
    assert write("{% value x %}", x=0) == "0"


@pytest.mark.parametrize("code", [None, "", "unknown"])
def test_an_unknown_relevance_is_shown_as_no_score(code: str | None) -> None:
    assert "점수 없음" in write("{% relevance code %}", code=code)


def test_relevance_has_words_beside_its_colour() -> None:
    assert "매우 높음" in write('{% relevance "very_high" %}')


def test_an_unknown_status_is_neutral() -> None:
    assert "cp-tone-neutral" in write('{% badge "nobody_knows" "상태" %}')


def test_a_badge_escapes_its_label() -> None:
    assert "<b>" not in write("{% badge 'x' label %}", label="<b>")


@pytest.mark.parametrize(
    ("page", "text", "language"),
    [("en", "김하늘", "ko"), ("ko", "Способ", "ru"), ("ko", "アルミ合金", "ja"), ("en", "热处理", "zh-Hans")],
)
def test_foreign_text_says_its_language(page: str, text: str, language: str) -> None:
    with translation.override(page):
        assert str(ui.marked(text)) == f'<span lang="{language}">{text}</span>'


@pytest.mark.parametrize(("page", "text"), [("ko", "김하늘"), ("en", "Alloy"), ("ja", "合金")])
def test_text_of_the_page_stays_as_it_is(page: str, text: str) -> None:
    with translation.override(page):
        assert ui.marked(text) == text


def test_marked_text_is_escaped() -> None:
    with translation.override("en"):
        assert "<script>" not in str(ui.marked("<script>가"))


def test_changing_a_filter_goes_back_to_the_first_page() -> None:
    request = RequestFactory().get("/?page=7&q=a&q=b&status=held")
    shown = write("{% query_string status='open' %}", request=request)
    assert shown == "?q=a&amp;q=b&amp;status=open"


def test_a_query_cannot_break_out_of_its_attribute() -> None:
    request = RequestFactory().get("/", {"q": '"><script>'})
    assert "<script>" not in write("{% query_string page=2 %}", request=request)


def test_bars_stay_within_their_track_and_keep_a_point_in_every_language() -> None:
    with translation.override("ru"):
        shown = write(
            "{% score_bars rows %}", rows=[{"label": "a", "value": 1.7}, SimpleNamespace(label="b", value=0.125)]
        )
    assert 'width="100.0"' in shown
    assert 'width="12.5"' in shown


def test_a_component_without_a_value_is_named_as_such() -> None:
    shown = write("{% score_bars rows %}", rows=[{"label": "a", "value": None}])
    assert "해당 없음" in shown
    assert "cp-bar-fill" not in shown


def test_an_empty_funnel_divides_by_nothing() -> None:
    assert 'width="0"' in write("{% funnel rows %}", rows=[{"label": "a", "count": 0}])


class OneForm(forms.Form):
    default_renderer = PortalFormRenderer
    name = forms.CharField(max_length=120, help_text="도움말")
    postcode = forms.CharField(max_length=5, required=False)
    kinds = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple)


def test_a_field_names_its_help_its_error_and_its_count() -> None:
    shown = str(OneForm(data={}))
    described = re.search(r'name="name"[^>]*aria-describedby="([^"]+)"', shown)
    assert described
    assert described[1].split() == ["id_name_helptext", "id_name_error", "id_name_count"]
    for target in described[1].split():
        assert f'id="{target}"' in shown
    assert 'aria-invalid="true"' in shown


def test_short_fields_have_no_counter() -> None:
    assert "id_postcode_count" not in str(OneForm())


def test_every_link_of_the_error_summary_leads_somewhere() -> None:
    shown = str(OneForm(data={}))
    targets = re.findall(r'href="#([^"]+)"', shown)
    assert targets == ["id_name", "id_kinds_0"]
    for target in targets:
        assert f'id="{target}"' in shown


def test_labels_and_messages_are_escaped() -> None:
    form = OneForm(data={"name": "x", "kinds": ["<img>"]})
    assert "<img>" not in str(form)


@pytest.mark.parametrize("template", ["email/base.txt", "email/base.html"])
def test_mail_brings_nothing_from_elsewhere(template: str) -> None:
    shown = styleguide.render(
        template, recipient_name="김하늘", action_url="https://portal.example/x", action_label="열기"
    )
    assert "https://portal.example/x" in shown
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", shown)


def _files(*patterns: str) -> list[Path]:
    return sorted(file for pattern in patterns for file in ROOT.glob(pattern))


@pytest.mark.parametrize("file", _files("templates/**/*.html", "templates/**/*.txt"), ids=str)
def test_korean_in_templates_can_be_translated(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    source = re.sub(r"\{% comment %\}.*?\{% endcomment %\}|\{#.*?#\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{% blocktrans(late)?\b.*?\{% endblocktrans(late)? %\}", "", source, flags=re.DOTALL)
    source = re.sub(r"\{% trans(late)? \"[^\"]*\".*?%\}|_\(\"[^\"]*\"\)", "", source, flags=re.DOTALL)
    assert not HANGUL.findall(source)


@pytest.mark.parametrize("file", _files("templates/**/*.html"), ids=str)
def test_templates_have_no_inline_style_or_script(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|javascript:|hx-on", source)
    if "email" not in file.parts:  # mail readers know no policy, and no other place for a style
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)", source)


def test_script_and_styles_speak_no_language() -> None:
    for file in _files("static/js/*.js", "static/css/*.css"):
        assert not HANGUL.search(file.read_text(encoding="utf-8")), file


@pytest.mark.parametrize(
    "name",
    [
        "css/portal.css",
        "css/plain.css",
        "vendor/krds/css/component/output.css",
        "vendor/pretendard/variable/pretendardvariable-gov-dynamic-subset.css",
    ],
)
def test_every_file_that_a_style_sheet_names_is_served(name: str) -> None:
    found = finders.find(name)
    assert found, name
    source = re.sub(r"/\*.*?\*/", "", Path(str(found)).read_text(encoding="utf-8"), flags=re.S)
    for address in set(re.findall(r"url\([\"']?(?!data:)([^)\"']+)", source)):
        assert finders.find(posixpath.normpath(posixpath.join(posixpath.dirname(name), address))), address
