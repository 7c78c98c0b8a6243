"""Cells with every kind of fault, planted among right ones: each is found where it is, and nothing else is."""

from __future__ import annotations

from datetime import date

import pytest

from cooperation_portal.exchange.cells import Column, Kind, Wrong
from cooperation_portal.exchange.models import ImportRow
from tests.exchange.conftest import counts, problems
from tests.exchange.spreadsheets import HEADINGS, line, saved, table, text, workbook, xlsx

COLUMN = dict(
    zip(
        HEADINGS,
        ("code", "name", "original", "country", "kind", "language", "city", "founded", "staff", "budget", "fields",
         "active", "business_number", "website", "note"),
        strict=True,
    )
)  # fmt: skip

# Heading, what is planted there, and how it is called.
PLANTED = [
    ("번호", 7003004, "code_is_number"),
    ("번호", "", "required"),
    ("번호", "012345678901", "too_long"),
    ("기관명", "   ", "required"),
    ("기관명", "가" * 41, "too_long"),
    ("기관명", "가\x01나", "control"),
    ("국가", "아틀란티스", "unknown_choice"),
    ("국가", None, "required"),
    ("유형", "연구 기관 아님", "unknown_choice"),
    ("언어", "tlh", "unknown_choice"),
    ("설립일", 46083, "date_is_number"),
    ("설립일", "2026-02-30", "not_a_date"),
    ("설립일", "02/03/2026", "not_a_date"),
    ("설립일", "19.03.02", "not_a_date"),
    ("설립일", "0019-03-02", "not_a_date"),
    ("설립일", "2026년 3월", "not_a_date"),
    ("설립일", 20261302, "not_a_date"),
    ("설립일", "2031-01-01", "future"),
    ("인원", "백이십", "not_a_number"),
    ("인원", 12.5, "not_whole"),
    ("인원", -3, "out_of_range"),
    ("인원", date(2026, 3, 2), "not_a_number"),
    ("인원", "1_000", "not_a_number"),
    ("예산", "12,5", "not_a_number"),
    ("예산", "3억", "not_a_number"),
    ("예산", "-", "not_a_number"),
    ("예산", "1e400", "out_of_range"),
    ("예산", "0.12345678", "out_of_range"),
    ("예산", "NaN", "not_a_number"),
    ("분야", "금속, 연금술", "unknown_choice"),
    ("분야", 1, "code_is_number"),
    ("분야", "금속, 2", "lost_zeros"),
    ("협력 중", "아마도", "not_a_flag"),
    ("사업자등록번호", "124-81-00999", "business_number"),
    ("도시", "#N/A", "error_value"),
    ("메모", "#DIV/0!", "error_value"),
]


@pytest.mark.django_db
def test_planted_faults_are_found_at_their_places_and_no_others(upload):
    rows, planted = [], set()
    for number, (heading, cell, code) in enumerate(PLANTED):
        rows += [line(2 * number), line(2 * number + 1)]
        rows[-1][HEADINGS.index(heading)] = "" if code == "control" else cell
        planted.add((len(rows) + 1, COLUMN[heading], code))
    book = workbook(table(*rows))
    for at, (_heading, _cell, code) in enumerate(PLANTED):
        if code == "control":  # no writer makes such a cell
            book.active.cell(2 * at + 3, 2).value = "가_x0001_나"
    run = upload(saved(book))
    assert problems(run) == planted
    assert counts(run) == (len(PLANTED), 0, 0, len(PLANTED))


@pytest.mark.django_db
def test_formulas_error_values_and_merged_cells_are_found_at_their_places(upload):
    book = workbook(table(*(line(number) for number in range(1, 12))))
    page = book.active
    page["I3"] = "=SUM(1,2)"
    page["B4"] = '=HYPERLINK("http://evil.example","x")'
    page["G5"].value, page["G5"].data_type = "#REF!", "e"
    page.merge_cells("C6:D7")
    page.merge_cells("O9:O10")
    page["P11"] = "=1+1"  # a column without heading is nobody's
    assert problems(upload(saved(book))) == {
        (3, "staff", "formula"),
        (4, "name", "formula"),
        (5, "city", "error_value"),
        (6, "original", "merged"),
        (6, "country", "merged"),
        (7, "original", "merged"),
        (7, "country", "merged"),
        (9, "note", "merged"),
        (10, "note", "merged"),
    }


@pytest.mark.django_db
def test_a_formula_in_a_text_file_is_found_too(upload):
    assert problems(upload(text(table(line(1, 메모="=1+1"), line(2, 메모="+82-42-000-0000"))))) == {
        (2, "note", "formula")
    }


@pytest.mark.django_db
def test_what_stands_in_a_wrong_cell_is_kept_for_the_page(upload):
    upload(xlsx(table(line(1, 인원="많음", 메모="가" * 300))))
    shown = {one["column"]: one["shown"] for one in ImportRow.objects.get().problems}
    assert shown == {"staff": "많음", "note": "가" * 80 + "…"}


@pytest.mark.django_db
def test_a_row_is_not_checked_as_a_whole_before_its_cells_are_right(upload):
    """Else what one cell lacks would be told again as a fault of another."""
    assert problems(upload(xlsx(table(line(1, 인원="x", 설립일="2031-01-01"))))) == {(2, "staff", "not_a_number")}


# --- one cell ---------------------------------------------------------------------------------------------------------


def read(kind, cell, **more):
    return Column("x", "열", kind, **more).read(cell)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.TEXT, " 가\r\n나 ", "가\n나"),
        (Kind.TEXT, "각", "각"),  # one form of Unicode
        (Kind.TEXT, 12.0, "12"),
        (Kind.TEXT, True, "예"),
        (Kind.TEXT, None, ""),
        (Kind.TEXT, "\ufeff\u00a0가\u200b나\u00a0", "가나"),
        (Kind.CODE, "007", "007"),
        (Kind.INTEGER, "1,234", 1234),
        (Kind.INTEGER, 7.0, 7),
        (Kind.INTEGER, "", None),
        (Kind.DECIMAL, 0.1, "0.1"),
        (Kind.DECIMAL, "1,200.50", "1200.5"),
        (Kind.DECIMAL, 1000000.0, "1000000"),
        (Kind.DATE, date(2026, 3, 2), "2026-03-02"),
        (Kind.DATE, "2026. 3. 2.", "2026-03-02"),
        (Kind.DATE, "2026년 3월 2일", "2026-03-02"),
        (Kind.DATE, "2026-03-02 09:30", "2026-03-02"),
        (Kind.DATE, "2026-03-02T00:00:00.000", "2026-03-02"),
        (Kind.DATE, "2026.03.02(월)", "2026-03-02"),
        (Kind.DATE, "２０２６－０３－０２", "2026-03-02"),
        (Kind.DATE, "2026–03–02", "2026-03-02"),
        (Kind.DATE, "20260302", "2026-03-02"),
        (Kind.DATE, 20260302, "2026-03-02"),
        (Kind.INTEGER, "１，２３４", 1234),
        (Kind.DECIMAL, "－3.5", "-3.5"),
        (Kind.FLAG, "✔", True),
        (Kind.FLAG, "O", True),
        (Kind.FLAG, False, False),
        (Kind.FLAG, None, False),
        (Kind.BUSINESS_NUMBER, "124-81-00998", "1248100998"),
        (Kind.BUSINESS_NUMBER, 1248100998.0, "1248100998"),
        (Kind.BUSINESS_NUMBER, " １２４－８１－００９９８ ", "1248100998"),
        (Kind.BUSINESS_NUMBER, "124–81–00998", "1248100998"),
    ],
)
def test_right_cells_are_read(kind, cell, value):
    assert read(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "says"),
    [
        (Kind.DATE, "19.03.02", "연도를 네 자리로"),
        (Kind.DATE, "03/02/2019", "연·월·일 순서로"),
        (Kind.DATE, "2019-02-30", "달력에 없는 날"),
        (Kind.DATE, "미정", "칸을 비워"),
        (Kind.DATE, 43526, "셀 서식을 ‘날짜’로"),
        (Kind.DECIMAL, "3억 5천만", "단위나 글자를 빼고"),
        (Kind.DECIMAL, "1,5", "쉼표 자리"),
        (Kind.INTEGER, "미상", "칸을 비워"),
    ],
)
def test_a_wrong_cell_is_told_what_to_do(kind, cell, says):
    with pytest.raises(Wrong, match=says):
        read(kind, cell)


@pytest.mark.parametrize(("length", "value"), [(40, "가 나"), (4000, "가\n나")])
def test_a_name_that_was_broken_over_two_lines_is_one_name(length, value):
    assert read(Kind.TEXT, "가 \n나", max_length=length) == (value if length == 40 else "가 \n나")


def test_marks_that_no_cell_keeps_are_no_difference():
    name = Column("x", "이름", max_length=40)
    assert [name.as_read(text) for text in ("가\r\n나", "가\u200b", " 가 ", "가\x01")] == [
        "가 나",
        "가",
        "가",
        "가\x01",
    ]


CHOICES = [("0103", "금속"), ("0205", "금속"), ("0301", "화학, 소재"), ("0302", "물")]


@pytest.mark.parametrize(("cell", "value"), [("0103", "0103"), ("물", "0302"), ("화학,  소 재", "0301"), ("", "")])
def test_a_choice_is_written_as_its_code_or_label(cell, value):
    assert read(Kind.CHOICE, cell, choices=lambda: CHOICES) == value


@pytest.mark.parametrize(
    ("cell", "code"), [("금속", "ambiguous_choice"), ("불", "unknown_choice"), (103, "code_is_number")]
)
def test_a_choice_that_is_not_clear_is_asked_back(cell, code):
    with pytest.raises(Wrong) as wrong:
        read(Kind.CHOICE, cell, choices=lambda: CHOICES)
    assert wrong.value.code == code


@pytest.mark.parametrize("code", [code for code, _label in CHOICES])
@pytest.mark.parametrize("kind", [Kind.CHOICE, Kind.CHOICES])
def test_what_is_shown_of_a_choice_is_read_as_the_same(kind, code):
    """Also where two have one label, or a label looks like a list."""
    column = Column("x", "열", kind, choices=lambda: CHOICES)
    value = code if kind == Kind.CHOICE else [code, "0302"]
    assert column.read(column.show(value)) == (value if kind == Kind.CHOICE else list(dict.fromkeys(value)))


def test_choices_of_a_prepared_column_are_looked_up_once():
    asked = []

    def choices():
        asked.append(1)
        return CHOICES

    column = Column("x", "열", Kind.CHOICE, choices=choices).prepared()
    for _cell in range(5):
        column.read("물")
        column.show("0302")
    assert len(asked) == 1
