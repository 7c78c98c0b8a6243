"""Keeping files on disk: written first, named in the database afterwards, so that no row points to nothing."""

from __future__ import annotations

import hashlib
import os
import re
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from cooperation_portal.files.models import StoredFile, random_name

_CHUNK = 256 * 1024
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def path_of(stored: StoredFile) -> Path:
    """Two letters of the name are a folder: tens of thousands of files in one are slow to list."""
    return Path(settings.FILES_DIR) / stored.name[:2] / stored.name


def clean_name(name: str) -> str:
    """A name for people to read: no path, no invisible or direction-changing characters, at most 200 letters."""
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(letter for letter in last if unicodedata.category(letter) not in _UNSEEN).strip()
    stem, dot, ending = seen.rpartition(".")
    return f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) < 12 else seen[:200] or "file"


def store(chunks: Iterable[bytes], *, name: str, content_type: str, by: Any) -> StoredFile:
    """The file is on disk when this returns. A transaction that is rolled back later leaves bytes without a row."""
    stored = StoredFile(
        name=random_name(), original_name=clean_name(name), content_type=content_type[:80], stored_by=by
    )
    target = path_of(stored)
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    try:
        with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        stored.size, stored.sha256 = size, digest.hexdigest()
        with transaction.atomic():
            stored.save()
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    return stored


@transaction.atomic
def discard(stored: StoredFile) -> None:
    """The row now, the bytes once that is certain."""
    transaction.on_commit(partial(path_of(stored).unlink, missing_ok=True))
    stored.delete()


def remove_lost() -> int:
    """Bytes older than a day that no row names, for example of a transaction that was rolled back. Files removed."""
    yesterday, removed = time.time() - 86400, 0
    for folder in sorted(Path(settings.FILES_DIR).glob("[0-9a-f][0-9a-f]")):
        old = {file.name: file for file in folder.iterdir() if file.stat().st_mtime < yesterday}
        known = set(StoredFile.objects.filter(name__in=old).values_list("name", flat=True))
        for name in sorted(set(old) - known):
            old[name].unlink(missing_ok=True)
            removed += 1
    return removed


@contextmanager
def opened(stored: StoredFile) -> Iterator[IO[bytes]]:
    with path_of(stored).open("rb") as file:
        yield file
