"""The measures of aligned passages: whether the parts of one text have counterparts in the other, and in its order.

Independent reports of one event share its names and its facts all over; a rewrite answers its source passage by
passage. Features that stand everywhere in both texts cancel out against the second-best counterpart.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import features, kernels
from lineage.features import Kind, Table
from lineage.words import Words

UNITS: tuple[Kind, ...] = ("stem", "quiet")
"""stem: all content words.  quiet: those outside quotations, names and figures, where wording is free."""

OF_PASSAGES = (
    *(f"{measure}_{side}" for measure in ("cover", "peak", "found", "low") for side in ("most", "least")),
    "mutual",
    "mutual_count",
    "order",
)
"""cover: information of the passages that stands in their best counterparts, from 0 to 1.  peak: how much more than
in the second best.  found: share of passages that are found for the most part.  low: what the lower quartile of
passages shares.  _most, _least: of the two directions.  mutual, mutual_count: information and number of passages that
choose one another, of the smaller text.  order: whether those stand in one order, -1 to 1."""

NAMES = tuple(f"passages_{unit}_{measure}" for unit in UNITS for measure in OF_PASSAGES)


@dataclass(frozen=True, slots=True)
class Passages:
    """Which stems stand in which passage of each article, for one unit.

    ids, places, bounds: stems as numbered in the table of stems and the passages they stand in, sorted by stem within
    each article.  mass, mass_bounds: information of each passage.
    """

    ids: NDArray[np.int32]
    places: NDArray[np.int16]
    bounds: NDArray[np.int64]
    mass: NDArray[np.float64]
    mass_bounds: NDArray[np.int64]


def passages(words: Words, stems: Table, outside: NDArray[np.uint8]) -> dict[Kind, Passages]:
    """The passages of every text in `words`, for each of `UNITS`.

    stems: the table of all content stems of the texts.  outside: as in `measures.Corpus`.
    """
    numbers, counts = kernels.passages(words.flags, words.bounds)
    article = np.repeat(np.arange(counts.size), np.diff(words.bounds))
    heads = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])
    size = max(stems.values.size, 1)
    found = {}
    for unit in UNITS:
        chosen = features.chosen(words, unit)
        ids = np.searchsorted(stems.values, words.stems[chosen])
        keys = np.unique((article[chosen] * size + ids) * (kernels.MOST_PASSAGES + 1) + numbers[chosen])
        rest, place = np.divmod(keys, kernels.MOST_PASSAGES + 1)
        owner, id = np.divmod(rest, size)
        mass = np.zeros(heads[-1])
        np.add.at(mass, heads[owner] + place, stems.weights[outside[owner], id])
        bounds = np.searchsorted(owner, np.arange(counts.size + 1)).astype(np.int64)
        found[unit] = Passages(id.astype(np.int32), place.astype(np.int16), bounds, mass, heads)
    return found


def measures(
    known: dict[Kind, Passages], stems: Table, outside: NDArray[np.uint8], pairs: NDArray[np.int32]
) -> dict[str, NDArray[np.float64]]:
    """The columns `NAMES` of each pair."""
    columns: dict[str, NDArray[np.float64]] = {}
    for unit, held in known.items():
        found = kernels.aligned(
            pairs, (held.ids, held.places, held.bounds), stems.weights, outside, (held.mass, held.mass_bounds)
        )
        columns |= {f"passages_{unit}_{name}": found[:, at] for at, name in enumerate(OF_PASSAGES)}
    return columns
