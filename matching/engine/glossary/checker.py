"""What is wrong with a glossary: `python -m matching.engine.glossary.checker [FILE.tsv]` prints a line for each fault.

The shipped file has none; terms that people propose are held against the same rules.
"""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from matching.engine.documents import LANGUAGES
from matching.engine.glossary.concepts import GLOSSARY_FILE, Concept, read_concepts
from matching.engine.glossary.recognition import Glossary
from matching.engine.glossary.words import WORD_LANGUAGES, letters_of, normal, words_of

FaultCode = Literal[
    "key_twice", "bad_key", "unknown_field", "unknown_broader", "broader_in_a_circle", "no_term", "wrong_script",
    "too_short", "in_two_concepts", "never_matched",
]  # fmt: skip
_FIELDS = (
    "metals process chemistry_materials electronics_sensors energy_environment machinery ict_ai space_aero "
    "medical_devices bio_pharma food_agri marine_arctic_construction general"
)
FIELDS = frozenset(_FIELDS.split())
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SIGNS = r"A-Za-z0-9 .,+\-/%α-ωΑ-Ωµμ·’'°²³₂₃"
_LETTERS = {"ko": "가-힣", "ru": "А-Яа-яЁё", "ja": "ぁ-ゖァ-ヺー々〆一-鿿・", "zh": "一-鿿、", "en": "A-Za-z"}
_ALLOWED = {name: re.compile(f"[{letters}{_SIGNS}]+") for name, letters in _LETTERS.items()}
_OWN_LETTER = {name: re.compile(f"[{letters}]") for name, letters in _LETTERS.items()}
# Elements and basic materials have names of one character; nothing else is certain enough.
_SHORTEST = {"ko": 2, "ru": 3, "ja": 1, "zh": 1, "en": 3}


@dataclass(frozen=True)
class Fault:
    code: FaultCode
    concept: str
    language: str = ""
    term: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.concept, self.code, self.language, self.term) if part)


def faults(concepts: Sequence[Concept]) -> list[Fault]:
    return [*_faults_of_keys(concepts), *_faults_of_terms(concepts), *_shared_terms(concepts), *_unmatched(concepts)]


def _faults_of_keys(concepts: Sequence[Concept]) -> Iterator[Fault]:
    keys = Counter(concept.key for concept in concepts)
    broader = {concept.key: concept.broader for concept in concepts}
    for concept in concepts:
        if keys[concept.key] > 1:
            yield Fault("key_twice", concept.key)
        if not _KEY.fullmatch(concept.key):
            yield Fault("bad_key", concept.key)
        if concept.field not in FIELDS:
            yield Fault("unknown_field", concept.key)
        if concept.broader and concept.broader not in keys:
            yield Fault("unknown_broader", concept.key)
        if _is_in_a_circle(concept.key, broader):
            yield Fault("broader_in_a_circle", concept.key)


def _is_in_a_circle(key: str, broader: dict[str, str]) -> bool:
    seen: set[str] = set()
    current = key
    while current and current not in seen:
        seen.add(current)
        current = broader.get(current, "")
    return current == key


def _faults_of_terms(concepts: Sequence[Concept]) -> Iterator[Fault]:
    for concept in concepts:
        for language in LANGUAGES:
            terms = concept.terms.get(language, ())
            if not any(_OWN_LETTER[language].search(term) for term in terms):
                yield Fault("no_term", concept.key, language)
            for term in terms:
                if not _ALLOWED[language].fullmatch(term):
                    yield Fault("wrong_script", concept.key, language, term)
                if len(letters_of(normal(term))[0]) < _SHORTEST[language] and not term.isupper():
                    yield Fault("too_short", concept.key, language, term)


def comparison_form(term: str, language: str) -> str:
    """Two terms of one form are the same to the recogniser."""
    if language in WORD_LANGUAGES:
        return " ".join(word.lemma for word in words_of(normal(term), language))
    return letters_of(normal(term))[0]


def _shared_terms(concepts: Sequence[Concept]) -> Iterator[Fault]:
    owners: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for concept in concepts:
        for language, terms in concept.terms.items():
            for term in terms:
                owners[language, comparison_form(term, language)].setdefault(concept.key, term)
    for (language, _form), owning in owners.items():
        if len(owning) > 1:
            for key, term in owning.items():
                yield Fault("in_two_concepts", key, language, term)


def _unmatched(concepts: Sequence[Concept]) -> Iterator[Fault]:
    """A term that the recogniser does not find in a text that is nothing but the term: an inflected or broken form."""
    glossary = Glossary(concepts)
    for concept in concepts:
        for language, terms in concept.terms.items():
            for term in terms:
                if not any(mention.concept.key == concept.key for mention in glossary.mentions(term, language)):
                    yield Fault("never_matched", concept.key, language, term)


def main(arguments: Sequence[str]) -> int:
    path = Path(arguments[0]) if arguments else GLOSSARY_FILE
    with path.open(encoding="utf-8") as lines:
        concepts = read_concepts(lines)
    found = faults(concepts)
    sys.stdout.writelines(f"{fault}\n" for fault in found)
    sys.stdout.write(f"{len(concepts)} concepts, {len(found)} faults\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
