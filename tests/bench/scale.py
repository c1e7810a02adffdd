"""A corpus of any size, scanned and indexed: `python -m tests.bench.scale ARTICLES [FOLDER] [scan|index]...`.

Prints time by stage, peak memory by the operating system's own accounting, disk, candidates and recall of what was
planted by `generator`; and for the index the time to add, to open and to ask, and its bytes an article. Peak memory
counts pages of mapped files, which the system takes back when it needs them; own memory does not.
"""

import resource
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

import lineage
from lineage import verify
from lineage.pipeline import comparing, grouping, telling, work, writing
from lineage.pipeline.local import Local
from lineage.pipeline.work import Shard
from lineage.settings import Settings
from lineage.watch import Silent
from tests.bench import generator

ASKED = 200
LOOK = 0.05  # seconds between two looks at the memory
TOLD, FEW = 200, 12  # stories that are told for a figure, and how many articles they have at most


class Stages(Silent):
    """A watch that says how long each stage took and how much memory there was at its end."""

    def __init__(self) -> None:
        self._name, self._began, self._spent = "", time.monotonic(), time.process_time()
        self._own = 0.0
        threading.Thread(target=self._look, daemon=True).start()

    def _look(self) -> None:
        while True:
            self._own = max(self._own, own())
            time.sleep(LOOK)

    def stage(self, name: str, total: int | None = None) -> None:
        now = time.monotonic()
        if self._name:
            spent = time.process_time() - self._spent
            took = f"{now - self._began:.1f} s | {spent:.1f} s"
            print(f"| {self._name} | {took} | {peak():.2f} GB | {self._own:.2f} GB |", flush=True)
        self._name, self._began, self._spent = name, now, time.process_time()

    def note(self, message: str) -> None:
        print(f"  {message}", flush=True)


def peak() -> float:
    """The most memory this process has had, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def own() -> float:
    """The memory this process has for itself, in GB: without pages of files; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(float(line.split()[1]) for line in lines if line.startswith(("RssAnon", "RssShmem"))) / 1e6


def corpus(articles: int, folder: Path) -> tuple[Path, generator.Plan]:
    """The corpus as a Parquet file, made where it is not there yet."""
    known = generator.plan(articles)
    path = folder / f"{articles}.parquet"
    if not path.exists():
        generator.write(path, known)
    return path, known


def scan(source: Path, known: generator.Plan, folder: Path, jobs: int = 2) -> None:
    """Scan the corpus up to the stories, and tell some of them; say what it took."""
    settings, watch, hands = Settings(), Stages(), Local(jobs)
    print("| stage | time | processor time | peak memory so far | own memory |\n|---|---|---|---|---|")
    began = time.monotonic()
    out = folder / f"out-{source.stem}"
    job = work.open_work(out, work.key_of([source], settings), Shard(), watch)
    shelf, _ = hands.shelf(job, [source], settings)
    found, counts = comparing.compared(job, shelf, settings, hands)
    watch.stage("grouping")
    groups = grouping.groups(found, shelf.ids, (), settings.cluster)
    watch.stage("writing")
    writing.pairs(out, found, shelf.ids, False)
    watch.stage("")
    seconds, articles = time.monotonic() - began, len(shelf)
    disk = sum(path.stat().st_size for path in job.folder.iterdir())
    texts = sum(segment.text_bytes for segment in shelf.segments)
    print(f"\n{articles} articles in {seconds:.0f} s ({articles / seconds:.0f}/s), peak {peak():.2f} GB; {counts}")
    print(f"{len(groups)} stories, the largest of {max((len(g.articles) for g in groups), default=0)} articles")
    print(f"disk: {disk / 1e9:.2f} GB, of which {texts / 1e9:.2f} GB texts")
    print(f"candidates an article: {2 * counts['candidate_pairs'] / articles:.1f}")
    _recall(found, shelf.ids, known)
    some = [story for story in grouping.named(groups) if len(story.articles) <= FEW][:: max(1, len(groups) // TOLD)]
    began = time.monotonic()
    company = telling.company(job, shelf, grouping.named(groups), hands)
    telling.told(job, shelf, telling.Untold(some, (), company), settings, hands)
    seconds = time.monotonic() - began
    members = sum(len(story.articles) for story in some)
    print(f"told {len(some)} stories of at most {FEW} articles, {members} in all, in {seconds:.0f} s", flush=True)


def _recall(found: verify.Found, ids: list[str], known: generator.Plan) -> None:
    rows = np.array([generator.row(id) for id in ids])
    a, b = rows[found.pairs[:, 0]], rows[found.pairs[:, 1]]
    sure = found.probabilities >= 0.5
    hits = set((np.minimum(a, b)[sure] << 32 | np.maximum(a, b)[sure]).tolist())
    print("\n| planted | pairs | found |\n|---|---|---|")
    for kind in (generator.COPY, generator.LIGHT, generator.ABRIDGED, generator.REWRITE, generator.EVENT):
        pairs = known.planted(kind)
        hit = sum(value in hits for value in (pairs.min(axis=1) << 32 | pairs.max(axis=1)).tolist())
        print(f"| {generator.KINDS[kind]} | {len(pairs)} | {hit / max(1, len(pairs)):.4f} |", flush=True)
    same = known.stories[a] == known.stories[b]
    print(f"pairs at .5 or more: {int((sure & same).sum())} within a story, {int((sure & ~same).sum())} across")


def index(source: Path, folder: Path) -> None:
    """Add the corpus to an index, open it, ask it."""
    place = folder / f"index-{source.stem}"
    began, spent = time.monotonic(), time.process_time()
    added = lineage.Index.open(place).add([source])
    seconds = time.monotonic() - began
    spent = time.process_time() - spent
    print(f"\n{added} in {seconds:.1f} s, {spent:.1f} s of processor time; peak {peak():.2f} GB")
    opening = []
    for _ in range(5):
        began = time.monotonic()
        known = lineage.Index.open(place)
        opening.append(time.monotonic() - began)
    stats = known.stats()
    print(stats)
    print(f"opened in {1000 * float(np.median(opening)):.1f} ms")
    rows = pq.ParquetFile(source).read_row_group(0).slice(0, ASKED).to_pylist()
    for row in rows[:20]:
        known.query({"text": row["text"]})
    times = []
    for row in rows[20:]:
        began = time.monotonic()
        known.query({"text": row["text"]})
        times.append(time.monotonic() - began)
    print(
        f"asked: median {1000 * float(np.median(times)):.1f} ms, 95 % {1000 * float(np.quantile(times, 0.95)):.1f} ms"
    )


def main(words: list[str]) -> None:
    """Do what the command line asks for."""
    articles = int(words[0])
    folder = Path(words[1]) if len(words) > 1 else Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    source, known = corpus(articles, folder)
    for part in words[2:] or ("scan", "index"):
        if part == "scan":
            scan(source, known, folder)
        else:
            index(source, folder)


if __name__ == "__main__":
    main(sys.argv[1:])
