"""`lineage graph`: a few articles in, drawings of their stories out."""

from pathlib import Path
from typing import Annotated

import typer

from lineage.cli import options, output, progress
from lineage.cli.tally import Tally, counted, leave


def graph(
    inputs: options.Inputs,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="File to write.")] = None,
    format: Annotated[
        str,
        typer.Option(
            "-f",
            "--format",
            metavar="FORMAT",
            help="svg png pdf dot html json jsonl and more; default: by -o, else svg.",
        ),
    ] = "",
    map: options.Map = None,
    story_field: options.StoryField = "",
    settings: options.SettingsFile = None,
    theme: options.Theme = "",
    detail: options.Detail = "",
    verdicts: options.Verdicts = None,
    strict: options.Strict = False,
    fail_empty: options.FailEmpty = False,
    quiet: options.Quiet = False,
) -> None:
    """Find the stories among a few articles, infer who was probably written from whom, and draw it.

    Without -o, text goes to stdout; a drawing in a terminal goes to lineage.svg. Several stories: the biggest goes to
    FILE, the others to FILE-2, FILE-3; tables, records and graph formats hold all of them.
    """
    chosen = options.drawn(options.settings(settings, map, story_field), theme, detail)
    from lineage.ingest import articles

    tally = Tally()
    # Before the pipeline, which takes its time to load: a wrong path is told at once.
    found = articles(inputs, chosen.read, tally)
    from lineage import pipeline

    kind = output.wanted_format(format, out, pipeline.FORMATS)
    place = output.target(out, kind, asked=bool(format))
    said = pipeline.load_verdicts(verdicts, tally) if verdicts is not None else ()
    with progress.watching(quiet) as watch:
        result = pipeline.trace(found, chosen, watch, verdicts=said)
        tally.tell(watch)
        if not result.stories:
            few = "; a story needs two" if result.articles < 2 else ""
            watch.note(f"no story found among {counted(result.articles, 'article')}{few}")
        alone = result.articles - sum(len(story.record.articles) for story in result.stories)
        if result.stories and alone:
            lone = f"{counted(alone, 'article')} of {result.articles} in no story"
            watch.note(f"{lone}: too little text in common with any other")
        if result.stories or kind in ("json", "jsonl"):
            output.write(result.stories, kind, place, chosen.draw, watch)
    leave(len(result.stories), tally.reasons.total(), fail_empty, strict)
