"""Which articles hang together, and which pairs are looked at together."""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled


@compiled
def components(pairs: NDArray[np.int32], articles: int, most: int) -> NDArray[np.int32]:
    """For each article the least article of those it hangs together with.

    Pairs are taken in their order; one that would join more than `most` articles joins none.
    """
    parent = np.arange(articles).astype(np.int32)
    size = np.ones(articles, np.int32)
    for row in range(pairs.shape[0]):
        a, b = pairs[row, 0], pairs[row, 1]
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        while parent[b] != b:
            parent[b] = parent[parent[b]]
            b = parent[b]
        if a == b or size[a] + size[b] > most:
            continue
        low, high = min(a, b), max(a, b)
        parent[high] = low
        size[low] += size[high]
    for article in range(articles):  # a parent is never greater, so it is settled before its children
        parent[article] = parent[parent[article]]
    return parent


@compiled
def batches(pairs: NDArray[np.int32], articles: int, most: int, long: int) -> NDArray[np.int64]:
    """Where each batch of pairs begins, if it has at most `most` articles (two or more) and `long` pairs."""
    batch_of = np.full(articles, -1, np.int64)
    starts, count, named = np.zeros(pairs.shape[0] + 1, np.int64), 1, 0
    for row in range(pairs.shape[0]):
        more = (batch_of[pairs[row, 0]] != count) + (batch_of[pairs[row, 1]] != count)
        if named + more > most or row - starts[count - 1] == long:
            starts[count] = row
            count, named, more = count + 1, 0, 2
        named += more
        batch_of[pairs[row, 0]] = batch_of[pairs[row, 1]] = count
    return starts[:count].copy()
