"""Learning the second look from first looks at stories that the first look had not seen."""

import collections
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lineage.derive.boosting import present, step
from lineage.derive.examples import Example
from lineage.derive.figures import Judged
from lineage.derive.habits import FEWEST, NAMES, FirstLook, Habits, in_logs
from lineage.derive.readings import Array, Ints
from lineage.model import from_lightgbm

ROUNDS = 60
GROWTH: Mapping[str, Any] = {
    "objective": "none",
    "num_leaves": 5,
    "learning_rate": 0.1,
    "min_data_in_leaf": 40,
    "min_sum_hessian_in_leaf": 1.0,
    "feature_fraction": 0.5,
    "lambda_l2": 30.0,
    "max_bin": 63,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


def habits(decided: Sequence[Judged], card: Mapping[str, Any]) -> Habits:
    """The second look that makes the true parents of these stories' texts likeliest; every set counts the same.

    decided: stories with first looks by models that knew neither them nor a part of them.
    """
    import lightgbm

    cases = _Cases.of([(example, decision) for example, decision in decided if example.size >= FEWEST])
    settings = dict(GROWTH)
    data = lightgbm.Dataset(cases.rows, label=cases.true, params=settings, free_raw_data=False)
    booster = lightgbm.Booster(settings, data)
    for _ in range(ROUNDS):
        step(booster, cases.chances(present(booster)), cases.true, cases.weight)
    return Habits(from_lightgbm(booster, NAMES, card))


@dataclass(frozen=True)
class _Cases:
    """Every possible link, and having no parent, of every text of some stories.

    rows: cases × `NAMES`.  first: log-probability of the first look.  true: the share of the text's parenthood, 0 to 1.
    child: the number of the text.  weight: how much a case counts.
    """

    rows: Array
    first: Array
    true: Array
    child: Ints
    weight: Array

    @classmethod
    def of(cls, stories: Sequence[Judged]) -> "_Cases":
        """The cases of stories; every set counts the same, whatever its number of texts."""
        texts = collections.Counter[str]()
        parts = []
        for example, decision in stories:
            kept = ~np.eye(example.size + 1, example.size, dtype=bool)
            look = FirstLook(decision.links, decision.roots, decision.parents, decision.known)
            first = np.vstack([in_logs(decision.links), in_logs(decision.roots)])
            child = np.nonzero(kept)[1] + texts.total()
            parts.append((look.measures()[kept], first[kept], _true(example)[kept], child))
            texts[example.source] += example.size
        usual = texts.total() / len(texts)
        weights = np.repeat([usual / texts[example.source] for example, _ in stories], [len(part[1]) for part in parts])
        rows, first, true, child = (np.concatenate(column) for column in zip(*parts, strict=True))
        return cls(rows, first, true, child, weights)

    def chances(self, nats: Array) -> Array:
        """The probabilities after so many nats more; those of each text sum to 1."""
        scores = self.first + nats
        top = np.full(int(self.child.max()) + 1, -np.inf)
        np.maximum.at(top, self.child, scores)
        weights = np.exp(scores - top[self.child])
        found: Array = weights / np.bincount(self.child, weights)[self.child]
        return found


def _true(example: Example) -> Array:
    """(texts + 1) × texts, the last row for no parent; a text with two parents has half of it in each."""
    parents = example.truth.sum(axis=0)
    return np.vstack([example.truth / np.maximum(parents, 1.0), parents == 0])
