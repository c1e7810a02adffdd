"""Measured pairs become judged ones, block by block: only what third articles say is held for all pairs at once."""

from collections.abc import Callable, Iterator, Sequence
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


@dataclass(frozen=True, slots=True)
class Held:
    """A block in memory."""

    pairs: Pairs
    measured: NDArray[np.float64]

    def rows(self) -> NDArray[np.float64]:
        """The measures."""
        return self.measured


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs of one block with all that was measured.

    rows: as `MEASURES`.  ties: as `judgement.third_articles`.  probabilities: 0 to 1.
    """

    pairs: Pairs
    rows: NDArray[np.float64]
    ties: NDArray[np.float64]
    probabilities: NDArray[np.float64]


Measure = Callable[[Pairs], Sequence[Block]]


def judged(pairs: Pairs, measure: Measure, articles: int, settings: CompareSettings) -> Iterator[Judged]:
    """All pairs that reach `settings.report`, in the order of the blocks that `measure` makes of pairs.

    Pairs that only third articles reveal are measured as well.
    """
    judges = judgement.shipped()
    blocks = list(measure(pairs))
    odds = _first_pass(blocks, articles)
    every = np.concatenate([block.pairs for block in blocks])
    more = judgement.missed_pairs(every, model.probability(odds), articles, settings.follow)
    if len(more):
        blocks += measure(more)
        odds = _first_pass(blocks, articles)
        every = np.concatenate([every, more])
    ties = judgement.third_articles(every, model.probability(odds), articles)
    bests = measures.best(((block.pairs, block.rows()) for block in blocks), articles)
    start = 0
    for block in blocks:
        span = slice(start, start + len(block.pairs))
        start = span.stop
        rows = _ranked(block, bests)
        inputs = judgement.beside(odds[span], ties[span])
        probabilities = model.probability(judges.together.log_odds(inputs))
        kept = probabilities >= settings.report
        yield Judged(block.pairs[kept], rows[kept], ties[span][kept], probabilities[kept])


def _first_pass(blocks: Sequence[Block], articles: int) -> NDArray[np.float64]:
    """Log-odds of every pair by itself, ranks among all pairs included."""
    bests = measures.best(((block.pairs, block.rows()) for block in blocks), articles)
    forest = judgement.shipped().alone
    return np.concatenate([forest.log_odds(_ranked(block, bests)) for block in blocks])


def _ranked(block: Block, bests: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = block.rows()
    measures.rank(rows, block.pairs, bests)
    return rows
