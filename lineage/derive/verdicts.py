"""A person's verdicts as limits: the derivation is inferred anew among the trees that keep to all of them.

`right` keeps the link and bars the child's other parents; `wrong` bars the link both ways; `wrong direction` keeps it
turned round. `right` of a link without a direction keeps it and leaves the direction to the evidence.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import networkx

from lineage.derive.readings import Array
from lineage.errors import InputError
from lineage.records import Edge, Evidence, Verdict

if TYPE_CHECKING:
    from lineage.derive.decide import Decision

NEVER = -60.0  # nats: nothing beside the weakest link that is possible, and finite, so that sums of scores stay sums
CERTAIN = 6.907  # nats of .999, which is what other evidence is cut at, too
KIND = "verdict"

Link = tuple[int, int]


@dataclass(frozen=True)
class Limits:
    """Links (parent, child) that every derivation has, and links that none has.

    loose: kept links of which neither direction was judged, with the probability of the direction that is drawn.
    """

    required: frozenset[Link] = frozenset()
    barred: frozenset[Link] = frozenset()
    loose: Mapping[Link, float] = field(default_factory=dict)

    def bound(self, links: Array, roots: Array) -> tuple[Array, Array]:
        """Scores of links (parents × children) and roots under which no tree that breaks a limit counts."""
        if not self.required and not self.barred:
            return links, roots
        out, alone = links.copy(), roots.copy()
        for child in sorted({child for _, child in self.required}):
            keeps = [parent for parent in range(len(roots)) if (parent, child) not in self.required]
            out[keeps, child] = NEVER
            alone[child] = NEVER
        for parent, child in sorted(self.barred | self._turned()):
            out[parent, child] = NEVER
        return out, alone

    def _turned(self) -> set[Link]:
        """Links by which an article would be written from what was written from it."""
        return {(below, above) for above, below in networkx.transitive_closure_dag(_graph(self.required)).edges}

    def settles(self, child: int) -> bool:
        """Whether the parents of a text were named by a person."""
        return any(child == below for _, below in self.required)

    def parts(self, first: int, second: int) -> bool:
        """Whether neither of two texts may be written from the other."""
        return {(first, second), (second, first)} <= self.barred

    def beside(self, parents: Sequence[int]) -> list[Link]:
        """The required links that a tree, given by its parents, has no room for, by child and parent."""
        return sorted((link for link in self.required if parents[link[1]] != link[0]), key=lambda link: link[::-1])

    def requiring(self, link: Link) -> "Limits":
        """The same limits and one more link that is kept."""
        return replace(self, required=self.required | {link})


FREE = Limits()


def agreed(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts that count, one for any two articles, the latest, sorted by child and parent.

    Raises InputError where two on the same articles contradict one another and neither is later, and where together
    they would have an article written from itself.
    """
    found: dict[tuple[str, str], Verdict] = {}
    for verdict in sorted(verdicts, key=lambda one: (one.at, one.child, one.parent, one.verdict, one.note)):
        ends = (min(verdict.parent, verdict.child), max(verdict.parent, verdict.child))
        before = found.get(ends)
        if before is not None and before.at == verdict.at and _meaning(before) != _meaning(verdict):
            raise InputError(
                f"{ends[0]!r} and {ends[1]!r} have two verdicts that contradict one another; verdicts; take one back"
            )
        found[ends] = verdict
    _without_ring(found.values())
    return tuple(sorted(found.values(), key=lambda one: (one.child, one.parent)))


def _meaning(verdict: Verdict) -> tuple[str, tuple[str, ...]]:
    if verdict.verdict in ("", "wrong") or not verdict.directed:
        return verdict.verdict, ()
    return "right", _kept(verdict)


def _kept(verdict: Verdict) -> tuple[str, str]:
    """Parent and child as a verdict has them."""
    turned = verdict.verdict == "wrong direction"
    return (verdict.child, verdict.parent) if turned else (verdict.parent, verdict.child)


def _without_ring(verdicts: Iterable[Verdict]) -> None:
    graph = _graph(sorted(_kept(one) for one in verdicts if one.directed and one.verdict not in ("", "wrong")))
    try:
        ring = [parent for parent, _ in networkx.find_cycle(graph)]
    except networkx.NetworkXNoCycle:
        return
    listed = " → ".join(map(repr, [*ring, ring[0]]))
    raise InputError(f"verdicts together have an article written from itself, {listed}; verdicts; take one back")


def _graph(links: Iterable[tuple[Any, Any]]) -> "networkx.DiGraph[Any]":
    graph: networkx.DiGraph[Any] = networkx.DiGraph()
    graph.add_edges_from(sorted(links))
    return graph


def limits(ids: Sequence[str], verdicts: Iterable[Verdict]) -> Limits:
    """What the verdicts on articles of this story mean for it; those on others mean nothing."""
    place = {id: at for at, id in enumerate(ids)}
    required: set[Link] = set()
    barred: set[Link] = set()
    loose: dict[Link, float] = {}
    for verdict in verdicts:
        if verdict.parent not in place or verdict.child not in place:
            continue
        above, below = (place[id] for id in _kept(verdict))
        if verdict.verdict == "wrong":
            barred |= {(above, below), (below, above)}
        elif verdict.verdict and verdict.directed:
            required.add((above, below))
        elif verdict.verdict:
            loose[min(above, below), max(above, below)] = 0.5
    return Limits(frozenset(required), frozenset(barred), loose)


def within(limits: Limits, decide: Callable[[Limits], "Decision"]) -> "Decision":
    """The decision under the limits: loose links directed by the evidence, second parents never among descendants."""
    decision = decide(limits)
    for first, second in sorted(limits.loose):
        there, back = float(decision.links[first, second]), float(decision.links[second, first])
        link = (first, second) if there >= back else (second, first)
        if _leads(decision.limits, link[1], link[0]):
            link = link[::-1]
        share = max(there, back) / max(there + back, 1e-300)
        loose = {**decision.limits.loose, (first, second): max(0.5, min(1.0, share))}
        decision = decide(replace(decision.limits.requiring(link), loose=loose))
    while (ring := _ring(decision)) is not None:
        decision = decide(replace(decision.limits, barred=decision.limits.barred | {ring}))
    return decision


def _leads(limits: Limits, above: int, below: int) -> bool:
    graph = _graph(limits.required)
    return above in graph and below in graph and networkx.has_path(graph, above, below)


def _ring(decision: "Decision") -> Link | None:
    """The least probable link of the tree that would close a ring with what is required; None where none does."""
    tree = [(parent, child) for child, parent in enumerate(decision.parents.tolist()) if parent >= 0]
    graph = _graph([*tree, *decision.limits.required])
    try:
        ring = [(above, below) for above, below, *_ in networkx.find_cycle(graph)]
    except networkx.NetworkXNoCycle:
        return None
    free = [link for link in ring if link not in decision.limits.required]
    return min(free, key=lambda link: (float(decision.links[link]), link))


def marked(edges: Iterable[Edge], ids: Sequence[str], limits: Limits, verdicts: Iterable[Verdict]) -> list[Edge]:
    """The edges with those that a person has settled said to be so, with the note as their first reason."""
    notes = {frozenset((verdict.parent, verdict.child)): verdict.note for verdict in verdicts}
    kept = {frozenset(ids[text] for text in link) for link in limits.required}
    loose = {frozenset(ids[text] for text in link): chance for link, chance in limits.loose.items()}
    out = []
    for edge in edges:
        ends = frozenset((edge.parent, edge.child))
        if ends in kept:
            out.append(_settled(edge, notes.get(ends, ""), loose.get(ends)))
        else:
            out.append(edge)
    return out


def _settled(edge: Edge, note: str, direction: float | None) -> Edge:
    said = "a person has judged this link right" if direction is None else "a person has judged that the two are linked"
    reason = Evidence(KIND, CERTAIN, f"{said}: {note}" if note else said)
    others = tuple(entry for entry in edge.evidence if entry.kind != KIND)
    settled = replace(edge, probability=1.0, rivals=(), evidence=(reason, *others))
    if direction is None:
        return replace(settled, directed=True, direction=1.0)
    low, high = sorted((edge.parent, edge.child))
    covers = edge.covers if high == edge.child else ()
    return replace(settled, parent=low, child=high, directed=False, direction=round(direction, 4), covers=covers)
