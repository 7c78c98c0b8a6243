"""Files on disk under names of our own, and what becomes of their bytes."""

from __future__ import annotations

import hashlib
import os
import stat
import time

import pytest
from django.db import transaction

from cooperation_portal.files import services
from cooperation_portal.files.models import StoredFile


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    return settings.FILES_DIR


def keep(content: bytes = b"abc", name: str = "자료.xlsx") -> StoredFile:
    return services.store([content[:2], content[2:]], name=name, content_type="text/plain", by=None)


@pytest.mark.django_db
def test_a_file_is_kept_under_a_name_that_nobody_could_guess():
    one, other = keep(), keep()
    path = services.path_of(one)
    assert "자료" not in str(path) and path != services.path_of(other)
    assert (one.original_name, one.size, one.sha256) == ("자료.xlsx", 3, hashlib.sha256(b"abc").hexdigest())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with services.opened(one) as file:
        assert file.read() == b"abc"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kim\\자료.xlsx", "자료.xlsx"),
        ("자료\u202exslx.exe", "자료xslx.exe"),
        ("", "file"),
        ("가" * 300 + ".xlsx", "가" * 195 + ".xlsx"),
        ("한글", "한글"),
    ],
)
def test_names_are_for_reading_only(name, clean):
    assert services.clean_name(name) == clean
    assert len(services.clean_name(name)) <= 200


@pytest.mark.django_db
def test_what_breaks_off_leaves_nothing(folder):
    def broken():
        yield b"abc"
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        services.store(broken(), name="a", content_type="", by=None)
    assert not StoredFile.objects.exists()
    assert [file for file in folder.rglob("*") if file.is_file()] == []


@pytest.mark.django_db(transaction=True)
def test_bytes_go_when_it_is_certain_that_the_row_is_gone():
    one = keep()
    path = services.path_of(one)
    with transaction.atomic():
        services.discard(one)
        assert path.exists()
        transaction.set_rollback(True)
    assert path.exists()
    services.discard(StoredFile.objects.get())
    assert not path.exists()


@pytest.mark.django_db
def test_bytes_that_no_row_names_are_removed_after_a_day():
    known, lost, fresh = keep(), keep(), keep()
    paths = {one: services.path_of(one) for one in (known, lost, fresh)}
    yesterday = time.time() - 90_000
    for one in (known, lost):
        os.utime(paths[one], (yesterday, yesterday))
    StoredFile.objects.exclude(pk=known.pk).delete()
    assert services.remove_lost() == 1
    assert [paths[one].exists() for one in (known, lost, fresh)] == [True, False, True]
