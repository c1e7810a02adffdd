"""`lineage index`: known articles in a folder that grows, and which of them a new one is from."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lineage.cli import account, options, progress
from lineage.cli.errors import one_line
from lineage.cli.tally import Tally, leave

if TYPE_CHECKING:
    from lineage.pipeline import Index
    from lineage.watch import Watch

app = typer.Typer(
    name="index",
    help="An index that grows: which known articles is a new one from?",
    rich_markup_mode=None,
    no_args_is_help=True,
)

Place = Annotated[Path, typer.Argument(metavar="IDX", help="Folder of the index.", show_default=False)]


@app.command(short_help="Make an empty index.")
def create(place: Place, settings: options.SettingsFile = None) -> None:
    """Make an empty index; one that exists stays as it is."""
    _opened(place, settings).create()
    typer.echo(str(place))


@app.command(short_help="Add articles.")
def add(
    place: Place,
    inputs: options.Inputs,
    map: options.Map = None,
    settings: options.SettingsFile = None,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Add articles, and make the index where there is none. An id that is known takes the new text, if it differs."""
    tally = Tally()
    with progress.watching(quiet) as watch:
        index = _opened(place, settings, map, watch)
        watch.stage("adding")
        added = index.add(inputs, tally)
        tally.tell(watch)
        watch.note(
            f"{added.added} added, {added.replaced} replaced, {added.unchanged} there already; {len(index)} in all"
        )
    leave(len(index), sum(tally.reasons.values()), False, strict)


@app.command(short_help="Which known articles is this one from?")
def query(
    place: Place,
    inputs: options.Inputs,
    changes: Annotated[bool, typer.Option("--changes", help="Say what each article says otherwise.")] = False,
    least: Annotated[float, typer.Option("--least", min=0, max=1, metavar="P", help="Least probability.")] = 0.5,
    json: Annotated[bool, typer.Option("--json", help="One JSON object an article.")] = False,
    map: options.Map = None,
    settings: options.SettingsFile = None,
    strict: options.Strict = False,
    fail_empty: options.FailEmpty = False,
    quiet: options.Quiet = False,
) -> None:
    """The known articles that share text with each of some others: asked, known, probability, relation."""
    import msgspec

    from lineage import pipeline

    tally, found = Tally(), 0
    with progress.watching(quiet) as watch:
        index = _opened(place, settings, map)
        watch.stage("asking")
        for asked in pipeline.articles(inputs, index.settings, tally):
            matches = index.query(asked, changes or json, least)
            found += len(matches)
            if json:
                typer.echo(msgspec.json.encode({"id": asked.id, "matches": matches}))
            for match in () if json else matches:
                typer.echo(
                    f"{one_line(asked.id)}\t{one_line(match.article)}\t{match.probability:.3f}\t{match.relation}"
                )
                for change in match.reframing.changes if match.reframing is not None else ():
                    typer.echo(f"\t{one_line(account.change(change))}")
            watch.advance()
        tally.tell(watch)
    leave(found, sum(tally.reasons.values()), fail_empty, strict)


@app.command(short_help="Remove articles by id.")
def remove(
    place: Place,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Ids of articles; - reads them from stdin.")],
    settings: options.SettingsFile = None,
    quiet: options.Quiet = False,
) -> None:
    """Remove the articles with these ids."""
    import sys

    wanted = [id for id in ids if id != "-"]
    if "-" in ids:
        wanted += [line.rstrip("\r\n") for line in sys.stdin if line.strip()]
    with progress.watching(quiet) as watch:
        index = _opened(place, settings)
        gone = index.remove(wanted)
        watch.note(f"{gone} of {len(set(wanted))} removed; {len(index)} in all")


@app.command(short_help="What the index holds.")
def stats(place: Place, settings: options.SettingsFile = None) -> None:
    """What the index holds and how large it is, as JSON."""
    import msgspec

    typer.echo(msgspec.json.format(msgspec.json.encode(_opened(place, settings).stats()), indent=2))


def _opened(place: Path, settings: Path | None, map: list[str] | None = None, watch: "Watch | None" = None) -> "Index":
    from lineage import pipeline
    from lineage.watch import Silent

    return pipeline.Index.open(place, options.settings(settings, map), watch or Silent())
