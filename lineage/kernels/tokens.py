"""From the bytes of texts to words."""

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

# An entry of the character table: what the character folds to, its kind, and whether it is a letter that folds to one.
FOLDED, KIND, KINDS, PLAIN = np.uint32(0xFFFFFF), np.uint32(24), np.uint32(15), np.uint32(1 << 31)

Tables = Any  # (characters: uint32 of POINTS entries, rest: uint32, rest_bounds: int64), see `words.CharTables`


@compiled
def decode(data: NDArray[np.uint8], start: int, stop: int, points: NDArray[np.uint32]) -> int:
    """The code points of the UTF-8 bytes [start, stop), written to `points`; how many.

    Lone surrogates pass. Bytes that are no UTF-8 never raise: the callers' texts were decoded before.
    """
    at, count = start, 0
    while at < stop:
        point = np.uint32(data[at])
        at += 1
        if point >= 0x80:
            more = 1 if point < 0xE0 else (2 if point < 0xF0 else 3)
            point &= np.uint32(0x3F >> more)
            for _ in range(min(more, stop - at)):
                point = (point << np.uint32(6)) | np.uint32(data[at] & 0x3F)
                at += 1
        points[count] = min(point, np.uint32(POINTS - 1))
        count += 1
    return count


@compiled
def _after_mark(kind: int, initial: bool, quoted: bool) -> tuple[bool, bool]:
    """Whether a sentence begins and whether a quotation is open, after a mark of punctuation."""
    if kind == QUOTE_OPEN:
        return initial, True
    if kind == QUOTE_CLOSE:
        return initial, False
    if kind == QUOTE_EITHER:
        return initial, not quoted
    if kind == NEWLINE:  # a quotation that was never closed ends with its paragraph
        return True, False
    return initial or kind == STOP, quoted


@compiled
def _kind(entry: np.uint32) -> int:
    return int((entry >> KIND) & KINDS)


@compiled
def _class(kind: int, figure: bool, letters: int) -> int:
    """The flags of a word that begins with a character of this kind."""
    if kind == UNSPACED:
        return CONTENT | UNBROKEN
    if figure:
        return FIGURE | CONTENT
    return CONTENT if letters >= CONTENT_LETTERS else 0


@compiled
def read(points: NDArray[np.uint32], size: int, tables: Tables, stem: int, out: Any, count: int) -> int:  # noqa: C901
    """The words of one text of `size` code points, written to `out` from place `count` on; the place after them.

    out: starts, ends, hashes, stems, flags, as `tokenise` returns them. One loop and no helpers that take arrays: in
    compiled code handing an array on costs more than reading a word.
    """
    characters, rest, rest_bounds = tables
    starts, ends, hashes, stems, flags = out
    at, initial, quoted = 0, True, False
    while at < size:
        first = _kind(characters[points[at]])
        if first == BREAK or first >= IGNORED:
            if first >= JOINER:
                initial, quoted = _after_mark(STOP if points[at] == FULL_STOP else first, initial, quoted)
            at += 1
            continue
        word, stemmed, letters, figure = FNV_OFFSET, FNV_OFFSET, 0, False
        start, last, unspaced = at, at, first == UNSPACED
        while at < size:
            entry = characters[points[at]]
            if entry < PLAIN:  # seldom: neither a letter that folds to one letter
                kind = _kind(entry)
                if kind == IGNORED:
                    at += 1
                    continue
                if kind == JOINER:  # a point or comma belongs to a word only between two digits
                    if last != at or at + 1 == size or _kind(characters[points[at - 1]]) != DIGIT:
                        break
                    if _kind(characters[points[at + 1]]) != DIGIT:
                        break
                elif kind == BREAK or kind > JOINER or (kind == UNSPACED) != unspaced:
                    break
                figure = figure or kind == DIGIT
            elif unspaced:
                break
            folded = entry & FOLDED
            low, high = (rest_bounds[folded - POINTS], rest_bounds[folded - POINTS + 1]) if folded >= POINTS else (0, 1)
            for place in range(low, high):
                word = add(word, np.uint64(rest[place] if folded >= POINTS else folded))
                letters += 1
                stemmed = word if letters == stem else stemmed
            if unspaced and at > start:  # the right neighbour, which is a word of its own
                break
            at += 1
            last = at
        starts[count], ends[count] = start, at if unspaced else last
        hashes[count], stems[count] = mix(word), mix(stemmed if letters >= stem else word)
        flags[count] = _class(first, figure, letters) | CAPITAL * (first == UPPER) | INITIAL * initial | QUOTED * quoted
        count += 1
        initial = False
    return count


@compiled
def tokenise(data: NDArray[np.uint8], borders: NDArray[np.int64], tables: Tables, stem: int) -> Any:
    """The words of texts laid end to end as UTF-8: starts, ends, hashes, stems, flags, bounds (see `words.Words`).

    borders: where each text begins in `data`, and the end.  stem: the letters of a stem.
    """
    longest, room = 0, borders[-1] - borders[0]
    for text in range(borders.size - 1):
        longest = max(longest, borders[text + 1] - borders[text])
    points = np.empty(longest, np.uint32)
    out = (
        np.empty(room, np.int64),
        np.empty(room, np.int64),
        np.empty(room, np.uint64),
        np.empty(room, np.uint64),
        np.empty(room, np.uint8),
    )
    bounds = np.zeros(borders.size, np.int64)
    for text in range(borders.size - 1):
        size = decode(data, borders[text], borders[text + 1], points)
        bounds[text + 1] = read(points, size, tables, stem, out, bounds[text])
    count = bounds[-1]
    return out[0][:count], out[1][:count], out[2][:count], out[3][:count], out[4][:count], bounds
