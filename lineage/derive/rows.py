"""The rows that training reads: all stories laid end to end, with what is true and how much each row counts."""

import collections
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lineage.derive.batches import Batches
from lineage.derive.examples import Example
from lineage.derive.readings import Array


@dataclass(frozen=True)
class Rows:
    """links, texts: rows × columns, named by pair_names and text_names.  true_links, true_roots: 0 to 1 for every row.

    link_weight, text_weight: how much a row counts.  batches: the same rows as stories.
    """

    pair_names: tuple[str, ...]
    text_names: tuple[str, ...]
    links: Array
    texts: Array
    true_links: Array
    true_roots: Array
    link_weight: Array
    text_weight: Array
    batches: Batches

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "Rows":
        """The rows of the examples; every set counts the same, whatever its number of stories."""
        weights = _story_weights(examples)
        links, roots = [], []
        for example in examples:
            parents = example.truth.sum(axis=0)
            links.append(example.tables.pairs.of(example.truth / np.maximum(parents, 1.0)[None, :]))
            roots.append((parents == 0).astype(np.float64))
        first = examples[0].tables
        return cls(
            first.pair_names,
            first.text_names,
            np.concatenate([example.tables.of_pairs for example in examples]),
            np.concatenate([example.tables.of_texts for example in examples]),
            np.concatenate(links),
            np.concatenate(roots),
            np.repeat(weights, [len(example.tables.pairs) for example in examples]),
            np.repeat(weights, [example.size for example in examples]),
            Batches(examples),
        )


def _story_weights(examples: Sequence[Example]) -> Array:
    """The weight of a text in each story: sets are equal, long stories count by the root of their length."""
    total: dict[str, float] = collections.defaultdict(float)
    for example in examples:
        total[example.manner] += example.size**0.5
    weights = np.array([1.0 / total[example.manner] / example.size**0.5 for example in examples])
    normal: Array = weights / weights.mean()
    return normal
