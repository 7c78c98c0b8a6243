"""Engines and prepared texts that a worker process keeps between two pieces of work."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from cooperation_portal.work.registry import Progress
from cooperation_portal.work.services import NotYet
from matching.engine.documents import Document
from matching.engine.encoders import Encoder, EncoderError
from matching.engine.prepared import Prepared, prepare
from matching.engine.ranking import Catalogue, Engine
from matching.engine.reference import Reference as EngineReference
from matching.engine.settings import engine_version
from matching.scoring.encoders import encoder
from matching.scoring.models import Reference
from matching.scoring.vectors import StoredVectorCache

_REMEMBERED_TEXTS = 20_000
_BLOCK = 50


@dataclass(frozen=True)
class ActiveEngine:
    engine: Engine
    row: Reference


_engines: dict[tuple[int, str], ActiveEngine] = {}
_catalogues: dict[tuple[int, str], tuple[tuple[int, int], Catalogue]] = {}
_texts: OrderedDict[tuple[str, ...], Prepared] = OrderedDict()


def _current_reference(direction: str) -> QuerySet[Reference]:
    return Reference.objects.filter(
        direction=direction, is_active=True, encoder=encoder().key, engine_version=engine_version()
    )


def reference_is_current(direction: str) -> bool:
    return _current_reference(direction).exists()


def active_engine(direction: str) -> ActiveEngine | None:
    """None when there is no reference for this encoder and engine version yet."""
    row = _current_reference(direction).defer("data").first()
    if row is None:
        return None
    key = (row.pk, row.version)
    if key not in _engines:
        if len(_engines) >= 4:
            _engines.clear()
            _catalogues.clear()
        data = Reference.objects.values_list("data", flat=True).get(pk=row.pk)
        _engines[key] = ActiveEngine(Engine(encoder(), EngineReference.from_bytes(bytes(data))), row)
    return _engines[key]


def catalogue(
    active: ActiveEngine, state: tuple[int, int], documents: Callable[[], list[Document]], progress: Progress
) -> Catalogue:
    """The indexed pool of a direction, built anew only when `state` differs from the one it was built at.

    A technology that changes while it is built may be in it already; a store then finds the pool in another state.
    """
    key = (active.row.pk, active.row.version)
    if key not in _catalogues or _catalogues[key][0] != state:
        _catalogues[key] = (state, active.engine.catalogue(prepared(documents(), active, progress)))
    return _catalogues[key][1]


def prepared(
    documents: Sequence[Document], with_: ActiveEngine | Encoder, progress: Progress | None = None
) -> list[Prepared]:
    """In the order of the documents; from this process's memory, else the database, else the encoder, in blocks."""
    chosen = with_.engine.encoder if isinstance(with_, ActiveEngine) else with_
    found: list[Prepared] = []
    for start in range(0, len(documents), _BLOCK):
        block = documents[start : start + _BLOCK]
        keys = [_key(document, chosen) for document in block]
        missing = [document for document, key in zip(block, keys, strict=True) if key not in _texts]
        fresh = dict(zip(missing, _encoded(missing, chosen), strict=True)) if missing else {}
        ready = [fresh.get(document) or _texts[key] for document, key in zip(block, keys, strict=True)]
        for key, one in zip(keys, ready, strict=True):
            _remember(key, one)
        found += ready
        if progress and missing:
            progress(min(start + _BLOCK, len(documents)), len(documents))
    return found


def _encoded(documents: list[Document], chosen: Encoder) -> list[Prepared]:
    """A server of vectors that is down is no fault of the work: it waits and goes on when the server is back."""
    try:
        return prepare(documents, chosen, StoredVectorCache())
    except EncoderError as error:
        raise NotYet(str(error), seconds=60) from error


def _key(document: Document, chosen: Encoder) -> tuple[str, ...]:
    # The text alone does not tell: key, fields and stage travel with it into the reasons.
    return (chosen.key, document.text_hash(), document.key, document.stage or "", document.ipr or "", *document.fields)


def _remember(key: tuple[str, ...], one: Prepared) -> None:
    _texts[key] = one
    _texts.move_to_end(key)
    if len(_texts) > _REMEMBERED_TEXTS:
        _texts.popitem(last=False)
