"""No text is encoded twice, and what a worker remembers is what it would read again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from matching.catalogue.documents import document_of
from matching.catalogue.queries import pool
from matching.engine.glossary import shipped_glossary
from matching.engine.prepared import prepare
from matching.scoring import engines, services
from matching.scoring.models import Match, TextVector
from tests.matching.scoring.conftest import forget
from tests.people import make_company, make_demand, make_institution, make_technology

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(cheap, scored):
    owner = make_institution()
    for number in range(5):
        make_technology(f"Азотирование {number}", f"Азотирование при {number}00 °C. Твёрдость растёт.", owner=owner)
    for number in range(2):
        make_demand(make_company(), title=f"질화 기술 {number}")
    scored()


def matches():
    return list(
        Match.objects.order_by("demand", "technology").values_list(
            "demand", "technology", "score", "components", "reasons", "technology_hash"
        )
    )


def test_another_process_encodes_nothing_again(portal, cheap, scored, monkeypatch):
    assert TextVector.objects.count() == 7
    assert len(cheap.encoded) == len(set(cheap.encoded))
    before = matches()
    assert len(before) == 10

    def refuse(texts, languages):
        raise AssertionError(f"encoded again: {texts}")

    monkeypatch.setattr(cheap, "encode", refuse)
    forget()
    Match.objects.all().delete()
    services.renew_references()
    scored()
    assert matches() == before
    assert TextVector.objects.count() == 7


def test_an_edit_encodes_the_new_text_and_no_other(portal, cheap, scored):
    cheap.encoded.clear()
    forget()
    make_technology("Литьё", "Литьё титана без пор.")
    scored()
    assert sorted(cheap.encoded) == ["Литьё", "Литьё титана без пор.", "Литьё. Литьё титана без пор."]
    assert TextVector.objects.count() == 8


def test_equal_texts_share_their_vectors(portal, cheap, scored):
    make_technology("Азотирование 1", "Азотирование при 100 °C. Твёрдость растёт.")
    scored()
    assert TextVector.objects.count() == 7
    assert len({match[2] for match in matches() if match[0] == matches()[0][0]}) == 5


def test_stored_vectors_are_those_that_were_encoded_to_the_last_bit(portal, cheap):
    documents = [document_of(technology) for technology in pool("inbound").with_texts()]
    fresh = prepare(documents, cheap)
    forget()
    for stored, one in zip(engines.prepared(documents, cheap, shipped_glossary()), fresh, strict=True):
        assert np.array_equal(stored.signals.whole, one.signals.whole)
        assert np.array_equal(stored.signals.sentences, one.signals.sentences)
        assert stored.sentence_texts == one.sentence_texts


def test_memory_may_be_smaller_than_the_catalogue(portal, cheap, monkeypatch):
    documents = [document_of(technology) for technology in pool("inbound").with_texts()]
    forget()
    monkeypatch.setattr(engines, "_REMEMBERED_TEXTS", 3)
    for order in (documents, documents[::-1], documents[2:] + documents[:2], documents):
        assert [one.document for one in engines.prepared(order, cheap, shipped_glossary())] == order
        assert len(engines._texts) <= 3


def test_texts_that_differ_in_their_stage_alone_are_not_taken_for_each_other(portal, cheap):
    one = document_of(pool("inbound").with_texts()[0])
    other = dataclasses.replace(one, stage="5", ipr="granted")
    assert [p.document for p in engines.prepared([one, other, one], cheap, shipped_glossary())] == [one, other, one]


def test_vectors_of_an_engine_that_cut_sentences_differently_are_replaced_for_good(portal, cheap, scored):
    documents = [document_of(technology) for technology in pool("inbound").with_texts()]
    stored = TextVector.objects.get(text_hash=documents[0].text_hash())
    right = bytes(stored.sentences)
    stored.sentences = right[: -2 * cheap.dimensions]
    stored.save()
    forget()
    cheap.encoded.clear()
    engines.prepared(documents, cheap, shipped_glossary())
    assert documents[0].text in cheap.encoded
    stored.refresh_from_db()
    assert bytes(stored.sentences) == right
    forget()
    cheap.encoded.clear()
    engines.prepared(documents, cheap, shipped_glossary())
    assert cheap.encoded == []
