"""Articles as sets of features, and the exact overlap of two such sets, weighted by rarity.

A feature is a 64-bit hash; a kind of feature is one row of `KINDS`. Sets are kept in compressed rows (values of
article `i` are `values[bounds[i]:bounds[i + 1]]`), sorted and without repeats.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lineage import background, kernels
from lineage.kernels.closest import marks
from lineage.settings import SketchSettings
from lineage.words import Words

Kind = Literal["stem", "pair", "triple", "five", "skip", "quiet", "figure", "name"]

KINDS: tuple[Kind, ...] = ("stem", "pair", "triple", "five", "skip", "quiet", "figure", "name")
"""stem: content-word stems.  pair, triple, five: so many words in a row.  skip: unordered pairs of content stems
within a window.  quiet: the same outside quotation marks, names and figures, where wording is free.  figure: words
with digits.  name: capitalised stems inside a sentence."""

SCHEME = "lineage.sketch/3"
"""Names how words, shingles and sketches are hashed. Sketches of two schemes, or of two settings, say nothing of each
other."""

HEAD_BITS = 18  # of a feature's hash, by which its count in a panel is looked up
FEW_BITS = 18  # the same among features that several articles have
_WIDE = np.full(1, -1, np.int64).view(np.uint64)  # a sieve that everything passes
_ROOM = 4  # bits for each feature that is marked, at least
_FEW_ROOM = 16  # the same of features that several articles have: fewer, and asked about every feature of every text


@dataclass(frozen=True, slots=True)
class Sets:
    """Feature sets of one kind for a batch of articles.

    values: uint64, sorted within each article.  shares: float32, expected share of ordinary articles with the
    feature.  places: int32, the first word at which the article has it; none of pairs of words apart.  bounds: int64,
    articles + 1.
    """

    values: NDArray[np.uint64]
    shares: NDArray[np.float32]
    places: NDArray[np.int32]
    bounds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Values:
    """The same without what features are weighed by: values and bounds."""

    values: NDArray[np.uint64]
    bounds: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Table:
    """The same sets, weighed within one panel.

    values, places, bounds, shares: as in `Sets`.  counts: int32, articles of the panel that have each feature of each
    article; below 0 where that is at most one and no pair has asked: to weigh an article alone it makes no difference.
    tally: of the panel.  weights: float32, information, in nats, of an article's having it.  total: float64, all its
    information of each article.
    """

    values: NDArray[np.uint64]
    shares: NDArray[np.float32]
    places: NDArray[np.int32]
    bounds: NDArray[np.int64]
    counts: NDArray[np.int32]
    tally: "Tally"
    weights: NDArray[np.float32]
    total: NDArray[np.float64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many features each article has."""
        return np.diff(self.bounds)

    @property
    def counted(self) -> kernels.Features:
        """What the kernels weigh features by."""
        return self.counts, self.shares, self.bounds, self.tally.articles

    def in_common(
        self, pairs: NDArray[np.int32], outside: NDArray[np.uint8]
    ) -> tuple[kernels.Meetings, NDArray[np.float32], NDArray[np.float64]]:
        """What `kernels.in_common` finds for these pairs; outside: see `table`."""
        known = (self.values, self.counted)
        return kernels.in_common(pairs, known, (self.weights, self.total), self.tally.asked, outside)


@dataclass(frozen=True)
class Tally:
    """How many articles of a panel have each feature of one kind.

    values: uint64, sorted; counts: int32.  heads: int32, where the values with the same leading bits begin.
    sieve: what `kernels.closest.marks` makes of the values, if it is at hand: by it most strangers are told without a
    look at the values themselves.  frequent: see `often`, if it is at hand.
    """

    values: NDArray[np.uint64]
    counts: NDArray[np.int32]
    heads: NDArray[np.int32]
    articles: int
    sieve: NDArray[np.uint64] | None = None
    frequent: "Tally | None" = None

    @classmethod
    def made(
        cls, values: NDArray[np.uint64], counts: NDArray[np.int32], articles: int, bits: int = HEAD_BITS
    ) -> "Tally":
        """The tally of these values, which must be sorted; bits: of a hash by which its count is looked up."""
        borders = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
        heads = np.append(np.searchsorted(values, borders), values.size).astype(np.int32)
        return cls(values, counts, heads, articles)

    @property
    def asked(self) -> kernels.Known:
        """What the kernels look counts up in."""
        return (self.values, self.counts, self.heads), _WIDE if self.sieve is None else self.sieve

    @cached_property
    def marks(self) -> NDArray[np.uint64]:
        """The sieve, made where it is not at hand."""
        return _sieve(self.values, _ROOM) if self.sieve is None else self.sieve

    @cached_property
    def often(self) -> "Tally":
        """Those features alone that two articles or more have: so few that they stay in the processor's cache."""
        if self.frequent is not None:
            return self.frequent
        kept = self.counts >= 2
        few = Tally.made(self.values[kept], self.counts[kept], self.articles, FEW_BITS)
        return replace(few, sieve=_sieve(few.values, _FEW_ROOM))

    def changed(self, more: "Tally", less: "Tally") -> "Tally":
        """The tally after the articles of `more` came and those of `less`, which were among them, went."""
        values = np.concatenate([self.values, more.values, less.values])
        counts = np.concatenate([self.counts, more.counts, -less.counts])
        order = np.argsort(values, kind="stable")
        known, first = np.unique(values[order], return_index=True)
        summed = np.add.reduceat(counts[order], first) if known.size else counts
        kept = summed > 0
        return Tally.made(known[kept], summed[kept].astype(np.int32), self.articles + more.articles - less.articles)


def _sieve(values: NDArray[np.uint64], room: int) -> NDArray[np.uint64]:
    return marks(values, (64 + room * values.size).bit_length())


@dataclass(frozen=True, slots=True)
class Sketches:
    """What candidate search needs of each article, row by row.

    minhash: uint32, articles × values, the least values of the 5-word shingles; all ones where a text has none.
    skips: the skip pairs as compressed rows.  lengths: int64, words of each article.
    """

    settings: SketchSettings
    minhash: NDArray[np.uint32]
    skips: Values
    lengths: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.lengths)


def sets(words: Words, kind: Kind, window: int = 4, rarity: NDArray[np.float32] | None = None) -> Sets:
    """The feature sets of one kind of every text in `words`; rarity: what `log_shares` says of them, if at hand."""
    logs = log_shares(words) if rarity is None else rarity
    if kind in ("pair", "triple", "five"):
        return runs(words, {"pair": 2, "triple": 3, "five": 5}[kind], logs)
    taken = chosen(words, kind)
    if kind in ("skip", "quiet"):
        values, shares, bounds = kernels.near_pairs(words.stems, logs, taken, words.bounds, window)
        return Sets(values, np.exp(shares, out=shares), np.empty(0, np.int32), bounds)
    keys = words.hashes if kind == "figure" else words.stems
    values, shares, places, bounds = kernels.single_words(keys, logs, taken, words.bounds)
    return Sets(values, np.exp(shares, out=shares), places, bounds)


def runs(words: Words, size: int, rarity: NDArray[np.float32] | None = None) -> Sets:
    """The shingles of every text in `words`: sets of `size` words in a row; rarity: as in `sets`."""
    logs = log_shares(words) if rarity is None else rarity
    values, shares, places, bounds = kernels.runs(words.hashes, logs, words.bounds, size)
    return Sets(values, np.exp(shares, out=shares), places, bounds)


def log_shares(words: Words) -> NDArray[np.float32]:
    """Of each word the logarithm of the share of ordinary articles that have its stem."""
    return background.table().log_share(words.stems)


def skips(words: Words, window: int) -> Values:
    """The skip pairs of every text in `words`, not weighed."""
    taken, nothing = chosen(words, "skip"), np.zeros(words.stems.size, np.float32)
    values, _, bounds = kernels.near_pairs(words.stems, nothing, taken, words.bounds, window)
    return Values(values, bounds)


def none(articles: int) -> Values:
    """The sets of so many articles that have no feature."""
    return Values(np.empty(0, np.uint64), np.zeros(articles + 1, np.int64))


def joined(parts: Sequence[Sets]) -> Sets:
    """The sets of several batches as those of one."""
    return Sets(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.shares for part in parts]),
        np.concatenate([part.places for part in parts]),
        _end_to_end([part.bounds for part in parts]),
    )


def joined_values(parts: Sequence[Values]) -> Values:
    """The same of sets that are not weighed."""
    if len(parts) == 1:
        return parts[0]
    return Values(np.concatenate([part.values for part in parts]), _end_to_end([part.bounds for part in parts]))


def _end_to_end(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    ends = np.cumsum([0, *(bounds[-1] for bounds in parts)])
    moved = [bounds[1:] + end for bounds, end in zip(parts, ends[:-1], strict=True)]
    return np.concatenate([np.zeros(1, np.int64), *moved])


def chosen(words: Words, kind: Kind) -> NDArray[np.bool_]:
    """True for the words of which features of this kind are made."""
    if kind == "figure":
        return kernels.flagged(words.flags, kernels.FIGURE, 0, 0)
    if kind == "name":
        return kernels.flagged(words.flags, kernels.CAPITAL | kernels.CONTENT, kernels.INITIAL, 0)
    if kind == "quiet":
        return kernels.flagged(words.flags, kernels.CONTENT, kernels.QUOTED | kernels.FIGURE, kernels.CAPITAL)
    return kernels.flagged(words.flags, kernels.CONTENT, 0, 0)


def tally(parts: Sequence[Sets]) -> Tally:
    """How many articles of all `parts` have each feature."""
    values, counts = np.unique(np.concatenate([part.values for part in parts]), return_counts=True)
    return Tally.made(values, counts.astype(np.int32), sum(part.bounds.size - 1 for part in parts))


def table(parts: Sets, panel: Tally | None = None, outside: NDArray[np.uint8] | None = None) -> Table:
    """The sets weighed: a feature is worth -log of the share of articles expected to have it.

    The share blends the panel, by default the sets themselves, with the background as if `kernels.PRIOR` more articles
    had been seen, so five articles and five million are weighed by one rule.  outside: 1 for an article that is not in
    the panel, where its own features count as one more; by default nobody is.
    """
    strangers = np.zeros(parts.bounds.size - 1, np.uint8) if outside is None else outside
    known = tally([parts]) if panel is None else panel
    asked = (known if panel is None else known.often).asked
    sets = parts.values, parts.shares, parts.bounds
    counts, weights, total = kernels.weighed(sets, asked, known.articles, strangers)
    return Table(parts.values, parts.shares, parts.places, parts.bounds, counts, known, weights, total)
