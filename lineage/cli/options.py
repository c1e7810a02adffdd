"""Options that several commands share, and the settings they add up to."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from lineage.settings import Settings

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="IN",
        help="Folders, files (.txt .md .json .jsonl .csv .tsv .parquet .html .warc) or - for JSONL on standard input.",
        show_default=False,
    ),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="OURS=THEIRS,...", help="Names of the input's fields: text=body,published=date."),
]
StoryField = Annotated[
    str, typer.Option("--story-field", metavar="F", help="Field that says which articles are versions of one story.")
]
SettingsFile = Annotated[Path | None, typer.Option("--settings", metavar="TOML", help="File with settings.")]
Theme = Annotated[str, typer.Option(help="screen, dark, contrast, print or stemma.")]
Detail = Annotated[str, typer.Option(help="auto, card, compact or row.")]
Verdicts = Annotated[
    Path | None, typer.Option("--verdicts", metavar="FILE", help="Verdicts saved from a page; links keep to them.")
]
Strict = Annotated[bool, typer.Option("--strict", help="Leave with 3 where an input was skipped.")]
FailEmpty = Annotated[bool, typer.Option("--fail-empty", help="Leave with 4 where nothing was found.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]


def settings(file: Path | None, pairs: list[str] | None, story_field: str = "") -> "Settings":
    """The settings of a file, with the field map and the story field of the command line on top."""
    from dataclasses import replace

    from lineage.settings import Settings, from_toml

    result = from_toml(file) if file is not None else Settings()
    fields = {**result.read.map, **field_map(pairs or [])}
    reading = replace(result.read, map=fields, story_field=story_field or result.read.story_field)
    return replace(result, read=reading)


def drawn(settings: "Settings", theme: str, detail: str) -> "Settings":
    """The settings with theme and detail of the command line on top."""
    from dataclasses import replace

    draw = settings.draw
    with asked("--theme"):
        draw = replace(draw, theme=theme or draw.theme)
    with asked("--detail"):
        draw = replace(draw, detail=detail or draw.detail)
    return replace(settings, draw=draw)


@contextmanager
def asked(option: str) -> Iterator[None]:
    """A value that settings refuse is wrong usage where it came from an option."""
    from lineage.errors import SettingsError

    try:
        yield
    except SettingsError as error:
        raise typer.BadParameter(str(error), param_hint=option) from error


def field_map(pairs: list[str]) -> dict[str, str]:
    """Our field names to the input's, from `ours=theirs` pairs separated by commas."""
    from lineage.ingest.fields import FIELDS

    result = {}
    for pair in (part.strip() for given in pairs for part in given.split(",")):
        ours, equals, theirs = (part.strip() for part in pair.partition("="))
        if not (equals and theirs):
            raise typer.BadParameter(f"{pair!r} is not OURS=THEIRS; give for example text=body", param_hint="--map")
        if ours not in FIELDS:
            raise typer.BadParameter(f"{ours!r} is none of {', '.join(FIELDS)}", param_hint="--map")
        result[ours] = theirs
    return result
