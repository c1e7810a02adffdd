"""From words to sets of features."""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import FNV_OFFSET, add, compiled, mix
from lineage.kernels.sketching import order_of


@compiled
def looked_up(
    stems: NDArray[np.uint64], keys: NDArray[np.uint32], heads: NDArray[np.int32], listed: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What is listed for each stem, found by the upper half of its hash among `keys`; the last value for a stranger."""
    out = np.empty(stems.size, np.float32)
    for word in range(stems.size):
        wanted = np.uint32(stems[word] >> np.uint64(32))
        place, end = heads[wanted >> np.uint32(13)], heads[(wanted >> np.uint32(13)) + np.uint32(1)]
        while place < end and keys[place] < wanted:
            place += 1
        out[word] = listed[place] if place < end and keys[place] == wanted else listed[listed.size - 1]
    return out


@compiled
def _distinct(
    values: NDArray[np.uint64], logs: NDArray[np.float32], places: NDArray[np.int32], start: int, stop: int
) -> int:
    """Sort [start, stop) of the three arrays by value and keep the first place of each; the new end."""
    order = order_of(values[start:stop])
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
