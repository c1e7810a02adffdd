"""The trained scores of links and roots, in nats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from lineage import model
from lineage.derive import direction, familiar, habits, lessons, linear, regimes
from lineage.derive.arborescence import marginals
from lineage.derive.descriptors import Described, descriptors
from lineage.derive.direction import DIRECTION, Direction
from lineage.derive.familiar import FAMILIAR, Familiar
from lineage.derive.grid import Pairs
from lineage.derive.habits import HABITS, Habits
from lineage.derive.lessons import COUNTS, LESSONS, Lesson, School, Step
from lineage.derive.measures import Tables
from lineage.derive.readings import Array
from lineage.derive.regimes import Bank, Opinion
from lineage.errors import IndexFormatError

LINKS, ROOTS, REASONS, REGIMES = "derive_links", "derive_roots", "derive_reasons", "derive_regimes"
FAR = -16.0  # nats of a link between texts that are not even near one another
GENERAL = 0.45  # what the scores for stories of every kind count beside those of regimes


@dataclass(frozen=True)
class Scorer:
    """What an ordered pair and having no parent score, in the opinion of several models.

    One holds for stories of every kind: weighed reasons first, and a forest for what they leave open. The banks hold
    one opinion for each regime they know.  familiar: which stories are so like those of a regime that it may judge by
    habits; there is none without banks.  school: how lessons are learned from.  step: what the stories that a story was
    found with taught.  direction: which of two texts alone was first.  habits: the second look at what these make of
    a story.
    """

    links: model.Forest
    roots: model.Forest
    link_reasons: linear.Linear
    root_reasons: linear.Linear
    banks: tuple[Bank, ...] = ()
    familiar: Familiar | None = None
    school: School | None = None
    step: Step | None = None
    direction: Direction | None = None
    habits: Habits | None = None

    def among(self, others: Sequence[Described], learned: Sequence[Lesson] = ()) -> "Scorer":
        """The scorer for a story that was found with others, which these descriptors describe and which taught this."""
        known = self.familiar.among(others) if self.familiar else None
        return replace(self, familiar=known, step=self.school.step(learned) if self.school and learned else None)

    def lesson(self, tables: Tables, parents: Sequence[int]) -> Lesson | None:
        """What a decision shows: the parent of each text that was chosen, -1 for none."""
        if self.school is None:
            return None
        pairs = tables.pairs
        chosen = [parents[child] == parent for parent, child in zip(pairs.parent, pairs.child, strict=True)]
        roots = [parent < 0 for parent in parents]
        return self.school.lesson(tables, np.array([*chosen, *roots], np.float64) - expected(self, tables))

    def opinions(self, tables: Tables) -> list[Opinion]:
        """All opinions on a story; their shares sum to 1. The first is that on stories of every kind."""
        heard = self._heard(tables)
        general = Opinion(heard.general, self.link_scores(tables), self.root_scores(tables))
        said = [
            one for bank, shares in zip(self.banks, heard.banks, strict=True) for one in bank.opinions(tables, shares)
        ]
        found = [general, *said, *(self.familiar.opinions(tables, heard.forests) if self.familiar else [])]
        if self.step:
            found = self.step.beside(found, tables, COUNTS * (1.0 - heard.known))
        return self.direction.told(found, tables) if self.direction and len(tables.readings) == 2 else found

    def known(self, tables: Tables) -> float:
        """How well the kind of the story is known, from 0 to 1."""
        return self._heard(tables).known

    def _heard(self, tables: Tables) -> "_Heard":
        """What every opinion counts; the last bank speaks for familiar stories, too, together with the forests."""
        if not self.banks:
            return _Heard(0.0, 1.0, [], {})
        described = descriptors(tables)
        names = self.banks[-1].regimes
        known = self.familiar.shares(described) if self.familiar else np.zeros(len(names))
        forests = self.familiar.of_forests(names, known) if self.familiar else {}
        rest = 1.0 - float(known.sum())
        shares = [rest * (1.0 - GENERAL) / len(self.banks) * bank.heard(described) for bank in self.banks]
        shares[-1] = shares[-1] + known - np.array([forests.get(name, 0.0) for name in names])
        return _Heard(1.0 - rest, rest * GENERAL, shares, forests)

    def link_scores(self, tables: Tables) -> Array:
        """One score for every pair, as for stories of every kind."""
        _same(self.links.features, tables.pair_names)
        reasons = self.link_reasons.scores(tables.pair_names, tables.of_pairs)
        total: Array = reasons + self.links.log_odds(tables.of_pairs)
        return total

    def root_scores(self, tables: Tables) -> Array:
        """One score for every text, as for stories of every kind."""
        _same(self.roots.features, tables.text_names)
        reasons = self.root_reasons.scores(tables.text_names, tables.of_texts)
        total: Array = reasons + self.roots.log_odds(tables.of_texts)
        return total

    def contributions(self, tables: Tables) -> Array:
        """Nats that each measure adds to each link in the mean of the opinions; pairs × columns."""
        heard = self._heard(tables)
        reasons = self.link_reasons.contributions(tables.pair_names, tables.of_pairs)
        total: Array = heard.general * (reasons + self.links.contributions(tables.of_pairs))
        for bank, shares in zip(self.banks, heard.banks, strict=True):
            total = total + bank.contributions(tables, shares)
        if self.familiar:
            total = total + self.familiar.contributions(tables, heard.forests)
        if self.step:
            total = total + COUNTS * (1.0 - heard.known) * self.step.contributions(tables)
        return self.direction.contributions(tables, total) if self.direction and len(tables.readings) == 2 else total


@dataclass(frozen=True)
class _Heard:
    """How well the kind of a story is known, and what opinions count: the general one, banks by regime, forests."""

    known: float
    general: float
    banks: list[Array]
    forests: Mapping[str, float]


@cache
def shipped() -> Scorer:
    """The scorer that comes with the package."""
    return Scorer(
        model.load(LINKS),
        model.load(ROOTS),
        *linear.load(REASONS),
        regimes.load(REGIMES),
        familiar.load(FAMILIAR),
        lessons.load(LESSONS),
        direction=direction.load(DIRECTION),
        habits=habits.load(HABITS),
    )


def expected(scorer: Scorer, tables: Tables) -> Array:
    """The probability of every link, and then of every root, under the mean of the opinions."""
    links, roots = lessons.mean(scorer.opinions(tables))
    found = marginals(dense(tables.pairs, links), roots)
    return np.concatenate([tables.pairs.of(found.links), found.roots])


def dense(pairs: Pairs, scores: Array) -> Array:
    """Scores as a texts × texts table, parents in rows; pairs that were not considered stand at `FAR`."""
    out = np.full((pairs.texts, pairs.texts), FAR)
    out[pairs.parent, pairs.child] = scores
    return out


def _same(trained: tuple[str, ...], measured: tuple[str, ...]) -> None:
    if trained != measured:
        raise IndexFormatError("the derivation model was trained on other measures; run `make train` or install again")
