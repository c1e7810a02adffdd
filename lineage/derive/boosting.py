"""Boosted trees whose loss is the probability of the whole derivation, not of one link.

Two forests grow together on top of the weighed reasons, one scores links, one scores roots. The gradient of a story's
log-probability is the expected links minus the true ones, by the matrix-tree theorem; so evidence for the direction is
summed over the tree and a link need only beat its rivals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lineage.derive.examples import Example
from lineage.derive.fitting import fit
from lineage.derive.readings import Array
from lineage.derive.rows import Rows
from lineage.derive.scores import Scorer
from lineage.model import from_lightgbm

LEAST_CURVATURE = 0.01


@dataclass(frozen=True)
class Growth:
    """How the forests are grown; strongly regularised, because a user's stories belong to no training set."""

    rounds: int = 160
    rate: float = 0.15
    leaves: int = 8
    share_of_features: float = 0.15
    shrinkage: float = 30.0
    least_rows: int = 40
    seed: int = 1

    def parameters(self) -> dict[str, Any]:
        """The same in LightGBM's words."""
        return {
            "objective": "none",
            "verbose": -1,
            "num_threads": 1,
            "deterministic": True,
            "force_row_wise": True,
            "max_bin": 31,
            "learning_rate": self.rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.least_rows,
            "min_sum_hessian_in_leaf": 1.0,
            "lambda_l2": self.shrinkage,
            "feature_fraction": self.share_of_features,
            "seed": self.seed,
        }


def grow(examples: Sequence[Example], growth: Growth, card: dict[str, Any]) -> Scorer:
    """The scorer trained on the examples; every set counts the same, whatever its number of stories."""
    rows = Rows.of(examples)
    reasons = fit(rows)
    known = (reasons[0].scores(rows.pair_names, rows.links), reasons[1].scores(rows.text_names, rows.texts))
    links, texts = forests(rows, known, growth)
    return Scorer(from_lightgbm(links, rows.pair_names, card), from_lightgbm(texts, rows.text_names, card), *reasons)


def forests(rows: Rows, known: tuple[Array, Array], growth: Growth) -> tuple[Any, Any]:
    """The LightGBM boosters for links and for texts, grown on top of the scores that are known of each row."""
    import lightgbm

    settings = growth.parameters()
    links, texts = [
        lightgbm.Booster(settings, lightgbm.Dataset(table, label=truth, params=settings, free_raw_data=False))
        for table, truth in ((rows.links, rows.true_links), (rows.texts, rows.true_roots))
    ]
    for _ in range(growth.rounds):
        found, starts, _ = rows.batches.expected(known[0] + present(links), known[1] + present(texts))
        step(links, found, rows.true_links, rows.link_weight)
        step(texts, starts, rows.true_roots, rows.text_weight)
    return links, texts


def present(booster: Any) -> Array:
    """The scores of the training rows so far; LightGBM keeps them and shows them to a figure of merit only."""
    shown: list[Array] = []

    def look(scores: Array, data: Any) -> tuple[str, float, bool]:
        shown.append(scores.copy())
        return "none", 0.0, True

    booster.eval_train(look)
    return shown[0]


def step(booster: Any, expected: Array, truth: Array, weight: Array) -> None:
    """Grow one tree that moves what is expected of each row towards the truth."""
    gradient = (expected - truth) * weight
    curvature = np.maximum(expected * (1.0 - expected), LEAST_CURVATURE) * weight
    booster.update(fobj=lambda predictions, data: (gradient, curvature))
