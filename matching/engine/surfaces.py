"""What a text says, term by term, as it writes it: for reasons, which show it. Scores need the terms alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from matching.engine import loanwords, neutral, readings
from matching.engine.documents import Document
from matching.engine.glossary import Glossary, Mention
from matching.engine.glossary.recognition import BROADER_WEIGHT

LONGEST_RUN = 8


@dataclass(frozen=True, eq=False)
class Surfaces:
    """What is found in one text, each kind once, however many texts it is compared with."""

    document: Document
    glossary: Glossary

    @cached_property
    def text(self) -> str:
        return self.document.text

    @cached_property
    def runs(self) -> list[tuple[str, list[tuple[str, ...]]]]:
        return readings.syllable_runs(self.text, self.document.language)

    @cached_property
    def by_reading(self) -> dict[str, str]:
        """Reading → the first surface that is read like it."""
        surfaces: dict[str, str] = {}
        for surface, syllables in self.runs:
            for start in range(len(syllables) - 1):
                for end in range(start + 2, min(start + LONGEST_RUN, len(syllables)) + 1):
                    for choice in as_read(syllables[start:end]):
                        surfaces.setdefault(choice, surface[start:end])
        return surfaces

    @cached_property
    def loan_words(self) -> list[tuple[str, str, list[str]]]:
        """Skeleton, word and the skeleton's beginnings."""
        found = loanwords.loan_words(self.text)
        return [(classes, word, loanwords.beginnings(classes, word)) for classes, word in found.items()]

    @cached_property
    def by_beginning(self) -> dict[str, tuple[str, str]]:
        """Beginning → the word with the shortest skeleton that has it."""
        found: dict[str, tuple[str, str]] = {}
        for classes, word, parts in self.loan_words:
            for part in parts:
                if part not in found or len(classes) < len(found[part][0]):
                    found[part] = (classes, word)
        return found

    @cached_property
    def neutral(self) -> dict[str, str]:
        return neutral.neutral_words(self.text)

    @cached_property
    def figures(self) -> dict[str, str]:
        return neutral.neutral_figures(self.text)

    @cached_property
    def mentions(self) -> list[Mention]:
        """The first of each concept."""
        first: dict[str, Mention] = {}
        for mention in self._all_mentions:
            first.setdefault(mention.concept.key, mention)
        return list(first.values())

    @cached_property
    def by_concept(self) -> dict[str, Mention]:
        return {mention.concept.key: mention for mention in self.mentions}

    @cached_property
    def concept_surfaces(self) -> dict[str, dict[str, float]]:
        """Surface → what it counts for its concept and the wider ones."""
        return {mention.surface: self._weights(mention) for mention in self._all_mentions}

    @cached_property
    def concept_weights(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for weights in self.concept_surfaces.values():
            for key, weight in weights.items():
                found[key] = max(found.get(key, 0.0), weight)
        return found

    @cached_property
    def _all_mentions(self) -> list[Mention]:
        return self.glossary.mentions(self.text, self.document.language)

    def _weights(self, mention: Mention) -> dict[str, float]:
        return {key: BROADER_WEIGHT**step for step, key in enumerate(self.glossary.line(mention.concept))}


def as_read(syllables: list[tuple[str, ...]]) -> Iterable[str]:
    """The first reading is the common one; all combinations of long runs would be too many."""
    if len(syllables) <= 4:
        return map("".join, product(*syllables))
    return ("".join(possible[0] for possible in syllables),)
