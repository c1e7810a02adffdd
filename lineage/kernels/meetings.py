"""What pairs of articles have in common, feature by feature: found once, then counted, weighed and put in order."""

from math import log

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.closest import counted
from lineage.kernels.hashing import compiled, inlined

SHARED, SHARED_WEIGHT, PRIVATE, SCARCE, LEFT_WEIGHT, RIGHT_WEIGHT = 0, 1, 2, 3, 4, 5  # columns of `overlaps`
SCARCE_ARTICLES = 6
PRIOR = 200.0  # articles that the expected share weighs as much as, beside those of the panel
_RARE = 2  # articles that are counted as .5: whether one has a feature or two says no more of it
_ROOMY = 16  # bits of a filter for each feature in it

Features = tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int64], int]
"""Of each feature of each article how many articles of the panel have it, and the share of articles expected to; where
each article's features begin; how many articles the panel has."""

Meetings = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]
"""Where those of each pair begin; the place of each shared feature among those of the one article and of the other."""


@compiled
def meetings(pairs: NDArray[np.int32], values: NDArray[np.uint64], bounds: NDArray[np.int64]) -> Meetings:
    """The features both articles of each pair have, in increasing order; `values` are sorted within each article.

    Quick where hashes are spread evenly and pairs with the same larger article follow one another: of a feature of the
    smaller one bit tells, nearly always, that the larger does not have it. Which have their bit is written down without
    a branch, as the processor cannot guess it, and so is whether such a feature is the first in its slot.
    """
    marks, slots = _room(bounds)
    found, marked = np.zeros(pairs.shape[0] + 1, np.int64), -1
    near, far = np.empty(1 << 12, np.int32), np.empty(1 << 12, np.int32)
    likely, mask, shift, count = np.empty(slots.size, np.int32), np.uint64(0), np.uint64(0), 0
    for row in range(pairs.shape[0]):
        a, b = pairs[row, 0], pairs[row, 1]
        turned = bounds[b + 1] - bounds[b] > bounds[a + 1] - bounds[a]
        larger, smaller = (b, a) if turned else (a, b)
        whole, own = values[bounds[larger] : bounds[larger + 1]], values[bounds[smaller] : bounds[smaller + 1]]
        if larger != marked:
            marked = larger
            mask, shift = _marked(whole, marks, slots)
        if near.size <= count + own.size:  # a place more than can be shared: what was not met is written over
            near, far = _larger(near, count + own.size), _larger(far, count + own.size)
        here, there = (far, near) if turned else (near, far)
        last = whole.size - 1
        for step in range(_having_bit(own, marks, mask, likely)):
            place = likely[step]
            value = own[place]
            at = min(slots[value >> shift], last)
            at = min(at + np.int64(whole[at] < value), last)
            while whole[at] < value and at < last:
                at += 1
            here[count], there[count] = at, place
            count += whole[at] == value
        found[row + 1] = count
    return found, near[:count], far[:count]


@inlined
def _having_bit(own: NDArray[np.uint64], marks: NDArray[np.uint64], mask: np.uint64, out: NDArray[np.int32]) -> int:
    """Write the places of the values whose bit is set; how many."""
    count = 0
    for place in range(own.size):
        bit = own[place] & mask
        out[count] = place
        count += int((marks[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1))
    return count


@compiled
def _room(bounds: NDArray[np.int64]) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Bits and slots enough for the largest article; see `_marked`."""
    room = 16
    for article in range(bounds.size - 1):
        while room < bounds[article + 1] - bounds[article]:
            room *= 2
    return np.zeros(room * _ROOMY // 64, np.uint64), np.zeros(room + 1, np.int32)


@compiled
def _marked(
    own: NDArray[np.uint64], marks: NDArray[np.uint64], slots: NDArray[np.int32]
) -> tuple[np.uint64, np.uint64]:
    """Set a bit for the last bits of each value, and write where the values with the same first bits begin.

    Returns the mask of the last bits and the shift that leaves the first.
    """
    bits = 4
    while (1 << bits) < own.size:
        bits += 1
    size = 1 << bits
    shift, mask = np.uint64(64 - bits), np.uint64(size * _ROOMY - 1)
    marks[: size * _ROOMY // 64] = 0
    slots[: size + 1] = 0
    for value in own:
        bit = value & mask
        marks[bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))
        slots[(value >> shift) + np.uint64(1)] += 1
    for slot in range(size):
        slots[slot + 1] += slots[slot]
    return mask, shift


@compiled
def _larger(array: NDArray[np.int32], least: int) -> NDArray[np.int32]:
    larger = np.empty(2 * least, np.int32)
    larger[: array.size] = array
    return larger


@compiled
def information(count: int, share: float, panel: int) -> np.float32:
    """What it says, in nats, that an article has a feature that so many articles have.

    share: of articles expected to have it, which weighs as much as `PRIOR` more articles.  panel: articles counted.
    """
    known = (max(count - 1.5, 0.5) + PRIOR * share) / (panel + PRIOR)
    return np.float32(max(-log(min(known, 1.0)), 0.0))


@compiled
def weights(features: Features, outside: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """The information of each feature of each article, by itself, and its sum for each article.

    outside: 1 for an article that is not in the panel; its features count for one article more.
    """
    counts, shares, bounds, panel = features
    out = np.empty(counts.size, np.float32)
    total = np.zeros(bounds.size - 1, np.float64)
    for article in range(bounds.size - 1):
        for place in range(bounds[article], bounds[article + 1]):
            out[place] = information(counts[place] + outside[article], shares[place], panel)
            total[article] += out[place]
    return out, total


@compiled
def unsettled(
    pairs: NDArray[np.int32], met: Meetings, counts: NDArray[np.int32], bounds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where shared features stand, among those of the first article of each pair, whose count is below 0; it becomes 0.

    Each place is named once.
    """
    found, left, _ = met
    out, size = np.empty(left.size, np.int64), 0
    for row in range(pairs.shape[0]):
        start = bounds[pairs[row, 0]]
        for at in range(found[row], found[row + 1]):
            place = start + left[at]
            if counts[place] < 0:
                counts[place] = 0
                out[size] = place
                size += 1
    return out[:size]


@compiled
def shared_weights(
    pairs: NDArray[np.int32], met: Meetings, features: Features, outside: NDArray[np.uint8], own: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The information of each shared feature, for which those of its two articles count that the panel has not.

    own: what `weights` says of each feature of each article, which holds for both where few have it.
    """
    counts, shares, bounds, panel = features
    found, left, _ = met
    out = np.empty(left.size, np.float32)
    for row in range(pairs.shape[0]):
        more, start = outside[pairs[row, 0]] + outside[pairs[row, 1]], bounds[pairs[row, 0]]
        for at in range(found[row], found[row + 1]):
            place = start + left[at]
            count = counts[place] + more
            out[at] = own[place] if count <= _RARE else information(count, shares[place], panel)
    return out


@compiled
def overlaps(
    pairs: NDArray[np.int32],
    met: tuple[Meetings, NDArray[np.float32]],
    own: tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float64], NDArray[np.int64]],
    outside: NDArray[np.uint8],
) -> NDArray[np.float64]:
    """What each pair shares: features, their weight, those only these two have, those of few; and the weight of all
    features of the one and of the other.

    met: the `meetings`, their `shared_weights`.  own: counts in the panel, `weights` of each feature and sums, bounds.
    """
    (found, left, right), shared = met
    counts, single, total, bounds = own
    out = np.zeros((pairs.shape[0], 6), np.float64)
    for row in range(pairs.shape[0]):
        a, b = pairs[row, 0], pairs[row, 1]
        more = outside[a] + outside[b]
        out[row, LEFT_WEIGHT], out[row, RIGHT_WEIGHT] = total[a], total[b]
        out[row, SHARED] = found[row + 1] - found[row]
        for at in range(found[row], found[row + 1]):
            place = bounds[a] + left[at]
            out[row, SHARED_WEIGHT] += shared[at]
            out[row, PRIVATE] += counts[place] + more <= 2
            out[row, SCARCE] += counts[place] + more <= SCARCE_ARTICLES
            if more > 0:
                out[row, LEFT_WEIGHT] += shared[at] - single[place]
                out[row, RIGHT_WEIGHT] += shared[at] - single[bounds[b] + right[at]]
    return out


@compiled
def _of(part: float, whole: float) -> float:
    """`part` of `whole`, 0 where the whole is empty."""
    return part / whole if whole > 0.0 else 0.0


@compiled
def ratios(
    pairs: NDArray[np.int32], found: NDArray[np.float64], bounds: NDArray[np.int64], out: NDArray[np.float64]
) -> None:
    """Write what `overlaps` found as shares: of all features, of the smaller article's; by weight of all, of the
    lighter, of the heavier; those only the two have and those of few, of the smaller.

    bounds: of the features of each article.
    """
    for row in range(pairs.shape[0]):
        one = bounds[pairs[row, 0] + 1] - bounds[pairs[row, 0]]
        other = bounds[pairs[row, 1] + 1] - bounds[pairs[row, 1]]
        least, most = float(min(one, other)), float(max(one, other))
        shared, weight = found[row, SHARED], found[row, SHARED_WEIGHT]
        light = min(found[row, LEFT_WEIGHT], found[row, RIGHT_WEIGHT])
        heavy = max(found[row, LEFT_WEIGHT], found[row, RIGHT_WEIGHT])
        out[row, 0], out[row, 1] = _of(shared, least + most - shared), _of(shared, least)
        out[row, 2], out[row, 3] = _of(weight, light + heavy - weight), _of(weight, light)
        out[row, 4] = _of(weight, heavy)
        out[row, 5], out[row, 6] = _of(found[row, PRIVATE], least), _of(found[row, SCARCE], least)


Known = tuple[tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32]], NDArray[np.uint64]]
"""What `counted` looks values up in: hashes, their counts, where those with the same leading bits begin; the sieve."""


@compiled
def weighed(
    sets: tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int64]],
    known: Known,
    panel: int,
    outside: NDArray[np.uint8],
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float64]]:
    """The counts of the features of some articles, -1 for one that is not known, their `weights`, and their sums.

    sets: values, shares, bounds.  panel: articles that were counted.
    """
    values, shares, bounds = sets
    counts = counted(values, known[0], known[1], -1)
    own, total = weights((counts, shares, bounds, panel), outside)
    return counts, own, total


@compiled
def in_common(
    pairs: NDArray[np.int32],
    features: tuple[NDArray[np.uint64], Features],
    own: tuple[NDArray[np.float32], NDArray[np.float64]],
    known: Known,
    outside: NDArray[np.uint8],
) -> tuple[Meetings, NDArray[np.float32], NDArray[np.float64]]:
    """The `meetings` of each pair, their `shared_weights` and the `overlaps`; all in one call, which counts for few.

    features: values, and what they are weighed by; counts below 0 that matter are looked up and written in.  own: what
    `weights` says of each article.
    """
    values, (counts, shares, bounds, panel) = features
    met = meetings(pairs, values, bounds)
    places = unsettled(pairs, met, counts, bounds)
    if places.size > 0:
        counts[places] = counted(values[places], known[0], known[1], 0)
    shared = shared_weights(pairs, met, (counts, shares, bounds, panel), outside, own[0])
    found = overlaps(pairs, (met, shared), (counts, own[0], own[1], bounds), outside)
    return met, shared, found


@compiled
def bests(pairs: NDArray[np.int32], overlaps: NDArray[np.float64], found: NDArray[np.float64]) -> None:
    """Raise `found`, kinds × articles, to the greatest of each kind's overlaps (pairs × kinds) of each article."""
    for row in range(pairs.shape[0]):
        for side in range(2):
            for kind in range(overlaps.shape[1]):
                known = found[kind, pairs[row, side]]
                found[kind, pairs[row, side]] = max(known, overlaps[row, kind])


@compiled
def ranks(
    pairs: NDArray[np.int32], rows: NDArray[np.float64], bests: NDArray[np.float64], columns: NDArray[np.int64]
) -> None:
    """Write to `rows` how each overlap stands to the best of either article, and of the one with the lesser best.

    bests: kinds × articles.  columns: kinds × 3, where an overlap stands and where its two ranks belong.
    """
    for row in range(pairs.shape[0]):
        for kind in range(columns.shape[0]):
            one, other = bests[kind, pairs[row, 0]], bests[kind, pairs[row, 1]]
            overlap = rows[row, columns[kind, 0]]
            rows[row, columns[kind, 1]] = _of(overlap, max(one, other))
            rows[row, columns[kind, 2]] = _of(overlap, min(one, other))


@compiled
def same_order(
    pairs: NDArray[np.int32], met: Meetings, places: NDArray[np.int32], bounds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Length of the longest run of shared features whose first places rise in both texts (longest increasing run).

    Different features of an article have different first places.
    """
    found, left, right = met
    out = np.zeros(pairs.shape[0], np.float64)
    most, last = 0, 0
    for row in range(pairs.shape[0]):
        most = max(most, found[row + 1] - found[row])
    for place in places:
        last = max(last, place)
    there, tails = np.full(last + 1, -1, np.int32), np.empty(most, np.int32)
    for row in range(pairs.shape[0]):
        length, end = 0, 0
        for at in range(found[row], found[row + 1]):
            one = places[bounds[pairs[row, 0]] + left[at]]
            there[one] = places[bounds[pairs[row, 1]] + right[at]]
            end = max(end, one + 1)
        for one in range(end):
            other, there[one] = there[one], -1
            if other < 0:
                continue
            place = length if length == 0 or tails[length - 1] < other else np.searchsorted(tails[:length], other)
            tails[place] = other
            length = max(length, place + 1)
        out[row] = length
    return out
