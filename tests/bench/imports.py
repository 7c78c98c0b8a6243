"""An import from upload to stored rows, up to 100,000 of them, beside bare parsing of the same file."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import psutil
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from python_calamine import CalamineWorkbook

from cooperation_portal.exchange import child, services
from cooperation_portal.exchange.limits import LARGEST_ROWS
from cooperation_portal.exchange.models import Import
from cooperation_portal.exchange.sheets import Sheet, sheet_of
from cooperation_portal.taxonomy.services import load_taxonomy
from cooperation_portal.work.models import Work
from cooperation_portal.work.services import claim, perform
from tests import people
from tests.bench.rows import Row

Lines = Iterable[dict[str, Any]]


def _workbook(sheet: Sheet, lines: Lines) -> bytes:
    """As an office would send it: only the columns that are filled."""
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("자료")
    names: list[str] = []
    for line in lines:
        if not names:
            names = list(line)
            page.append([sheet.column(name).heading for name in names])
        page.append([line[name] for name in names])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _technologies(number: int, word: str) -> Lines:
    body = "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV при температуре 500 °C. "
    for place in range(number):
        yield {
            "source_reference": f"RU-{place:06d}",
            "owner_name": f"Институт металлов {place % 40}",
            "country": "RU",
            "original_language": "ru",
            "field": "0103",
            "stage": "시험실 검증",
            "ipr_status": "등록",
            "year": 2015 + place % 10,
            "cooperation": "기술이전·라이선스, 공동개발",
            "disclosure": "회원 공개",
            "status": "등록",
            "title": f"Технология номер {place}",
            "body": body * 3,
            "title_ko": f"기술 {place}",
            "body_ko": f"강의 표면을 {word} 단단하게 하는 공정입니다.",
        }


def _companies(number: int, word: str, first: int = 0) -> Lines:
    for place in range(first, first + number):
        yield {
            "business_number": people.valid_business_number(place),
            "name": f"㈜견본{place}",
            "name_en": f"Sample {place} Co., Ltd.",
            "company_class": "중소기업",
            "size": "소기업",
            "products": f"{word} 정밀 부품",
            "city": "경기 안산",
            "established": 1990 + place % 30,
        }


def _parse(content: bytes) -> int:
    return sum(1 for _row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).iter_rows())


def _work() -> None:
    """Imports only: what scoring makes of them is measured elsewhere."""
    for work in Work.objects.filter(kind__in=["read_import", "store_import"], state="waiting"):
        claimed = claim(work.pk)
        assert claimed is not None and perform(claimed)


def _read(sheet: str, content: bytes, by: Any) -> Import:
    run = services.start(uploads={sheet: SimpleUploadedFile("a.xlsx", content)}, by=by)
    _work()
    run.refresh_from_db()
    return run


def _store(run: Import, by: Any) -> None:
    services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=by)
    _work()
    run.refresh_from_db()
    assert run.state == "done", run.state


def _seconds_of_parsing(content: bytes, number: int) -> float:
    start = time.process_time()
    assert _parse(content) == number + 1
    return time.process_time() - start


@dataclass
class Spent:
    """What the worker, the reader that it starts and the database have used meanwhile. The worker is this process."""

    seconds: float = 0.0
    cpu: float = 0.0
    memory: float = 0.0  # MB at most, of the worker


@contextmanager
def _spending() -> Iterator[Spent]:
    spent, counter = Spent(), Path("/proc/self/clear_refs")
    if counter.exists():
        counter.write_text("5")  # Linux counts the most memory anew
    database = psutil.Process(_backend())
    before, start = _cpu(database), time.perf_counter()
    yield spent
    spent.seconds, spent.cpu = time.perf_counter() - start, _cpu(database) - before
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":" in line)
    spent.memory = int(status["VmHWM"].split()[0]) / 1024


def _backend() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def _cpu(database: psutil.Process) -> float:
    times = os.times()
    server = database.cpu_times()
    return times.user + times.system + times.children_user + times.children_system + server.user + server.system


def _memory_of_reader(content: bytes) -> float:
    """In MB. Started by a small process: one that is started by a large one counts that one's memory as its own."""
    limits = json.dumps({"memory": 2**30, "cpu": 300, "output": 2**30, "rows": LARGEST_ROWS + 20})
    program = (
        "import resource, subprocess, sys;"
        "subprocess.run([sys.executable, '-m', 'reading', *sys.argv[2:]], stdout=open(sys.argv[1], 'w'), check=True);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file, tempfile.NamedTemporaryFile("r+") as told:
        file.write(content)
        file.flush()
        command = [sys.executable, "-c", program, told.name, file.name, limits]
        found = subprocess.run(command, cwd=Path(child.__file__).parent, capture_output=True, check=True, text=True)
        assert '{"end":' in told.read()[-40:]
    return int(found.stdout) / 1024


def _rows_of(sheet: str, number: int, lines: Callable[[str], Lines], by: Any) -> Iterator[Row]:
    """New, then every row changed, then the same file once more."""
    name, most = f"import of {number:,} {sheet}", 0.0
    files = {word: _workbook(sheet_of(sheet), lines(word)) for word in ("좋은", "새")}
    for state, word in (("new", "좋은"), ("changed", "새"), ("same", "새")):
        bare = min(_seconds_of_parsing(files[word], number) for _time in range(3))
        with _spending() as reading:
            run = _read(sheet, files[word], by)
        file = run.files.get()
        assert file.count_of(state) == file.row_count == number, (file.problems, file.wrong_count)
        storing = Spent()
        if state != "same":
            with _spending() as storing:
                _store(run, by)
        whole, cpu = reading.seconds + storing.seconds, reading.cpu + storing.cpu
        most = max(most, reading.memory, storing.memory)
        yield Row(f"{name}, all {state}: upload to preview", reading.seconds, "s", bare, reading.seconds / bare)
        if storing.seconds:
            yield Row(f"{name}, all {state}: confirmed to stored", storing.seconds, "s", bare, storing.seconds / bare)
            yield Row(f"{name}, all {state}: in all", whole, "s", bare, whole / bare)
        yield Row(f"{name}, all {state}: processor time, database too", cpu, "s", bare, cpu / bare)
    yield Row(f"{name}: most memory of the reader", _memory_of_reader(files["새"]), "MB")
    yield Row(f"{name}: most memory of the worker", most, "MB")


def rows() -> list[Row]:
    load_taxonomy()
    admin = people.make_user(role="content_admin")
    for place in range(40):
        people.make_institution(name=f"Институт металлов {place}")
    found = [*_rows_of("companies", 3_000, lambda word: _companies(3_000, word), admin)]
    found += _rows_of("technologies", 3_000, lambda word: _technologies(3_000, word), admin)
    found += _rows_of("companies", LARGEST_ROWS, lambda word: _companies(LARGEST_ROWS, word, 10_000), admin)
    return found
