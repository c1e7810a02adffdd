"""Results written to a folder, and read back from it."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from lineage.derive import ALONE, Company
from lineage.errors import IndexFormatError, MissingInput
from lineage.ingest.dates import stamp
from lineage.pipeline.tracing import FORMATS, PAGE, TracedStory
from lineage.records import Article, Comparison, Story
from lineage.report import formats, page, stories_json, tables
from lineage.settings import DrawSettings

__all__ = ["FORMATS", "export", "load_pairs", "load_stories", "load_traced", "pages"]

STORIES, PAIRS, PAIRS_JSONL = "stories.jsonl", "pairs.parquet", "pairs.jsonl"
BOILERPLATE = "boilerplate.jsonl"
EDGES, CHANGES, MANIFEST, SKIPPED = "edges.parquet", "changes.parquet", "manifest.json", "skipped.jsonl"
ARTICLES, COMPANY = "articles.parquet", "company.json"


def export(stories: Sequence[TracedStory | Story], format: str, draw: DrawSettings = DrawSettings()) -> bytes:
    """Stories in one of `FORMATS`, as the bytes of a file.  Raises DrawingError."""
    if format == PAGE:
        return page.page([_told(story) for story in stories], draw)
    records = [story.record if isinstance(story, TracedStory) else story for story in stories]
    return formats.export(records, format, draw)


def pages(
    stories: Sequence[TracedStory], target: Path, draw: DrawSettings = DrawSettings()
) -> Iterator[tuple[Path, bytes]]:
    """The files of a report: one page for all stories at `target`, or a list there and a page a story beside it.

    The latter where the stories have more than 2,000 articles together.  Raises DrawingError.
    """
    told = [_told(story) for story in stories]
    if sum(len(story.record.articles) for story in told) <= page.TOGETHER or len(told) == 1:
        yield target, page.page(told, draw)
        return
    folder = f"{target.stem}-stories"
    for story in told:
        yield target.parent / folder / f"{story.record.id}.html", page.page([story], draw)
    yield target, page.index(told, {story.record.id: f"{folder}/{story.record.id}.html" for story in told}, draw)


def _told(story: TracedStory | Story) -> page.Told:
    return page.Told(story.record, story.articles) if isinstance(story, TracedStory) else page.Told(story)


def load_stories(out: Path) -> tuple[Story, ...]:
    """The stories of a scan, largest first.

    Raises MissingInput where there is no folder `out`, IndexFormatError where it holds no scan or a damaged one.
    """
    path = _inside(out, STORIES)
    lines = path.read_bytes().split(b"\n")
    filled = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    return tuple(stories_json.decode(line, f"{path}:{number}") for number, line in filled)


class StoryHead(msgspec.Struct):
    """The beginning of a story's line: its id and its articles."""

    id: str
    articles: tuple[str, ...]


def story_heads(out: Path) -> Iterator[StoryHead]:
    """The stories of a scan without what is told of them.  Raises IndexFormatError where a line is none."""
    with _inside(out, STORIES).open("rb") as stream:
        for number, line in enumerate(stream, 1):
            try:
                yield msgspec.json.decode(line, type=StoryHead)
            except msgspec.MsgspecError as error:
                raise IndexFormatError(
                    f"not a story ({error}); {out / STORIES}:{number}; scan into another folder"
                ) from error


def load_traced(out: Path, story: str = "") -> tuple[TracedStory, ...]:
    """The stories of a scan with the texts of their articles, or only the one with the id `story`, largest first.

    Raises MissingInput where there is no scan or no such story in it, IndexFormatError where it is damaged.
    """
    wanted = [record for record in load_stories(out) if not story or record.id == story]
    if story and not wanted:
        raise MissingInput(f"no story {story!r}; {out}; `lineage stories {out}` lists those there are")
    ids = {id for record in wanted for id in record.articles}
    known = {row["id"]: row for row in tables.read_articles(_inside(out, ARTICLES)) if row["id"] in ids}
    articles = ({id: _article(known[id]) for id in record.articles if id in known} for record in wanted)
    company = _company(out / COMPANY)
    return tuple(TracedStory(record, own, company=company) for record, own in zip(wanted, articles, strict=True))


def _company(path: Path) -> Company:
    """The company in which the stories of a scan were told; none where an earlier release scanned."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Company) if path.is_file() else ALONE
    except msgspec.MsgspecError as error:
        raise IndexFormatError(f"not what a scan writes ({error}); {path}; scan again into this folder") from error


def _article(row: dict[str, str]) -> Article:
    return Article(**{**row, "published": stamp(row["published"])})  # type: ignore[arg-type]


def load_pairs(out: Path) -> tuple[Comparison, ...]:
    """The compared pairs of a scan, sorted.  Raises MissingInput where `out` holds no scan."""
    return tuple(tables.read_pairs(_inside(out, PAIRS)))


def _inside(out: Path, name: str) -> Path:
    path = out / name
    if not out.is_dir():
        raise MissingInput(f"no folder {out}; run `lineage scan IN -o {out}` first")
    if not path.is_file():
        raise IndexFormatError(
            f"no finished scan, without {name}; {out}; name the folder of a scan, or scan again into it"
        )
    return path
