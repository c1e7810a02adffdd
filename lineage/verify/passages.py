"""The measures of aligned passages: whether the parts of one text have counterparts in the other, and in its order.

Independent reports of one event share its names and its facts all over; a rewrite answers its source passage by
passage. Features that stand everywhere in both texts cancel out against the second-best counterpart.
"""

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


def passages(words: Words, stems: Table) -> dict[Kind, kernels.Standing]:
    """In which passages of each text in `words` each stem stands, for each of `UNITS`; stems: the table of them."""
    cut = kernels.passages(words.flags, words.bounds)
    known = (stems.values, stems.weights, stems.bounds)
    return {
        unit: kernels.standing(words.stems, features.chosen(words, unit), cut, words.bounds, known) for unit in UNITS
    }


def measures(
    standing: dict[Kind, kernels.Standing],
    pairs: NDArray[np.int32],
    met: tuple[kernels.Meetings, NDArray[np.float32]],
    bounds: NDArray[np.int64],
) -> dict[str, NDArray[np.float64]]:
    """The columns `NAMES` of each pair; met, bounds: as in `kernels.aligned`."""
    columns: dict[str, NDArray[np.float64]] = {}
    for unit, held in standing.items():
        found = kernels.aligned(pairs, met, bounds, held)
        columns |= {f"passages_{unit}_{name}": found[:, at] for at, name in enumerate(OF_PASSAGES)}
    return columns
