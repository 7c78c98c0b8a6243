"""Lists and single technologies from the saved record to the stored matches, with a large catalogue in the database.

The catalogue's texts repeat a few thousand and its vectors are drawn by lot. Its snapshot is put together from them
directly: reading 100,000 texts for their terms takes minutes and is measured by the piece.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import statistics
import struct
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from cooperation_portal.taxonomy.models import Country, TechnologyField
from cooperation_portal.taxonomy.services import load_taxonomy
from cooperation_portal.work import services as work
from cooperation_portal.work.models import Work
from matching.catalogue import search
from matching.catalogue.models import Technology, TechnologyText
from matching.demands.models import Demand
from matching.engine.documents import Document
from matching.engine.nearest import nearest
from matching.engine.offers import OfferIndex
from matching.engine.prepared import Prepared
from matching.engine.ranking import Engine
from matching.engine.settings import engine_version
from matching.scoring import offer_pool, pools, services
from matching.scoring.encoders import encoder
from matching.scoring.engines import active_engine
from matching.scoring.models import Match, Ranking, Reference
from matching.scoring.snapshots import Shelf
from tests import people
from tests.bench.engine import DIMENSIONS, sample_sentences
from tests.bench.matching import TECHNOLOGIES, large_index, world
from tests.bench.rows import Row

OPEN_DEMANDS = int(os.environ.get("BENCH_OPEN_DEMANDS", "1000"))
ONE_BY_ONE, BY_WORKERS, SAMPLED, SEARCHES = 100, 40, 50, 41


def rows() -> Iterator[Row]:
    with TemporaryDirectory() as folder:
        settings.MATCHING_SNAPSHOTS_DIR = Path(folder)
        yield from _rows()


def _rows() -> Iterator[Row]:
    load_taxonomy()
    engine, offers, demands = world()
    keys = _fill_catalogue(offers)
    index = large_index(engine, offers)
    _store_reference(engine, len(keys))
    _write_snapshot(engine, index, keys)
    _fill_demands(engine, offers, demands)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    yield from _one_demand()
    yield from _one_technology()
    yield _beside_pgvector(index)
    yield from _searches(keys)
    yield from _workers()


def _fill_catalogue(offers: list[Prepared]) -> list[int]:
    owner, field = people.make_institution(), TechnologyField.objects.filter(parent__isnull=False).first()
    country = Country.objects.get(code="RU")
    keys: list[int] = []
    chance = np.random.default_rng(3)
    for start in range(0, TECHNOLOGIES, 5_000):
        some = [offers[(start + n) % len(offers)] for n in range(min(5_000, TECHNOLOGIES - start))]
        technologies = Technology.objects.bulk_create(
            Technology(
                owner=owner, country=country, field=field, original_language=one.document.language,
                disclosure="public", status="published", content_version=1,
            )
            for one in some
        )  # fmt: skip
        texts = [
            TechnologyText(
                technology=technology, language=one.document.language, origin="source",
                title=f"{one.document.title} {technology.pk}", body=one.document.body,
            )
            for technology, one in zip(technologies, some, strict=True)
        ]  # fmt: skip
        korean = sample_sentences()["ko"]
        summaries = [
            TechnologyText(
                technology=technology, language="ko", origin="machine",
                title=korean[technology.pk % len(korean)][:60], body=korean[technology.pk * 7 % len(korean)],
            )
            for technology in technologies
        ]  # fmt: skip
        TechnologyText.objects.bulk_create([*texts, *summaries], batch_size=1_000)
        documents = [Document(text.title, text.body, text.language) for text in texts]
        _copy_vectors(documents, [len(one.sentence_texts) for one in some], chance)
        keys += [technology.pk for technology in technologies]
    return keys


def _copy_vectors(documents: list[Document], lengths: list[int], chance: Any) -> None:
    """In the binary form of PostgreSQL, without a word of SQL for each."""
    stream = io.BytesIO()
    stream.write(b"PGCOPY\n\xff\r\n\x00" + struct.pack(">ii", 0, 0))
    # Microseconds since 2000, as PostgreSQL counts them.
    now = struct.pack(">iq", 8, int((time.time() - 946_684_800) * 1e6))
    name = encoder().key.encode()
    for document, length in zip(documents, lengths, strict=True):
        rows = chance.standard_normal((length + 1, DIMENSIONS))
        rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float16)
        text_hash, whole, sentences = document.text_hash().encode(), rows[0].astype(">f2").tobytes(), rows[1:].tobytes()
        vector = struct.pack(">HH", DIMENSIONS, 0) + whole
        stream.write(struct.pack(">h", 5))
        for value in (text_hash, name, vector, sentences):
            stream.write(struct.pack(">i", len(value)) + value)
        stream.write(now)
    stream.write(struct.pack(">h", -1))
    stream.seek(0)
    columns = "text_hash, encoder, whole, sentences, made_at"
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY scoring_textvector ({columns}) FROM STDIN (FORMAT binary)", stream)


def _store_reference(engine: Engine, technologies: int) -> None:
    Reference.objects.create(
        direction="inbound", version=engine.reference.version, engine_version=engine_version(),
        encoder=engine.encoder.key, technologies=technologies, demands=OPEN_DEMANDS, data=engine.reference.to_bytes(),
    )  # fmt: skip


def _write_snapshot(engine: Engine, index: OfferIndex, keys: list[int]) -> None:
    contents = pools.pool_contents("inbound")
    assert contents.ids.tolist() == keys
    shelf = Shelf("inbound", engine)
    with shelf.lock(lambda done, total: None):
        shelf.put(shelf.workplace(), [(index.with_columns(ids=contents.ids, marks=contents.marks), None)])


def _fill_demands(engine: Engine, offers: list[Prepared], demands: list[Prepared]) -> None:
    """With lists that are cut where the best of two thousand stand, as those of large catalogues are."""
    company = people.make_company()
    reference, catalogue = Reference.objects.get(), engine.catalogue(offers)
    floors = []
    for ranked in engine.rank_many(demands, catalogue, per_language=1):
        floors.append({candidate.language: candidate.score for candidate in ranked})
    moments = [engine.moments(demand).to_bytes() for demand in demands]
    chance = np.random.default_rng(4)
    made = Demand.objects.bulk_create(
        Demand(
            company=company, title=f"{one.document.title} {number}", problem=one.document.body, status="submitted",
            submitted_at=timezone.now(), content_version=1,
        )
        for number, one in ((number, demands[number % len(demands)]) for number in range(OPEN_DEMANDS))
    )  # fmt: skip
    documents = [Document(demand.title, demand.problem, "ko") for demand in made]
    _copy_vectors(documents, [len(demands[n % len(demands)].sentence_texts) for n in range(len(made))], chance)
    Ranking.objects.bulk_create(
        (
            Ranking(
                demand=demand, demand_version=1, reference=reference, considered=TECHNOLOGIES,
                floors=floors[number % len(demands)], moments=moments[number % len(demands)],
            )
            for number, demand in enumerate(made)
        ),
        batch_size=2_000,
    )  # fmt: skip


def _performed(kind: str, subject: object) -> float:
    claimed = work.claim(Work.objects.get(kind=kind, subject=str(subject)).pk)
    assert claimed is not None
    start = time.perf_counter()
    assert work.perform(claimed) is True, f"{kind} was not stored"
    return time.perf_counter() - start


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def _texts(count: int, seed: int, language: str = "ko") -> list[tuple[str, str]]:
    """Of about 250 letters."""
    chance, sentences = np.random.default_rng(seed), sample_sentences()[language]
    found = []
    for number in range(count):
        picked = [sentences[place] for place in chance.choice(len(sentences), 4, replace=False)]
        found.append((f"{picked[0][:40]} {number}", " ".join(picked)[:250]))
    return found


def _row(name: str, times: list[float], asked: float) -> Row:
    value = _p95(times)
    name = f"{name}: p95 of {len(times)} (median {statistics.median(times):.2f} s)"
    return Row(name, value, "s", asked, value / asked, f"≤ {asked:g} s", value <= asked)


def _one_demand() -> Iterator[Row]:
    company, times = people.make_company("㈜시험수요"), []
    for title, problem in _texts(ONE_BY_ONE + 1, seed=6):
        demand = people.make_demand(company, title, problem)
        times.append(_performed("score_demand", demand.pk))
    yield Row("one demand: the first of a process, which opens the snapshot", times[0], "s")
    yield _row(f"one demand against {TECHNOLOGIES:,} technologies, saved to stored", times[1:], 1.0)


def _one_technology() -> Iterator[Row]:
    times, owner = [], people.make_institution()
    for title, body in _texts(31, seed=7, language="ru"):
        technology = people.make_technology(title, body, korean=None, owner=owner)
        times.append(_performed("score_technology", technology.pk))
    yield Row("one technology: the first of a process, which reads the open demands", times[0], "s")
    yield _row(f"one technology against {Ranking.objects.count():,} open demands, saved to stored", times[1:], 1.0)


def _beside_pgvector(index: OfferIndex) -> Row:
    queries = np.asarray(index.texts.whole[:SAMPLED]) + 1.0
    vectors = ["[" + ",".join(f"{value / 4000:.5f}" for value in query) + "]" for query in queries]
    statement = "SELECT id FROM scoring_textvector ORDER BY whole <#> %s::halfvec LIMIT 50"

    def theirs() -> None:
        with connection.cursor() as cursor:
            for vector in vectors:
                cursor.execute(statement, [vector])
                cursor.fetchall()

    start = time.perf_counter()
    theirs()
    baseline = time.perf_counter() - start
    own = []
    for _turn in range(3):
        start = time.perf_counter()
        nearest(index.texts.whole, queries, 50)
        own.append(time.perf_counter() - start)
    ratio = baseline / min(own)
    name = f"{SAMPLED} demands at once by inner product over {TECHNOLOGIES:,} (baseline: pgvector, exact)"
    return Row(name, min(own), "s", baseline, ratio, "≥ 10", ratio >= 10)


def _searches(keys: list[int]) -> Iterator[Row]:
    """As a company sees them, with the counts beside every condition."""
    search.index_many(keys)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client = Client()
    client.force_login(people.make_member(people.make_company("㈜검색시험")))
    sentences = sample_sentences()["ko"]
    words = sorted({word for sentence in sentences for word in sentence.split() if 2 <= len(word) <= 4})
    for name, queries in {
        "Korean word search": [{"q": word} for word in words[:: max(1, len(words) // SEARCHES)][:SEARCHES]],
        "search by meaning": [{"q": sentence[:60], "by": "meaning"} for sentence in sentences[:SEARCHES]],
    }.items():
        times = []
        for query in queries:
            start = time.perf_counter()
            assert client.get("/technologies/", query).status_code == 200
            times.append(time.perf_counter() - start)
        yield _row(f"{name} over {TECHNOLOGIES:,}, the whole page", times[1:], 0.3)


def _workers() -> Iterator[Row]:
    keys = list(Demand.objects.order_by("pk").values_list("pk", flat=True)[:BY_WORKERS])
    officer = people.make_user("한서윤", "officer")
    client = Client()
    client.force_login(officer)

    def page() -> float:
        start = time.perf_counter()
        assert client.get("/demands/").status_code == 200
        return time.perf_counter() - start

    page()
    alone = statistics.median(page() for _turn in range(7))
    one, _pages = _rescored(keys, 1, page)
    two, pages = _rescored(keys, 2, page)
    name = f"rescoring {BY_WORKERS} demands, two workers (baseline: one)"
    yield Row(name, two, "s", one, one / two, "≥ 1.7", one / two >= 1.7)
    meanwhile = statistics.median(pages)
    name = "the officer's list while two workers rescore (baseline: before)"
    yield Row(name, meanwhile * 1000, "ms", alone * 1000, meanwhile / alone, "≤ 2", meanwhile / alone <= 2)


def _rescored(keys: list[int], workers: int, page: Any) -> tuple[float, list[float]]:
    Match.objects.filter(demand__in=keys).delete()
    services.request_scores(keys)
    connections.close_all()
    context = multiprocessing.get_context("fork")
    ready, go = [context.Event() for _worker in range(workers)], context.Event()
    made = [context.Process(target=_work, args=(one, go, keys)) for one in ready]
    for process in made:
        process.start()
    for one in ready:
        one.wait(120)
    start = time.perf_counter()
    go.set()
    pages = []
    while any(process.is_alive() for process in made):
        if workers > 1:
            pages.append(page())
        time.sleep(0.3)
    return time.perf_counter() - start, pages


def _work(ready: Any, go: Any, keys: list[int]) -> None:
    connections.close_all()
    active = active_engine("inbound")
    assert active is not None
    offer_pool.offer_pool(active, "inbound", pools.pool_state("inbound"), lambda done, total: None)
    ready.set()
    go.wait(120)
    for pk in Work.objects.filter(kind="score_demand", subject__in=map(str, keys)).values_list("pk", flat=True):
        claimed = work.claim(pk)
        if claimed is not None:
            work.perform(claimed)
    os._exit(0)
