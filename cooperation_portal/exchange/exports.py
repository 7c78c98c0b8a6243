"""Any filtered list as a file: the same rows that the page shows, in the columns that the import reads."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header

from cooperation_portal.exchange import workbooks
from cooperation_portal.exchange.guarding import guarded_in_csv
from cooperation_portal.exchange.limits import LARGEST_EXPORT
from cooperation_portal.exchange.sheets import Cell, Column, Sheet

CSV_TYPE = "text/csv; charset=utf-8"


def respond(request: HttpRequest, sheet: Sheet, queryset: QuerySet[Any], stem: str) -> HttpResponse:
    """Rows that the reader may see, chosen by the caller. `?format=csv` or `xlsx`; the name gets today's date."""
    if request.GET.get("format") == "csv":
        return downloaded(_csv(sheet, queryset), CSV_TYPE, f"{stem}_{_today()}.csv")
    if queryset.count() > LARGEST_EXPORT:
        query = request.GET.copy()
        query["format"] = "csv"
        context = {"limit": LARGEST_EXPORT, "csv_url": f"{request.path}?{query.urlencode()}"}
        return render(request, "exchange/export_too_large.html", context, status=422)
    with translation.override("ko"):
        content = workbooks.export(str(sheet.label), sheet.columns, sheet.rows_of(queryset))
    return downloaded(content, workbooks.CONTENT_TYPE, f"{stem}_{_today()}.xlsx")


def downloaded(content: bytes | Iterator[bytes], content_type: str, name: str) -> Any:
    """A file to be saved, whatever the browser knows of its type."""
    answer: HttpResponseBase
    if isinstance(content, bytes):
        answer = HttpResponse(content, content_type=content_type)
    else:
        answer = StreamingHttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


def _today() -> str:
    return timezone.localdate().strftime("%Y%m%d")


class _Line:
    """What csv.writer writes to: the line comes back from `writerow`."""

    def write(self, text: str) -> str:
        return text


def csv_lines(columns: tuple[Column, ...], rows: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    """With a byte order mark, by which spreadsheets know that it is UTF-8."""
    writer: Any = csv.writer(_Line())
    ready = [column.prepared() for column in columns]
    yield b"\xef\xbb\xbf" + writer.writerow([guarded_in_csv(column.heading) for column in columns]).encode()
    for values in rows:
        yield writer.writerow([_text(column.show(values.get(column.name))) for column in ready]).encode()


def _csv(sheet: Sheet, queryset: QuerySet[Any]) -> Iterator[bytes]:
    return csv_lines(sheet.columns, sheet.rows_of(queryset))


def _text(shown: Cell) -> str:
    if shown is None:
        return ""
    if isinstance(shown, float):
        return f"{shown:.6f}".rstrip("0").rstrip(".")
    if isinstance(shown, date):
        return shown.isoformat()
    return guarded_in_csv(shown) if isinstance(shown, str) else str(shown)
