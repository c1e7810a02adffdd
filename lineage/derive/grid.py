"""Which ordered pairs of a story are weighed, and the arithmetic over texts × texts that all measures use."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.derive.readings import Array, Ints

ALL_PAIRS = 100
NEAREST = 12
FEW = 24  # texts of which all threes are compared at once


@dataclass(frozen=True)
class Pairs:
    """The ordered pairs (parent, child) under consideration, as indexes into a story of `texts` texts."""

    parent: Ints
    child: Ints
    texts: int

    @classmethod
    def among(cls, closeness: Array) -> "Pairs":
        """All ordered pairs of a small story; in a large one each text with its nearest, both ways."""
        texts = len(closeness)
        wanted = ~np.eye(texts, dtype=bool)
        if texts > ALL_PAIRS:
            wanted &= nearest(closeness, NEAREST)
        parent, child = np.nonzero(wanted)
        return cls(parent.astype(np.int64), child.astype(np.int64), texts)

    def __len__(self) -> int:
        return int(self.parent.size)

    def of(self, table: Array) -> Array:
        """The entries of a texts × texts table at these pairs."""
        chosen: Array = table[self.parent, self.child]
        return chosen

    def unordered(self) -> tuple[Ints, Ints]:
        """Each pair once, smaller index first; `Pairs` always holds both orders."""
        once = self.parent < self.child
        return self.parent[once], self.child[once]


@dataclass(frozen=True)
class Measures:
    """Named columns: one value for every ordered pair, and one for every text."""

    pairs: Mapping[str, Array]
    texts: Mapping[str, Array]


def nearest(closeness: Array, count: int) -> NDArray[np.bool_]:
    """Whether either of two texts is among the `count` nearest of the other; symmetric."""
    free = closeness.copy()
    np.fill_diagonal(free, -np.inf)
    limit = np.sort(free, axis=1)[:, -min(count, len(free) - 1)]
    near = free >= limit[:, None]
    either: NDArray[np.bool_] = near | near.T
    np.fill_diagonal(either, False)
    return either


def ratio(part: Array, whole: Array) -> Array:
    """`part / whole`, and 0 where there is no whole."""
    out: Array = np.divide(part, whole, out=np.zeros(np.broadcast(part, whole).shape), where=whole > 0)
    return out


def without_self(table: Array, value: float = 0.0) -> Array:
    """A copy whose diagonal is `value`."""
    out = table.copy()
    np.fill_diagonal(out, value)
    return out


def column_ranks(table: Array) -> Array:
    """How many other entries of the column are larger, equal ones counted half; the diagonal takes no part."""
    free = without_self(table, -np.inf)
    if len(free) <= FEW:
        above = (free[:, None] > free[None]).sum(axis=0)
        equal = (free[:, None] == free[None]).sum(axis=0)
        few: Array = above + 0.5 * (equal - 1)
        return few
    out = np.zeros_like(free)
    for column in range(len(free)):
        values = free[:, column]
        ordered = np.sort(values)
        above = values.size - np.searchsorted(ordered, values, side="right")
        equal = values.size - above - np.searchsorted(ordered, values, side="left")
        out[:, column] = above + 0.5 * (equal - 1)
    return out


def column_gaps(table: Array) -> Array:
    """Each entry minus the best other entry of its column, the diagonal left out."""
    if len(table) < 3:
        return np.zeros_like(table)
    free = without_self(table, -np.inf)
    best = np.sort(free, axis=0)[-2:]
    rival = np.where(free == best[1], best[0], best[1])
    return without_self(np.where(np.isfinite(free), table - rival, 0.0))


def text_ranks(values: Array) -> Array:
    """Rank of each text from 0 (largest) to 1 (smallest), equal ones in the middle."""
    above = (values[None, :] > values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    ranks: Array = (above + 0.5 * (equal - 1)) / max(1, values.size - 1)
    return ranks


def in_widest_tree(closeness: Array) -> Array:
    """1 where the pair is a branch of the maximum spanning tree, else 0; symmetric."""
    size = len(closeness)
    out = np.zeros((size, size))
    best, source = closeness[0].astype(np.float64), np.zeros(size, np.int64)
    joined = np.zeros(size, bool)
    joined[0] = True
    for _ in range(size - 1):
        text = int(np.argmax(np.where(joined, -np.inf, best)))
        out[text, source[text]] = out[source[text], text] = 1.0
        joined[text] = True
        closer = closeness[text] > best
        best, source = np.where(closer, closeness[text], best), np.where(closer, text, source)
    return out


def between_count(closeness: Array, pairs: Pairs) -> Array:
    """How many third texts are closer to both of a pair than these are to each other (relative neighbourhood)."""
    free = without_self(closeness, -np.inf)
    left, right = pairs.unordered()
    out = np.zeros((pairs.texts, pairs.texts))
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        out[a, b] = out[b, a] = ((free[a] > closeness[a, b]) & (free[b] > closeness[a, b])).sum()
    return out


def mean_of_others(table: Array) -> Array:
    """The mean of each column without its diagonal entry."""
    mean: Array = without_self(table).sum(axis=0) / max(1, len(table) - 1)
    return mean


def best_of_others(table: Array) -> Array:
    """The largest entry of each column without its diagonal entry."""
    best: Array = without_self(table, -np.inf).max(axis=0)
    return best
