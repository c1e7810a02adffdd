"""Stories are told chunk by chunk, each in a process that reads no texts but those of its own stories.

Before that some of them are looked at, for what kind of stories these are.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import xxhash

from lineage import derive
from lineage.derive import Company, Look, looked_at
from lineage.pipeline import tracing
from lineage.pipeline import verdicts as judged
from lineage.pipeline.grouping import Named
from lineage.pipeline.hands import Hands
from lineage.pipeline.work import Crew, Work, processes
from lineage.records import Article, Verdict
from lineage.report import files, stories_json
from lineage.settings import Settings
from lineage.store import Segment, Shelf

LOOKS = 8  # stories that are looked at in one step
STORIES, MEMBERS = 32, 256  # of one chunk at most, but for a single larger story

Places = tuple[tuple[Path, int], ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """The stories of a corpus, what a person has said of their articles, and the company they make."""

    stories: Sequence[Named]
    said: Sequence[Verdict]
    company: Company


@dataclass(frozen=True, slots=True)
class Telling:
    """A story to be told: where its articles lie, and what a person has said of them."""

    story: Named
    places: Places
    said: tuple[Verdict, ...]


Task = tuple[Path, Sequence[Telling], Company, Settings]


def company(work: Work, shelf: Shelf, stories: Sequence[Named], hands: Hands) -> Company:
    """The company that the stories make."""
    some = looked_at([story.articles for story in stories])
    if not some:
        return derive.ALONE
    parts = [some[start : start + LOOKS] for start in range(0, len(some), LOOKS)]
    names = [_name(number, part, "looks") for number, part in enumerate(parts)]
    where = _Where(shelf)

    def task(number: int) -> tuple[Path, list[Places]]:
        return work.path(names[number]), [where.of(articles) for articles in parts[number]]

    hands.each(work, "looking at the stories", names, task, look)
    _segment.cache_clear()
    read = (msgspec.json.decode(work.path(name).read_bytes(), type=list[Look]) for name in names)
    return Company.of(one for looks in read for one in looks)


def look(path: Path, stories: Sequence[Places]) -> None:
    """Write down what some stories look like, in a file that appears whole.  Raises OutputError."""
    looks = [derive.look(_article(*place) for place in places) for places in stories]
    files.write(path, msgspec.json.encode(looks))


def told(work: Work, shelf: Shelf, untold: Untold, settings: Settings, hands: Hands) -> list[Path]:
    """The files with the stories, a line each, in their order."""
    chunks = list(chunked(untold.stories))
    # Verdicts may have come since an earlier run was interrupted, and with them other groups.
    company = _digest(untold.company)
    names = [
        _name(number, (chunk, judged.within(_ids(chunk), untold.said), company), "stories")
        for number, chunk in enumerate(chunks)
    ]
    if all(map(work.done, names)):
        return [work.path(name) for name in names]
    where = _Where(shelf)

    def tellings(number: int) -> list[Telling]:
        return [
            Telling(story, where.of(story.articles), judged.within(story.articles, untold.said))
            for story in chunks[number]
        ]

    ours = [n for n in range(len(chunks)) if work.mine(n)]
    work.watch.stage("deriving", sum(len(chunks[number]) for number in ours))
    with hands.tellers(work, len(untold.stories)) as run:
        for number in ours:
            if work.done(names[number]):
                work.watch.advance(len(chunks[number]))
            else:
                run(len(chunks[number]), (work.path(names[number]), tellings(number), untold.company, settings))
    work.wait(names)
    return [work.path(name) for name in names]


def _name(number: int, content: Any, kind: str) -> str:
    """The name of a part: another content, as after a verdict, is another part."""
    return f"{number:06}-{_digest(content)}.{kind}"


def _ids(chunk: Sequence[Named]) -> list[str]:
    return [id for story in chunk for id in story.articles]


def _digest(content: Any) -> str:
    return xxhash.xxh3_64_hexdigest(msgspec.json.encode(content))


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


class _Where:
    """Where the articles of a shelf lie."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._place = {id: at for at, id in enumerate(shelf.ids)}
        self._paths = [segment.path for segment in shelf.segments]

    def of(self, articles: Sequence[str]) -> Places:
        """The segment of each article, and its row there."""
        at = [self._place[id] for id in articles]
        rows = zip(self._shelf.segment[at].tolist(), self._shelf.row[at].tolist(), strict=True)
        return tuple((self._paths[segment], row) for segment, row in rows)


def tell(path: Path, tellings: Sequence[Telling], company: Company, settings: Settings) -> None:
    """Tell some stories into a file, which appears whole.  Raises OutputError."""
    lines = []
    for telling in tellings:
        members = [_article(place, row) for place, row in telling.places]
        story = tracing.story_of((members, telling.story.group, telling.said), company, settings)
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

    with processes(jobs) as pool:
        yield soon
        for one in running:
            one.join()


@lru_cache(maxsize=256)
def _segment(path: Path) -> Segment:
    return Segment.open(path)


def _article(path: Path, row: int) -> Article:
    return _segment(path).article(row)
