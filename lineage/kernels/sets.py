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


Room = tuple[NDArray[np.int32], NDArray[np.uint64], Any]
"""Room to sort features in: where slots begin, values, and what is told of each."""


@compiled
def _heads(size: int) -> NDArray[np.int32]:
    """Room for the slots that so many features are laid out in."""
    slots = 2
    while slots < size:
        slots *= 2
    return np.empty(slots + 1, np.int32)


@inlined
def _slots(found: NDArray[np.uint64], count: int, heads: NDArray[np.int32]) -> tuple[np.uint64, int]:
    """Write where each slot begins among the first `count` values, laid out by their leading bits, about one in each.

    Returns the shift that leaves those bits, and how many slots there are.
    """
    bits = 1
    while (1 << bits) < count:
        bits += 1
    shift = np.uint64(64 - bits)
    heads[: (1 << bits) + 1] = 0
    for at in range(count):
        heads[(found[at] >> shift) + np.uint64(1)] += 1
    begin = np.int32(0)
    for slot in range(1 << bits):
        begin += heads[slot + 1]
        heads[slot + 1] = begin
    return shift, 1 << bits


@compiled
def _distinct(found: Any, count: int, room: Room, out: Any, at: int) -> int:
    """Write the first `count` features to `out` from `at` on, sorted, each as it came first; the place after them.

    found, out: values, and what is told of each.
    """
    heads, values, told = room
    shift, slots = _slots(found[0], count, heads)
    for row in range(count):
        slot = found[0][row] >> shift
        place = heads[slot]  # each head will stand where its slot ends
        heads[slot] = place + 1
        values[place], told[place] = found[0][row], found[1][row]
    start = 0
    for slot in range(slots):  # a word that stands often, or hashes that are none
        stop = heads[slot]
        if stop - start > _SLOT:
            order = start + np.argsort(values[start:stop], kind="mergesort")
            values[start:stop], told[start:stop] = values[order], told[order]
        start = stop
    for late in range(1, count):
        value, own, to = values[late], told[late], late
        while to > 0 and values[to - 1] > value:
            values[to], told[to] = values[to - 1], told[to - 1]
            to -= 1
        if to < late:
            values[to], told[to] = value, own
    before = ~values[0] if count > 0 else np.uint64(0)
    for index in range(count):  # no branch: what follows a repeat is written over it
        out[0][at], out[1][at] = values[index], told[index]
        at += values[index] != before
        before = values[index]
    return at


@compiled
def longest(bounds: NDArray[np.int64]) -> int:
    """How much the largest of the stretches between `bounds` holds."""
    most = 0
    for row in range(bounds.size - 1):
        most = max(most, bounds[row + 1] - bounds[row])
    return most


@compiled
def _most_chosen(chosen: NDArray[np.bool_], bounds: NDArray[np.int64]) -> tuple[int, int]:
    """How many words are chosen of the text with most of them, and of all texts."""
    most, every = 0, 0
    for text in range(bounds.size - 1):
        words = 0
        for word in range(bounds[text], bounds[text + 1]):
            words += chosen[word]
        most, every = max(most, words), every + words
    return most, every


@compiled
def runs(
    hashes: NDArray[np.uint64], logs: NDArray[np.float32], bounds: NDArray[np.int64], size: int
) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]]:
    """Sets of `size` words in a row: values, log shares, first places, bounds (see `features.Sets`)."""
    most = longest(bounds)
    found, sums, order = np.empty(most, np.uint64), np.empty(most, np.float32), np.arange(most).astype(np.int32)
    room = (_heads(most), np.empty(most, np.uint64), np.empty(most, np.int32))
    values, told = np.empty(hashes.size, np.uint64), np.empty(hashes.size, np.float32)
    places, out = np.empty(hashes.size, np.int32), np.zeros(bounds.size, np.int64)
    for text in range(bounds.size - 1):
        first, count = bounds[text], max(0, bounds[text + 1] - bounds[text] - size + 1)
        found[:count], sums[:count] = FNV_OFFSET, 0.0
        for step in range(size):  # runs side by side: the processor takes several at once
            for at in range(count):
                found[at] = mix(add(found[at], hashes[first + step + at]))
                sums[at] += logs[first + step + at]
        out[text + 1] = _distinct((found, order), count, room, (values, places), out[text])
        for at in range(out[text], out[text + 1]):
            told[at] = sums[places[at]]
    return values[: out[-1]], told[: out[-1]], places[: out[-1]], out


@compiled
def single_words(
    keys: NDArray[np.uint64], logs: NDArray[np.float32], chosen: NDArray[np.bool_], bounds: NDArray[np.int64]
) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int32], NDArray[np.int64]]:
    """Sets of the chosen words: values, log shares, first places, bounds (see `features.Sets`)."""
    most, every = _most_chosen(chosen, bounds)
    found, order = np.empty(most, np.uint64), np.empty(most, np.int32)
    room = (_heads(most), np.empty(most, np.uint64), np.empty(most, np.int32))
    values, told = np.empty(every, np.uint64), np.empty(every, np.float32)
    places, out = np.empty(every, np.int32), np.zeros(bounds.size, np.int64)
    for text in range(bounds.size - 1):
        first, count = bounds[text], 0
        for word in range(first, bounds[text + 1]):
            if chosen[word]:
                found[count], order[count] = keys[word], word - first
                count += 1
        out[text + 1] = _distinct((found, order), count, room, (values, places), out[text])
        for at in range(out[text], out[text + 1]):
            told[at] = logs[first + places[at]]
    return values[: out[-1]], told[: out[-1]], places[: out[-1]], out


@compiled
def near_pairs(
    keys: NDArray[np.uint64],
    logs: NDArray[np.float32],
    chosen: NDArray[np.bool_],
    bounds: NDArray[np.int64],
    window: int,
) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.int64]]:
    """Sets of unordered pairs of chosen words at most `window` chosen words apart: values, log shares, bounds."""
    most, every = _most_chosen(chosen, bounds)
    words = np.empty(most, np.uint64), np.empty(most, np.float32), np.empty(most, np.uint64)
    found = np.empty(most * window, np.uint64), np.empty(most * window, np.float32)
    room = (_heads(most * window), np.empty(most * window, np.uint64), np.empty(most * window, np.float32))
    kept = np.empty(every * window, np.uint64), np.empty(every * window, np.float32)
    out = np.zeros(bounds.size, np.int64)
    for text in range(bounds.size - 1):
        size = 0
        for word in range(bounds[text], bounds[text + 1]):
            if chosen[word]:
                words[0][size], words[1][size] = keys[word], logs[word]
                size += 1
        count = _coupled(words, size, window, found)
        out[text + 1] = _distinct(found, count, room, kept, out[text])
    return kept[0][: out[-1]], kept[1][: out[-1]], out


@compiled
def _coupled(words: Any, size: int, window: int, found: Any) -> int:
    """Write the pairs of different ones of the first `size` words, and the sum of what is told of both; how many.

    words: keys, what is told of each, room.  All pairs of one distance come together, so the processor takes several
    at once.
    """
    keys, logs, mixed = words
    values, sums = found
    for word in range(size):
        mixed[word] = mix(keys[word])
    count, equal = 0, 0
    for apart in range(1, window + 1):
        for at in range(max(size - apart, 0)):
            here, there = keys[at + apart], keys[at]
            lesser = there < here
            first, last = mixed[at] if lesser else mixed[at + apart], here if lesser else there
            values[count + at], sums[count + at] = mix(add(first, last)), logs[at] + logs[at + apart]
            equal += here == there
        count += max(size - apart, 0)
    return count if equal == 0 else _different(keys, size, window, found)


@compiled
def _different(keys: NDArray[np.uint64], size: int, window: int, found: Any) -> int:
    """Take out the pairs of a word with itself; how many are left."""
    values, sums = found
    count, every = 0, 0
    for apart in range(1, window + 1):
        for at in range(max(size - apart, 0)):
            values[count], sums[count] = values[every], sums[every]
            count += keys[at] != keys[at + apart]
            every += 1
    return count
