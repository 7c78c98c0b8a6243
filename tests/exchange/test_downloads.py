"""Templates to fill in, and wrong rows to be corrected: both come back in as they are."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests.exchange.conftest import counts, file_of, problems, refusals
from tests.exchange.spreadsheets import HEADINGS, cells_of, line, saved, table, workbook, xlsx

pytestmark = pytest.mark.django_db


@pytest.fixture
def template(client, content_admin):
    client.force_login(content_admin)
    return lambda **query: client.get(reverse("import_template", kwargs={"name": "places"}), query).content


def test_a_template_that_was_filled_in_is_read(template, upload):
    book = load_workbook(io.BytesIO(template()))
    assert book.sheetnames == ["시험 기관", "작성 예", "작성 방법", "선택 목록"]
    assert refusals(upload(saved(book))) == ["no_rows"], "the example is not taken for data"
    for column, cell in enumerate(line(1), start=1):
        book.worksheets[0].cell(2, column).value = cell
    run = upload(saved(book))
    assert (counts(run), problems(run)) == ((1, 0, 0, 0), set())
    assert [note["code"] for note in file_of(run).notes] == []


def test_a_template_says_what_is_needed_and_offers_what_can_be_chosen(template):
    book = load_workbook(io.BytesIO(template()))
    page = book.worksheets[0]
    assert [cell.value for cell in page[1]] == HEADINGS
    assert "꼭 적는" in page["A1"].comment.text and "남길 말" in page["O1"].comment.text
    assert page["A1"].fill.fgColor.rgb != page["C1"].fill.fgColor.rgb
    assert page.column_dimensions["A"].number_format == "@"
    assert page.column_dimensions["H"].number_format == "yyyy-mm-dd"
    rules = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in page.data_validations.dataValidation}
    assert set(rules) == {"D2", "E2", "F2", "L2"}
    lists = book["선택 목록"]
    offered = [cell.value for cell in lists["B"]]
    assert offered[:3] == ["유형", "정부기관", "연구기관"]
    guide = [[cell.value for cell in row] for row in book["작성 방법"].iter_rows()]
    assert guide[1][:3] == ["번호", "필수", "코드: 앞의 0까지 텍스트로 적습니다."]
    assert guide[-1][0] == "번호가 같으면 같은 기관입니다."
    assert [cell.value for cell in book["작성 예"][2]][:4] == ["00012", "금속연구소", None, "러시아"]


def test_a_template_is_there_as_text_too(template, upload):
    content = template(format="csv")
    assert content.decode("utf-8-sig").strip() == ",".join(HEADINGS)
    assert refusals(upload(content)) == ["no_rows"]


def test_the_language_of_the_page_changes_no_file(template, content_admin, upload):
    content_admin.language = "en"
    content_admin.save()
    assert load_workbook(io.BytesIO(template())).sheetnames[0] == "시험 기관"


# --- wrong rows -------------------------------------------------------------------------------------------------------


@pytest.fixture
def error_workbook(client):
    def get(run):
        client.force_login(run.uploaded_by)
        answer = client.get(reverse("import_errors", kwargs={"pk": run.pk, "file_pk": file_of(run).pk}))
        assert answer.status_code == 200
        return answer.content

    return get


def spoilt():
    book = workbook(
        [
            ["명단"],
            [*HEADINGS, "담당자"],
            [*line(1), "김"],
            [*line(2, 인원="많음", 설립일=46083), "이"],
            [*line(3), "박"],
            [*line(7003004), "최"],
        ]
    )
    book.active["A6"].value = 7003004
    book.active["O6"].value = "=1+1"
    return saved(book)


def test_wrong_rows_come_back_as_text_with_what_is_wrong(upload, error_workbook):
    run = upload(spoilt())
    assert problems(run) == {
        (4, "staff", "not_a_number"),
        (4, "founded", "date_is_number"),
        (6, "code", "code_is_number"),
        (6, "note", "formula"),
    }
    content = error_workbook(run)
    heading, first, second = cells_of(content)
    assert heading == [*HEADINGS, "담당자", "오류"]
    assert first[:4] == ["00002", "시험 연구소 2", "Институт 2", "러시아"] and first[8:10] == ["많음", 12.5]
    assert first[15] == "이"
    assert first[16].splitlines()[0].startswith("설립일: 날짜가 숫자(46083)로") and "\n인원: " in first[16]
    assert second[0] == 7003004, "as text it would be taken for a right code"
    page = load_workbook(io.BytesIO(content)).active
    marked = {cell.coordinate for row in page.iter_rows(min_row=2) for cell in row if cell.fill.fill_type}
    assert marked == {"H2", "I2", "A3", "O3"}
    assert page["A2"].number_format == "@"


def test_wrong_rows_are_as_wrong_as_before_until_they_are_corrected(upload, error_workbook):
    again = upload(error_workbook(upload(spoilt())))
    assert problems(again) == {
        (2, "staff", "not_a_number"),
        (2, "founded", "date_is_number"),
        (3, "code", "code_is_number"),
    }


def test_corrected_rows_are_right(upload, error_workbook, stored):
    first = upload(spoilt())
    stored(first, only_right_rows=True)
    book = load_workbook(io.BytesIO(error_workbook(first)))
    page = book.active
    page["H2"], page["I2"], page["A3"] = "1968-05-01", "120", "07003004"
    second = upload(saved(book))
    assert (problems(second), counts(second)) == (set(), (2, 0, 0, 0))


def test_an_error_workbook_of_an_error_workbook_has_one_column_of_errors(upload, error_workbook):
    again = error_workbook(upload(error_workbook(upload(spoilt()))))
    assert cells_of(again)[0] == [*HEADINGS, "담당자", "오류"]


def test_many_wrong_rows_come_in_several_workbooks(client, upload, monkeypatch):
    from cooperation_portal.exchange import downloads, presenters

    monkeypatch.setattr(downloads, "LARGEST_ERROR_WORKBOOK", 2)
    monkeypatch.setattr(presenters, "LARGEST_ERROR_WORKBOOK", 2)
    run = upload(xlsx(table(*(line(number, 인원="x") for number in range(5)))))
    client.force_login(run.uploaded_by)
    url = reverse("import_errors", kwargs={"pk": run.pk, "file_pk": file_of(run).pk})
    found = [[row[0] for row in cells_of(client.get(url, {"part": part}).content)[1:]] for part in (1, 2, 3, 99, "x")]
    assert found == [["00000", "00001"], ["00002", "00003"], ["00004"], ["00004"], ["00000", "00001"]]
    page = client.get(reverse("import_detail", kwargs={"pk": run.pk})).content.decode()
    assert "(1–2)" in page and "(5–5)" in page and f"{url}?part=3" in page


def test_there_is_no_error_workbook_without_errors(client, upload):
    run = upload(xlsx(table(line(1))))
    client.force_login(run.uploaded_by)
    assert client.get(reverse("import_errors", kwargs={"pk": run.pk, "file_pk": file_of(run).pk})).status_code == 404
