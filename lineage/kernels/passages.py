"""Passages of two texts held against one another: does every part of one have its counterpart in the other?"""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled
from lineage.kernels.meetings import Meetings
from lineage.kernels.sketching import order_of
from lineage.kernels.tokens import CONTENT, INITIAL

LEAST_WORDS = 8  # content words of a passage: a short sentence joins the next
LONGEST = 4  # times the least: text without sentence marks is cut there
MOST_PASSAGES = 200  # of one text: longer texts have longer passages
STRONG = 0.4  # share of a passage's information found in one passage of the other text
MUTUAL = 0.25  # the same, of the lighter of two passages that choose one another
FEW = 3.0  # two passages in order say little: the order of few is drawn towards 0

ALIGNED = 11  # columns of `aligned`


@compiled
def passages(flags: NDArray[np.uint8], bounds: NDArray[np.int64]) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """The passage of its text that each word stands in, from 0, and how many passages each text has.

    A passage is one sentence or several, with at least `LEAST_WORDS` content words.
    """
    numbers = np.zeros(flags.size, np.int16)
    counts = np.zeros(bounds.size - 1, np.int64)
    for text in range(bounds.size - 1):
        content = 0
        for word in range(bounds[text], bounds[text + 1]):
            content += (flags[word] & CONTENT) != 0
        least = max(LEAST_WORDS, content // MOST_PASSAGES + 1)
        number, held = 0, 0
        for word in range(bounds[text], bounds[text + 1]):
            if held >= least and ((flags[word] & INITIAL) != 0 or held >= LONGEST * least):
                number += 1
                held = 0
            numbers[word] = number
            held += (flags[word] & CONTENT) != 0
        counts[text] = number + 1
    return numbers, counts


Standing = tuple[NDArray[np.int64], NDArray[np.int16], NDArray[np.float64], NDArray[np.int64]]
"""Where the passages of each stem begin; those passages, increasing; the information of each passage of each article,
and where those of each article begin."""


@compiled
def standing(
    stems: NDArray[np.uint64],
    chosen: NDArray[np.bool_],
    passage: tuple[NDArray[np.int16], NDArray[np.int64]],
    bounds: NDArray[np.int64],
    known: tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int64]],
) -> Standing:
    """In which passages of its article each stem stands, counting only the chosen words.

    stems, bounds: of the words.  passage: what `passages` returns.  known: the stems of each article, sorted, among
    which are those of the chosen words; the information of each; bounds.
    """
    numbers, counts = passage
    values, weights, value_bounds = known
    mass_bounds = np.zeros(counts.size + 1, np.int64)
    mass_bounds[1:] = np.cumsum(counts)
    mass, heads = np.zeros(mass_bounds[-1], np.float64), np.zeros(values.size + 1, np.int64)
    places, count = np.empty(stems.size, np.int16), 0
    for text in range(counts.size):
        start, entry = bounds[text], value_bounds[text]
        for step in order_of(stems[start : bounds[text + 1]]):
            word = start + step
            if not chosen[word]:
                continue
            while values[entry] < stems[word]:
                entry += 1
                heads[entry] = count
            if heads[entry] == count or places[count - 1] != numbers[word]:
                places[count] = numbers[word]
                mass[mass_bounds[text] + numbers[word]] += weights[entry]
                count += 1
        for rest in range(entry + 1, value_bounds[text + 1] + 1):
            heads[rest] = count
    return heads, places[:count].copy(), mass, mass_bounds


@compiled
def aligned(
    pairs: NDArray[np.int32],
    met: tuple[Meetings, NDArray[np.float32]],
    bounds: NDArray[np.int64],
    standing: Standing,
) -> NDArray[np.float64]:
    """How the passages of two articles answer one another, one row a pair, symmetric.

    met: the stems that each pair shares, see `meetings`, and their `shared_weights`.  bounds: of the stems.  Columns:
    for cover, peak, found, low of either direction the greater and the lesser; mutual share; mutual count; order.
    """
    (found, lefts, rights), weights = met
    heads, places, masses, mass_bounds = standing
    most = 0
    for article in range(mass_bounds.size - 1):
        most = max(most, mass_bounds[article + 1] - mass_bounds[article])
    table, ways = np.empty(most * most), (_side(most), _side(most))
    out = np.zeros((pairs.shape[0], ALIGNED))
    for row in range(pairs.shape[0]):
        a, b = pairs[row, 0], pairs[row, 1]
        left, right = masses[mass_bounds[a] : mass_bounds[a + 1]], masses[mass_bounds[b] : mass_bounds[b + 1]]
        shared = table[: left.size * right.size].reshape((left.size, right.size))
        shared[:] = 0.0
        for at in range(found[row], found[row + 1]):
            one, other, weight = bounds[a] + lefts[at], bounds[b] + rights[at], weights[at]
            for here in range(heads[one], heads[one + 1]):
                for there in range(heads[other], heads[other + 1]):
                    shared[places[here], places[there]] += weight
        _best(shared, ways[0], ways[1])
        forth, back = _one_way(ways[0], left), _one_way(ways[1], right)
        for measure in range(4):
            out[row, 2 * measure] = max(forth[measure], back[measure])
            out[row, 2 * measure + 1] = min(forth[measure], back[measure])
        out[row, 8:] = _mutual(shared, ways[0][0], ways[1][0], left, right)
    return out


Side = tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]
"""Of each passage of one text its best counterpart in the other, -1 for none, what it shares with it and with the
second best; room for the longest text."""


@compiled
def _side(size: int) -> Side:
    return np.empty(size, np.int32), np.empty(size, np.float64), np.empty(size, np.float64)


@compiled
def _best(shared: NDArray[np.float64], rows: Side, columns: Side) -> None:
    """Find the best counterpart of each row and of each column, the first of equals.

    One loop and no helper, which would cost more than the loop.
    """
    height, width = shared.shape
    row_best, row_most, row_second = rows
    column_best, column_most, column_second = columns
    column_best[:width], column_most[:width], column_second[:width] = -1, 0.0, 0.0
    for row in range(height):
        best, most, second = -1, 0.0, 0.0
        for column in range(width):
            value = shared[row, column]
            if value == 0.0:
                continue
            if value > most:
                best, most, second = column, value, most
            elif value > second:
                second = value
            if value > column_most[column]:
                column_best[column], column_second[column], column_most[column] = row, column_most[column], value
            elif value > column_second[column]:
                column_second[column] = value
        row_best[row], row_most[row], row_second[row] = best, most, second


@compiled
def _low(most: NDArray[np.float64], mass: NDArray[np.float64], running: float) -> float:
    """The share of the passage up to which, from the least shared on, a quarter of the information lies.

    running: what lies in passages without a counterpart, which need not be sorted.
    """
    shared = np.flatnonzero((most > 0.0) & (mass > 0.0))
    shares, quarter = most[shared] / mass[shared], 0.25 * mass.sum()
    for at in np.argsort(shares):
        running += mass[shared[at]]
        if running >= quarter:
            return float(shares[at])
    return 0.0


@compiled
def _one_way(side: Side, mass: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """What the passages of one text with this much information find in the other: cover, peak, found and low.

    cover: information that stands in the best counterparts.  peak: how much more than in the second best, so names
    that stand everywhere count for nothing.  found: mass of passages that are found for the most part.  low: the lower
    quartile of their shares.
    """
    _, most, second = side
    cover, peak, found, absent = 0.0, 0.0, 0.0, 0.0
    for row in range(mass.size):
        share = most[row] / mass[row] if mass[row] > 0 else 0.0
        cover += most[row]
        peak += most[row] - second[row]
        found += mass[row] if share >= STRONG else 0.0
        absent += mass[row] if share == 0.0 else 0.0
    total = mass.sum()
    low = _low(most[: mass.size], mass, absent) if absent < 0.25 * total else 0.0
    bounded = max(total, 1e-9)
    return cover / bounded, peak / bounded, found / bounded, low


@compiled
def _mutual(
    shared: NDArray[np.float64],
    best_here: NDArray[np.int32],
    best_there: NDArray[np.int32],
    left: NDArray[np.float64],
    right: NDArray[np.float64],
) -> tuple[float, float, float]:
    """Information and number of passages that choose one another, of the smaller text, and their order, -1 to 1."""
    weight, chosen = 0.0, 0
    partner = np.empty(left.size, np.int32)
    for row in range(left.size):
        column = best_here[row]
        if column < 0 or best_there[column] != row:
            continue
        if shared[row, column] >= MUTUAL * min(left[row], right[column]):
            weight += shared[row, column]
            partner[chosen] = column
            chosen += 1
    rising = 0
    for first in range(chosen):
        for second in range(first + 1, chosen):
            rising += partner[first] < partner[second]
    couples = chosen * (chosen - 1) // 2
    lighter, fewer = max(min(left.sum(), right.sum()), 1e-9), max(1, min(left.size, right.size))
    return weight / lighter, chosen / fewer, (2.0 * rising - couples) / (couples + FEW)
