"""The exact measures of a pair: what two articles share, in several units, plain and weighted by rarity."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from lineage import features, kernels, words
from lineage.features import KINDS, Kind, Table
from lineage.settings import SketchSettings
from lineage.verify import passages
from lineage.verify.panel import Panel

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
)
"""length_: words of the shorter, as a log; shorter to longer.  order_stem: longest run of shared stems that first
appear in the same order, of all shared; _excess: against its square root, which is what chance gives.  order_triple:
the same for triples, of the smaller.  of_best, of_lesser_best: overlap against the best that either, or the less
lucky of the two, has with any compared article.  quiet_of_skip: wording outside quotations and names against all.
name_over_quiet: names shared more than free wording, as independent reports of one event do.  private_of, scarce_of:
of what is shared, how much only these two, or at most six articles, have: little of it is a template."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles to be compared as weighed feature tables, one of each kind.

    lengths: int64, words.  outside: uint8, 1 for an article that the tables' panel does not hold.
    """

    tables: dict[Kind, Table]
    passages: dict[Kind, passages.Passages]
    lengths: NDArray[np.int64]
    outside: NDArray[np.uint8]


def corpus(
    texts: Sequence[str],
    settings: SketchSettings = SketchSettings(),
    panel: Panel | None = None,
    outside: NDArray[np.uint8] | None = None,
) -> Corpus:
    """The feature tables of articles that are compared with one another, weighed within `panel`.

    Without a panel the articles themselves are the panel. outside: see `Corpus`; by default nobody is.
    """
    split = words.split_batch(texts, settings.stem)
    tallies = {} if panel is None else panel.tallies
    tables = {kind: features.table(features.sets(split, kind, settings.window), tallies.get(kind)) for kind in KINDS}
    strangers = np.zeros(len(texts), np.uint8) if outside is None else outside
    parts = passages.passages(split, tables["stem"], strangers)
    return Corpus(tables, parts, np.diff(split.bounds), strangers)


def measures(known: Corpus, pairs: NDArray[np.int32]) -> NDArray[np.float64]:
    """One row a pair, one column a measure, in the order of `MEASURES`; symmetric in the two articles."""
    rows = alone(known, pairs)
    rank(rows, pairs, best([(pairs, rows)], known.lengths.size))
    return rows


def best(blocks: Iterable[tuple[NDArray[np.int32], NDArray[np.float64]]], articles: int) -> NDArray[np.float64]:
    """The best overlap of each article with any compared one: kinds of `RANKED` × articles.

    blocks: pairs and their rows of measures, which together are all that is compared.
    """
    found = np.zeros((len(RANKED), articles))
    for pairs, rows in blocks:
        for kind, column in enumerate(_OVERLAPS):
            np.maximum.at(found[kind], pairs[:, 0], rows[:, column])
            np.maximum.at(found[kind], pairs[:, 1], rows[:, column])
    return found


def rank(rows: NDArray[np.float64], pairs: NDArray[np.int32], bests: NDArray[np.float64]) -> None:
    """Fill in how each pair stands to the best overlaps of its two articles."""
    for at, kind in enumerate(RANKED):
        overlap = rows[:, _OVERLAPS[at]]
        lesser, greater = _least_most(bests[at], pairs)
        rows[:, MEASURES.index(f"{kind}_of_best")] = _ratio(overlap, greater)
        rows[:, MEASURES.index(f"{kind}_of_lesser_best")] = _ratio(overlap, lesser)


_OVERLAPS = [MEASURES.index(f"{kind}_weighted_jaccard") for kind in RANKED]


def alone(known: Corpus, pairs: NDArray[np.int32]) -> NDArray[np.float64]:
    """The measures that depend on the two texts and the panel; ranks are zero."""
    columns: dict[str, Column] = {}
    for kind, table in known.tables.items():
        columns |= {f"{kind}_{name}": column for name, column in _overlap(table, known.outside, pairs).items()}
    shorter, longer = _least_most(known.lengths.astype(np.float64), pairs)
    columns["length_least"] = np.log1p(shorter)
    columns["length_ratio"] = shorter / np.maximum(longer, 1.0)
    columns |= _orders(known, pairs)
    columns["quiet_of_skip"] = columns["quiet_weighted_containment"] / np.maximum(
        columns["skip_weighted_containment"], 1e-3
    )
    columns["name_over_quiet"] = columns["name_weighted_containment"] - columns["quiet_weighted_containment"]
    for kind, part in product(COMMONED, ("private", "scarce")):
        columns[f"{kind}_{part}_of"] = _ratio(columns[f"{kind}_{part}"], columns[f"{kind}_containment"])
    columns |= passages.measures(known.passages, known.tables["stem"], known.outside, pairs)
    unranked = np.zeros(len(pairs))
    return np.stack([columns.get(name, unranked) for name in MEASURES], axis=1)


def _least_most(values: Column, pairs: NDArray[np.int32]) -> tuple[Column, Column]:
    left, right = values[pairs[:, 0]], values[pairs[:, 1]]
    return np.minimum(left, right), np.maximum(left, right)


def _ratio(part: Column, whole: Column) -> Column:
    """`part` of `whole`, 0 where the whole is empty."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _overlap(table: Table, outside: NDArray[np.uint8], pairs: NDArray[np.int32]) -> dict[str, Column]:
    found = kernels.overlaps(pairs, table.ids, table.bounds, table.counts, table.weights, outside)
    shared, weight = found[:, kernels.SHARED], found[:, kernels.SHARED_WEIGHT]
    least, most = _least_most(np.diff(table.bounds).astype(np.float64), pairs)
    left, right = found[:, kernels.LEFT_WEIGHT], found[:, kernels.RIGHT_WEIGHT]
    light, heavy = np.minimum(left, right), np.maximum(left, right)
    return {
        "jaccard": _ratio(shared, least + most - shared),
        "containment": _ratio(shared, least),
        "weighted_jaccard": _ratio(weight, light + heavy - weight),
        "weighted_containment": _ratio(weight, light),
        "weighted_cover": _ratio(weight, heavy),
        "private": _ratio(found[:, kernels.PRIVATE], least),
        "scarce": _ratio(found[:, kernels.SCARCE], least),
        "private_count": np.log1p(found[:, kernels.PRIVATE]),
    }


def _orders(known: Corpus, pairs: NDArray[np.int32]) -> dict[str, Column]:
    stems, triples = known.tables["stem"], known.tables["triple"]
    overlaps = kernels.overlaps(pairs, stems.ids, stems.bounds, stems.counts, stems.weights, known.outside)
    shared = overlaps[:, kernels.SHARED]
    rising = kernels.same_order(pairs, stems.ids, stems.places, stems.bounds)
    runs = kernels.same_order(pairs, triples.ids, triples.places, triples.bounds)
    least, _ = _least_most(np.diff(triples.bounds).astype(np.float64), pairs)
    return {
        "order_stem": _ratio(rising, shared),
        "order_stem_excess": _ratio(rising, np.sqrt(shared)),
        "order_triple": _ratio(runs, least),
    }
