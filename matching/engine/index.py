"""Many texts as a few arrays that can be joined, kept in files and read by several processes at once."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.engine.exact import whole_numbers
from matching.engine.postings import Postings
from matching.engine.prepared import Signals
from matching.engine.projection import projected
from matching.engine.settings import LEXICAL_CHANNELS
from matching.engine.space import LanguageMeans, centred
from matching.engine.terms import TermSet

FORMAT = 1
VECTORS = ("whole", "sentences")
POSTING_PARTS = ("ids", "starts", "rows", "worths")
_COPIED_ROWS = 16_384

Worth = Callable[[str, str, NDArray[np.uint64], NDArray[np.float64]], NDArray[np.float64]]
"""(channel, language, term ids, weights) → what each term is worth in a text of that language."""
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class TextIndex:
    """n texts. `languages[codes[i]]` is the language of text i, `whole[i]` its vector, and
    `sentences[starts[i]:starts[i + 1]]` are its sentences', all centred and in whole numbers (see `exact`).

    `postings`: in the order of LEXICAL_CHANNELS. `columns`: whatever else is known of each text, a row for each.
    """

    languages: tuple[str, ...]
    codes: NDArray[np.int16]
    whole: NDArray[np.float32]
    sentences: NDArray[np.float32]
    starts: NDArray[np.int64]
    postings: tuple[Postings, ...]
    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.codes)

    @classmethod
    def of(
        cls,
        texts: Sequence[Signals],
        means: LanguageMeans,
        worth: Worth,
        length_powers: Sequence[float] = (0.0,) * len(LEXICAL_CHANNELS),
        projection: NDArray[np.float64] | None = None,
    ) -> TextIndex:
        """Each worth is divided by the sum of the text's worths (at least 1) to its channel's power."""
        languages = tuple(sorted({text.language for text in texts}))
        codes = np.array([languages.index(text.language) for text in texts], dtype=np.int16)
        lengths = np.array([len(text.sentences) for text in texts], dtype=np.int64)
        dimensions = means.dimensions
        whole = np.stack([text.whole for text in texts]) if texts else np.empty((0, dimensions), np.float32)
        rows = [text.sentences.reshape(-1, dimensions) for text in texts]
        sentences = np.concatenate(rows) if rows else np.empty((0, dimensions), np.float32)
        sentence_codes = np.repeat(codes, lengths)
        return cls(
            languages,
            codes,
            _centred(whole, codes, languages, means, projection),
            _centred(sentences, sentence_codes, languages, means, projection),
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            tuple(
                _posted(channel, texts, codes, languages, worth, power)
                for channel, power in zip(LEXICAL_CHANNELS, length_powers, strict=True)
            ),
            {},
        )

    def with_columns(self, **columns: NDArray[Any]) -> TextIndex:
        more = {**self.columns, **columns}
        return TextIndex(self.languages, self.codes, self.whole, self.sentences, self.starts, self.postings, more)

    def kept(self, keep: NDArray[np.bool_], vectors: bool = True) -> TextIndex:
        """Of the texts at which `keep` is true; with empty vectors where they are not wanted."""
        lengths = np.diff(self.starts)
        return TextIndex(
            self.languages,
            self.codes[keep],
            self.whole[keep] if vectors else self.whole[:0],
            self.sentences[np.repeat(keep, lengths)] if vectors else self.sentences[:0],
            np.concatenate([[0], np.cumsum(lengths[keep])]).astype(np.int64),
            tuple(postings.kept(keep) for postings in self.postings),
            {name: column[keep] for name, column in self.columns.items()},
        )

    @classmethod
    def joined(cls, parts: Sequence[TextIndex]) -> TextIndex:
        """One after another; the parts, at least one, must be of the same reference and have the same columns."""
        if len(parts) == 1:
            return parts[0]
        languages = _all_languages(parts)
        arrays = dict(_joined_arrays(parts, languages))
        for name in VECTORS:
            arrays[name] = np.concatenate([getattr(part, name) for part in parts])
        return cls._from_arrays(arrays, languages)

    @classmethod
    def load(cls, folder: Path, about: Mapping[str, str]) -> TextIndex:
        """Its arrays are read from the files as they are used, and processes that load the same ones share memory.

        Raises ValueError for a folder that was not written to its end, or about something else.
        """
        try:
            head = json.loads((folder / "head.json").read_text(encoding="utf-8"))
            if head["format"] != FORMAT or head["channels"] != list(LEXICAL_CHANNELS) or head["about"] != about:
                raise ValueError(f"the index in {folder.name} is of another engine or reference")
            arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in head["arrays"]}
        except (OSError, KeyError, json.JSONDecodeError) as error:
            raise ValueError(f"no index in {folder.name}: {type(error).__name__}") from error
        return cls._from_arrays(arrays, tuple(head["languages"]))

    @classmethod
    def _from_arrays(cls, arrays: Mapping[str, NDArray[Any]], languages: tuple[str, ...]) -> TextIndex:
        size = len(arrays["codes"])
        postings = []
        for channel in LEXICAL_CHANNELS:
            ids, starts, rows, worths = (arrays[f"{channel}_{part}"] for part in POSTING_PARTS)
            postings.append(Postings(ids, starts, rows, worths, size))
        columns = {name.removeprefix("column_"): a for name, a in arrays.items() if name.startswith("column_")}
        codes, whole, sentences, starts = (arrays[name] for name in ("codes", "whole", "sentences", "starts"))
        return cls(languages, codes, whole, sentences, starts, tuple(postings), columns)


def write_index(
    folder: Path, parts: Sequence[tuple[TextIndex, NDArray[np.bool_] | None]], about: Mapping[str, str]
) -> None:
    """What is kept of the parts, as one index in files of an empty folder; None keeps all.

    `about` says what the index is made of: it must be named to load it. Vectors are copied in blocks, whatever their
    number, and the head is written when everything else is on the disk.
    """
    light = [part if keep is None else part.kept(keep, vectors=False) for part, keep in parts]
    languages = _all_languages(light)
    names = list(VECTORS)
    for name, array in _joined_arrays(light, languages):
        np.save(folder / f"{name}.npy", array)
        names.append(name)
    _write_vectors(folder / "whole.npy", [(part.whole, keep) for part, keep in parts])
    _write_vectors(
        folder / "sentences.npy",
        [(part.sentences, None if keep is None else np.repeat(keep, np.diff(part.starts))) for part, keep in parts],
    )
    for name in names:
        with (folder / f"{name}.npy").open("rb") as written:
            os.fsync(written.fileno())
    head = {"format": FORMAT, "channels": LEXICAL_CHANNELS, "about": about, "languages": languages, "arrays": names}
    (folder / "head.json").write_text(json.dumps(head), encoding="utf-8")


def _write_vectors(path: Path, pieces: Sequence[tuple[NDArray[np.float32], NDArray[np.bool_] | None]]) -> None:
    count = sum(len(rows) if keep is None else int(keep.sum()) for rows, keep in pieces)
    shape = (count, pieces[0][0].shape[1])
    if not count:
        np.save(path, np.empty(shape, np.float32))
        return
    target = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=shape)
    first = 0
    for rows, keep in pieces:
        for start in range(0, len(rows), _COPIED_ROWS):
            block = rows[start : start + _COPIED_ROWS]
            block = block if keep is None else block[keep[start : start + _COPIED_ROWS]]
            target[first : first + len(block)] = block
            first += len(block)
    target.flush()


def _all_languages(parts: Sequence[TextIndex]) -> tuple[str, ...]:
    return tuple(sorted({language for part in parts for language in part.languages}))


def _joined_arrays(parts: Sequence[TextIndex], languages: tuple[str, ...]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Everything but the vectors, one after another, so that they need not all be held at once."""
    lengths = np.concatenate([np.diff(part.starts) for part in parts])
    yield "codes", np.concatenate([_recoded(part, languages) for part in parts])
    yield "starts", np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    for place, channel in enumerate(LEXICAL_CHANNELS):
        postings = Postings.joined([part.postings[place] for part in parts])
        for name in POSTING_PARTS:
            yield f"{channel}_{name}", getattr(postings, name)
    for name in parts[0].columns:
        yield f"column_{name}", np.concatenate([part.columns[name] for part in parts])


def _recoded(part: TextIndex, languages: tuple[str, ...]) -> NDArray[np.int16]:
    codes = np.array([languages.index(language) for language in part.languages], dtype=np.int16)
    return codes[part.codes] if len(part) else np.empty(0, np.int16)


def _by_language(codes: NDArray[np.int16], languages: tuple[str, ...]) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    for code, language in enumerate(languages):
        yield language, codes == code


def _centred(
    rows: NDArray[np.float32],
    codes: NDArray[np.int16],
    languages: tuple[str, ...],
    means: LanguageMeans,
    projection: NDArray[np.float64] | None,
) -> NDArray[np.float32]:
    done = np.zeros_like(rows)
    for language, own in _by_language(codes, languages):
        done[own] = whole_numbers(projected(centred(rows[own], means.mean(language)), projection))
    return done


def _posted(
    channel: str,
    texts: Sequence[Signals],
    codes: NDArray[np.int16],
    languages: tuple[str, ...],
    worth: Worth,
    length_power: float,
) -> Postings:
    sets: list[TermSet] = [getattr(text, channel) for text in texts]
    rows = np.repeat(np.arange(len(sets), dtype=np.int32), [len(one) for one in sets])
    ids = np.concatenate([one.ids for one in sets]) if sets else np.empty(0, np.uint64)
    worths = np.concatenate([one.weights for one in sets]) if sets else np.empty(0)
    for language, own in _by_language(codes[rows], languages):
        worths[own] = worth(channel, language, ids[own], worths[own])
    if length_power:
        lengths = np.bincount(rows, weights=worths, minlength=len(sets))
        worths = worths / (np.maximum(1.0, lengths) ** length_power)[rows]
    return Postings.of(ids, rows, worths.astype(np.float32), len(sets))
