"""A picture of a story for a link on a social network: 1200 × 630 pixels, a headline, and a drawing that fits below."""

import re
from dataclasses import replace

import graphviz

from lineage.records import Story
from lineage.report import legend
from lineage.report.drawing import block, fill, headed, line
from lineage.report.labels import clean, cut, html, plain
from lineage.report.page.outline import title
from lineage.report.render import PNG_DPI, render
from lineage.report.scene import Level, Scene, scene
from lineage.report.themes import THEMES, Theme
from lineage.settings import DrawSettings

WIDTH, HEIGHT = 1200, 630  # what the networks ask for
MARGIN = 28
HEAD, SECOND = 36, 21  # pixels of the two lines of the headline
LETTERS, SMALL_LETTERS = 54, 92  # that fit into them
HEADROOM = 2.0 * (HEAD + SECOND)
LARGEST = 1.6  # a drawing of two boxes is not blown up further
LEGIBLE = 0.8  # of its own size: smaller, the next plainer look is taken
MOST = 24  # drawn nodes that can be boxes at all
NAMED, AMONG = 4, 100  # so many dots have names, among so many at most

_LEVELS: tuple[Level, ...] = ("card", "compact", "row")  # a row is a dot here

_SIZE = re.compile(rb'<svg width="([\d.]+)pt" height="([\d.]+)pt"')


def social(story: Story, draw: DrawSettings) -> bytes:
    """The picture as PNG, exactly 1200 × 630.  Raises DrawingError where nothing can draw."""
    theme = THEMES["screen" if THEMES[draw.theme].plain else draw.theme]
    shown, zoom = _fitting(scene(story, replace(draw, detail="card", rivals=False)), theme, draw.timeout)
    graph = _drawn(shown, theme, _heading(shown, theme, zoom))
    # Graphviz counts in points and cuts at the edge; the drawing stands in the middle.
    scale = 72 / PNG_DPI
    view = f'viewport="{WIDTH * scale:g},{HEIGHT * scale:g},{zoom * scale:.5f}"'
    return render(graph.replace("{", "{\n\t" + view, 1), "png", draw.timeout)


def _fitting(shown: Scene, theme: Theme, timeout: float) -> tuple[Scene, float]:
    """The scene as cards, compact boxes or dots, whichever is the first to be legible, and its zoom."""
    for level in _LEVELS if len(shown.nodes) <= MOST else _LEVELS[-1:]:
        shown = replace(shown, level=level)
        width, height = _size(render(_drawn(shown, theme, ""), "svg", timeout))
        zoom = min(LARGEST, (WIDTH - 2 * MARGIN) / width, (HEIGHT - 2 * MARGIN - HEADROOM) / height)
        if zoom >= LEGIBLE:
            break
    return shown, zoom


def _size(svg: bytes) -> tuple[float, float]:
    found = _SIZE.search(svg)
    assert found is not None, "Graphviz says how large its SVG is"
    return float(found[1]), float(found[2])


def _drawn(shown: Scene, theme: Theme, heading: str) -> str:
    graph = headed(shown, theme, heading)
    if shown.level == "row":
        _dots(graph, shown, theme)
    else:
        fill(graph, shown, theme)
    return str(graph.source)


def _dots(graph: graphviz.Digraph, shown: Scene, theme: Theme) -> None:
    """Every node as a dot, the roots and those with most children with their names."""
    names = shown.names()
    children = {node.id: sum(link.parent == node.id for link in shown.links) for node in shown.nodes}
    ranked = sorted(shown.nodes, key=lambda node: (not node.root, -children[node.id], node.id))
    called = {node.id for node in ranked[:NAMED] if node.kind == "article" and len(ranked) <= AMONG}
    graph.attr(ranksep="0.5", nodesep="0.12")
    for node in shown.nodes:
        look = {"shape": "circle", "label": "", "width": "0.18", "style": "filled", "color": theme.ink}
        look["fillcolor"] = theme.ink if node.kind == "article" else theme.paper
        if node.id in called:
            said = plain(cut(clean(node.headline.source) or node.id, 20))
            look |= {"shape": "box", "style": "rounded", "label": said, "fontsize": "16", "margin": "0.08,0.03"}
        graph.node(names[node.id], **look)
    for link in shown.links:
        drawn = {**line(link, shown, theme), "label": "", "arrowsize": "0.6"}
        graph.edge(names[link.parent], names[link.child], **drawn)


def _heading(shown: Scene, theme: Theme, zoom: float) -> str:
    """Two lines that come out at their size whatever the zoom."""
    first, second = cut(title(shown.story), LETTERS), " · ".join(legend.title(shown))
    rows = [
        f'<font point-size="{HEAD / zoom:.2f}" color="{theme.ink}"><b>{html(first)}</b></font>',
        f'<font point-size="{SECOND / zoom:.2f}" color="{theme.muted}">{html(cut(second, SMALL_LETTERS))}</font>',
    ]
    return block(rows)
