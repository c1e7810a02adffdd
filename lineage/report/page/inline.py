"""The drawing as a part of the page: its boxes and lines become links, its colours follow the reader's."""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from markupsafe import Markup

from lineage.report.page.view import Sheet
from lineage.report.themes import FONTS, Theme

_TITLE = "{http://www.w3.org/1999/xlink}title"
_OURS = ("edge-", "node-")
_NUMBERS = frozenset({"d", "points", "x", "y", "cx", "cy", "rx", "ry", "font-size", "width", "height"})
_LONG = re.compile(r"-?\d+\.\d+")


def inline(svg: bytes, sheet: Sheet) -> Markup:
    """The SVG of Graphviz for use inside HTML: no prolog, no ids but those of nodes and edges, a link on each."""
    root = ElementTree.fromstring(svg)
    for parent in list(root.iter()):
        for element in list(parent):
            if _bare(element.tag) == "title":
                parent.remove(element)
    for element in root.iter():
        _plain(element)
    for parent in root.iter("g"):
        _gathered(parent)
    for group in root.iter("g"):
        _linked(group, sheet)
    root.attrib = {"viewBox": root.attrib["viewBox"], **_size(root), "role": "group"}
    root.set("aria-label", f"Drawing: {sheet.title}. The table below says the same in words.")
    text = ElementTree.tostring(root, encoding="unicode", method="xml")
    return Markup(text)


def colours(light: Theme, dark: Theme) -> str:
    """Rules that give the marks of a drawing their dark colours where the reader wants the screen dark."""
    swaps = {before.lower(): after for before, after in _pairs(light, dark)}
    rules = [f'.drawing [{kind}="{old}"]{{{kind}:{new}}}' for old, new in swaps.items() for kind in ("fill", "stroke")]
    dark_rules = "@media screen and (prefers-color-scheme:dark){" + "".join(rules) + "}"
    return f"\n.drawing svg text{{font-family:{FONTS}}}\n{dark_rules}"


def _pairs(light: Theme, dark: Theme) -> Iterator[tuple[str, str]]:
    for name in ("paper", "ink", "muted", "border"):
        yield getattr(light, name), getattr(dark, name)
    for relation, colour in light.relations.items():
        yield colour, dark.relations[relation]
    yield from zip(light.fate, dark.fate, strict=True)


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _plain(element: ElementTree.Element) -> None:
    """Names without their namespaces, which HTML does not want, and none of the attributes that the style says."""
    element.tag = _bare(element.tag)
    element.tail = None
    element.text = (element.text or "").strip() or None if element.tag != "text" else element.text
    said = element.attrib.pop(_TITLE, "").strip()
    kept = {_bare(name): value for name, value in element.attrib.items() if name != "font-family"}
    if not kept.get("id", "").startswith(_OURS):
        kept.pop("id", None)
        kept.pop("class", None)
    if kept.get("text-anchor") == "start":
        del kept["text-anchor"]
    element.attrib = {name: _shorter(value) if name in _NUMBERS else value for name, value in kept.items()}
    if said:
        element.set("data-said", said)


def _gathered(parent: ElementTree.Element) -> None:
    """The words of a row moved into the link of its dot: Graphviz draws them as a node of their own, right after it."""
    dot: ElementTree.Element | None = None
    for group in list(parent):
        if group.get("class") == "node":
            dot = next(iter(group.iter("a")), None) if group.find(".//text") is None else None
        elif dot is not None and group.tag == "g" and [child.tag for child in group] == ["text"]:
            dot.append(group[0])
            parent.remove(group)
            dot = None


def _shorter(value: str) -> str:
    """Numbers with one digit after the point, which no eye tells from two."""
    return _LONG.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), value)


def _size(root: ElementTree.Element) -> dict[str, str]:
    """Width and height in pixels: points a little larger, so that the smallest letters are read without zoom."""
    return {side: f"{float(root.attrib[side].removesuffix('pt')) * 1.15:.0f}" for side in ("width", "height")}


def _linked(group: ElementTree.Element, sheet: Sheet) -> None:
    said = [a.attrib.pop("data-said", "") for a in group.iter("a")]
    if "class" not in group.attrib:
        return
    kind, _, key = group.attrib["id"].partition("-")
    target = key if kind == "edge" else sheet.aims.get(group.attrib["id"], "")
    group.set("id", f"{sheet.key}-{group.attrib['id']}")
    spoken = sheet.spoken.get(target, "") if kind == "edge" else ""
    for a in group.iter("a"):
        if target in sheet.spoken:
            a.set("href", f"#link-{target}")
        if spoken:
            a.set("aria-label", spoken)
        _hinted(a, said.pop(0))
    if kind == "edge":
        _widened(group)
    else:
        _joined(group)


def _hinted(a: ElementTree.Element, said: str) -> None:
    """What a mouse is told that rests on it."""
    if said:
        title = ElementTree.Element("title")
        title.text = said
        a.insert(0, title)


def _joined(group: ElementTree.Element) -> None:
    """One path a box instead of two: Graphviz draws the area and its border apart."""
    for a in group.iter("a"):
        paths = [child for child in a if child.tag == "path"]
        if len(paths) == 2 and paths[0].get("d") == paths[1].get("d") and paths[1].get("fill") == "none":
            paths[0].attrib = {**paths[1].attrib, "fill": paths[0].attrib["fill"]}
            a.remove(paths[1])


def _widened(group: ElementTree.Element) -> None:
    """An invisible wide line under the visible one, so that a finger or a mouse meets it."""
    for a in group.iter("a"):
        for path in [child for child in a if child.tag == "path"]:
            a.append(ElementTree.Element("path", {"class": "hit", "d": path.attrib["d"]}))
