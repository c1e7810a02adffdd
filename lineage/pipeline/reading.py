"""The inputs become segments: every text is read once, sketched, packed and forgotten."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np

from lineage import keys, store
from lineage.pipeline import tracing
from lineage.pipeline.work import Crew, Work, threads
from lineage.records import Article, Skipped
from lineage.settings import Settings
from lineage.store import Segment, Shelf

ARTICLES, CHARACTERS = 2048, 1 << 23  # of one segment at most, unless a single article has more
NAMED = 10_000  # skipped inputs that are named one by one; beyond that they are counted only
READ = "read.json"


class Reading(msgspec.Struct):
    """What was read: how many segments it makes, how many inputs were skipped for which reason, the first by name."""

    segments: int = 0
    skipped: dict[str, int] = {}
    named: list[Skipped] = []


class Skips:
    """Counts what is skipped, and keeps the first few."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()
        self.named: list[Skipped] = []

    def __call__(self, skipped: Skipped) -> None:
        """Count one."""
        self.reasons[skipped.reason] += skipped.times
        if len(self.named) < NAMED:
            self.named.append(skipped)


def shelf(work: Work, inputs: Sequence[str | Path], settings: Settings, jobs: int) -> tuple[Shelf, Reading]:
    """All articles of the inputs, on disk, and what was skipped."""
    skips = Skips()
    if not work.done(READ):
        count = _read(work, tracing.articles(list(inputs), settings, skips), settings, jobs)
        reading = Reading(count, dict(sorted(skips.reasons.items())), skips.named)
        if work.mine(0):
            work.note(READ, reading)
    work.wait([READ])
    reading = msgspec.json.decode(work.path(READ).read_bytes(), type=Reading)
    names = [_name(number) for number in range(reading.segments)]
    work.wait(names)
    segments = [Segment.open(work.path(name)) for name in names]
    return Shelf.of([(segment, np.ones(len(segment), np.bool_)) for segment in segments]), reading


def _name(number: int) -> str:
    return f"{number:06}.segment"


def _read(work: Work, articles: Iterable[Article], settings: Settings, jobs: int) -> int:
    """Make the segments that are not there yet; how many there are in all."""
    work.watch.stage("reading")
    seen, count = 0, 0
    with threads(jobs) as pool:
        crew = Crew(pool, work.watch, 2 * jobs)
        for number, batch in enumerate(batches(articles)):
            seen, count = seen + len(batch), number + 1
            if work.mine(number) and not work.done(_name(number)):
                crew.submit(len(batch), make, work.path(_name(number)), batch, settings, seen)
            else:
                work.watch.advance(len(batch))
        crew.join()
    return count


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """The articles in batches that fit the memory, however long they are."""
    batch: list[Article] = []
    characters = 0
    for article in articles:
        if batch and (len(batch) == ARTICLES or characters + len(article.text) > CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(article)
        characters += len(article.text)
    if batch:
        yield batch


def make(path: Path, batch: Sequence[Article], settings: Settings, seen: int) -> None:
    """Write one segment; beyond `candidates.large` articles only a sample of the skip pairs will be looked up."""
    sketches = tracing.sketched([article.text for article in batch], settings)
    sample = 1.0 if seen <= settings.candidates.large else settings.candidates.sample
    store.make(path, batch, keys.keys(sketches, settings.candidates, sample))
