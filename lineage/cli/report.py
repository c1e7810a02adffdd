"""`lineage report`: the page of a scan."""

from pathlib import Path
from typing import Annotated

import typer

from lineage.cli import options, progress


def report(
    scanned: Annotated[Path, typer.Argument(metavar="OUT", help="Folder that a scan wrote.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="The page; default: report.html in OUT.")
    ] = None,
    story: Annotated[str, typer.Option("--story", metavar="ID", help="One story only.")] = "",
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the page of a scan: drawings, why each link is there, texts side by side, what changed."""
    from lineage import pipeline
    from lineage.report import files

    place = out if out is not None else scanned / "report.html"
    with progress.watching(quiet) as watch:
        stories = pipeline.load_traced(scanned, story)
        watch.stage("drawing")
        for path, content in pipeline.pages(stories, place):
            files.make(path.parent)
            files.write(path, content)
        watch.note(f"open {place} in a browser to read it")
    typer.echo(str(place))
    if open:
        typer.launch(place.resolve().as_uri())
