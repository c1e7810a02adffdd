"""Length and register, see `register`: differences between two texts, and from the story."""

from collections.abc import Sequence

import numpy as np

from lineage.derive.grid import Measures, Pairs, column_ranks, text_ranks
from lineage.derive.readings import Array, Reading


def style(readings: Sequence[Reading], pairs: Pairs) -> Measures:
    """Signed and absolute differences of register (child minus parent) and of length, and each text's own place."""
    rows = [reading.register for reading in readings]
    columns: dict[str, Array] = {}
    texts: dict[str, Array] = {}
    deviations = []
    for name in rows[0]:
        values = np.array([row[name] for row in rows])
        differences = pairs.of(values[None, :] - values[:, None])
        columns[f"style.{name}"] = differences
        columns[f"style.abs_{name}"] = np.abs(differences)
        spread = float(values.std())
        deviations.append((values - values.mean()) / spread if spread > 1e-12 else np.zeros(values.size))
        texts[f"style.{name}"] = deviations[-1]
    _add_distance(np.stack(deviations, axis=1), pairs, columns, texts)
    _add_length(readings, pairs, columns, texts)
    return Measures(columns, texts)


def _add_distance(deviations: Array, pairs: Pairs, columns: dict[str, Array], texts: dict[str, Array]) -> None:
    squares = (deviations**2).sum(axis=1)
    inner = deviations @ deviations.T
    apart = np.sqrt(np.maximum(0.0, squares[:, None] + squares[None, :] - 2.0 * inner) / deviations.shape[1])
    ranks = column_ranks(-apart)
    columns["style.distance"] = pairs.of(apart)
    columns["style.rank_child"] = pairs.of(ranks)
    columns["style.rank_parent"] = pairs.of(ranks.T)
    texts["style.odd"] = np.sqrt(squares / deviations.shape[1])
    texts["style.rank_odd"] = text_ranks(texts["style.odd"])


def _add_length(readings: Sequence[Reading], pairs: Pairs, columns: dict[str, Array], texts: dict[str, Array]) -> None:
    length = np.log([max(1, len(reading.words)) for reading in readings])
    growth = pairs.of(length[None, :] - length[:, None])
    columns["length.growth"] = growth
    columns["length.abs_growth"] = np.abs(growth)
    texts["length.against_mean"] = length - length.mean()
    texts["length.against_longest"] = length - length.max()
    texts["length.against_shortest"] = length - length.min()
    texts["length.rank"] = text_ranks(length)
