"""Articles on disk become compared pairs: candidates, then measures block by block, then judgement of all together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import kernels, store, verify
from lineage.kernels.components import batches, components
from lineage.pipeline import panels
from lineage.pipeline.hands import Hands
from lineage.pipeline.work import Work, threads
from lineage.records import RELATIONS
from lineage.settings import Settings, SketchSettings
from lineage.store import Segment, Shelf

TEXTS, PAIRS = 4096, 1 << 17  # of a block at most
FOUND = "found"
_TOGETHER = 256  # articles that lie side by side in the square of all pairs, if pairs lead from one to the other


@dataclass(frozen=True, slots=True)
class Measured:
    """A block of pairs whose measures lie in a file."""

    pairs: NDArray[np.int32]
    path: Path

    def rows(self) -> NDArray[np.float64]:
        """The measures, to be written into."""
        return store.read(self.path, "block")["rows"].copy()

    def overlaps(self) -> NDArray[np.float64]:
        """Those of which ranks are made."""
        return store.read(self.path, "block")["overlaps"]


def compared(work: Work, shelf: Shelf, settings: Settings, hands: Hands) -> tuple[verify.Found, dict[str, int]]:
    """Every pair that reaches `settings.compare.report`, and how much was looked at."""
    work.each("looking for candidate pairs", ["pairs"], lambda _: _candidates(work, shelf, settings, hands))
    stored = store.read(work.path("pairs"), "pairs")
    pairs = stored["pairs"]
    if not work.done(FOUND):
        _measure_and_judge(work, shelf, pairs, settings, hands)
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


def _candidates(work: Work, shelf: Shelf, settings: Settings, hands: Hands) -> None:
    found = hands.candidates(shelf, settings.candidates)
    told = {"hot_buckets": found.hot_buckets, "hot_features": found.hot_features}
    store.write(work.path("pairs"), "pairs", told, {"pairs": found.pairs})


def _measure_and_judge(work: Work, shelf: Shelf, pairs: NDArray[np.int32], settings: Settings, hands: Hands) -> None:
    hashed = shelf.hashes
    work.each("drawing the panel", ["panel"], lambda _: _draw(work, shelf, hashed, settings))
    outside = _panel(work.path("panel")).outside(hashed)
    paths = [segment.path for segment in shelf.segments]
    rounds: list[int] = []

    def measure(some: NDArray[np.int32]) -> list[verify.Block]:
        rounds.append(len(some))
        # What third articles reveal shares little by nature, and is not much.
        glance = settings.compare.glance if len(shelf) > settings.compare.panel and len(rounds) == 1 else 0.0
        blocks = blocked(some)
        names = [f"{len(rounds)}-{number:06}.block" for number in range(len(blocks))]

        def task(number: int) -> tuple[Path, Path, Texts, NDArray[np.int32], SketchSettings]:
            places, rows = np.unique(blocks[number], return_inverse=True)
            used, segments = np.unique(shelf.segment[places], return_inverse=True)
            texts = Texts([paths[at] for at in used.tolist()], segments, shelf.row[places], outside[places], glance)
            own = rows.reshape(blocks[number].shape).astype(np.int32)
            return work.path(names[number]), work.path("panel"), texts, own, settings.sketch

        hands.each(work, f"comparing {len(some)} pairs", names, task, measure_block)
        return [Measured(block, work.path(name)) for block, name in zip(blocks, names, strict=True)]

    with threads(hands.jobs) as pool:
        judged = verify.judged(pairs, measure, len(shelf), settings.compare, pool.map) if len(pairs) else ()
        found = verify.found(judged, shelf.lengths)
    if work.mine(0):
        keep(work.path(FOUND), found)


def _draw(work: Work, shelf: Shelf, hashed: NDArray[np.uint64], settings: Settings) -> None:
    members = verify.members(hashed, settings.compare.panel)
    places = np.flatnonzero(np.isin(hashed, members)).astype(np.int32)
    panel = verify.sampled(shelf.texts(places), hashed[places], settings.sketch)
    panels.save(work.path("panel"), panel, dict.fromkeys(members.tolist(), (0, 0)))


def blocked(pairs: NDArray[np.int32]) -> list[NDArray[np.int32]]:
    """The pairs in blocks that share articles as far as they can: row by row of their square.

    Each text of a block is read once, and once more for each other block it is in. So articles that hang together lie
    side by side: first those that have most third articles in common.
    """
    if not len(pairs):
        return []
    articles = int(pairs.max()) + 1
    label = components(pairs[np.argsort(-_thirds(pairs, articles), kind="stable")], articles, _TOGETHER)
    place = np.empty(articles, np.int64)
    place[np.argsort(label, kind="stable")] = np.arange(articles)
    one, other = place[pairs[:, 0]], place[pairs[:, 1]]
    ordered = pairs[np.lexsort((np.maximum(one, other), np.minimum(one, other)))]
    return np.split(ordered, batches(ordered, articles, TEXTS, PAIRS)[1:])


def _thirds(pairs: NDArray[np.int32], articles: int) -> NDArray[np.float64]:
    """With how many third articles both of each pair are paired."""
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    ends = ends[np.lexsort((ends[:, 1], ends[:, 0]))]
    heads = np.searchsorted(ends[:, 0], np.arange(articles + 1))
    return kernels.support(pairs, heads, ends[:, 1].copy(), np.ones(len(ends)))[:, 2]


@dataclass(frozen=True, slots=True)
class Texts:
    """Where the texts of a block lie: paths of segments, the segment and row of each text.

    outside, glance: see `verify.measured`.
    """

    paths: Sequence[Path]
    segment: NDArray[np.int64]
    row: NDArray[np.int32]
    outside: NDArray[np.uint8]
    glance: float


def measure_block(path: Path, panel: Path, texts: Texts, pairs: NDArray[np.int32], settings: SketchSettings) -> None:
    """Write the measures of the pairs of one block (rows of `texts`), for which its texts alone are read."""
    segments = [opened(one) for one in texts.paths]
    read = [segments[at].text(row) for at, row in zip(texts.segment.tolist(), texts.row.tolist(), strict=True)]
    for segment in segments:
        segment.release()
    rows = verify.measured(read, texts.outside, pairs, _panel(panel), settings, texts.glance)
    store.write(path, "block", {}, {"rows": rows, "overlaps": verify.overlaps(rows)})


@lru_cache(maxsize=1)
def _panel(path: Path) -> verify.Panel:
    return panels.load(store.read(path, store.PANEL)).panel


@lru_cache(maxsize=1024)
def opened(path: Path) -> Segment:
    """The segment of a file, which stays open for the next block."""
    return Segment.open(path)


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
