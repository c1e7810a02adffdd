"""One scan by one and by two executors: `python -m tests.bench.executors [ARTICLES] [FILES]`.

Generated articles in several files, scanned up to the stories, which are not told, by a standalone master on this
machine's loopback, whose workers have one core each, and by this machine alone with as many jobs. Seconds are by the
clock, without the start of the cluster; a cluster scans twice, and the second time its Pythons are running. The pairs
are compared byte by byte. Java and pyspark are needed.
"""

import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from lineage.pipeline import comparing, grouping, work, writing
from lineage.pipeline.hands import Hands
from lineage.pipeline.local import Local
from lineage.pipeline.work import Shard
from lineage.settings import Settings
from lineage.watch import Silent
from tests.bench import generator
from tests.standalone import Cluster

TURNS = ("first", "second")


class Stages(Silent):
    """A watch that remembers how long each stage took."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._name, self._began = "", 0.0

    def stage(self, name: str, total: int | None = None) -> None:
        now = time.monotonic()
        if self._name:
            self.seconds[self._name] = self.seconds.get(self._name, 0.0) + now - self._began
        self._name, self._began = name.split(" pairs")[0].rstrip("0123456789 "), now


def corpus(articles: int, files: int, folder: Path) -> list[Path]:
    """Generated articles, dealt to several files: each is read by one task."""
    whole = folder / "whole.parquet"
    generator.write(whole, generator.plan(articles))
    table, size = pq.read_table(whole), -(-articles // files)
    paths = [folder / f"part{number}.parquet" for number in range(files)]
    for number, path in enumerate(paths):
        pq.write_table(table.slice(number * size, size), path)
    return paths


def clustered(paths: list[Path], folder: Path, executors: int) -> dict[str, Stages]:
    """Scan twice with so many executors."""
    from lineage.pipeline import spark

    home = folder / f"cluster{executors}"
    home.mkdir()
    cluster = Cluster(home, executors)
    try:
        with spark.session(cluster.master, home / "scratch") as session:
            hands = spark.Spark(session)
            return {turn: scanned(paths, folder / f"spark{executors}{turn}", hands) for turn in TURNS}
    finally:
        cluster.stop()


def scanned(paths: list[Path], out: Path, hands: Hands) -> Stages:
    """Scan up to the stories, and say how long it took."""
    watch, settings = Stages(), Settings()
    out.mkdir()
    job = work.open_work(out, work.key_of(paths, settings), Shard(), watch)
    shelf, _ = hands.shelf(job, paths, settings)
    found, _ = comparing.compared(job, shelf, settings, hands)
    watch.stage("grouping")
    grouping.groups(found, shelf.ids, (), settings.cluster, hands.parts)
    watch.stage("writing")
    writing.pairs(out, found, shelf.ids, False)
    watch.stage("")
    job.clear()
    return watch


def figures(articles: int = 20_000, files: int = 8) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        paths = corpus(articles, files, folder)
        runs = {f"this machine, {jobs} jobs": scanned(paths, folder / f"here{jobs}", Local(jobs)) for jobs in (1, 2)}
        for count in (1, 2):
            for turn, watch in clustered(paths, folder, count).items():
                runs[f"Spark, {count} executors, {turn} scan"] = watch
        outs = [folder / name for name in ("here1", "here2", *(f"spark{n}{turn}" for n in (1, 2) for turn in TURNS))]
        pairs = [(out / "pairs.parquet").read_bytes() for out in outs]
    stages = list(dict.fromkeys(name for run in runs.values() for name in run.seconds if name))
    print(f"{articles:,} articles in {files} files; the same bytes: {len(set(pairs)) == 1}\n")
    print("| | " + " | ".join(stages) + " | all |\n|" + "---|" * (len(stages) + 2))
    for name, run in runs.items():
        told = " | ".join(f"{run.seconds.get(stage, 0.0):.1f}" for stage in stages)
        print(f"| {name} | {told} | {sum(run.seconds.values()):.1f} |")


if __name__ == "__main__":
    figures(*(int(word) for word in sys.argv[1:]))
