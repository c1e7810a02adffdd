"""The panel: a sample of a corpus within which the rarity of words is judged, so that a pair can be judged alone.

A corpus of at most `compare.panel` articles is its own panel. Of a larger one the panel is those articles whose ids
have the least hashes: the same sample in whatever order articles come, and nearly the same when more of them come.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import features, words
from lineage.features import KINDS, Kind, Sets, Tally
from lineage.keys import id_hash
from lineage.settings import SketchSettings

_MANY = 512  # texts that are split at once


@dataclass(frozen=True, slots=True)
class Panel:
    """How many articles of the sample have each feature, and which articles those are.

    members: uint64, sorted hashes of their ids.
    """

    tallies: Mapping[Kind, Tally]
    members: NDArray[np.uint64]

    def outside(self, hashes: NDArray[np.uint64]) -> NDArray[np.uint8]:
        """1 for each article, given by the hash of its id, that is not in the panel."""
        before, after = (np.searchsorted(self.members, hashes, side) for side in ("left", "right"))
        out: NDArray[np.uint8] = (before == after).astype(np.uint8)
        return out

    def changed(
        self,
        came: tuple[Sequence[str], NDArray[np.uint64]],
        went: tuple[Sequence[str], NDArray[np.uint64]],
        settings: SketchSettings = SketchSettings(),
    ) -> "Panel":
        """The panel after some articles (texts, hashes of their ids) came into it and others went."""
        more, less = sampled(*came, settings), sampled(*went, settings)
        tallies = {kind: self.tallies[kind].changed(more.tallies[kind], less.tallies[kind]) for kind in KINDS}
        stayed = self.members[~np.isin(self.members, less.members)]
        return Panel(tallies, np.sort(np.concatenate([stayed, more.members])))


def hashes(ids: Iterable[str]) -> NDArray[np.uint64]:
    """What decides who is in the panel: a hash of each id."""
    return np.fromiter(map(id_hash, ids), np.uint64)


def members(hashed: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """The hashes of those who are in the panel, sorted."""
    return np.sort(hashed)[:size]


def sampled(texts: Sequence[str], hashed: NDArray[np.uint64], settings: SketchSettings = SketchSettings()) -> Panel:
    """The panel made of these articles, with the hashes of their ids."""
    parts: dict[Kind, list[Sets]] = {kind: [] for kind in KINDS}
    for start in range(0, max(len(texts), 1), _MANY):
        split = words.split_batch(texts[start : start + _MANY], settings.stem)
        rarity = features.log_shares(split)
        for kind in KINDS:
            parts[kind].append(features.sets(split, kind, settings.window, rarity))
    return Panel({kind: features.tally(found) for kind, found in parts.items()}, np.sort(hashed))
