"""Counts of features looked up by hash, and the few nearest articles of each by the rare features they share."""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled, inlined

_AHEAD = 256  # values that are fetched before the first of them is looked at: none waits for the memory alone


@compiled
def closest(  # noqa: C901
    span: tuple[int, int],
    rows: tuple[NDArray[np.int64], NDArray[np.int32]],
    postings: tuple[NDArray[np.int64], NDArray[np.int32]],
    sizes: NDArray[np.int32],
    limits: tuple[int, float, int],
) -> NDArray[np.int32]:
    """Pairs of each article in [first, stop) with those others that share most with it: pairs × 2, smaller first.

    rows: (bounds, features) of each article.  postings: (bounds, articles) of each feature.  sizes: what counts as
    the size of an article.  limits: (least, share, most): at least so many shared features, which are at least this
    share of the smaller article's size; of these the `most` with the greatest such share, of equals the first.
    """
    bounds, features = rows
    heads, articles = postings
    least, share, most = limits
    count = np.zeros(sizes.size, np.int32)
    touched = np.empty(sizes.size + 1, np.int32)
    most_features = 0
    for article in range(span[0], span[1]):
        most_features = max(most_features, bounds[article + 1] - bounds[article])
    starts, stops = np.empty(most_features, np.int64), np.empty(most_features, np.int64)
    heading = np.empty(most_features, np.int32)
    best, worth = np.empty(most, np.int32), np.empty(most, np.float64)
    out = np.empty(((span[1] - span[0]) * most, 2), np.int32)
    found = 0
    for article in range(span[0], span[1]):
        first, reached = bounds[article], 0
        size = bounds[article + 1] - first
        # Each of three loops waits for the memory once, many looks together; one loop would wait at each feature.
        for at in range(size):
            starts[at], stops[at] = heads[features[first + at]], heads[features[first + at] + 1]
        for at in range(size):
            heading[at] = articles[starts[at]]
        for at in range(size):
            for posting in range(starts[at], stops[at]):
                other = heading[at] if posting == starts[at] else articles[posting]
                touched[reached] = other
                reached += count[other] == 0  # no branch: nothing tells which article comes next
                count[other] += 1
        count[article] = 0
        taken = 0
        for at in range(reached):
            other = touched[at]
            shared, count[other] = count[other], 0
            if shared < least:
                continue
            value = shared / max(1, min(sizes[article], sizes[other]))
            if value < share:
                continue
            taken = _placed(best, worth, taken, other, value)
        for at in range(taken):
            out[found, 0], out[found, 1] = min(article, best[at]), max(article, best[at])
            found += 1
    return out[:found].copy()


@compiled
def neighbours_of_one(
    heads: NDArray[np.int64], neighbours: NDArray[np.int32], ties: NDArray[np.float64], most: int, crowd: int
) -> NDArray[np.int64]:
    """Pairs of articles that are among the `most` closest neighbours of one third article, with repeats.

    `neighbours[heads[i]:heads[i + 1]]` are those of article i, `ties` how close they are.  Two articles that have each
    more than `crowd` neighbours are left out.  A pair is one number: the smaller article in the upper 32 bits, the
    larger in the lower.
    """
    room = 0
    for article in range(heads.size - 1):
        degree = min(most, heads[article + 1] - heads[article])
        room += degree * (degree - 1) // 2
    best, worth = np.empty(most, np.int32), np.empty(most, np.float64)
    out, found = np.empty(room, np.int64), 0
    for article in range(heads.size - 1):
        taken = 0
        for at in range(heads[article], heads[article + 1]):
            taken = _placed(best, worth, taken, neighbours[at], ties[at])
        for one in range(taken):
            for other in range(one):
                low, high = min(best[one], best[other]), max(best[one], best[other])
                if min(heads[low + 1] - heads[low], heads[high + 1] - heads[high]) > crowd:
                    continue
                out[found] = (np.int64(low) << 32) | high
                found += 1
    return out[:found]


@compiled
def _placed(best: NDArray[np.int32], worth: NDArray[np.float64], taken: int, other: int, value: float) -> int:
    """Put `other` where it belongs among the best so far, the greatest first; how many there are then."""
    at = taken
    while at > 0 and (worth[at - 1] < value or (worth[at - 1] == value and best[at - 1] > other)):
        at -= 1
    if at == best.size:
        return taken
    end = min(taken, best.size - 1)
    for place in range(end, at, -1):
        best[place], worth[place] = best[place - 1], worth[place - 1]
    best[at], worth[at] = other, value
    return end + 1


@compiled
def marks(values: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    """`1 << bits` bits, 64 or more, of which those are set that the last bits of each value number."""
    out = np.zeros((1 << bits) >> 6, np.uint64)
    mask = np.uint64((1 << bits) - 1)
    for value in values:
        bit = value & mask
        out[bit >> np.uint64(6)] |= np.uint64(1) << (bit & np.uint64(63))
    return out


@compiled
def counted(
    wanted: NDArray[np.uint64],
    known: tuple[NDArray[np.uint64], NDArray[np.int32], NDArray[np.int32]],
    sieve: NDArray[np.uint64],
    stranger: int,
) -> NDArray[np.int32]:
    """The count of each wanted value among sorted hashes, `stranger` for one that is not among them.

    known: the hashes, their counts, and where those with the same leading bits begin, one entry more than there are
    such beginnings.  sieve: what `marks` makes of the hashes, or ones.
    """
    values, counts, heads = known
    bits = 0
    while (1 << bits) < heads.size - 1:
        bits += 1
    shift, leading = np.uint64(64 - bits), np.uint64(bits)
    out = np.full(wanted.size, stranger, np.int32)
    rows, guess, seen = np.empty(_AHEAD, np.int64), np.empty(_AHEAD, np.int32), np.empty(_AHEAD, np.uint64)
    number = np.empty(_AHEAD, np.int32)
    for start in range(0, wanted.size if values.size > 0 else 0, _AHEAD):
        size = _sifted(wanted, start, min(start + _AHEAD, wanted.size), sieve, rows)
        for at in range(size):
            value = wanted[rows[at]]
            first, end = heads[value >> shift], heads[(value >> shift) + np.uint64(1)]
            # Hashes are spread evenly: how far into its slot a value lies is nearly told by its next bits.
            into = ((value << leading) >> np.uint64(32)) * np.uint64(end - first)
            guess[at] = min(first + int(into >> np.uint64(32)), values.size - 1)
        for at in range(size):
            seen[at], number[at] = values[guess[at]], counts[guess[at]]
        for at in range(size):
            value, place, found = wanted[rows[at]], guess[at], seen[at]
            while found > value and place > 0:
                place -= 1
                found = values[place]
            while found < value and place + 1 < values.size:
                place += 1
                found = values[place]
            if found == value:
                out[rows[at]] = number[at] if place == guess[at] else counts[place]
    return out


@inlined
def _sifted(
    wanted: NDArray[np.uint64], start: int, stop: int, sieve: NDArray[np.uint64], out: NDArray[np.int64]
) -> int:
    """Write those places of [start, stop) whose value the sieve lets pass; how many.  No branch: only memory waits."""
    count = 0
    mask = np.uint64(64 * sieve.size - 1)
    for place in range(start, stop):
        bit = wanted[place] & mask
        out[count] = place
        count += int((sieve[bit >> np.uint64(6)] >> (bit & np.uint64(63))) & np.uint64(1))
    return count
