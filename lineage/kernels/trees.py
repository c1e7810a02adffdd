"""The value of a forest of trees, and what each feature of a case adds to it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled

MOST_LEAVES = 64  # of a tree whose leaves are bits of a number
_BRUIJN = np.uint64(0x03F79D71B4CB0A89)  # times a power of two: its first six bits tell which (de Bruijn)

Ordered = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.uint32], NDArray[np.uint64]]
"""Inner nodes by the feature they test and their threshold: where those of each feature begin; where those begin at
which one leaves the usual way by being above the threshold, and not, as before, by being at most that; thresholds; the
tree of each; a number whose bits are 0 for the leaves that cannot be reached from there on."""


@compiled
def forest(cases: NDArray[np.float64], trees: Any, first: NDArray[np.int32], base: float) -> NDArray[np.float64]:
    """The base plus one leaf of every tree for each row of `cases`; trees: (split, threshold, left, right, value)."""
    split, threshold, left, right, value = trees
    out = np.full(cases.shape[0], base)
    for row in range(cases.shape[0]):
        for root in first:
            node = root
            while split[node] >= 0:
                node = left[node] if cases[row, split[node]] <= threshold[node] else right[node]
            out[row] += value[node]
    return out


@compiled
def leaves(
    split: NDArray[np.int32], left: NDArray[np.int32], right: NDArray[np.int32], first: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32]]:
    """Of each node its tree and, in an inner one, a number whose bits are 0 for the leaves below its left; the leaves
    of all trees, from left to right, and where those of each tree begin.

    Right for trees of at most `MOST_LEAVES` leaves.
    """
    tree, mask = np.zeros(split.size, np.int32), np.zeros(split.size, np.uint64)
    ends, heads = np.empty(split.size, np.int32), np.zeros(first.size + 1, np.int32)
    begun = np.zeros(split.size, np.int64)
    todo, found = np.empty(split.size + 2, np.int64), 0
    for number in range(first.size):
        todo[0], size = first[number], 1
        while size > 0:
            size -= 1
            node = todo[size]
            if node < 0:  # what lies below the left of this node has been seen
                node = -1 - node
                for leaf in range(begun[node], found):
                    mask[node] |= np.uint64(1) << np.uint64(leaf - heads[number])
                mask[node] = ~mask[node]
                continue
            tree[node] = number
            if split[node] < 0:
                ends[found] = node
                found += 1
                continue
            begun[node] = found
            todo[size], todo[size + 1], todo[size + 2] = right[node], -1 - node, left[node]
            size += 3
        heads[number + 1] = found
    return tree, mask, ends[:found], heads


@compiled
def marked_forest(
    cases: NDArray[np.float64],
    ordered: Ordered,
    values: NDArray[np.float64],
    heads: NDArray[np.int32],
    base: float,
) -> NDArray[np.float64]:
    """The same as `forest`, without going down any tree: where one leaves the usual way is told feature by feature.

    The usual way is the first leaf of each tree. Those leaves remain that no turn from it has left behind; the first of
    them is the leaf of the case (Lucchese and others, "QuickScorer", 2015).  values: of the leaves; heads: where those
    of each tree begin.
    """
    begins, middles, thresholds, trees, masks = ordered
    place_of = np.empty(64, np.int32)
    for bit in range(64):
        place_of[((np.uint64(1) << np.uint64(bit)) * _BRUIJN) >> np.uint64(58)] = bit
    alive, out = np.empty(heads.size - 1, np.uint64), np.empty(cases.shape[0])
    for row in range(cases.shape[0]):
        alive[:] = ~np.uint64(0)
        for feature in range(middles.size):
            value = cases[row, feature]
            for at in range(middles[feature], begins[feature + 1]):
                if thresholds[at] >= value:
                    break
                alive[trees[at]] &= masks[at]
            for at in range(middles[feature] - 1, begins[feature] - 1, -1):
                if thresholds[at] < value:
                    break
                alive[trees[at]] &= masks[at]
        summed = base
        for tree in range(alive.size):
            lowest = alive[tree] & (~alive[tree] + np.uint64(1))
            summed += values[heads[tree] + place_of[(lowest * _BRUIJN) >> np.uint64(58)]]
        out[row] = summed
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
