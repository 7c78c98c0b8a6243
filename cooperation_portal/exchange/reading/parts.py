"""Our own look into the XML of a workbook: which part is a sheet, and where formulas and error values are."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path
from typing import Any
from xml.parsers import expat

from .refusals import Refused

Marks = dict[int, dict[int, list[str]]]
"""Row and column, both from 0, to what is there: ["formula"] or ["error", "#N/A"]."""


def _parser() -> Any:
    """Neither a document type nor an entity of the file's own gets in."""

    def refuse(*_anything: object) -> Any:
        raise Refused("doctype")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _elements(text: bytes, wanted: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == wanted:
            found.append({_local(key): value for key, value in attributes.items()})

    parser = _parser()
    parser.StartElementHandler = start
    parser.Parse(text, True)
    return found


def part_of_sheet(path: Path, name: str) -> str:
    """The part of the zip that holds a worksheet."""
    with zipfile.ZipFile(path) as file:
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in _elements(file.read("xl/_rels/workbook.xml.rels"), "Relationship")
        }
        for sheet in _elements(file.read("xl/workbook.xml"), "sheet"):
            if sheet.get("name") == name:
                target = targets.get(sheet.get("id"), "")
                return posixpath.normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")
    raise Refused("damaged")


def place_of(reference: str) -> tuple[int, int]:
    """Row and column, from 0, of a reference such as B12."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return int(reference[len(letters) :]) - 1, column - 1


class _Scan:
    def __init__(self) -> None:
        self.marks: Marks = {}
        self._row, self._column = -1, -1
        self._is_error = self._in_value = False
        self._text = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
        elif local == "c":
            if "r" in attributes:
                self._row, self._column = place_of(attributes["r"])
            else:
                self._column += 1
            self._is_error = attributes.get("t") == "e"
        elif local == "f":
            self._mark(["formula"])
        elif local == "v":
            self._in_value, self._text = self._is_error, ""

    def end(self, name: str) -> None:
        if self._in_value and _local(name) == "v":
            self._mark(["error", self._text[:20]])
            self._in_value = False

    def text(self, data: str) -> None:
        if self._in_value:
            self._text += data

    def _mark(self, mark: list[str]) -> None:
        # A formula that could not be worked out is both; the formula is what has to go.
        self.marks.setdefault(self._row, {}).setdefault(self._column, mark)


def marks_of(path: Path, part: str) -> Marks:
    """Formulas and error values of a worksheet, in one pass over its XML."""
    scan, parser = _Scan(), _parser()
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.text
    with zipfile.ZipFile(path) as file, file.open(part) as stream:
        parser.ParseFile(stream)
    return scan.marks
