"""The DOT text of drawings, compared with files; `LINEAGE_UPDATE_GOLDEN=1` writes them anew."""

import os
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest

from lineage.records import Derivation, Edge, Fate, Headline, Mention, Named, Reframing, Root, Span, Story
from lineage.report.drawing import drawing
from lineage.report.formats import export
from lineage.report.render import dot_program, render
from lineage.report.scene import anchor, scene
from lineage.settings import DrawSettings

Built = Callable[[str], Story]

HERE = Path(__file__).parent
A4 = (539.0, 786.0)  # points between margins of 1 cm
CASES = [
    *((name, "screen") for name in ("chain", "merge", "undirected", "hostile", "copies", "compact", "row")),
    *(("merge", theme) for theme in ("dark", "contrast", "print", "stemma")),
]


@pytest.mark.parametrize(("name", "theme"), CASES)
def test_the_drawing_is_as_recorded(built: Built, name: str, theme: str) -> None:
    """A story's DOT text is the recorded one, to the byte."""
    dot = drawing(built(name), DrawSettings(theme=theme, rivals=name == "chain"))
    place = HERE / f"{name}-{theme}.dot"
    if os.environ.get("LINEAGE_UPDATE_GOLDEN"):
        place.write_text(dot, encoding="utf-8")
    assert dot == place.read_text(encoding="utf-8"), f"{place.name} differs; if that is meant, LINEAGE_UPDATE_GOLDEN=1"


@pytest.mark.parametrize("renderer", ["dot", "pygraphviz"])
@pytest.mark.parametrize(("name", "theme"), CASES)
def test_graphviz_draws_it(
    built: Built, need: Callable[[object, str], None], name: str, theme: str, renderer: Literal["dot", "pygraphviz"]
) -> None:
    """Graphviz takes the text, and every node and edge of the scene is in the SVG with its own id."""
    need(renderer == "pygraphviz" or dot_program(), "no `dot` is installed; install Graphviz")
    draw = DrawSettings(theme=theme)
    svg = render(drawing(built(name), draw), "svg", 60, renderer)
    ids = {element.get("id") for element in ElementTree.fromstring(svg).iter()}
    shown = scene(built(name), draw)
    if theme != "stemma":
        assert {anchor(node.id) for node in shown.nodes} <= ids
        assert {anchor(link.parent, link.child) for link in shown.links if link.edge is not None} <= ids


@pytest.mark.parametrize("theme", ["screen", "dark", "contrast", "stemma"])
@pytest.mark.parametrize("name", ["chain", "merge", "hostile", "copies", "compact", "row"])
def test_the_picture_for_a_link_has_its_size(built: Built, name: str, theme: str) -> None:
    """However large the story, the picture is a PNG of 1200 × 630 pixels, and the same for equal stories."""
    content = export([built(name)], "social", DrawSettings(theme=theme))
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (1200, 630)
    assert content == export([built(name)], "social", DrawSettings(theme=theme))


@pytest.mark.parametrize("name", ["chain", "merge", "copies", "row"])
def test_the_order_of_headlines_never_matters(built: Built, name: str) -> None:
    """The same story with its headlines in another order gives the same text."""
    story = built(name)
    turned = replace(story, headlines=story.headlines[::-1])
    assert drawing(turned, DrawSettings()) == drawing(story, DrawSettings())


@pytest.mark.parametrize("name", ["chain", "merge", "undirected", "hostile", "copies", "compact", "row"])
@pytest.mark.parametrize("theme", ["screen", "dark", "contrast", "print", "stemma"])
@pytest.mark.parametrize("detail", ["card", "compact", "row"])
def test_every_story_can_be_drawn_every_way(built: Built, name: str, theme: str, detail: str) -> None:
    """No theme and no level raises, and none puts control or reordering characters into the text."""
    dot = drawing(built(name), DrawSettings(detail, theme, rivals=True))
    assert dot.startswith("digraph")
    assert not {char for char in dot if char < " " and char not in "\n\t"}
    assert not set(dot) & set("\u202e\u2066\u200b")


SHAPES = {"binary": lambda at: at // 2, "star": lambda _: 0, "chain": lambda at: at - 1, "broad": lambda at: at // 6}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("number", [13, 24, 40, 50, 60])
def test_up_to_sixty_articles_are_legible_on_one_page(shape: str, number: int) -> None:
    """Fitted to A4 with margins of 1 cm, upright or across, no letter is smaller than 6 points."""
    ids = [f"n{at:03d}" for at in range(number)]
    times = [f"2024-03-{1 + at // 24:02d}T{at % 24:02d}:00+01:00" for at in range(number)]
    title = "Headline of a long story about a ferry"
    heads = [Headline(id, title, f"Outlet {at}", times[at], times[at], "minute") for at, id in enumerate(ids)]
    told = Reframing((), Fate(3, 2, 1, 1))
    edges = tuple(
        Edge(ids[SHAPES[shape](at)], ids[at], 0.8, True, 0.9, "rewrite", reframing=told) for at in range(1, number)
    )
    story = Story("s", tuple(ids), Derivation(tuple(ids), (Root("n000", 0.9),), edges=edges), tuple(heads))
    svg = ElementTree.fromstring(render(drawing(story, DrawSettings()), "svg", 60))
    width, height = (float(svg.attrib[side].removesuffix("pt")) for side in ("width", "height"))
    zoom = max(min(A4[0] / width, A4[1] / height), min(A4[1] / width, A4[0] / height))
    smallest = min(float(element.attrib["font-size"]) for element in svg.iter() if "font-size" in element.attrib)
    assert smallest * zoom >= 6.0


def test_three_levels_by_the_number_of_nodes(built: Built) -> None:
    """Up to 12 nodes are cards, up to 60 compact cards, more are rows; a setting overrides."""
    assert scene(built("chain"), DrawSettings()).level == "card"
    assert scene(built("compact"), DrawSettings()).level == "compact"
    assert scene(built("row"), DrawSettings()).level == "row"
    assert scene(built("row"), DrawSettings(detail="card")).level == "card"


def test_copies_fold_and_what_is_unrelated_is_counted(built: Built) -> None:
    """Twelve exact copies become one line of their parent; an article without a link is not drawn but counted."""
    assert "<b>+ 12 copies</b>" in drawing(built("copies"), DrawSettings())
    shown = scene(built("merge"), DrawSettings())
    assert shown.left_out == 1
    assert "d" not in {node.id for node in shown.nodes}
    assert "1 without a link not drawn" in drawing(built("merge"), DrawSettings())


def test_a_copy_with_changes_or_children_or_alone_does_not_fold() -> None:
    """Only exact, childless copies fold, and only where there are two or more."""
    ids = ("a", "b", "c", "d")
    plain = Reframing((), Fate(kept=3))

    def folded(*edges: Edge) -> set[str]:
        found = scene(Story("s", ids, Derivation(ids, edges=edges)), DrawSettings())
        return {copy.id for node in found.nodes for copy in node.copies}

    def copy(parent: str, child: str, told: Reframing = plain) -> Edge:
        return Edge(parent, child, 0.9, True, 0.9, "copy", reframing=told)

    assert folded(copy("a", "b"), copy("a", "c")) == {"b", "c"}
    assert folded(copy("a", "b")) == set()
    assert folded(copy("a", "b"), copy("a", "c"), copy("c", "d")) == set()
    assert folded(copy("a", "b"), copy("a", "c", Reframing((), Fate(kept=3, changed=1)))) == set()


def test_a_story_without_links_shows_all_its_articles() -> None:
    """Where nothing is linked there is still something to see."""
    ids = ("a", "b")
    assert [node.id for node in scene(Story("s", ids, Derivation(ids)), DrawSettings()).nodes] == ["a", "b"]


def test_a_box_tells_of_the_most_probable_parent(built: Built) -> None:
    """With several parents the fate bar and the changes are those of the likeliest; the others are second parents."""
    shown = scene(built("merge"), DrawSettings())
    child = next(node for node in shown.nodes if node.id == "c")
    assert child.from_ is not None
    assert child.from_.parent == "a"
    assert {link.parent: link.role for link in shown.links if link.child == "c"} == {
        "a": "parent",
        "b": "second parent",
    }


def test_a_child_stands_right_of_its_parents_and_never_before_its_time(built: Built) -> None:
    """Columns grow along every directed link, whatever the dates say."""
    for name in ("chain", "merge", "copies", "compact"):
        shown = scene(built(name), DrawSettings())
        column = {node.id: node.column for node in shown.nodes}
        assert all(column[link.parent] < column[link.child] for link in shown.links if link.role != "either way")
        assert set(column.values()) == set(range(max(column.values()) + 1))


def test_mentions_carried_along_are_not_drawn_again() -> None:
    """A named source is tied to the first article that names it; of more than five only the shared ones are drawn."""
    ids = ("a", "b", "c")
    edges = (Edge("a", "b", 0.9, True, 0.9, "rewrite"), Edge("a", "c", 0.9, True, 0.9, "rewrite"))

    def mentions(*named: Named) -> list[tuple[str, str]]:
        found = scene(Story("s", ids, Derivation(ids, (Root("a", 0.9),), (), named, edges)), DrawSettings())
        return [(link.parent, link.child) for link in found.links if link.role == "mention"]

    def source(number: int, *articles: str) -> Named:
        return Named(f"named:{number}", f"Source {number}", tuple(Mention(id, Span(0, 1)) for id in articles))

    assert mentions(source(1, "a", "b", "c")) == [("named:1", "a")]
    assert mentions(source(1, "b", "c")) == [("named:1", "b"), ("named:1", "c")]
    many = [source(number, "a") for number in range(1, 7)]
    assert mentions(*many, source(7, "b", "c")) == [("named:7", "b"), ("named:7", "c")]


def test_without_a_headline_the_id_is_shown() -> None:
    """An article of which nothing is known has its id, and the number of its words if that is known."""
    story = Story("s", ("a/b",), Derivation(("a/b",)), (Headline("a/b", words=120),))
    dot = drawing(story, DrawSettings())
    assert "a/b" in dot
    assert "120 words" in dot


def test_the_legend_holds_only_what_is_drawn(built: Built) -> None:
    """No mark is explained that is not there."""
    chain, undirected = drawing(built("chain"), DrawSettings()), drawing(built("undirected"), DrawSettings())
    assert "posited source" not in chain
    assert "either way" not in chain
    assert "thick border" in chain
    assert "either way" in undirected
    assert "sentences of the parent" not in undirected


def test_no_origin_is_named_where_a_source_is_posited_before_it(built: Built) -> None:
    """An article that probably has no parent among the others is no origin once a lost source stands before it."""
    merge = built("merge")
    roots = (Root("a", 0.9), Root("b", 0.8))
    dot = drawing(replace(merge, derivation=replace(merge.derivation, roots=roots)), DrawSettings())
    assert "probably without a source among them: Kurier .90, Globe .80" in dot
    assert "probable origin" not in dot
