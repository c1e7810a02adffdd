"""Numbers, names and quoted wording that are lost or gained on the way: news loses them when machines retell it."""

from collections.abc import Sequence

import numpy as np

from lineage import kernels
from lineage.derive.grid import Measures, Pairs, text_ranks, without_self
from lineage.derive.readings import Array, Hashes, Postings, Reading, mixed

KINDS = ("numbers", "names", "quotations")
NONE = -0.1  # stands for "it has none", below every true share


def of_text(reading: Reading, kind: str) -> Hashes:
    """The distinct particulars of a text: figures; capitalised words inside sentences; three-word runs in quotation."""
    words, flags = reading.words, reading.words.flags
    if kind == "quotations":
        quoted = (flags & kernels.QUOTED) > 0
        whole = reading.runs_of_three()
        return np.unique(whole[quoted[: whole.size] & quoted[2 : whole.size + 2]])
    if kind == "numbers":
        return np.unique(mixed(words.hashes[(flags & kernels.FIGURE) > 0]))
    named = ((flags & kernels.CAPITAL) > 0) & ((flags & kernels.INITIAL) == 0) & words.content
    return np.unique(mixed(words.hashes[named]))


def everything(reading: Reading, kind: str) -> Hashes:
    """Where a particular may be found again: anywhere in the other text, not only where it is marked as one."""
    return reading.features("three" if kind == "quotations" else "word")


def survival(readings: Sequence[Reading], kind: str) -> tuple[Array, Array]:
    """How many particulars each text has, and how many of the row's text the column's text still has."""
    wanted = [of_text(reading, kind) for reading in readings]
    texts = len(readings)
    counts = np.array([float(found.size) for found in wanted])
    both = Postings.of([*wanted, *(everything(reading, kind) for reading in readings)])
    return counts, both.shared[:texts, texts:]


def particulars(readings: Sequence[Reading], pairs: Pairs) -> Measures:
    """For numbers, names and quotations: share kept by the child, share found in the parent, and their balance."""
    columns: dict[str, Array] = {}
    texts: dict[str, Array] = {}
    for kind in KINDS:
        counts, found = survival(readings, kind)
        has = counts > 0
        kept = np.where(has[:, None], found / np.maximum(counts, 1.0)[:, None], NONE)
        gone = np.log1p(np.maximum(0.0, counts[:, None] - found))
        balance = np.where(has[None, :], kept.T, 0.0) - np.where(has[:, None], kept, 0.0)
        amount = np.log1p(counts)
        columns[f"{kind}.kept"] = pairs.of(kept)
        columns[f"{kind}.known"] = pairs.of(kept.T)
        columns[f"{kind}.balance"] = pairs.of(balance)
        columns[f"{kind}.lost"] = pairs.of(gone)
        columns[f"{kind}.gained"] = pairs.of(gone.T)
        columns[f"{kind}.more"] = pairs.of(amount[None, :] - amount[:, None])
        texts[f"{kind}.count"] = amount - amount.mean()
        texts[f"{kind}.rank"] = text_ranks(counts)
        others = max(1, len(readings) - 1)
        texts[f"{kind}.kept"] = without_self(kept).sum(axis=1) / others
        texts[f"{kind}.known"] = without_self(kept.T).sum(axis=1) / others
    return Measures(columns, texts)
