"""From sets of features to sketches of them, and to buckets of equal sketches.

A sketch is a Fast Similarity Sketch (Dahlgaard, Knudsen and Thorup 2017). Every element throws one ball into the bins
of the sketch, with a random value; a bin keeps the least. Rounds of fresh throws fill the bins still empty, each round
those only that were empty before it. Any bin of two sketches agrees with the probability of the sets' Jaccard
similarity, exactly, and a set larger than the sketch needs two rounds or three, where classical MinHash needs one pass
a value. A value begins with its round, so the sketch of a union is the least of both sketches, bin by bin.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import FNV_OFFSET, FNV_PRIME, add, compiled, mix
from lineage.kernels.sets import longest
from lineage.kernels.spelling import MOST_CODES, SLACK, Tables, spelled, word_hashes

EMPTY = np.uint32(0xFFFFFFFF)  # a bin without a value; values stay below it
_BITS, _LAST = np.uint64(26), 62  # of a value below its round; later rounds, of a handful of elements, count as this
_LOW = np.uint64((1 << 26) - 1)
_ROUND = np.uint64(0x9E3779B97F4A7C15)  # what sets the throws of one round apart from those of the next
_HALF = np.uint64(32)
SMALL = 32  # keys that are sorted by insertion


@compiled
def _throw(elements: NDArray[np.uint64], count: int, bins: NDArray[np.uint32], fresh: NDArray[np.uint64]) -> None:
    """Fill the sketch `bins` of the set of the first `count` elements; repeated elements change nothing.

    fresh: room for as many.
    """
    size = np.uint64(bins.size)
    bins[:] = EMPTY
    for place in range(count):
        thrown = elements[place]
        bin = ((thrown >> _HALF) * size) >> _HALF
        bins[bin] = min(bins[bin], np.uint32(thrown & _LOW))
    still = bins == EMPTY
    for turn in range(1, 2 * bins.size):
        if count == 0 or not still.any():
            return
        # The last rounds serve one bin each, so that every bin is filled in the end.
        only = turn - bins.size
        if only >= 0 and not still[only]:
            continue
        value = np.uint64(min(turn, _LAST)) << _BITS
        for place in range(count):
            fresh[place] = mix(elements[place] + np.uint64(turn) * _ROUND)
        for place in range(count):
            thrown = fresh[place]
            bin = ((thrown >> _HALF) * size) >> _HALF if only < 0 else np.uint64(only)
            if still[bin]:
                bins[bin] = min(bins[bin], np.uint32(value | (thrown & _LOW)))
        for bin in range(bins.size):
            still[bin] = bins[bin] == EMPTY


@compiled
def _shingles(
    hashes: NDArray[np.uint64], start: int, stop: int, rules: tuple[int, np.uint64], out: NDArray[np.uint64]
) -> int:
    """Hashes of every so many words in a row among the words [start, stop), written to `out`; how many.

    rules: (words of a shingle, seed).
    """
    size, seed = rules
    count = max(0, stop - start - size + 1)
    for place in range(count):
        out[place] = seed
    for step in range(size):  # shingles side by side: the processor takes several at once
        for place in range(count):
            out[place] = out[place] * FNV_PRIME + hashes[start + step + place]
    for place in range(count):
        out[place] = mix(out[place])
    return count


@compiled
def minhash(values: NDArray[np.uint64], bounds: NDArray[np.int64], size: int, seed: int) -> NDArray[np.uint32]:
    """Sketches of sets of hashed features: uint32, sets × `size`; `EMPTY` in every bin of an empty set."""
    out = np.empty((bounds.size - 1, size), np.uint32)
    elements, fresh = np.empty(longest(bounds), np.uint64), np.empty(longest(bounds), np.uint64)
    for row in range(bounds.size - 1):
        for place in range(bounds[row], bounds[row + 1]):
            elements[place - bounds[row]] = mix(values[place] + mix(np.uint64(seed)))
        _throw(elements, bounds[row + 1] - bounds[row], out[row], fresh)
    return out


@compiled
def shingle_sketches(
    hashes: NDArray[np.uint64], bounds: NDArray[np.int64], shingle: int, size: int, seed: int
) -> NDArray[np.uint32]:
    """Sketches of the runs of `shingle` words of each text: uint32, texts × `size`; see `minhash`."""
    out = np.empty((bounds.size - 1, size), np.uint32)
    elements, fresh = np.empty(longest(bounds), np.uint64), np.empty(longest(bounds), np.uint64)
    rules = (shingle, mix(np.uint64(seed)))
    for row in range(bounds.size - 1):
        count = _shingles(hashes, bounds[row], bounds[row + 1], rules, elements)
        _throw(elements, count, out[row], fresh)
    return out


@compiled
def text_sketches(
    data: NDArray[np.uint8], starts: NDArray[np.int64], stops: NDArray[np.int64], tables: Tables, rules: Any
) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """The `shingle_sketches` of texts that lie in `data` as UTF-8, and the words of each, in one pass.

    Nothing but one text's words is ever kept.  rules: (words of a shingle, bins, seed).
    """
    shingle, size, seed = rules
    longest = 0
    for row in range(starts.size):
        longest = max(longest, stops[row] - starts[row])
    room = longest + SLACK
    codes, ends = np.empty(room, np.uint32), np.empty(room, np.uint32)
    states, hashes = np.empty(room, np.uint64), np.empty(room, np.uint64)
    out = np.empty((starts.size, size), np.uint32)
    lengths = np.empty(starts.size, np.int64)
    for row in range(starts.size):
        spelling = spelled(data, starts[row], stops[row], tables, (codes, ends))
        if spelling[0] == 0:  # seldom: it has ligatures
            codes, states = np.empty(MOST_CODES * room, np.uint32), np.empty(MOST_CODES * room, np.uint64)
            ends, hashes = np.empty(MOST_CODES * room, np.uint32), np.empty(MOST_CODES * room, np.uint64)
            spelling = spelled(data, starts[row], stops[row], tables, (codes, ends))
        word_hashes((codes, ends), spelling, states, hashes)
        lengths[row] = spelling[1]
        count = _shingles(hashes, 0, lengths[row], (shingle, mix(np.uint64(seed))), states)
        _throw(states, count, out[row], hashes)
    return out, lengths


@compiled
def band_keys(sketches: NDArray[np.uint32], band: int, rows: int) -> NDArray[np.uint64]:
    """One key an article for one band: equal keys where all rows of the band are equal."""
    keys = np.empty(sketches.shape[0], np.uint64)
    for article in range(sketches.shape[0]):
        state = FNV_OFFSET
        for row in range(band * rows, (band + 1) * rows):
            state = mix(add(state, np.uint64(sketches[article, row])))
        keys[article] = state
    return keys


@compiled
def order_of(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """The order that sorts hashed keys, equal ones as they come; linear where keys are spread as hashes are.

    One pass lays the keys out by their leading bits, about one to a slot; few are left to sort in each.
    """
    bits = 1
    while (1 << bits) < keys.size and bits < 24:
        bits += 1
    shift = np.uint64(64 - bits)
    heads = np.zeros((1 << bits) + 1, np.int64)
    for key in keys:
        heads[(key >> shift) + np.uint64(1)] += 1
    for slot in range(1 << bits):
        heads[slot + 1] += heads[slot]
    order = np.empty(keys.size, np.int64)
    for row in range(keys.size):
        slot = keys[row] >> shift
        order[heads[slot]] = row
        heads[slot] += 1
    start = 0
    for slot in range(1 << bits):  # each head now stands where its slot ends
        if heads[slot] - start > SMALL:
            part = order[start : heads[slot]]
            part[:] = part[np.argsort(keys[part], kind="mergesort")]
        for place in range(start + 1, heads[slot] if heads[slot] - start <= SMALL else 0):
            row, at = order[place], place
            while at > start and keys[order[at - 1]] > keys[row]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = row
        start = heads[slot]
    return order


@compiled
def sorted_bands(sketches: NDArray[np.uint32], bands: int, rows: int) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The `band_keys` of every band, sorted, and the article of each: bands × articles."""
    keys = np.empty((bands, sketches.shape[0]), np.uint64)
    articles = np.empty((bands, sketches.shape[0]), np.int64)
    for band in range(bands):
        made = band_keys(sketches, band, rows)
        articles[band] = order_of(made)
        keys[band] = made[articles[band]]
    return keys, articles


@compiled
def _met(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Rows whose hashed key another row may have: most rows of a corpus meet nobody, and need no sorting."""
    bits = 1
    while (1 << bits) < 8 * keys.size and bits < 27:
        bits += 1
    shift = np.uint64(64 - bits)
    often = np.zeros(1 << bits, np.uint8)
    for key in keys:
        often[key >> shift] = min(often[key >> shift] + 1, 2)
    rows = np.empty(keys.size, np.int64)
    count = 0
    for row in range(keys.size):
        rows[count] = row
        count += often[keys[row] >> shift] > 1
    return rows[:count]


@compiled
def bucket_pairs(keys: NDArray[np.uint64], limit: int) -> tuple[NDArray[np.int32], int]:
    """Pairs of rows with equal keys, and the number of buckets above `limit` rows.

    A full bucket is linked as a chain of neighbours: enough to join its articles, without n² pairs.
    """
    rows = _met(keys)
    order = rows[order_of(keys[rows])]
    found, hot = 0, 0
    for fill in range(2):
        if fill == 1:
            out = np.empty((found, 2), np.int32)
            found = 0
        start = 0
        while start < order.size:
            stop = start + 1
            while stop < order.size and keys[order[stop]] == keys[order[start]]:
                stop += 1
            full = stop - start > limit
            hot += full and fill == 1
            for left in range(start, stop - 1):
                for right in range(left + 1, left + 2 if full else stop):
                    if fill == 1:
                        out[found, 0], out[found, 1] = order[left], order[right]
                    found += 1
            start = stop
    return out, hot


@compiled
def agreement(sketches: NDArray[np.uint32], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """The share of equal bins in each pair of rows of `sketches`; empty bins are equal to none."""
    out = np.empty(pairs.shape[0], np.float64)
    for row in range(pairs.shape[0]):
        one, other, equal = sketches[pairs[row, 0]], sketches[pairs[row, 1]], 0
        for bin in range(sketches.shape[1]):
            equal += one[bin] == other[bin] and one[bin] != EMPTY
        out[row] = equal / sketches.shape[1]
    return out
