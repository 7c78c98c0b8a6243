"""Rules of the matching that are easily broken without noticing, on real texts with the real encoder."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from matching.engine.documents import LANGUAGES, Document
from matching.engine.evaluation import Topic, read_topics
from matching.engine.glossary import shipped_glossary
from matching.engine.prepared import Prepared, prepare
from matching.engine.ranking import Engine
from matching.engine.reference import Reference
from matching.engine.settings import DEFAULT, LEXICAL_CHANNELS
from matching.training.quality.groups import Remembered, drawn_groups, one_group, read_unanswered
from matching.training.train import TOPICS_FILE

DATA = Path(__file__).parents[1] / "data"
TOLERANCE = 2e-9
LABELS = (*LANGUAGES, "fr", "")
"""A language that the engine does not know, and none."""

# The label chooses how Han characters are read and in which language's terms concepts are looked for: the same letters
# may then hold other words. A text that reads alike is tested with the whole formula.
UNREAD = replace(DEFAULT, readings_weight=0.0, concepts_weight=0.0)
EXCHANGED = {"ko": "ru", "ru": "zh", "zh": "en", "en": "ja", "ja": "ko"}
WORDS_OF_EVERY_LANGUAGE = "PCB, CNC, LED: 0.05 mm, 600 °C, IP67, ISO 9001."

OUTBOUND_FLOOR = 0.9
NEEDED_CONCEPTS, NEEDED_SHARE, SAMPLE = 3, 0.8, 200
MOST_FALSE_ALARMS = 0.1


@pytest.fixture(scope="module")
def topics() -> list[Topic]:
    return read_topics(TOPICS_FILE)


@pytest.fixture(scope="module")
def group(topics: list[Topic]) -> list[Topic]:
    """The first of the groups that the quality page is measured on."""
    numbers = drawn_groups(len(topics))
    return [topic for topic, number in zip(topics, numbers, strict=True) if number == 0]


@pytest.fixture(scope="module")
def cache() -> Remembered:
    return Remembered()


@pytest.fixture(scope="module")
def some(group: list[Topic], encoder, cache: Remembered) -> tuple[list[Prepared], list[Prepared]]:
    """Demands, and offers in all five languages."""
    demands = prepare([topic.demand for topic in group[:12]], encoder, cache)
    return demands, prepare([document for topic in group[:12] for document in topic.pool], encoder, cache)


def labelled(document: Document) -> list[Document]:
    return [replace(document, language=label, key=f"as-{label}") for label in LABELS]


# --- a document's language never moves its score by itself ------------------------------------------------------------


def test_without_a_reference_the_label_of_an_offer_moves_nothing(some, encoder, cache: Remembered) -> None:
    """Language means, rarities and moments are all that a reference knows of a language; an empty one knows none."""
    demands, offers = some
    engine = Engine(encoder, Reference.build([], [], encoder), UNREAD)
    for demand, offer in zip(demands, offers[:: len(offers) // len(demands)], strict=False):
        totals = engine.score(demand, prepare(labelled(offer.document), encoder, cache)).total
        assert totals == pytest.approx(np.full(len(LABELS), totals[0]), abs=TOLERANCE)


def test_the_whole_formula_gives_a_text_that_reads_alike_one_score(encoder) -> None:
    demand = Document("CNC로 PCB 가공", "PCB를 0.05 mm 정밀도로 가공하는 CNC 기술을 찾습니다.", "ko")
    engine = Engine(encoder, Reference.build([], [], encoder))
    wanted, *offers = engine.prepare([demand, *labelled(Document("", WORDS_OF_EVERY_LANGUAGE, "ru"))])
    for channel in LEXICAL_CHANNELS:
        assert len({getattr(offer.signals, channel).ids.tobytes() for offer in offers}) == 1
    scores = engine.score(wanted, offers)
    assert len(set(scores.total.tolist())) == 1
    assert scores.components[0][list(LEXICAL_CHANNELS).index("concepts") + 1] > 0
    assert len(set(scores.relevance)) == len(set(scores.evidence.tolist())) == 1


def test_languages_of_the_same_texts_are_worth_the_same(some, encoder, cache: Remembered) -> None:
    """A reference in which each text stands once under each label has equal means, rarities and moments."""
    demands, offers = some
    twins = [document for offer in offers[::4] for document in labelled(offer.document)]
    reference = Reference.build(prepare(twins, encoder, cache), demands, encoder)
    engine = Engine(encoder, reference, UNREAD)
    for demand, offer in zip(demands[:6], offers[1::7], strict=False):
        totals = engine.score(demand, prepare(labelled(offer.document), encoder, cache)).total
        assert totals == pytest.approx(np.full(len(LABELS), totals[0]), abs=TOLERANCE)


def test_languages_that_exchange_their_names_exchange_their_scores(some, encoder, cache: Remembered) -> None:
    """In a real reference, whose languages differ: what is told of a label is told of the texts that stand under it."""
    demands, offers = some
    renamed = [replace(offer.document, language=EXCHANGED[offer.document.language]) for offer in offers]
    exchanged = prepare(renamed, encoder, cache)
    engine = Engine(encoder, Reference.build(offers, demands, encoder), UNREAD)
    other = Engine(encoder, Reference.build(exchanged, demands, encoder), UNREAD)
    for demand in demands:
        expected = engine.score(demand, offers).total
        assert other.score(demand, exchanged).total == pytest.approx(expected, abs=TOLERANCE)


# --- nothing but the text ---------------------------------------------------------------------------------------------


def test_no_field_stage_right_key_or_order_enters_a_score(some, encoder, cache: Remembered) -> None:
    demands, offers = some
    other = [
        replace(
            offer.document,
            fields=("metals", f"f{place}"),
            stage=f"trl{place % 9}",
            ipr=f"p{place}",
            machine_text=True,
            key=f"k{len(offers) - place}",
        )
        for place, offer in enumerate(offers)
    ]
    order = np.random.default_rng(0).permutation(len(offers))
    dressed = prepare([other[place] for place in order], encoder, cache)
    wanted = prepare(
        [replace(d.document, fields=("x",), stage="trl1", ipr="y", key="z") for d in demands], encoder, cache
    )
    reference, again = Reference.build(offers, demands, encoder), Reference.build(dressed, wanted, encoder)
    assert reference.version == again.version
    plain, rich = Engine(encoder, reference), Engine(encoder, again)
    for a, b in zip(demands, wanted, strict=True):
        expected, found = plain.score(a, offers), rich.score(b, dressed)
        assert found.total.tolist() == expected.total[order].tolist()
        assert found.evidence.tolist() == expected.evidence[order].tolist()


# --- concepts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_concepts_are_recognised_in_most_texts(language: str, topics: list[Topic]) -> None:
    documents = [
        document for topic in topics for document in (topic.demand, *topic.pool) if document.language == language
    ]
    sample = random.Random(language).sample(documents, SAMPLE)
    glossary = shipped_glossary()
    known = [len({m.concept.key for m in glossary.mentions(document.text, language)}) for document in sample]
    assert sum(count >= NEEDED_CONCEPTS for count in known) / SAMPLE >= NEEDED_SHARE


# --- nothing suitable, and demands from abroad ------------------------------------------------------------------------


def test_a_demand_that_nothing_answers_is_not_told_that_something_fits_very_well(
    group: list[Topic], encoder, cache: Remembered
) -> None:
    unanswered = read_unanswered(DATA / "nothing_suitable.jsonl")
    pool = one_group(group, encoder, cache)
    demands = prepare([topic.demand for topic in unanswered], encoder, cache)
    alarmed = [ranking.topic.key for ranking in pool.rankings_of(demands, unanswered) if "very_high" in ranking.words]
    assert len(pool.offers) > 600
    assert len(alarmed) / len(unanswered) <= MOST_FALSE_ALARMS, alarmed


def test_demands_from_abroad_find_korean_technologies(group: list[Topic], encoder, cache: Remembered) -> None:
    korean = [document for topic in group for document in topic.pool if document.language == "ko"]
    pool = one_group(read_topics(DATA / "outbound.jsonl"), encoder, cache, distractors=korean)
    recalls = [ranking.figures["recall@10"] for ranking in pool.rankings()]
    assert len(recalls) == 20
    assert np.mean(recalls) >= OUTBOUND_FLOOR, recalls


def test_the_texts_of_a_group_are_in_all_languages(group: Sequence[Topic]) -> None:
    assert {document.language for topic in group for document in topic.pool} == set(LANGUAGES)
