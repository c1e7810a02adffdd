"""`lineage demo`: the bundled story, as a drawing and as a page."""

from pathlib import Path
from typing import Annotated

import typer

from lineage.cli import account, options, progress

_WANTED = ("svg", "html", "dot", "json")


def demo(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for drawing and page.")] = Path(
        "lineage-demo"
    ),
    quiet: options.Quiet = False,
) -> None:
    """Draw the bundled story and say in a few lines what it shows."""
    from importlib.resources import as_file, files

    from lineage import pipeline
    from lineage.ingest import articles
    from lineage.report import files as result_files
    from lineage.settings import Settings

    settings = Settings()
    with progress.watching(quiet) as watch, as_file(files("lineage") / "data" / "demo") as bundled:
        result = pipeline.trace(articles(bundled, settings.read), settings, watch)
        result_files.make(out)
        for format in (name for name in _WANTED if name in pipeline.FORMATS):
            path = out / f"demo.{format}"
            result_files.write(path, pipeline.export(result.stories[:1], format, settings.draw))
            typer.echo(str(path))
        for line in account.summary(result.stories[0].record):
            watch.note(line)
        watch.note(f"open {out / 'demo.svg'} to see it drawn, {out / 'demo.html'} to read why and what changed")
