"""Indexes of the catalogue as files, which all workers of a machine read from the same memory.

A folder is named by direction, encoder, engine version and reference; each index in it says the same of itself and is
refused otherwise. An index is written beside the others and renamed when it is whole: a builder that is killed leaves
nothing that anyone would read. An old one that is removed stays readable for those who have it open.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from cooperation_portal.work.registry import Progress
from matching.engine.index import write_index
from matching.engine.offers import OfferIndex
from matching.engine.ranking import Engine

_FORMER_REFERENCES = 1
"""Folders of earlier references that are left, for workers that have not yet seen the new one."""


class Shelf:
    """Where the indexes of one engine and direction lie."""

    def __init__(self, direction: str, engine: Engine) -> None:
        self.settings = engine.settings
        self.about = {
            "direction": direction,
            "encoder": engine.encoder.key,
            "engine": engine.version,
            "reference": engine.reference.version,
        }
        name = hashlib.sha256(json.dumps(self.about, sort_keys=True).encode()).hexdigest()[:16]
        self.folder = Path(settings.MATCHING_SNAPSHOTS_DIR) / f"{direction}-{name}"

    def newest(self) -> tuple[int, OfferIndex] | None:
        """With its number. None when there is none that is whole."""
        for number, folder in self._numbered():
            try:
                return number, OfferIndex.load(folder, self.settings, self.about)
            except ValueError:
                continue
        return None

    @contextmanager
    def lock(self, progress: Progress) -> Iterator[None]:
        """One builder at a time; who waits shows that it is alive."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    progress(0, 1)
                    time.sleep(0.5)
            yield

    def workplace(self) -> Path:
        """A new folder for parts and for the index itself; what killed builders left is removed. Needs the lock."""
        for left in self.folder.glob("new-*"):
            shutil.rmtree(left, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))

    def put(self, workplace: Path, parts: Sequence[tuple[OfferIndex, NDArray[np.bool_] | None]]) -> None:
        """Makes what is kept of the parts the newest index. Needs the lock."""
        target = workplace / "index"
        target.mkdir()
        write_index(target, [(part.texts, keep) for part, keep in parts], self.about)
        former = self._numbered()
        number = former[0][0] + 1 if former else 1
        target.rename(self.folder / f"index-{number:08d}")
        for _number, folder in former:
            shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(workplace, ignore_errors=True)
        self._remove_former_references()

    def _numbered(self) -> list[tuple[int, Path]]:
        """The newest first."""
        folders = sorted(self.folder.glob("index-*"), reverse=True)
        return [(int(folder.name.removeprefix("index-")), folder) for folder in folders]

    def _remove_former_references(self) -> None:
        others = [folder for folder in self.folder.parent.glob(f"{self.about['direction']}-*") if folder != self.folder]
        for folder in sorted(others, key=lambda folder: folder.stat().st_mtime, reverse=True)[_FORMER_REFERENCES:]:
            shutil.rmtree(folder, ignore_errors=True)
