"""Passages of two texts held against one another: does every part of one have its counterpart in the other?"""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled
from lineage.kernels.tokens import CONTENT, INITIAL

LEAST_WORDS = 8  # content words of a passage: a short sentence joins the next
LONGEST = 4  # times the least: text without sentence marks is cut there
MOST_PASSAGES = 200  # of one text: longer texts have longer passages
STRONG = 0.4  # share of a passage's information found in one passage of the other text
MUTUAL = 0.25  # the same, of the lighter of two passages that choose one another
FEW = 3.0  # two passages in order say little: the order of few is drawn towards 0

COVER, PEAK, FOUND, LOW = 0, 1, 2, 3  # what one direction yields, in this order
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


@compiled
def aligned(
    pairs: NDArray[np.int32],
    features: tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.int64]],
    weights: NDArray[np.float32],
    outside: NDArray[np.uint8],
    mass: tuple[NDArray[np.float64], NDArray[np.int64]],
) -> NDArray[np.float64]:
    """How the passages of two articles answer one another, one row a pair, symmetric.

    features: (ids, passages, bounds), sorted by id within each article.  weights: 3 × features, by how many of the
    two are `outside` the panel.  mass: (information of each passage, bounds).  Columns: for cover, peak, found, low
    of either direction the greater and the lesser; mutual share; mutual count; order.
    """
    ids, places, bounds = features
    masses, mass_bounds = mass
    out = np.zeros((pairs.shape[0], ALIGNED))
    for row in range(pairs.shape[0]):
        a, b = pairs[row, 0], pairs[row, 1]
        left, right = masses[mass_bounds[a] : mass_bounds[a + 1]], masses[mass_bounds[b] : mass_bounds[b + 1]]
        shared = np.zeros((left.size, right.size))
        _meet(
            shared, ids, places, (bounds[a], bounds[a + 1], bounds[b], bounds[b + 1]), weights[outside[a] + outside[b]]
        )
        here, there = np.zeros(4), np.zeros(4)
        best_here, best_there = _one_way(shared, left, here), _one_way(shared.T, right, there)
        for measure in range(4):
            out[row, 2 * measure] = max(here[measure], there[measure])
            out[row, 2 * measure + 1] = min(here[measure], there[measure])
        out[row, 8:] = _mutual(shared, best_here, best_there, left, right)
    return out


@compiled
def _meet(
    shared: NDArray[np.float64],
    ids: NDArray[np.int32],
    places: NDArray[np.int16],
    spans: tuple[int, int, int, int],
    weights: NDArray[np.float32],
) -> None:
    """Add up the weights of the features that each passage of one article shares with each of the other."""
    left, left_end, right, right_end = spans
    while left < left_end and right < right_end:
        if ids[left] < ids[right]:
            left += 1
        elif ids[left] > ids[right]:
            right += 1
        else:
            feature, first = ids[left], right
            while left < left_end and ids[left] == feature:
                right = first
                while right < right_end and ids[right] == feature:
                    shared[places[left], places[right]] += weights[feature]
                    right += 1
                left += 1


@compiled
def _one_way(shared: NDArray[np.float64], mass: NDArray[np.float64], out: NDArray[np.float64]) -> NDArray[np.int32]:
    """The best counterpart of each row, -1 for none; writes cover, peak, found and low of the rows.

    cover: information that stands in the best counterparts.  peak: how much more than in the second best, so names
    that stand everywhere count for nothing.  found: mass of rows that are found for the most part.  low: the lower
    quartile of the rows' shares.
    """
    best_of, score = np.full(mass.size, -1, np.int32), np.zeros(mass.size)
    for row in range(mass.size):
        best, second = 0.0, 0.0
        for column in range(shared.shape[1]):
            value = shared[row, column]
            if value > best:
                best, second = value, best
                best_of[row] = column
            elif value > second:
                second = value
        score[row] = best / mass[row] if mass[row] > 0 else 0.0
        out[COVER] += best
        out[PEAK] += best - second
        out[FOUND] += mass[row] if score[row] >= STRONG else 0.0
    total, running = mass.sum(), 0.0
    for row in np.argsort(score):
        running += mass[row]
        if running >= 0.25 * total:
            out[LOW] = score[row]
            break
    out[:LOW] /= max(total, 1e-9)
    return best_of


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
