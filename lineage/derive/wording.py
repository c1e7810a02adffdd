"""How much wording two texts share, by kind of feature, and how that stands among the other texts of the story."""

import numpy as np

from lineage.derive.grid import (
    Measures,
    Pairs,
    best_of_others,
    between_count,
    column_gaps,
    column_ranks,
    in_widest_tree,
    mean_of_others,
    ratio,
    text_ranks,
    without_self,
)
from lineage.derive.readings import Array, Postings


def closeness(postings: Postings) -> Array:
    """Weighted Jaccard similarity, 0 to 1, symmetric; rarer wording within the story counts more."""
    shared, sizes = postings.shared_weight, postings.weighted_sizes
    return ratio(shared, sizes[:, None] + sizes[None, :] - shared)


def shares(kind: str, postings: Postings, pairs: Pairs) -> Measures:
    """Similarity, containment both ways, and the rank of each among the child's and the parent's other texts."""
    shared, sizes = postings.shared_weight, postings.weighted_sizes
    near = ratio(shared, sizes[:, None] + sizes[None, :] - shared)
    covered = ratio(shared, np.broadcast_to(sizes[None, :], shared.shape))
    kept = covered.T
    ranks, gaps = column_ranks(near), column_gaps(near)
    columns = {
        "near": near,
        "covered": covered,
        "kept": kept,
        "rank_child": ranks,
        "rank_parent": ranks.T,
        "gap_child": gaps,
        "gap_parent": gaps.T,
        "rank_covered": column_ranks(covered),
        "gap_covered": column_gaps(covered),
        "rank_kept": column_ranks(kept),
        "in_tree": in_widest_tree(near),
        "between": between_count(near, pairs),
    }
    texts = {
        "unique": ratio(_unique(postings), postings.sizes),
        "mean_near": mean_of_others(near),
        "mean_covered": mean_of_others(covered),
        "mean_kept": mean_of_others(kept.T),
        "best_near": best_of_others(near),
        "best_covered": best_of_others(covered),
    }
    for name in ("unique", "mean_near", "mean_covered", "mean_kept"):
        texts[f"rank_{name}"] = text_ranks(texts[name])
    return Measures(
        {f"wording.{name}.{kind}": pairs.of(table) for name, table in columns.items()},
        {f"wording.{name}.{kind}": values for name, values in texts.items()},
    )


def private(kind: str, postings: Postings, pairs: Pairs) -> Measures:
    """Wording that exactly these two texts have: as a share, within each one's private wording, and above chance."""
    both = without_self(postings.shared_by_two)
    of_child = np.broadcast_to(both.sum(axis=0)[None, :], both.shape)
    expected = of_child * of_child.T / max(1.0, float(both.sum()))
    share = ratio(both, of_child)
    sizes = postings.sizes
    columns = {
        "share": ratio(both, np.sqrt(sizes[:, None] * sizes[None, :])),
        "of_child": share,
        "of_parent": share.T,
        "above_chance": np.log((both + 0.5) / (expected + 0.5)),
    }
    return Measures({f"private.{name}.{kind}": pairs.of(table) for name, table in columns.items()}, {})


def regained(kind: str, postings: Postings, pairs: Pairs) -> Measures:
    """Wording one side lacks and third texts have: a wording is usually born once, so each is a mark against.

    regained: the child has it, the parent has not.  lost: the parent has it, the child has not.
    """
    shared, sizes = postings.shared, postings.sizes
    known = np.diag(shared)
    new, gone = sizes[None, :] - shared, sizes[:, None] - shared
    new_known, gone_known = known[None, :] - shared, known[:, None] - shared
    columns = {
        "regained": ratio(new_known, new),
        "regained_all": ratio(new_known, np.broadcast_to(sizes[None, :], shared.shape)),
        "lost": ratio(gone_known, gone),
        "lost_all": ratio(gone_known, np.broadcast_to(sizes[:, None], shared.shape)),
    }
    return Measures({f"third.{name}.{kind}": pairs.of(table) for name, table in columns.items()}, {})


def _unique(postings: Postings) -> Array:
    alone = postings.held[postings.columns] == 1
    return np.bincount(postings.rows[alone], minlength=postings.texts).astype(np.float64)
