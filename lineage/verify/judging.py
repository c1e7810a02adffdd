"""Measured pairs become judged ones, block by block: only what third articles say is held for all pairs at once."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lineage import model
from lineage.settings import CompareSettings
from lineage.verify import judgement, measures

Pairs = NDArray[np.int32]


class Block(Protocol):
    """Some of the compared pairs."""

    @property
    def pairs(self) -> Pairs:
        """Row numbers, pairs × 2, the smaller first."""

    def rows(self) -> NDArray[np.float64]:
        """Their measures, pairs × `MEASURES`, ranks not filled in; the caller may write into them."""

    def overlaps(self) -> NDArray[np.float64]:
        """The measures of which ranks are made, as `measures.overlaps` takes them from the rows."""


@dataclass(frozen=True, slots=True)
class Held:
    """A block in memory."""

    pairs: Pairs
    measured: NDArray[np.float64]

    def rows(self) -> NDArray[np.float64]:
        """The measures."""
        return self.measured

    def overlaps(self) -> NDArray[np.float64]:
        """Those of which ranks are made."""
        return measures.overlaps(self.measured)


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs of one block with all that was measured.

    rows: as `MEASURES`.  ties: as `judgement.third_articles`.  probabilities: 0 to 1.
    """

    pairs: Pairs
    rows: NDArray[np.float64]
    ties: NDArray[np.float64]
    probabilities: NDArray[np.float64]

    def where(self, kept: NDArray[np.bool_]) -> "Judged":
        """Some of the pairs."""
        return Judged(self.pairs[kept], self.rows[kept], self.ties[kept], self.probabilities[kept])


Measure = Callable[[Pairs], Sequence[Block]]
Each = Callable[[Callable[[int], NDArray[np.float64]], Iterable[int]], Iterable[NDArray[np.float64]]]


def judged(
    pairs: Pairs, measure: Measure, articles: int, settings: CompareSettings, each: Each = map
) -> Iterator[Judged]:
    """All pairs that reach `settings.report`, in the order of the blocks that `measure` makes of pairs.

    Pairs that only third articles reveal are measured as well.  each: calls a function with each of some numbers, like
    `map`, in several threads perhaps.
    """
    blocks = list(measure(pairs))
    bests = measures.best(((block.pairs, block.overlaps()) for block in blocks), articles)
    odds = np.concatenate(list(each(lambda at: _first_pass(blocks[at], bests), range(len(blocks)))))
    every = np.concatenate([block.pairs for block in blocks])
    more = judgement.missed_pairs(every, model.probability(odds), articles, settings.follow)
    if len(more):
        blocks += measure(more)
        every = np.concatenate([block.pairs for block in blocks])  # blocks hold `more` in an order of their own
        bests, odds = _again(blocks, bests, odds, each)
    ties = judgement.third_articles(every, model.probability(odds), articles)
    spans = _spans(blocks)
    together = judgement.shipped().together
    odds = np.concatenate([together.log_odds(judgement.beside(odds[span], ties[span])) for span in spans])
    chances = model.probability(judgement.in_company(every, odds, articles))
    for block, span in zip(blocks, spans, strict=True):
        probabilities = chances[span]
        reported = Judged(block.pairs, block.rows(), ties[span], probabilities).where(probabilities >= settings.report)
        if len(reported.pairs):
            measures.rank(reported.rows, reported.pairs, bests)
            yield reported.where(~measures.given_up(reported.rows))


def _spans(blocks: Sequence[Block]) -> list[slice]:
    ends = np.cumsum([len(block.pairs) for block in blocks]).tolist()
    return [slice(end - len(block.pairs), end) for block, end in zip(blocks, ends, strict=True)]


def _again(
    blocks: Sequence[Block], bests: NDArray[np.float64], odds: NDArray[np.float64], each: Each
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The best overlaps and log-odds when blocks have come: only where ranks have changed are pairs judged again."""
    new = measures.best(((block.pairs, block.overlaps()) for block in blocks), len(bests[0]))
    moved = (new != bests).any(axis=0)
    ends = np.cumsum([len(block.pairs) for block in blocks])

    def settled(at: int) -> NDArray[np.float64]:
        block = blocks[at]
        before = odds[ends[at] - len(block.pairs) : ends[at]]
        if not len(before):
            return _first_pass(block, new)
        anew = moved[block.pairs].any(axis=1)
        settled = before.copy()
        if anew.any():
            settled[anew] = _log_odds(_ranked(block, new)[anew])
        return settled

    return new, np.concatenate(list(each(settled, range(len(blocks)))))


def _first_pass(block: Block, bests: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds of every pair of a block by itself, its ranks among all pairs included."""
    return _log_odds(_ranked(block, bests))


def _log_odds(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log-odds by the measures alone; what was given up after one measure has the least there are."""
    hopeful = ~measures.given_up(rows)
    odds = np.full(len(rows), -judgement.SURE)
    odds[hopeful] = judgement.shipped().alone.log_odds(rows[hopeful])
    return odds


def _ranked(block: Block, bests: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = block.rows()
    measures.rank(rows, block.pairs, bests)
    return rows
