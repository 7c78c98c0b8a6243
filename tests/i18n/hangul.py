"""Finds Korean in a page of another language: text that no one translated, or that is not marked as Korean."""

from __future__ import annotations

import re
from collections.abc import Collection
from html.parser import HTMLParser

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_SILENT = frozenset({"script", "style"})
# They hold plain text only: a name or a title of a record cannot be marked inside of them.
_PLAIN = frozenset({"title", "option", "textarea"})
# What a person reads or hears; data-* holds the words of the portal's script.
_READ_ATTRIBUTES = re.compile(r"^(alt|aria-label|aria-description|placeholder|title|summary|content|label|data-.+)$")


class _Reader(HTMLParser):
    def __init__(self, records: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.records = records
        self.open: list[tuple[str, str]] = []
        self.found: list[str] = []

    @property
    def language(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        language = values.get("lang", self.language)
        is_button = tag == "input" and values.get("type") in {"submit", "button", "reset"}
        for name, value in values.items():
            if _READ_ATTRIBUTES.match(name) or (name == "value" and is_button):
                self._look(value, language, f"{tag}[{name}]")
        if tag not in _VOID:
            self.open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        if any(tag == name for name, _language in self.open):
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        tag = self.open[-1][0] if self.open else ""
        if tag in _PLAIN:
            for text in self.records:
                data = data.replace(text, "")
        if tag not in _SILENT:
            self._look(data, self.language, tag)

    def _look(self, text: str, language: str, where: str) -> None:
        if _HANGUL.search(text) and language.split("-")[0] != "ko":
            self.found.append(f"{where}: {' '.join(text.split())}")


def unmarked_hangul(page: str, records: Collection[str] = ()) -> list[str]:
    """`tag: text` for each piece of Hangul that stands outside of elements with lang="ko".

    `records` are texts that people wrote; they are let through where no element can stand around them.
    """
    reader = _Reader(records)
    reader.feed(page)
    reader.close()
    return reader.found
