"""Stories, edges and changes in plain sentences for a terminal."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

    from lineage.records import Change, Edge, Story

_CLOCK = frozenset({"dates"})


def chance(probability: float) -> str:
    """A probability as a drawing writes it, `.87`; never 1 or 0."""
    from lineage.report import labels  # which would make `--help` slow

    return labels.chance(probability)


def link(edge: "Edge") -> str:
    """One edge as a sentence that claims no more than was found."""
    if not edge.directed:
        return f"{edge.parent} and {edge.child}: one was probably derived from the other, either way ({edge.relation})"
    said = f"{chance(edge.probability)}, {edge.relation}"
    if not edge.probable:
        return f"undetermined: {edge.child} may be derived from {edge.parent} ({said})"
    return f"{edge.child} was probably derived from {edge.parent} ({said})"


def summary(story: "Story", lines: int = 6) -> list[str]:
    """A story in at most so many lines: what was probably first, then the surest links."""
    told = [story.summary or f"{len(story.articles)} articles tell one story"]
    roots = sorted(story.derivation.roots, key=lambda root: (-root.probability, root.article))
    if roots and not story.summary:
        told.append(f"{roots[0].article} has probably no source among them ({chance(roots[0].probability)})")
    told += [f"a lost source is probable: {posited.reason}" for posited in story.derivation.posited[:1]]
    edges = sorted(story.derivation.edges, key=lambda edge: (-edge.probability, edge.child, edge.parent))
    room = lines - len(told)
    if len(edges) > room:
        room -= 1
    for edge in edges[:room]:
        account = edge.reframing.summary
        told.append(link(edge) + (f": {account}" if account else ""))
    if len(edges) > room:
        told.append(f"and {len(edges) - room} more links, all in the drawing")
    return told


def evidence(edge: "Edge") -> Iterator[str]:
    """Why an edge stands: its evidence, strongest first, its rivals, and what it would be without the dates."""
    for reason in sorted(edge.evidence, key=lambda entry: (-abs(entry.log_odds), entry.kind)):
        yield f"{reason.log_odds:+.2f} {reason.kind}: {reason.note}"
    for rival in edge.rivals:
        yield f"rival {rival.parent or 'none of these articles'} ({chance(rival.probability)})"
    clock = sum(reason.log_odds for reason in edge.evidence if reason.kind in _CLOCK)
    if clock:
        rest = sum(reason.log_odds for reason in edge.evidence) - clock
        verdict = "still speak for" if rest > 0 else "speak against" if rest < 0 else "say nothing about"
        yield f"were the dates wrong, the other reasons ({rest:+.2f}) would {verdict} this link"


def changes(told: "Iterable[Change]", before: str, after: str) -> "Table":
    """Changes side by side: the wording of one article, and of the other."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from lineage.report import labels

    table = Table(box=box.SIMPLE, show_edge=False, pad_edge=False, expand=True)
    table.add_column("change", no_wrap=True, style="dim")
    table.add_column(Text(labels.clean(before)), style="red", ratio=1, overflow="fold")
    table.add_column(Text(labels.clean(after)), style="green", ratio=1, overflow="fold")
    for one in told:
        wording = (one.before, one.after) if one.before or one.after else ("", one.note)
        sides = (labels.clean(side) or "–" for side in wording)
        table.add_row(kind(one), *(Text(side) for side in sides))
    return table


def change(told: "Change") -> str:
    """One change in a line: its kind, the wording before, the wording after."""
    # A claim credited otherwise says whose it was and is: the two wordings alone may not show it.
    note = f", {told.note}" if told.kind == "attribution" and told.note else ""
    return f"{kind(told)}{note}: {told.before or '–'} → {told.after or '–'}"


def kind(told: "Change") -> str:
    """The kind of a change in words."""
    from lineage.report.page import words

    return words.kind(told.kind).lower()
