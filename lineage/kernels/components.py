"""Which articles hang together."""

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
