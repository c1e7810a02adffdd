"""`lineage copies`: groups of near copies among very many articles, by sketches alone."""

import os
from typing import Annotated

import typer

from lineage.cli import options, progress
from lineage.cli.tally import Tally, counted, leave


def copies(
    inputs: options.Inputs,
    similarity: Annotated[
        float | None,
        typer.Option(metavar="J", help="Jaccard similarity of 5-word shingles from which two are copies."),
    ] = None,
    map: options.Map = None,
    settings: options.SettingsFile = None,
    strict: options.Strict = False,
    fail_empty: options.FailEmpty = False,
    quiet: options.Quiet = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, metavar="N", help="Threads; 0 for all cores.")] = 0,
) -> None:
    """List the groups of near copies of a corpus, one JSON array of article ids a line, largest first."""
    chosen = options.settings(settings, map)
    if similarity is not None:
        from dataclasses import replace

        with options.asked("--similarity"):
            chosen = replace(chosen, candidates=replace(chosen.candidates, similarity=similarity))
    import msgspec

    from lineage import pipeline

    tally = Tally()
    with progress.watching(quiet) as watch:
        found = pipeline.copies(inputs, chosen, watch, jobs or os.cpu_count() or 1, tally)
        tally.tell(watch)
        grouped = sum(len(group) for group in found.groups)
        groups = counted(len(found.groups), "group")
        watch.note(f"{counted(found.articles, 'article')}, {grouped} of them in {groups}")
    for group in found.groups:
        typer.echo(msgspec.json.encode(group))
    leave(len(found.groups), sum(tally.reasons.values()), fail_empty, strict)
