"""Standardisation inside one (demand, offer language), by moments over the reference's offers.

No language gains by a channel that only it has: a component counts by how far it stands out among that language's
offers for the same demand.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.settings import CHANNELS, Settings

# Variances that are assumed before any offer was seen, in the order of CHANNELS; they are about what catalogues of a
# few hundred offers show, and matter only for nearly empty ones.
_PRIOR_VARIANCES = np.array([0.09, 1.0, 0.5, 0.5, 0.5])
_PRIOR_TOTAL_VARIANCE = 1.2
# A channel in which a language's offers are all alike must not turn a trifle into a large deviation.
_SMALLEST_DEVIATIONS = np.array([0.05, 0.25, 0.25, 0.25, 0.25])
_SMALLEST_TOTAL_DEVIATION = 0.25

Languages = tuple[tuple[str, ...], NDArray[np.int16]]
"""Names in alphabetical order, and for each offer the place of its language among them."""


@dataclass(frozen=True, eq=False)
class Moments:
    """Of one demand. Rows: `languages`, then one more for languages without a reference offer.

    `means`, `deviations` (rows, channels): of the raw components. `centres` (rows, channels), `spreads` (rows,): of the
    weighted sum of standardised components; the centres are given by channel so that contributions add up.
    """

    languages: tuple[str, ...]
    means: NDArray[np.float64]
    deviations: NDArray[np.float64]
    centres: NDArray[np.float64]
    spreads: NDArray[np.float64]

    @classmethod
    def of(
        cls, raw: NDArray[np.float64], languages: Languages, counts: Mapping[str, int], settings: Settings
    ) -> "Moments":
        """`raw` (n, channels): a demand against the reference's sample, whose offers' languages are `languages`.

        `counts`: how many offers of each language the sample stands for.

        With n offers of a language, k = settings.shrinkage and the equal-weight averages m', v' over languages of
        mean m and variance v:  mean = (n m + k m') / (n + k),  variance = (n v + k v") / (n + k),  where
        v" = (N v' + k prior) / (N + k) with N offers in all. A language without offers gets m', v".
        """
        names, codes = languages
        groups = [np.flatnonzero(codes == code) for code in range(len(names))]
        sizes = np.array([counts.get(name, len(group)) for name, group in zip(names, groups, strict=True)])
        means = _means(raw, groups, sizes, settings.mean_shrinkage)
        variances = _variances(raw, groups, sizes, settings.shrinkage, _PRIOR_VARIANCES)
        deviations = np.maximum(np.sqrt(variances), _SMALLEST_DEVIATIONS)
        weighted = weighted_components(raw, means[codes], deviations[codes], settings)
        centres = _means(weighted, groups, sizes, settings.mean_shrinkage)
        prior = np.array([_PRIOR_TOTAL_VARIANCE])
        totals = _variances(weighted.sum(axis=1, keepdims=True), groups, sizes, settings.shrinkage, prior)[:, 0]
        return cls(names, means, deviations, centres, np.maximum(np.sqrt(totals), _SMALLEST_TOTAL_DEVIATION))

    def contributions(self, raw: NDArray[np.float64], languages: Languages, settings: Settings) -> NDArray[np.float64]:
        """(n, channels); `totals` makes rank scores of them."""
        names, codes = languages
        rows = np.array([self.row(name) for name in names], dtype=np.int64)[codes]
        return contributions(
            raw, self.means[rows], self.deviations[rows], self.centres[rows], self.spreads[rows], settings
        )

    def row(self, language: str) -> int:
        return self.languages.index(language) if language in self.languages else len(self.languages)

    def to_bytes(self) -> bytes:
        """The languages' names, then all numbers; nothing is rounded."""
        numbers = np.concatenate([self.means.T, self.deviations.T, self.centres.T, self.spreads[None]])
        return ",".join(self.languages).encode() + b"\0" + numbers.astype("<f8").tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Moments":
        """Raises ValueError for anything but the answer of `to_bytes` for as many channels."""
        names, _, rest = stored.partition(b"\0")
        languages = tuple(names.decode().split(",")) if names else ()
        numbers = np.frombuffer(rest, dtype="<f8").reshape(3 * len(CHANNELS) + 1, len(languages) + 1)
        means, deviations, centres = (part.T for part in np.split(numbers[:-1], 3))
        return cls(languages, means, deviations, centres, numbers[-1])


def contributions(
    raw: NDArray[np.float64],
    means: NDArray[np.float64],
    deviations: NDArray[np.float64],
    centres: NDArray[np.float64],
    spreads: NDArray[np.float64],
    settings: Settings,
) -> NDArray[np.float64]:
    """All (n, channels) but `spreads` (n,)."""
    return (weighted_components(raw, means, deviations, settings) - centres) / spreads[:, None]


def totals(parts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rank scores (n,) of contributions, added channel by channel and rounded for people who compare them."""
    total = parts[:, 0].copy()
    for channel in range(1, parts.shape[1]):
        total += parts[:, channel]
    return np.round(total, 9)


def weighted_components(
    raw: NDArray[np.float64], means: NDArray[np.float64], deviations: NDArray[np.float64], settings: Settings
) -> NDArray[np.float64]:
    """Without a limit: the best few of many thousands lie far out, and a limit would make them equal."""
    return (raw - means) / deviations * np.array(settings.weights)


def _means(
    values: NDArray[np.float64], groups: list[NDArray[np.int64]], sizes: NDArray[np.int64], shrinkage: float
) -> NDArray[np.float64]:
    if not groups:
        return np.zeros((1, values.shape[1]))
    own = np.stack([values[group].mean(axis=0) for group in groups])
    overall = own.mean(axis=0)
    return np.vstack([_shrunk(own, overall, sizes, shrinkage), overall])


def _variances(
    values: NDArray[np.float64],
    groups: list[NDArray[np.int64]],
    sizes: NDArray[np.int64],
    shrinkage: float,
    prior: NDArray[np.float64],
) -> NDArray[np.float64]:
    if not groups:
        return prior[None, :]
    own = np.stack([values[group].var(axis=0) for group in groups])
    total = float(sizes.sum())
    overall = (total * own.mean(axis=0) + shrinkage * prior) / (total + shrinkage)
    return np.vstack([_shrunk(own, overall, sizes, shrinkage), overall])


def _shrunk(
    own: NDArray[np.float64], overall: NDArray[np.float64], sizes: NDArray[np.int64], shrinkage: float
) -> NDArray[np.float64]:
    trust = (sizes / (sizes + shrinkage))[:, None]
    return np.asarray(trust * own + (1 - trust) * overall)
