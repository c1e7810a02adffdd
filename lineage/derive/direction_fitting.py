"""Learning the direction of two texts from links of known stories, each told as a story of two."""

import collections
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lineage.derive.direction import Direction, both_ways
from lineage.derive.examples import Example, Known
from lineage.model import from_lightgbm

PAIR = 2  # texts of a story that teaches the direction, and nothing else
OF_EACH = 8  # links of one story
# Measures that mean the same whatever other texts there are. How a text is set (quotation marks, spaces) is a habit of
# whoever stored it.
FAMILIES = ("style.", "length.", "names.", "numbers.", "quotations.", "times.", "voice.")
WORDING = ("order.covered", "order.kept", "order.near", "order.same", "wording.covered", "wording.kept", "wording.near")
NOT_READ = ("style.all.", "style.distance", "style.rank", "voice.step")
SETTING = ("double_spaces", "straight_quotes", "curly_quotes", "paragraph_length")
ROUNDS = 200
GROWTH: Mapping[str, Any] = {
    "objective": "binary",
    "num_leaves": 16,
    "learning_rate": 0.05,
    "min_data_in_leaf": 20,
    "min_sum_hessian_in_leaf": 1e-4,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


def twos(stories: Iterable[Known], seed: int) -> Iterator[Known]:
    """Up to `OF_EACH` links of each story as stories of two: those of texts with one parent alone."""
    for known in stories:
        links = [(child, *known.parents[child]) for child in sorted(known.parents) if len(known.parents[child]) == 1]
        text = {article.id: article for article in known.articles}
        for child, parent in random.Random(f"{seed}:two:{known.story}").sample(links, min(OF_EACH, len(links))):
            parents = {parent: frozenset[str](), child: frozenset({parent})}
            yield Known(known.source, known.story, (text[parent], text[child]), parents, known.regime)


def signs(names: Sequence[str]) -> tuple[str, ...]:
    """Those measures that the direction of two texts is learned from."""
    found = [name for name in names if name.startswith(FAMILIES + WORDING) and not name.startswith(NOT_READ)]
    return tuple(name for name in found if "rank" not in name and not name.endswith(SETTING))


def direction(examples: Iterable[Example], card: Mapping[str, Any]) -> Direction | None:
    """The direction learned from the stories of two among the examples; None where there is none.

    Every set counts the same, and every link is shown both ways.
    """
    import lightgbm

    pairs = [example for example in examples if example.size == PAIR]
    if not pairs:
        return None
    names = signs(pairs[0].tables.pair_names)
    at = [pairs[0].tables.pair_names.index(name) for name in names]
    rows = np.concatenate([example.tables.of_pairs[both_ways(example.tables)][:, at] for example in pairs])
    right = np.concatenate([(example.truth[0, 1], example.truth[1, 0]) for example in pairs])
    count = collections.Counter(example.kind for example in pairs)
    weight = np.repeat([len(pairs) / len(count) / count[example.kind] for example in pairs], 2)
    booster = lightgbm.train(dict(GROWTH), lightgbm.Dataset(rows, right, weight=weight), ROUNDS)
    return Direction(from_lightgbm(booster, names, card))
