"""What is wrong with the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cooperation_portal.shared.catalogues.files import (
    SOURCE_LANGUAGE,
    Key,
    is_translated,
    key_of,
    mo_bytes,
    po_path,
    read,
    strings_of,
)
from cooperation_portal.shared.catalogues.sources import extracted

if TYPE_CHECKING:
    from babel.messages.catalog import Message

# Names of languages stand in their own script in every language.
NAMES_IN_KOREAN = ("한국어",)

_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
# Of Python (%(name)s, %s, {name}) and of the portal's script (__COUNT__).
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|__[A-Z]+__")
_LONE_PERCENT = re.compile(r"%(?!\(\w+\)[a-z]|[sd])")


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
        if is_translated(message):
            report.translated += 1
        elif must_be_complete or language == SOURCE_LANGUAGE:
            report.faults.append(f"{'fuzzy' if message.fuzzy else 'not translated'}: {_shown(key)}")
        report.faults += [f"{fault}: {_shown(key)}" for fault in _faults_of_translation(message, language)]
    compiled = path.with_suffix(".mo")
    if not compiled.exists() or compiled.read_bytes() != mo_bytes(catalogue):
        report.faults.append(f"{compiled.name} is not what {path.name} compiles to")
    return report


def _faults_of_translation(message: Message, language: str) -> Iterator[str]:
    _context, singular, plural = key_of(message)
    strings = [string for string in strings_of(message) if string]
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
