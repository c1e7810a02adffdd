"""All kinds of closeness taken together: each alone is noisy, their mean is not."""

from collections.abc import Sequence

import numpy as np

from lineage.derive.grid import (
    Measures,
    Pairs,
    between_count,
    column_gaps,
    column_ranks,
    in_widest_tree,
    margins,
    mean_of_others,
    text_ranks,
    without_self,
)
from lineage.derive.readings import Array


def blended(kinds: Sequence[Array], pairs: Pairs) -> Array:
    """Mean of the closeness tables, each in units of its mean over the pairs; symmetric."""
    total = np.zeros((pairs.texts, pairs.texts))
    for table in kinds:
        usual = float(pairs.of(table).mean())
        total += table / usual if usual > 0 else 0.0
    return total / len(kinds)


def blend(kinds: Sequence[Array], pairs: Pairs) -> Measures:
    """Rank, gap, margin and tree of the blended closeness; each text's degree in that tree."""
    near = blended(kinds, pairs)
    ranks, gaps, tree = column_ranks(near), column_gaps(near), in_widest_tree(near)
    columns = {
        "near": near,
        "rank_child": ranks,
        "rank_parent": ranks.T,
        "gap_child": gaps,
        "gap_parent": gaps.T,
        "in_tree": tree,
        "between": between_count(near, pairs),
        "margin": margins(near, pairs),
    }
    degree = tree.sum(axis=0)
    texts = {
        "degree": degree,
        "rank_degree": text_ranks(degree),
        "mean_near": mean_of_others(near),
        "rank_mean_near": text_ranks(mean_of_others(near)),
        "rank_spread": text_ranks(without_self(near).std(axis=0)),
    }
    return Measures(
        {f"wording.{name}.blend": pairs.of(table) for name, table in columns.items()},
        {f"wording.{name}.blend": values for name, values in texts.items()},
    )
