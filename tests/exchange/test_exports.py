"""What goes out as a file: as the page shows it, harmless when it is opened, and the same when it comes back."""

from __future__ import annotations

import codecs
import csv
import io
from datetime import date, datetime
from urllib.parse import unquote

import pytest
from django.test import RequestFactory
from openpyxl import load_workbook

from cooperation_portal.exchange import exports
from cooperation_portal.exchange.guarding import guarded_in_csv, guarded_in_workbook, unguarded
from cooperation_portal.network.models import Institution
from tests.exchange.conftest import counts, file_of
from tests.exchange.sheets import InstitutionSheet
from tests.exchange.spreadsheets import HEADINGS, cells_of, line, xlsx

pytestmark = pytest.mark.django_db

RISKY = [
    "=1+1",
    "+82-42-000-0000",
    "-5",
    "@SUM(A1)",
    "＝1",
    "＋2",
    "－3",
    "＠x",
    "'=1",
    "''+1",
    "'",
    "'말",
    "it's = ok",
]


def export(kind: str, records=None) -> bytes:
    request = RequestFactory().get("/places/export/", {"format": kind, "q": "연구소"})
    chosen = Institution.objects.all() if records is None else records
    return b"".join(exports.respond(request, InstitutionSheet(), chosen, "기관"))


@pytest.fixture
def records(upload, stored):
    rows = [line(number, **{"원어 이름": words, "메모": words}) for number, words in enumerate(RISKY)]
    rows.append(line(50, 예산=0.1, 설립일=None, 인원=None, **{"협력 중": "아니요"}))
    from tests.exchange.spreadsheets import text

    guarded = [[guarded_in_csv(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    run = stored(upload(text([HEADINGS, *guarded])))
    assert counts(run) == (len(RISKY) + 1, 0, 0, 0)
    assert Institution.objects.get(source_reference="00000").name_original == "=1+1"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_what_was_exported_comes_back_as_the_same(records, upload, kind):
    run = upload(export(kind), name=f"기관.{kind}")
    assert counts(run) == (0, 0, len(RISKY) + 1, 0)
    assert file_of(run).problems == []


def test_a_csv_that_was_saved_again_as_a_workbook_comes_back_as_the_same(records, upload):
    """People open one kind and save the other; the guard stands in the cell then."""
    rows = list(csv.reader(io.StringIO(export("csv").decode("utf-8-sig"))))
    run = upload(xlsx(rows))
    assert counts(run) == (0, 0, len(RISKY) + 1, 0)


def test_no_cell_of_a_csv_begins_like_a_formula(records):
    content = export("csv")
    assert content.startswith(codecs.BOM_UTF8)
    assert content.count(b"\r\n") == len(RISKY) + 2
    for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
        assert [cell for cell in row if cell and cell[0] in "=+-@\t\r＝＋－＠"] == []


def test_no_cell_of_a_workbook_is_a_formula(records):
    page = load_workbook(io.BytesIO(export("xlsx"))).active
    for row in page.iter_rows(min_row=2):
        assert {cell.data_type for cell in row} <= {"s", "n", "d"}
    risky = page["C2"]
    assert (risky.value, risky.data_type, risky.quotePrefix) == ("=1+1", "s", True)


def test_codes_are_text_dates_are_dates_and_numbers_are_numbers(records):
    page = load_workbook(io.BytesIO(export("xlsx"))).active
    heading, first = [cell.value for cell in page[1]], page[2]
    assert heading == HEADINGS and page["A1"].font.bold and page.freeze_panes == "A2"
    assert (first[0].value, first[0].data_type, first[0].number_format) == ("00000", "s", "@")
    assert first[7].value in (date(1968, 5, 1), datetime(1968, 5, 1)) and first[7].is_date
    assert (first[8].value, first[9].value) == (120, 12.5)
    assert (first[3].value, first[10].value, first[11].value) == ("러시아", "금속, 기계", "예")


def test_a_file_is_named_after_the_list_and_the_day():
    request = RequestFactory().get("/places/export/", {"format": "csv"})
    answer = exports.respond(request, InstitutionSheet(), Institution.objects.all(), "기관")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    name = unquote(answer["Content-Disposition"].partition("filename*=utf-8''")[2])
    assert name.startswith("기관_2") and name.endswith(".csv")


def test_what_is_too_much_for_a_workbook_is_offered_as_csv(records, monkeypatch, rf, content_admin):
    monkeypatch.setattr(exports, "LARGEST_EXPORT", 3)
    request = rf.get("/places/export/", {"format": "xlsx", "q": "연구소"})
    request.user, request.session = content_admin, {}
    monkeypatch.setattr(exports, "render", lambda request, template, context, status: (template, context, status))
    template, context, status = exports.respond(request, InstitutionSheet(), Institution.objects.all(), "기관")
    assert (template, status) == ("exchange/export_too_large.html", 422)
    assert "format=csv" in context["csv_url"] and "q=" in context["csv_url"]
    assert len(export("csv").splitlines()) == len(RISKY) + 2


@pytest.mark.parametrize("words", [*RISKY, "", "\t=1", "\r=1", "말", "a=1"])
def test_guards_go_away_again(words):
    assert unguarded(guarded_in_csv(words)) == words
    assert unguarded(guarded_in_workbook(words)) == words


def test_what_xml_cannot_hold_is_left_out_of_a_workbook(records):
    Institution.objects.filter(source_reference="00000").update(name_ko="가\x02나")
    assert cells_of(export("xlsx"))[1][1] == "가나"
