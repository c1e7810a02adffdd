"""`lineage compare`: two articles held side by side in the terminal."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lineage.cli import options
from lineage.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from lineage.align import Block
    from lineage.pipeline import PairReading
    from lineage.records import Article
    from lineage.settings import Settings

_IS = {"copy": "a copy", "light edit": "lightly edited", "rewrite": "a rewrite", "partial": "partly the same text"}


class Form(StrEnum):
    """How the comparison is shown."""

    text = "text"
    json = "json"
    html = "html"


_SUFFIXES = {"": Form.text, ".txt": Form.text, ".json": Form.json, ".html": Form.html, ".htm": Form.html}


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A file that holds one article.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="A file that holds another.", show_default=False)],
    format: Annotated[Form | None, typer.Option("-f", "--format", help="text, json or html; default: by -o.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", metavar="FILE", help="File to write.")] = None,
    map: options.Map = None,
    settings: options.SettingsFile = None,
) -> None:
    """Compare two articles: do they share text, how, and what B says otherwise than A."""
    wanted = format or _by_suffix(out)
    chosen = options.settings(settings, map)
    first, second = _pair(a, b, chosen)
    from lineage import pipeline

    reading = pipeline.compare(first, second, chosen)
    if wanted is Form.text and out is None:
        _show(first, second, reading, _terminal())
    else:
        _told(_CONTENT[wanted](first, second, reading), out)


def _terminal() -> "Console":
    """Standard output in colour where it shows any; a reader who leaves early is no failure, as everywhere else."""
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return Terminal(highlight=False)


def _by_suffix(out: Path | None) -> Form:
    """The form that the suffix of FILE asks for; text without one."""
    suffix = "" if out is None else out.suffix.lower()
    if suffix not in _SUFFIXES:
        raise typer.BadParameter(f"{out} does not say a form; add -f with one of text json html", param_hint="-o")
    return _SUFFIXES[suffix]


def _told(content: bytes, out: Path | None) -> None:
    if out is None or str(out) == "-":
        typer.echo(content, nl=False)
        return
    from lineage.report import files

    files.write(out, content)


def _pair(a: str, b: str, settings: "Settings") -> "tuple[Article, Article]":
    from dataclasses import replace

    first, second = _only(a, settings), _only(b, settings)
    if first.id == second.id:
        first, second = (replace(one, id=str(Path(path))) for one, path in ((first, a), (second, b)))
    if first.id == second.id:
        raise InputError(f"{a} and {b} are one article; name two")
    return first, second


def _only(path: str, settings: "Settings") -> "Article":
    """The single article of a file."""
    from lineage.cli.tally import Tally
    from lineage.ingest import articles

    tally = Tally()
    found = list(articles(path, settings.read, tally))
    if len(found) == 1:
        return found[0]
    if found:
        raise InputError(f"{path} holds {len(found)} articles; name a file with one, or use `lineage graph`")
    why = next((f"{skipped.reason}: {skipped.detail}" for skipped in tally.examples.values()), "nothing to read")
    raise InputError(f"{path} holds no article; {why}")


def _record(first: "Article", second: "Article", reading: "PairReading") -> dict[str, Any]:
    import msgspec

    return {
        "a": first.id,
        "b": second.id,
        "probability": round(reading.probability, 6),
        "relation": reading.relation,
        "scores": {name: round(float(score), 6) for name, score in sorted(reading.comparison.scores.items())},
        "changes": msgspec.to_builtins(reading.reframing.changes),
        "summary": reading.reframing.summary,
        "alignment": msgspec.to_builtins(_aligned(first, second)),
    }


def _json(first: "Article", second: "Article", reading: "PairReading") -> bytes:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(_record(first, second, reading)), indent=2) + b"\n"


def _html(first: "Article", second: "Article", reading: "PairReading") -> bytes:
    from lineage.report import page

    said = _verdict(first, second, reading)
    return page.pair(first, second, said, reading.reframing)


def _text(first: "Article", second: "Article", reading: "PairReading") -> bytes:
    import io

    from rich.console import Console

    out = io.StringIO()
    _show(first, second, reading, Console(file=out, highlight=False, width=100))
    return out.getvalue().encode("utf-8", "replace")


_CONTENT = {Form.text: _text, Form.json: _json, Form.html: _html}


def _aligned(first: "Article", second: "Article") -> "tuple[Block, ...]":
    from lineage.align import blocks
    from lineage.language import language_of

    return blocks(first.text, second.text, language_of(second.text, second.lang or first.lang))


def _show(first: "Article", second: "Article", reading: "PairReading", console: "Console") -> None:
    from rich.text import Text

    from lineage.cli import account, beside
    from lineage.report import labels

    for name, article in (("A", first), ("B", second)):
        console.print(Text(f"{name}  {labels.clean(article.id)}  {labels.clean(article.title)}".rstrip(), style="bold"))
    console.print(Text(_verdict(first, second, reading)))
    if reading.reframing.summary:
        console.print(Text(labels.clean(reading.reframing.summary)))
    if reading.reframing.changes:
        console.print()
        console.print(account.changes(reading.reframing.changes, f"A {first.id}", f"B {second.id}"))
    console.print()
    console.print(Text(beside.LEGEND, style="dim"))
    console.print(beside.sentences(first.text, second.text, _aligned(first, second)))


def _verdict(first: "Article", second: "Article", reading: "PairReading") -> str:
    from lineage.cli.account import chance
    from lineage.reframe import translated

    relation, probability = reading.relation, reading.probability
    if probability < 0.5 and translated(first, second):
        # A translation shares next to no words with its original, so this says nothing for independence.
        return (
            f"In two languages: no shared text is seen (probability {chance(probability)}), and a translation "
            "would show none; compare it with a translation into one language."
        )
    if probability < 0.5:
        return f"Probably written independently (probability of shared text {chance(probability)})."
    return (
        f"Probably share text, by derivation or from a common source ({chance(probability)}); "
        f"held against A, B is {_IS.get(relation, relation)}."
    )
