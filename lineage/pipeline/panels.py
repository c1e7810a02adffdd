"""A panel as a file, with the contents of its members, so that it can be brought up to date article by article."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import store
from lineage.features import KINDS, Tally
from lineage.store import Container
from lineage.verify import Panel

_PARTS = ("values", "counts", "heads", "marks")
_OFTEN = "often"  # those that several articles have, once more


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel; digests: uint64, articles × 2, what each of its members says, in the order of `panel.members`."""

    panel: Panel
    digests: NDArray[np.uint64]


_NONE = Tally.made(np.empty(0, np.uint64), np.empty(0, np.int32), 0)
EMPTY = Drawn(Panel(dict.fromkeys(KINDS, _NONE), np.empty(0, np.uint64)), np.empty((0, 2), np.uint64))


def contents(drawn: Drawn) -> dict[int, tuple[int, int]]:
    """The digest of each member, by the hash of its id."""
    return dict(zip(drawn.panel.members.tolist(), map(tuple, drawn.digests.tolist()), strict=True))


def save(path: Path, panel: Panel, members: Mapping[int, tuple[int, int]]) -> None:
    """Write a panel; members: what each says.  Raises OutputError."""
    digests = np.array([members[hashed] for hashed in panel.members.tolist()], np.uint64).reshape(-1, 2)
    arrays: dict[str, NDArray[Any]] = {"members": panel.members, "digests": digests}
    for kind, tally in panel.tallies.items():
        for name, some in ((kind, tally), (f"{kind}.{_OFTEN}", tally.often)):
            arrays |= {f"{name}.{part}": getattr(some, part) for part in _PARTS}
    store.write(path, store.PANEL, {}, arrays)


def load(stored: Container | None) -> Drawn:
    """The panel that `save` wrote; an empty one where there is none yet."""
    if stored is None:
        return EMPTY
    tallies = {kind: _tally(stored, kind, _tally(stored, f"{kind}.{_OFTEN}")) for kind in KINDS}
    return Drawn(Panel(tallies, stored["members"]), stored["digests"])


def _tally(stored: Container, name: str, often: Tally | None = None) -> Tally:
    values, counts, heads, marks = (stored[f"{name}.{part}"] for part in _PARTS)
    return Tally(values, counts, heads, len(stored["members"]), marks, often)
