"""Catalogues of translated messages: found in the sources, merged into `.po` files, compiled to `.mo`, and checked.

Stands in for GNU gettext, which few office machines have. The same sources give the same bytes: no dates, no line
numbers, no names of machines, so that a difference in version control is always a difference in words.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import to_locale
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

SOURCE_LANGUAGE = "ko"
_HEADER = "# Translations of the portal. Write only msgstr; manage.py update_translations writes the rest."
# The catalogue of the source language holds no message of ours.
_HEADER_OF_SOURCE = "# Clearer words for messages of Django and other packages; written by hand, then compiled."
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
# Names of languages stand in their own script in every language.
NAMES_IN_KOREAN = ("한국어",)

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# Of Python (%(name)s, %s, {name}) and of the portal's script (__COUNT__).
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|__[A-Z]+__")
_LONE_PERCENT = re.compile(r"%(?!\(\w+\)[a-z]|[sd])")

Key = tuple[str, str, str]  # context, message, its plural; empty where there is none


class BabelMissing(Exception):
    def __init__(self) -> None:
        super().__init__("Translations are updated and checked with Babel. Install it with: make setup-test")


@dataclass(frozen=True)
class Difference:
    """What an update changed in one catalogue."""

    language: str
    added: int
    removed: int
    missing: int


@dataclass
class Report:
    """What is wrong in one catalogue, each fault in one line; the counts are of messages."""

    language: str
    translated: int = 0
    total: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        return self.total > 0 and self.translated == self.total


# --- files ------------------------------------------------------------------------------------------------------------


def po_path(locale_folder: Path, language: str) -> Path:
    return locale_folder / to_locale(language) / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """The catalogue of a file, or an empty one where there is no file; translations out of use are left out."""
    catalogue = _empty(language)
    if path.exists():
        with _babel(), path.open("rb") as file:
            from babel.messages.pofile import read_po

            for message in read_po(file, locale=to_locale(language), ignore_obsolete=True, abort_invalid=True):
                if message.id:
                    catalogue[message.id] = message
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    with _babel():
        from babel.messages.pofile import write_po
    written = io.BytesIO()
    write_po(written, catalogue, width=0, include_lineno=False, ignore_obsolete=True)
    return written.getvalue().rstrip() + b"\n"


def mo_bytes(catalogue: Catalog) -> bytes:
    with _babel():
        from babel.messages.mofile import write_mo
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def key_of(message: Message) -> Key:
    forms = message.id if isinstance(message.id, list | tuple) else (message.id, "")
    return (message.context or "", str(forms[0]), str(forms[1]))


def _empty(language: str) -> Catalog:
    with _babel():
        from babel.messages.catalog import Catalog

    class PlainCatalogue(Catalog):
        """Its header says only what a reader of the file needs, and never changes by itself."""

        @property
        def mime_headers(self) -> list[tuple[str, str]]:
            return [
                ("Language", to_locale(language)),
                ("MIME-Version", "1.0"),
                ("Content-Type", "text/plain; charset=utf-8"),
                ("Content-Transfer-Encoding", "8bit"),
                ("Plural-Forms", self.plural_forms),
            ]

    header = _HEADER_OF_SOURCE if language == SOURCE_LANGUAGE else _HEADER
    return PlainCatalogue(locale=to_locale(language), header_comment=header, fuzzy=False)


@contextmanager
def _babel() -> Iterator[None]:
    """Turns the lack of Babel, which only the test installation has, into words that say what to do."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "babel":
            raise
        raise BabelMissing from error


# --- sources ----------------------------------------------------------------------------------------------------------


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
    with _babel():
        from babel.messages.extract import extract
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # What stands between the messages keeps its indentation, which is not that of a program.
        source = "\n".join(line.lstrip() for line in templatize(source, origin=str(path)).splitlines())
    for _line, text, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        if text and text != ("", ""):
            yield context, text


def extracted(root: Path, language: str = SOURCE_LANGUAGE) -> Catalog:
    catalogue = _empty(language)
    for path in source_files(root):
        for context, text in messages_of(path):
            catalogue.add(text, context=context, locations=[(path.relative_to(root).as_posix(), 0)])
    return catalogue


# --- updating ---------------------------------------------------------------------------------------------------------


def update(root: Path, locale_folder: Path, languages: list[str]) -> list[Difference]:
    """Brings the catalogues up to the sources; a translation stays as long as its message does."""
    return [_update_one(root, locale_folder, language) for language in languages if language != SOURCE_LANGUAGE]


def _update_one(root: Path, locale_folder: Path, language: str) -> Difference:
    path = po_path(locale_folder, language)
    old = {key_of(message): message for message in read(path, language) if message.id}
    new = extracted(root, language)
    added = 0
    for message in new:
        if not message.id:
            continue
        known = old.pop(key_of(message), None)
        if known is None:
            added += 1
            continue
        message.string = known.string
        message.user_comments = known.user_comments
        if known.fuzzy:
            message.flags.add("fuzzy")
    _write(path, po_bytes(new))
    compile_one(locale_folder, language)
    missing = sum(not _is_translated(message) for message in new if message.id)
    return Difference(language, added=added, removed=len(old), missing=missing)


def compile_one(locale_folder: Path, language: str) -> None:
    path = po_path(locale_folder, language)
    if path.exists():
        _write(path.with_suffix(".mo"), mo_bytes(read(path, language)))


def _write(path: Path, content: bytes) -> None:
    """Leaves a file alone that is already as it should be."""
    if not path.exists() or path.read_bytes() != content:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


# --- checking ---------------------------------------------------------------------------------------------------------


def check(root: Path, locale_folder: Path, languages: list[str], offered: list[str]) -> list[Report]:
    """One report for each language; `offered` are those that people can choose, which must be complete."""
    wanted = {key_of(message) for message in extracted(root) if message.id}
    return [
        _check_one(locale_folder, language, wanted, must_be_complete=language in offered)
        for language in languages
        if language != SOURCE_LANGUAGE or po_path(locale_folder, language).exists()
    ]


def _check_one(locale_folder: Path, language: str, wanted: set[Key], *, must_be_complete: bool) -> Report:
    report = Report(language)
    path = po_path(locale_folder, language)
    if not path.exists():
        report.total = len(wanted)
        report.faults.append(f"there is no catalogue {path.name}; manage.py update_translations makes it")
        return report
    catalogue = read(path, language)
    messages = {key_of(message): message for message in catalogue if message.id}
    if language != SOURCE_LANGUAGE:
        report.faults += [f"not in the catalogue: {_shown(key)}" for key in sorted(wanted - messages.keys())]
        report.faults += [f"no longer in the sources: {_shown(key)}" for key in sorted(messages.keys() - wanted)]
        report.total = len(wanted | messages.keys())
    else:
        report.total = len(messages)
    for key, message in messages.items():
        if _is_translated(message):
            report.translated += 1
        elif must_be_complete or language == SOURCE_LANGUAGE:
            report.faults.append(f"{'fuzzy' if message.fuzzy else 'not translated'}: {_shown(key)}")
        report.faults += [f"{fault}: {_shown(key)}" for fault in _faults_of_translation(message, language)]
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != mo_bytes(catalogue):
        report.faults.append(f"{compiled.name} is not what {path.name} compiles to")
    return report


def _strings(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]


def _is_translated(message: Message) -> bool:
    return not message.fuzzy and all(_strings(message))


def _faults_of_translation(message: Message, language: str) -> Iterator[str]:
    _context, singular, plural = key_of(message)
    strings = [string for string in _strings(message) if string]
    names = _placeholders(singular) | _placeholders(plural)
    # One form of several may leave out the number: "one demand" beside "%(count)s demands".
    forgiven = 1 if plural else 0
    for position, string in enumerate(strings):
        found = _placeholders(string)
        missing = names - found
        if found - names or len(missing) > (forgiven if position < len(strings) - 1 else 0):
            yield f"placeholders differ ({_listed(names)} and {_listed(found)})"
        elif names and _LONE_PERCENT.search(string.replace("%%", "")):
            yield "a percent sign must be doubled"
        if singular.endswith("\n") != string.endswith("\n") or singular.startswith("\n") != string.startswith("\n"):
            yield "one of the two begins or ends with a line break, the other does not"
        if language == "en" and _HANGUL.search(_without_names(string)):
            yield "Hangul in the English text"


def _placeholders(text: str) -> set[str]:
    return set(_PLACEHOLDER.findall(text.replace("%%", "")))


def _without_names(text: str) -> str:
    for name in NAMES_IN_KOREAN:
        text = text.replace(name, "")
    return text


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _shown(key: Key) -> str:
    context, singular, _plural = key
    text = " ".join(singular.split())
    return f"[{context}] “{text}”" if context else f"“{text}”"
