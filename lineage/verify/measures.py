"""The exact measures of a pair: what two articles share, in several units, plain and weighted by rarity."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import features, kernels, words
from lineage.features import KINDS, Kind, Table
from lineage.settings import SketchSettings

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
)
"""length_: words of the shorter, as a log; shorter to longer.  order_stem: longest run of shared stems that first
appear in the same order, of all shared; _excess: against its square root, which is what chance gives.  order_triple:
the same for triples, of the smaller.  of_best, of_lesser_best: overlap against the best that either, or the less
lucky of the two, has with any compared article.  quiet_of_skip: wording outside quotations and names against all.
name_over_quiet: names shared more than free wording, as independent reports of one event do."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The compared articles as weighed feature tables, one of each kind, and their lengths in words."""

    tables: dict[Kind, Table]
    lengths: NDArray[np.int64]


def corpus(texts: list[str], settings: SketchSettings = SketchSettings()) -> Corpus:
    """The feature tables of all articles that are compared with one another."""
    split = words.split_batch(texts, settings.stem)
    tables = {kind: features.table(features.sets(split, kind, settings.window)) for kind in KINDS}
    return Corpus(tables, np.diff(split.bounds))


def measures(known: Corpus, pairs: NDArray[np.int32]) -> NDArray[np.float64]:
    """One row a pair, one column a measure, in the order of `MEASURES`; symmetric in the two articles."""
    return ranked(_alone(known, pairs), pairs, known.lengths.size)


def extended(
    known: Corpus, rows: NDArray[np.float64], pairs: NDArray[np.int32], more: NDArray[np.int32]
) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    """The measures and the pairs after `more` pairs have joined those whose `rows` are known; sorted by pair."""
    together = np.concatenate([pairs, more])
    order = np.lexsort((together[:, 1], together[:, 0]))
    joined = np.concatenate([rows, _alone(known, more)])[order]
    return ranked(joined, together[order], known.lengths.size), together[order]


def ranked(rows: NDArray[np.float64], pairs: NDArray[np.int32], articles: int) -> NDArray[np.float64]:
    """The rows with the ranks among all compared pairs filled in."""
    for kind in RANKED:
        overlap = rows[:, MEASURES.index(f"{kind}_weighted_jaccard")]
        for name, column in _ranks(kind, overlap, pairs, articles).items():
            rows[:, MEASURES.index(name)] = column
    return rows


def _alone(known: Corpus, pairs: NDArray[np.int32]) -> NDArray[np.float64]:
    """The measures that depend on the pair itself; ranks are zero."""
    columns: dict[str, Column] = {}
    for kind, table in known.tables.items():
        columns |= {f"{kind}_{name}": column for name, column in _overlap(table, pairs).items()}
    shorter, longer = _least_most(known.lengths.astype(np.float64), pairs)
    columns["length_least"] = np.log1p(shorter)
    columns["length_ratio"] = shorter / np.maximum(longer, 1.0)
    columns |= _orders(known, pairs)
    columns["quiet_of_skip"] = columns["quiet_weighted_containment"] / np.maximum(
        columns["skip_weighted_containment"], 1e-3
    )
    columns["name_over_quiet"] = columns["name_weighted_containment"] - columns["quiet_weighted_containment"]
    unranked = np.zeros(len(pairs))
    return np.stack([columns.get(name, unranked) for name in MEASURES], axis=1)


def _least_most(values: Column, pairs: NDArray[np.int32]) -> tuple[Column, Column]:
    left, right = values[pairs[:, 0]], values[pairs[:, 1]]
    return np.minimum(left, right), np.maximum(left, right)


def _ratio(part: Column, whole: Column) -> Column:
    """`part` of `whole`, 0 where the whole is empty."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _overlap(table: Table, pairs: NDArray[np.int32]) -> dict[str, Column]:
    found = kernels.overlaps(pairs, table.ids, table.bounds, table.counts, table.weights)
    shared, weight = found[:, kernels.SHARED], found[:, kernels.SHARED_WEIGHT]
    least, most = _least_most(np.diff(table.bounds).astype(np.float64), pairs)
    running = np.concatenate([[0.0], np.cumsum(table.weights[table.ids], dtype=np.float64)])
    light, heavy = _least_most(running[table.bounds[1:]] - running[table.bounds[:-1]], pairs)
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
    shared = kernels.overlaps(pairs, stems.ids, stems.bounds, stems.counts, stems.weights)[:, kernels.SHARED]
    rising = kernels.same_order(pairs, stems.ids, stems.places, stems.bounds)
    runs = kernels.same_order(pairs, triples.ids, triples.places, triples.bounds)
    least, _ = _least_most(np.diff(triples.bounds).astype(np.float64), pairs)
    return {
        "order_stem": _ratio(rising, shared),
        "order_stem_excess": _ratio(rising, np.sqrt(shared)),
        "order_triple": _ratio(runs, least),
    }


def _ranks(kind: Kind, overlap: Column, pairs: NDArray[np.int32], articles: int) -> dict[str, Column]:
    best = np.zeros(articles)
    np.maximum.at(best, pairs[:, 0], overlap)
    np.maximum.at(best, pairs[:, 1], overlap)
    lesser, greater = _least_most(best, pairs)
    return {f"{kind}_of_best": _ratio(overlap, greater), f"{kind}_of_lesser_best": _ratio(overlap, lesser)}
