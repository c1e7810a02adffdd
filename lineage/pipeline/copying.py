"""Near copies alone: a corpus in, groups of articles with nearly the same words out, and nothing compared exactly."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lineage import candidates, ingest, kernels, sketch
from lineage.ingest import columns
from lineage.kernels.components import components
from lineage.keys import Keys, keys
from lineage.settings import Settings
from lineage.watch import Silent, Watch

_WAITING = 2  # batches read ahead for each thread


@dataclass(frozen=True, slots=True)
class Copies:
    """Groups of near copies, largest first, each sorted by id; how many articles were read; buckets that were full."""

    groups: tuple[tuple[str, ...], ...]
    articles: int
    hot_buckets: int


@dataclass(frozen=True, slots=True)
class _Part:
    ids: Sequence[str]
    minhash: NDArray[np.uint32]
    keys: Keys


def copies(
    inputs: Sequence[str | Path],
    settings: Settings = Settings(),
    watch: Watch = Silent(),
    jobs: int = 1,
    on_skip: ingest.OnSkip = ingest.ignore,
) -> Copies:
    """The groups of near copies among articles: copies, light edits, and what is tied through them.

    Two articles are near copies where the estimated Jaccard similarity of their shingles reaches
    `settings.candidates.similarity`. The same articles in any order, read by any number of threads, give the same.
    """
    watch.stage("sketching")
    parts = []
    batches = columns.columns(inputs, settings.read, on_skip)
    for part in _in_threads(partial(_sketched, settings=settings), batches, jobs):
        parts.append(part)
        watch.advance(len(part.ids))
    if not parts:
        return Copies((), 0, 0)
    watch.stage("looking for copies")
    ids = [id for part in parts for id in part.ids]
    ranks = np.empty(len(ids), np.int32)
    ranks[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids), dtype=np.int32)
    places = np.split(ranks, np.cumsum([len(part.ids) for part in parts])[:-1])
    pairs, hot = candidates.copies.pairs([part.keys for part in parts], places, len(ids), settings.candidates)
    alike = pairs[_agreement(parts, places, pairs) >= settings.candidates.similarity]
    ids.sort()
    groups = (tuple(ids[row] for row in group) for group in _groups(alike, len(ids)))
    return Copies(tuple(sorted(groups, key=lambda group: (-len(group), group))), len(ids), hot)


def _sketched(column: columns.Column, settings: Settings) -> _Part:
    made = sketch.of_bytes(column.data, column.starts, column.stops, settings.sketch)
    return _Part(column.ids, made.minhash, keys(made, settings.candidates))


def _in_threads(
    work: Callable[[columns.Column], _Part], batches: Iterable[columns.Column], jobs: int
) -> Iterator[_Part]:
    """`work` on every batch, in order, in so many threads; few batches wait in memory."""
    with ThreadPoolExecutor(jobs) as pool:
        waiting: deque[Future[_Part]] = deque()
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) > _WAITING * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _agreement(
    parts: Sequence[_Part], places: Sequence[NDArray[np.int32]], pairs: NDArray[np.int32]
) -> NDArray[np.float64]:
    """The estimated similarity of each pair; only the sketches of articles in a pair are gathered."""
    wanted, rows = np.unique(pairs, return_inverse=True)
    size = parts[0].minhash.shape[1] if parts else 0
    gathered = np.empty((wanted.size, size), np.uint32)
    for part, place in zip(parts, places, strict=True):
        at = np.minimum(np.searchsorted(wanted, place), max(wanted.size - 1, 0))
        known = np.flatnonzero(wanted[at] == place) if wanted.size else np.empty(0, np.int64)
        gathered[at[known]] = part.minhash[known]
    return kernels.agreement(gathered, rows.reshape(-1, 2))


def _groups(pairs: NDArray[np.int32], articles: int) -> Iterator[list[int]]:
    """Articles tied together, increasing; those tied to nobody are left out."""
    roots = components(pairs, articles, articles)
    order = np.argsort(roots, kind="stable")
    borders = np.flatnonzero(np.diff(roots[order])) + 1
    yield from (group.tolist() for group in np.split(order, borders) if group.size > 1)
