"""The compiled loops of the scanning path. Each has a slow obvious twin in tests/oracles.py.

Everything here takes and returns arrays, holds no state, releases the GIL and is compiled once (`cache=True`).
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

# Kinds of character.
BREAK, LETTER, UPPER, DIGIT, UNSPACED, IGNORED, JOINER = 0, 1, 2, 3, 4, 5, 6
QUOTE_OPEN, QUOTE_CLOSE, QUOTE_EITHER, NEWLINE, STOP = 7, 8, 9, 10, 11

# Bits of a word's flags.
CONTENT, CAPITAL, FIGURE, UNBROKEN, INITIAL, QUOTED = 1, 2, 4, 8, 16, 32

CONTENT_LETTERS = 4  # in any alphabet, words of fewer letters are mostly function words

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_MIX_A = np.uint64(0xFF51AFD7ED558CCD)
_MIX_B = np.uint64(0xC4CEB9FE1A85EC53)
_SHIFT = np.uint64(33)
_POINTS = 0x110000
FULL_STOP = 46

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """`function`, compiled on first use and cached on disk."""
    return cast(Function, numba.njit(cache=True, nogil=True)(function))


@compiled
def mix(value: np.uint64) -> np.uint64:
    """A bijection of 64-bit values whose output bits all depend on all input bits (MurmurHash3's finaliser)."""
    value ^= value >> _SHIFT
    value *= _MIX_A
    value ^= value >> _SHIFT
    value *= _MIX_B
    value ^= value >> _SHIFT
    return value


@compiled
def _add(state: np.uint64, point: np.uint64) -> np.uint64:
    return (state ^ point) * _FNV_PRIME


@compiled
def _absorb(
    hashes: NDArray[np.uint64],
    letters: int,
    point: int,
    tables: tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]],
    stem: int,
) -> int:
    """Fold one code point into the running (word, stem) hashes; the number of letters so far."""
    first, rest, rest_bounds = tables
    folded = first[point]
    low, high = 0, 1
    if folded >= _POINTS:
        low, high = rest_bounds[folded - _POINTS], rest_bounds[folded - _POINTS + 1]
    for position in range(low, high):
        letter = np.uint64(rest[position]) if folded >= _POINTS else np.uint64(folded)
        hashes[0] = _add(hashes[0], letter)
        if letters < stem:
            hashes[1] = _add(hashes[1], letter)
        letters += 1
    return letters


@compiled
def _unspaced_word(
    points: NDArray[np.uint32], kind: NDArray[np.uint8], place: tuple[int, int], state: NDArray[np.uint64], rules: Any
) -> int:
    """Read the character at `place` (at, stop) together with its right neighbour; where the character ends."""
    tables, stem = rules
    at, stop = place
    letters = _absorb(state, 0, points[at], tables, stem)
    at += 1
    while at < stop and kind[points[at]] == IGNORED:  # marks that belong to the character stay with it
        at += 1
    if at < stop and kind[points[at]] == UNSPACED:
        _absorb(state, letters, points[at], tables, stem)
    return at


@compiled
def _spaced_word(
    points: NDArray[np.uint32], kind: NDArray[np.uint8], place: tuple[int, int], state: NDArray[np.uint64], rules: Any
) -> tuple[int, int, int]:
    """Read the word at `place` (at, stop): where reading goes on, where the word ends, its flags."""
    tables, stem = rules
    at, stop = place
    last, letters, figure = at, 0, False
    while at < stop:
        sort = kind[points[at]]
        if sort == JOINER:
            # A point or comma belongs to a word only between two digits.
            inside = last == at and kind[points[at - 1]] == DIGIT
            if not (inside and at + 1 < stop and kind[points[at + 1]] == DIGIT):
                break
        elif sort == BREAK or sort == UNSPACED or sort > JOINER:  # noqa: SIM109 - numba compiles no tuple tests
            break
        if sort != IGNORED:
            figure = figure or sort == DIGIT
            letters = _absorb(state, letters, points[at], tables, stem)
            last = at + 1
        at += 1
    flag = FIGURE | CONTENT if figure else (CONTENT if letters >= CONTENT_LETTERS else 0)
    return at, last, flag


@compiled
def _after_mark(sort: int, point: int, initial: bool, quoted: bool) -> tuple[bool, bool]:
    """Whether a sentence begins and whether a quotation is open, after a mark of punctuation."""
    if sort == QUOTE_OPEN:
        return initial, True
    if sort == QUOTE_CLOSE:
        return initial, False
    if sort == QUOTE_EITHER:
        return initial, not quoted
    if sort == NEWLINE:  # a quotation that was never closed ends with its paragraph
        return True, False
    return initial or sort == STOP or point == FULL_STOP, quoted


@compiled
def tokenise(
    points: NDArray[np.uint32], borders: NDArray[np.int64], kind: NDArray[np.uint8], rules: Any
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.uint64],
    NDArray[np.uint64],
    NDArray[np.uint8],
    NDArray[np.int64],
]:
    """The words of texts laid end to end: starts, ends, hashes, stems, flags, bounds (see `words.Words`).

    borders: where each text begins, and the end.  rules: the folding tables (first, rest, rest_bounds) and the
    letters of a stem.
    """
    starts, ends = np.empty(points.size, np.int64), np.empty(points.size, np.int64)
    hashes, stems = np.empty(points.size, np.uint64), np.empty(points.size, np.uint64)
    flags = np.empty(points.size, np.uint8)
    bounds = np.zeros(borders.size, np.int64)
    state = np.empty(2, np.uint64)
    count = 0
    for text in range(borders.size - 1):
        at, stop = borders[text], borders[text + 1]
        initial, quoted = True, False
        while at < stop:
            sort = kind[points[at]]
            if sort == BREAK or sort == IGNORED:  # noqa: SIM109
                at += 1
                continue
            if sort >= JOINER:
                initial, quoted = _after_mark(sort, points[at], initial, quoted)
                at += 1
                continue
            state[:] = _FNV_OFFSET
            starts[count] = at - borders[text]
            flag = CAPITAL if sort == UPPER else 0
            if sort == UNSPACED:
                at = _unspaced_word(points, kind, (at, stop), state, rules)
                last = at
                flag |= CONTENT | UNBROKEN
            else:
                at, last, more = _spaced_word(points, kind, (at, stop), state, rules)
                flag |= more
            flag |= INITIAL if initial else 0
            flag |= QUOTED if quoted else 0
            ends[count] = last - borders[text]
            hashes[count], stems[count], flags[count] = mix(state[0]), mix(state[1]), flag
            count += 1
            initial = False
        bounds[text + 1] = count
    return (
        starts[:count].copy(),
        ends[:count].copy(),
        hashes[:count].copy(),
        stems[:count].copy(),
        flags[:count].copy(),
        bounds,
    )


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
            state, log = _FNV_OFFSET, np.float32(0.0)
            for step in range(size):
                state = mix(_add(state, hashes[word + step]))
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
                values[at] = mix(_add(mix(low), high))
                shares[at], places[at] = logs[other] + logs[word], other - bounds[text]
                at += 1
            recent[seen % window] = word
            seen += 1
        out[text + 1] = _distinct(values, shares, places, out[text], at)
    end = out[-1]
    return values[:end].copy(), shares[:end].copy(), places[:end].copy(), out


@compiled
def postings(
    ids: NDArray[np.int32], bounds: NDArray[np.int64], features: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The articles that have each feature: bounds per feature, articles in increasing order."""
    heads = np.zeros(features + 1, np.int64)
    for feature in ids:
        heads[feature + 1] += 1
    for feature in range(features):
        heads[feature + 1] += heads[feature]
    fill = heads[:-1].copy()
    articles = np.empty(ids.size, np.int32)
    for article in range(bounds.size - 1):
        for place in range(bounds[article], bounds[article + 1]):
            articles[fill[ids[place]]] = article
            fill[ids[place]] += 1
    return heads, articles


@compiled
def co_occurrences(
    ids: NDArray[np.int32],
    bounds: NDArray[np.int64],
    heads: NDArray[np.int64],
    articles: NDArray[np.int32],
    limits: tuple[int, int],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Pairs a < b that share at least `least` features had by at most `cap` articles: a, b, how many; sorted.

    limits: (cap, least).
    """
    cap, least = limits
    count = np.zeros(bounds.size - 1, np.int32)
    touched = np.empty(bounds.size - 1, np.int32)
    room = 1024
    first, second, shared = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    found = 0
    for article in range(bounds.size - 1):
        reached = 0
        for place in range(bounds[article], bounds[article + 1]):
            low, high = heads[ids[place]], heads[ids[place] + 1]
            if high - low > cap:
                continue
            for posting in range(high - 1, low - 1, -1):
                other = articles[posting]
                if other <= article:
                    break
                if count[other] == 0:
                    touched[reached] = other
                    reached += 1
                count[other] += 1
        for other in np.sort(touched[:reached]):
            if count[other] >= least:
                if found == room:
                    room *= 2
                    first, second, shared = _grown(first, room), _grown(second, room), _grown(shared, room)
                first[found], second[found], shared[found] = article, other, count[other]
                found += 1
            count[other] = 0
    return first[:found].copy(), second[:found].copy(), shared[:found].copy()


@compiled
def forest(cases: NDArray[np.float64], trees: Any, first: NDArray[np.int32], base: float) -> NDArray[np.float64]:
    """The base plus one leaf of every tree for each row of `cases`; trees: (split, threshold, left, right, value)."""
    split, threshold, left, right, value = trees
    out = np.full(cases.shape[0], base)
    for row in range(cases.shape[0]):
        for root in first:
            node = root
            while split[node] >= 0:
                node = left[node] if cases[row, split[node]] <= threshold[node] else right[node]
            out[row] += value[node]
    return out


@compiled
def _grown(array: NDArray[np.int32], room: int) -> NDArray[np.int32]:
    larger = np.empty(room, np.int32)
    larger[: array.size] = array
    return larger


SHARED, SHARED_WEIGHT, PRIVATE, SCARCE = 0, 1, 2, 3  # columns of `overlaps`
SCARCE_ARTICLES = 6


@compiled
def overlaps(
    pairs: NDArray[np.int32],
    ids: NDArray[np.int32],
    bounds: NDArray[np.int64],
    counts: NDArray[np.int32],
    weights: NDArray[np.float32],
) -> NDArray[np.float64]:
    """What each pair (rows of `pairs`) shares: features, their weight, those only these two have, those of few."""
    out = np.zeros((pairs.shape[0], 4), np.float64)
    for row in range(pairs.shape[0]):
        left, left_end = bounds[pairs[row, 0]], bounds[pairs[row, 0] + 1]
        right, right_end = bounds[pairs[row, 1]], bounds[pairs[row, 1] + 1]
        while left < left_end and right < right_end:
            if ids[left] < ids[right]:
                left += 1
            elif ids[left] > ids[right]:
                right += 1
            else:
                feature = ids[left]
                out[row, SHARED] += 1
                out[row, SHARED_WEIGHT] += weights[feature]
                out[row, PRIVATE] += counts[feature] <= 2
                out[row, SCARCE] += counts[feature] <= SCARCE_ARTICLES
                left += 1
                right += 1
    return out


@compiled
def same_order(
    pairs: NDArray[np.int32], ids: NDArray[np.int32], places: NDArray[np.int32], bounds: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Length of the longest run of shared features whose first places rise in both texts (longest increasing run)."""
    out = np.zeros(pairs.shape[0], np.float64)
    for row in range(pairs.shape[0]):
        left, left_end = bounds[pairs[row, 0]], bounds[pairs[row, 0] + 1]
        right, right_end = bounds[pairs[row, 1]], bounds[pairs[row, 1] + 1]
        room = min(left_end - left, right_end - right)
        here, there = np.empty(room, np.int32), np.empty(room, np.int32)
        found = 0
        while left < left_end and right < right_end:
            if ids[left] < ids[right]:
                left += 1
            elif ids[left] > ids[right]:
                right += 1
            else:
                here[found], there[found] = places[left], places[right]
                found += 1
                left += 1
                right += 1
        order = np.argsort(here[:found], kind="mergesort")
        tails = np.empty(found, np.int32)
        length = 0
        for step in order:
            at = np.searchsorted(tails[:length], there[step])
            tails[at] = there[step]
            length = max(length, at + 1)
        out[row] = length
    return out


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
        state = _FNV_OFFSET
        for row in range(band * rows, (band + 1) * rows):
            state = mix(_add(state, np.uint64(sketches[article, row])))
        keys[article] = state
    return keys


@compiled
def support(
    pairs: NDArray[np.int32],
    heads: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    probabilities: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far third articles tie each pair together: the two strongest paths over one other article, the sum of all
    paths, and the weight of third articles that touch only one side.

    `neighbours[heads[i]:heads[i + 1]]` are the articles compared with `i`, sorted; a path is as strong as its weaker
    link.
    """
    out = np.zeros((pairs.shape[0], 4))
    for row in range(pairs.shape[0]):
        left, left_end = heads[pairs[row, 0]], heads[pairs[row, 0] + 1]
        right, right_end = heads[pairs[row, 1]], heads[pairs[row, 1] + 1]
        while left < left_end and right < right_end:
            if neighbours[left] < neighbours[right]:
                left += 1
            elif neighbours[left] > neighbours[right]:
                right += 1
            else:
                weak = min(probabilities[left], probabilities[right])
                strong = max(probabilities[left], probabilities[right])
                if weak > out[row, 0]:
                    out[row, 1] = out[row, 0]
                    out[row, 0] = weak
                elif weak > out[row, 1]:
                    out[row, 1] = weak
                out[row, 2] += weak * strong
                out[row, 3] += strong * (1.0 - weak)
                left += 1
                right += 1
    return out


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
