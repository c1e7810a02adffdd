"""From measures to a calibrated probability, in two passes: the pair alone, then with what third articles say."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import kernels, model
from lineage.verify.measures import MEASURES

SUPPORT = ("path", "second_path", "paths", "one_sided")
SECOND: tuple[str, ...] = (
    "alone",
    *SUPPORT,
    "order_stem_excess",
    "skip_weighted_jaccard",
    "stem_weighted_jaccard",
    "skip_weighted_containment",
    "length_least",
    "quiet_of_skip",
    "skip_of_best",
    "pair_weighted_jaccard",
    "stem_of_best",
)
"""Inputs of the second pass. alone: log-odds of the first pass.  path, second_path: the strongest ties over one third
article, as strong as their weaker link.  paths: all of them.  one_sided: third articles tied to one side alone."""

_KEPT = [MEASURES.index(name) for name in SECOND if name in MEASURES]


@dataclass(frozen=True, slots=True)
class Judges:
    """The two forests: `alone` reads `MEASURES`, `together` reads `SECOND`."""

    alone: model.Forest
    together: model.Forest


def shipped() -> Judges:
    """The forests trained by `lineage train` and shipped with the package."""
    return Judges(model.load("pair"), model.load("pair-together"))


def second_inputs(
    rows: NDArray[np.float64], log_odds: NDArray[np.float64], pairs: NDArray[np.int32], articles: int
) -> NDArray[np.float64]:
    """The inputs of the second pass, in the order of `SECOND`; every compared pair must be in `pairs`."""
    return beside(rows, log_odds, third_articles(pairs, model.probability(log_odds), articles))


def beside(rows: NDArray[np.float64], log_odds: NDArray[np.float64], ties: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of some of the compared pairs; ties: what `third_articles` says of them."""
    return np.concatenate([np.clip(log_odds, -14.0, 14.0)[:, None], ties, rows[:, _KEPT]], axis=1)


def third_articles(pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int) -> NDArray[np.float64]:
    """How third articles tie each pair together: columns as in `SUPPORT`."""
    heads, neighbours, ties = _graph(pairs, probabilities, articles)
    return kernels.support(pairs, heads, neighbours, ties)


def _graph(
    pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
    near = np.concatenate([pairs[:, 0], pairs[:, 1]])
    far = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((far, near))
    heads = np.searchsorted(near[order], np.arange(articles + 1))
    return heads.astype(np.int64), far[order], np.concatenate([probabilities, probabilities])[order]


def missed_pairs(
    pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int, least: float
) -> NDArray[np.int32]:
    """Pairs never compared whose articles are both tied, at `least` or more, to one third article.

    A chain of small steps is found this way: the ends share too little to meet as candidates. Only the closest
    neighbours of each article are followed, so a large story adds pairs in proportion to its articles.
    """
    strong = probabilities >= least
    heads, neighbours, ties = _graph(pairs[strong], probabilities[strong], articles)
    found: set[tuple[int, int]] = set()
    for article in range(articles):
        span = slice(heads[article], heads[article + 1])
        closest = neighbours[span][np.lexsort((neighbours[span], -ties[span]))][:NEIGHBOURS].tolist()
        found.update((min(a, b), max(a, b)) for at, a in enumerate(closest) for b in closest[at + 1 :])
    found.difference_update(map(tuple, pairs.tolist()))
    return np.array(sorted(found), np.int32).reshape(-1, 2)


NEIGHBOURS = 24
