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


def passages(flags: list[int], least: int, longest: int) -> list[int]:
    """The passage of each word: a new one begins with a sentence once `least` content words are held, or at four times
    as many in any case."""
    numbers, number, held = [], 0, 0
    for flag in flags:
        initial, content = bool(flag & 16), bool(flag & 1)
        if held >= least and (initial or held >= longest * least):
            number, held = number + 1, 0
        numbers.append(number)
        held += content
    return numbers


def aligned(here: list[dict[int, float]], there: list[dict[int, float]]) -> list[float]:
    """How the passages of two texts, each a mapping of feature to weight, answer one another."""
    shared = [[sum(weight for feature, weight in a.items() if feature in b) for b in there] for a in here]
    ways = [_one_way(shared, here), _one_way([list(column) for column in zip(*shared, strict=True)], there)]
    columns = [pick(way[measure] for way in ways) for measure in range(4) for pick in (max, min)]
    mine, theirs = [sum(a.values()) for a in here], [sum(b.values()) for b in there]
    chosen = []
    for a, row in enumerate(shared):
        b = row.index(max(row))
        column = [line[b] for line in shared]
        mutual = max(row) > 0 and column.index(max(column)) == a
        if mutual and row[b] >= 0.25 * min(mine[a], theirs[b]):
            chosen.append((b, row[b]))
    couples = [first[0] < second[0] for first, second in combinations(chosen, 2)]
    return [
        *columns,
        sum(weight for _, weight in chosen) / max(min(sum(mine), sum(theirs)), 1e-9),
        len(chosen) / min(len(here), len(there)),
        (2.0 * sum(couples) - len(couples)) / (len(couples) + 3.0),
    ]


def _one_way(shared: list[list[float]], held: list[dict[int, float]]) -> list[float]:
    mass = [sum(passage.values()) for passage in held]
    best = [max(row) for row in shared]
    second = [sorted([0.0, *row])[-2] for row in shared]
    score = [top / weight if weight else 0.0 for top, weight in zip(best, mass, strict=True)]
    total = max(sum(mass), 1e-9)
    found = sum(weight for weight, share in zip(mass, score, strict=True) if share >= 0.4)
    running, low = 0.0, 0.0
    for share, weight in sorted(zip(score, mass, strict=True)):
        running += weight
        if running >= 0.25 * sum(mass):
            low = share
            break
    return [sum(best) / total, sum(b - s for b, s in zip(best, second, strict=True)) / total, found / total, low]


def linked(near: dict[tuple[int, int], float], articles: int, least: float) -> dict[tuple[int, int], float]:
    """For each two articles the mean nearness at which their clusters join, the two nearest clusters always first."""
    tie = {**near, **{(b, a): value for (a, b), value in near.items()}}

    def mean(one: tuple[int, ...], other: tuple[int, ...]) -> float:
        told = [max(least, tie[a, b]) for a in one for b in other if (a, b) in tie]
        return sum(told) / len(told) if told else least

    clusters = [(article,) for article in range(articles)]
    met = {}
    while len(clusters) > 1:
        one, other = max(combinations(clusters, 2), key=lambda two: mean(*two))
        met |= {(min(a, b), max(a, b)): mean(one, other) for a in one for b in other}
        clusters = [cluster for cluster in clusters if cluster not in (one, other)] + [one + other]
    return met
