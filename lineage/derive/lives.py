"""Facts as marks of descent: a number, a date or a name is born once, and a copy does not get it from nowhere.

A fact that a text has, that its supposed parent lacks and that third texts have was *regained*: along that link its
life would have two births. A fact that two texts alone have ties them, the more so if it is wrong.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from lineage.derive.between import third_texts
from lineage.derive.grid import Measures, Pairs, without_self
from lineage.derive.readings import Array, Postings, Reading
from lineage.derive.wording import closeness


def lives(readings: Sequence[Reading], pairs: Pairs) -> Measures:
    """What the facts of a story say of each pair and each text; see `between` for side, conflict and inner."""
    postings = Postings.of([reading.features("fact") for reading in readings])
    shared, counts = postings.shared, np.log1p(postings.sizes)
    known = np.diag(shared)
    near = closeness(postings)
    said = third_texts("fact", postings, pairs, near)
    columns = {
        "lives.regained": np.log1p(known[None, :] - shared),
        "lives.lost": np.log1p(known[:, None] - shared),
        "lives.private": np.log1p(without_self(postings.shared_by_two)),
        "lives.near": near,
    }
    return Measures(
        {name: pairs.of(table) for name, table in columns.items()} | _renamed(said.pairs),
        {"lives.count": counts - counts.mean()} | _renamed(said.texts),
    )


def _renamed(measures: Mapping[str, Array]) -> dict[str, Array]:
    """`third.side.fact` as `lives.side`."""
    return {f"lives.{name.split('.')[1]}": values for name, values in measures.items()}
