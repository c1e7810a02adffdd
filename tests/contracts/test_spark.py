"""The same scan by the executors of a real cluster: a master and two workers on this machine's loopback."""

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lineage import candidates, cluster, pipeline
from lineage.pipeline import Run, reading, stars, work
from lineage.settings import CandidateSettings, Settings
from lineage.watch import Silent
from tests.bench import generator
from tests.standalone import Cluster

pytestmark = pytest.mark.xdist_group("spark")  # one cluster, not one for each process that runs tests

CORPUS = Path(__file__).parents[2] / "corpus"
SAME = ("pairs.parquet", "stories.jsonl", "edges.parquet", "changes.parquet", "articles.parquet")


@pytest.fixture(scope="module")
def spark_cluster(need: Callable[[object, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster for this module."""
    need(shutil.which("java"), "no Java runtime; install one, for example openjdk-17-jre-headless")
    need(importlib.util.find_spec("pyspark"), "no pyspark; install article-lineage[spark]")
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    running = Cluster(tmp_path_factory.mktemp("cluster"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def hands(spark_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The hands of the cluster."""
    from lineage.pipeline import spark

    with spark.session(spark_cluster.master, tmp_path_factory.mktemp("scratch")) as session:
        yield spark.Spark(session)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What this machine finds in the corpus alone."""
    out = tmp_path_factory.mktemp("here")
    pipeline.scan([CORPUS], out, jobs=2)
    return out


def same(expected: Path, found: Path) -> bool:
    """Whether two scans wrote the same bytes."""
    return all((expected / name).read_bytes() == (found / name).read_bytes() for name in SAME)


def test_a_scan_by_a_cluster_writes_the_same_bytes(hands: Any, expected: Path, tmp_path: Path) -> None:
    """Pairs, stories, edges, changes and articles are those of one machine, and so are the counts."""
    manifest = pipeline.share([CORPUS], tmp_path, Settings(), Silent(), Run(hands=hands))

    assert manifest is not None and manifest.counts["related_pairs"] > 100
    assert same(expected, tmp_path)


@pytest.mark.parametrize(
    "settings",
    [
        CandidateSettings(all_pairs=0),
        CandidateSettings(all_pairs=0, rare=6, bucket=4),
        CandidateSettings(all_pairs=0, large=100, best=3, sample=0.5),
    ],
    ids=["as it is", "hot keys", "a large corpus"],
)
def test_candidates_are_those_of_one_machine(hands: Any, settings: CandidateSettings, tmp_path: Path) -> None:
    """Pairs, and the numbers of buckets and keys that were too full, are equal: also with caps that many keys reach."""
    source = tmp_path / "corpus.parquet"
    generator.write(source, generator.plan(700))
    job = work.open_work(tmp_path, "key", work.Shard(), Silent())
    shelf, _ = reading.shelf(job, [source], Settings(candidates=settings), 1)

    found = hands.candidates(shelf, settings)
    here = candidates.among(shelf.keys, shelf.places, len(shelf), settings)
    assert len(here.pairs) > 100
    assert np.array_equal(found.pairs, here.pairs)
    assert (found.hot_buckets, found.hot_features) == (here.hot_buckets, here.hot_features)


def test_what_hangs_together_is_found_by_stars(hands: Any) -> None:
    """Pairs, chains and tangles give the components of one machine, also where they are too large for one story."""
    draw = np.random.default_rng(3)
    chain = np.stack([np.arange(7), np.arange(1, 8)], axis=1) + 200
    pairs = np.concatenate([draw.integers(0, 200, (110, 2)), chain]).astype(np.int32)
    pairs = np.unique(np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1), axis=0)
    probabilities = draw.permutation(len(pairs)) / len(pairs)

    expected = cluster.parts(pairs, probabilities, 210, 20)
    assert np.array_equal(stars.parts(hands.session, pairs, probabilities, 210, 20), expected)
    assert np.array_equal(hands.parts(pairs, probabilities, 210, 20), expected)


class Killer(Silent):
    """Kills a worker some time after a stage began."""

    def __init__(self, cluster: Cluster, stage: str, seconds: float) -> None:
        self.cluster, self.at, self.seconds = cluster, stage, seconds
        self.killed = False

    def stage(self, name: str, total: int | None = None) -> None:
        """Wait for the stage, then set the clock."""
        if name.startswith(self.at) and not self.killed:
            import threading

            self.killed = True
            threading.Timer(self.seconds, self.cluster.kill, [2]).start()


def test_a_worker_killed_half_way_changes_nothing(
    spark_cluster: Cluster, hands: Any, expected: Path, tmp_path: Path
) -> None:
    """With one of two workers killed while pairs are looked for, the other does its work: the same bytes."""
    watch = Killer(spark_cluster, "looking for candidate pairs", 1.0)
    manifest = pipeline.share([CORPUS], tmp_path, Settings(), watch, Run(hands=hands))

    assert manifest is not None and spark_cluster.processes[2].poll() is not None
    assert same(expected, tmp_path)
