"""One scan by one and by two executors: `python -m tests.bench.executors [ARTICLES] [FILES]`.

Generated articles in several files, scanned by a standalone master on this machine's loopback, whose workers have one
core each, and by this machine alone with as many jobs. Seconds are of the scan, without the start of the cluster; the
results are compared byte by byte. Java and pyspark are needed.
"""

import sys
import tempfile
import time
from pathlib import Path

import pyarrow.parquet as pq

from lineage import pipeline
from lineage.pipeline import Run
from lineage.settings import Settings
from lineage.watch import Silent
from tests.bench import generator
from tests.standalone import Cluster

SAME = ("pairs.parquet", "stories.jsonl", "edges.parquet", "changes.parquet", "articles.parquet")


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


def clustered(paths: list[Path], folder: Path, executors: int) -> Stages:
    """Scan with so many executors."""
    from lineage.pipeline import spark

    home = folder / f"cluster{executors}"
    home.mkdir()
    cluster = Cluster(home, executors)
    try:
        with spark.session(cluster.master, home / "scratch") as session:
            return scanned(paths, folder / f"spark{executors}", Run(hands=spark.Spark(session)))
    finally:
        cluster.stop()


def scanned(paths: list[Path], out: Path, run: Run) -> Stages:
    """Scan, and say how long it took."""
    watch = Stages()
    pipeline.share(paths, out, Settings(), watch, run)
    watch.stage("")
    return watch


def figures(articles: int = 20_000, files: int = 8) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        paths = corpus(articles, files, folder)
        runs = {f"this machine, {jobs} jobs": scanned(paths, folder / f"here{jobs}", _here(jobs)) for jobs in (1, 2)}
        runs |= {f"Spark, {count} executors": clustered(paths, folder, count) for count in (1, 2)}
        outs = [folder / name for name in ("here1", "here2", "spark1", "spark2")]
        same = all((outs[0] / name).read_bytes() == (out / name).read_bytes() for out in outs for name in SAME)
    stages = list(dict.fromkeys(name for run in runs.values() for name in run.seconds if name))
    print(f"{articles:,} articles in {files} files; the same bytes: {same}\n")
    print("| | " + " | ".join(stages) + " | all |\n|" + "---|" * (len(stages) + 2))
    for name, run in runs.items():
        told = " | ".join(f"{run.seconds.get(stage, 0.0):.1f}" for stage in stages)
        print(f"| {name} | {told} | {sum(run.seconds.values()):.1f} |")


def _here(jobs: int) -> Run:
    return Run(hands=pipeline.Local(jobs))


if __name__ == "__main__":
    figures(*(int(word) for word in sys.argv[1:]))
