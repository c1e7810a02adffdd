"""What third texts say of a pair.

If B comes from A alone, no text outside B's line agrees with B against A. A third text that agrees with A against B
*and* with B against A tells that neither is the other's only source.
"""

import numpy as np
from numpy.typing import NDArray

from lineage.derive.grid import ALL_PAIRS, Measures, Pairs, nearest, text_ranks
from lineage.derive.readings import Array, Postings

SAMPLE = 4096
WITNESSES = 12
FEW = 0.15


def testimony(kind: str, postings: Postings, pairs: Pairs, closeness: Array) -> Measures:
    """Conflict, side and position of the third texts, over a fixed sample of the features some but not all have."""
    some = (postings.held >= 2) & (postings.held < pairs.texts)
    table = postings.incidence(postings.sample(some, SAMPLE))
    known = (table @ table.T).astype(np.float64)
    witnesses = None if pairs.texts <= ALL_PAIRS else nearest(closeness, WITNESSES)
    tables = {name: np.zeros(known.shape) for name in ("conflict", "side", "inner")}
    left, right = pairs.unordered()
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        conflict, side, inner_a, inner_b = _hear(table, known, witnesses, a, b)
        tables["conflict"][a, b] = tables["conflict"][b, a] = conflict
        tables["side"][a, b], tables["side"][b, a] = side, -side
        tables["inner"][a, b], tables["inner"][b, a] = inner_a, inner_b
    others = max(1, pairs.texts - 1)
    texts = {"side": tables["side"].sum(axis=1) / others, "conflict": tables["conflict"].sum(axis=1) / others}
    texts["rank_side"] = text_ranks(texts["side"])
    return Measures(
        {f"third.{name}.{kind}": pairs.of(values) for name, values in tables.items()},
        {f"third.{name}.{kind}": values for name, values in texts.items()},
    )


def _hear(
    table: NDArray[np.float32], known: Array, witnesses: NDArray[np.bool_] | None, a: int, b: int
) -> tuple[float, float, float, float]:
    """Conflict 0 to 0.5; side -1 (the rest stands with `b`) to 1 (with `a`); share of texts for which a, b is inner."""
    heard = np.ones(len(table), bool) if witnesses is None else witnesses[a] | witnesses[b]
    heard[[a, b]] = False
    thirds = np.flatnonzero(heard)
    if thirds.size == 0 or table.shape[1] == 0:
        return 0.0, 0.0, 0.0, 0.0
    in_all = (table[thirds] @ (table[a] * table[b])).astype(np.float64)
    with_a, with_b = known[a, thirds] - in_all, known[b, thirds] - in_all
    total = with_a + with_b
    everything = float(total.sum())
    if everything == 0.0:
        return 0.0, 0.0, 0.0, 0.0
    conflict = float(np.minimum(with_a, with_b).sum()) / everything
    side = float((with_a - with_b).sum()) / everything
    spoke = total > 0
    inner_a = float(((with_b <= FEW * total) & spoke).mean())
    inner_b = float(((with_a <= FEW * total) & spoke).mean())
    return conflict, side, inner_a, inner_b
