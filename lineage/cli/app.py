"""The commands, gathered; each loads what it needs when it runs, so that `--help` is quick."""

from typing import Annotated

import typer

from lineage.cli import (
    compare,
    copies,
    demo,
    doctor,
    evaluate,
    explain,
    extract,
    graph,
    index,
    report,
    scan,
    simulate,
    stories,
    train,
)
from lineage.cli.errors import Commands

app = typer.Typer(
    name="lineage",
    cls=Commands,
    help=(
        "Find which articles are copies, paraphrases or rewrites of one another, infer who was probably written from "
        "whom, and draw it. Exit status: 0 done, 1 failed, 2 wrong usage, 3 inputs skipped (--strict), 4 nothing "
        "found (--fail-empty), 130 interrupted."
    ),
    # Rich would draw the help in boxes and take longer to load than everything else together.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lineage {version('article-lineage')}")
        raise typer.Exit


@app.callback()
def everywhere(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and leave.")
    ] = False,
    traceback: Annotated[
        bool, typer.Option("--traceback", help="Show the whole of an error (also LINEAGE_TRACEBACK=1).")
    ] = False,
) -> None:
    """Options of every command."""


for _command, _line in (
    (demo.demo, "Draw the bundled story."),
    (graph.graph, "A few articles: find their stories, draw them."),
    (scan.scan, "A whole corpus: find its stories, write them."),
    (copies.copies, "A whole corpus: its near copies alone, fast."),
    (report.report, "The page of a scan, to read in a browser."),
    (stories.stories, "List the stories of a scan."),
    (compare.compare, "Hold two articles side by side."),
    (explain.explain, "Why A → B, or why not."),
    (evaluate.evaluate, "Score a scan against known truth."),
    (simulate.simulate, "Make stories whose derivation is known."),
    (extract.extract, "Pages, feeds and archives as article records."),
    (doctor.doctor, "What is installed, and what is missing."),
):
    app.command(short_help=_line)(_command)
app.add_typer(index.app, short_help="Known articles that grow: which of them is this one from?")
app.command(hidden=True)(train.train)
