"""Stories of a kind that is known well: their regime may judge them by habits, with nothing else beside it.

How much a story is like those of each regime its descriptors tell, all of them together, held against how the stories
of one regime differ among themselves. Near to a regime its opinion on all measures counts for nearly everything, half
of it in the words of a forest grown on its stories alone; far from all of them, reasons that hold anywhere decide.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lineage import model
from lineage.derive.measures import Tables
from lineage.derive.readings import Array
from lineage.derive.regimes import HEARD, Opinion, row, rows, standard

FAMILIAR = "derive_familiar"
MOST = 0.9  # what the regimes of a familiar story count, beside everything else
HALFWAY = 1.15  # distance a descriptor at which they count half of that: between stories of known and of unknown sets
STEEP = 6.0
REPEATED = 4.0  # so many descriptors tell the same, so their evidence is divided by it
FOREST = 0.5  # what the forest of a regime counts beside its weights


@dataclass(frozen=True)
class Forests:
    """What a regime's stories taught of links and of roots, in nats."""

    links: model.Forest
    roots: model.Forest


@dataclass(frozen=True)
class Familiar:
    """What is known of the regimes, in the order of a bank's.

    descriptors: the names read, with centre and spread of each.  middles: regimes × descriptors.  inverse: of the
    covariance within regimes, descriptors × descriptors.  forests: by regime, where one was grown.
    """

    descriptors: tuple[str, ...]
    centre: Array
    spread: Array
    middles: Array
    inverse: Array
    forests: Mapping[str, Forests]

    def shares(self, described: Mapping[str, float]) -> Array:
        """What each regime counts in a story; together up to `MOST`, less the farther it is from all of them."""
        values = np.array([described[name] for name in self.descriptors])
        away = standard(values, self.centre, self.spread) - self.middles
        distances = np.einsum("rd,de,re->r", away, self.inverse, away)
        likely = np.exp(-0.5 * (distances - distances.min()) / REPEATED)
        likely = np.where(likely >= min(HEARD * likely.sum(), 1.0), likely, 0.0)
        usual = max(float(distances.min()) / len(self.descriptors), 1e-9)
        trust = MOST / (1.0 + (usual / HALFWAY) ** STEEP)
        whole: Array = trust * likely / likely.sum()
        return whole

    def of_forests(self, regimes: tuple[str, ...], shares: Array) -> dict[str, float]:
        """The part of the shares that the forests have, by regime."""
        pairs = zip(regimes, shares.tolist(), strict=True)
        return {name: FOREST * share for name, share in pairs if share > 0.0 and name in self.forests}

    def opinions(self, tables: Tables, of_forests: Mapping[str, float]) -> list[Opinion]:
        """What the forests say, with these shares."""
        found = [(share, self.forests[name]) for name, share in of_forests.items()]
        return [
            Opinion(share, own.links.log_odds(tables.of_pairs), own.roots.log_odds(tables.of_texts))
            for share, own in found
        ]

    def contributions(self, tables: Tables, of_forests: Mapping[str, float]) -> Array:
        """Nats that each measure adds to each link by the forests; pairs × columns."""
        out = np.zeros(tables.of_pairs.shape)
        for name, share in of_forests.items():
            out += share * self.forests[name].links.contributions(tables.of_pairs)
        return out


def to_mapping(known: Familiar) -> dict[str, Any]:
    """All of it as plain lists, to seven significant digits; the names of measures once for all forests."""
    grown = {
        name: {"links": _bare(own.links), "roots": _bare(own.roots)} for name, own in sorted(known.forests.items())
    }
    first = next(iter(known.forests.values()), None)
    return {
        "descriptors": list(known.descriptors),
        "centre": row(known.centre),
        "spread": row(known.spread),
        "middles": rows(known.middles),
        "inverse": rows(known.inverse),
        "pair_names": list(first.links.features) if first else [],
        "text_names": list(first.roots.features) if first else [],
        "forests": grown,
    }


def _bare(forest: model.Forest) -> dict[str, Any]:
    stored = model.to_mapping(forest)
    return {name: value for name, value in stored.items() if name not in ("features", "card", "schema")}


def from_mapping(stored: Mapping[str, Any]) -> Familiar:
    """The same of a decoded JSON object, as `to_mapping` writes it."""
    named = {"links": stored["pair_names"], "roots": stored["text_names"]}
    forests = {
        name: Forests(
            **{what: model.from_mapping({**own[what], "features": named[what], "card": {}}) for what in named}
        )
        for name, own in stored["forests"].items()
    }
    arrays = {name: np.array(stored[name], np.float64) for name in ("centre", "spread", "middles", "inverse")}
    return Familiar(tuple(stored["descriptors"]), **arrays, forests=forests)


def load(name: str) -> Familiar:
    """What is shipped as `lineage/data/models/<name>.json`.  Raises IndexFormatError."""
    return model.shipped(name, from_mapping)
