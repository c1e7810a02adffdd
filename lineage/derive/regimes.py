"""Regimes: evidence turns round between ways of writing from a source, so each has its own weights.

A bank holds one set of weights for each regime that was seen in training. Which of them speak in a story, and how
loudly, its descriptors tell: the nearer a story is to the stories of a regime, the more that regime's opinion counts.
The opinions are whole probability distributions over derivations and are averaged as such, so that where regimes
contradict one another the result is uncertain, not a compromise that none of them holds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lineage import model
from lineage.derive.linear import SIZE, places, short
from lineage.derive.measures import Tables
from lineage.derive.readings import Array

FAR_OUT = 3.0  # spreads from the centre beyond which a descriptor tells nothing more
FARTHEST = 40.0  # nats a score may have; a story unlike any other must not run away
HEARD = 0.02  # share from which a regime is heard


@dataclass(frozen=True)
class Opinion:
    """What one regime says of a story.  share: 0 to 1; links, roots: nats of each pair and of each text."""

    share: float
    links: Array
    roots: Array


@dataclass(frozen=True)
class Gate:
    """Which regimes a story may be of.

    descriptors: the names read, with centre and spread of each.  weights: how much each counts, never negative.
    middles: regimes × descriptors, where the stories of each regime lie.  bias: nats of each regime beforehand.
    """

    descriptors: tuple[str, ...]
    centre: Array
    spread: Array
    weights: Array
    middles: Array
    bias: Array

    def shares(self, described: Mapping[str, float]) -> Array:
        """The share of each regime in a story; they sum to 1."""
        values = np.array([described[name] for name in self.descriptors])
        scores = self.bias - 0.5 * apart(standard(values, self.centre, self.spread), self.middles) @ self.weights
        shares = np.exp(scores - scores.max())
        whole: Array = shares / shares.sum()
        return whole


def standard(values: Array, centre: Array, spread: Array) -> Array:
    """Descriptors in spreads from the centre, bounded."""
    return np.clip((values - centre) / spread, -FAR_OUT, FAR_OUT)


def apart(values: Array, middles: Array) -> Array:
    """Squared distance to the middle of each regime, by descriptor; … × regimes × descriptors."""
    squares: Array = (values[..., None, :] - middles) ** 2
    return squares


@dataclass(frozen=True)
class Bank:
    """The weights of all regimes over the same measures.

    regimes: their names.  pair_names, text_names: the measures read.  links: regimes × pair measures, nats a unit.
    roots: regimes × text measures, then the constant and the nats for the logarithm of the number of texts.
    """

    regimes: tuple[str, ...]
    pair_names: tuple[str, ...]
    text_names: tuple[str, ...]
    links: Array
    roots: Array
    gate: Gate

    def opinions(self, tables: Tables, shares: Array) -> list[Opinion]:
        """What the regimes say whose share is not 0."""
        links = tables.of_pairs[:, places(tables.pair_names, self.pair_names)] @ self.links.T
        roots = of_texts(tables.text_names, tables.of_texts, self.text_names) @ self.roots.T
        bounded = np.clip(links, -FARTHEST, FARTHEST), np.clip(roots, -FARTHEST, FARTHEST)
        return [
            Opinion(float(shares[regime]), bounded[0][:, regime], bounded[1][:, regime])
            for regime in np.flatnonzero(shares).tolist()
        ]

    def heard(self, described: Mapping[str, float]) -> Array:
        """The share of each regime, 0 for those that hardly count."""
        shares = self.gate.shares(described)
        heard = np.where(shares >= min(HEARD, float(shares.max())), shares, 0.0)
        whole: Array = heard / heard.sum()
        return whole

    def contributions(self, tables: Tables, shares: Array) -> Array:
        """Nats that each measure adds to each link, the regimes counting by their shares; pairs × all pair measures."""
        at = places(tables.pair_names, self.pair_names)
        out = np.zeros(tables.of_pairs.shape)
        out[:, at] = tables.of_pairs[:, at] * (shares @ self.links)
        return out


def of_texts(names: Sequence[str], cases: Array, wanted: Sequence[str]) -> Array:
    """The wanted columns, a constant and the logarithm of the number of texts."""
    return np.column_stack([cases[:, places(names, wanted)], np.ones(len(cases)), cases[:, list(names).index(SIZE)]])


def to_mapping(bank: Bank) -> dict[str, Any]:
    """The bank as plain lists, to seven significant digits."""
    gate = bank.gate
    return {
        "regimes": list(bank.regimes),
        "pair_names": list(bank.pair_names),
        "text_names": list(bank.text_names),
        "links": rows(bank.links),
        "roots": rows(bank.roots),
        "gate": {
            "descriptors": list(gate.descriptors),
            "centre": row(gate.centre),
            "spread": row(gate.spread),
            "weights": row(gate.weights),
            "middles": rows(gate.middles),
            "bias": row(gate.bias),
        },
    }


def row(values: Array) -> list[float]:
    """Numbers to seven significant digits."""
    return [short(value) for value in values.tolist()]


def rows(values: Array) -> list[list[float]]:
    """A table to seven significant digits."""
    return [row(own) for own in values]


def from_mapping(stored: Mapping[str, Any]) -> Bank:
    """The bank of a decoded JSON object, as `to_mapping` writes it."""
    told = stored["gate"]
    arrays = {name: np.array(told[name], np.float64) for name in ("centre", "spread", "weights", "middles", "bias")}
    return Bank(
        regimes=tuple(stored["regimes"]),
        pair_names=tuple(stored["pair_names"]),
        text_names=tuple(stored["text_names"]),
        links=np.array(stored["links"], np.float64),
        roots=np.array(stored["roots"], np.float64),
        gate=Gate(tuple(told["descriptors"]), **arrays),
    )


def load(name: str) -> tuple[Bank, ...]:
    """The banks shipped as `lineage/data/models/<name>.json`.  Raises IndexFormatError."""
    return model.shipped(name, lambda stored: tuple(map(from_mapping, stored)))
