"""The hands of a Spark cluster: the same sketches, joins, measures and stories, carried out by its executors.

Articles lie as segments in the work folder, which driver and executors share. Keys travel as Arrow batches through
DataFrames: grouped by key they become candidate pairs, grouped by article the closest of them are chosen. A row holds
many keys, packed, as crossing from Python to Java and back costs a microsecond a row. Executors write blocks of
measures and stories as parts into the same folder; a task that is repeated makes the same part again.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lineage import candidates, cluster, kernels
from lineage.errors import InputError, LineageError, MissingExtra
from lineage.ingest.intake import Intake
from lineage.ingest.source import STDIN, Source, sources
from lineage.keys import KEY_BITS, last
from lineage.pipeline import reading, stars, telling
from lineage.pipeline.comparing import opened
from lineage.pipeline.work import Work
from lineage.records import Skipped
from lineage.settings import CandidateSettings, Settings
from lineage.store import Segment, Shelf

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SKIP = -1  # the kind of a skip pair's key; a band's is its number
_TO = "to"  # the number of the partition that a row of packed columns is for
_KEYS = {"kind": np.int16, "key": np.uint64, "place": np.int32, "size": np.int32}
_MET = {"own": np.int32, "other": np.int32, "met": np.bool_, "shared": np.int32, "size": np.int32}
_FOUND = {"a": np.int32, "b": np.int32}
_AT_ONCE = 1 << 23  # keys that a task deals out together
_FEW_LINKS = 1 << 22
_PARTITION = 1 << 15  # articles for whose keys there is a partition, in a large corpus


@contextmanager
def session(master: str, scratch: Path) -> Iterator["SparkSession"]:
    """A session of this application on a master, stopped in the end.

    scratch: a folder that driver and executors share, for what must outlive an executor; gone in the end.  Raises
    MissingExtra where pyspark or Java is missing.
    """
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise MissingExtra("--engine spark needs pyspark; install article-lineage[spark]") from error
    builder = SparkSession.builder.master(master).appName("lineage")
    quiet = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
    for name, value in quiet.items():
        builder = builder.config(name, value)
    # Without this an executor takes the first Python it finds, which may have nothing of ours.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        running = builder.getOrCreate()
    except (PySparkRuntimeError, OSError) as error:
        raise MissingExtra(f"Spark does not start ({error}); it needs Java 17; install a Java runtime") from error
    running.conf.set("spark.sql.shuffle.partitions", 2 * running.sparkContext.defaultParallelism)
    running.sparkContext.setCheckpointDir(str(scratch.absolute()))
    try:
        yield running
    finally:
        running.stop()
        shutil.rmtree(scratch, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Spark:
    """Carries out the parts of a scan on a cluster."""

    session: "SparkSession"

    @property
    def jobs(self) -> int:
        """The driver leads and does little itself."""
        return 1

    def shelf(self, work: Work, inputs: Sequence[str | Path], settings: Settings) -> tuple[Shelf, reading.Reading]:
        """All articles of the inputs as segments: each file is read by one task.  Raises InputError."""
        skips = reading.Skips()
        files = [replace(source, path=_absolute(source.path)) for source in sources(list(inputs), skips)]
        if any(source.path == STDIN for source in files):
            raise InputError("standard input; -; executors cannot read it, write it to a file first")
        work.watch.stage("reading", len(files))
        found = self._each([(number, source, work.folder, settings) for number, source in enumerate(files)], _read)
        for told in found:
            if told.error:
                raise InputError(told.error)
            skips.reasons.update(told.reasons)
            skips.named += told.named
        parts = [Segment.open(work.path(name)) for told in found for name in told.segments]
        shelf = Shelf.of(list(zip(parts, _once(parts, skips), strict=True)))
        return shelf, reading.Reading(len(parts), dict(sorted(skips.reasons.items())), skips.named[: reading.NAMED])

    def candidates(self, shelf: Shelf, settings: CandidateSettings) -> candidates.Candidates:
        """The candidate pairs, as `candidates.among` finds them."""
        if len(shelf) <= settings.all_pairs:
            return candidates.among(shelf.keys, shelf.places, len(shelf), settings)
        kept = min(part.keys.sample for part in shelf.segments)
        limits = candidates.limits(len(shelf), kept, settings)
        rows = [
            (str(segment.path), place.tobytes()) for segment, place in zip(shelf.segments, shelf.places, strict=True)
        ]
        spread = self.session.createDataFrame(rows, "path string, places binary").repartition(self._tasks(len(rows)))
        ids = self._ids(max(self._tasks(len(shelf) // 1000 + 1), len(shelf) // _PARTITION))
        keyed = spread.mapInArrow(partial(_keys, sample=limits.sample, ids=ids), _schema(_KEYS))
        limit = _Limits(settings.bucket, limits, settings.share * limits.sample)
        met = keyed.repartition(len(ids), _TO).mapInArrow(partial(_met, limit=limit, ids=ids), _schema(_MET))
        near = met.repartition(len(ids), _TO).mapInArrow(partial(_near, limit=limit), _schema(_FOUND))
        packed = near.toArrow()
        found = _unpacked(packed.to_batches(), _FOUND)
        hot, common = (int(np.sum(packed.column(name).to_numpy())) for name in _HOT)
        return candidates.Candidates(candidates.distinct(np.stack([found["a"], found["b"]], axis=1)), hot, common)

    def _ids(self, partitions: int) -> list[int]:
        """For each partition a number that Spark deals to it."""
        some = self.session.range(32 * partitions).selectExpr("cast(id as int) as id")
        dealt = some.selectExpr("id", f"pmod(hash(id), {partitions}) as at").groupBy("at").min("id").toArrow()
        order = np.argsort(dealt.column(0).to_numpy())
        ids: list[int] = dealt.column(1).to_numpy()[order].tolist()
        return ids

    def parts(
        self, pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int, most: int
    ) -> NDArray[np.int32]:
        """What hangs together, as `cluster.parts` finds it; a few links are followed here, where they are already."""
        if len(pairs) <= _FEW_LINKS:
            return cluster.parts(pairs, probabilities, articles, most)
        return stars.parts(self.session, pairs, probabilities, articles, most)

    def each(
        self, work: Work, stage: str, names: Sequence[str], task: Callable[[int], Any], do: Callable[..., Any]
    ) -> None:
        """Make all parts that are not there yet, on executors."""
        work.watch.stage(stage, len(names))
        self._each([task(number) for number, name in enumerate(names) if not work.done(name)], do)
        work.watch.advance(len(names))

    @contextmanager
    def tellers(self, work: Work, stories: int) -> Iterator[Callable[[int, Any], None]]:
        """What gathers the tasks of telling stories, which executors then carry out."""
        tasks: list[Any] = []
        yield lambda worth, task: tasks.append(task)
        self._each(tasks, telling.tell)
        work.watch.advance(stories)

    def _each(self, tasks: Sequence[Any], do: Callable[..., Any]) -> list[Any]:
        if not tasks:
            return []
        spread = self.session.sparkContext.parallelize(tasks, len(tasks))
        done: list[Any] = spread.map(lambda task: do(*task)).collect()
        return done

    def _tasks(self, most: int) -> int:
        return max(1, min(most, 4 * self.session.sparkContext.defaultParallelism))


def _absolute(path: str) -> str:
    """The path from the root: an executor stands elsewhere."""
    return path if path == STDIN else str(Path(path).absolute())


@dataclass(frozen=True, slots=True)
class _Told:
    """What a task read: names of segments, how many inputs were skipped and the first of them, why it stopped."""

    segments: Sequence[str] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)
    named: Sequence[Skipped] = ()
    error: str = ""


def _read(number: int, source: Source, folder: Path, settings: Settings) -> _Told:
    """Make the segments of one file."""
    skips = reading.Skips()
    names = []
    try:
        for part, batch in enumerate(reading.batches(Intake(settings.read, skips).read(source))):
            names.append(f"{number:06}-{part:05}.segment")
            if not (folder / names[-1]).exists():
                reading.make(folder / names[-1], batch, settings, 0)
    except LineageError as error:
        return _Told(error=str(error))
    return _Told(names, skips.reasons, skips.named)


def _once(parts: Sequence[Segment], skips: reading.Skips) -> list[NDArray[np.bool_]]:
    """Which rows of each segment are the first with their id."""
    known: set[str] = set()
    kept = []
    for segment in parts:
        keep = np.ones(len(segment), np.bool_)
        for row, id in enumerate(segment.ids):
            if id in known:
                keep[row] = False
                skips(Skipped(id, "duplicate id", f"{id}: read before"))
            known.add(id)
        kept.append(keep)
    return kept


@dataclass(frozen=True, slots=True)
class _Limits:
    """What makes a candidate: `CandidateSettings.bucket`, the limits of rare keys, least share of the smaller's."""

    bucket: int
    rare: candidates.Limits
    share: float


Columns = dict[str, NDArray[Any]]


def _keys(batches: Iterator[pa.RecordBatch], sample: float, ids: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """The keys of the articles of some segments, for the partitions that they are dealt to."""
    made: list[Columns] = []
    count = 0
    for batch in batches:
        for path, places in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            keys, place = opened(Path(path)).keys, np.frombuffer(places, np.int32)
            for band, (own, rows) in enumerate(zip(keys.bands, keys.band_rows, strict=True)):
                made += [_keyed(band, own, rows, place, keys.sizes)]
            made.append(_keyed(SKIP, *keys.part(0, last(sample)), place, keys.sizes))
            count += made[-1]["key"].size
            if count > _AT_ONCE:
                yield _dealt(made, "key", ids)
                made, count = [], 0
    if made:
        yield _dealt(made, "key", ids)


def _keyed(
    kind: int, keys: NDArray[np.uint64], rows: NDArray[np.int32], place: NDArray[np.int32], sizes: NDArray[np.int32]
) -> Columns:
    known = place[rows] >= 0
    kinds = np.full(int(known.sum()), kind, np.int16)
    return {"kind": kinds, "key": keys[known], "place": place[rows][known], "size": sizes[rows][known]}


def _met(batches: Iterator[pa.RecordBatch], limit: _Limits, ids: Sequence[int]) -> Iterator[pa.RecordBatch]:
    """The pairs that meet in the keys of one partition; every key that is here is here with all its articles."""
    gathered = _unpacked(batches, _KEYS)
    order = np.argsort(gathered["place"], kind="stable")
    kind, key, place, size = (gathered[name][order] for name in _KEYS)
    hot = 0
    made: list[Columns] = []
    for band in np.unique(kind[kind != SKIP]):
        rows = np.flatnonzero(kind == band)
        met, full = kernels.bucket_pairs(key[rows], limit.bucket)
        hot += full
        made += _sides(place[rows[met]], np.True_, np.int32(0), np.int32(0))[:1]
    rows = np.flatnonzero(kind == SKIP)
    pairs, shared, smaller, common = _sharing(key[rows], place[rows], size[rows], limit.rare.rare)
    sides = _sides(pairs, np.False_, shared, smaller)
    made += sides if limit.rare.best else sides[:1]
    yield _dealt(made, "own", ids, (hot, common))


def _sides(pairs: NDArray[np.int32], met: np.bool_, shared: Any, size: Any) -> list[Columns]:
    """Pairs as those of the first article, and as those of the second."""
    columns = {"met": met, "shared": shared, "size": size}
    filled: Columns = {name: np.full(len(pairs), column, _MET[name]) for name, column in columns.items()}
    return [{"own": pairs[:, one], "other": pairs[:, 1 - one], **filled} for one in (0, 1)]


def _near(batches: Iterator[pa.RecordBatch], limit: _Limits) -> Iterator[pa.RecordBatch]:
    """The candidates of the articles of one partition, each of which is here with all that it met."""
    held = list(batches)
    hot = [sum(sum(batch.column(name).to_pylist()) for batch in held) for name in _HOT]
    own, other, met, shared, size = (column for column in _unpacked(held, _MET).values())
    packed = own.astype(np.int64) << 32 | other
    order = np.argsort(packed)
    first = np.flatnonzero(np.diff(packed[order], prepend=-1))
    own, other = own[order[first]], other[order[first]]
    met, shared, size = (
        how.reduceat(column[order], first) if first.size else column
        for how, column in ((np.logical_or, met), (np.add, shared), (np.maximum, size))
    )
    value = shared / np.maximum(1, size)
    close = (shared >= limit.rare.shared) & (value >= limit.share)
    if limit.rare.best:
        close[close] = _first(own[close], other[close], value[close], limit.rare.best)
    kept = met & (own < other) | close
    yield _dealt([{"a": own[kept], "b": other[kept]}], "a", [0], (hot[0], hot[1]))


def _first(
    own: NDArray[np.int32], other: NDArray[np.int32], value: NDArray[np.float64], most: int
) -> NDArray[np.bool_]:
    """Which of the others are among the `most` of greatest value of their article, of equals the first."""
    order = np.lexsort((other, -value, own))
    begins = np.flatnonzero(np.diff(own[order], prepend=-1))
    rank = np.arange(own.size) - np.repeat(begins, np.diff(np.append(begins, own.size)))
    kept = np.zeros(own.size, np.bool_)
    kept[order[rank < most]] = True
    return kept


def _sharing(
    keys: NDArray[np.uint64], places: NDArray[np.int32], sizes: NDArray[np.int32], rare: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32], int]:
    """Pairs of articles that share rare keys, how many each shares, the size of the smaller; keys too common."""
    order = kernels.order_of(keys << np.uint64(64 - KEY_BITS))
    heads = np.flatnonzero(np.append(True, np.diff(keys[order]) != 0)) if keys.size else np.empty(0, np.int64)
    counts = np.diff(np.append(heads, keys.size))
    kept = (counts >= 2) & (counts <= rare)
    rows = order[np.repeat(kept, counts)]
    known, at, place = np.unique(places[rows], return_index=True, return_inverse=True)
    heads, members, own = np.append(0, np.cumsum(counts[kept])), place.astype(np.int32), sizes[rows][at]
    bounds, features = kernels.postings(members, heads, known.size)
    first, second, shared = kernels.co_occurrences(features, bounds, heads, members, (rare, 1))
    pairs = np.stack([known[first], known[second]], axis=1)
    return pairs, shared, np.minimum(own[first], own[second]), int((counts > rare).sum())


_HOT = ("buckets", "features")  # how many were too full, in columns beside the packed ones


def _dealt(made: Sequence[Columns], by: str, ids: Sequence[int], hot: tuple[int, int] = (0, 0)) -> pa.RecordBatch:
    """One row for each partition, with its share of the columns, packed: what is equal in `by` comes together.

    hot: how many buckets and features were too full, told in the first row.
    """
    columns = {name: np.concatenate([part[name] for part in made]) for name in made[0]}
    spread = columns[by].astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    # Two bytes, where they will do, are sorted in a tenth of the time.
    kind = np.uint16 if len(ids) < 1 << 16 else np.uint32
    share = ((spread >> np.uint64(32)) % np.uint64(len(ids))).astype(kind)
    order = np.argsort(share, kind="stable")
    bounds = np.searchsorted(share[order], np.arange(len(ids) + 1))
    packed = {name: _pieces(column[order], bounds) for name, column in columns.items()}
    told = {name: pa.array([count] + [0] * (len(ids) - 1), pa.int64()) for name, count in zip(_HOT, hot, strict=True)}
    return pa.record_batch({_TO: pa.array(ids, pa.int32()), **told, **packed})


def _pieces(column: NDArray[Any], bounds: NDArray[np.int64]) -> pa.Array:
    return pa.array([column[start:stop].tobytes() for start, stop in pairwise(bounds.tolist())], pa.binary())


def _unpacked(batches: Iterable[pa.RecordBatch], kinds: Mapping[str, Any]) -> Columns:
    """The columns of all rows, end to end."""
    held = list(batches)
    found = {name: b"".join(b"".join(batch.column(name).to_pylist()) for batch in held) for name in kinds}
    return {name: np.frombuffer(found[name], kind) for name, kind in kinds.items()}


def _schema(kinds: Mapping[str, Any]) -> str:
    told = [f"{_TO} int", *(f"{name} long" for name in _HOT), *(f"{name} binary" for name in kinds)]
    return ", ".join(told)
