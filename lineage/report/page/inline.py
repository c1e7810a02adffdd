"""The drawing as a part of the page: its boxes and lines become links, its colours follow the reader's.

Graphviz says every colour, font and width on every mark. Here a style sheet says them once, and what a script can make
from the rest is left to it: a page with fifty boxes is a third of what it would be.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from markupsafe import Markup

from lineage.report.page.view import Sheet
from lineage.report.themes import FONTS, Theme

_OURS = ("edge-", "node-")
_KEPT = frozenset({"d", "points", "x", "y", "cx", "cy", "rx", "ry", "width", "height", "transform", "href"})
_KEPT |= {"font-size", "font-weight", "text-anchor", "stroke-width", "stroke-dasharray", "aria-labelledby"}
_LONG = re.compile(r"-?\d+\.\d+")
_GAP = re.compile(r",-| -|(?<=[a-zA-Z]) | (?=[a-zA-Z])")
_PAIR = re.compile(r"(-?[\d.]+),(-?[\d.]+)")
_USUAL = (("text-anchor", "start"), ("stroke-width", "1"))
_BEND = "9"  # of the corners of a box, about as Graphviz draws them
INK = "1"  # the class of the ink

Element = ElementTree.Element


def inline(svg: bytes, sheet: Sheet, theme: Theme) -> Markup:
    """The SVG of Graphviz for use inside HTML: no prolog, no ids, a link on each node and edge, colours as classes.

    A node carries `data-n`, an edge `data-e`: the digests of article and link.
    """
    root = ElementTree.fromstring(svg)
    classes = _classes(theme)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.tail = None
    _without_titles(root)
    keys = frozenset(link.key for link in sheet.links)
    for group in root.iter("g"):
        _linked(group, sheet.aims, keys)
    for element in root.iter():
        _plain(element, classes)
    for parent in root.iter("g"):
        _gathered(parent)
    _flat(root)
    _common_size(root)
    view, size = root.attrib["data-view"], root.attrib["data-size"].split()
    label = f"Drawing: {sheet.title}. The table below says the same in words."
    given = {"viewBox": view, "width": size[0], "height": size[1], "role": "group", "aria-label": label}
    root.attrib = given | {name: value for name, value in root.attrib.items() if name == "font-size"}
    return Markup(ElementTree.tostring(root, encoding="unicode", method="xml").replace(" />", "/>"))


def colours(light: Theme, dark: Theme) -> str:
    """Rules that give the marks of a drawing their colours, on a dark screen those of the dark theme."""
    swaps = dict(_pairs(light, dark))
    rules = [f".drawing svg{{font-family:{FONTS}}}"]
    for colour, name in _classes(light).items():
        both = f"light-dark({colour},{swaps[colour]})"
        words = ".drawing text," if name == INK else ""
        # The first for browsers that do not know the second; they stay light.
        rules.append(f"{words}.drawing .f{name}{{fill:{colour};fill:{both}}}")
        rules.append(f".drawing .s{name}{{stroke:{colour};stroke:{both}}}")
    return "\n" + "".join(rules)


def _pairs(light: Theme, dark: Theme) -> Iterator[tuple[str, str]]:
    for relation, colour in light.relations.items():
        yield colour.lower(), dark.relations[relation]
    for before, after in zip(light.fate, dark.fate, strict=True):
        yield before.lower(), after
    for name in ("card", "border", "root", "muted", "ink", "paper"):
        yield getattr(light, name).lower(), getattr(dark, name)


def _classes(theme: Theme) -> dict[str, str]:
    """The theme's colours, each with the number that names it in a class."""
    listed = (theme.paper, theme.card, theme.ink, theme.muted, theme.border, theme.root, *theme.fate)
    every = dict.fromkeys(colour.lower() for colour in (*listed, *theme.relations.values()))
    return {colour: str(number) for number, colour in enumerate(every)}


def _without_titles(root: Element) -> None:
    for parent in list(root.iter()):
        for child in [child for child in parent if child.tag == "title"]:
            parent.remove(child)


def _linked(group: Element, aims: Mapping[str, str], keys: frozenset[str]) -> None:
    """A node or an edge of ours: marked as such, and its inside a link to what the page says of it."""
    id = group.get("id", "")
    if not id.startswith(_OURS):
        group.attrib.pop("class", None)
        return
    kind, _, key = id.partition("-")
    target = key if kind == "edge" else aims.get(id, "")
    group.attrib = {"class": kind, f"data-{kind[0]}": key}
    for a in group.iter("a"):
        a.attrib = {"href": f"#link-{target}"} if target in keys else {}
        if kind == "edge":
            a.attrib |= {"aria-labelledby": f"said-{target}"} if a.attrib else {}
        else:
            _boxed(a)


def _boxed(a: Element) -> None:
    """One rounded rectangle a box instead of two paths: Graphviz draws the area and its border apart."""
    paths = [child for child in a if child.tag == "path"]
    if len(paths) != 2 or paths[0].get("d") != paths[1].get("d"):
        return
    points = [(float(x), float(y)) for x, y in _PAIR.findall(paths[0].attrib["d"])]
    left, top = (min(values) for values in zip(*points, strict=True))
    right, low = (max(values) for values in zip(*points, strict=True))
    place = {"x": left, "y": top, "width": right - left, "height": low - top}
    border = {name: value for name, value in paths[1].attrib.items() if name.startswith("stroke")}
    box = Element("rect", {name: f"{value:.2f}" for name, value in place.items()} | border)
    box.attrib |= {"rx": _BEND, "fill": paths[0].attrib["fill"]}
    a.remove(paths[1])
    a[list(a).index(paths[0])] = box


def _plain(element: Element, classes: dict[str, str]) -> None:
    """None of the attributes that the style says, numbers with one digit after the point, colours as classes."""
    given = element.attrib
    if element.tag != "text" and element.text is not None:
        element.text = element.text.strip() or None
    kept = {name: _shorter(value) for name, value in given.items() if name in _KEPT or name.startswith("data-")}
    for name, usual in _USUAL:
        if kept.get(name) == usual:
            del kept[name]
    if element.tag == "svg":
        sizes = " ".join(f"{float(given[side].removesuffix('pt')) * 1.15:.0f}" for side in ("width", "height"))
        element.attrib = {"data-view": _shorter(given["viewBox"]), "data-size": sizes}
        return
    named = [given["class"]] if given.get("class") in ("node", "edge") else []
    for kind in ("fill", "stroke"):
        colour = given.get(kind, "none").lower()
        if colour in classes:
            named.append(kind[0] + classes[colour])
        elif colour not in ("none", "transparent"):
            kept[kind] = colour
    if element.tag == "text":
        named = [name for name in named if name != f"f{INK}"]  # the style says that words are of the ink
    element.attrib = ({"class": " ".join(named)} if named else {}) | kept


def _shorter(value: str) -> str:
    """Numbers with one digit after the point, which no eye tells from two, and no space that a sign makes needless."""
    if not _LONG.search(value) and "," not in value:
        return value
    rounded = _LONG.sub(lambda number: f"{float(number[0]):.1f}".removesuffix(".0"), value)
    return rounded if "(" in rounded else _GAP.sub(lambda gap: "-" if "-" in gap[0] else "", rounded)


def _gathered(parent: Element) -> None:
    """The words of a row moved into the link of its dot: Graphviz draws them as a node of their own, right after it."""
    dot: Element | None = None
    for group in list(parent):
        if group.get("class") == "node":
            dot = next(iter(group.iter("a")), None) if group.find(".//text") is None else None
        elif dot is not None and group.tag == "g" and [child.tag for child in group] == ["text"]:
            dot.append(group[0])
            parent.remove(group)
            dot = None


def _flat(root: Element) -> None:
    """Groups and links that carry nothing give way to what is in them; words of blanks go."""
    for parent in list(root.iter()):
        children: list[Element] = []
        for child in parent:
            _open(child, children)
        parent[:] = children


def _open(child: Element, into: list[Element]) -> None:
    if child.tag in ("g", "a") and not child.attrib:
        for inner in child:
            _open(inner, into)
    elif child.tag != "text" or (child.text or "").strip("\u00a0 "):
        into.append(child)


def _common_size(root: Element) -> None:
    """The size that most words have, said once."""
    sizes = Counter(element.get("font-size", "") for element in root.iter("text"))
    if not sizes:
        return
    usual = min(sizes, key=lambda size: (-sizes[size], size))
    root.set("font-size", usual)
    for element in root.iter("text"):
        if element.get("font-size") == usual:
            del element.attrib["font-size"]
