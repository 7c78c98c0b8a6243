"""Words and passages of a text that are made to stand out where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

# A term of these scripts is a whole word: "AI" is not meant in "contain", nor "5 mm" in "0.5 mm".
_SPACED = "A-Za-zА-Яа-яЁё0-9"
_STARTS_SPACED, _ENDS_SPACED = re.compile(f"^[{_SPACED}]"), re.compile(f"[{_SPACED}]$")
# A text as short as that stands in many passages by chance.
_SHORTEST_PART = 8


@dataclass(frozen=True)
class Highlights:
    """`passages` are numbered from one, in their order, and may be laid out in other lines than the text."""

    terms: Sequence[str] = ()
    passages: Sequence[str] = field(default=())

    def in_text(self, text: str) -> SafeString:
        """Escaped; terms inside passages, too, and no mark inside another."""
        parts, end = [], 0
        for start, stop, number in self._places(text):
            parts += [self._with_terms(text[end:start]), self._passage(text[start:stop], number)]
            end = stop
        return format_html_join("", "{}", ((part,) for part in [*parts, self._with_terms(text[end:])]))

    def _places(self, text: str) -> Iterator[tuple[int, int, int]]:
        end = 0
        for start, stop, number in sorted(self._all_places(text)):
            if start >= end:
                yield start, stop, number
                end = stop

    def _all_places(self, text: str) -> Iterator[tuple[int, int, int]]:
        whole = _in_one_line(text)
        for number, passage in enumerate(self.passages, start=1):
            if len(whole) >= _SHORTEST_PART and whole in _in_one_line(passage):
                yield 0, len(text), number  # a passage can go over several short fields
            elif words := passage.split():
                match = re.search(r"\s*".join(map(re.escape, words)), text, re.IGNORECASE)
                if match:
                    yield match.start(), match.end(), number

    def _passage(self, text: str, number: int) -> SafeString:
        label = _("근거 %(number)s") % {"number": number}
        return format_html(
            '<span class="cp-evidence"><span class="cp-evidence__number">{}</span> {}</span>',
            label,
            self._with_terms(text),
        )

    def _with_terms(self, text: str) -> SafeString:
        if self._pattern is None:
            return conditional_escape(text)
        # Of a pattern with one group, every second part is a match.
        parts = enumerate(self._pattern.split(text))
        return format_html_join("", "{}", ((_marked(part) if place % 2 else part,) for place, part in parts))

    @cached_property
    def _pattern(self) -> re.Pattern[str] | None:
        longest_first = sorted({term for term in self.terms if term.strip()}, key=lambda term: (-len(term), term))
        return re.compile(f"({'|'.join(map(_whole, longest_first))})", re.IGNORECASE) if longest_first else None


def _marked(text: str) -> SafeString:
    return format_html('<mark class="cp-term">{}</mark>', text)


def _whole(term: str) -> str:
    before = rf"(?<![{_SPACED}])(?<!\d[.,])" if _STARTS_SPACED.search(term) else ""
    after = f"(?![{_SPACED}])" if _ENDS_SPACED.search(term) else ""
    return before + r"\s+".join(map(re.escape, term.split())) + after


def _in_one_line(text: str) -> str:
    return " ".join(text.split()).casefold()
