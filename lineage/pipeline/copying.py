"""Near copies alone: a corpus in, groups of articles with nearly the same words out, and nothing compared exactly."""

import os
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


def copies(
    inputs: str | Path | Sequence[str | Path],
    settings: Settings = Settings(),
    watch: Watch = Silent(),
    jobs: int = 1,
    on_skip: ingest.OnSkip = ingest.ignore,
) -> Copies:
    """The groups of near copies in one input or several: copies, light edits, and what is tied through them.

    Two articles are near copies where the estimated Jaccard similarity of their shingles reaches
    `settings.candidates.similarity`. The same articles in any order, read by any number of threads, give the same.
    """
    watch.stage("sketching")
    parts = []
    given = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    batches = columns.columns(given, settings.read, on_skip)
    for part in _in_threads(partial(_sketched, settings=settings), batches, jobs):
        parts.append(part)
        watch.advance(len(part.ids))
    if not parts:
        return Copies((), 0, 0)
    watch.stage("looking for copies")
    ids = [id for part in parts for id in part.ids]
    order = sorted(range(len(ids)), key=ids.__getitem__)
    ranks = np.empty(len(ids), np.int32)
    ranks[order] = np.arange(len(ids), dtype=np.int32)
    sketches = [part.minhash for part in parts]
    places = np.split(ranks, np.cumsum([len(part.ids) for part in parts])[:-1])
    pairs, hot = candidates.copies.of_sketches(sketches, places, settings.candidates, jobs)
    alike = pairs[_agreement(sketches, np.array(order), pairs) >= settings.candidates.similarity]
    ids.sort()
    groups = (tuple(ids[row] for row in group) for group in _groups(alike, len(ids)))
    return Copies(tuple(sorted(groups, key=lambda group: (-len(group), group))), len(ids), hot)


def _sketched(column: columns.Column, settings: Settings) -> _Part:
    made = sketch.of_bytes(column.data, column.starts, column.stops, settings.sketch)
    return _Part(column.ids, made.minhash)


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
    sketches: Sequence[NDArray[np.uint32]], order: NDArray[np.int64], pairs: NDArray[np.int32]
) -> NDArray[np.float64]:
    """The estimated similarity of each pair; only the sketches of articles in a pair are gathered.

    order: where among all sketches, one after the other, that of each article is.
    """
    wanted, rows = np.unique(pairs, return_inverse=True)
    gathered = np.empty((wanted.size, sketches[0].shape[1]), np.uint32)
    borders = np.cumsum([0, *map(len, sketches)])
    at = order[wanted]
    part = np.searchsorted(borders, at, "right") - 1
    by_part = np.argsort(part, kind="stable")
    for some in np.split(by_part, np.flatnonzero(np.diff(part[by_part])) + 1):
        if some.size:
            gathered[some] = sketches[part[some[0]]][at[some] - borders[part[some[0]]]]
    return kernels.agreement(gathered, rows.reshape(-1, 2))


def _groups(pairs: NDArray[np.int32], articles: int) -> Iterator[list[int]]:
    """Articles tied together, increasing; those tied to nobody are left out."""
    roots = components(pairs, articles, articles)
    tied = np.flatnonzero(np.bincount(roots, minlength=articles)[roots] > 1)
    order = tied[np.argsort(roots[tied], kind="stable")]
    borders = np.flatnonzero(np.diff(roots[order])) + 1
    yield from (group.tolist() for group in np.split(order, borders) if group.size)
