"""A story as DOT text: what Graphviz draws, in the same bytes for the same story."""

from collections import defaultdict
from itertools import pairwise

import graphviz

from lineage.records import Story, called
from lineage.report import cards, legend, stemma, timeline
from lineage.report.labels import chance, clean, html, plain, when
from lineage.report.scene import Link, Node, Scene, anchor, scene
from lineage.report.themes import FONTS, HEADS, THEMES, Theme
from lineage.settings import DrawSettings


def drawing(story: Story, draw: DrawSettings) -> str:
    """The DOT text of a story, ending in a newline."""
    shown = scene(story, draw)
    theme = THEMES[draw.theme]
    if theme.plain:
        return stemma.stemma(shown, theme)
    if shown.level == "row":
        return timeline.rows(shown, theme)
    graph = headed(shown, theme, _heading(shown, theme))
    key = {"label": _key(shown, theme), "labelloc": "b", "labeljust": "l"}
    # The one cluster is there for a second label: Graphviz gives a graph one, and the title has it.
    with graph.subgraph(name="cluster story", graph_attr={"peripheries": "0", "margin": "0", **key}) as body:
        fill(body, shown, theme)
    return str(graph.source)


def fill(graph: graphviz.Digraph, shown: Scene, theme: Theme) -> None:
    """Put the boxes and lines of a scene into a graph."""
    _add_nodes(graph, shown, theme)
    _add_columns(graph, shown)
    names = shown.names()
    for link in shown.links:
        graph.edge(names[link.parent], names[link.child], **line(link, shown, theme))


def headed(shown: Scene, theme: Theme, heading: str) -> graphviz.Digraph:
    """A graph without boxes and lines, with a label on top; no label where it is empty."""
    attributes = {
        "rankdir": "LR",
        "bgcolor": theme.paper,
        "fontname": FONTS,
        "nodesep": "0.3" if shown.level == "card" else "0.08",
        "ranksep": "0.45",
        "pad": "0.25",
        "splines": "true",
        "outputorder": "edgesfirst",
        "tooltip": " ",
    }
    attributes |= {"label": heading, "labelloc": "t", "labeljust": "l"} if heading else {}
    nodes = {"shape": "plain", "fontname": FONTS, "fontcolor": theme.ink}
    edges = {"fontname": FONTS, "fontsize": f"{cards.SMALL:g}"}
    return graphviz.Digraph("story", graph_attr=attributes, node_attr=nodes, edge_attr=edges)


def _heading(shown: Scene, theme: Theme) -> str:
    first, second = legend.title(shown)
    rows = [f'<font point-size="15" color="{theme.ink}"><b>{html(first)}</b></font>']
    rows.append(f'<font point-size="{cards.BODY}" color="{theme.ink}">{html(second)}</font>')
    return block(rows)


def _key(shown: Scene, theme: Theme) -> str:
    return block(["", *legend.legend(shown, theme)])


def block(rows: list[str]) -> str:
    """Lines of an HTML-like label below one another, an empty one as a gap."""
    cells = "".join(f'<tr><td align="left">{row}</td></tr>' if row else '<tr><td height="8"></td></tr>' for row in rows)
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="2">{cells}</table>>'


def _add_nodes(graph: graphviz.Digraph, shown: Scene, theme: Theme) -> None:
    posited = {source.id: source for source in shown.story.derivation.posited}
    letters = {id: cards.greek(position) for position, id in enumerate(sorted(posited))}
    named = {source.id: source for source in shown.story.derivation.named}
    brief = shown.level != "card"
    for node in shown.nodes:
        if node.kind == "posited":
            source = posited[node.id]
            label, said = cards.posited(source, letters[node.id], theme, brief), source.reason
        elif node.kind == "named":
            label, said = cards.named(named[node.id], theme), named[node.id].name
        else:
            label, said = (cards.compact if brief else cards.card)(node, theme), spoken(node)
        graph.node(node.name, label=label, tooltip=plain(said) or " ", id=anchor(node.id))


def spoken(node: Node) -> str:
    """An article in words, for a tooltip and a screen reader: outlet, time and headline."""
    head = node.headline
    return ", ".join(part for part in (clean(head.source), when(head, year=True), clean(head.title)) if part) or node.id


def _add_columns(graph: graphviz.Digraph, shown: Scene) -> None:
    """Fix each node's column: an invisible spine, and on each of its vertebrae the nodes of the column."""
    columns = defaultdict(list)
    for node in shown.nodes:
        columns[node.column].append(node.name)
    spine = [f"column {column}" for column in sorted(columns)]
    for column in sorted(columns):
        with graph.subgraph(graph_attr={"rank": "same"}) as group:
            group.node(spine[column], label="", shape="point", style="invis", width="0", height="0")
            for name in columns[column]:
                group.node(name)
    for left, right in pairwise(spine):
        graph.edge(left, right, style="invis", weight="0")


def line(link: Link, shown: Scene, theme: Theme) -> dict[str, str]:
    """The attributes of a link's line: colour and head say the relation, width and dashes the probability."""
    if link.edge is None:
        return _faint(link, theme)
    relation = legend.relation(link)
    colour = theme.relations[relation]
    either = link.role == "either way"
    attributes = {
        "color": colour,
        "fontcolor": colour,
        "penwidth": f"{0.8 + 3.2 * link.probability:.2f}",
        "arrowsize": f"{0.9 + 0.5 * link.probability:.2f}",
        "style": legend.style(link.probability),
        "tooltip": plain(_told(link, shown)),
        "id": anchor(link.parent, link.child),
    }
    attributes |= {"dir": "none"} if either else {"arrowhead": HEADS[relation]}
    if either:
        attributes["constraint"] = "false"  # side by side, for neither is known to come first
    words = [f"{relation} {chance(link.probability)}" if shown.level == "card" else chance(link.probability)]
    if shown.level == "compact":
        attributes |= {"penwidth": f"{0.6 + 1.8 * link.probability:.2f}", "arrowsize": "0.8"}
        if link.role == "parent":
            return attributes  # its probability stands in the box: a label would take a column of its own
    return attributes | {"label": _between([*words, "either way"], theme) if either else _above(words[0])}


def _above(words: str) -> str:
    """A label held a little above its line: Graphviz lets them touch."""
    return _table(f'<tr><td>{html(words)}</td></tr><tr><td height="5"></td></tr>')


def _between(words: list[str], theme: Theme) -> str:
    """A label on the colour of the paper: Graphviz runs a line between neighbours in one column through its label."""
    room = '<tr><td height="10"></td></tr>'
    said = f'<tr><td cellpadding="1" bgcolor="{theme.paper}">{"<br/>".join(html(line) for line in words)}</td></tr>'
    return _table(room + said + room)


def _table(rows: str) -> str:
    return f'<<table border="0" cellborder="0" cellspacing="0" cellpadding="0">{rows}</table>>'


def _faint(link: Link, theme: Theme) -> dict[str, str]:
    attributes = {"color": theme.muted, "fontcolor": theme.muted, "style": "dotted", "penwidth": "1"}
    if link.role == "rival":
        return attributes | {"constraint": "false", "arrowhead": "open", "label": _above(chance(link.probability))}
    return attributes | {"arrowhead": "none"}


def _told(link: Link, shown: Scene) -> str:
    if link.edge is None:
        return ""
    outlets = called(shown.story.articles, shown.story.headlines)
    outlets |= {source.id: "a posited source" for source in shown.story.derivation.posited}
    outlets |= {source.id: source.name for source in shown.story.derivation.named}
    parent, child = outlets[link.parent], outlets[link.child]
    if link.role == "either way":
        said = f"{parent} and {child}: {link.edge.relation}, either way"
    elif not link.edge.probable:
        said = f"Undetermined: {child} may be derived from {parent}: {link.edge.relation}"
    else:
        said = f"{child} was probably derived from {parent}: {link.edge.relation}"
    return f"{said} ({chance(link.probability)}). {link.edge.reframing.summary}".strip()
