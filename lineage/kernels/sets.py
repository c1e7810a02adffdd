"""From words to sets of features, sketches of them, and buckets of equal sketches."""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import FNV_OFFSET, add, compiled, mix


@compiled
def _distinct(
    values: NDArray[np.uint64], logs: NDArray[np.float32], places: NDArray[np.int32], start: int, stop: int
) -> int:
    """Sort [start, stop) of the three arrays by value and keep the first place of each; the new end."""
    order = np.argsort(values[start:stop], kind="mergesort")
    kept_values, kept_logs, kept_places = values[start:stop][order], logs[start:stop][order], places[start:stop][order]
    at = start
    for index in range(kept_values.size):
        if index > 0 and kept_values[index] == kept_values[index - 1]:
            continue
        values[at], logs[at], places[at] = kept_values[index], kept_logs[index], kept_places[index]
        at += 1
    return at


@compiled
def runs(
    hashes: NDArray[np.uint64], logs: NDArray[np.float32], bounds: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]]:
    """Sets of `size` words in a row: values, log shares, first places, bounds (see `features.Sets`)."""
    values = np.empty(hashes.size, np.uint64)
    shares = np.empty(hashes.size, np.float32)
    places = np.empty(hashes.size, np.int32)
    out = np.zeros(bounds.size, np.int64)
    for text in range(bounds.size - 1):
        at = out[text]
        for word in range(bounds[text], bounds[text + 1] - size + 1):
            state, log = FNV_OFFSET, np.float32(0.0)
            for step in range(size):
                state = mix(add(state, hashes[word + step]))
                log += logs[word + step]
            values[at], shares[at], places[at] = state, log, word - bounds[text]
            at += 1
        out[text + 1] = _distinct(values, shares, places, out[text], at)
    end = out[-1]
    return values[:end].copy(), shares[:end].copy(), places[:end].copy(), out


@compiled
def near_pairs(
    keys: NDArray[np.uint64],
    logs: NDArray[np.float32],
    chosen: NDArray[np.bool_],
    bounds: NDArray[np.int64],
    window: int,
) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]]:
    """Sets of unordered pairs of chosen words at most `window` chosen words apart; with window 0 the words alone."""
    per_word = max(window, 1)
    room = 0
    for word in range(keys.size):
        room += per_word if chosen[word] else 0
    values = np.empty(room, np.uint64)
    shares = np.empty(room, np.float32)
    places = np.empty(room, np.int32)
    out = np.zeros(bounds.size, np.int64)
    recent = np.empty(per_word, np.int64)
    for text in range(bounds.size - 1):
        at, seen = out[text], 0
        for word in range(bounds[text], bounds[text + 1]):
            if not chosen[word]:
                continue
            if window == 0:
                values[at], shares[at], places[at] = keys[word], logs[word], word - bounds[text]
                at += 1
                continue
            for back in range(min(seen, window)):
                other = recent[(seen - 1 - back) % window]
                if keys[other] == keys[word]:
                    continue
                low, high = min(keys[other], keys[word]), max(keys[other], keys[word])
                values[at] = mix(add(mix(low), high))
                shares[at], places[at] = logs[other] + logs[word], other - bounds[text]
                at += 1
            recent[seen % window] = word
            seen += 1
        out[text + 1] = _distinct(values, shares, places, out[text], at)
    end = out[-1]
    return values[:end].copy(), shares[:end].copy(), places[:end].copy(), out


@compiled
def minhash(
    values: NDArray[np.uint64], bounds: NDArray[np.int64], multipliers: NDArray[np.uint64], offsets: NDArray[np.uint64]
) -> NDArray[np.uint32]:
    """The least value of each hash function over each set: uint32, sets × functions; all ones for an empty set."""
    out = np.full((bounds.size - 1, multipliers.size), np.uint32(0xFFFFFFFF), np.uint32)
    for row in range(bounds.size - 1):
        for place in range(bounds[row], bounds[row + 1]):
            value = values[place]
            for function in range(multipliers.size):
                hashed = np.uint32((value * multipliers[function] + offsets[function]) >> np.uint64(32))
                out[row, function] = min(out[row, function], hashed)
    return out


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
def bucket_pairs(keys: NDArray[np.uint64], limit: int) -> tuple[NDArray[np.int32], int]:
    """Pairs of rows with equal keys, and the number of buckets above `limit` rows.

    A full bucket is linked as a chain of neighbours: enough to join its articles, without n² pairs.
    """
    order = np.argsort(keys, kind="mergesort")
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
