"""A story as a Mermaid flowchart, for Markdown pages that draw it themselves."""

from html import escape

from lineage.report import legend
from lineage.report.cards import greek
from lineage.report.labels import chance, cut
from lineage.report.scene import Link, Node, Scene


def mermaid(shown: Scene) -> str:
    """The text of a flowchart from left to right; ids are positions, words are in quotes with every sign escaped."""
    numbers = {node.id: f"n{position}" for position, node in enumerate(shown.nodes)}
    lines = ["flowchart LR"]
    lines += [f"    {numbers[node.id]}{_box(node, shown)}" for node in shown.nodes]
    lines += [f"    {numbers[link.parent]} {_arrow(link)} {numbers[link.child]}" for link in shown.links]
    roots = [numbers[node.id] for node in shown.nodes if node.root]
    sources = [numbers[node.id] for node in shown.nodes if node.kind != "article"]
    if roots:
        lines += ["    classDef root stroke-width:3px", f"    class {','.join(roots)} root"]
    if sources:
        lines += ["    classDef source stroke-dasharray:4 3", f"    class {','.join(sources)} source"]
    return "\n".join(lines) + "\n"


def _box(node: Node, shown: Scene) -> str:
    if node.kind == "posited":
        ordered = sorted(source.id for source in shown.story.derivation.posited)
        source = next(source for source in shown.story.derivation.posited if source.id == node.id)
        words = [
            f"{greek(ordered.index(node.id))}, posited source {chance(source.probability)}",
            cut(source.reason, 60),
        ]
        return f'(["{_text(words)}"])'
    if node.kind == "named":
        named = next(source for source in shown.story.derivation.named if source.id == node.id)
        return f'["{_text([cut(named.name, 60), "named source"])}"]'
    first = ", ".join(part for part in (cut(node.headline.source, 30), node.time) if part)
    copies = [f"+ {len(node.copies)} copies"] if node.copies else []
    return f'["{_text([first, cut(node.headline.title or node.id, 60), *copies])}"]'


def _arrow(link: Link) -> str:
    if link.edge is None:
        return "-.-"
    words = [f"{legend.relation(link)} {chance(link.probability)}"]
    if link.role == "either way":
        return f'---|"{_text([*words, "either way"])}"|'
    line = {"solid": "-->", "dashed": "-.->", "dotted": "-.->"}[legend.style(link.probability)]
    return f'{line}|"{_text(words)}"|'


def _text(lines: list[str]) -> str:
    # Mermaid reads `#quot;` and `#35;` as entities; Markdown in quotes and HTML are both shut out by escaping.
    return "<br/>".join(_escaped(line) for line in lines if line)


def _escaped(line: str) -> str:
    safe = escape(line.replace("#", "\x00"), quote=True).replace("&#x27;", "'").replace("&quot;", "#quot;")
    safe = safe.replace("&lt;", "#lt;").replace("&gt;", "#gt;").replace("&amp;", "#amp;")
    return safe.replace("\x00", "#35;").replace("`", "#96;").replace("|", "#124;")
