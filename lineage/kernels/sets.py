"""From words to sets of features."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import FNV_OFFSET, add, compiled, inlined, mix
from lineage.kernels.tokens import INITIAL

_AHEAD = 64  # keys that are fetched before the first of them is looked at: none waits for the memory alone
_SLOT = 32  # features that are sorted by insertion


@compiled
def looked_up(
    stems: NDArray[np.uint64], keys: NDArray[np.uint32], heads: NDArray[np.int32], listed: NDArray[np.float32]
) -> NDArray[np.float32]:
    """What is listed for each stem, found by the upper half of its hash among `keys`; the last value for a stranger."""
    out = np.empty(stems.size, np.float32)
    begin = np.empty(_AHEAD, np.int32)
    for start in range(0, stems.size, _AHEAD):
        stop = min(start + _AHEAD, stems.size)
        for word in range(start, stop):
            begin[word - start] = heads[stems[word] >> np.uint64(45)]
        for word in range(start, stop):
            wanted, place = np.uint32(stems[word] >> np.uint64(32)), begin[word - start]
            while place < keys.size and keys[place] < wanted:
                place += 1
            out[word] = listed[place] if place < keys.size and keys[place] == wanted else listed[listed.size - 1]
    return out


@compiled
def flagged(flags: NDArray[np.uint8], all_of: int, none_of: int, inside: int) -> NDArray[np.bool_]:
    """True for the words that have all of some bits and none of others, nor `inside`, unless they begin a sentence."""
    out = np.empty(flags.size, np.bool_)
    for word in range(flags.size):
        own = flags[word]
        barred = none_of if own & INITIAL else none_of | inside
        out[word] = (own & all_of) == all_of and (own & barred) == 0
    return out


Listed = tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int32]]
"""Features as they come, or as they are kept: values, log shares, places."""


@compiled
def _room(size: int) -> Any:
    """Room to sort so many features in: slots, values, log shares, places."""
    slots = 2
    while slots < 2 * size:
        slots *= 2
    return (
        np.empty(slots + 1, np.int32),
        np.empty(size, np.uint64),
        np.empty(size, np.float32),
        np.empty(size, np.int32),
    )


@inlined
def _slots(found: NDArray[np.uint64], count: int, heads: NDArray[np.int32]) -> tuple[np.uint64, int]:
    """Write where each slot begins among the first `count` values, laid out by their leading bits, half a value each.

    Returns the shift that leaves those bits, and how many slots there are.
    """
    bits = 1
    while (1 << bits) < 2 * count:
        bits += 1
    shift = np.uint64(64 - bits)
    heads[: (1 << bits) + 1] = 0
    for at in range(count):
        heads[(found[at] >> shift) + np.uint64(1)] += 1
    for slot in range(1 << bits):
        heads[slot + 1] += heads[slot]
    return shift, 1 << bits


@compiled
def _distinct(found: Listed, count: int, room: Any, out: Listed, at: int) -> int:
    """Write the first `count` features to `out` from `at` on, sorted, each as it came first; the place after them."""
    heads, values, logs, places = room
    shift, slots = _slots(found[0], count, heads)
    for row in range(count):
        slot = found[0][row] >> shift
        place = heads[slot]  # each head will stand where its slot ends
        heads[slot] = place + 1
        values[place], logs[place], places[place] = found[0][row], found[1][row], found[2][row]
    start = 0
    for slot in range(slots):  # a word that stands often, or hashes that are none
        stop = heads[slot]
        if stop - start > _SLOT:
            order = start + np.argsort(values[start:stop], kind="mergesort")
            values[start:stop], logs[start:stop], places[start:stop] = values[order], logs[order], places[order]
        start = stop
    for late in range(1, count):
        value, log, place, to = values[late], logs[late], places[late], late
        while to > 0 and values[to - 1] > value:
            values[to], logs[to], places[to] = values[to - 1], logs[to - 1], places[to - 1]
            to -= 1
        if to < late:
            values[to], logs[to], places[to] = value, log, place
    for index in range(count):
        if index > 0 and values[index] == values[index - 1]:
            continue
        out[0][at], out[1][at], out[2][at] = values[index], logs[index], places[index]
        at += 1
    return at


@compiled
def longest(bounds: NDArray[np.int64]) -> int:
    """How much the largest of the stretches between `bounds` holds."""
    most = 0
    for row in range(bounds.size - 1):
        most = max(most, bounds[row + 1] - bounds[row])
    return most


@compiled
def _listed(size: int) -> Listed:
    return np.empty(size, np.uint64), np.empty(size, np.float32), np.empty(size, np.int32)


@compiled
def runs(
    hashes: NDArray[np.uint64], logs: NDArray[np.float32], bounds: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]]:
    """Sets of `size` words in a row: values, log shares, first places, bounds (see `features.Sets`)."""
    most = longest(bounds)
    found, room, kept = _listed(most), _room(most), _listed(hashes.size)
    out = np.zeros(bounds.size, np.int64)
    for text in range(bounds.size - 1):
        first, count = bounds[text], max(0, bounds[text + 1] - bounds[text] - size + 1)
        for at in range(count):
            state, log = FNV_OFFSET, np.float32(0.0)
            for step in range(size):
                state = mix(add(state, hashes[first + at + step]))
                log += logs[first + at + step]
            found[0][at], found[1][at], found[2][at] = state, log, at
        out[text + 1] = _distinct(found, count, room, kept, out[text])
    end = out[-1]
    return kept[0][:end].copy(), kept[1][:end].copy(), kept[2][:end].copy(), out


@compiled
def pair_values(
    keys: NDArray[np.uint64], chosen: NDArray[np.bool_], bounds: NDArray[np.int64], window: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The values and bounds of `near_pairs` with a window of 1 or more, where nothing else of a pair is asked for."""
    most, every = 0, 0
    for text in range(bounds.size - 1):
        words = 0
        for word in range(bounds[text], bounds[text + 1]):
            words += chosen[word]
        most, every = max(most, words), every + words
    found, own, mixed = np.empty(most * window, np.uint64), np.empty(most, np.uint64), np.empty(most, np.uint64)
    room, kept = _room(most * window), np.empty(every * window, np.uint64)
    out = np.zeros(bounds.size, np.int64)
    for text in range(bounds.size - 1):
        words, count = 0, 0
        for word in range(bounds[text], bounds[text + 1]):
            if chosen[word]:
                own[words], mixed[words] = keys[word], mix(keys[word])
                words += 1
        for word in range(words):
            for other in range(max(word - window, 0), word):
                here, there = own[word], own[other]
                first, last = (mixed[other], here) if there < here else (mixed[word], there)
                found[count] = mix(add(first, last))
                count += here != there
        out[text + 1] = _distinct_values(found, count, room, kept, out[text])
    return kept[: out[-1]].copy(), out


@compiled
def _distinct_values(found: NDArray[np.uint64], count: int, room: Any, out: NDArray[np.uint64], at: int) -> int:
    """The same as `_distinct` of values alone."""
    heads, values = room[0], room[1]
    shift, slots = _slots(found, count, heads)
    for row in range(count):
        slot = found[row] >> shift
        values[heads[slot]] = found[row]
        heads[slot] += 1
    start = 0
    for slot in range(slots):
        if heads[slot] - start > _SLOT:
            values[start : heads[slot]].sort()
        start = heads[slot]
    for late in range(1, count):
        value, to = values[late], late
        while to > 0 and values[to - 1] > value:
            values[to] = values[to - 1]
            to -= 1
        values[to] = value
    for place in range(count):
        if place == 0 or values[place] != values[place - 1]:
            out[at] = values[place]
            at += 1
    return at


@compiled
def near_pairs(
    keys: NDArray[np.uint64],
    logs: NDArray[np.float32],
    chosen: NDArray[np.bool_],
    bounds: NDArray[np.int64],
    window: int,
) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]]:
    """Sets of unordered pairs of chosen words at most `window` chosen words apart; with window 0 the words alone."""
    per_word, most, every = max(window, 1), 0, 0
    for text in range(bounds.size - 1):
        words = 0
        for word in range(bounds[text], bounds[text + 1]):
            words += chosen[word]
        most, every = max(most, words), every + words
    found, room, kept = _listed(most * per_word), _room(most * per_word), _listed(every * per_word)
    own, mixed = _listed(most), np.empty(most, np.uint64)
    out = np.zeros(bounds.size, np.int64)
    for text in range(bounds.size - 1):
        words, count = 0, 0
        for word in range(bounds[text], bounds[text + 1]):
            if chosen[word]:
                own[0][words], own[1][words], own[2][words] = keys[word], logs[word], word - bounds[text]
                mixed[words] = mix(keys[word])
                words += 1
        if window == 0:
            out[text + 1] = _distinct(own, words, room, kept, out[text])
            continue
        for word in range(words):
            for other in range(word - 1, max(word - window, 0) - 1, -1):
                here, there = own[0][word], own[0][other]
                first, last = (mixed[other], here) if there < here else (mixed[word], there)
                found[0][count] = mix(add(first, last))
                found[1][count], found[2][count] = own[1][other] + own[1][word], own[2][other]
                count += here != there
        out[text + 1] = _distinct(found, count, room, kept, out[text])
    end = out[-1]
    return kept[0][:end].copy(), kept[1][:end].copy(), kept[2][:end].copy(), out
