"""`lineage train`: learn the shipped models again; for developers."""

from pathlib import Path
from typing import Annotated

import typer

from lineage.cli import options, progress


def train(
    data: Annotated[
        Path, typer.Option(envvar="LINEAGE_DATA", metavar="DIR", help="Folder with texts of known truth.")
    ] = Path("../shared/data"),
    quiet: options.Quiet = False,
) -> None:
    """Learn the shipped models again from texts of known truth (needs the extra `train`)."""
    from lineage import pipeline

    with progress.watching(quiet) as watch:
        pipeline.train(data, watch)
