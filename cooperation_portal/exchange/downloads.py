"""Files that an import gives back: what is wrong, and what to fill in."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.utils import translation

from cooperation_portal.exchange import queries, template_workbooks, workbooks
from cooperation_portal.exchange.exports import CSV_TYPE, csv_lines, downloaded
from cooperation_portal.exchange.headings import PROBLEMS, folded
from cooperation_portal.exchange.limits import LARGEST_ERROR_WORKBOOK
from cooperation_portal.exchange.models import ImportFile
from cooperation_portal.exchange.sheets import Sheet


def part_of(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and 0 < len(text) < 4 else 1


def parts_of(file: ImportFile) -> int:
    """How many workbooks the wrong rows fill: one that is made while somebody waits has an end."""
    return -(-file.wrong_count // LARGEST_ERROR_WORKBOOK)


def error_workbook(file: ImportFile, part: int = 1) -> HttpResponse:
    """Wrong rows with the columns of the file as it was, apart from what an earlier error workbook had added."""
    first = (min(part, parts_of(file)) - 1) * LARGEST_ERROR_WORKBOOK
    kept = [(index, name, heading) for index, name, heading in file.columns if folded(heading) != folded(PROBLEMS)]
    places = {name: place for place, (_index, name, _heading) in enumerate(kept) if name}
    indexes = [index for index, _name, _heading in kept]

    def rows() -> Iterator[workbooks.WrongRow]:
        for row in queries.wrong_rows_of(file)[first : first + LARGEST_ERROR_WORKBOOK].iterator(2000):
            wrong: dict[int, list[str]] = {}
            whole: list[str] = []
            for problem in row.problems:
                place = places.get(problem["column"])
                (whole if place is None else wrong.setdefault(place, [])).append(problem["text"])
            yield [row.cells[index] if index < len(row.cells) else None for index in indexes], wrong, whole

    with translation.override("ko"):
        title = file.label
    content = workbooks.wrong_rows(title, [heading for _index, _name, heading in kept], PROBLEMS, rows())
    name = f"{file.name.rpartition('.')[0] or file.name}_{PROBLEMS}"
    return downloaded(content, workbooks.CONTENT_TYPE, f"{name}_{part}.xlsx" if first else f"{name}.xlsx")


def template(sheet: Sheet, kind: str) -> HttpResponse:
    with translation.override("ko"):
        stem = f"{sheet.label}_양식"
        if kind == "csv":
            return downloaded(b"".join(csv_lines(sheet.columns, iter(()))), CSV_TYPE, f"{stem}.csv")
        return downloaded(template_workbooks.of(sheet), workbooks.CONTENT_TYPE, f"{stem}.xlsx")
