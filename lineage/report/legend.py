"""The title line of a drawing, and the legend of the marks that are in it."""

from collections.abc import Iterable

from lineage.records import Derivation, Edge, called
from lineage.report.labels import chance, cut, html, period
from lineage.report.scene import Link, Scene
from lineage.report.themes import HEADS, SIGNS, Theme

SMALL = 11
EVEN = 0.5  # below it no origin is called probable
SHOWN = 3  # origins that the title names
ORDER = ("copy", "light edit", "rewrite", "abridged", "expanded", "partial", "same event", "second parent")


def title(scene: Scene) -> tuple[str, str]:
    """What the drawing is of: how much it shows, and from when it is and where it probably begins."""
    parts = [_count(len(scene.story.articles), "article")]
    drawn = {node.id for node in scene.nodes if node.kind == "posited"}
    if drawn:
        parts.append(_count(len(drawn), "posited source"))
    if scene.left_out:
        parts.append(f"{scene.left_out} without a link not drawn")
    rest = [dates] if (dates := period(scene.story.headlines)) else []
    rest.append(_origin(scene))
    return ", ".join(parts), " · ".join(rest)


def _origin(scene: Scene) -> str:
    """Which articles are probably the first; below one half that is undetermined, and the likeliest are named."""
    names = called(scene.story.articles, scene.story.headlines)
    derivation = scene.story.derivation
    if derivation.groups > 1:
        return f"{derivation.groups} groups with no common origin among them"
    roots = sorted(derivation.roots, key=lambda root: (-root.probability, root.article))
    likely = [f"{cut(names[root.article], 42)} {chance(root.probability)}" for root in roots]
    sure = sum(root.probability >= EVEN for root in roots)
    if sure:
        more = f" and {sure - SHOWN} more" if sure > SHOWN else ""
        return f"{_beginning(derivation, sure)} {', '.join(likely[: min(sure, SHOWN)])}{more}"
    return f"origin undetermined ({', '.join(likely[:2])})" if likely else "origin undetermined"


def _beginning(derivation: Derivation, sure: int) -> str:
    """What the likely roots are called: no origins where a posited source is drawn before one of them."""
    supposed = {source.id for source in derivation.posited}
    heirs = {edge.child for edge in derivation.edges if edge.parent in supposed}
    if any(root.article in heirs and root.probability >= EVEN for root in derivation.roots):
        return "probably without a source among them:"
    return "probable origin" if sure == 1 else "probable origins"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def relation(link: Link) -> str:
    """The row of the palette that a link takes its colour and head from."""
    if link.edge is None or link.role == "second parent":
        return "second parent"
    return str(link.edge.relation)


def style(probability: float) -> str:
    """Solid from .75, dashed from .5, dotted below."""
    shown = round(probability, 2)  # the label and the line must not contradict each other
    return "solid" if shown >= 0.75 else "dashed" if shown >= 0.5 else "dotted"


def legend(scene: Scene, theme: Theme) -> list[str]:
    """Lines of an HTML-like label that explain the marks in this drawing, and no others."""
    links = [link for link in scene.links if link.edge is not None]
    lines = [_relations(links, theme), _certainty(scene.links, theme, scene.level == "compact"), _boxes(scene, theme)]
    return [line for line in lines if line]


def _relations(links: Iterable[Link], theme: Theme) -> str:
    links = list(links)
    present = {relation(link) for link in links if link.role != "either way"}
    either = any(link.role == "either way" for link in links)
    present |= {relation(link) for link in links if link.role == "either way"}
    items = [_item(SIGNS[HEADS[name]], theme.relations[name], name, theme) for name in ORDER if name in present]
    items += [_item("───", theme.muted, "either way", theme)] if either else []
    return _spaced(items)


def _certainty(links: Iterable[Link], theme: Theme, compact: bool) -> str:
    links = list(links)
    edges = [link for link in links if link.edge is not None]
    where = "beside a name: probability of the line to it" if compact else "on a line: probability of that link"
    items = [_text(f"number {where}", theme)] if edges else []
    styles = {style(link.probability) for link in edges}
    if styles - {"solid"}:
        known = (
            ("solid", "───", "solid .75 and more"),
            ("dashed", "─ ─", "dashed .50–.74"),
            ("dotted", "····", "dotted below"),
        )
        items += [_text(words, theme) for kind, _, words in known if kind in styles]
    if any(link.role == "rival" for link in links):
        items.append(_item("····", theme.muted, "other parent considered", theme))
    return _spaced(items)


def _boxes(scene: Scene, theme: Theme) -> str:
    items = []
    if any(_barred(node.from_) for node in scene.nodes):
        names = ("kept", "changed", "added", "dropped")
        items += [_item("■", colour, name, theme) for colour, name in zip(theme.fate, names, strict=True)]
        items[-1] += _text(" (sentences of the parent)", theme)
    items += [_text("thick border: no parent found", theme)] if any(node.root for node in scene.nodes) else []
    kinds = {node.kind for node in scene.nodes}
    items += [_text("dashed: posited source", theme)] if "posited" in kinds else []
    items += [_text("dotted: named source, not among the articles", theme)] if "named" in kinds else []
    return _spaced(items)


def _barred(edge: Edge | None) -> bool:
    if edge is None:
        return False
    fate = edge.reframing.fate
    return fate.kept + fate.changed + fate.added + fate.dropped > 0


def _item(sign: str, colour: str, words: str, theme: Theme) -> str:
    return f'<font point-size="{SMALL:g}" color="{colour}">{sign}</font>' + _text(f" {words}", theme)


def _text(words: str, theme: Theme) -> str:
    return f'<font point-size="{SMALL:g}" color="{theme.muted}">{html_keep(words)}</font>'


def html_keep(words: str) -> str:
    """Escaped words that keep a leading space, which an SVG on its own would lose."""
    return "&nbsp;" * (len(words) - len(words.lstrip())) + html(words)


def _spaced(items: Iterable[str]) -> str:
    return "&nbsp;&nbsp;&nbsp; ".join(items)
