"""The hands of a Spark cluster: the same sketches, joins, measures and stories, carried out by its executors.

Articles lie as segments in the work folder, which driver and executors share. Keys travel as Arrow batches through
DataFrames: grouped by key they become candidate pairs, grouped by pair they are weighed. Executors write blocks of
measures and stories as parts into the same folder; a task that is repeated makes the same part again.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lineage import candidates, kernels
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
    from pyspark.sql import DataFrame, SparkSession

SKIP = -1  # the kind of a skip pair's key; a band's is its number
HOT = -1  # in place of an article: a row that counts keys which too many articles have
_KEYS = "kind short, key long, place int, size int"
_MET = "a int, b int, met boolean, shared long, size int"


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
        keyed = spread.mapInArrow(partial(_keys, sample=limits.sample), _KEYS)
        joined = keyed.repartition(self._tasks(len(shelf) // 1000 + 1), "kind", "key")
        met = joined.mapInArrow(partial(_met, bucket=settings.bucket, rare=limits.rare), _MET)
        found = _weighed(met, limits, settings.share * limits.sample).toArrow()
        first, second, shared = (found.column(name).to_numpy() for name in ("a", "b", "shared"))
        hot = {int(kind): int(count) for kind, count in zip(second[first == HOT], shared[first == HOT], strict=True)}
        pairs = np.stack([first, second], axis=1)[first != HOT].astype(np.int32)
        ordered = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        return candidates.Candidates(ordered, hot.get(0, 0), hot.get(SKIP, 0))

    def parts(
        self, pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int, most: int
    ) -> NDArray[np.int32]:
        """What hangs together, as `cluster.parts` finds it."""
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


def _keys(batches: Iterator[pa.RecordBatch], sample: float) -> Iterator[pa.RecordBatch]:
    """The keys of the articles of some segments."""
    for batch in batches:
        for path, places in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            keys, place = opened(Path(path)).keys, np.frombuffer(places, np.int32)
            for band in range(len(keys.bands)):
                yield _key_rows(band, keys.bands[band], keys.band_rows[band], place, keys.sizes)
            yield _key_rows(SKIP, *keys.part(0, last(sample)), place, keys.sizes)


def _key_rows(
    kind: int, keys: NDArray[np.uint64], rows: NDArray[np.int32], place: NDArray[np.int32], sizes: NDArray[np.int32]
) -> pa.RecordBatch:
    known = place[rows] >= 0
    columns = {
        "kind": np.full(int(known.sum()), kind, np.int16),
        "key": keys[known].view(np.int64),
        "place": place[rows][known],
        "size": sizes[rows][known],
    }
    return pa.record_batch(columns)


def _met(batches: Iterator[pa.RecordBatch], bucket: int, rare: int) -> Iterator[pa.RecordBatch]:
    """The pairs that meet in the keys of one partition; every key that is here is here with all its articles."""
    gathered = pa.Table.from_batches(list(batches), _arrow(_KEYS))
    order = np.argsort(gathered.column("place").to_numpy(), kind="stable")
    kind, key, place, size = (gathered.column(name).to_numpy()[order] for name in ("kind", "key", "place", "size"))
    hot = 0
    for band in np.unique(kind[kind != SKIP]):
        rows = np.flatnonzero(kind == band)
        met, full = kernels.bucket_pairs(key[rows].view(np.uint64), bucket)
        hot += full
        yield _pair_rows(place[rows[met]], True, np.zeros(len(met)), np.zeros(len(met)))
    rows = np.flatnonzero(kind == SKIP)
    pairs, shared, common = _sharing(key[rows].view(np.uint64), place[rows], rare)
    known, first = np.unique(place, return_index=True)
    sizes = size[first][np.searchsorted(known, pairs)]
    yield _pair_rows(pairs, False, shared, sizes.min(axis=1, initial=np.iinfo(np.int32).max))
    yield _pair_rows(np.array([[HOT, 0], [HOT, SKIP]]), False, np.array([hot, common]), np.zeros(2))


def _sharing(
    keys: NDArray[np.uint64], places: NDArray[np.int32], rare: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], int]:
    """Pairs of articles that share rare keys, how many each shares, and how many keys were too common."""
    order = kernels.order_of(keys << np.uint64(64 - KEY_BITS))
    heads = np.flatnonzero(np.append(True, np.diff(keys[order]) != 0)) if keys.size else np.empty(0, np.int64)
    counts = np.diff(np.append(heads, keys.size))
    kept = (counts >= 2) & (counts <= rare)
    known, members = np.unique(places[order][np.repeat(kept, counts)], return_inverse=True)
    heads = np.append(0, np.cumsum(counts[kept]))
    bounds, features = kernels.postings(members.astype(np.int32), heads, known.size)
    first, second, shared = kernels.co_occurrences(features, bounds, heads, members.astype(np.int32), (rare, 1))
    return np.stack([known[first], known[second]], axis=1), shared, int((counts > rare).sum())


def _pair_rows(pairs: NDArray[Any], met: bool, shared: NDArray[Any], size: NDArray[Any]) -> pa.RecordBatch:
    columns = (pairs[:, 0], pairs[:, 1], np.full(len(pairs), met), shared, size)
    return pa.record_batch([pa.array(*made) for made in zip(columns, _arrow(_MET).types, strict=True)], _arrow(_MET))


def _weighed(met: "DataFrame", limits: candidates.Limits, share: float) -> "DataFrame":
    """The candidates among pairs that met: in a band, or in enough rare keys; and the rows that count hot keys."""
    from pyspark.sql import Window
    from pyspark.sql import functions as f

    summed = met.groupBy("a", "b").agg(
        f.max("met").alias("met"), f.sum("shared").alias("shared"), f.max("size").alias("size")
    )
    counted = summed.where(f.col("a") == HOT).select("a", "b", "shared")
    pairs = summed.where(f.col("a") != HOT)
    banded = pairs.where("met").select("a", "b", "shared")
    if not limits.best:
        enough = (f.col("shared") >= limits.shared) & (f.col("shared") >= f.lit(share) * f.col("size"))
        return pairs.where(f.col("met") | enough).select("a", "b", "shared").union(counted)
    value = f.col("shared").cast("double") / f.greatest(f.lit(1), f.col("size")).cast("double")
    close = pairs.withColumn("value", value).where((f.col("shared") >= limits.shared) & (f.col("value") >= share))
    turned = close.select("a", "b", "shared", "value").union(close.selectExpr("b", "a", "shared", "value"))
    nearest = Window.partitionBy("a").orderBy(f.col("value").desc(), f.col("b"))
    best = turned.withColumn("rank", f.row_number().over(nearest)).where(f.col("rank") <= limits.best)
    ordered = best.select(f.least("a", "b").alias("a"), f.greatest("a", "b").alias("b"), f.lit(0).alias("shared"))
    return ordered.union(banded.withColumn("shared", f.lit(0))).dropDuplicates(["a", "b"]).union(counted)


def _arrow(schema: str) -> pa.Schema:
    kinds = {"short": pa.int16(), "int": pa.int32(), "long": pa.int64(), "boolean": pa.bool_()}
    return pa.schema([(name, kinds[kind]) for name, kind in (column.split() for column in schema.split(", "))])
