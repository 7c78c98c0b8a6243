"""Figures of an offer that contradict what a demand asks for. Silence is preferred to a false alarm.

A contradiction needs all of: the demand states a bound ("600 ℃ 이상"); the offer states figures of the same unit; a
word for the same quantity (temperature, thickness …) stands beside both; and every such figure of the offer misses
the bound.
"""

import unicodedata
from dataclasses import dataclass

from matching.engine.documents import COMPARED_CHARACTERS
from matching.engine.figures import Figure, figures_in

_QUANTITIES: dict[str, tuple[str, ...]] = {
    "temperature": ("온도", "내열", "温度", "溫度", "耐热", "耐熱", "температур", "термостойк", "temperature"),
    "thickness": ("두께", "厚", "толщин", "thickness", "thick"),
    "accuracy": ("정밀도", "정확도", "오차", "精度", "误差", "誤差", "точност", "погрешност", "accuracy", "error"),
    "pressure": ("압력", "내압", "压力", "圧力", "давлени", "pressure"),
    "strength": ("강도", "强度", "強度", "прочност", "strength"),
    "power": ("출력", "전력", "功率", "出力", "電力", "мощност", "power"),
    "delay": ("지연", "응답", "延迟", "遅延", "応答", "задержк", "latency", "delay", "response time"),
    "weight": ("무게", "중량", "重量", "質量", "масс", "вес ", "weight", "mass"),
    "life": ("수명", "寿命", "срок службы", "ресурс", "lifetime", "service life"),
    "speed": ("속도", "速度", "скорост", "speed", "velocity"),
    "distance": ("거리", "距离", "距離", "дальност", "расстояни", "distance", "range"),
    "efficiency": ("효율", "효과율", "效率", "効率", "эффективност", "кпд", "efficiency"),
    "recovery": ("회수율", "수율", "回收率", "収率", "回収率", "收率", "извлечени", "выход", "recovery", "yield"),
    "voltage": ("전압", "电压", "電圧", "напряжени", "voltage"),
    "frequency": ("주파수", "频率", "周波数", "частот", "frequency"),
}
# Figures further apart than this factor hardly measure the same thing.
_COMPARABLE = 20.0
_REACH_BEFORE, _REACH_AFTER = 24, 10
_CLAUSE_ENDS = frozenset(".。!?;；！？,，、")


Named = list[tuple[str, Figure]]
"""Names of quantities and their figures, in the order of the text."""


@dataclass(frozen=True)
class Contradiction:
    """`bound` is the demand's; `demand` and `offer` are the surface forms."""

    quantity: str
    bound: str
    demand: str
    offer: str

    def to_dict(self) -> dict[str, object]:
        return {"quantity": self.quantity, "bound": self.bound, "demand": self.demand, "offer": self.offer}


def contradictions(demand: Named, offer: Named) -> list[Contradiction]:
    """At most one for each quantity and unit."""
    found: dict[tuple[str, str], Contradiction] = {}
    for quantity, wanted in demand:
        if wanted.bound == "exact":
            continue
        same = [figure for name, figure in offer if name == quantity and figure.unit == wanted.unit]
        if same and all(_misses(wanted, figure) for figure in same):
            nearest = min(same, key=lambda figure: abs(figure.high - wanted.high))
            contradiction = Contradiction(quantity, wanted.bound, wanted.surface, nearest.surface)
            found.setdefault((quantity, wanted.unit), contradiction)
    return list(found.values())


def _misses(wanted: Figure, offered: Figure) -> bool:
    if offered.bound == wanted.bound:
        # "at least 500" may also be 600, "below 10" may also be 5.
        return False
    asked, stated = (wanted.low, offered.high) if wanted.bound == "at_least" else (wanted.high, offered.low)
    if not asked or not stated or not 1 / _COMPARABLE <= stated / asked <= _COMPARABLE:
        return False
    return stated < asked if wanted.bound == "at_least" else stated > asked


def quantities(text: str) -> Named:
    normal = unicodedata.normalize("NFKC", text[:COMPARED_CHARACTERS]).lower()
    named = []
    for figure in figures_in(text):
        quantity = _quantity_near(normal, figure)
        if quantity:
            named.append((quantity, figure))
    return named


def _quantity_near(text: str, figure: Figure) -> str | None:
    """The quantity word nearest to the figure inside its clause; words before it come first."""
    end = figure.place + len(figure.surface)
    before = text[max(0, figure.place - _REACH_BEFORE) : figure.place]
    cut = max((before.rfind(mark) for mark in _CLAUSE_ENDS), default=-1)
    before = before[cut + 1 :]
    places = [(before.rfind(word), name) for name, words in _QUANTITIES.items() for word in words if word in before]
    if places:
        return max(places)[1]
    after = text[end : end + _REACH_AFTER]
    cuts = [place for mark in _CLAUSE_ENDS if (place := after.find(mark)) >= 0]
    after = after[: min(cuts)] if cuts else after
    later = [(after.find(word), name) for name, words in _QUANTITIES.items() for word in words if word in after]
    return min(later)[1] if later else None
