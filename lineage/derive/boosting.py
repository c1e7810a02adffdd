"""Boosted trees whose loss is the probability of the whole derivation, not of one link.

Two forests grow together, one scores links, one scores roots. The gradient of a story's log-probability is the
expected links minus the true ones, by the matrix-tree theorem; so evidence for the direction is summed over the tree
and a link need only beat its rivals.
"""

import collections
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lineage.derive.arborescence import marginals
from lineage.derive.examples import Example
from lineage.derive.readings import Array
from lineage.derive.scores import Scorer, dense
from lineage.model import from_lightgbm

LEAST_CURVATURE = 0.01


@dataclass(frozen=True)
class Growth:
    """How the forests are grown; strongly regularised, because a user's stories belong to no training set."""

    rounds: int = 180
    rate: float = 0.12
    leaves: int = 8
    share_of_features: float = 0.3
    shrinkage: float = 5.0
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


@dataclass(frozen=True)
class _Rows:
    """The training rows of all stories, links and texts, laid end to end."""

    links: Array
    texts: Array
    true_links: Array
    true_roots: Array
    link_weight: Array
    text_weight: Array


def grow(examples: Sequence[Example], growth: Growth, card: dict[str, Any]) -> Scorer:
    """The scorer trained on the examples; every set counts the same, whatever its number of stories."""
    import lightgbm

    rows = _rows(examples)
    settings = growth.parameters()
    boosters = [
        lightgbm.Booster(settings, lightgbm.Dataset(table, label=truth, params=settings, free_raw_data=False))
        for table, truth in ((rows.links, rows.true_links), (rows.texts, rows.true_roots))
    ]
    link_scores, text_scores = np.zeros(len(rows.links)), np.zeros(len(rows.texts))
    for turn in range(growth.rounds):
        links, roots = _expected(examples, link_scores, text_scores)
        _step(boosters[0], links, rows.true_links, rows.link_weight)
        _step(boosters[1], roots, rows.true_roots, rows.text_weight)
        link_scores += boosters[0].predict(rows.links, start_iteration=turn, num_iteration=1, raw_score=True)
        text_scores += boosters[1].predict(rows.texts, start_iteration=turn, num_iteration=1, raw_score=True)
    first = examples[0].tables
    return Scorer(
        from_lightgbm(boosters[0], first.pair_names, card), from_lightgbm(boosters[1], first.text_names, card)
    )


def _step(booster: Any, expected: Array, truth: Array, weight: Array) -> None:
    gradient = (expected - truth) * weight
    curvature = np.maximum(expected * (1.0 - expected), LEAST_CURVATURE) * weight
    booster.update(fobj=lambda predictions, data: (gradient, curvature))


def _rows(examples: Sequence[Example]) -> _Rows:
    weights = _story_weights(examples)
    links, roots = [], []
    for example in examples:
        parents = example.truth.sum(axis=0)
        links.append(example.tables.pairs.of(example.truth / np.maximum(parents, 1.0)[None, :]))
        roots.append((parents == 0).astype(np.float64))
    return _Rows(
        np.concatenate([example.tables.of_pairs for example in examples]),
        np.concatenate([example.tables.of_texts for example in examples]),
        np.concatenate(links),
        np.concatenate(roots),
        np.repeat(weights, [len(example.tables.pairs) for example in examples]),
        np.repeat(weights, [example.size for example in examples]),
    )


def _story_weights(examples: Sequence[Example]) -> Array:
    """The weight of a text in each story: sets are equal, long stories count by the root of their length."""
    total: dict[str, float] = collections.defaultdict(float)
    for example in examples:
        total[example.source] += example.size**0.5
    weights = np.array([1.0 / total[example.source] / example.size**0.5 for example in examples])
    normal: Array = weights / weights.mean()
    return normal


def _expected(examples: Sequence[Example], link_scores: Array, text_scores: Array) -> tuple[Array, Array]:
    """Probability of every link and every root under the present scores."""
    links, roots = np.zeros(link_scores.size), np.zeros(text_scores.size)
    at_link, at_text = 0, 0
    for example in examples:
        pairs = example.tables.pairs
        here, there = slice(at_link, at_link + len(pairs)), slice(at_text, at_text + example.size)
        found = marginals(dense(pairs, link_scores[here]), text_scores[there])
        links[here], roots[there] = pairs.of(found.links), found.roots
        at_link, at_text = here.stop, there.stop
    return links, roots
