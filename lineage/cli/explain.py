"""`lineage explain`: why one article was probably written from another, or why not."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lineage.cli import account
from lineage.cli.errors import one_line
from lineage.errors import UnknownArticle

if TYPE_CHECKING:
    from lineage.records import Edge, Story

_SETTLED = {
    "right": "a person has judged that {0.child} was derived from {0.parent}",
    "wrong": "a person has judged that neither {0.parent} nor {0.child} was derived from the other",
    "wrong direction": "a person has judged that {0.parent} was derived from {0.child}",
    "linked": "a person has judged that {0.parent} and {0.child} are linked, either way",
}


def explain(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="Folder that a scan wrote.", show_default=False)],
    a: Annotated[str, typer.Argument(metavar="A", help="Id of an article.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="Id of another.", show_default=False)],
) -> None:
    """Say why A → B or why not: the evidence, the rivals, what a wrong date or a missing article would change."""
    if a == b:
        raise typer.BadParameter(f"{a!r} is A as well; name two articles", param_hint="B")
    from lineage import pipeline

    stories = pipeline.load_stories(out)
    pairs = pipeline.load_pairs(out)
    known = {id for story in stories for id in story.articles} | {id for pair in pairs for id in (pair.a, pair.b)}
    for id in (a, b):
        _check(id, known, out)
    story = next((story for story in stories if a in story.articles and b in story.articles), None)
    shared = [pair.probability for pair in pairs if {pair.a, pair.b} == {a, b}]
    told = _apart(a, b, shared) if story is None else _within(story, a, b)
    for line in told if story is None else [*told, *_missing(out, story, a, b)]:
        typer.echo(one_line(line))


def _check(id: str, known: Iterable[str], out: Path) -> None:
    if id in known:
        return
    import difflib

    near = difflib.get_close_matches(id, known, 1, 0.4)
    hint = f"did you mean {near[0]!r}?" if near else "an article without relatives is in no result"
    raise UnknownArticle(f"no article {id!r}; {out}; {hint}")


def _apart(a: str, b: str, shared: Sequence[float]) -> list[str]:
    told = "they were never a candidate pair"
    if shared:
        told = f"the probability that they share text is {account.chance(shared[0])}"
    return [f"{a} and {b} are in no common story: {told}"]


def _within(story: "Story", a: str, b: str) -> list[str]:
    edges = [edge for edge in story.derivation.edges if {edge.parent, edge.child} == {a, b}]
    judged = _judged(story, {a, b}, bool(edges))
    if edges:
        return [*(line for edge in edges for line in _told(edge)), *judged]
    told = [f"{a} and {b} are in story {story.id}, but neither was probably derived from the other directly"]
    told += judged
    for id in (a, b):
        parents = [account.link(edge) for edge in story.derivation.edges if id in _children(edge)]
        told += parents or [f"{id} has probably no source among these articles"]
        other = a if id == b else b
        told += [f"  {other} was a rival ({account.chance(rival)})" for rival in _rivalry(story, id, {a, b})]
    return told


def _judged(story: "Story", pair: set[str], linked: bool) -> list[str]:
    """What a person has settled of either article, so that nobody takes what follows from it for a finding.

    linked: the two have an edge, whose first reason tells a verdict on it.
    """
    told = []
    for one in story.verdicts:
        ends = {one.parent, one.child}
        if ends & pair and one.verdict and not (linked and ends == pair):
            told.append(_SETTLED[one.verdict if one.directed or one.verdict == "wrong" else "linked"].format(one))
            told[-1] += f": {one.note}" if one.note else ""
    return told


def _told(edge: "Edge") -> list[str]:
    changes = (account.change(change) for change in edge.reframing.changes)
    return [account.link(edge), *account.evidence(edge), *changes]


def _missing(out: Path, story: "Story", a: str, b: str) -> list[str]:
    """What would be said of the link between A and B, if there is one, without each of the other articles."""
    from lineage import pipeline

    if not any(edge.directed and (edge.parent, edge.child) == (a, b) for edge in story.derivation.edges):
        return []
    return [
        f"were {gone.article} missing, {b} would {_instead(gone.parent, gone.probability)}"
        f"now {account.chance(gone.before)})"
        for gone in pipeline.missing(out, story, b)
    ]


def _instead(parent: str, probability: float) -> str:
    return f"come from {parent} ({account.chance(probability)}, " if parent else "have no parent ("


def _children(edge: "Edge") -> tuple[str, ...]:
    return (edge.child,) if edge.directed else (edge.parent, edge.child)


def _rivalry(story: "Story", child: str, pair: set[str]) -> list[float]:
    edges = [edge for edge in story.derivation.edges if edge.child == child]
    return [rival.probability for edge in edges for rival in edge.rivals if rival.parent in pair][:1]
