"""The weights of the reasons for a second parent, fitted to the likelihood of what each text chose."""

import collections
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lineage.derive.decide import Decision
from lineage.derive.examples import Example
from lineage.derive.family import Family
from lineage.derive.fitting import scaled
from lineage.derive.linear import COPIED, SIZE, Linear, share_of_copies
from lineage.derive.readings import Array
from lineage.derive.seconds import Choice, Seconds
from lineage.derive.siblings import reconsidered

HELD_BACK = 5.0  # how strongly weights are drawn towards 0, against the log-likelihood of one case
ROUNDS = 300


@dataclass(frozen=True)
class Case:
    """A text's choice, and the places of its true parents among the others; none where it has one parent."""

    source: str
    story: str
    choice: Choice
    right: tuple[int, ...]


def cases(example: Example, decision: Decision) -> list[Case]:
    """The choices of a story's texts as they stand after a decision that was made without knowing the story."""
    decision, _ = reconsidered(example.tables, decision)
    if example.size < 3:
        return []
    seconds, family = Seconds(example.tables, decision), Family.of(decision)
    found = []
    for child in range(example.size):
        choice = seconds.choice(family, child)
        if choice is not None:
            true = set(np.flatnonzero(example.truth[:, child]).tolist())
            right = [place for place, other in enumerate(choice.others) if other in true] if len(true) > 1 else []
            found.append(Case(example.source, example.story, choice, tuple(right)))
    return found


def fit(known: Sequence[Case]) -> Linear:
    """The weights that make the true choices most probable; a set of stories counts by the root of its choices."""
    from scipy.optimize import minimize

    names = known[0].choice.names
    features = tuple(name for name in names if name not in (COPIED, SIZE))
    columns, spread = scaled(_columns(names, np.concatenate([case.choice.reasons for case in known]), features))
    sizes = [len(case.choice.others) for case in known]
    starts, owner = np.cumsum([0, *sizes[:-1]]), np.repeat(np.arange(len(known)), sizes)
    true = np.concatenate([_truth(case) for case in known])
    weight = _weights(known)

    def loss(weights: Array) -> tuple[float, Array]:
        scores = columns @ weights
        top = np.maximum(np.maximum.reduceat(scores, starts), 0.0)
        odds = np.exp(scores - top[owner])
        whole = np.add.reduceat(odds, starts) + np.exp(-top)
        slope = columns.T @ (weight[owner] * (odds / whole[owner] - true))
        missed = float(weight @ (np.log(whole) + top - np.add.reduceat(true * scores, starts)))
        drawn = weights.copy()
        drawn[-3:] = 0.0
        return missed + 0.5 * HELD_BACK * float(drawn @ drawn), slope + HELD_BACK * drawn

    start = np.zeros(columns.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x / spread
    count = len(features)
    first, second, size = found[-3:].tolist()
    return Linear(features, found[:count], found[count : 2 * count], (first, second, size))


def _columns(names: Sequence[str], reasons: Array, features: Iterable[str]) -> Array:
    """The reasons among rewrites, the same among copies, and the three constants of `Linear`."""
    copied = share_of_copies(names, reasons)[:, None]
    values = reasons[:, [names.index(name) for name in features]]
    return np.concatenate(
        [values * (1.0 - copied), values * copied, 1.0 - copied, copied, reasons[:, [names.index(SIZE)]]], axis=1
    )


def _truth(case: Case) -> Array:
    out = np.zeros(len(case.choice.others))
    out[list(case.right)] = 1.0 / max(1, len(case.right))
    return out


def _weights(known: Sequence[Case]) -> Array:
    counts = collections.Counter(case.source for case in known)
    weights = np.array([counts[case.source] ** -0.5 for case in known])
    normal: Array = weights / weights.mean()
    return normal
