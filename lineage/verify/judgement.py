"""From measures to a calibrated probability: the pair alone, then with what third articles say, then in its company."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import kernels, model
from lineage.kernels.closest import neighbours_of_one
from lineage.kernels.components import components

SECOND: tuple[str, ...] = (
    "alone",
    "path",
    "second_path",
    "paths",
    "one_sided",
    "met",
    "rivals_most",
    "rivals_least",
)
"""Inputs of the second pass. alone: log-odds of the first pass.  path, second_path: log-odds of the strongest ties over
one third article, as strong as their weaker link.  paths: log of one plus all of them.  one_sided: of the third
articles that are tied to either, the share tied to one alone.  met: log of how many articles the less met of the two
was compared with: of many comparisons some agree by chance.  rivals_: how many articles are closer to one of the two
than its partner is, and not kin of that partner, on the side with more and the side with fewer. The measures
themselves are left out: with them the second pass undoes what the first has learned on many kinds of rewriting."""

RISING = (1, 1, 1, 1, -1, -1, -1, -1)
"""How each input may move the probability: more of it never less, or (-1) never more."""

SURE = 14.0  # log-odds beyond which nothing changes
_LEAST = 1e-4  # probability of a tie that is as good as none
STRANGE = -3.0  # log-odds in company of what is less likely, or where nothing was compared
COMPANY = 1000  # articles at most that are seen together


@dataclass(frozen=True, slots=True)
class Judges:
    """The two forests: `alone` reads `MEASURES`, `together` reads `SECOND`."""

    alone: model.Forest
    together: model.Forest


def shipped() -> Judges:
    """The forests trained by `lineage train` and shipped with the package."""
    return Judges(model.load("pair"), model.load("pair-together"))


def second_inputs(log_odds: NDArray[np.float64], pairs: NDArray[np.int32], articles: int) -> NDArray[np.float64]:
    """The inputs of the second pass, in the order of `SECOND`; every compared pair must be in `pairs`."""
    return beside(log_odds, third_articles(pairs, model.probability(log_odds), articles))


def beside(log_odds: NDArray[np.float64], ties: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of some of the compared pairs; ties: what `third_articles` says of them."""
    path, second, paths, one_sided, *others = ties.T
    share = one_sided / (paths + one_sided + 0.5)
    alone = np.clip(log_odds, -SURE, SURE)
    return np.stack((alone, _log_odds(path), _log_odds(second), np.log1p(paths), share, *others), axis=1)


def _log_odds(probability: NDArray[np.float64]) -> NDArray[np.float64]:
    bounded = np.clip(probability, _LEAST, 1.0 - _LEAST)
    return np.log(bounded / (1.0 - bounded))


def third_articles(pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int) -> NDArray[np.float64]:
    """How third articles tie each pair together: columns as in `kernels.support`, `met`, and `kernels.rivals`."""
    graph = _graph(pairs, probabilities, articles)
    met = np.log(np.diff(graph[0])[pairs].min(axis=1))[:, None]
    return np.concatenate([kernels.support(pairs, *graph), met, kernels.rivals(pairs, *graph, probabilities)], axis=1)


def in_company(pairs: NDArray[np.int32], log_odds: NDArray[np.float64], articles: int) -> NDArray[np.float64]:
    """The log-odds of all compared pairs, drawn half-way to those of the clusters which unite their two articles.

    Being versions of one text is an equivalence: if A and B are, and B and C, then A and C are. So pairs between the
    same two clusters stand or fall together, and each is told by their mean as much as by itself.
    """
    one, other = pairs.T
    strongest = np.lexsort((other, one, -log_odds))
    label = components(pairs[strongest[: (log_odds > STRANGE).sum()]], articles, COMPANY)
    order = np.lexsort((other, one, label[one]))
    order = order[label[one[order]] == label[other[order]]]
    starts = np.flatnonzero(np.diff(label[pairs[order, 0]], prepend=-1, append=articles))
    out = log_odds.copy()
    out[order] = (out[order] + kernels.linked(pairs[order], out[order], starts, articles, STRANGE)) / 2
    return out


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
    neighbours of each article are followed, so a large story adds pairs in proportion to its articles; and of two
    articles that are tied to a crowd each, nothing more is asked: hundreds of versions of one notice hang together
    without their every pair, whose number grows with the square of the corpus.
    """
    if len(pairs) == articles * (articles - 1) // 2:  # everything was compared
        return np.empty((0, 2), np.int32)
    strong = probabilities >= least
    ties = _graph(pairs[strong], probabilities[strong], articles)
    found = np.unique(neighbours_of_one(*ties, NEIGHBOURS, CROWD))
    known = np.sort((pairs[:, 0].astype(np.int64) << 32) | pairs[:, 1])
    new = found[~np.isin(found, known, assume_unique=True)]
    return np.stack([new >> 32, new & 0xFFFFFFFF], axis=1).astype(np.int32)


NEIGHBOURS = 24  # of an article that are followed
CROWD = 32  # ties from which an article has enough of them
