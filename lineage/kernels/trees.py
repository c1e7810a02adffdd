"""The value of a forest of trees, and what each feature of a case adds to it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled

_ROWS = 64  # that go down one tree after the other, so that it lies close at hand


@compiled
def forest(cases: NDArray[np.float64], trees: Any, first: NDArray[np.int32], base: float) -> NDArray[np.float64]:
    """The base plus one leaf of every tree for each row of `cases`; trees: (split, threshold, left, right, value)."""
    split, threshold, left, right, value = trees
    out = np.full(cases.shape[0], base)
    for start in range(0, cases.shape[0], _ROWS):
        for root in first:
            for row in range(start, min(start + _ROWS, cases.shape[0])):
                node = root
                while split[node] >= 0:
                    node = left[node] if cases[row, split[node]] <= threshold[node] else right[node]
                out[row] += value[node]
    return out


@compiled
def contributions(cases: NDArray[np.float64], trees: Any, first: NDArray[np.int32]) -> NDArray[np.float64]:
    """What each column of `cases` adds to the value of each row, along the path through every tree; see `forest`."""
    split, threshold, left, right, value = trees
    out = np.zeros(cases.shape)
    for row in range(cases.shape[0]):
        for root in first:
            node = root
            while split[node] >= 0:
                below = left[node] if cases[row, split[node]] <= threshold[node] else right[node]
                out[row, split[node]] += value[below] - value[node]
                node = below
    return out
