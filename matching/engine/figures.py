"""Figures with units as they stand in technical texts: "0,05 мм", "600 ℃ 이상", "1,200 rpm", "3~5 m"."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from matching.engine.documents import COMPARED_CHARACTERS

Bound = Literal["at_least", "at_most", "exact"]

_MULTIPLES: dict[str, dict[str, float]] = {
    "m": {"nm": 1e-9, "нм": 1e-9, "μm": 1e-6, "um": 1e-6, "мкм": 1e-6, "mm": 1e-3, "мм": 1e-3, "cm": 1e-2, "см": 1e-2,
          "m": 1.0, "м": 1.0, "km": 1e3, "км": 1e3, "毫米": 1e-3, "微米": 1e-6, "纳米": 1e-9, "厘米": 1e-2,
          "公里": 1e3},
    "g": {"mg": 1e-3, "мг": 1e-3, "g": 1.0, "г": 1.0, "kg": 1e3, "кг": 1e3, "公斤": 1e3, "t": 1e6, "т": 1e6, "톤": 1e6},
    "s": {"ns": 1e-9, "нс": 1e-9, "μs": 1e-6, "us": 1e-6, "мкс": 1e-6, "ms": 1e-3, "мс": 1e-3, "s": 1.0, "sec": 1.0,
          "с": 1.0, "초": 1.0, "秒": 1.0, "毫秒": 1e-3},
    "min": {"min": 1.0, "мин": 1.0, "분": 1.0, "分": 1.0, "分钟": 1.0},
    "h": {"h": 1.0, "hr": 1.0, "hours": 1.0, "hour": 1.0, "ч": 1.0, "시간": 1.0, "時間": 1.0, "小时": 1.0,
          "часов": 1.0},
    "°C": {"°C": 1.0, "°с": 1.0, "°С": 1.0, "℃": 1.0, "摄氏度": 1.0},
    "Pa": {"Pa": 1.0, "kPa": 1e3, "кПа": 1e3, "MPa": 1e6, "МПа": 1e6, "GPa": 1e9, "ГПа": 1e9, "bar": 1e5, "бар": 1e5},
    "W": {"mW": 1e-3, "мВт": 1e-3, "W": 1.0, "Вт": 1.0, "kW": 1e3, "кВт": 1e3, "MW": 1e6, "МВт": 1e6},
    "Wh": {"Wh": 1.0, "kWh": 1e3, "кВт·ч": 1e3, "MWh": 1e6},
    "V": {"mV": 1e-3, "мВ": 1e-3, "V": 1.0, "В": 1.0, "kV": 1e3, "кВ": 1e3},
    "A": {"μA": 1e-6, "mA": 1e-3, "мА": 1e-3, "A": 1.0, "kA": 1e3},
    "Hz": {"Hz": 1.0, "Гц": 1.0, "kHz": 1e3, "кГц": 1e3, "MHz": 1e6, "МГц": 1e6, "GHz": 1e9, "ГГц": 1e9},
    "%": {"%": 1.0, "퍼센트": 1.0},
    "ppm": {"ppm": 1.0, "ppb": 1e-3},
    "rpm": {"rpm": 1.0, "об/мин": 1.0},
    "dB": {"dB": 1.0, "дБ": 1.0},
    "L": {"mL": 1e-3, "ml": 1e-3, "мл": 1e-3, "L": 1.0, "l": 1.0, "л": 1.0},
    "m/s": {"m/s": 1.0, "м/с": 1.0},
    "K": {"K": 1.0},
}  # fmt: skip
_UNITS = {spelling: (unit, factor) for unit, spellings in _MULTIPLES.items() for spelling, factor in spellings.items()}
_SPELLINGS = "|".join(re.escape(spelling) for spelling in sorted(_UNITS, key=len, reverse=True))
_NUMBER = r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_FIGURE = re.compile(
    rf"(?<![A-Za-zА-Яа-я0-9_.,])(?P<sign>[-−])?(?:(?P<low>{_NUMBER})\s?(?:{_SPELLINGS})?\s?[~〜–—-]\s?)?"
    rf"(?P<number>{_NUMBER})\s?(?P<unit>{_SPELLINGS})(?![a-zA-Zа-яА-Яµμ²³/·^\d])"
)
_AT_LEAST_AFTER = re.compile(r"\s*(?:이상|초과|以上|を超|or more|or above|и более|и выше|или более)", re.IGNORECASE)
_AT_MOST_AFTER = re.compile(
    r"\s*(?:이하|미만|이내|以下|以内|未満|未满|or less|or below|и менее|и ниже|или менее)", re.IGNORECASE
)
_AT_LEAST_BEFORE = re.compile(
    r"(?:at least|over|above|exceed\w*|more than|≥|>|최소|не менее|не ниже|свыше|более|от|至少|超过|不低于|最低)\s*$",
    re.IGNORECASE,
)
_AT_MOST_BEFORE = re.compile(
    r"(?:at most|under|below|up to|less than|within|≤|<|최대|не более|не выше|до|менее|"
    r"不超过|低于|小于|不高于|最高)\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Figure:
    """`low` and `high` in the base unit (m, g, s, °C, Pa, W …); equal unless the text states a range."""

    low: float
    high: float
    unit: str
    bound: Bound
    surface: str
    place: int


def figures_in(text: str) -> list[Figure]:
    """In the order of the text. Numbers without a known unit are left out; `place` counts in the NFKC text."""
    text = unicodedata.normalize("NFKC", text[:COMPARED_CHARACTERS])
    return [_figure(match, text) for match in _FIGURE.finditer(text) if not _is_year(match)]


def _is_year(match: re.Match[str]) -> bool:
    """ "в 2024 г." is a year and not two kilograms."""
    return match["unit"] == "г" and re.fullmatch(r"(?:19|20)\d\d", match["number"]) is not None


def _figure(match: re.Match[str], text: str) -> Figure:
    unit, factor = _UNITS[match["unit"]]
    number = _number(match["number"]) * factor
    low = _number(match["low"]) * factor if match["low"] else number
    if match["sign"]:
        low, number = -low, number if match["low"] else -number
    bound = _bound(text[max(0, match.start() - 14) : match.start()], text[match.end() : match.end() + 12])
    return Figure(min(low, number), max(low, number), unit, bound, match.group().strip(), match.start())


def _number(digits: str) -> float:
    """A comma is a decimal sign unless three digits follow it ("0,05" and "1,200")."""
    digits = digits.replace(" ", "")
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits) and not digits.startswith("0,"):
        return float(digits.replace(",", ""))
    return float(digits.replace(",", "."))


def _bound(before: str, after: str) -> Bound:
    if _AT_LEAST_AFTER.match(after) or _AT_LEAST_BEFORE.search(before):
        return "at_least"
    if _AT_MOST_AFTER.match(after) or _AT_MOST_BEFORE.search(before):
        return "at_most"
    return "exact"
