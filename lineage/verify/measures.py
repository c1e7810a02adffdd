"""The exact measures of a pair: what two articles share, in several units, plain and weighted by rarity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import features, kernels, words
from lineage.features import KINDS, Kind, Table, Tally
from lineage.settings import SketchSettings
from lineage.verify import passages
from lineage.verify.panel import Panel
from lineage.words import Words

Column = NDArray[np.float64]

OF_EACH_KIND = (
    "jaccard",
    "containment",
    "weighted_jaccard",
    "weighted_containment",
    "weighted_cover",
    "private",
    "scarce",
    "private_count",
)
"""jaccard: shared of all.  containment: shared of the smaller.  weighted_: by information, see `features.table`.
weighted_cover: shared of the larger.  private: share of the smaller that only these two articles have.  scarce: the
same for at most six articles.  private_count: log of one plus how many are private."""

RANKED: tuple[Kind, ...] = ("skip", "stem", "quiet", "triple")

COMMONED: tuple[Kind, ...] = ("skip", "quiet", "triple", "pair")

REGISTER = ("sentence", "variety", "letters")

MEASURES: tuple[str, ...] = (
    *(f"{kind}_{measure}" for kind in KINDS for measure in OF_EACH_KIND),
    "length_least",
    "length_ratio",
    "order_stem",
    "order_stem_excess",
    "order_triple",
    *(f"{kind}_{rank}" for kind in RANKED for rank in ("of_best", "of_lesser_best")),
    "quiet_of_skip",
    "name_over_quiet",
    *(f"{kind}_{part}" for kind in COMMONED for part in ("private_of", "scarce_of")),
    *passages.NAMES,
    *(f"{sign}_{which}" for sign in REGISTER for which in ("least", "ratio")),
)
"""length_: words of the shorter, as a log; shorter to longer.  order_stem: longest run of shared stems that first
appear in the same order, of all shared; _excess: against its square root, which is what chance gives.  order_triple:
the same for triples, of the smaller.  of_best, of_lesser_best: overlap against the best that either, or the less
lucky of the two, has with any compared article.  quiet_of_skip: wording outside quotations and names against all.
name_over_quiet: names shared more than free wording, as independent reports of one event do.  private_of, scarce_of:
of what is shared, how much only these two, or at most six articles, have: little of it is a template.  sentence_,
variety_, letters_: words a sentence, different words against how many there are, letters a word; of the text that has
less, and its part of the other's: plain language says the same in few common words, so less is shared."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles to be compared: their words, and how the features made of them are weighed.

    rarity: of each word, see `features.log_shares`.  tallies: of the panel; where it has none of a kind, the articles
    are their own panel.  outside: uint8, 1 for an article that the panel does not hold.
    """

    words: Words
    rarity: NDArray[np.float32]
    tallies: Mapping[Kind, Tally]
    outside: NDArray[np.uint8]
    window: int

    def table(self, kind: Kind) -> Table:
        """The features of one kind, made anew each time: all kinds together would take much memory."""
        sets = features.sets(self.words, kind, self.window, self.rarity)
        return features.table(sets, self.tallies.get(kind), self.outside)

    def some(self, articles: NDArray[np.bool_]) -> "Corpus":
        """Some of the articles, weighed as before."""
        rarity = self.rarity[np.repeat(articles, self.lengths)]
        return Corpus(self.words.some(articles), rarity, self.tallies, self.outside[articles], self.window)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Words of each article."""
        return np.diff(self.words.bounds)


def corpus(
    texts: Sequence[str],
    settings: SketchSettings = SketchSettings(),
    panel: Panel | None = None,
    outside: NDArray[np.uint8] | None = None,
) -> Corpus:
    """Articles that are compared with one another, weighed within `panel`.

    Without a panel the articles themselves are the panel. outside: see `Corpus`; by default nobody is.
    """
    split = words.split_batch(texts, settings.stem)
    strangers = np.zeros(len(texts), np.uint8) if outside is None else outside
    return Corpus(split, features.log_shares(split), {} if panel is None else panel.tallies, strangers, settings.window)


def measures(known: Corpus, pairs: NDArray[np.int32]) -> NDArray[np.float64]:
    """One row a pair, one column a measure, in the order of `MEASURES`; symmetric in the two articles."""
    rows = alone(known, pairs)
    rank(rows, pairs, best([(pairs, overlaps(rows))], known.lengths.size))
    return rows


def overlaps(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """The overlaps of which ranks are made: pairs × kinds of `RANKED`."""
    return rows[:, _OVERLAPS]


def best(blocks: Iterable[tuple[NDArray[np.int32], NDArray[np.float64]]], articles: int) -> NDArray[np.float64]:
    """The best overlap of each article with any compared one: kinds of `RANKED` × articles.

    blocks: pairs and their `overlaps`, which together are all that is compared.
    """
    found = np.zeros((len(RANKED), articles))
    for pairs, shared in blocks:
        kernels.bests(pairs, shared, found)
    return found


def rank(rows: NDArray[np.float64], pairs: NDArray[np.int32], bests: NDArray[np.float64]) -> None:
    """Fill in how each pair stands to the best overlaps of its two articles."""
    kernels.ranks(pairs, rows, bests, _RANKS)


_RANKS = np.array(
    [
        [MEASURES.index(f"{kind}_{name}") for name in ("weighted_jaccard", "of_best", "of_lesser_best")]
        for kind in RANKED
    ]
)
_OVERLAPS = _RANKS[:, 0].tolist()


def alone(known: Corpus, pairs: NDArray[np.int32]) -> NDArray[np.float64]:
    """The measures that depend on the two texts and the panel; ranks are zero."""
    order = _by_larger(known, pairs)
    ordered, rows = pairs[order], np.empty((len(pairs), len(MEASURES)))
    rows[order] = _measured(known, ordered, np.zeros(rows.shape), KINDS)
    return rows


def promising(known: Corpus, pairs: NDArray[np.int32], least: float) -> NDArray[np.float64]:
    """The same for the pairs whose `GLANCE` is `least` or more; the others are given up, all theirs is `GIVEN_UP`.

    Candidates that met by chance are most of a large corpus. One measure tells them, for a third of the work. The panel
    must be given, or the articles that are left would be another one.
    """
    order = _by_larger(known, pairs)
    ordered, glanced = pairs[order], np.zeros((len(pairs), len(MEASURES)))
    _in_common(known, ordered, glanced, "skip")
    kept = glanced[:, _COLUMN[GLANCE]] >= least
    articles = np.zeros(known.lengths.size, np.bool_)
    articles[ordered[kept]] = True
    place = (np.cumsum(articles) - 1).astype(np.int32)
    others = [kind for kind in KINDS if kind != "skip"]
    rows = np.full(glanced.shape, GIVEN_UP)
    rows[order[kept]] = _measured(known.some(articles), place[ordered[kept]], glanced[kept], others)
    return rows


GLANCE, GIVEN_UP = "skip_weighted_jaccard", -1.0


def given_up(rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which pairs `promising` has given up: no measure is below 0."""
    found: NDArray[np.bool_] = rows[:, _COLUMN[GLANCE]] < 0.0
    return found


def _by_larger(known: Corpus, pairs: NDArray[np.int32]) -> NDArray[np.int64]:
    """An order in which pairs with the same larger article come together: that one is made ready to be searched."""
    order: NDArray[np.int64] = np.argsort(
        pairs[np.arange(len(pairs)), known.lengths[pairs].argmax(axis=1)], kind="stable"
    )
    return order


def _measured(
    known: Corpus, pairs: NDArray[np.int32], rows: NDArray[np.float64], kinds: Sequence[Kind]
) -> NDArray[np.float64]:
    """The rows, filled with what is made of features of these kinds, and of all kinds."""
    for kind in kinds:
        _in_common(known, pairs, rows, kind)
    for name, column in _of_all(rows, known.lengths, pairs).items():
        rows[:, _COLUMN[name]] = column
    return rows


_AT_ONCE = 1 << 13  # pairs whose shared features are held in memory together
_COLUMN = {name: column for column, name in enumerate(MEASURES)}


def _in_common(known: Corpus, pairs: NDArray[np.int32], rows: NDArray[np.float64], kind: Kind) -> None:
    """Write what the pairs have in common in features of one kind; the rows are zero."""
    table = known.table(kind)
    if not table.values.size:
        return
    standing = passages.passages(known.words, table) if kind == "stem" else {}
    if kind == "stem":
        for sign, values in _register(known, table.sizes).items():
            least, most = _least_most(values, pairs)
            rows[:, _COLUMN[f"{sign}_least"]] = least
            rows[:, _COLUMN[f"{sign}_ratio"]] = _ratio(least, most)
    for start in range(0, len(pairs), _AT_ONCE):
        some = slice(start, start + _AT_ONCE)
        for name, column in _of_kind(kind, table, standing, known.outside, pairs[some], rows[some]).items():
            rows[some, _COLUMN[name]] = column


def _register(known: Corpus, stems: NDArray[np.int64]) -> dict[str, Column]:
    """How each article is written, by the names of `REGISTER`; stems: how many different ones it has."""
    lengths = np.maximum(known.lengths, 1).astype(np.float64)
    sentences = _summed(known.words.having(kernels.INITIAL), known.words.bounds)
    letters = _summed(known.words.ends - known.words.starts, known.words.bounds)
    return {
        "sentence": lengths / np.maximum(sentences, 1.0),
        "variety": stems / lengths**EVEN,
        "letters": letters / lengths,
    }


EVEN = 0.75  # different words grow about so with the number of words, in any register


def _summed(values: NDArray[Any], bounds: NDArray[np.int64]) -> Column:
    """The sum of the values within each two bounds."""
    total = np.concatenate([np.zeros(1), np.cumsum(values, dtype=np.float64)])
    found: Column = total[bounds[1:]] - total[bounds[:-1]]
    return found


def _of_kind(
    kind: Kind,
    table: Table,
    standing: dict[Kind, kernels.Standing],
    outside: NDArray[np.uint8],
    pairs: NDArray[np.int32],
    rows: NDArray[np.float64],
) -> dict[str, Column]:
    """What the pairs have in common in features of one kind; standing: of the stems, what `passages` returns.

    The columns `OF_EACH_KIND` are written to `rows`, the others returned.
    """
    met, weights, found = table.in_common(pairs, outside)
    first = _COLUMN[f"{kind}_{OF_EACH_KIND[0]}"]
    kernels.ratios(pairs, found, table.bounds, rows[:, first : first + len(OF_EACH_KIND) - 1])
    columns = {f"{kind}_private_count": np.log1p(found[:, kernels.PRIVATE])}
    if kind in ("stem", "triple"):
        rising = kernels.same_order(pairs, met, table.places, table.bounds)
    if kind == "stem":
        columns["order_stem"] = _ratio(rising, found[:, kernels.SHARED])
        columns["order_stem_excess"] = _ratio(rising, np.sqrt(found[:, kernels.SHARED]))
        columns |= passages.measures(standing, pairs, (met, weights), table.bounds)
    if kind == "triple":
        columns["order_triple"] = _ratio(rising, _least_most(table.sizes.astype(np.float64), pairs)[0])
    return columns


def _of_all(rows: NDArray[np.float64], lengths: NDArray[np.int64], pairs: NDArray[np.int32]) -> dict[str, Column]:
    """What is made of the lengths, and of what features of several kinds have in common."""

    def column(name: str) -> Column:
        return rows[:, _COLUMN[name]]

    shorter, longer = _least_most(lengths.astype(np.float64), pairs)
    quiet, skip = column("quiet_weighted_containment"), column("skip_weighted_containment")
    columns = {
        "length_least": np.log1p(shorter),
        "length_ratio": shorter / np.maximum(longer, 1.0),
        "quiet_of_skip": quiet / np.maximum(skip, 1e-3),
        "name_over_quiet": column("name_weighted_containment") - quiet,
    }
    for kind, part in product(COMMONED, ("private", "scarce")):
        columns[f"{kind}_{part}_of"] = _ratio(column(f"{kind}_{part}"), column(f"{kind}_containment"))
    return columns


def _least_most(values: Column, pairs: NDArray[np.int32]) -> tuple[Column, Column]:
    left, right = values[pairs[:, 0]], values[pairs[:, 1]]
    return np.minimum(left, right), np.maximum(left, right)


def _ratio(part: Column, whole: Column) -> Column:
    """`part` of `whole`, 0 where the whole is empty."""
    return np.divide(part, whole, out=np.zeros(part.shape), where=whole > 0)
