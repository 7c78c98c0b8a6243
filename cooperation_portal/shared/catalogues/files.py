"""The `.po` and `.mo` files themselves, through Babel."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import to_locale

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

SOURCE_LANGUAGE = "ko"
_HEADER = "# Translations of the portal. Write only msgstr; manage.py update_translations writes the rest."
# The catalogue of the source language holds no message of ours.
_HEADER_OF_SOURCE = "# Clearer words for messages of Django and other packages; written by hand, then compiled."

Key = tuple[str, str, str]  # context, message, its plural; empty where there is none


class BabelMissing(Exception):
    def __init__(self) -> None:
        super().__init__("Translations are updated and checked with Babel. Install it with: make setup-test")


def po_path(locale_folder: Path, language: str) -> Path:
    return locale_folder / to_locale(language) / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """The catalogue of a file, or an empty one where there is no file; translations out of use are left out."""
    catalogue = empty(language)
    if path.exists():
        with babel(), path.open("rb") as file:
            from babel.messages.pofile import read_po

            for message in read_po(file, locale=to_locale(language), ignore_obsolete=True, abort_invalid=True):
                if message.id:
                    catalogue[message.id] = message
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    with babel():
        from babel.messages.pofile import write_po
    written = io.BytesIO()
    write_po(written, catalogue, width=0, include_lineno=False, ignore_obsolete=True)
    return written.getvalue().rstrip() + b"\n"


def mo_bytes(catalogue: Catalog) -> bytes:
    with babel():
        from babel.messages.mofile import write_mo
    written = io.BytesIO()
    write_mo(written, catalogue)
    return written.getvalue()


def key_of(message: Message) -> Key:
    forms = message.id if isinstance(message.id, list | tuple) else (message.id, "")
    return (message.context or "", str(forms[0]), str(forms[1]))


def strings_of(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, list | tuple) else [message.string or ""]


def is_translated(message: Message) -> bool:
    return not message.fuzzy and all(strings_of(message))


def empty(language: str) -> Catalog:
    with babel():
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
def babel() -> Iterator[None]:
    """Turns the lack of Babel, which only the test installation has, into words that say what to do."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "babel":
            raise
        raise BabelMissing from error
