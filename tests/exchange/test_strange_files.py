"""Files that cannot be read: each is refused with a word of its own, says what to do, and nothing is stored."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from cooperation_portal.exchange import child
from cooperation_portal.exchange.forms import UploadForm
from cooperation_portal.exchange.models import ImportRow
from cooperation_portal.exchange.reading.refusals import Refused
from cooperation_portal.exchange.sentences import REFUSALS
from cooperation_portal.network.models import Institution
from tests.exchange.conftest import counts, problems, refusals
from tests.exchange.sheets import InstitutionSheet
from tests.exchange.spreadsheets import HEADINGS, line, repacked, saved, table, text, with_sheet_xml, workbook, xlsx

GOOD = xlsx(table(line(1)))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name.replace("__", "/").replace("_0", "."), part)
    return out.getvalue()


def bomb() -> bytes:
    """300 MB of nothing in the place of a sheet."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if "sheet1" not in name:
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _piece in range(300):
                part.write(bytes(1024 * 1024))
    return out.getvalue()


def lying_bomb() -> bytes:
    """The directory says that the part is small; inflated, it is not."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"<x>" + b" " * 40_000_000) + packer.flush()
    content = repacked(GOOD, xl__styles_0xml=b"STYLES")
    out, name = bytearray(), b"xl/bomb.xml"
    end = content.rindex(b"PK\x05\x06")
    directory = struct.unpack("<I", content[end + 16 : end + 20])[0]
    local = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, 0, 8, 0, 0, 0, len(packed), 1000, len(name), 0)
    out += content[:directory] + local + name + packed
    start = len(out)
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        b"PK\x01\x02",
        20,
        20,
        0,
        8,
        0,
        0,
        0,
        len(packed),
        1000,
        len(name),
        0,
        0,
        0,
        0,
        0,
        directory,
    )
    out += content[directory:end] + entry + name
    count = struct.unpack("<H", content[end + 10 : end + 12])[0] + 1
    out += struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(out) - start, start, 0)
    return bytes(out)


def hidden_only() -> bytes:
    return repacked(GOOD, **{"xl/workbook.xml": sheet_list(GOOD).replace(b"visible", b"hidden")})


def sheet_list(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read("xl/workbook.xml")


def merged_heading() -> bytes:
    book = workbook(table(line(1)))
    book.active.merge_cells("A1:B1")
    return saved(book)


# Seen by the first bytes, at the upload.
AT_ONCE = {
    "program": b"MZ\x90\x00\x03\x00" + bytes(600),
    "pdf": b"%PDF-1.7\n" + bytes(600),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(600),
    "archive": b"Rar!\x1a\x07\x00" + bytes(600),
    "document": b"{\\rtf1 hello}",
    "markup": "\n<html><body><table><tr><td>번호</td></tr></table></body></html>".encode(),
    "old_workbook": b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(600),
}
# Seen by the process that reads.
BY_READING = {
    "encrypted": lambda: OLE + "EncryptedPackage".encode("utf-16-le") + bytes(2000),
    "old_workbook": lambda: OLE + "Workbook".encode("utf-16-le") + bytes(2000),
    "not_a_spreadsheet": lambda: OLE + bytes(4000),
    "macros": lambda: repacked(GOOD, xl__vbaProject_0bin=b"macro"),
    "other_format": lambda: repacked(GOOD, **{"xl/workbook.bin": b"x"}),
    "not_a_workbook": lambda: zipped(readme_0txt=b"hello"),
    "document": lambda: zipped(Contents__content_0hpf=b"<x/>", mimetype=b"application/hwp+zip"),
    "nested_zip": lambda: zipped(a_0xlsx=GOOD, b_0xlsx=GOOD),
    "embedded": lambda: repacked(GOOD, **{"xl/embeddings/object1.xlsx": GOOD}),
    "zip_bomb": bomb,
    "doctype": lambda: repacked(GOOD, **{"xl/sharedStrings.xml": DOCTYPE + b"<sst>&b;</sst>"}),
    "damaged": lambda: GOOD[: len(GOOD) // 2],
    "no_visible_sheet": hidden_only,
    "nul": lambda: "번호,기관명\n1,가\x00나".encode(),
    "quotes": lambda: '번호,기관명\n1,가\n2,"나\n3,다\n'.encode(),
    "encoding": lambda: "번호,기관명\n00001,가\n".encode("cp949") + b"00002,\xff\xfe\xfd\n",
    "separator": lambda: "번호|기관명|국가\n00001|가|러시아\n".encode(),
    "empty": lambda: xlsx([]),
    "no_rows": lambda: xlsx([HEADINGS]),
    "no_headings": lambda: xlsx([["하나", "둘", "셋"], [1, 2, 3]]),
    "other_sheet": lambda: xlsx([["기관 번호", "이름", "종류"], ["00001", "ИМ", "약칭"]]),
    "missing_columns": lambda: xlsx([["번호", "도시"], ["00001", "모스크바"]]),
    "repeated_columns": lambda: xlsx([[*HEADINGS, "도시"], line(1)]),
    "merged_headings": merged_heading,
}


@pytest.mark.parametrize("code", AT_ONCE)
def test_what_is_no_spreadsheet_is_refused_at_the_upload(code):
    form = UploadForm({}, {"places": SimpleUploadedFile("자료.xlsx", AT_ONCE[code])}, sheets=[InstitutionSheet()])
    assert not form.is_valid()
    assert [error.code for error in form.errors.as_data()["places"]] == [code]


@pytest.mark.parametrize(("content", "code"), [(b"", "empty"), (None, "required")])
def test_an_empty_upload_is_refused(content, code):
    files = {} if content is None else {"places": SimpleUploadedFile("자료.xlsx", content)}
    form = UploadForm({}, files, sheets=[InstitutionSheet()])
    assert [error.code for errors in form.errors.as_data().values() for error in errors] == [code]


def test_what_is_too_large_is_refused(monkeypatch):
    from cooperation_portal.exchange import forms

    monkeypatch.setattr(forms, "LARGEST_UPLOAD", len(GOOD) * 2 - 1)
    two = {name: SimpleUploadedFile("a.xlsx", GOOD) for name in ("places", "names")}
    from tests.exchange.sheets import NameSheet

    form = UploadForm({}, two, sheets=[InstitutionSheet(), NameSheet()])
    assert [error.code for error in form.errors.as_data()["__all__"]] == ["too_large"]


@pytest.mark.django_db
@pytest.mark.parametrize("code", BY_READING)
def test_what_cannot_be_read_is_refused_with_its_reason(upload, content_admin, code):
    content = BY_READING[code]()
    run = upload(content)
    assert (run.state, refusals(run)) == ("refused", [code])
    assert not ImportRow.objects.exists() and not Institution.objects.exists()
    told = run.files.get().problems[0]["text"]
    assert "%(" not in told and told.endswith(("오.", "다."))


def test_every_reason_has_a_sentence_that_says_what_to_do():
    assert set(AT_ONCE) | set(BY_READING) | {"zip_bomb", "too_heavy", "too_many_rows"} == set(REFUSALS)
    assert [
        code for code, words in REFUSALS.items() if "주십시오" not in str(words) and code not in NOTHING_TO_DO
    ] == []


NOTHING_TO_DO = {"program", "not_a_spreadsheet"}


def test_a_lie_about_sizes_does_not_help(tmp_path):
    path = tmp_path / "lie.xlsx"
    path.write_bytes(lying_bomb())
    with zipfile.ZipFile(path) as file:
        assert sum(entry.file_size for entry in file.infolist()) < 100_000
    with pytest.raises(Refused) as refused, child.read(path, preferred=[], alive=lambda: None):
        pass
    assert refused.value.code in {"zip_bomb", "damaged"}


@pytest.mark.django_db
def test_several_reasons_are_told_together(upload):
    run = upload(xlsx([["번호", "번호", "도시"], ["1", "2", "3"]]))
    assert set(refusals(run)) == {"repeated_columns", "missing_columns"}


@pytest.mark.django_db
def test_one_file_that_cannot_be_read_stops_all_and_each_tells_its_own(upload):
    run = upload({"places": xlsx([HEADINGS]), "names": BY_READING["nul"]()})
    assert run.state == "refused"
    assert (refusals(run), refusals(run, "names")) == (["no_rows"], ["nul"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("번호,기관명\n1,가\x00나".encode(), "2번째 줄"),
        ("번호,기관명\n00001,가\n00002,나\n".encode("cp949") + b"00003,\xff\xff\n", "4번째 줄"),
        ("번호,기관명\n00001,가\n".encode() + b"00002,\xed\xa0\x80\n", "3번째 줄"),
        ('번호,기관명\n1,가\n2,"나\n3,다\n'.encode(), "3번째 줄"),
        ('번호,기관명\n1,가\n2,"나"다,\n'.encode(), "3번째 줄"),
        ("번호,기관명\n1,가\n".encode("utf-16") + b"\x00", "3번째 줄"),
    ],
)
def test_broken_text_is_named_by_its_line(upload, content, found):
    assert found in upload(content).files.get().problems[0]["text"]


# --- files that look strange and are right ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators_are_found_out(upload, encoding, separator):
    row = line(1, **{"원어 이름": "Institute, of; metals"})
    run = upload(text(table(row), encoding, separator))
    assert (run.state, problems(run)) == ("ready", set())
    kept = ImportRow.objects.get().values
    assert (kept["name"], kept["original"], kept["fields"]) == ("시험 연구소 1", "Institute, of; metals", ["01", "02"])


@pytest.mark.django_db
def test_a_text_may_name_its_separator_and_keep_zeros_as_spreadsheets_do(upload):
    run = upload('sep=;\r\n번호;기관명;국가\r\n="00012";가;러시아\r\n'.encode())
    assert problems(run) == set()
    assert ImportRow.objects.get().values["code"] == "00012"


@pytest.mark.django_db
def test_a_text_may_have_lines_in_its_cells_and_rows_are_counted_as_a_spreadsheet_does(upload):
    run = upload(text(table(line(1, 메모="두\n줄"), line(2), line(3, 인원="x"))))
    assert problems(run) == {(4, "staff", "not_a_number")}
    assert ImportRow.objects.get(number=2).values["note"] == "두\n줄"


@pytest.mark.django_db
def test_titles_above_the_heading_are_passed_over(upload):
    rows = [["시험 기관 명단"], [], ["2026년 3월 기준", None, "단위: 억원"], *table(line(1, 인원="x"))]
    run = upload(xlsx(rows))
    assert problems(run) == {(5, "staff", "not_a_number")}
    assert "heading_row" in [note["code"] for note in run.files.get().notes]


@pytest.mark.django_db
def test_a_heading_in_the_eleventh_row_is_not_looked_for(upload):
    assert refusals(upload(xlsx([*[["제목"]] * 10, *table(line(1))]))) == ["no_headings"]


@pytest.mark.django_db
def test_the_worksheet_with_the_right_name_is_read_or_else_the_first_that_is_seen(upload):
    book = Workbook()
    book.active.title = "표지"
    book.active.append(["안내"])
    hidden = book.create_sheet("숨김")
    hidden.sheet_state = "hidden"
    page = book.create_sheet("시험 기관")
    for row in table(line(1)):
        page.append(row)
    book.create_sheet("작성 예").append(["번호"])
    run = upload(saved(book))
    assert problems(run) == set()
    told = [note["text"] for note in run.files.get().notes if note["code"] == "other_worksheets"]
    assert len(told) == 1 and "‘시험 기관’" in told[0] and told[0].endswith(": 표지")

    page.title = "명단"
    book.move_sheet(page, -2)
    assert problems(upload(saved(book))) == set()


@pytest.mark.django_db
def test_hidden_rows_and_columns_are_read_and_empty_ones_are_not(upload):
    book = workbook([*table(line(1), line(2)), [], [], line(3)])
    page = book.active
    page.row_dimensions[2].hidden = True
    page.column_dimensions["C"].hidden = True
    page["A4000"].number_format = "@"
    run = upload(saved(book))
    assert list(ImportRow.objects.values_list("number", flat=True)) == [2, 3, 6]
    assert problems(run) == set()


@pytest.mark.django_db
def test_rows_of_spaces_are_no_rows(upload):
    blank = [["\u3000", " ", None], ["\u00a0", "\u200b", ""]]
    for content in (xlsx([*table(line(1)), *blank]), text([*table(line(1)), *blank])):
        run = upload(content)
        assert (counts(run), problems(run)) == ((1, 0, 0, 0), set())
    assert refusals(upload(text(blank))) == ["empty"]


@pytest.mark.django_db
def test_headings_may_be_decorated_and_columns_may_stand_in_any_order(upload):
    run = upload(xlsx([[None, " 국 가 (필수)", "기관명*", "번호\n"], [None, "러시아", "가", "00001"]]))
    assert (run.state, problems(run)) == ("ready", set())


@pytest.mark.django_db
def test_unknown_columns_are_told_and_the_likeliest_is_offered(upload):
    run = upload(
        xlsx(
            [
                ["번호", "기관명", "국가", "설립 날짜일", "담당자", "오류"],
                ["00001", "가", "러시아", "1968-05-01", "김", "x"],
            ]
        )
    )
    assert (run.state, problems(run)) == ("ready", set())
    notes = {note["code"]: note["text"] for note in run.files.get().notes}
    assert "D열 ‘설립 날짜일’" in notes["unknown_column_like"] and "‘설립일’" in notes["unknown_column_like"]
    assert "E열 ‘담당자’" in notes["unknown_column"]
    assert "메모" in notes["missing_columns"]
    assert "오류" not in " ".join(note["text"] for note in run.files.get().notes)


@pytest.mark.django_db
def test_formulas_with_a_prefix_of_the_name_space_are_found(upload):
    content = with_sheet_xml(xlsx(table(line(1, 인원=7))), b"<v>7</v>", b"<x:f>1+1</x:f><v>2</v>")
    content = with_sheet_xml(
        content, b"<worksheet ", b'<worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    )
    assert problems(upload(content)) == {(2, "staff", "formula")}
