"""From the bytes of a text to the hashes of its words alone, where nothing else of a word is asked for.

No pass asks at a letter whether its word ends there: a processor that guesses wrong stands still for as long as it
takes to read the word. The first spells the text out, a code for each letter and 0 for what ends a word; the second
hashes letters at four places of the text at a time, because each hash waits for that of the letter before.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import FNV_OFFSET, FNV_PRIME, compiled, inlined, mix
from lineage.kernels.tokens import DIGIT, FOLDED, IGNORED, JOINER, KIND, KINDS, POINTS, UNSPACED

ODD = np.uint32(1 << 31)  # the code of a character that is not simply a letter or a break
MOST_CODES = 8  # that a byte of UTF-8 is spelled with: a ligature of three bytes has eighteen letters
SLACK = 64  # codes beyond those
_NONE, _ONE = np.uint64(0), np.uint64(1)

Tables = Any  # (codes, characters, rest, rest_bounds), see `words.spelling_tables`


@inlined
def _kind(entry: np.uint32) -> np.uint32:
    return (entry >> KIND) & KINDS


@inlined
def _point(data: NDArray[np.uint8], at: np.uint64, stop: np.uint64) -> tuple[np.uint32, np.uint64]:
    """The code point at a place, and the next place."""
    point = np.uint32(data[at])
    at += _ONE
    if point >= 0x80:
        more = 1 if point < 0xE0 else (2 if point < 0xF0 else 3)
        point &= np.uint32(0x3F >> more)
        for _ in range(more):
            if at < stop:
                point = (point << np.uint32(6)) | np.uint32(data[at] & 0x3F)
                at += _ONE
    return min(point, np.uint32(POINTS - 1)), at


@inlined
def _letters(entry: np.uint32, tables: Tables, codes: NDArray[np.uint32], count: np.uint64) -> np.uint64:
    """Write what a character folds to, be it several letters; the place after it."""
    folded = np.int64(entry & FOLDED)
    low, high = (tables[3][folded - POINTS], tables[3][folded - POINTS + 1]) if folded >= POINTS else (0, 1)
    for place in range(low, high):
        codes[count] = tables[2][place] if folded >= POINTS else np.uint32(folded)
        count += _ONE
    return count


@inlined
def _unspaced(text: Any, entry: np.uint32, tables: Tables, out: Any, done: Any) -> tuple[np.uint64, np.uint64]:
    """Write the word that begins with a character of a script without spaces, all but the 0 after it; codes and words.

    text: bytes, the place after the character, and the end.  entry: of the character.  done: codes and words before.
    """
    data, at, end = text
    codes, ends = out
    count, words = done
    if codes[count - _ONE] != 0:
        codes[count], ends[words] = 0, count
        count += _ONE
        words += _ONE
    count = _letters(entry, tables, codes, count)
    following = np.uint32(0)
    while at < end:
        following, at = _point(data, at, end)
        if _kind(tables[1][following]) != IGNORED:
            break
    # The right neighbour belongs to this word, and is a word of its own.
    if _kind(tables[1][following]) == UNSPACED:
        count = _letters(tables[1][following], tables, codes, count)
    return count, words


@compiled
def spelled(data: NDArray[np.uint8], start: int, stop: int, tables: Tables, out: Any) -> Any:  # noqa: C901
    """Spell out the UTF-8 bytes [start, stop): how many codes were written, and how many words they are.

    out: codes, uint32, a letter each as it is compared, 0 before, between and after words; ends, uint32, the places of
    the 0 after each word. With room for one code a byte, and `SLACK`, a text that has ligatures may not fit: then both
    numbers are 0. With room for `MOST_CODES` a byte every text fits.
    """
    codes_of, characters = tables[0], tables[1]
    codes, ends = out
    at, end, count, words = np.uint64(start), np.uint64(stop), _ONE, _NONE
    before = np.uint32(0)
    codes[0] = 0
    while at < end:
        point = np.uint32(data[at])
        after = at + _ONE
        if point >= 0x80:
            if point < 0xE0 and after < end:
                point = ((point & np.uint32(31)) << np.uint32(6)) | np.uint32(data[after] & 63)
                after += _ONE
            else:
                point, after = _point(data, at, end)
        at = after
        code = codes_of[point]
        if code >= ODD:
            if count + (end - at) + np.uint64(SLACK) > np.uint64(codes.size):
                return 0, 0
            entry = characters[point]
            kind = _kind(entry)
            code = np.uint32(0)
            if kind == JOINER:  # a point or comma belongs to a word only between two digits
                if at < end and _kind(characters[before]) == DIGIT:
                    following, _ = _point(data, at, end)
                    if _kind(characters[following]) == DIGIT:
                        code = point
            elif kind == IGNORED:
                before = point
                continue
            elif kind != UNSPACED:
                count = _letters(entry, tables, codes, count)
                before = point
                continue
            else:
                count, words = _unspaced((data, at, end), entry, tables, out, (count, words))
        codes[count], ends[words] = code, count
        words += np.uint64((code == 0) & (codes[count - _ONE] != 0))
        count += _ONE
        before = point
    codes[count], ends[words] = 0, count
    return np.int64(count + _ONE), np.int64(words + np.uint64(codes[count - _ONE] != 0))


@inlined
def _step(state: np.uint64, code: np.uint32) -> np.uint64:
    """FNV-1a over the letters of a word; after it, the beginning of the next."""
    return (state ^ np.uint64(code)) * FNV_PRIME if code != 0 else FNV_OFFSET


@inlined
def _break_from(codes: NDArray[np.uint32], at: int, count: int) -> int:
    """The first place from `at` on where no word is cut."""
    while at < count and codes[at] != 0:
        at += 1
    return at


@compiled
def word_hashes(spelling: Any, size: tuple[int, int], states: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> None:
    """Write to `hashes` those of the words that `spelled` wrote.

    spelling, size: what it wrote, and what it returned.  states: room for one a code.
    """
    codes, ends = spelling
    count, words = size
    first = _break_from(codes, count >> 2, count)
    second = _break_from(codes, max(count >> 1, first), count)
    third = _break_from(codes, max(3 * (count >> 2), second), count)
    one, two, three, four = FNV_OFFSET, FNV_OFFSET, FNV_OFFSET, FNV_OFFSET
    least = min(min(first, second - first), min(third - second, count - third))
    b, c, d = np.uint64(first), np.uint64(second), np.uint64(third)
    for at in range(np.uint64(least)):
        one, two = _step(one, codes[at]), _step(two, codes[b + at])
        three, four = _step(three, codes[c + at]), _step(four, codes[d + at])
        states[at], states[b + at], states[c + at], states[d + at] = one, two, three, four
    for at in range(least, first):
        states[at] = one = _step(one, codes[at])
    for at in range(first + least, second):
        states[at] = two = _step(two, codes[at])
    for at in range(second + least, third):
        states[at] = three = _step(three, codes[at])
    for at in range(third + least, count):
        states[at] = four = _step(four, codes[at])
    for word in range(words):
        hashes[word] = mix(states[ends[word] - np.uint32(1)])
