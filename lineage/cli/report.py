"""`lineage report`: the page of a scan."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lineage.cli import options, progress
from lineage.cli.tally import Tally

if TYPE_CHECKING:
    from lineage.pipeline import TracedStory
    from lineage.settings import Settings
    from lineage.watch import Watch


def report(
    scanned: Annotated[Path, typer.Argument(metavar="OUT", help="Folder that a scan wrote.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="The page; default: report.html in OUT.")
    ] = None,
    settings: options.SettingsFile = None,
    theme: options.Theme = "",
    detail: options.Detail = "",
    verdicts: options.Verdicts = None,
    story: Annotated[str, typer.Option("--story", metavar="ID", help="One story only.")] = "",
    open: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the page of a scan: drawings, why each link is there, texts side by side, what changed.

    With verdicts the stories they are on are inferred anew for the page; what the scan wrote stays.
    """
    chosen = options.drawn(options.settings(settings, None), theme, detail)
    from lineage import pipeline
    from lineage.report import files

    place = out if out is not None else scanned / "report.html"
    with progress.watching(quiet) as watch:
        stories = pipeline.load_traced(scanned, story)
        if verdicts is not None:
            stories = _judged(stories, verdicts, chosen, watch)
        watch.stage("drawing")
        for path, content in pipeline.pages(stories, place, chosen.draw):
            files.make(path.parent)
            files.write(path, content)
        watch.note(f"open {place} in a browser to read it")
    typer.echo(str(place))
    if open:
        typer.launch(place.resolve().as_uri())


def _judged(
    stories: "tuple[TracedStory, ...]", verdicts: Path, settings: "Settings", watch: "Watch"
) -> "tuple[TracedStory, ...]":
    """The stories under the verdicts of a file; what in it means nothing is said."""
    from lineage import pipeline

    tally = Tally()
    said = pipeline.load_verdicts(verdicts, tally)
    watch.stage("deriving")
    judged = tuple(pipeline.judge(stories, said, settings))
    tally.tell(watch)
    pipeline.tell_verdicts(said, [story.record for story in judged], watch)
    return judged
