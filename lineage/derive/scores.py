"""The trained scores of links and roots, in nats."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from lineage import model
from lineage.derive import linear, regimes
from lineage.derive.descriptors import descriptors
from lineage.derive.grid import Pairs
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
    one opinion for each regime they know.
    """

    links: model.Forest
    roots: model.Forest
    link_reasons: linear.Linear
    root_reasons: linear.Linear
    banks: tuple[Bank, ...] = ()

    def opinions(self, tables: Tables) -> list[Opinion]:
        """All opinions on a story; their shares sum to 1."""
        general = Opinion(self._general, self.link_scores(tables), self.root_scores(tables))
        described = descriptors(tables) if self.banks else {}
        said = [opinion for bank in self.banks for opinion in bank.opinions(tables, described)]
        return [general, *(Opinion(self._of_bank * one.share, one.links, one.roots) for one in said)]

    @property
    def _general(self) -> float:
        return GENERAL if self.banks else 1.0

    @property
    def _of_bank(self) -> float:
        return (1.0 - self._general) / len(self.banks)

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
        reasons = self.link_reasons.contributions(tables.pair_names, tables.of_pairs)
        total: Array = self._general * (reasons + self.links.contributions(tables.of_pairs))
        described = descriptors(tables) if self.banks else {}
        for bank in self.banks:
            total = total + self._of_bank * bank.contributions(tables, described)
        return total


@cache
def shipped() -> Scorer:
    """The scorer that comes with the package."""
    return Scorer(model.load(LINKS), model.load(ROOTS), *linear.load(REASONS), regimes.load(REGIMES))


def dense(pairs: Pairs, scores: Array) -> Array:
    """Scores as a texts × texts table, parents in rows; pairs that were not considered stand at `FAR`."""
    out = np.full((pairs.texts, pairs.texts), FAR)
    out[pairs.parent, pairs.child] = scores
    return out


def _same(trained: tuple[str, ...], measured: tuple[str, ...]) -> None:
    if trained != measured:
        raise IndexFormatError("the derivation model was trained on other measures; run `make train` or install again")
