"""`lineage scan`: a whole corpus in, a folder of results out."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lineage.cli import options, progress
from lineage.cli.tally import Tally, counted, leave, sort_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lineage.pipeline import Hands, Shard


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
    shard: Annotated[
        str, typer.Option("--shard", metavar="I/N", help="Be one of N processes that share OUT; the first writes.")
    ] = "",
    engine: Annotated[str, typer.Option("--engine", metavar="NAME", help="local, or spark for a cluster.")] = "local",
    master: Annotated[str, typer.Option("--master", metavar="URL", help="Master of the Spark cluster.")] = "local[*]",
) -> None:
    """Find the stories of a whole corpus, or of an index: pairs, stories, edges and changes in a folder.

    A scan that was interrupted goes on where it stopped when the same command is given again.

    Verdicts are laid into OUT as verdicts.jsonl, and count again with every scan into it.
    """
    chosen = options.settings(settings, map, story_field)
    from lineage import pipeline

    part = _shard(shard) if shard else pipeline.Shard()
    if engine == "spark":
        out = out.absolute()  # executors stand elsewhere
    with progress.watching(quiet) as watch, _hands(engine, master, out, jobs or os.cpu_count() or 1, shard) as hands:
        if verdicts is not None:
            tally = Tally()
            pipeline.keep_verdicts(out, pipeline.load_verdicts(verdicts, tally))
            tally.tell(watch)
        manifest = pipeline.share(inputs, out, chosen, watch, pipeline.Run(jsonl, hands, part))
        if manifest is None:
            watch.note(f"the parts of shard {shard} are done; shard 1/{part.of} writes the results")
            return
        counted_up = {name: count for name, count in manifest.counts.items() if count or name == "articles"}
        counts = ", ".join(
            counted(count, name.replace("_", " ").removesuffix("s")) for name, count in counted_up.items()
        )
        for reason, count in sorted(manifest.skipped.items()):
            watch.note(f"{count} {sort_of(reason)}; named in {out / 'skipped.jsonl'}")
        watch.note(f"{counted(manifest.stories, 'story')} ({counts}) in {manifest.seconds:.1f} s")
    typer.echo(str(out))
    leave(manifest.stories, sum(manifest.skipped.values()), fail_empty, strict)


@contextmanager
def _hands(engine: str, master: str, out: Path, jobs: int, shard: str) -> "Iterator[Hands]":
    """Who carries out the scan."""
    from lineage import pipeline

    if engine == "local":
        yield pipeline.Local(jobs)
        return
    if engine != "spark":
        raise typer.BadParameter(f"{engine!r} is neither local nor spark", param_hint="--engine")
    if shard:
        raise typer.BadParameter("a cluster deals out the work itself; leave --shard away", param_hint="--shard")
    from lineage.pipeline import spark

    with spark.session(master, out / ".spark") as session:
        yield spark.Spark(session)


def _shard(told: str) -> "Shard":
    from lineage.pipeline import Shard

    number, _, of = told.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise typer.BadParameter(f"{told!r} is not I/N with I from 1 to N; give for example 1/4", param_hint="--shard")
    return Shard(int(number) - 1, int(of))
