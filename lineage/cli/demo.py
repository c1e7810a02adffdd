"""`lineage demo`: the bundled story, drawn."""

from pathlib import Path
from typing import Annotated

import typer

from lineage.cli import account, options, progress
from lineage.errors import OutputError

_WANTED = ("svg", "html", "dot", "json")


def demo(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for the drawing.")] = Path(
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
        _make(out)
        for format in (name for name in _WANTED if name in pipeline.FORMATS):
            path = out / f"demo.{format}"
            result_files.write(path, pipeline.export(result.stories[:1], format, settings.draw))
            typer.echo(str(path))
        for line in account.summary(result.stories[0].record):
            watch.note(line)
        watch.note(f"open {out / 'demo.svg'} to see it drawn")


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder ({error.strerror}); {out}; give another with -o") from error
