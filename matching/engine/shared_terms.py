"""Which words two texts share, as both of them write it: ("열처리", "热处理"), ("플라즈마", "плазма")."""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matching.engine import loanwords, neutral, readings
from matching.engine.documents import Document
from matching.engine.terms import term_id

Channel = Literal["readings", "loan_words", "neutral", "figures"]
Idf = Callable[[str, NDArray[np.uint64]], NDArray[np.float64]]
"""(channel, term ids) → idf inside the offer's language"""

MAXIMUM_TERMS = 8
# Two syllables coincide easily: only a few, and only rare ones, are worth showing.
MAXIMUM_SHORT_TERMS = 3
MINIMUM_IDF = 1.2
# Words of any demand and any offer: true agreements that explain nothing.
_GENERAL_WORDS = (
    "이상 이하 이내 미만 초과 필요 기술 기존 가능 경우 시간 문제 방식 방법 사용 이용 적용 개발 확보 향상 "
    "개선 공급 설비 장치 장비 시험 시스템 현재 제품 이내로 으로 에서 하여 하고 하는 있는 있습 합니 됩니 "
    "습니 입니 니다 합니다 됩니다 습니다 입니다 있습니다 니다만 위해 위한 통해 대한 따라 또는 까지 부터 "
    "에는 에도 이며 하며 해야 되어 희망 현장 작업 당사 자사 수준 정도 결과 연구 제조 생산 요구 조건 상태 효과 성능 "
    "특성 확인 발생 업체 기업 국내 해외 최근 일정 부분 전체 내부 외부 사업 계획 업무 설치 교체 조정 판단 원인 담당 "
    "계획 목적 목표 추가 단계 방향 관련 종류 구성 구조 기준 대상 범위 사례 이유 처리 수명 지도"
)
GENERAL_WORDS = frozenset(map(readings.folded_word, _GENERAL_WORDS.split()))
_LONGEST_RUN = 8
_CERTAIN_SKELETON = 4
_ENDINGS = "을 를 이 가 은 는 의 에 와 과 로 으로 에서 용 형 식 도 만 및 인 나 이나 라 적 화 계 성 급 기 류"
_KOREAN_ENDINGS = frozenset(_ENDINGS.split())


@dataclass(frozen=True)
class SharedTerm:
    """`worth` orders terms of one pair and has no unit."""

    channel: Channel
    demand: str
    offer: str
    worth: float

    def to_dict(self) -> dict[str, object]:
        return {"channel": self.channel, "demand": self.demand, "offer": self.offer, "worth": round(self.worth, 4)}


def shared_terms(demand: Document, offer: Document, idf: Idf) -> list[SharedTerm]:
    """At most MAXIMUM_TERMS, the most telling first, each surface form once."""
    found = [
        *_shared_readings(demand, offer, idf),
        *_shared_loan_words(demand.text, offer.text, idf),
        *_shared_words(demand.text, offer.text, idf),
    ]
    chosen: list[SharedTerm] = []
    short = 0
    for term in sorted(found, key=lambda term: (-term.worth, term.demand, term.offer)):
        is_short = term.channel == "readings" and len(term.offer) == 2
        if any(_covers(other, term) for other in chosen) or (is_short and short == MAXIMUM_SHORT_TERMS):
            continue
        short += is_short
        chosen.append(term)
        if len(chosen) == MAXIMUM_TERMS:
            break
    return chosen


def _covers(other: SharedTerm, term: SharedTerm) -> bool:
    return term.demand in other.demand or term.offer in other.offer


def _shared_readings(demand: Document, offer: Document, idf: Idf) -> Iterable[SharedTerm]:
    """Maximal runs of at least two characters with the same readings."""
    surfaces = _reading_surfaces(demand)
    for surface, syllables in readings.syllable_runs(offer.text, offer.language):
        start = 0
        while start < len(syllables) - 1:
            length, read = _longest_shared(syllables[start:], surfaces)
            if length and read not in GENERAL_WORDS and (worth := _reading_worth(read, idf)):
                yield SharedTerm("readings", surfaces[read], surface[start : start + length], worth)
            start += max(length, 1)


def _reading_surfaces(document: Document) -> dict[str, str]:
    surfaces: dict[str, str] = {}
    for surface, syllables in readings.syllable_runs(document.text, document.language):
        for start in range(len(syllables) - 1):
            for end in range(start + 2, min(start + _LONGEST_RUN, len(syllables)) + 1):
                # The first reading is the common one; all combinations of long runs would be too many.
                choices = product(*syllables[start:end]) if end - start <= 4 else [[s[0] for s in syllables[start:end]]]
                for choice in choices:
                    surfaces.setdefault("".join(choice), surface[start:end])
    return surfaces


def _longest_shared(syllables: list[tuple[str, ...]], surfaces: dict[str, str]) -> tuple[int, str]:
    for length in range(min(_LONGEST_RUN, len(syllables)), 1, -1):
        choices = product(*syllables[:length]) if length <= 4 else [[s[0] for s in syllables[:length]]]
        for choice in choices:
            if "".join(choice) in surfaces:
                return length, "".join(choice)
    return 0, ""


def _reading_worth(read: str, idf: Idf) -> float:
    parts = {
        read[start : start + length]: weight
        for length, weight in readings.NGRAM_WEIGHTS.items()
        for start in range(len(read) - length + 1)
    }
    values = idf("readings", np.array([readings.packed(part) for part in parts], dtype=np.uint64))
    if values.max() < MINIMUM_IDF:
        return 0.0
    return float(sum(value * weight for value, weight in zip(values, parts.values(), strict=True)))


def _shared_loan_words(demand: str, offer: str, idf: Idf) -> Iterable[SharedTerm]:
    offered: dict[str, tuple[str, str]] = {}
    for classes, word in loanwords.loan_words(offer).items():
        for part in loanwords.beginnings(classes, word):
            if part not in offered or len(classes) < len(offered[part][0]):
                offered[part] = (classes, word)
    for classes, word in loanwords.loan_words(demand).items():
        for part in reversed(loanwords.beginnings(classes, word)):
            if part in offered and _is_convincing(part, (classes, word), offered[part]):
                worth = float(idf("loan_words", np.array([loanwords.packed(part)], dtype=np.uint64))[0])
                if worth >= MINIMUM_IDF:
                    yield SharedTerm(
                        "loan_words", _matched(word, part), _matched(offered[part][1], part), worth * len(part) / 4
                    )
                break


def _is_convincing(part: str, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Two words of one script are no loan; and the first vowels must agree, which the skeletons leave out."""
    if _script(one[1]) == _script(other[1]) or not loanwords.first_vowels_agree(one[1], other[1]):
        return False
    if len(part) > _CERTAIN_SKELETON - 1 + part.startswith("A"):
        return True
    # Three consonants agree by chance too often, except in kana, which writes loans and little else.
    if "KATAKANA" not in {_script(one[1]), _script(other[1])}:
        return False
    return all(classes == part or _is_ending(word[len(_matched(word, part)) :]) for classes, word in (one, other))


def _script(word: str) -> str:
    return unicodedata.name(word[0], "").partition(" ")[0]


def _is_ending(rest: str) -> bool:
    return not rest or rest in _KOREAN_ENDINGS


def _matched(word: str, part: str) -> str:
    """Of a Korean word only the syllables that carry the agreement; words of other scripts whole."""
    if not "가" <= word[0] <= "힣":
        return word
    for end in range(1, len(word) + 1):
        if loanwords.skeleton(word[:end]).startswith(part):
            return word[:end]
    return word


def _shared_words(demand: str, offer: str, idf: Idf) -> Iterable[SharedTerm]:
    wanted, offered = neutral.neutral_words(demand), neutral.neutral_words(offer)
    for normal in sorted(wanted.keys() & offered.keys()):
        value = float(idf("neutral", np.array([term_id(normal)], dtype=np.uint64))[0])
        if value >= MINIMUM_IDF:
            yield SharedTerm("neutral", wanted[normal], offered[normal], value * neutral.word_weight(normal))


def shared_figures(demand: str, offer: str) -> list[SharedTerm]:
    wanted, offered = neutral.neutral_figures(demand), neutral.neutral_figures(offer)
    common = [normal for normal in wanted if normal in offered]
    return [SharedTerm("figures", wanted[n], offered[n], neutral.FIGURE_WEIGHT) for n in common[:MAXIMUM_TERMS]]
