"""The near-copy job beside other tools: `python -m tests.bench.peers [ARTICLES] [parquet|jsonl] [ROUNDS]`.

Every tool runs in a process of its own, peers in an environment of their own, in rounds one after the other. Seconds
are from the first byte read to the last group known, of the median round; × says how many times ours that is, CPU in
processor time, which other work on the machine disturbs least. Memory is the most that the operating system saw the
process hold; recall is of planted copies whose exact similarity is .6 or more; strangers are articles grouped with one
of another story.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import venv
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from lineage import features, words
from tests.bench import generator

COLUMNS = (
    *("tool", "s", "CPU s", "whole process s", "articles/s", "× 1 thread", "× 2 threads", "× CPU"),
    *("peak MB", "recall", "strangers"),
)
PEERS = ("datasketch", "rensa", "gaoya")
CACHE = Path(tempfile.gettempdir(), "lineage-bench")
OURS = """
import sys, time, json
import lineage
lineage.copies([sys.argv[1].rpartition("/")[0] + "/few.jsonl"])  # compiled loops are loaded when they are first called
began, used = time.perf_counter(), time.process_time()
found = lineage.copies([sys.argv[1]], jobs=int(sys.argv[3]))
print(time.perf_counter() - began, time.process_time() - used)
open(sys.argv[2], "w").writelines(json.dumps(group) + "\\n" for group in found.groups)
"""


# A process begins with the memory of the one it was forked from, so a small one stands between.
LAUNCHER = """
import json, os, resource, subprocess, sys, time
began = time.perf_counter()
told = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, check=True).stdout
whole, used = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([*map(float, told.split()), whole, used.ru_maxrss * 1024]))
"""


@dataclass(slots=True)
class Entry:
    """One tool's rounds: the command, what is added to the environment, and what was measured.

    rounds: seconds of the job, processor seconds of it, seconds of the whole process, the most memory it held.
    """

    name: str
    command: list[str]
    more: dict[str, str] = field(default_factory=dict)
    rounds: list[list[float]] = field(default_factory=list)

    def run(self, source: Path, target: Path) -> None:
        """One round."""
        command = [part.format(source=source, target=target) for part in self.command]
        launched = [sys.executable, "-S", "-c", LAUNCHER, *command]
        done = subprocess.run(launched, stdout=subprocess.PIPE, env={**os.environ, **self.more}, check=True)
        self.rounds.append(json.loads(done.stdout))

    def median(self, column: int) -> float:
        """The middle one of the rounds."""
        return statistics.median(round[column] for round in self.rounds)


def figures(articles: int = 20_000, suffix: str = "parquet", rounds: int = 3) -> None:
    """Print the table."""
    known = generator.plan(articles)
    CACHE.mkdir(exist_ok=True)
    source = CACHE / f"corpus-{articles}.{suffix}"
    if not source.exists():
        generator.write(source, known)
    true = _alike(known, source)
    entries = _entries()
    generator.write(CACHE / "few.jsonl", generator.plan(50))
    for _ in range(rounds):
        for entry in entries:
            entry.run(source, CACHE / f"{entry.name}.groups")
    _tell(entries, known, true, articles, suffix)


def _entries() -> list[Entry]:
    python = _environment()
    found = [
        Entry(
            f"lineage, {jobs} thread{'s' * (jobs > 1)}",
            [sys.executable, "-c", OURS, "{source}", "{target}", f"{jobs}"],
        )
        for jobs in (1, 2)
    ]
    contestant = str(Path(__file__).with_name("contestant.py"))
    for peer in PEERS:
        if subprocess.run([python, "-c", f"import {peer}, pyarrow"], capture_output=True).returncode:
            print(f"{peer} is not installed and left out", file=sys.stderr)
            continue
        command = [python, contestant, peer, "{source}", "{target}"]
        threads = (1, 2) if peer == "gaoya" else (1,)
        for jobs in threads:
            name = f"{peer}, {jobs} thread{'s' * (jobs > 1)}"
            found.append(Entry(name, command, {"RAYON_NUM_THREADS": str(jobs)}))
    return found


def _environment() -> str:
    """The Python that has the peers; made on first use, each peer installed if it can be had."""
    folder = CACHE / "venv"
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        for name in (*PEERS, "pyarrow"):
            subprocess.run([python, "-m", "pip", "install", "-q", name], stdout=sys.stderr, check=False)
    return str(python)


def _alike(known: generator.Plan, source: Path) -> np.ndarray:
    """The planted copies and light edits whose exact similarity to their original is .6 or more."""
    planted = known.planted(generator.COPY, generator.LIGHT)
    texts = _texts(source, planted)
    kept = []
    for a, b in planted.tolist():
        made = features.runs(words.split_batch([texts[a], texts[b]]), 5)
        left, right = made.values[: made.bounds[1]], made.values[made.bounds[1] :]
        shared = np.intersect1d(left, right, assume_unique=True).size
        kept.append(shared >= 0.6 * (left.size + right.size - shared))
    return planted[np.array(kept)]


def _texts(source: Path, rows: np.ndarray) -> dict[int, str]:
    wanted = set(rows.ravel().tolist())
    if source.suffix == ".parquet":
        column = pq.read_table(source, columns=["text"]).column("text").combine_chunks()
        return {row: column[row].as_py() for row in wanted}
    with source.open(encoding="utf-8") as lines:
        return {row: json.loads(line)["text"] for row, line in enumerate(lines) if row in wanted}


def _tell(entries: list[Entry], known: generator.Plan, true: np.ndarray, articles: int, suffix: str) -> None:
    ours = [(entry.median(0), entry.median(1)) for entry in entries[:2]]
    print(f"{articles:,} articles as {suffix}, {len(true):,} planted copies, {len(entries[0].rounds)} rounds\n")
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for entry in entries:
        job, used, whole, memory = (entry.median(column) for column in range(4))
        recall, strangers = quality(CACHE / f"{entry.name}.groups", known, true)
        ratios = f"{job / ours[0][0]:.1f} | {job / ours[1][0]:.1f} | {used / ours[0][1]:.1f}"
        print(
            f"| {entry.name} | {job:.2f} | {used:.2f} | {whole:.2f} | {articles / job:,.0f} | {ratios} "
            f"| {memory / 2**20:,.0f} | {recall:.4f} | {strangers} |",
            flush=True,
        )
    print()


def quality(path: Path, known: generator.Plan, true: np.ndarray) -> tuple[float, int]:
    """Share of the true pairs in one group, and how many articles share a group with another story."""
    group = np.arange(known.kinds.size) + known.kinds.size
    strangers = 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()):
        rows = np.array([generator.row(id) for id in json.loads(line)])
        group[rows] = number
        stories = known.stories[rows]
        strangers += int((stories != np.bincount(stories).argmax()).sum())
    return float((group[true[:, 0]] == group[true[:, 1]]).mean()), strangers


if __name__ == "__main__":
    figures(*(int(part) if part.isdigit() else part for part in sys.argv[1:]))  # type: ignore[arg-type]
