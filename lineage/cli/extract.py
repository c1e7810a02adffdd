"""`lineage extract`: pages, feeds, archives and every other input as article records."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lineage.cli import options, output, progress
from lineage.cli.tally import Tally, counted, leave

if TYPE_CHECKING:
    from lineage.records import Article
    from lineage.watch import Watch


def extract(
    inputs: options.Inputs,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="File to write; default: standard output.")
    ] = None,
    map: options.Map = None,
    settings: options.SettingsFile = None,
    strict: options.Strict = False,
    fail_empty: options.FailEmpty = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the articles of pages, feeds and archives as JSON Lines, one record a line.

    A record has `id`, `text` and what else is known: `title`, `published`, `source`, `author`, `url`, `lang`, and under
    `provenance` where a page stated each. All other commands read the records as they read the pages.
    """
    chosen = options.settings(settings, map)
    place = output.target(out, "jsonl", True)
    from lineage import ingest

    tally = Tally()
    with progress.watching(quiet) as watch:
        with _writing(place) as write:
            written = _written(ingest.articles(inputs, chosen.read, tally), write, watch)
        tally.tell(watch)
        watch.note(counted(written, "article") + (f" in {place}" if place else ""))
    leave(written, sum(tally.reasons.values()), fail_empty, strict)


def _written(articles: "Iterable[Article]", write: Callable[[bytes], object], watch: "Watch") -> int:
    import msgspec

    from lineage.ingest.records import record

    watch.stage("extracting")
    count = 0
    for article in articles:
        write(msgspec.json.encode(record(article)) + b"\n")
        watch.advance()
        count += 1
    return count


@contextmanager
def _writing(place: Path | None) -> Iterator[Callable[[bytes], object]]:
    """Where bytes go: standard output as they come, or a file that appears whole or not at all."""
    if place is None:
        yield lambda content: typer.echo(content, nl=False)
        return
    from lineage.report import files

    with files.replacing(place) as beside, beside.open("wb") as stream:
        yield stream.write
