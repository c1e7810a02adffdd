"""The slow, obvious versions of every fast kernel. They are what the kernels mean."""

import unicodedata
from collections import Counter
from itertools import combinations

import numpy as np

from lineage import words
from lineage.words import UNSPACED, fold

WORD_CATEGORIES = "LMN"


def is_unspaced(char: str) -> bool:
    inside = any(low <= ord(char) <= high for low, high in UNSPACED)
    return inside and unicodedata.category(char)[0] in WORD_CATEGORIES and fold(char) != ""


def is_ignored(char: str) -> bool:
    return words._passed_over(char)


def is_word_char(char: str) -> bool:
    return unicodedata.category(char)[0] in WORD_CATEGORIES and not is_unspaced(char) and not is_ignored(char)


def is_digit(char: str) -> bool:
    return unicodedata.category(char) == "Nd"


def split(text: str) -> list[tuple[int, int, str]]:
    """The words of `text` as (start, end, folded word), character by character."""
    found: list[tuple[int, int, str]] = []
    at = 0
    while at < len(text):
        if is_unspaced(text[at]):
            start, at = at, at + 1
            while at < len(text) and is_ignored(text[at]):
                at += 1
            neighbour = text[at] if at < len(text) and is_unspaced(text[at]) else ""
            found.append((start, at, fold(text[start]) + fold(neighbour)))
        elif is_word_char(text[at]):
            start, end, spelling = at, at, ""
            while at < len(text):
                char = text[at]
                joins = (
                    char in ".,"
                    and end == at
                    and is_digit(text[at - 1])
                    and at + 1 < len(text)
                    and is_digit(text[at + 1])
                )
                if is_word_char(char) or joins:
                    spelling += fold(char)
                    end = at + 1
                elif not is_ignored(char):
                    break
                at += 1
            found.append((start, end, spelling))
        else:
            at += 1
    return found


def overlap(a: set[int], b: set[int]) -> int:
    return len(a & b)


def co_occurrences(rows: list[set[int]], cap: int, least: int) -> dict[tuple[int, int], int]:
    """Pairs of rows that share at least `least` features had by at most `cap` rows."""
    counts = Counter(feature for row in rows for feature in row)
    shared: Counter[tuple[int, int]] = Counter()
    for a, b in combinations(range(len(rows)), 2):
        common = sum(counts[feature] <= cap for feature in rows[a] & rows[b])
        if common >= least:
            shared[a, b] = common
    return dict(shared)


def longest_rising(values: list[int]) -> int:
    """Length of the longest strictly increasing subsequence."""
    best = [0] * len(values)
    for at, value in enumerate(values):
        best[at] = 1 + max((best[before] for before in range(at) if values[before] < value), default=0)
    return max(best, default=0)


def compressed(rows: list[set[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of features as (ids, bounds), as the kernels take them."""
    ids = np.array([feature for row in rows for feature in sorted(row)], np.int32)
    bounds = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return ids, bounds


WORD = (1 << 64) - 1


def mixed(value: int) -> int:
    """MurmurHash3's finaliser."""
    for multiplier in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = ((value ^ (value >> 33)) * multiplier) & WORD
    return value ^ (value >> 33)


def similarity_sketch(elements: set[int], size: int) -> list[int]:
    """A Fast Similarity Sketch: rounds of balls thrown into bins, until every bin has one; 2³² - 1 where none has.

    A value is 6 bits of its round, then 26 of the hash.
    """
    bins: list[int | None] = [None] * size
    for turn in range(2 * size):
        thrown: list[list[int]] = [[] for _ in bins]
        for element in elements:
            hashed = mixed((element + turn * 0x9E3779B97F4A7C15) & WORD) if turn else element
            bin = ((hashed >> 32) * size) >> 32 if turn < size else turn - size
            thrown[bin].append(min(turn, 62) << 26 | hashed % (1 << 26))
        bins = [min(balls) if kept is None and balls else kept for kept, balls in zip(bins, thrown, strict=True)]
    return [0xFFFFFFFF if kept is None else kept for kept in bins]


def shingle_hashes(hashes: list[int], size: int, seed: int) -> set[int]:
    """The hashes of every `size` words in a row."""
    found = set()
    for start in range(len(hashes) - size + 1):
        state = mixed(seed)
        for value in hashes[start : start + size]:
            state = (state * 0x100000001B3 + value) & WORD
        found.add(mixed(state))
    return found
