"""What third texts say of a pair.

If B comes from A alone, no text outside B's line agrees with B against A. A third text that agrees with A against B
*and* with B against A tells that neither is the other's only source.
"""

import numpy as np
from numpy.typing import NDArray

from lineage.derive.grid import ALL_PAIRS, Measures, Pairs, nearest, ratio, text_ranks
from lineage.derive.readings import Array, Ints, Postings

SAMPLE = 4096
WITNESSES = 12
FEW = 0.15


def third_texts(kind: str, postings: Postings, pairs: Pairs, closeness: Array) -> Measures:
    """Conflict, side and position of the third texts, over a fixed sample of the features some but not all have."""
    some = (postings.held >= 2) & (postings.held < pairs.texts)
    table = postings.incidence(postings.sample(some, SAMPLE))
    known = (table @ table.T).astype(np.float64)
    witnesses = None if pairs.texts <= ALL_PAIRS else nearest(closeness, WITNESSES)
    tables = {name: np.zeros(known.shape) for name in ("conflict", "side", "inner")}
    left, right = pairs.unordered()
    for a in np.unique(left).tolist():
        partners = right[left == a]
        conflict, side, inner_a, inner_b = _hear(table, known, witnesses, a, partners)
        tables["conflict"][a, partners] = tables["conflict"][partners, a] = conflict
        tables["side"][a, partners], tables["side"][partners, a] = side, -side
        tables["inner"][a, partners], tables["inner"][partners, a] = inner_a, inner_b
    others = max(1, pairs.texts - 1)
    texts = {"side": tables["side"].sum(axis=1) / others, "conflict": tables["conflict"].sum(axis=1) / others}
    texts["rank_side"] = text_ranks(texts["side"])
    return Measures(
        {f"third.{name}.{kind}": pairs.of(values) for name, values in tables.items()},
        {f"third.{name}.{kind}": values for name, values in texts.items()},
    )


def _hear(
    table: NDArray[np.float32], known: Array, witnesses: NDArray[np.bool_] | None, a: int, partners: Ints
) -> tuple[Array, Array, Array, Array]:
    """For `a` with each partner b: conflict 0 to 0.5, side, and the share of third texts that make a, or b, inner.

    side runs from -1 (where the two differ the rest stands with b) to 1 (with a).
    """
    heard = np.ones((len(table), partners.size), bool)
    if witnesses is not None:
        heard = witnesses[a][:, None] | witnesses[:, partners]
    heard[a, :] = False
    heard[partners, np.arange(partners.size)] = False
    thirds = np.flatnonzero(heard.any(axis=1))
    heard = heard[thirds]
    in_all = (table[thirds] @ (table[a] * table[partners]).T).astype(np.float64)
    with_a = np.where(heard, known[thirds, a][:, None] - in_all, 0.0)
    with_b = np.where(heard, known[np.ix_(thirds, partners)] - in_all, 0.0)
    total = with_a + with_b
    everything, spoke = total.sum(axis=0), total > 0
    voices = np.maximum(1.0, heard.sum(axis=0))
    return (
        ratio(np.minimum(with_a, with_b).sum(axis=0), everything),
        ratio((with_a - with_b).sum(axis=0), everything),
        ((with_b <= FEW * total) & spoke).sum(axis=0) / voices,
        ((with_a <= FEW * total) & spoke).sum(axis=0) / voices,
    )
