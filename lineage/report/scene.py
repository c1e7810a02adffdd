"""What a drawing shows of a story: which nodes, which links, in which column, at which level of detail."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal

import networkx
import xxhash

from lineage.records import Edge, Headline, Story
from lineage.report.labels import instant, when
from lineage.settings import DrawSettings

Level = Literal["card", "compact", "row"]
CARDS, COMPACTS = 12, 60  # up to so many nodes are drawn as cards, as compact cards
# Compact cards that an A4 page holds at 6 points a letter, upright and across: columns, and ends of lines of descent.
UPRIGHT, ACROSS = (6, 20), (8, 18)
FOLDING = 2  # a lone copy is worth its own arrow; from two on they fold into their parent
MANY_NAMED = 5  # more named sources than this: only those named by two articles or more

Role = Literal["parent", "second parent", "either way", "mention", "rival"]

_SAFE = re.compile(r"[\w./-]{1,80}", re.ASCII)
_MADE = re.compile(r"n-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Node:
    """One box.

    name: in the DOT text.  time: as stated, in short.  column: 0 is leftmost.  copies: articles folded into this one.
    from_: the link to the most probable parent, whose account the box tells.
    """

    id: str
    name: str
    kind: Literal["article", "posited", "named"]
    headline: Headline
    time: str
    root: bool
    column: int
    copies: tuple[Headline, ...]
    from_: Edge | None


@dataclass(frozen=True, slots=True)
class Link:
    """One line, from `parent` to `child`; `edge` is None for a mention and for a rival."""

    parent: str
    child: str
    role: Role
    probability: float
    edge: Edge | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything drawn, sorted; `left_out` counts articles without any link, which are not drawn."""

    story: Story
    level: Level
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    left_out: int

    def names(self) -> Mapping[str, str]:
        """Name in the DOT text by id."""
        return {node.id: node.name for node in self.nodes}


def name(id: str) -> str:
    """The DOT name of a node: its id where that is harmless, else a digest of it.

    A colon would be read as a port, and quotes or angle brackets as something else again.

    >>> name("daily/2024-03-01"), name("posited:1")
    ('daily/2024-03-01', 'n-883dff025ecb3981')
    """
    if _SAFE.fullmatch(id) and not _MADE.fullmatch(id) and id.lower() not in ("node", "edge", "graph", "digraph"):
        return id
    return "n-" + _digest(id)


def anchor(*ids: str) -> str:
    """The `id` in the SVG of a node, given its id, or of an edge, given parent and child."""
    return ("node-" if len(ids) == 1 else "edge-") + _digest("\n".join(ids))


def _digest(text: str) -> str:
    return xxhash.xxh3_64_hexdigest(text.encode("utf-8", "surrogatepass"))


def scene(story: Story, draw: DrawSettings) -> Scene:
    """What to draw of the story; the same for equal stories."""
    edges = sorted(story.derivation.edges, key=lambda edge: (edge.parent, edge.child))
    copies = _folded(edges, set(story.articles))
    gone = {copy for folded in copies.values() for copy in folded}
    edges = [edge for edge in edges if edge.child not in gone]
    links = _links(edges)
    links += _mentions(story, links, gone)
    shown = _shown(story, links, gone)
    if draw.rivals:
        links += _rivals(edges, links, shown)
    links.sort(key=lambda link: (link.parent, link.child, link.role))
    nodes = _nodes(story, links, shown, copies)
    left_out = len(story.articles) - len(gone) - sum(node.kind == "article" for node in nodes)
    return Scene(story, _level(draw.detail, nodes, links), tuple(nodes), tuple(links), left_out)


def _level(detail: str, nodes: Sequence[Node], links: Iterable[Link]) -> Level:
    if detail == "card" or (detail == "auto" and len(nodes) <= CARDS):
        return "card"
    return "compact" if detail == "compact" or (detail == "auto" and _on_a_page(nodes, links)) else "row"


def _on_a_page(nodes: Sequence[Node], links: Iterable[Link]) -> bool:
    """Whether compact cards stay legible on one page: a long chain or a broad star does not."""
    columns = 1 + max(node.column for node in nodes)
    parents = {link.parent for link in links}
    ends = sum(node.id not in parents for node in nodes)
    return len(nodes) <= COMPACTS and any(columns <= wide and ends <= high for wide, high in (UPRIGHT, ACROSS))


def _folded(edges: Sequence[Edge], articles: set[str]) -> Mapping[str, list[str]]:
    """Exact copies without children, by the article they fold into."""
    parents = Counter(edge.child for edge in edges)
    busy = {edge.parent for edge in edges} | {edge.child for edge in edges if not edge.directed}
    leaves = defaultdict(list)
    for edge in edges:
        lonely = edge.child not in busy and parents[edge.child] == 1
        if lonely and edge.parent in articles and _exact(edge):
            leaves[edge.parent].append(edge.child)
    return {parent: folded for parent, folded in leaves.items() if len(folded) >= FOLDING}


def _exact(edge: Edge) -> bool:
    fate = edge.reframing.fate
    return edge.relation == "copy" and not (edge.reframing.changes or fate.changed or fate.dropped or fate.added)


def _links(edges: Iterable[Edge]) -> list[Link]:
    best = best_parents(edges)
    links = []
    for edge in edges:
        role: Role = "parent" if best.get(edge.child) == edge else "second parent"
        if not edge.directed:
            role = "either way"
        links.append(Link(edge.parent, edge.child, role, edge.probability, edge))
    return links


def best_parents(edges: Iterable[Edge]) -> dict[str, Edge]:
    """The most probable directed edge into each child; among equals the first by parent."""
    best: dict[str, Edge] = {}
    for edge in sorted(edges, key=lambda edge: (-edge.probability, edge.parent)):
        if edge.directed:
            best.setdefault(edge.child, edge)
    return best


def _mentions(story: Story, links: Iterable[Link], gone: set[str]) -> list[Link]:
    """From each named source to the articles that name it, unless a parent of theirs already does.

    A mention that was merely carried along says nothing that the edge does not.
    """
    parents = defaultdict(set)
    linked: set[str] = set()
    for link in links:
        parents[link.child].add(link.parent)
        linked |= {link.parent, link.child}
    found = []
    for named in story.derivation.named:
        articles = {mention.article for mention in named.mentions}
        if named.id in linked or (len(story.derivation.named) > MANY_NAMED and len(articles) < 2):
            continue
        fresh = sorted(article for article in articles - gone if not parents[article] & articles)
        found += [Link(named.id, article, "mention", 0.0) for article in fresh if article in story.articles]
    return found


def _rivals(edges: Iterable[Edge], links: Iterable[Link], shown: set[str]) -> list[Link]:
    drawn = {frozenset((link.parent, link.child)) for link in links}
    found = {}
    for edge in edges:
        for rival in edge.rivals:
            ends = frozenset((rival.parent, edge.child))
            if rival.parent in shown and edge.child in shown and len(ends) == 2 and ends not in drawn:
                found[rival.parent, edge.child] = Link(rival.parent, edge.child, "rival", rival.probability)
    return list(found.values())


def _shown(story: Story, links: Iterable[Link], gone: set[str]) -> set[str]:
    """Ids of the nodes drawn: those with a link, or all articles where none has."""
    linked = {end for link in links for end in (link.parent, link.child)}
    joined = {end for link in links if link.role != "mention" for end in (link.parent, link.child)}
    if joined & set(story.articles):
        return linked
    return linked | (set(story.articles) - gone)


def _nodes(story: Story, links: list[Link], shown: set[str], copies: Mapping[str, list[str]]) -> list[Node]:
    headlines = {headline.id: headline for headline in story.headlines}
    best = best_parents(link.edge for link in links if link.edge is not None)
    columns = _columns(shown, links, {id: instant(headlines[id]) for id in shown if id in headlines})
    articles, posited = set(story.articles), {source.id for source in story.derivation.posited}
    has_parent = {link.child for link in links if link.role in ("parent", "second parent")}
    roots = {root.article for root in story.derivation.roots} - has_parent
    years = len({moment.year for head in story.headlines if (moment := instant(head)) is not None}) > 1
    return [
        Node(
            id=id,
            name=name(id),
            kind="article" if id in articles else "posited" if id in posited else "named",
            headline=headlines.get(id, Headline(id)),
            time=when(headlines[id], years) if id in headlines else "",
            root=id in roots,
            column=columns[id],
            copies=tuple(headlines.get(copy, Headline(copy)) for copy in copies.get(id, ())),
            from_=best.get(id),
        )
        for id in sorted(shown)
    ]


def _columns(shown: set[str], links: Iterable[Link], times: Mapping[str, datetime | None]) -> dict[str, int]:
    """Column of each node: not left of its time bin, and right of every parent.

    Bins are cut at the widest gaps between the dates, as many as the longest line of descent needs.
    """
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(sorted(shown))
    graph.add_edges_from(
        (link.parent, link.child) for link in links if link.role in ("parent", "second parent", "mention")
    )
    bins = _bins({id: time for id, time in times.items() if time is not None}, _depth(graph))
    columns: dict[str, int] = {}
    for node in networkx.lexicographical_topological_sort(graph):
        after = max((columns[parent] + 1 for parent in graph.predecessors(node)), default=0)
        columns[node] = max(after, bins.get(node, 0))
    for node in sorted(shown):
        # A source without a date of its own stands just before the first article that draws on it.
        if node not in times and graph.in_degree(node) == 0 and graph.out_degree(node) > 0:
            columns[node] = min(columns[child] for child in graph.successors(node)) - 1
    used = {column: position for position, column in enumerate(sorted(set(columns.values())))}
    return {node: used[column] for node, column in columns.items()}


def _depth(graph: "networkx.DiGraph[str]") -> int:
    return int(networkx.dag_longest_path_length(graph))


def _bins(times: Mapping[str, datetime], cuts: int) -> dict[str, int]:
    moments = sorted(set(times.values()))
    gaps = [(later - earlier, -position) for position, (earlier, later) in enumerate(pairwise(moments), 1)]
    starts = sorted(-position for _, position in sorted(gaps, reverse=True)[:cuts])
    starting = [moments[position] for position in starts]
    return {id: sum(start <= time for start in starting) for id, time in times.items()}
