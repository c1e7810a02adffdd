"""`lineage evaluate`: a scan against known truth."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Kind(StrEnum):
    """What the known truth is about."""

    auto = "auto"
    pairs = "pairs"
    derivation = "derivation"


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="JSONL with the truth.", show_default=False)],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder that a scan wrote.", show_default=False)],
    kind: Annotated[Kind, typer.Option(help="What GOLD holds; auto goes by its columns.")] = Kind.auto,
    ignore: Annotated[
        Path | None, typer.Option(metavar="TSV", help="Pairs of unknown truth, which count for nothing.")
    ] = None,
) -> None:
    """Score a scan against known truth; the figures are JSON on stdout."""
    import msgspec

    from lineage import evaluate as stage

    chosen = stage.kind_of(gold) if kind is Kind.auto else kind.value
    scores = stage.derivation(gold, out) if chosen == "derivation" else stage.pairs(gold, out, ignore)
    typer.echo(json.dumps({**scores.figures, "calibration": msgspec.to_builtins(scores.calibration)}, indent=2))
