"""Texts that a spreadsheet would take for a formula, on their way out and back in again.

In CSV such a text gets an apostrophe before it, as people write it themselves. A workbook says of each cell what it is,
so there it needs none; only a text that already looks guarded gets one more, since reading takes one away.
"""

from __future__ import annotations

import re

_RISKY = re.compile(r"[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def is_risky(text: str) -> bool:
    return bool(_RISKY.match(text))


def guarded_in_csv(text: str) -> str:
    return f"'{text}" if _RISKY.match(text) or _GUARDED.match(text) else text


def guarded_in_workbook(text: str) -> str:
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
