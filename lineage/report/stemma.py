"""The stemma of the textual critics, in the dialect of OpenStemmata: grey for what is lost, dashed for contamination.

Their corpus knows no other signs, so a drawing with more would be no stemma: names and lines, read from the top.
"""

from collections import Counter

import graphviz

from lineage.report.cards import greek
from lineage.report.labels import clean, cut, plain
from lineage.report.scene import Link, Node, Scene
from lineage.report.themes import FONTS, Theme


def stemma(shown: Scene, theme: Theme) -> str:
    """The DOT text of a story as a stemma; a source that is merely named is left out, it is no witness."""
    lines = [link for link in shown.links if link.edge is not None]
    ends = {end for link in lines for end in (link.parent, link.child)}
    nodes = [node for node in shown.nodes if node.kind == "article" or node.id in ends]
    graph = graphviz.Digraph(
        "stemma",
        graph_attr={"bgcolor": theme.paper, "fontname": FONTS, "ranksep": "0.4", "nodesep": "0.3", "tooltip": " "},
        node_attr={"shape": "plaintext", "fontname": FONTS, "fontsize": "13", "height": "0.3"},
        edge_attr={"arrowsize": "0.7"},
    )
    letters = {id: greek(position) for position, id in enumerate(sorted(n.id for n in nodes if n.kind == "posited"))}
    names = _sigla(nodes, {source.id: source.name for source in shown.story.derivation.named}) | letters
    for node in nodes:
        lost = {"color": "grey", "fontcolor": "grey"} if node.kind != "article" else {}
        graph.node(node.name, label=plain(names[node.id]), tooltip=plain(node.id), **lost)
    known = shown.names()
    for link in lines:
        graph.edge(known[link.parent], known[link.child], **_line(link))
    return str(graph.source)


def _sigla(nodes: list[Node], named: dict[str, str]) -> dict[str, str]:
    """The outlet of each article, with its id where two articles would look the same."""
    first = {node.id: cut(named.get(node.id) or clean(node.headline.source) or node.id, 24) for node in nodes}
    often = Counter(first.values())
    return {id: name if often[name] == 1 or name == id else f"{name} ({cut(id, 24)})" for id, name in first.items()}


def _line(link: Link) -> dict[str, str]:
    contaminated = link.role == "second parent" or (link.edge is not None and link.edge.relation == "partial")
    attributes = {"style": "dashed"} if contaminated else {}
    return attributes | ({"dir": "none"} if link.role == "either way" else {})
