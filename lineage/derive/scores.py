"""The trained scores of links and roots, in nats."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from lineage import model
from lineage.derive.grid import Pairs
from lineage.derive.measures import Tables
from lineage.derive.readings import Array
from lineage.errors import IndexFormatError

LINKS, ROOTS = "derive_links", "derive_roots"
FAR = -16.0  # nats of a link between texts that are not even near one another


@dataclass(frozen=True)
class Scorer:
    """links: the forest that scores an ordered pair.  roots: the forest that scores having no parent."""

    links: model.Forest
    roots: model.Forest

    def link_scores(self, tables: Tables) -> Array:
        """One score for every pair of the story."""
        _same(self.links.features, tables.pair_names)
        return self.links.log_odds(tables.of_pairs)

    def root_scores(self, tables: Tables) -> Array:
        """One score for every text of the story."""
        _same(self.roots.features, tables.text_names)
        return self.roots.log_odds(tables.of_texts)


@cache
def shipped() -> Scorer:
    """The scorer that comes with the package."""
    return Scorer(model.load(LINKS), model.load(ROOTS))


def dense(pairs: Pairs, scores: Array) -> Array:
    """Scores as a texts × texts table, parents in rows; pairs that were not considered stand at `FAR`."""
    out = np.full((pairs.texts, pairs.texts), FAR)
    out[pairs.parent, pairs.child] = scores
    return out


def _same(trained: tuple[str, ...], measured: tuple[str, ...]) -> None:
    if trained != measured:
        raise IndexFormatError("the derivation model was trained on other measures; run `make train` or install again")
