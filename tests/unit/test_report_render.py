"""Drawing for real, by each renderer there is; a picture is checked as a picture."""

import os
import stat
import struct
import sys
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from lineage.errors import DrawingError
from lineage.records import Change, Derivation, Edge, Fate, Headline, Reframing, Root, Span, Story
from lineage.report import legend
from lineage.report import render as rendering
from lineage.report.cards import reframed
from lineage.report.drawing import drawing
from lineage.report.notebook import bundle, words
from lineage.report.render import IMAGES, render, renderers
from lineage.report.themes import THEMES
from lineage.settings import DrawSettings

Need = Callable[[object, str], None]
TITLES = {"a": "Fähre läuft auf Grund", "b": "Паром сел на мель", "c": r"渡船擱淺 <b>&amp; \G\l"}


def story() -> Story:
    heads = tuple(Headline(id, title, f"Outlet {id}", "2024-03-03", "2024-03-03") for id, title in TITLES.items())
    told = Reframing((), Fate(kept=3, changed=1, added=2))
    edges = (
        Edge("a", "b", 0.9, True, 0.9, "rewrite", reframing=told),
        Edge("b", "c", 0.6, False, 0.5, "light edit"),
    )
    return Story("s", ("a", "b", "c"), Derivation(("a", "b", "c"), (Root("a", 0.9),), edges=edges), heads)


@pytest.fixture(params=["dot", "pygraphviz"])
def renderer(request: pytest.FixtureRequest, need: Need, monkeypatch: pytest.MonkeyPatch) -> rendering.Renderer:
    monkeypatch.delenv("LINEAGE_DOT", raising=False)
    if request.param == "dot":
        need(rendering.dot_program(), "no `dot` is installed; install Graphviz")
    chosen: rendering.Renderer = request.param
    return chosen


@pytest.mark.parametrize("detail", ["card", "compact", "row"])
def test_an_svg_is_xml_and_holds_the_headlines(renderer: rendering.Renderer, detail: str) -> None:
    """The SVG parses, its text holds every headline (its start, where short), and nothing of one became markup."""
    svg = render(drawing(story(), DrawSettings(detail)), "svg", 60, renderer)
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    text = "\n".join("".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text"))
    for title in TITLES.values():
        shown = title[:12] if detail == "compact" else title
        assert shown in text.replace("\N{NO-BREAK SPACE}", " ")
    assert not list(root.iter("{http://www.w3.org/2000/svg}b"))


def test_a_png_has_a_size_worth_looking_at(renderer: rendering.Renderer) -> None:
    """The PNG has the signature, and hundreds of pixels each way."""
    png = render(drawing(story(), DrawSettings()), "png", 60, renderer)
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width > 500
    assert height > 300


def test_a_pdf_is_whole_and_the_same_twice(renderer: rendering.Renderer) -> None:
    """The PDF begins and ends as one, and holds no time of its making."""
    dot = drawing(story(), DrawSettings())
    first = render(dot, "pdf", 60, renderer)
    assert first.startswith(b"%PDF-")
    assert first.rstrip().endswith(b"%%EOF")
    time.sleep(1.1)
    assert render(dot, "pdf", 60, renderer) == first


@pytest.mark.parametrize("theme", ["screen", "dark", "contrast", "print", "stemma"])
def test_every_theme_can_be_rendered(renderer: rendering.Renderer, theme: str) -> None:
    """No theme writes DOT that Graphviz refuses."""
    for detail in ("card", "row"):
        assert ET.fromstring(render(drawing(story(), DrawSettings(detail, theme)), "svg", 60, renderer)) is not None


def test_bad_dot_is_one_line_of_error(renderer: rendering.Renderer) -> None:
    """What Graphviz cannot read raises DrawingError on one line."""
    with pytest.raises(DrawingError) as caught:
        render("digraph { a -> ", "svg", 60, renderer)
    assert "\n" not in str(caught.value)


def test_an_unknown_format_is_named() -> None:
    """A format that is no picture is refused with those that are."""
    with pytest.raises(DrawingError, match="svg, png, pdf"):
        render("digraph {}", "bmp", 60)


def test_time_up_kills_the_child(renderer: rendering.Renderer) -> None:
    """A layout that takes too long is stopped within the limit, and its process is gone."""
    nodes = 900
    knot = "".join(f"n{i} -> n{(i * 7 + j * 13) % nodes};" for i in range(nodes) for j in range(1, 9))
    before, start = children(), time.monotonic()
    with pytest.raises(DrawingError, match=r"more than 0\.7 s"):
        render(f"digraph {{{knot}}}", "svg", 0.7, renderer)
    assert time.monotonic() - start < 5
    assert children() <= before


def children() -> set[int]:
    """Process ids of this process's children; empty where the system does not list them."""
    found = set()
    for task in Path("/proc/self/task").glob("*/children"):
        found |= {int(pid) for pid in task.read_text().split()}
    return found


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_a_named_dot_goes_first_and_its_own_children_die_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """$LINEAGE_DOT is used before anything else, and stopping it stops what it has started."""
    marker = tmp_path / "grandchild"
    script = tmp_path / "dot"
    script.write_text(f"#!/bin/sh\n(sleep 2; touch {marker}) &\nsleep 30\n")
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("LINEAGE_DOT", str(script))
    with pytest.raises(DrawingError, match="more than"):
        render("digraph {}", "svg", 0.3)
    time.sleep(2.5)
    assert not marker.exists()


def test_a_dot_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """$LINEAGE_DOT that names nothing is an error, not a silent second choice."""
    monkeypatch.setenv("LINEAGE_DOT", "/nowhere/dot")
    with pytest.raises(DrawingError, match="/nowhere/dot"):
        render("digraph {}", "svg", 5)
    assert "/nowhere/dot" in dict(renderers())["LINEAGE_DOT"]


def test_without_any_renderer_the_remedy_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can draw, the error says what to install."""
    monkeypatch.delenv("LINEAGE_DOT", raising=False)
    monkeypatch.setattr(rendering, "dot_program", lambda: None)
    monkeypatch.setattr(rendering, "_has_pygraphviz", lambda: False)
    with pytest.raises(DrawingError, match="pip install pygraphviz"):
        render("digraph {}", "svg", 5)
    with pytest.raises(DrawingError, match="no `dot`"):
        render("digraph {}", "svg", 5, "dot")
    assert renderers() == []


def test_renderers_say_their_version() -> None:
    """Each renderer has a name and the version of Graphviz behind it."""
    found = dict(renderers())
    assert any(char.isdigit() for char in found["pygraphviz"])


def test_nothing_reaches_our_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    """Warnings of Graphviz and fontconfig stay in the child."""
    for format in IMAGES:
        render(drawing(story(), DrawSettings()), format, 60, "pygraphviz")
    assert capfd.readouterr() == ("", "")


def test_a_notebook_gets_a_drawing_a_picture_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bundle holds SVG, PNG and sentences that never claim more than is known."""
    shown = bundle(story(), DrawSettings())
    assert set(shown) == {"image/svg+xml", "image/png", "text/plain"}
    assert isinstance(shown["image/png"], bytes)
    lines = words(story()).splitlines()
    assert lines[1] == "b was probably derived from a (.90)"
    assert "either way (.60)" in lines[2]
    monkeypatch.setenv("LINEAGE_DOT", "/nowhere/dot")
    assert "/nowhere/dot" in str(bundle(story(), DrawSettings())["text/plain"])
    assert set(bundle(story(), DrawSettings())) == {"text/plain"}
    alone = Story("s", ("a",), Derivation(("a",)))
    assert words(alone).splitlines()[1] == "a: undetermined"


def test_only_the_child_loads_graphviz() -> None:
    """The C library stays out of this process."""
    assert "pygraphviz" not in sys.modules or os.environ.get("PYTEST_XDIST_WORKER")


def test_a_claim_credited_otherwise_says_to_whom() -> None:
    change = Change("attribution", "A rise, Velden said.", "A rise.", Span(0, 20), Span(0, 7), "now said by Hark")
    assert "a claim now said by Hark" in " ".join(reframed(change, THEMES["screen"]))


@pytest.mark.parametrize(
    ("probability", "line"), [(0.7496, "solid"), (0.744, "dashed"), (0.4951, "dashed"), (0.494, "dotted")]
)
def test_a_line_does_not_contradict_the_number_on_it(probability: float, line: str) -> None:
    assert legend.style(probability) == line
