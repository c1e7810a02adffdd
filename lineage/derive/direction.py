"""Two texts alone: which was written from the other.

Where there are third texts, their agreement tells the direction, and the regime by which all signs are weighed shows.
Two texts have neither. So a forest of its own reads the signs that mean the same in any company (register, voices, what
names, numbers and quotations were lost, growth), learned from links of every known kind told as stories of two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lineage import model
from lineage.derive.linear import places
from lineage.derive.measures import Tables
from lineage.derive.readings import Array, Ints
from lineage.derive.regimes import Opinion

DIRECTION = "derive_direction"
# The forest's nats count so much: it is surer than right on kinds of stories that it was not taught. What stands here
# is sharpened once more with the opinions, see `decide`.
CAUTION = 0.55


@dataclass(frozen=True)
class Direction:
    """forest: log-odds that an ordered pair of touching texts is parent and child, from measures of that pair."""

    forest: model.Forest

    def lead(self, tables: Tables) -> float:
        """Nats by which the first of two texts is likelier the parent than the second; antisymmetric."""
        there, back = self.forest.log_odds(self._rows(tables))
        return CAUTION * float(there - back) / 2.0

    def told(self, said: Sequence[Opinion], tables: Tables) -> list[Opinion]:
        """The opinions on two texts, with this direction in place of theirs; whether the two touch stays theirs."""
        there, back = both_ways(tables)
        lead = self.lead(tables)
        found = []
        for one in said:
            own = one.links[there] + one.roots[0] - one.links[back] - one.roots[1]
            links = one.links.copy()
            links[there] += (lead - own) / 2.0
            links[back] -= (lead - own) / 2.0
            found.append(replace(one, links=links))
        return found

    def contributions(self, tables: Tables, others: Array) -> Array:
        """Nats of each measure in each direction, pairs × columns: what it says of the direction by this forest, and
        of whether the two touch by the other contributions.
        """
        order = both_ways(tables)
        out = np.empty_like(others)
        out[order] = others[order].mean(axis=0)
        signs = self.forest.contributions(self._rows(tables))
        half = CAUTION * (signs[0] - signs[1]) / 4.0
        at = places(tables.pair_names, self.forest.features)
        out[order[0], at] += half
        out[order[1], at] -= half
        return out

    def _rows(self, tables: Tables) -> Array:
        return tables.of_pairs[both_ways(tables)][:, places(tables.pair_names, self.forest.features)]


def both_ways(tables: Tables) -> Ints:
    """The rows of the two pairs of a story of two: first to second, second to first."""
    return np.argsort(tables.pairs.parent, kind="stable")


def load(name: str) -> Direction:
    """The forest shipped as `lineage/data/models/<name>.json`.  Raises IndexFormatError."""
    return Direction(model.load(name))
