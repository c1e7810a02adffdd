"""`lineage simulate`: stories whose derivation is known because they are made here."""

from pathlib import Path
from typing import Annotated

import typer

from lineage.cli import options, progress


def simulate(
    out: Annotated[Path, typer.Option("-o", "--out", metavar="DIR", help="Folder for the stories and their truth.")],
    stories: Annotated[int, typer.Option("--stories", min=1, max=9999, help="How many stories.")] = 20,
    most: Annotated[int, typer.Option("--most", min=3, max=1000, help="Articles of the largest story, at most.")] = 12,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same stories.")] = 1,
    wrong_dates: Annotated[
        float, typer.Option("--wrong-dates", min=0, max=1, help="Share of wrong dates; 0: no dates.")
    ] = 0.0,
    quiet: options.Quiet = False,
) -> None:
    """Make stories of copies, cuts, expansions, rewrites, merges and lost texts, and write down who came from whom."""
    from lineage import pipeline

    with progress.watching(quiet) as watch:
        articles = pipeline.simulated(out, stories, seed, most, wrong_dates)
        watch.note(f"wrote {articles} articles of {stories} stories to {out}")
