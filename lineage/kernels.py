"""The compiled loops of the scanning path. Each has a slow obvious twin in tests/oracles.py.

Everything here takes and returns arrays, holds no state, releases the GIL and is compiled once (`cache=True`).
"""

from collections.abc import Callable
from typing import Any, TypeVar

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

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """`function`, compiled on first use and cached on disk."""
    result: Function = numba.njit(cache=True, nogil=True)(function)
    return result


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
def tokenise(
    points: NDArray[np.uint32],
    borders: NDArray[np.int64],
    kind: NDArray[np.uint8],
    first: NDArray[np.uint32],
    rest: NDArray[np.uint32],
    rest_bounds: NDArray[np.int64],
    stem: int,
) -> tuple[
    NDArray[np.int64],
    NDArray[np.int64],
    NDArray[np.uint64],
    NDArray[np.uint64],
    NDArray[np.uint8],
    NDArray[np.int64],
]:
    """The words of texts laid end to end: starts, ends, hashes, stems, flags, bounds (see `words.Words`)."""
    tables = (first, rest, rest_bounds)
    texts = borders.size - 1
    starts = np.empty(points.size, np.int64)
    ends = np.empty(points.size, np.int64)
    hashes = np.empty(points.size, np.uint64)
    stems = np.empty(points.size, np.uint64)
    flags = np.empty(points.size, np.uint8)
    bounds = np.zeros(texts + 1, np.int64)
    state = np.empty(2, np.uint64)
    count = 0
    for text in range(texts):
        base, stop = borders[text], borders[text + 1]
        at = base
        initial, quoted = True, False
        while at < stop:
            sort = kind[points[at]]
            if sort == BREAK or sort == IGNORED:
                at += 1
                continue
            if sort >= JOINER:
                if sort == QUOTE_OPEN:
                    quoted = True
                elif sort == QUOTE_CLOSE:
                    quoted = False
                elif sort == QUOTE_EITHER:
                    quoted = not quoted
                elif sort == NEWLINE:
                    quoted, initial = False, True
                elif sort == STOP or points[at] == 46:
                    initial = True
                at += 1
                continue
            state[0], state[1] = _FNV_OFFSET, _FNV_OFFSET
            begin, last, letters, figure = at, at, 0, False
            flag = CAPITAL if sort == UPPER else 0
            if sort == UNSPACED:
                letters = _absorb(state, letters, points[at], tables, stem)
                at += 1
                # Marks that belong to the character stay with it; then its right neighbour joins the reading.
                while at < stop and kind[points[at]] == IGNORED:
                    at += 1
                last = at
                if at < stop and kind[points[at]] == UNSPACED:
                    _absorb(state, letters, points[at], tables, stem)
                flag |= CONTENT | UNBROKEN
            else:
                while at < stop:
                    sort = kind[points[at]]
                    if sort == IGNORED:
                        at += 1
                        continue
                    if sort == JOINER:
                        inside = figure and last == at and at + 1 < stop and kind[points[at + 1]] == DIGIT
                        if not (inside and kind[points[at - 1]] == DIGIT):
                            break
                    elif sort == BREAK or sort > JOINER or sort == UNSPACED:
                        break
                    figure = figure or sort == DIGIT
                    letters = _absorb(state, letters, points[at], tables, stem)
                    at += 1
                    last = at
                if figure:
                    flag |= FIGURE | CONTENT
                elif letters >= CONTENT_LETTERS:
                    flag |= CONTENT
            flag |= INITIAL if initial else 0
            flag |= QUOTED if quoted else 0
            starts[count], ends[count] = begin - base, last - base
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
