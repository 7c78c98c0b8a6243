"""An import from upload to stored rows, up to 100,000 of them, beside bare parsing of the same file."""

from __future__ import annotations

import io
import resource
import time
from collections.abc import Iterable
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from cooperation_portal.exchange import services
from cooperation_portal.exchange.sheets import Sheet, sheet_of
from cooperation_portal.network.models import Company
from cooperation_portal.taxonomy.services import load_taxonomy
from cooperation_portal.work.models import Work
from cooperation_portal.work.services import run_waiting
from tests import people
from tests.bench.rows import Row


def _workbook(sheet: Sheet, lines: Iterable[dict[str, Any]]) -> bytes:
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


def _technologies(number: int, owner: Any) -> Iterable[dict[str, Any]]:
    body = "Плазменное азотирование повышает твёрдость поверхности стали до 1100 HV при температуре 500 °C. "
    for place in range(number):
        yield {
            "source_reference": f"RU-{place:06d}",
            "owner_name": owner.name_original,
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
            "body_ko": "강의 표면을 단단하게 하는 공정입니다.",
        }


def _companies(number: int) -> Iterable[dict[str, Any]]:
    for place in range(number):
        yield {
            "business_number": people.valid_business_number(place),
            "name": f"㈜견본{place}",
            "name_en": f"Sample {place} Co., Ltd.",
            "company_class": "중소기업",
            "size": "소기업",
            "products": "정밀 부품",
            "city": "경기 안산",
            "established": 1990 + place % 30,
        }


def _parse(content: bytes) -> int:
    return sum(1 for _row in CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).iter_rows())


def _rows_of(sheet: str, content: bytes, number: int, by: Any) -> list[Row]:
    start = time.perf_counter()
    assert _parse(content) == number + 1
    bare = time.perf_counter() - start

    start = time.perf_counter()
    run = services.start(uploads={sheet: SimpleUploadedFile("a.xlsx", content)}, by=by)
    _work()
    run.refresh_from_db()
    file = run.files.get()
    assert (file.new_count, file.wrong_count) == (number, 0), (file.new_count, file.wrong_count, file.problem)
    read = time.perf_counter() - start

    start = time.perf_counter()
    services.confirm(run, seen_preview=run.previews, only_right_rows=False, by=by)
    _work()
    run.refresh_from_db()
    assert run.state == "done", run.state
    stored = time.perf_counter() - start
    whole = read + stored
    name = f"import of {number:,} {sheet}"
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        Row(f"{name}: upload to preview", read, "s", bare, read / bare),
        Row(f"{name}: confirmed to stored", stored, "s", bare, stored / bare),
        Row(f"{name}: in all", whole, "s", bare, whole / bare),
        Row(f"{name}: most memory of the reader", memory, "MB", None, None, "≤ 600 MB", memory <= 600),
    ]


def _work() -> None:
    """Imports only: what scoring makes of them is measured elsewhere."""
    Work.objects.exclude(kind__in=["read_import", "store_import"]).update(state="done")
    run_waiting()


def rows() -> list[Row]:
    load_taxonomy()
    admin = people.make_user(role="content_admin")
    owner = people.make_institution(name="Институт металлов Сибири")
    found = []
    content = _workbook(sheet_of("technologies"), _technologies(3_000, owner))
    found += _rows_of("technologies", content, 3_000, admin)
    for number in (3_000, 100_000):
        content = _workbook(sheet_of("companies"), _companies(number))
        found += _rows_of("companies", content, number, admin)
        Company.objects.all().delete()
    return found
