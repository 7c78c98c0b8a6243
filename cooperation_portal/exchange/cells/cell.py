from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Text = str | Promise
Cell = str | int | float | bool | date | None
"""What the reader found in a cell: a number stays a number and a date a date, so that lost zeros can be noticed."""

# What spreadsheets write where a formula could not be worked out.
ERROR_VALUES = frozenset({"#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks that nobody sees, which come along from web pages and other programs; the joiners of some scripts stay.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_BREAK = re.compile(r" *[\t\n\u00a0][\t\n\u00a0 ]*")
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc]")


class Kind(Enum):
    TEXT = "text"
    CODE = "code"  # text whose zeros count: a number in the cell is refused
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    FLAG = "flag"
    BUSINESS_NUMBER = "business_number"


class Wrong(Exception):
    """One thing that is wrong with a cell or a row; the text tells a person what to do. `code` is for tests."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def plain(cell: Cell) -> str:
    """Text in one form of Unicode; a whole number without the `.0` that spreadsheets give it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "예" if cell else "아니요"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    if text.isprintable() and unicodedata.is_normalized("NFC", text):
        return text.strip()  # most are, and a file has millions of them
    text = _UNSEEN.sub("", unicodedata.normalize("NFC", text)).replace("\r\n", "\n").replace("\r", "\n").strip()
    if _CONTROL.search(text):
        raise Wrong("control", _("읽을 수 없는 제어 문자가 들어 있습니다. 그 부분을 지우고 다시 적어 주십시오."))
    return text


def on_one_line(text: str) -> str:
    """What was broken to fit into a narrow cell is one name all the same."""
    return text if text.isprintable() else _BREAK.sub(" ", text)


def typed(cell: Cell) -> str:
    """As it would stand there had it been typed on the usual keys: full-width digits and long dashes are the same."""
    return _DASHES.sub("-", unicodedata.normalize("NFKC", plain(cell))).strip()
