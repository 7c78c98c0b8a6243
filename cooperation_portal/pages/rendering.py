"""Markdown to HTML that may stand in a page: no HTML of the writer's, no pictures, no address that is a script."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping, Sequence
from itertools import pairwise
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "td": {"class"}, "th": {"class", "scope"}}
_SCHEMES = {"http", "https", "mailto"}
# The page's own title is the first heading; what is written as the first or the fifth comes nearest to it.
_HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
_PLACE = re.compile(r"\{([a-z_]+)\}")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&])")


def is_allowed(address: str) -> bool:
    """http, https, mailto, a place on this site or on this page; `//elsewhere` is no place on this site."""
    address = "".join(letter for letter in address if letter.isprintable()).strip()
    scheme = re.match(r"([a-z][a-z0-9+.\-]*):", address, re.IGNORECASE)
    if scheme:
        return scheme[1].lower() in _SCHEMES
    return address.startswith(("/", "#")) and not address.startswith(("//", "/\\"))


def to_html(markdown: str, values: Mapping[str, str] | None = None) -> SafeString:
    """`{phone}` and the like are replaced by `values`, as text; an unknown name stays as it was written."""
    html = _PARSER.render(_filled(markdown, values or {}))
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )
    return mark_safe(clean)  # noqa: S308  (nh3 has the last word on every tag, attribute and address)


def to_text(markdown: str, letters: int = 160) -> str:
    """The first paragraph of a text without its marks, for lists; a heading only where nothing else is written."""
    tokens = _PARSER.parse(markdown)
    written = [token for token in tokens if token.type == "inline"]
    paragraphs = [token for opening, token in pairwise(tokens) if opening.type == "paragraph_open"]
    first = next(iter(paragraphs or written), None)
    text = " ".join("".join(map(_words, (first.children or []) if first else [])).split())
    return text if len(text) <= letters else f"{text[:letters].rstrip()}…"


def _words(token: Token) -> str:
    """What a reader sees of it; marks as those of links and bold letters are nothing, a new line is a space."""
    return " " if token.type in {"softbreak", "hardbreak"} else token.content


def _filled(markdown: str, values: Mapping[str, str]) -> str:
    def replace(place: re.Match[str]) -> str:
        value = values.get(place[1])
        return place[0] if value is None else _MARKDOWN.sub(r"\\\1", " ".join(value.split()))

    return _PLACE.sub(replace, markdown)


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_inline", "html_block"])
    parser.validateLink = is_allowed  # type: ignore[method-assign,assignment]
    for name in ("heading_open", "heading_close"):
        parser.add_render_rule(name, _heading)
    parser.add_render_rule("th_open", _cell)
    parser.add_render_rule("td_open", _cell)
    return parser


def _heading(self: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    token = tokens[index]
    tag = _HEADINGS.get(token.tag, token.tag)
    return f"<{tag}>" if token.nesting == 1 else f"</{tag}>\n"


def _cell(self: Any, tokens: Sequence[Token], index: int, options: Any, env: MutableMapping[str, Any]) -> str:
    """Alignment as a class: the policy of the portal's pages forbids styles in place."""
    token = tokens[index]
    right = "right" in str(token.attrGet("style") or "")
    scope = ' scope="col"' if token.tag == "th" else ""
    return f'<{token.tag}{scope} class="cp-number">' if right else f"<{token.tag}{scope}>"


_PARSER = _parser()
