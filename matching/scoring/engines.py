"""Engines and prepared texts that a worker process keeps between two pieces of work."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from cooperation_portal.work.registry import Progress
from cooperation_portal.work.services import NotYet
from matching.engine.documents import Document
from matching.engine.encoders import Encoder, EncoderError
from matching.engine.glossary import Glossary
from matching.engine.needs import need_of
from matching.engine.passages import in_question
from matching.engine.prepared import Prepared, Signals, document_sentences, prepare
from matching.engine.ranking import Engine
from matching.engine.reference import Reference as EngineReference
from matching.engine.settings import LEXICAL_CHANNELS
from matching.engine.terms import TermSet
from matching.scoring.encoders import encoder
from matching.scoring.inforce import glossary_in_force, in_force
from matching.scoring.models import Reference
from matching.scoring.vectors import StoredVectorCache

_REMEMBERED_TEXTS = 5_000
_BLOCK = 50
_NO_TERMS = TermSet.of({})


@dataclass(frozen=True)
class ActiveEngine:
    engine: Engine
    row: Reference

    def prepared(self, documents: Sequence[Document]) -> list[Prepared]:
        return prepared(documents, self.engine.encoder, self.engine.glossary)


_engines: dict[tuple[int, str], ActiveEngine] = {}
_texts: OrderedDict[tuple[str, ...], Prepared] = OrderedDict()


def _current_reference(direction: str, version: str) -> QuerySet[Reference]:
    return Reference.objects.filter(direction=direction, is_active=True, encoder=encoder().key, engine_version=version)


def reference_is_current(direction: str) -> bool:
    return _current_reference(direction, in_force().version).exists()


def active_engine(direction: str) -> ActiveEngine | None:
    """None when there is no reference for this encoder and engine version yet."""
    now = in_force()
    row = _current_reference(direction, now.version).defer("data").first()
    if row is None:
        return None
    key = (row.pk, row.version)
    if key not in _engines:
        if len(_engines) >= 4:
            _engines.clear()
        data = Reference.objects.values_list("data", flat=True).get(pk=row.pk)
        reference = EngineReference.from_bytes(bytes(data))
        glossary = glossary_in_force(now.glossary_version)
        _engines[key] = ActiveEngine(Engine(encoder(), reference, now.settings, glossary), row)
    return _engines[key]


def prepared(
    documents: Sequence[Document], chosen: Encoder, glossary: Glossary, progress: Progress | None = None
) -> list[Prepared]:
    """In the order of the documents; from this process's memory, else the database, else the encoder, in blocks."""
    found: list[Prepared] = []
    for start in range(0, len(documents), _BLOCK):
        block = documents[start : start + _BLOCK]
        keys = [_key(document, chosen, glossary) for document in block]
        missing = [document for document, key in zip(block, keys, strict=True) if key not in _texts]
        fresh = dict(zip(missing, freshly_prepared(missing, chosen, glossary), strict=True)) if missing else {}
        ready = [fresh.get(document) or _texts[key] for document, key in zip(block, keys, strict=True)]
        for key, one in zip(keys, ready, strict=True):
            _remember(key, one)
        found += ready
        if progress and missing:
            progress(min(start + _BLOCK, len(documents)), len(documents))
    return found


def for_reasons(documents: Sequence[Document], active: ActiveEngine) -> list[Prepared]:
    """What the reasons of a pair need, which is not what scores are made of: without terms, whose finding takes longer
    than everything else together. In the order of the documents."""
    chosen = active.engine.encoder
    documents = [in_question(document, chosen) for document in documents]
    stored = StoredVectorCache().get_many([(document.text_hash(), chosen.key) for document in documents])
    found: dict[str, Prepared] = {}
    for document in documents:
        vectors, texts = stored.get((document.text_hash(), chosen.key)), tuple(document_sentences(document))
        if vectors is not None and len(vectors[1]) == len(texts):
            whole, sentences = (np.asarray(part).astype(np.float32) for part in vectors)
            need = need_of(texts, document.language)
            signals = Signals(document.language, whole, sentences, need, *(_NO_TERMS for _channel in LEXICAL_CHANNELS))
            found[document.key] = Prepared(document, signals, texts)
    missing = [document for document in documents if document.key not in found]
    found |= {one.document.key: one for one in active.prepared(missing)}
    return [found[document.key] for document in documents]


def freshly_prepared(documents: list[Document], chosen: Encoder, glossary: Glossary) -> list[Prepared]:
    """From the database, else the encoder, without being remembered.

    A server of vectors that is down is no fault of the work: it waits and goes on when the server is back."""
    try:
        return prepare(documents, chosen, StoredVectorCache(), glossary)
    except EncoderError as error:
        raise NotYet(str(error), seconds=60) from error


def _key(document: Document, chosen: Encoder, glossary: Glossary) -> tuple[str, ...]:
    # The text alone does not tell: key, fields and stage travel with it into the reasons.
    itself = (document.text_hash(), document.key, document.stage or "", document.ipr or "", *document.fields)
    return (chosen.key, glossary.version, *itself)


def _remember(key: tuple[str, ...], one: Prepared) -> None:
    _texts[key] = one
    _texts.move_to_end(key)
    if len(_texts) > _REMEMBERED_TEXTS:
        _texts.popitem(last=False)
