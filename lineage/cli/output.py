"""Where drawings and records go: a named file, stdout, or a file beside the caller."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lineage.cli.tally import counted
from lineage.errors import OutputError

if TYPE_CHECKING:
    from lineage.pipeline import TracedStory
    from lineage.settings import DrawSettings
    from lineage.watch import Watch

# One file of these holds any number of stories.
_ALL_IN_ONE = frozenset({"json", "jsonl", "csv", "parquet", "newick", "graphml", "gexf", "cyjs", "html"})
_BINARY = frozenset({"png", "pdf", "parquet", "social"})
_ENDINGS = {"social": "png"}
_SUFFIXES = {"gv": "dot", "mmd": "mermaid", "nwk": "newick", "tree": "newick", "htm": "html", "ndjson": "jsonl"}


def wanted_format(given: str, output: Path | None, known: Sequence[str]) -> str:
    """The format that `-f`, else the suffix of `-o`, asks for; `svg` where neither says anything."""
    if given:
        if given in known:
            return given
        raise typer.BadParameter(f"{given!r} is none of {' '.join(known)}", param_hint="-f")
    if output is None or str(output) == "-":
        return "svg"
    if output.name.endswith(".prov.json") and "prov-json" in known:
        return "prov-json"
    suffix = output.suffix.removeprefix(".").lower()
    found = _SUFFIXES.get(suffix, suffix)
    if found in known:
        return found
    raise typer.BadParameter(f"{output} does not say a format; add -f with one of {' '.join(known)}", param_hint="-o")


def target(output: Path | None, format: str, asked: bool) -> Path | None:
    """The file to write to, or None for stdout; a terminal gets neither bytes nor an unasked-for drawing.

    A pipe or a redirected stdout gets what was asked for, bytes too: `-f png > story.png` is no empty file.

    Raises OutputError where there is no folder for it.
    """
    if output is not None:
        return None if str(output) == "-" else _in_reach(output)
    seen = sys.stdout is None or sys.stdout.isatty()  # a closed stream is None
    if seen and (format in _BINARY or not asked):
        return Path(f"lineage.{_ENDINGS.get(format, format)}")
    return None


def _in_reach(output: Path) -> Path:
    """The file, if there is a folder for it: told before the work is done, not after."""
    if output.is_dir():
        raise OutputError(f"that is a folder; {output}; name a file in it with -o")
    if not output.parent.is_dir():
        raise OutputError(f"no such folder; {output.parent}; make it, or choose another with -o")
    return output


def write(
    stories: "Sequence[TracedStory]", format: str, path: Path | None, draw: "DrawSettings", watch: "Watch"
) -> None:
    """Write stories to a file, further files beside it, or stdout; tell on stderr what went where."""
    from lineage import pipeline
    from lineage.report import files

    together = format in _ALL_IN_ONE
    batches = [stories] if together else [[story] for story in stories]
    if path is None:
        _to_stdout(batches[:1], format, draw)
        if len(batches) > 1:
            watch.note(f"the biggest of {len(batches)} stories is shown; -o FILE writes all of them")
        return
    for number, batch in enumerate(batches, 1):
        place = numbered(path, number)
        files.write(place, pipeline.export(batch, format, draw))
        watch.note(f"wrote {place}{_of(batch)}")


def _to_stdout(batches: Iterable[Sequence["TracedStory"]], format: str, draw: "DrawSettings") -> None:
    from lineage import pipeline

    for batch in batches:
        content = pipeline.export(batch, format, draw)
        typer.echo(content, nl=bool(content) and not content.endswith(b"\n"))


def _of(batch: "Sequence[TracedStory]") -> str:
    if len(batch) != 1:
        return f": {len(batch)} stories"
    return f": a story of {counted(len(batch[0].record.articles), 'article')}"


def numbered(path: Path, number: int) -> Path:
    """`story.svg`, `story-2.svg`, `story-3.svg` for the first, second and third story."""
    return path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
