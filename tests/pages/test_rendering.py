"""Whatever is written as a text, what comes out is harmless: no script, no style, no frame, no address of a script."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cooperation_portal.pages.rendering import is_allowed, to_html, to_text

ALLOWED = {"a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong", "table",
           "tbody", "td", "th", "thead", "tr", "ul"}  # fmt: skip
ATTRIBUTES = {"href", "rel", "start", "class", "scope"}
ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=//evil.example></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "[x](/\t/evil.example)",
    "<javascript:alert(1)>",
    "[x][r]\n\n[r]: javascript:alert(1)",
    '[x](/pages/ "t" onclick="alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    "| <b onclick=x>a</b> |\n|---|\n| <script>x</script> |",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    "<style>*{display:none}</style>",
    "<p style='position:fixed'>x</p>",
    "<!-- <script>alert(1)</script> -->",
    "{phone}<script>",
]


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.add(name)
            if name == "href":
                self.addresses.append(value or "")


def assert_harmless(html: str) -> None:
    found = _Reader(html)
    assert found.tags <= ALLOWED
    assert found.attributes <= ATTRIBUTES
    for address in found.addresses:
        assert re.match(r"(https?:|mailto:|/(?![/\\])|#)", address), address


@pytest.mark.parametrize("attack", ATTACKS)
def test_attacks_come_out_as_harmless_text(attack: str) -> None:
    assert_harmless(to_html(attack))
    assert_harmless(to_html("{phone}", {"phone": attack}))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*ATTACKS, *"<>[]()!`*_#|\\\"'&;:/{}\n\t ", "a", "가", "javascript:", "\u202e"]), max_size=40
    )
)
def test_nothing_that_is_put_together_gets_through(parts: list[str]) -> None:
    text = "".join(parts)
    assert_harmless(to_html(text))
    assert_harmless(to_html(text, {"phone": text}))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_rendered(text: str) -> None:
    assert_harmless(to_html(text))
    assert len(to_text(text, 50)) <= 51


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://a.example/x?y=1", True),
        ("http://a.example", True),
        ("mailto:a@b.example", True),
        ("/pages/faq/", True),
        ("#part", True),
        ("HTTPS://A.EXAMPLE", True),
        ("//evil.example", False),
        ("/\\evil.example", False),
        ("\\\\evil.example", False),
        ("javascript:x", False),
        (" javascript:x", False),
        ("java\nscript:x", False),
        ("tel:010", False),
        ("pages/faq/", False),
        ("", False),
    ],
)
def test_addresses(address: str, allowed: bool) -> None:
    assert is_allowed(address) == allowed


def test_what_writers_need_is_there() -> None:
    html = to_html(
        "# 제목\n\n**굵게**, [글](/pages/faq/)\n\n- 하나\n- 둘\n\n1. 가\n\n| 값 | 수 |\n|---|--:|\n| a | 1 |\n\n> 인용"
    )
    for part in ("<h2>제목</h2>", "<strong>굵게</strong>", '<a href="/pages/faq/"', "<li>하나</li>", "<ol>",
                 '<th scope="col">값</th>', '<td class="cp-number">1</td>', "<blockquote>"):  # fmt: skip
        assert part in html


def test_links_open_nothing_behind_the_readers_back() -> None:
    assert 'rel="noopener noreferrer"' in to_html("[글](https://a.example/)")


def test_data_of_the_office_come_in_as_text() -> None:
    assert to_html("{phone} / {unknown}", {"phone": "**02** <b>"}) == "<p>**02** &lt;b&gt; / {unknown}</p>\n"


def test_a_summary_is_the_beginning_without_marks() -> None:
    assert to_text("## 제목\n\n**굵은** [글](/x/) " + "가" * 300, 20) == f"굵은 글 {'가' * 15}…"


def test_the_beginning_of_a_text_is_its_first_paragraph_without_gaps_at_its_marks() -> None:
    text = "처음이시면 [이용 안내](/pages/guide/)를 **꼭**, 읽어\n보십시오.\n\n## 모집 내용\n\n| 종류 | 기간 |\n|---|---|\n| 원천형 | 24개월 |"
    assert to_text(text) == "처음이시면 이용 안내를 꼭, 읽어 보십시오."


def test_a_text_of_headings_and_lists_alone_has_a_beginning_too() -> None:
    assert to_text("## 일정\n\n- 서울 4월\n- 부산 5월") == "서울 4월"
    assert to_text("## 일정") == "일정"
