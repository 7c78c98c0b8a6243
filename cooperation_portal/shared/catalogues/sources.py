"""Messages as the sources have them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation.template import templatize

from cooperation_portal.shared.catalogues.files import SOURCE_LANGUAGE, babel, empty

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

SKIPPED_FOLDERS = frozenset({"node_modules", "tests", "var", "static", "migrations", "locale", "__pycache__"})
TEMPLATE_SUFFIXES = frozenset({".html", ".txt"})
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def source_files(folder: Path, *, of_templates: bool = False) -> Iterator[Path]:
    """Python files and templates below a folder, in one order on every machine."""
    for path in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if path.is_dir():
            if path.name not in SKIPPED_FOLDERS and not path.name.startswith("."):
                yield from source_files(path, of_templates=of_templates or path.name == "templates")
        elif path.suffix == ".py" or (of_templates and path.suffix in TEMPLATE_SUFFIXES):
            yield path


def messages_of(path: Path) -> Iterator[tuple[str | None, Any]]:
    """Context and text (or singular and plural) of each message in one file, in the order of the file."""
    with babel():
        from babel.messages.extract import extract
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What stands between the messages keeps its indentation, which is not that of a program.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    for _line, text, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        if text and text != ("", ""):
            yield context, text


def extracted(root: Path, language: str = SOURCE_LANGUAGE) -> Catalog:
    catalogue = empty(language)
    for path in source_files(root):
        for context, text in messages_of(path):
            catalogue.add(text, context=context, locations=[(path.relative_to(root).as_posix(), 0)])
    return catalogue
