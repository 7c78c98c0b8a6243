"""A text to be matched, and what makes it safe to read: one form of Unicode, no mark-up, bounded length."""

import hashlib
import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

LANGUAGES = ("ko", "ru", "ja", "zh", "en")

# What lies beyond is neither encoded nor compared: the encoder needs about .04 s for 1,000 characters, and a
# description that long says what it is about well before.
ENCODED_CHARACTERS = 6_000
COMPARED_CHARACTERS = 20_000
# Fewer letters than this cannot be matched: the score exists but says nothing.
MINIMUM_LETTERS = 8

_TAG = re.compile(
    r"<(script|style)\b.{0,20000}?</\1\s*>|<!--.{0,5000}?-->|</?[a-zA-Z][^<>]{0,500}>", re.DOTALL | re.IGNORECASE
)
_SPACE = re.compile(r"\s+")
# Raw texts are cut before cleaning, so that a hostile one cannot keep the regular expressions busy.
_CLEANED_CHARACTERS = 4 * COMPARED_CHARACTERS


def plain_text(text: str) -> str:
    """Readable text of bounded length: NFC, no tags, no control or surrogate characters, single spaces."""
    text = html.unescape(_TAG.sub(" ", text[:_CLEANED_CHARACTERS]))
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") else c for c in text)
    return _SPACE.sub(" ", unicodedata.normalize("NFC", "".join(kept))).strip()[:COMPARED_CHARACTERS]


@dataclass(frozen=True)
class Document:
    """One demand or one technology.

    `language` is one of LANGUAGES; another code is matched by what remains (vectors, Latin words, figures) and draws
    a caution. `stage` and `ipr` are codes of the caller: a stage that is a number, or ends in one ("trl6"), is
    compared, an ipr code is only compared for equality. `key` is the caller's name for the row and the last
    resort in ordering; it does not enter `text_hash`. Of a long demand only a passage is compared: see `passages`.
    """

    title: str
    body: str
    language: str
    fields: tuple[str, ...] = ()
    stage: str | None = None
    ipr: str | None = None
    machine_text: bool = False
    key: str = ""
    is_demand: bool = False

    def text_hash(self) -> str:
        """SHA-256 in hex over title, body and language, the texts in NFC; equal hashes mean equal scores."""
        return self._text_hash

    @cached_property
    def _text_hash(self) -> str:
        parts = (unicodedata.normalize("NFC", part) for part in (self.title, self.body, self.language))
        # Lone surrogates cannot be encoded strictly, and a length before each part keeps "a"+"bc" from "ab"+"c".
        encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
        return hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in encoded)).hexdigest()

    @cached_property
    def plain_title(self) -> str:
        return plain_text(self.title)

    @cached_property
    def plain_body(self) -> str:
        return plain_text(self.body)

    @property
    def text(self) -> str:
        """Title and body as one plain text; either may be empty."""
        return ". ".join(part for part in (self.plain_title, self.plain_body) if part)

    @property
    def letters(self) -> int:
        return sum(character.isalnum() for character in self.text[:ENCODED_CHARACTERS])
