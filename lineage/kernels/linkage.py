"""At what mean log-odds the clusters of two articles join: average linkage, each component of articles by itself."""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled, inlined


@compiled
def linked(
    pairs: NDArray[np.int32], log_odds: NDArray[np.float64], starts: NDArray[np.int64], articles: int, least: float
) -> NDArray[np.float64]:
    """For each pair the mean log-odds of all pairs between the two clusters whose joining unites its ends.

    starts: where the pairs of each component begin, and their number; pairs of one component lie together, and none
    leads out of it.  least: what a pair counts that says less, and clusters between which there is none.  The two most
    alike join first, by chains of nearest neighbours (Murtagh 1983), in time and memory of the square of a component's
    articles.
    """
    out = log_odds.copy()
    place = np.full(articles, -1, np.int32)
    for component in range(len(starts) - 1):
        span = slice(starts[component], starts[component + 1])
        size = _numbered(pairs[span], place)
        if size > 2:
            local = place[pairs[span].ravel()].reshape(-1, 2)
            met = _joined(*_square(local, log_odds[span], size, least))
            for row in range(len(local)):
                out[starts[component] + row] = met[local[row, 0], local[row, 1]]
        place[pairs[span].ravel()] = -1
    return out


@inlined
def _numbered(pairs: NDArray[np.int32], place: NDArray[np.int32]) -> int:
    """Number the articles of a component from zero; how many they are."""
    size = 0
    for article in pairs.ravel():
        if place[article] < 0:
            place[article] = size
            size += 1
    return size


@inlined
def _square(
    local: NDArray[np.int32], log_odds: NDArray[np.float64], size: int, least: float
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """The log-odds between each two articles, and whether they were compared."""
    square, compared = np.full((size, size), least), np.zeros((size, size), np.int32)
    for row in range(len(local)):
        a, b = local[row, 0], local[row, 1]
        square[a, b] = square[b, a] = max(least, log_odds[row])
        compared[a, b] = compared[b, a] = 1
    return square, compared


@compiled
def _joined(near: NDArray[np.float64], count: NDArray[np.int32]) -> NDArray[np.float64]:
    """For each two articles the nearness at which their clusters join; both inputs are used up."""
    size = len(near)
    met = np.zeros((size, size))
    there, chain, found = np.ones(size, np.bool_), np.empty(size, np.int64), 0
    after, last = np.full(size, -1), np.arange(size)  # the articles of a cluster, one after the other
    for _ in range(size - 1):
        if found == 0:
            chain[0], found = np.flatnonzero(there)[0], 1
        found = _followed(near, there, chain, found) - 2
        low, high = min(chain[found], chain[found + 1]), max(chain[found], chain[found + 1])
        height = near[low, high]
        one = low
        while one >= 0:
            other = high
            while other >= 0:
                met[one, other] = met[other, one] = height
                other = after[other]
            one = after[one]
        for other in range(size):
            both = count[low, other] + count[high, other]
            if both > 0:
                heard = count[low, other] * near[low, other] + count[high, other] * near[high, other]
                near[low, other] = near[other, low] = heard / both
                count[low, other] = count[other, low] = both
        there[high] = False
        after[last[low]], last[low] = high, last[high]
    return met


@inlined
def _followed(near: NDArray[np.float64], there: NDArray[np.bool_], chain: NDArray[np.int64], found: int) -> int:
    """Follow the nearest neighbours from the end of a chain until two are nearest to one another; its new length."""
    while True:
        here = chain[found - 1]
        # The one before is taken if none is nearer, so that two that are nearest to one another are recognised.
        best = chain[found - 2] if found > 1 else -1
        for other in range(len(near)):
            if other != here and there[other] and (best < 0 or near[here, other] > near[here, best]):
                best = other
        if found > 1 and best == chain[found - 2]:
            return found
        chain[found] = best
        found += 1
