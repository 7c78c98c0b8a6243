"""How much is read, and what happens to a file that wants more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from openpyxl import Workbook

from cooperation_portal.exchange import child
from cooperation_portal.exchange.limits import LARGEST_ROWS
from cooperation_portal.exchange.reading.refusals import Refused
from tests.exchange.conftest import counts, refusals
from tests.exchange.spreadsheets import line, saved, table, xlsx

ROOT = Path(child.__file__).parent


def reasons(path, alive=lambda: None) -> str:
    with pytest.raises(Refused) as refused, child.read(path, preferred=[], alive=alive):
        pass
    return refused.value.code


def rows(count: int) -> bytes:
    return "번호,기관명,국가\n".encode() + b"".join(f"{number:06d},기관,RU\n".encode() for number in range(count))


@pytest.mark.django_db
def test_one_row_too_many_is_refused_and_as_many_as_allowed_are_read(upload):
    assert refusals(upload(rows(LARGEST_ROWS + 1))) == ["too_many_rows"]
    assert counts(upload(rows(LARGEST_ROWS))) == (LARGEST_ROWS, 0, 0, 0)


def test_memory_has_an_end(settings, tmp_path):
    path = tmp_path / "long.xlsx"
    path.write_bytes(xlsx([[os.urandom(15_000).hex()] for _row in range(1000)]))
    settings.IMPORT_MEMORY_MB = 40
    assert reasons(path) == "too_heavy"
    settings.IMPORT_MEMORY_MB = 400
    with child.read(path, preferred=[], alive=lambda: None) as contents:
        assert contents.rows == 1000


def test_a_value_in_the_last_cell_of_a_sheet_takes_no_server_down(tmp_path):
    book = Workbook()
    book.active["A1"], book.active["XFD1048576"] = "번호", "남은 값"
    path = tmp_path / "far.xlsx"
    path.write_bytes(saved(book))
    assert reasons(path) == "too_heavy"


def test_computing_time_has_an_end(settings, tmp_path):
    """A row of many million cells costs more than a second, also on a fast machine."""
    settings.IMPORT_SECONDS = 1
    path = tmp_path / "long.csv"
    path.write_bytes(b'"a","b",' * 10_000_000)
    assert reasons(path) == "too_heavy"


@pytest.fixture
def endless(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


def test_waiting_has_an_end_and_leaves_no_process(settings, endless):
    settings.IMPORT_SECONDS = 1
    asked = []
    assert reasons(endless, alive=lambda: asked.append(1)) == "too_heavy"
    assert asked, "whoever waits is told that it goes on"
    assert [one for one in psutil.Process().children() if "reading" in one.cmdline()] == []


def test_no_secret_goes_along(settings, endless):
    settings.IMPORT_SECONDS = 1
    seen = {}

    def look():
        for process in psutil.Process().children():
            if "reading" in process.cmdline():
                seen.update(process.environ())

    reasons(endless, alive=look)
    assert "PATH" in seen
    assert {name for name in seen if "URL" in name or "SECRET" in name or "PASSWORD" in name} == set()


def test_the_reader_loads_neither_django_nor_the_portal():
    script = "import sys, reading.__main__, reading.workbook, reading.plain_text; print(sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "'reading.archive'" in loaded
    assert not {"'django'", "'celery'", "'cooperation_portal'"} & set(loaded.strip("[]\n").split(", "))


def test_an_error_of_the_reader_tells_nothing_of_the_file(tmp_path, capfd):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(xlsx(table(line(1, 기관명="ZQSECRET")))[:-200])
    assert reasons(path) == "damaged"
    out = capfd.readouterr()
    assert "ZQSECRET" not in out.out + out.err and "Traceback" not in out.err
