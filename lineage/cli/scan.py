"""`lineage scan`: a whole corpus in, a folder of results out."""

import os
from pathlib import Path
from typing import Annotated

import typer

from lineage.cli import options, progress
from lineage.cli.tally import Tally, leave


def scan(
    inputs: options.Inputs,
    out: Annotated[Path, typer.Option("-o", "--out", metavar="OUT", help="Folder for the results.")],
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Write pairs.jsonl beside pairs.parquet.")] = False,
    map: options.Map = None,
    story_field: options.StoryField = "",
    settings: options.SettingsFile = None,
    verdicts: options.Verdicts = None,
    strict: options.Strict = False,
    fail_empty: options.FailEmpty = False,
    quiet: options.Quiet = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Processes; 0 for all cores.")] = 0,
) -> None:
    """Find the stories of a whole corpus: pairs, stories, edges and changes in a folder.

    Verdicts are laid into OUT as verdicts.jsonl, and count again with every scan into it.
    """
    chosen = options.settings(settings, map, story_field)
    from lineage import pipeline

    with progress.watching(quiet) as watch:
        if verdicts is not None:
            tally = Tally()
            pipeline.keep_verdicts(out, pipeline.load_verdicts(verdicts, tally))
            tally.tell(watch)
        manifest = pipeline.scan(inputs, out, chosen, watch, jsonl, jobs or os.cpu_count() or 1)
        counts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in manifest.counts.items())
        for reason, count in sorted(manifest.skipped.items()):
            watch.note(f"{count} skipped: {reason}, named in {out / 'skipped.jsonl'}")
        watch.note(f"{manifest.stories} stories ({counts}) in {manifest.seconds:.1f} s")
    typer.echo(str(out))
    leave(manifest.stories, sum(manifest.skipped.values()), fail_empty, strict)
