"""The first score of links and roots: a few reasons, each with one weight for rewrites and one for near copies.

Evidence turns round between the two: near copies grow, and their source stands at one end; rewrites lose, and their
source stands in the middle. Which of the two a story is, its closest texts tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lineage import model
from lineage.derive.readings import Array
from lineage.errors import IndexFormatError

COPIED = "story.closest_five"  # share of runs of five words that a text has in common with its closest one
HALF, STEEP = 0.4, 12.0  # where a story counts as half copies, and how sharply
SIZE = "story.texts"

OF_PAIRS = (
    "wording.all.gap_child",
    "wording.all.gap_parent",
    "wording.all.rank_child",
    "wording.all.rank_parent",
    "wording.all.in_tree",
    "wording.all.between",
    "wording.all.near",
    "wording.all.rank_covered",
    "wording.all.rank_kept",
    "private.all.above_chance",
    "order.same",
    "order.all.rank_same",
    "style.all.rank",
    "style.all.word_length",
    "third.all.conflict",
    "third.all.side",
    "third.all.inner_parent",
    "third.all.inner_child",
    "third.all.lost",
    "third.all.lost_share",
    "third.all.regained",
    "names.balance",
    "numbers.balance",
    "numbers.all.lost",
    "quotations.all.lost",
    "length.all.growth",
    "length.all.abs_growth",
    "lives.regained",
    "lives.lost",
    "lives.private",
    "lives.near",
    "lives.side",
    "lives.conflict",
    "voice.step_machine",
    "times.year",
    "times.version",
    "times.edition",
)
OF_TEXTS = (
    "third.all.side",
    "third.all.rank_side",
    "third.all.conflict",
    "style.all.odd",
    "style.all.word_length",
    "wording.all.unique",
    "wording.all.rank_near",
    "wording.all.best",
    "length.rank",
    "length.all.against_mean",
    "names.rank",
    "names.known",
    "names.kept",
    "numbers.rank",
    "quotations.rank",
    "lives.side",
    "lives.count",
    "voice.first_machine",
    "times.first_year",
    "times.first_version",
    "times.first_edition",
)
# What can only speak for a link of rewrites, and what only against it.
FOR = frozenset(
    (
        "wording.all.gap_child",
        "wording.all.gap_parent",
        "wording.all.in_tree",
        "wording.all.near",
        "private.all.above_chance",
        "third.all.side",
        "third.all.inner_parent",
        "third.all.lost",
        "third.all.lost_share",
        "names.balance",
        "numbers.balance",
        "numbers.all.lost",
        "quotations.all.lost",
        "lives.lost",
        "lives.private",
        "lives.near",
        "lives.side",
        "voice.step_machine",
    )
)
AGAINST = frozenset(
    (
        "wording.all.rank_child",
        "wording.all.rank_parent",
        "wording.all.rank_covered",
        "wording.all.between",
        "third.all.inner_child",
        "third.all.regained",
        "lives.regained",
    )
)


def share_of_copies(names: Sequence[str], cases: Array) -> Array:
    """How far each case belongs to a story of near copies, 0 to 1."""
    closest = cases[:, names.index(COPIED)]
    share: Array = 1.0 / (1.0 + np.exp(-STEEP * (closest - HALF)))
    return share


@dataclass(frozen=True)
class Linear:
    """features: names of the columns.  rewrites, copies: nats for one unit of each.

    constant: nats of a case among rewrites, among copies, and for the logarithm of the number of texts.
    """

    features: tuple[str, ...]
    rewrites: Array
    copies: Array
    constant: tuple[float, float, float]

    def scores(self, names: Sequence[str], cases: Array) -> Array:
        """The score of every case in nats; `names` are the columns of `cases`."""
        copied = share_of_copies(names, cases)
        values = cases[:, places(names, self.features)]
        first, second, size = self.constant
        own = values @ self.rewrites * (1.0 - copied) + values @ self.copies * copied
        whole: Array = own + first * (1.0 - copied) + second * copied + size * cases[:, names.index(SIZE)]
        return whole

    def contributions(self, names: Sequence[str], cases: Array) -> Array:
        """Nats that each column adds to each case; cases × columns."""
        copied = share_of_copies(names, cases)[:, None]
        at = places(names, self.features)
        out = np.zeros(cases.shape)
        out[:, at] = cases[:, at] * (self.rewrites * (1.0 - copied) + self.copies * copied)
        return out


def places(names: Sequence[str], wanted: Sequence[str]) -> list[int]:
    """Where the wanted columns stand among `names`.  Raises IndexFormatError where one is missing."""
    at = {name: place for place, name in enumerate(names)}
    missing = sorted(set(wanted) - at.keys())
    if missing:
        raise IndexFormatError(
            f"the derivation model asks for the measure {missing[0]!r}, which is not taken; install lineage again"
        )
    return [at[name] for name in wanted]


def to_mapping(linear: Linear) -> dict[str, Any]:
    """The weights as plain lists, to seven significant digits."""
    return {
        "features": list(linear.features),
        "rewrites": [short(weight) for weight in linear.rewrites],
        "copies": [short(weight) for weight in linear.copies],
        "constant": [short(nats) for nats in linear.constant],
    }


def short(number: float) -> float:
    """The number to seven significant digits."""
    return float(f"{number:.7g}")


def from_mapping(stored: Mapping[str, Any]) -> Linear:
    """The weights of a decoded JSON object, as `to_mapping` writes it."""
    first, second, size = stored["constant"]
    weights = [np.array(stored[name], np.float64) for name in ("rewrites", "copies")]
    return Linear(tuple(stored["features"]), weights[0], weights[1], (first, second, size))


def load(name: str) -> tuple[Linear, Linear]:
    """The weights of links and of roots shipped as `lineage/data/models/<name>.json`.  Raises IndexFormatError."""
    return model.shipped(name, lambda stored: (from_mapping(stored["links"]), from_mapping(stored["roots"])))
