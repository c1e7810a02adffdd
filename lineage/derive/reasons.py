"""The measures boiled down to a few reasons, each bounded and free of scale, so that they mean the same in any story.

Kinds of wording are averaged, ranks counted in logarithms, closeness held against the closest other text. What is left
is what there is a reason for: a text's nearest neighbours touch it; third texts side with the source; names and numbers
are lost rather than found. Habits of one kind of writer are left to the forests.
"""

from collections.abc import Mapping

import numpy as np

from lineage.derive.grid import Measures, Pairs
from lineage.derive.readings import Array

KINDS = ("stem", "two", "skip")
LEAST_NEAR = 1e-3
FAR_GAP, FAR_STEP, FAR_GROWTH = 3.0, 3.0, 1.5

Columns = Mapping[str, Array]


def reasons(columns: Columns, texts: Columns, pairs: Pairs) -> Measures:
    """The reasons for links and for roots, from the measures of all pairs and of all texts."""
    return Measures(
        {
            **_closeness(columns, pairs),
            **_testimony(columns, pairs),
            **_losses(columns),
            **_register(columns, texts, pairs),
        },
        {**_place(texts), **_substance(texts)},
    )


def _mean(columns: Columns, *names: str) -> Array:
    found: Array = np.mean([columns[name] for name in names], axis=0)
    return found


def _of_kinds(columns: Columns, name: str) -> Array:
    """The mean of a measure over the kinds of wording."""
    return _mean(columns, *(f"{name}.{kind}" for kind in KINDS))


def _with_order(columns: Columns, name: str) -> list[Array]:
    """A measure of each kind of wording and of the order of words."""
    return [columns[f"wording.{name}.{kind}"] for kind in KINDS] + [columns[f"order.{name}"]]


def _in_logs(columns: Columns, name: str) -> Array:
    found: Array = np.mean(np.log1p(_with_order(columns, name)), axis=0)
    return found


def _closeness(columns: Columns, pairs: Pairs) -> dict[str, Array]:
    near = [_table(values, pairs) for values in _with_order(columns, "near")]
    kept = [_table(values, pairs).T for values in _with_order(columns, "rank_covered")]
    return {
        "wording.all.gap_child": np.mean([pairs.of(_log_gaps(table)) for table in near], axis=0),
        "wording.all.gap_parent": np.mean([pairs.of(_log_gaps(table).T) for table in near], axis=0),
        "wording.all.rank_child": _in_logs(columns, "rank_child"),
        "wording.all.rank_parent": _in_logs(columns, "rank_parent"),
        "wording.all.rank_covered": _in_logs(columns, "rank_covered"),
        "wording.all.rank_kept": np.mean([pairs.of(np.log1p(table)) for table in kept], axis=0),
        "wording.all.in_tree": np.mean(_with_order(columns, "in_tree"), axis=0),
        "wording.all.between": _in_logs(columns, "between"),
        "wording.all.near": np.mean([np.log(pairs.of(table) + LEAST_NEAR) for table in near], axis=0),
        "private.all.above_chance": _mean(
            columns, *(f"private.above_chance.{kind}" for kind in ("stem", "two", "three"))
        ),
        "order.all.rank_same": np.log1p(columns["order.rank_same"]),
    }


def _testimony(columns: Columns, pairs: Pairs) -> dict[str, Array]:
    """What third texts say, and what was lost and is still known to them against what came up again."""
    inner = _of_kinds(columns, "third.inner")
    return {
        "third.all.conflict": _of_kinds(columns, "third.conflict"),
        "third.all.side": _of_kinds(columns, "third.side"),
        "third.all.inner_parent": inner,
        "third.all.inner_child": pairs.of(_table(inner, pairs).T),
        "third.all.lost": _of_kinds(columns, "third.lost_all") - _of_kinds(columns, "third.regained_all"),
        "third.all.lost_share": _of_kinds(columns, "third.lost") - _of_kinds(columns, "third.regained"),
        "third.all.regained": _of_kinds(columns, "third.regained"),
    }


def _losses(columns: Columns) -> dict[str, Array]:
    return {
        "quotations.all.lost": columns["quotations.lost"] - columns["quotations.gained"],
        "numbers.all.lost": columns["numbers.lost"] - columns["numbers.gained"],
        "length.all.growth": np.clip(columns["length.growth"], -FAR_GROWTH, FAR_GROWTH),
        "length.all.abs_growth": np.minimum(columns["length.abs_growth"], FAR_GROWTH),
    }


def _register(columns: Columns, texts: Columns, pairs: Pairs) -> dict[str, Array]:
    """How near in style, and the step in the length of words: the one habit that most rewriting machines share."""
    words = _standard(texts["style.word_length"])
    step = np.clip(words[None, :] - words[:, None], -FAR_STEP, FAR_STEP)
    ranks = np.log1p(columns["style.rank_child"]) + np.log1p(columns["style.rank_parent"])
    return {"style.all.word_length": pairs.of(step), "style.all.rank": ranks}


def _place(texts: Columns) -> dict[str, Array]:
    """Where a text stands among the others: with the rest or apart, near or far."""
    near = [texts[f"wording.rank_mean_near.{kind}"] for kind in KINDS] + [texts["order.rank_mean_near"]]
    best = [texts[f"wording.best_near.{kind}"] for kind in KINDS] + [texts["order.best_near"]]
    return {
        "third.all.side": _of_kinds(texts, "third.side"),
        "third.all.rank_side": _of_kinds(texts, "third.rank_side"),
        "third.all.conflict": _of_kinds(texts, "third.conflict"),
        "style.all.odd": _standard(texts["style.odd"]),
        "wording.all.unique": np.mean([_standard(texts[f"wording.unique.{kind}"]) for kind in KINDS], axis=0),
        "wording.all.rank_near": np.mean(near, axis=0),
        "wording.all.best": np.mean(np.log(np.array(best) + LEAST_NEAR), axis=0),
    }


def _substance(texts: Columns) -> dict[str, Array]:
    return {
        "length.all.against_mean": np.clip(texts["length.against_mean"], -FAR_GROWTH, FAR_GROWTH),
        "style.all.word_length": _standard(texts["style.word_length"]),
    }


def _table(values: Array, pairs: Pairs) -> Array:
    out = np.zeros((pairs.texts, pairs.texts))
    out[pairs.parent, pairs.child] = values
    return out


def _log_gaps(near: Array) -> Array:
    """Logarithm of each closeness over the best other one of the column, bounded; the diagonal is 0."""
    if len(near) < 3:
        return np.zeros_like(near)
    logs = np.log(near + LEAST_NEAR)
    np.fill_diagonal(logs, -np.inf)
    second, best = np.sort(logs, axis=0)[-2:]
    gaps = logs - np.where(logs == best, second, best)
    np.fill_diagonal(gaps, 0.0)
    bounded: Array = np.clip(gaps, -FAR_GAP, FAR_GAP)
    return bounded


def _standard(values: Array) -> Array:
    """Deviations from the story's mean in units of its spread; 0 where all texts are alike."""
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values)
