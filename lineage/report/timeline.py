"""The row level of a drawing: one line of text an article, its place in time to the left, elbows for descent.

Graphviz lays nothing out here: every place is computed, and `layout=nop2` only draws. 500 rows take no longer than 60.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise

import graphviz

from lineage.report import legend
from lineage.report.labels import chance, clean, columns, cut, instant, plain
from lineage.report.scene import Link, Node, Scene, anchor
from lineage.report.themes import FONTS, HEADS, Theme

ROW = 14.0  # points from line to line
AXIS = 230.0  # width of the time axis; with the text no wider than an A4 page holds at 6 points a letter
STEP, LEAST_STEP = 10.0, 2.0  # a child stands at least so far right of its parent; less where many follow one another
TEXT = 440.0  # width of the text beside it
SIZE = 8.5
LETTERS = 92  # of a line of text
LEAST = 12  # of them for the headline
TICKS = (
    ("start", timedelta(0)),
    ("+1 h", timedelta(hours=1)),
    ("+6 h", timedelta(hours=6)),
    ("+1 day", timedelta(days=1)),
    ("+1 week", timedelta(weeks=1)),
    ("+1 month", timedelta(days=30)),
    ("+1 year", timedelta(days=365)),
)
NEAR = 1800.0  # seconds over which the axis is still linear


def rows(shown: Scene, theme: Theme) -> str:
    """The DOT text of a story as a timeline."""
    order = _depth_first(shown)
    across = _across(shown, order)
    down = {node.id: -ROW * position for position, node in enumerate(order)}
    edge = max(across.values(), default=0.0) + 14.0
    graph = graphviz.Digraph(
        "story",
        graph_attr={
            "layout": "nop2",
            "bgcolor": theme.paper,
            "pad": "0.25",
            "tooltip": " ",
            "outputorder": "edgesfirst",
        },
        node_attr={"fontname": FONTS, "fontsize": f"{SIZE:g}", "fontcolor": theme.ink, "margin": "0"},
        edge_attr={"arrowsize": "0.5"},
    )
    _title(graph, shown, theme, edge)
    _axis(graph, shown, theme, down)
    for node in order:
        _row(graph, node, shown, theme, (across[node.id], down[node.id], edge))
    _descent(graph, shown, theme, {id: (across[id], down[id]) for id in across})
    return str(graph.source)


def _descent(graph: graphviz.Digraph, shown: Scene, theme: Theme, places: Mapping[str, tuple[float, float]]) -> None:
    """The lines: a grey trunk down from each parent, and from it a branch to each child in the link's own colour."""
    names = shown.names()
    farthest: dict[str, Link] = {}
    for link in shown.links:
        graph.edge(
            names[link.parent], names[link.child], **_branch(link, theme, places[link.parent], places[link.child])
        )
        for way in ("up", "down"):
            length = places[link.child][1] - places[link.parent][1]
            known = farthest.get(link.parent + way)
            beyond = known is None or abs(length) > abs(places[known.child][1] - places[known.parent][1])
            if beyond and (length > 0) == (way == "up"):
                farthest[link.parent + way] = link
    for _, link in sorted(farthest.items()):
        (x, y), (_, low) = places[link.parent], places[link.child]
        faint = {"color": theme.border, "penwidth": "0.8", "arrowhead": "none", "class": "trunk"}
        graph.edge(names[link.parent], names[link.child], pos=_path((x, y), (x, low)), **faint)


def _depth_first(shown: Scene) -> list[Node]:
    """Every node after its most probable parent, earlier ones first."""
    nodes = {node.id: node for node in shown.nodes}
    parent = {node.id: node.from_.parent for node in shown.nodes if node.from_ is not None}
    for link in shown.links:
        if link.role in ("mention", "either way"):
            parent.setdefault(link.child, link.parent)
    children = defaultdict(list)
    for id in nodes:
        children[parent.get(id, "")].append(id)
    order, waiting, seen = [], _by_time(children[""], nodes), set[str]()
    left = list(nodes)
    while waiting or left:
        # "Either way" may close a ring that no root leads into; then its first article begins.
        id = waiting.pop() if waiting else left.pop(0)
        if id in seen:
            continue
        seen.add(id)
        order.append(nodes[id])
        waiting += _by_time(children[id], nodes)
    return order


def _by_time(ids: Iterable[str], nodes: Mapping[str, Node]) -> list[str]:
    """Latest first: the list is taken from its end."""
    return sorted(ids, key=lambda id: (nodes[id].headline.earliest or "~", id), reverse=True)


def _across(shown: Scene, order: Iterable[Node]) -> dict[str, float]:
    start, length = _span(shown)
    places: dict[str, float] = {}
    parents = defaultdict(list)
    for link in shown.links:
        if link.role in ("parent", "second parent", "mention"):
            parents[link.child].append(link.parent)
    depth: dict[str, int] = {}
    for node in order:
        depth[node.id] = max((depth[parent] + 1 for parent in parents[node.id] if parent in depth), default=0)
    step = max(LEAST_STEP, min(STEP, 0.5 * AXIS / max(1, *depth.values())))
    for node in order:
        moment = instant(node.headline)
        stated = 0.0 if moment is None else _log(moment.timestamp() - start, length)
        after = max((places[parent] + step for parent in parents[node.id] if parent in places), default=0.0)
        places[node.id] = max(stated, after)
    return places


def _span(shown: Scene) -> tuple[float, float]:
    moments = [moment.timestamp() for node in shown.nodes if (moment := instant(node.headline)) is not None]
    return (min(moments), max(moments) - min(moments)) if moments else (0.0, 0.0)


def _log(seconds: float, length: float) -> float:
    return AXIS * math.log1p(seconds / NEAR) / math.log1p(length / NEAR) if length > 0 else 0.0


def _title(graph: graphviz.Digraph, shown: Scene, theme: Theme, edge: float) -> None:
    first, second = legend.title(shown)
    width = edge + TEXT
    _text(graph, "title", first, (0.0, 62.0, width), size="14", fontcolor=theme.ink)
    _text(graph, "subtitle", second, (0.0, 46.0, width), size="10", fontcolor=theme.ink)
    key = legend.legend(shown, theme)[0] if shown.links else ""
    if key:
        key = key.replace(f'point-size="{legend.SMALL:g}"', 'point-size="9"')  # whole points only
        _text(graph, "key", "", (0.0, 32.0, width), label=_keyed(key, width), fontcolor=theme.muted)


def _keyed(key: str, width: float) -> str:
    size = f'fixedsize="true" width="{width:g}" height="12"'
    table = f'<table border="0" cellborder="0" cellspacing="0" cellpadding="0" {size}>'
    return f'<{table}<tr><td align="left">{key}</td></tr></table>>'


def _axis(graph: graphviz.Digraph, shown: Scene, theme: Theme, down: Mapping[str, float]) -> None:
    _, length = _span(shown)
    if length <= 0:
        return
    bottom = min(down.values()) - ROW
    last = -STEP * 4
    for words, delay in TICKS:
        x = _log(delay.total_seconds(), length)
        if delay.total_seconds() > length or x < last + STEP * 4:
            continue
        last = x
        _text(graph, f"tick {words}", words, (x, 14.0, 50.0), fontcolor=theme.muted)
        low, high = f"low {words}", f"high {words}"
        for name, y in ((low, bottom), (high, 8.0)):
            graph.node(name, label="", shape="point", style="invis", width="0", height="0", pos=_at(x, y))
        graph.edge(high, low, color=theme.fate[3], arrowhead="none", penwidth="0.6", pos=_path((x, 8.0), (x, bottom)))


def _row(graph: graphviz.Digraph, node: Node, shown: Scene, theme: Theme, place: tuple[float, float, float]) -> None:
    x, y, edge = place
    size = "0.09" if node.root or node.kind != "article" else "0.06"
    hollow = node.kind != "article"
    colours = {"color": theme.ink, "fillcolor": theme.paper if hollow else theme.ink}
    graph.node(node.name, label="", shape="circle", style="filled", width=size, height=size, fixedsize="true",
               pos=_at(x, y), tooltip=plain(node.id), id=anchor(node.id), **colours)  # fmt: skip
    said = _said(node, shown)
    _text(graph, f"text {node.name}", said, (edge, y, TEXT), fontcolor=theme.muted if hollow else theme.ink)


def _said(node: Node, shown: Scene) -> str:
    head = node.headline
    if node.kind == "posited":
        reason = next(source.reason for source in shown.story.derivation.posited if source.id == node.id)
        return f"posited source: {cut(reason, 80)}"
    if node.kind == "named":
        return "named source: " + cut(next(s.name for s in shown.story.derivation.named if s.id == node.id), 80)
    link = f" ({node.from_.relation} {chance(node.from_.probability)})" if node.from_ is not None else ""
    copies = f" + {len(node.copies)} copies" if node.copies else ""
    start = ", ".join(part for part in (cut(head.source, 22), node.time) if part)
    start += ": " if start else ""
    room = max(LETTERS - columns(start + link + copies), LEAST)
    return start + cut(clean(head.title) or clean(head.id), room) + link + copies


def _text(
    graph: graphviz.Digraph, name: str, words: str, place: tuple[float, float, float], size: str = "", **more: str
) -> None:
    """Words that begin at a place: Graphviz centres a node, so it is a box of known width, written from its left."""
    x, y, width = place
    attributes = {"label": plain(words) + r"\l", "shape": "plaintext", "fixedsize": "true"}
    attributes |= {"width": f"{width / 72:.4f}", "height": "0.2", "pos": _at(x + width / 2, y)}
    attributes |= {"fontsize": size} if size else {}
    graph.node(name, **(attributes | more))


def _branch(link: Link, theme: Theme, start: tuple[float, float], end: tuple[float, float]) -> dict[str, str]:
    x, (far, y) = start[0], end
    right = math.copysign(1.0, far - x)
    tip, back = (far - 3.0 * right, y), (far - 8.0 * right, y)
    if link.edge is None:
        faint = {"color": theme.muted, "style": "dotted", "penwidth": "0.6", "arrowhead": "none"}
        return faint | {"pos": _path((x, y), tip)}
    relation = legend.relation(link)
    attributes = {"color": theme.relations[relation], "penwidth": f"{0.5 + link.probability:.2f}"}
    attributes |= {"style": legend.style(link.probability), "id": anchor(link.parent, link.child)}
    if link.role == "either way":
        return attributes | {"dir": "none", "pos": _path((x, y), tip)}
    return attributes | {"arrowhead": HEADS[relation], "pos": f"e,{_at(*tip)} " + _path((x, y), back)}


def _path(*points: tuple[float, float]) -> str:
    """Straight lines through the points, as the Bézier curves that Graphviz reads."""
    return " ".join(_curves(points))


def _curves(points: tuple[tuple[float, float], ...]) -> Iterator[str]:
    yield _at(*points[0])
    for before, after in pairwise(points):
        yield from (_at(*before), _at(*after), _at(*after))


def _at(x: float, y: float) -> str:
    return f"{x:.2f},{y:.2f}"
