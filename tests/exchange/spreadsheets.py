"""Spreadsheets made for tests, right ones and broken ones. None is kept in the repository."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook, load_workbook

HEADINGS = [
    "번호", "기관명", "원어 이름", "국가", "유형", "언어", "도시", "설립일", "인원", "예산", "분야", "협력 중",
    "사업자등록번호", "누리집", "메모",
]  # fmt: skip


def line(number: int = 1, **changed: Any) -> list[Any]:
    """A right row of the institutions of `tests.exchange.sheets`, as a person would type it."""
    values = {
        "번호": f"{number:05d}",
        "기관명": f"시험 연구소 {number}",
        "원어 이름": f"Институт {number}",
        "국가": "러시아",
        "유형": "연구기관",
        "언어": "ru",
        "도시": "모스크바",
        "설립일": "1968-05-01",
        "인원": 120,
        "예산": 12.5,
        "분야": "금속, 기계",
        "협력 중": "예",
        "사업자등록번호": "",
        "누리집": "https://institute.example/",
        "메모": "",
    }
    return list((values | changed).values())


def xlsx(rows: Iterable[Sequence[Any]], title: str = "시험 기관") -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def workbook(rows: Iterable[Sequence[Any]], title: str = "시험 기관") -> Workbook:
    """To be spoilt by a test."""
    return load_workbook(io.BytesIO(xlsx(rows, title)))


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(rows: Iterable[Sequence[Any]], encoding: str = "utf-8-sig", separator: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue().encode(encoding)


def table(*lines: Sequence[Any]) -> list[Sequence[Any]]:
    return [HEADINGS, *lines]


def cells_of(content: bytes, sheet: int = 0) -> list[list[Any]]:
    """What a person would see who opens the workbook."""
    page = load_workbook(io.BytesIO(content)).worksheets[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def repacked(content: bytes, **changed: bytes | None) -> bytes:
    """A workbook with parts replaced, added or (None) left out; `__` in a name stands for a slash, `_0` for a dot."""
    parts = {name.replace("__", "/").replace("_0", "."): part for name, part in changed.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = parts.pop(name, old.read(name))
            if part is not None:
                new.writestr(name, part)
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return out.getvalue()


def with_sheet_xml(content: bytes, old: bytes, new: bytes) -> bytes:
    """The first worksheet's XML with some bytes replaced."""
    name = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        part = file.read(name)
    assert old in part
    return repacked(content, **{name: part.replace(old, new, 1)})
