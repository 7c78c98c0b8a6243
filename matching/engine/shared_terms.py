"""Which words two texts share, as both of them write it: ("열처리", "热处理"), ("플라즈마", "плазма")."""

import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from matching.engine import loanwords, neutral, readings
from matching.engine.glossary import Mention
from matching.engine.glossary.recognition import BROADER_WEIGHT
from matching.engine.surfaces import LONGEST_RUN, Surfaces, as_read
from matching.engine.terms import term_id

Channel = Literal["concepts", "readings", "loan_words", "neutral", "figures"]
Idf = Callable[[str, NDArray[np.uint64]], NDArray[np.float64]]
"""(channel, term ids) → idf inside the offer's language"""

MAXIMUM_TERMS = 8
# Two syllables coincide easily: only a few, and only rare ones, are worth showing.
MAXIMUM_SHORT_TERMS = 3
MINIMUM_IDF = 1.2
# A concept that any subject knows (수명, 정밀도) is worth showing where one text in twenty has it.
MINIMUM_IDF_OF_GENERAL = 3.0
_GENERAL_FIELD = "general"
# A concept is as certain as a long word that is read alike.
_CONCEPT_WORTH = 4.0
# Surfaces of any demand and any offer: true agreements that explain nothing.
_GENERAL_WORDS = (
    "이상 이하 이내 미만 초과 필요 기술 기존 가능 경우 시간 문제 방식 방법 사용 이용 적용 개발 확보 향상 "
    "개선 공급 설비 장치 장비 시험 시스템 현재 제품 이내로 으로 에서 하여 하고 하는 있는 있습 합니 됩니 "
    "습니 입니 니다 합니다 됩니다 습니다 입니다 있습니다 니다만 위해 위한 통해 대한 따라 또는 까지 부터 "
    "에는 에도 이며 하며 해야 되어 희망 현장 작업 당사 자사 수준 정도 결과 연구 제조 생산 요구 조건 상태 효과 성능 "
    "특성 확인 발생 업체 기업 국내 해외 최근 일정 부분 전체 내부 외부 사업 계획 업무 설치 교체 조정 판단 원인 담당 "
    "계획 목적 목표 추가 단계 방향 관련 종류 구성 구조 기준 대상 범위 사례 이유 처리 수명 지도"
)
GENERAL_WORDS = frozenset(map(readings.folded_word, _GENERAL_WORDS.split()))
_CERTAIN_SKELETON, _CERTAIN_RUN = 4, 4
_ENDINGS = "을 를 이 가 은 는 의 에 와 과 로 으로 에서 용 형 식 도 만 및 인 나 이나 라 적 화 계 성 급 기 류"
_KOREAN_ENDINGS = frozenset(_ENDINGS.split())


@dataclass(frozen=True)
class SharedTerm:
    """`worth` orders terms of one pair and has no unit. `is_wider`: one names a wider concept than the other."""

    channel: Channel
    demand: str
    offer: str
    worth: float
    is_wider: bool = False

    def to_dict(self) -> dict[str, object]:
        return {
            "channel": self.channel,
            "demand": self.demand,
            "offer": self.offer,
            "worth": round(self.worth, 4),
            "is_wider": self.is_wider,
        }


def shared_terms(demand: Surfaces, offer: Surfaces, idf: Idf) -> list[SharedTerm]:
    """At most MAXIMUM_TERMS, the most telling first, each surface form once."""
    found = [
        *_shared_concepts(demand, offer, idf),
        *_shared_readings(demand, offer, idf),
        *_shared_loan_words(demand, offer, idf),
        *_shared_words(demand, offer, idf),
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
    if term.demand in other.demand or term.offer in other.offer:
        return True
    return other.demand in term.demand and other.offer in term.offer


def _shared_concepts(demand: Surfaces, offer: Surfaces, idf: Idf) -> Iterable[SharedTerm]:
    """Pairs of mentions of one concept, or of one and the next wider one."""
    for key, (wanted, offered, weight) in _concept_pairs(demand, offer).items():
        rarity = float(idf("concepts", np.array([term_id(key)], dtype=np.uint64))[0])
        general = _GENERAL_FIELD in (wanted.concept.field, offered.concept.field)
        if rarity >= (MINIMUM_IDF_OF_GENERAL if general else MINIMUM_IDF):
            worth = _CONCEPT_WORTH * rarity * weight
            yield SharedTerm("concepts", wanted.surface, offered.surface, worth, is_wider=weight < 1)


def _concept_pairs(demand: Surfaces, offer: Surfaces) -> Mapping[str, tuple[Mention, Mention, float]]:
    """By the wider of the two concepts."""
    wanted, offered = demand.by_concept, offer.by_concept
    pairs: dict[str, tuple[Mention, Mention, float]] = {}
    for key in wanted.keys() & offered.keys():
        pairs[key] = (wanted[key], offered[key], 1.0)
    for mention in demand.mentions:
        wider = mention.concept.broader
        if wider in offered and mention.concept.key not in offered:
            pairs.setdefault(wider, (mention, offered[wider], BROADER_WEIGHT))
    for mention in offer.mentions:
        wider = mention.concept.broader
        if wider in wanted and mention.concept.key not in wanted:
            pairs.setdefault(wider, (wanted[wider], mention, BROADER_WEIGHT))
    return pairs


def _shared_readings(demand: Surfaces, offer: Surfaces, idf: Idf) -> Iterable[SharedTerm]:
    """Maximal runs of at least two characters with the same readings."""
    pieces = offer.glossary.pieces.get(offer.document.language)
    for surface, syllables in offer.runs:
        start = 0
        while start < len(syllables) - 1:
            length, read = _longest_shared(surface[start:], syllables[start:], demand.by_reading, pieces)
            if length and read not in GENERAL_WORDS and (worth := _reading_worth(read, idf)):
                yield SharedTerm("readings", demand.by_reading[read], surface[start : start + length], worth)
            start += max(length, 1)


def _longest_shared(
    surface: str, syllables: list[tuple[str, ...]], surfaces: Mapping[str, str], pieces: Collection[str] | None
) -> tuple[int, str]:
    """Without spaces two words side by side look like one, and short ones sound alike by chance (粒度, 立涂): what is
    shorter than four letters has to be a piece of some term."""
    for length in range(min(LONGEST_RUN, len(syllables)), 1, -1):
        for choice in as_read(syllables[:length]):
            if choice in surfaces and (length >= _CERTAIN_RUN or pieces is None or surface[:length] in pieces):
                return length, choice
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


def _shared_loan_words(demand: Surfaces, offer: Surfaces, idf: Idf) -> Iterable[SharedTerm]:
    offered = offer.by_beginning
    for classes, word, parts in demand.loan_words:
        for part in reversed(parts):
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


def _shared_words(demand: Surfaces, offer: Surfaces, idf: Idf) -> Iterable[SharedTerm]:
    wanted, offered = demand.neutral, offer.neutral
    for normal in sorted(wanted.keys() & offered.keys()):
        value = float(idf("neutral", np.array([term_id(normal)], dtype=np.uint64))[0])
        if value >= MINIMUM_IDF:
            yield SharedTerm("neutral", wanted[normal], offered[normal], value * neutral.word_weight(normal))


def shared_figures(demand: Surfaces, offer: Surfaces) -> list[SharedTerm]:
    wanted, offered = demand.figures, offer.figures
    common = [normal for normal in wanted if normal in offered]
    return [SharedTerm("figures", wanted[n], offered[n], neutral.FIGURE_WEIGHT) for n in common[:MAXIMUM_TERMS]]
