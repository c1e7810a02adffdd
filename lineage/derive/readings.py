"""The texts of one story read once: words, features of five kinds, and which text has which."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lineage import words
from lineage.derive.register import register
from lineage.derive.stated import stated
from lineage.records import Article, Span

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]

KINDS = ("stem", "two", "three", "five", "skip")
WINDOW = 4
CHUNK = 8192  # features in one product
RARE = 48  # features of at most so many texts are counted pair by pair, in stories larger than that
BLOCK = 1 << 22
DECIMALS = 6

_MIX = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53), np.uint64(33))
_STEP = np.uint64(0x9E3779B97F4A7C15)


def mixed(values: Hashes) -> Hashes:
    """A bijection of 64-bit values whose output bits all depend on all input bits (MurmurHash3's finaliser)."""
    first, second, shift = _MIX
    out = values ^ (values >> shift)
    out = out * first
    out ^= out >> shift
    out = out * second
    result: Hashes = out ^ (out >> shift)
    return result


def runs(hashes: Hashes, length: int) -> Hashes:
    """One hash for every run of `length` consecutive words, by the word it starts with."""
    count = max(0, hashes.size - length + 1)
    out: Hashes = np.zeros(count, np.uint64)
    for offset in range(length):
        out = mixed(out + _STEP) ^ hashes[offset : offset + count]
    return mixed(out)


def skips(stems: Hashes, window: int = WINDOW) -> Hashes:
    """One hash for every unordered pair of content stems at most `window` content stems apart."""
    parts: list[Hashes] = []
    for gap in range(1, window + 1):
        left, right = stems[:-gap], stems[gap:]
        low: Hashes = np.minimum(left, right).astype(np.uint64)
        high: Hashes = np.maximum(left, right).astype(np.uint64)
        parts.append(mixed(mixed(low) + high * _STEP)[low != high])
    return np.concatenate(parts) if parts else stems[:0]


@dataclass(frozen=True)
class Reading:
    """One text with its words."""

    article: Article
    words: words.Words
    _known: dict[str, Hashes] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, article: Article) -> "Reading":
        """The reading of an article."""
        return cls(article, words.split(article.text))

    def says(self) -> tuple[str, str, str]:
        """All that a derivation reads of an article. Two that say the same can only be told apart by name."""
        published = self.article.published
        return self.article.text, published.text if published else "", self.article.lang

    def features(self, kind: str) -> Hashes:
        """The distinct features of one of `KINDS`, or the words or facts ("word", "fact"), sorted; computed once."""
        if kind not in self._known:
            self._known[kind] = self._features(kind)
        return self._known[kind]

    @cached_property
    def facts(self) -> dict[int, tuple[Span, ...]]:
        """The facts of the text with their places."""
        return stated(self.article)

    @cached_property
    def register(self) -> dict[str, float]:
        """How the text is written."""
        return register(self.article.text, self.words)

    def runs_of_three(self) -> Hashes:
        """The run of three words that starts at each word, in order; computed once."""
        if "in order" not in self._known:
            self._known["in order"] = runs(self.words.hashes, 3)
        return self._known["in order"]

    def _features(self, kind: str) -> Hashes:
        if kind == "fact":
            return np.array(sorted(self.facts), np.uint64)
        content = self.words.stems[self.words.content]
        if kind == "stem":
            return np.unique(mixed(content))
        if kind == "skip":
            return np.unique(skips(content))
        if kind == "word":
            return np.unique(mixed(self.words.hashes))
        if kind == "three":
            return np.unique(self.runs_of_three())
        return np.unique(runs(self.words.hashes, {"two": 2, "five": 5}[kind]))


@dataclass(frozen=True)
class Postings:
    """Which text has which feature of one kind.

    rows, columns: one entry for every (text, feature), sorted by column.  held: texts that have each feature.
    order: the features' hashes, the basis of samples that do not depend on the order of the texts.
    """

    rows: Ints
    columns: Ints
    held: Ints
    order: Hashes
    texts: int

    @classmethod
    def of(cls, sets: Sequence[Hashes]) -> "Postings":
        """The postings of each text's distinct features."""
        rows = np.repeat(np.arange(len(sets)), [s.size for s in sets])
        values = np.concatenate(sets)
        by_column = np.argsort(values, kind="stable")  # merges the sets, which are sorted already
        values = values[by_column]
        first = np.append(True, values[1:] != values[:-1])[: values.size]
        held = np.diff(np.flatnonzero(first), append=values.size)
        return cls(rows[by_column], np.cumsum(first) - 1, held, values[first], len(sets))

    @cached_property
    def sizes(self) -> Array:
        """Distinct features of each text."""
        return np.bincount(self.rows, minlength=self.texts).astype(np.float64)

    def weights(self) -> Array:
        """How surprising it is within this story that a text has the feature: log(texts + 1 / texts that have it)."""
        weight: Array = np.log((self.texts + 1.0) / self.held)
        return weight

    @cached_property
    def weighted_sizes(self) -> Array:
        """Summed weight of each text's features."""
        sizes: Array = np.bincount(self.rows, self.weights()[self.columns], minlength=self.texts).astype(float)
        return np.round(sizes, DECIMALS)

    def incidence(self, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Texts × chosen features, 1 where the text has the feature."""
        position = np.cumsum(chosen) - 1
        keep = chosen[self.columns]
        out = np.zeros((self.texts, int(chosen.sum())), np.float32)
        out[self.rows[keep], position[self.columns[keep]]] = 1.0
        return out

    @cached_property
    def shared(self) -> Array:
        """Texts × texts: how many features both have; features of one text alone are not counted."""
        return self._in_common(np.ones(self.held.size), self.held >= 2)

    @cached_property
    def shared_weight(self) -> Array:
        """Texts × texts: the summed weight of the features both have; those of one text alone are not counted."""
        return self._in_common(self.weights(), self.held >= 2)

    @cached_property
    def shared_by_two(self) -> Array:
        """Texts × texts: how many features these two have and no third text has."""
        return self._in_common(np.ones(self.held.size), self.held == 2)

    def _in_common(self, weights: Array, chosen: NDArray[np.bool_]) -> Array:
        """Rare features pair by pair, frequent ones as products of tables: either alone is slow on a large story."""
        rare = RARE if self.texts > RARE else 1
        out: Array = np.zeros((self.texts, self.texts))
        for held in range(2, rare + 1):
            self._add_rare(out, weights, np.flatnonzero(chosen & (self.held == held)), held)
        numbers = np.flatnonzero(chosen & (self.held > rare))
        for start in range(0, numbers.size, CHUNK):
            part = np.zeros(self.held.size, bool)
            part[numbers[start : start + CHUNK]] = True
            table = self.incidence(part).astype(np.float64)
            out += (table * weights[part]) @ table.T
        # Sums in another order differ in the last bits; ties between equal texts must stay ties.
        return np.round(out, DECIMALS)

    def _add_rare(self, out: Array, weights: Array, numbers: Ints, held: int) -> None:
        """Add the pairs of the features that exactly `held` texts have."""
        starts = np.searchsorted(self.columns, numbers)
        step = max(1, BLOCK // (held * held))
        for first in range(0, numbers.size, step):
            block = starts[first : first + step]
            rows = self.rows[block[:, None] + np.arange(held)[None, :]]
            places = rows[:, :, None] * self.texts + rows[:, None, :]
            weight = np.repeat(weights[numbers[first : first + step]], held * held)
            out += np.bincount(places.ravel(), weight, minlength=out.size).reshape(out.shape)

    def sample(self, chosen: NDArray[np.bool_], size: int) -> NDArray[np.bool_]:
        """At most `size` of the chosen features, the same ones whatever the order of the texts."""
        numbers = np.flatnonzero(chosen)
        if numbers.size <= size:
            return chosen
        kept = numbers[np.argsort(self.order[numbers], kind="stable")[:size]]
        out = np.zeros(chosen.size, bool)
        out[kept] = True
        return out


def among(values: Hashes, known: Hashes) -> NDArray[np.bool_]:
    """Whether each value is one of `known`, which must be sorted; much faster than `np.isin` on short arrays."""
    if known.size == 0:
        return np.zeros(values.size, bool)
    place = np.minimum(np.searchsorted(known, values), known.size - 1)
    found: NDArray[np.bool_] = known[place] == values
    return found


def occurrences(hashes: Hashes) -> Hashes:
    """One hash for every occurrence: equal sets of them are equal bags of words."""
    ordered = np.sort(hashes)
    first = np.searchsorted(ordered, ordered, side="left")
    number = np.arange(ordered.size, dtype=np.uint64) - first.astype(np.uint64)
    return np.sort(mixed(mixed(ordered) + number * _STEP))
