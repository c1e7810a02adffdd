"""Learning what the stories of each regime look like, and growing a forest on the stories of each known set."""

import collections
from collections.abc import Sequence

import numpy as np

from lineage.derive.boosting import Growth, forests
from lineage.derive.descriptors import descriptors
from lineage.derive.examples import Example
from lineage.derive.familiar import Familiar, Forests
from lineage.derive.readings import Array
from lineage.derive.regimes import standard
from lineage.derive.rows import Rows
from lineage.model import from_lightgbm

# One regime's habits alone: less held back than the forests for stories of every kind.
HABITS = Growth(rounds=60, rate=0.2, share_of_features=0.3, shrinkage=5.0, least_rows=20)
ENOUGH = 2 * HABITS.least_rows  # texts of a set that can be divided at all
ROUND = 0.3  # how far the covariance is drawn to a round one: there are more descriptors than stories of a regime


def familiar(examples: Sequence[Example]) -> Familiar:
    """What the examples teach; the regimes are in order of their names, as in a bank.

    Forests are grown for the sets of known derivation; what was made for one regime has its weights in the bank alone.
    """
    regimes = [example.kind for example in examples]
    names = sorted(set(regimes))
    own = np.array([names.index(regime) for regime in regimes])
    described = [descriptors(example.tables) for example in examples]
    told = tuple(sorted(described[0]))
    values = np.array([[one[name] for name in told] for one in described])
    count = collections.Counter(regimes)
    weight = np.array([1.0 / count[regime] for regime in regimes]) / len(names)
    centre = weight @ values
    spread = np.sqrt(weight @ (values - centre) ** 2) + 1e-9
    near = standard(values, centre, spread)
    middles = np.array([near[own == place].mean(axis=0) for place in range(len(names))])
    inverse = np.asarray(np.linalg.inv(_covariance(near - middles[own], weight)), np.float64)
    return Familiar(told, centre, spread, middles, inverse, _forests(examples))


def _covariance(apart: Array, weight: Array) -> Array:
    """The covariance within regimes, drawn to a round one of the same size."""
    found: Array = (apart * weight[:, None]).T @ apart
    size = np.trace(found) / len(found)
    drawn: Array = (1.0 - ROUND) * found + ROUND * size * np.eye(len(found))
    return drawn


def _forests(examples: Sequence[Example]) -> dict[str, Forests]:
    of_set: dict[str, list[Example]] = collections.defaultdict(list)
    for example in examples:
        if not example.regime:
            of_set[example.manner].append(example)
    texts = {name: sum(example.size for example in own) for name, own in of_set.items()}
    return {name: _grown(of_set[name]) for name in sorted(of_set) if texts[name] >= ENOUGH}


def _grown(examples: Sequence[Example]) -> Forests:
    rows = Rows.of(examples)
    links, texts = forests(rows, (np.zeros(len(rows.links)), np.zeros(len(rows.texts))), HABITS)
    return Forests(from_lightgbm(links, rows.pair_names, {}), from_lightgbm(texts, rows.text_names, {}))
