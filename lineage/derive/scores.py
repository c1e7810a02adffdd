"""The trained scores of links and roots, in nats."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from lineage import model
from lineage.derive import linear
from lineage.derive.grid import Pairs
from lineage.derive.measures import Tables
from lineage.derive.readings import Array
from lineage.errors import IndexFormatError

LINKS, ROOTS, REASONS = "derive_links", "derive_roots", "derive_reasons"
FAR = -16.0  # nats of a link between texts that are not even near one another


@dataclass(frozen=True)
class Scorer:
    """What an ordered pair and having no parent score: weighed reasons first, and a forest for what they leave open."""

    links: model.Forest
    roots: model.Forest
    link_reasons: linear.Linear
    root_reasons: linear.Linear

    def link_scores(self, tables: Tables) -> Array:
        """One score for every pair of the story."""
        _same(self.links.features, tables.pair_names)
        reasons = self.link_reasons.scores(tables.pair_names, tables.of_pairs)
        total: Array = reasons + self.links.log_odds(tables.of_pairs)
        return total

    def root_scores(self, tables: Tables) -> Array:
        """One score for every text of the story."""
        _same(self.roots.features, tables.text_names)
        reasons = self.root_reasons.scores(tables.text_names, tables.of_texts)
        total: Array = reasons + self.roots.log_odds(tables.of_texts)
        return total


@cache
def shipped() -> Scorer:
    """The scorer that comes with the package."""
    return Scorer(model.load(LINKS), model.load(ROOTS), *linear.load(REASONS))


def dense(pairs: Pairs, scores: Array) -> Array:
    """Scores as a texts × texts table, parents in rows; pairs that were not considered stand at `FAR`."""
    out = np.full((pairs.texts, pairs.texts), FAR)
    out[pairs.parent, pairs.child] = scores
    return out


def _same(trained: tuple[str, ...], measured: tuple[str, ...]) -> None:
    if trained != measured:
        raise IndexFormatError("the derivation model was trained on other measures; run `make train` or install again")
