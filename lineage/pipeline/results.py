"""Results written to a folder, and read back from it."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from lineage.errors import IndexFormatError, MissingInput
from lineage.pipeline.tracing import FORMATS, TracedStory
from lineage.records import Comparison, Story
from lineage.report import files, formats, stories_json, tables
from lineage.settings import DrawSettings

__all__ = ["FORMATS", "export", "load_pairs", "load_stories", "write"]

STORIES, PAIRS, PAIRS_JSONL = "stories.jsonl", "pairs.parquet", "pairs.jsonl"
EDGES, CHANGES, MANIFEST, SKIPPED = "edges.parquet", "changes.parquet", "manifest.json", "skipped.jsonl"


def export(stories: Sequence[TracedStory | Story], format: str, draw: DrawSettings = DrawSettings()) -> bytes:
    """Stories in one of `FORMATS`, as the bytes of a file.  Raises DrawingError."""
    records = [story.record if isinstance(story, TracedStory) else story for story in stories]
    return formats.export(records, format, draw)


def write(out: Path, stories: Sequence[Story], pairs: Sequence[Comparison], jsonl: bool) -> None:
    """Write the stories, pairs, edges and changes of a run; every file appears whole or not at all."""
    tables.write_pairs(out / PAIRS, pairs)
    if jsonl:
        tables.write_pairs_jsonl(out / PAIRS_JSONL, pairs)
    tables.write_edges(out / EDGES, stories)
    tables.write_changes(out / CHANGES, stories)
    files.write(out / STORIES, b"".join(stories_json.encode(story) + b"\n" for story in stories))


def load_stories(out: Path) -> tuple[Story, ...]:
    """The stories of a scan, largest first.

    Raises MissingInput where there is no folder `out`, IndexFormatError where it holds no scan or a damaged one.
    """
    path = _inside(out, STORIES)
    lines = path.read_bytes().split(b"\n")
    filled = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    return tuple(stories_json.decode(line, f"{path}:{number}") for number, line in filled)


def load_pairs(out: Path) -> tuple[Comparison, ...]:
    """The compared pairs of a scan, sorted.  Raises MissingInput where `out` holds no scan."""
    return tuple(tables.read_pairs(_inside(out, PAIRS)))


def _inside(out: Path, name: str) -> Path:
    path = out / name
    if not out.is_dir():
        raise MissingInput(f"no folder {out}; run `lineage scan IN -o {out}` first")
    if not path.is_file():
        raise IndexFormatError(f"{out} holds no {name}; it is not the folder of a finished scan; scan again into it")
    return path


def lines(rows: Iterable[bytes]) -> bytes:
    """Rows as the content of a file of lines."""
    return b"".join(row + b"\n" for row in rows)
