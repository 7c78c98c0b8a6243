"""Standardisation inside one (demand, offer language), by moments over the reference's offers.

No language gains by a channel that only it has: a component counts by how far it stands out among that language's
offers for the same demand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.engine.settings import Settings

# Variances that are assumed before any offer was seen, in the order of CHANNELS; they are about what catalogues of a
# few hundred offers show, and matter only for nearly empty ones.
_PRIOR_VARIANCES = np.array([0.09, 1.0, 0.5, 0.5])
_PRIOR_TOTAL_VARIANCE = 1.2
# A channel in which a language's offers are all alike must not turn a trifle into a large deviation.
_SMALLEST_DEVIATIONS = np.array([0.05, 0.25, 0.25, 0.25])
_SMALLEST_TOTAL_DEVIATION = 0.25


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
        cls, raw: NDArray[np.float64], languages: NDArray[np.object_], counts: Mapping[str, int], settings: Settings
    ) -> "Moments":
        """`raw` (n, channels): a demand against the reference's sample, whose offers' languages are `languages`.

        `counts`: how many offers of each language the sample stands for.

        With n offers of a language, k = settings.shrinkage and the equal-weight averages m', v' over languages of
        mean m and variance v:  mean = (n m + k m') / (n + k),  variance = (n v + k v") / (n + k),  where
        v" = (N v' + k prior) / (N + k) with N offers in all. A language without offers gets m', v".
        """
        names = tuple(sorted(set(languages)))
        groups = [np.flatnonzero(languages == name) for name in names]
        sizes = np.array([counts.get(name, len(group)) for name, group in zip(names, groups, strict=True)])
        means = _means(raw, groups, sizes, settings.mean_shrinkage)
        variances = _variances(raw, groups, sizes, settings.shrinkage, _PRIOR_VARIANCES)
        deviations = np.maximum(np.sqrt(variances), _SMALLEST_DEVIATIONS)
        rows = _rows(names, languages)
        weighted = weighted_components(raw, means[rows], deviations[rows], settings)
        centres = _means(weighted, groups, sizes, settings.mean_shrinkage)
        prior = np.array([_PRIOR_TOTAL_VARIANCE])
        totals = _variances(weighted.sum(axis=1, keepdims=True), groups, sizes, settings.shrinkage, prior)[:, 0]
        return cls(names, means, deviations, centres, np.maximum(np.sqrt(totals), _SMALLEST_TOTAL_DEVIATION))

    def contributions(
        self, raw: NDArray[np.float64], languages: NDArray[np.object_], settings: Settings
    ) -> NDArray[np.float64]:
        """(n, channels); a row's sum is the rank score."""
        rows = _rows(self.languages, languages)
        weighted = weighted_components(raw, self.means[rows], self.deviations[rows], settings)
        return (weighted - self.centres[rows]) / self.spreads[rows, None]

    def to_dict(self) -> dict[str, object]:
        """For JSON; floats survive it exactly."""
        arrays = {name: getattr(self, name).tolist() for name in ("means", "deviations", "centres", "spreads")}
        return {"languages": list(self.languages), **arrays}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Sequence]) -> "Moments":
        names = ("means", "deviations", "centres", "spreads")
        return cls(tuple(stored["languages"]), *(np.array(stored[name], dtype=np.float64) for name in names))


def weighted_components(
    raw: NDArray[np.float64], means: NDArray[np.float64], deviations: NDArray[np.float64], settings: Settings
) -> NDArray[np.float64]:
    limit = settings.standard_limit
    standardised = (raw - means) / deviations
    # Only the word channels have long tails: most pairs share nothing, a few share a lot.
    standardised[:, 1:] = np.clip(standardised[:, 1:], -limit, limit)
    return standardised * np.array(settings.weights)


def _rows(names: tuple[str, ...], languages: NDArray[np.object_]) -> NDArray[np.int64]:
    places = {name: row for row, name in enumerate(names)}
    return np.array([places.get(language, len(names)) for language in languages], dtype=np.int64)


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
