"""Stories of a kind that is known well: their regime may judge them by habits, with nothing else beside it.

How much a story is like those of each regime its descriptors tell, all of them together, held against how the stories
of one regime differ among themselves. Near to a regime its opinion on all measures counts for nearly everything, half
of it in the words of a forest grown on its stories alone; far from all of them, reasons that hold anywhere decide.

One story scatters widely, and few texts tell little of their kind. So the stories it was found with are heard as well,
as in empirical Bayes: how many of them are of each regime is the expectation beforehand, and where their own middle
lies tells whether this kind is known at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
ALONE = 0.75  # distance a descriptor of one story from the middle of its own regime, usually
ROUNDS = 30  # of estimating how many stories are of each regime


@dataclass(frozen=True)
class Forests:
    """What a regime's stories taught of links and of roots, in nats."""

    links: model.Forest
    roots: model.Forest


@dataclass(frozen=True)
class Others:
    """What the other stories of a corpus tell; one value for each regime.

    prior: the share of them that is of it, a little evened; sums to 1.  distance: a descriptor, at which a story of
    theirs is to be expected from the regime's middle.  weight: 0 to 1, what that counts beside a story's own distance.
    """

    prior: Array
    distance: Array
    weight: Array


@dataclass(frozen=True)
class Familiar:
    """What is known of the regimes, in the order of a bank's.

    descriptors: the names read, with centre and spread of each.  middles: regimes × descriptors.  inverse: of the
    covariance within regimes, descriptors × descriptors.  forests: by regime, where one was grown.  others: what the
    stories beside the one that is judged tell; None where it is alone.
    """

    descriptors: tuple[str, ...]
    centre: Array
    spread: Array
    middles: Array
    inverse: Array
    forests: Mapping[str, Forests]
    others: Others | None = None

    def among(self, described: Sequence[Mapping[str, float]]) -> "Familiar":
        """The same for a story that was found with others, which these descriptors describe."""
        return replace(self, others=self._told_by(described) if described else None)

    def shares(self, described: Mapping[str, float]) -> Array:
        """What each regime counts in a story; together up to `MOST`, less the farther it is from all of them."""
        distances = self._distances(self._away([described]))[0]
        likely = _likely(distances)
        if self.others:
            likely = likely * self.others.prior
        share = likely / likely.sum()
        far = np.full(share.shape, max(float(share @ distances) / len(self.descriptors), 1e-9))
        if self.others:
            far = far + self.others.weight * (self.others.distance - far)
        heard = np.where(share >= min(HEARD, float(share.max())), share, 0.0)
        whole: Array = MOST / (1.0 + (far / HALFWAY) ** STEEP) * heard / heard.sum()
        return whole

    def _told_by(self, described: Sequence[Mapping[str, float]]) -> Others:
        """What stories tell of the company they make: a mixture of regimes, fitted by expectation maximisation."""
        away = self._away(described)
        likely = _likely(self._distances(away))
        stories, regimes = likely.shape
        prior = np.full(regimes, 1.0 / regimes)
        for _ in range(ROUNDS):
            share = likely * prior
            share /= share.sum(axis=1, keepdims=True)
            prior = (share.sum(axis=0) + 1.0 / regimes) / (stories + 1.0)
        count = np.maximum(share.sum(axis=0), 1e-9)
        middle = np.einsum("sr,srd->rd", share, away) / count[:, None]
        # Their middle scatters around that of the regime, the less the more they are.
        moved = np.maximum(self._distances(middle[None])[0] / len(self.descriptors) - 1.0 / count, 0.0)
        return Others(prior, ALONE + moved, count / (1.0 + count) * np.sqrt(count / stories))

    def _away(self, described: Sequence[Mapping[str, float]]) -> Array:
        """Stories × regimes × descriptors: how far from each middle, in spreads."""
        values = np.array([[one[name] for name in self.descriptors] for one in described])
        away: Array = standard(values, self.centre, self.spread)[:, None, :] - self.middles[None]
        return away

    def _distances(self, away: Array) -> Array:
        """Squared distances in units of the covariance within regimes; stories × regimes."""
        squared: Array = np.einsum("srd,srd->sr", away @ self.inverse, away)
        return squared

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


def _likely(distances: Array) -> Array:
    """How likely each regime makes such distances, against the likeliest; along the last axis."""
    likely: Array = np.exp(-0.5 * (distances - distances.min(axis=-1, keepdims=True)) / REPEATED)
    return likely


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
    names = ("centre", "spread", "middles", "inverse")
    centre, spread, middles, inverse = (np.array(stored[name], np.float64) for name in names)
    return Familiar(tuple(stored["descriptors"]), centre, spread, middles, inverse, forests)


def load(name: str) -> Familiar:
    """What is shipped as `lineage/data/models/<name>.json`.  Raises IndexFormatError."""
    return model.shipped(name, from_mapping)
