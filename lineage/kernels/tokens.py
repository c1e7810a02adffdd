"""From code points to words."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import FNV_OFFSET, add, compiled, mix

# Kinds of character.
BREAK, LETTER, UPPER, DIGIT, UNSPACED, IGNORED, JOINER = 0, 1, 2, 3, 4, 5, 6
QUOTE_OPEN, QUOTE_CLOSE, QUOTE_EITHER, NEWLINE, STOP = 7, 8, 9, 10, 11

# Bits of a word's flags.
CONTENT, CAPITAL, FIGURE, UNBROKEN, INITIAL, QUOTED = 1, 2, 4, 8, 16, 32

CONTENT_LETTERS = 4  # in any alphabet, words of fewer letters are mostly function words
FULL_STOP = 46
POINTS = 0x110000


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
    if folded >= POINTS:
        low, high = rest_bounds[folded - POINTS], rest_bounds[folded - POINTS + 1]
    for position in range(low, high):
        letter = np.uint64(rest[position]) if folded >= POINTS else np.uint64(folded)
        hashes[0] = add(hashes[0], letter)
        if letters < stem:
            hashes[1] = add(hashes[1], letter)
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
            state[:] = FNV_OFFSET
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
