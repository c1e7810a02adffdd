"""Stories are told chunk by chunk, each in a process that reads no texts but those of its own stories."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lineage.pipeline import tracing
from lineage.pipeline import verdicts as judged
from lineage.pipeline.grouping import Named
from lineage.pipeline.hands import Hands
from lineage.pipeline.work import Crew, Work
from lineage.records import Article, Verdict
from lineage.report import files, stories_json
from lineage.settings import Settings
from lineage.store import Segment, Shelf

STORIES, MEMBERS = 32, 256  # of one chunk at most, but for a single larger story


@dataclass(frozen=True, slots=True)
class Telling:
    """A story to be told: where its articles lie, and what a person has said of them."""

    story: Named
    places: tuple[tuple[Path, int], ...]
    said: tuple[Verdict, ...]


Task = tuple[Path, Sequence[Telling], Settings]


def told(
    work: Work, shelf: Shelf, stories: Sequence[Named], said: Sequence[Verdict], settings: Settings, hands: Hands
) -> list[Path]:
    """The files with the stories, a line each, in their order."""
    chunks = list(chunked(stories))
    names = [f"{number:06}.stories" for number in range(len(chunks))]
    if all(map(work.done, names)):
        return [work.path(name) for name in names]
    place = {id: at for at, id in enumerate(shelf.ids)} if stories else {}
    paths = [segment.path for segment in shelf.segments]

    def tellings(number: int) -> list[Telling]:
        made = []
        for story in chunks[number]:
            at = [place[id] for id in story.articles]
            rows = zip(shelf.segment[at].tolist(), shelf.row[at].tolist(), strict=True)
            own = judged.within(story.articles, said)
            made.append(Telling(story, tuple((paths[segment], row) for segment, row in rows), own))
        return made

    ours = [n for n in range(len(chunks)) if work.mine(n)]
    work.watch.stage("deriving", sum(len(chunks[number]) for number in ours))
    with hands.tellers(work, len(stories)) as run:
        for number in ours:
            if work.done(names[number]):
                work.watch.advance(len(chunks[number]))
            else:
                run(len(chunks[number]), (work.path(names[number]), tellings(number), settings))
    work.wait(names)
    return [work.path(name) for name in names]


def chunked(stories: Sequence[Named]) -> Iterator[list[Named]]:
    """The stories in chunks of about the same work."""
    chunk: list[Named] = []
    members = 0
    for story in stories:
        if chunk and (len(chunk) == STORIES or members + len(story.articles) > MEMBERS):
            yield chunk
            chunk, members = [], 0
        chunk.append(story)
        members += len(story.articles)
    if chunk:
        yield chunk


def tell(path: Path, tellings: Sequence[Telling], settings: Settings) -> None:
    """Tell some stories into a file, which appears whole.  Raises OutputError."""
    lines = []
    for telling in tellings:
        members = [_article(place, row) for place, row in telling.places]
        story = tracing.story_of((members, telling.story.group, telling.said), settings)
        lines.append(stories_json.encode(replace(story, id=telling.story.id)) + b"\n")
    files.write(path, b"".join(lines))


@contextmanager
def crew(work: Work, jobs: int) -> Iterator[Callable[[int, Task], None]]:
    """What starts to tell a chunk, in one of `jobs` processes, or at once where there is but one."""
    if jobs == 1:

        def at_once(worth: int, task: Task) -> None:
            tell(*task)
            work.watch.advance(worth)

        yield at_once
        _segment.cache_clear()
        return
    running: list[Crew] = []

    def soon(worth: int, task: Task) -> None:
        running[:] = running or [Crew(pool, work.watch, 2 * jobs)]
        running[0].submit(worth, tell, *task)

    # Fresh processes: a fork would copy the locks of threads that other libraries hold.
    pool = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"))
    try:
        yield soon
        for one in running:
            one.join()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@lru_cache(maxsize=256)
def _segment(path: Path) -> Segment:
    return Segment.open(path)


def _article(path: Path, row: int) -> Article:
    return _segment(path).article(row)
