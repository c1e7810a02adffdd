"""Articles on disk become compared pairs: candidates, then measures block by block, then judgement of all together."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import candidates, store, verify
from lineage.pipeline import panels
from lineage.pipeline.work import Work, threads
from lineage.records import RELATIONS
from lineage.settings import Settings
from lineage.store import Shelf

TILE = 4096  # articles whose pairs are measured together: their texts are then read once
PAIRS = 1 << 17  # pairs of a block
FOUND = "found"


@dataclass(frozen=True, slots=True)
class Measured:
    """A block of pairs whose measures lie in a file."""

    pairs: NDArray[np.int32]
    path: Path

    def rows(self) -> NDArray[np.float64]:
        """The measures, to be written into."""
        return store.read(self.path, "block")["rows"].copy()


def compared(work: Work, shelf: Shelf, settings: Settings, jobs: int) -> tuple[verify.Found, dict[str, int]]:
    """Every pair that reaches `settings.compare.report`, and how much was looked at."""
    work.each("looking for candidate pairs", ["pairs"], lambda _: _candidates(work, shelf, settings, jobs))
    stored = store.read(work.path("pairs"), "pairs")
    pairs = stored["pairs"]
    if not work.done(FOUND):
        _measure_and_judge(work, shelf, pairs, settings, jobs)
    work.wait([FOUND])
    found = _read(work.path(FOUND))
    counts = {
        "articles": len(shelf),
        "candidate_pairs": len(pairs),
        **stored.meta,
        "reported_pairs": len(found.pairs),
        "related_pairs": int((found.probabilities >= 0.5).sum()),
    }
    return found, counts


def _candidates(work: Work, shelf: Shelf, settings: Settings, jobs: int) -> None:
    found = candidates.among(shelf.keys, shelf.places, len(shelf), settings.candidates, jobs)
    told = {"hot_buckets": found.hot_buckets, "hot_features": found.hot_features}
    store.write(work.path("pairs"), "pairs", told, {"pairs": found.pairs})


def _measure_and_judge(work: Work, shelf: Shelf, pairs: NDArray[np.int32], settings: Settings, jobs: int) -> None:
    hashed = shelf.hashes
    work.each("drawing the panel", ["panel"], lambda _: _draw(work, shelf, hashed, settings))
    panel = panels.load(store.read(work.path("panel"), store.PANEL)).panel
    outside = panel.outside(hashed)
    rounds: list[int] = []

    def measure(some: NDArray[np.int32]) -> list[verify.Block]:
        rounds.append(len(some))
        blocks = blocked(some)
        names = [f"{len(rounds)}-{number:06}.block" for number in range(len(blocks))]

        def one(number: int) -> None:
            rows = _rows(shelf, outside, blocks[number], panel, settings)
            store.write(work.path(names[number]), "block", {}, {"rows": rows})

        with threads(jobs) as pool:
            work.each(f"comparing {len(some)} pairs", names, one, pool)
        return [Measured(block, work.path(name)) for block, name in zip(blocks, names, strict=True)]

    judged = verify.judged(pairs, measure, len(shelf), settings.compare) if len(pairs) else ()
    found = verify.found(judged, shelf.lengths)
    if work.mine(0):
        keep(work.path(FOUND), found)


def _draw(work: Work, shelf: Shelf, hashed: NDArray[np.uint64], settings: Settings) -> None:
    members = verify.members(hashed, settings.compare.panel)
    places = np.flatnonzero(np.isin(hashed, members)).astype(np.int32)
    panel = verify.sampled(shelf.texts(places), hashed[places], settings.sketch)
    panels.save(work.path("panel"), panel, dict.fromkeys(members.tolist(), (0, 0)))


def blocked(pairs: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """The pairs in blocks that share articles as far as they can: tile by tile of the square of all pairs."""
    if not len(pairs):
        return []
    tiles = pairs // TILE
    order = np.lexsort((pairs[:, 1], pairs[:, 0], tiles[:, 1], tiles[:, 0]))
    tile = (tiles[:, 0].astype(np.int64) << 32 | tiles[:, 1])[order]
    borders = np.flatnonzero(np.diff(tile)) + 1  # where one tile ends and the next begins
    cuts, start = [0], 0
    for border in [*borders.tolist(), len(pairs)]:
        while border - start > PAIRS:
            start += PAIRS
            cuts.append(start)
        if border - start >= TILE:
            start = border
            cuts.append(border)
    ends = np.unique([*cuts, len(pairs)])
    return [pairs[order[first:stop]] for first, stop in pairwise(ends.tolist())]


def _rows(
    shelf: Shelf, outside: NDArray[np.uint8], pairs: NDArray[np.int32], panel: verify.Panel, settings: Settings
) -> NDArray[np.float64]:
    """The measures of the pairs of one block, for which its texts alone are read."""
    places, rows = np.unique(pairs, return_inverse=True)
    own = rows.reshape(pairs.shape).astype(np.int32)
    return verify.measured(shelf.texts(places), outside[places], own, panel, settings.sketch)


def keep(path: Path, found: verify.Found) -> None:
    """Write compared pairs.  Raises OutputError."""
    relations = np.array([RELATIONS.index(kind) for kind in found.relations], np.uint8)
    columns: dict[str, NDArray[Any]] = {
        "pairs": found.pairs,
        "probabilities": found.probabilities,
        "scores": found.scores,
    }
    store.write(path, FOUND, {}, {**columns, "relations": relations})


def _read(path: Path) -> verify.Found:
    stored = store.read(path, FOUND)
    relations = [RELATIONS[code] for code in stored["relations"].tolist()]
    return verify.Found(stored["pairs"], stored["probabilities"], relations, stored["scores"])
