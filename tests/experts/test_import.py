"""A register that goes out as a workbook and comes back: the whole way, by the portal's own import."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from cooperation_portal.exchange import services
from cooperation_portal.exchange.models import Import, ImportRow
from cooperation_portal.work.models import Work
from cooperation_portal.work.services import run_waiting
from experts.models import Expert
from tests.people import make_expert, make_institution

pytestmark = pytest.mark.django_db


def work(run: Import) -> None:
    Work.objects.exclude(kind__in=["read_import", "store_import"]).update(state="done")
    run_waiting()
    run.refresh_from_db()


def upload(book: Workbook, by: Any) -> Import:
    content = io.BytesIO()
    book.save(content)
    run = services.start(uploads={"experts": SimpleUploadedFile("전문가.xlsx", content.getvalue())}, by=by)
    work(run)
    return run


def counts(run: Import) -> tuple[int, int, int, int]:
    """New, changed, same, wrong."""
    file = run.files.get()
    return file.new_count, file.changed_count, file.same_count, file.wrong_count


@pytest.fixture
def book(client: Any, content_admin: Any) -> Workbook:
    """Three experts as the content administrator takes them away."""
    make_expert(
        "가와니시 마사토", source_reference="JP-0031", name_original="川西 雅人", phone="+81-72-000-0001",
        email="kawanishi@expert.example", fields=["0201", "0103"], languages=["ja", "en"], needs_interpreter=True,
        institution=make_institution("JP", "ja", "堺研究所", source_reference="JP-I-1"), consented_on=date(2026, 4, 1),
        specialities="=사출 금형의\n변형", guidance_modes=["on_site", "remote"],
    )  # fmt: skip
    make_expert("빅토르 셀랴닌", source_reference="0007", country="RU", original_language="ru", career_years=None)
    make_expert(
        "표영택", source_reference="KR-1", country="KR", direction="dispatched", original_language="ko", fields=[],
        availability="not_now", available_from=date(2027, 3, 2),
    )  # fmt: skip
    client.force_login(content_admin)
    return load_workbook(io.BytesIO(client.get("/experts/export/?format=xlsx").content))


def test_what_was_taken_away_comes_back_the_same(book: Workbook, content_admin: Any) -> None:
    run = upload(book, content_admin)
    assert counts(run) == (0, 0, 3, 0), [row.problems for row in ImportRow.objects.all()]


def test_new_changed_and_wrong_lines(book: Workbook, content_admin: Any) -> None:
    page = book.worksheets[0]
    place = {str(cell.value).rstrip(" *"): cell.column for cell in page[1]}
    references = {page.cell(row, place["출처 번호"]).value: row for row in range(2, page.max_row + 1)}
    page.cell(references["0007"], place["거주 도시"], "페름")
    page.cell(references["KR-1"], place["해결할 수 있는 문제"], "담당 800101-1234567")
    new = {"출처 번호": "JP-0032", "유치·파견": "유치", "이름(한글 표기)": "나가토모 도시히코", "이름의 언어": "일본어",
           "거주 국가": "일본", "활동 가능 여부": "바로 가능", "기술분야": "0203", "경력 연수": 44}  # fmt: skip
    for heading, value in new.items():
        page.cell(page.max_row + (heading == "출처 번호"), place[heading], value)

    run = upload(book, content_admin)
    assert counts(run) == (1, 1, 1, 1)
    (wrong,) = [row.problems for row in ImportRow.objects.all() if row.problems]
    assert [(one["column"], one["code"]) for one in wrong] == [("specialities", "resident_number")]

    services.confirm(run, seen_preview=run.previews, only_right_rows=True, by=content_admin)
    work(run)
    assert run.state == "done"
    assert Expert.objects.get(source_reference="0007").city == "페름"
    added = Expert.objects.get(source_reference="JP-0032")
    assert (added.name_ko, added.career_years, [field.code for field in added.fields.all()]) == (
        "나가토모 도시히코",
        44,
        ["0203"],
    )
    assert "800101" not in Expert.objects.get(source_reference="KR-1").specialities


def test_an_officer_brings_nobody_in(book: Workbook, officer: Any) -> None:
    page = book.worksheets[0]
    page.cell(2, 1, "JP-NEW")
    run = upload(book, officer)
    assert counts(run) == (0, 0, 2, 1)
    assert [row.problems[0]["code"] for row in ImportRow.objects.all() if row.problems] == ["may_not_add"]
    assert Expert.objects.count() == 3
