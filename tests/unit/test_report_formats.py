"""Every format is read back by somebody else's reader, or by its grammar."""

import csv
import io
import json
import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec
import networkx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.errors import DrawingError
from lineage.records import (
    Change,
    Derivation,
    Edge,
    Headline,
    Mention,
    Named,
    Posited,
    Reframing,
    Rival,
    Root,
    Span,
    Story,
)
from lineage.report import formats, stories_json
from lineage.report.formats import FORMATS, export
from lineage.report.newick import newick, quoted
from lineage.settings import DrawSettings

DRAW = DrawSettings()
ODD = 'it\'s; [a] (node): 50% "x"'


def story(id: str = "s1", prefix: str = "") -> Story:
    """Merge, posited and named sources, an undirected edge, ids and titles full of signs."""
    a, b, c, d = sorted(prefix + name for name in ("a", "b", ODD, "г"))
    told = Reframing((Change("number", "3", "4"),), summary="One <number> & more.\x0b")
    edges = (
        Edge(a, b, 0.87, True, 0.95, "rewrite", rivals=(Rival(c, 0.08),), reframing=told),
        Edge(a, c, 0.7, True, 0.9, "copy"),
        Edge(b, c, 0.4, True, 0.8, "partial"),
        Edge(c, d, 0.6, False, 0.5, "light edit"),
        Edge("posited:1", a, 0.66, True, 0.9, "rewrite"),
    )
    heads = (
        Headline(a, "Title | `one` \x00", "Outlet #1", "2024-03-03T10:00+00:00", "2024-03-03T10:00:00+00:00", "minute"),
        Headline(b),
    )
    named = (Named("named:tass", "TASS", (Mention(a, Span(0, 3)),)),)
    derivation = Derivation((a, b, c, d), (Root(a, 0.4),), (Posited("posited:1", 0.6, "shared words"),), named,
                            tuple(sorted(edges, key=lambda edge: (edge.parent, edge.child))))  # fmt: skip
    return Story(id, (a, b, c, d), derivation, heads)


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_gives_the_same_bytes_twice(format: str) -> None:
    """A format is a function of the story alone."""
    first = export([story()], format, DRAW)
    assert first
    assert export([story()], format, DRAW) == first


def test_the_published_formats_are_there() -> None:
    """The formats that interface.md names, without the page, which is written elsewhere."""
    published = "svg png pdf social dot mermaid json jsonl graphml gexf cyjs csv parquet newick prov-json"
    assert set(FORMATS) == set(published.split())


@pytest.mark.parametrize("format", ["graphml", "gexf"])
def test_xml_graphs_are_read_back(format: str) -> None:
    """networkx reads its own writers' files: same nodes, edges, kinds and probabilities."""
    read = {"graphml": networkx.read_graphml, "gexf": networkx.read_gexf}[format]
    found = read(io.BytesIO(export([story()], format, DRAW)))
    known = story().derivation.to_networkx()
    assert set(found.nodes) == set(known.nodes)
    assert set(found.edges) == set(known.edges)
    assert found.nodes["posited:1"]["kind"] == "posited"
    assert found.edges["a", "b"]["probability"] == 0.87
    assert found.edges["a", "b"]["summary"].startswith("One <number> & more.")


def test_an_id_that_xml_cannot_hold_gets_one_it_can() -> None:
    """Two ids that differ in a control character stay two nodes."""
    ids = ("x\x00", "x\x01")
    made = Story("s", ids, Derivation(ids, edges=(Edge(*ids, 0.9, True, 0.9, "copy"),)))
    found = networkx.read_graphml(io.BytesIO(export([made], "graphml", DRAW)))
    assert len(found.nodes) == 2
    assert len(found.edges) == 1


def test_stories_stand_side_by_side_in_a_graph() -> None:
    """Posited sources of two stories share an id and must not become one node."""
    two = [story("s1", "1"), story("s2", "2")]
    found = formats.graph(two)
    assert {"s1/posited:1", "s2/posited:1"} <= set(found)
    assert networkx.number_weakly_connected_components(found) == 4  # each with its named source, which has no edge


def test_cytoscape_json_is_read_back() -> None:
    """networkx reads the Cytoscape JSON."""
    found = networkx.cytoscape_graph(json.loads(export([story()], "cyjs", DRAW)))
    assert set(found.edges) == set(story().derivation.to_networkx().edges)


def test_json_and_jsonl_are_story_records() -> None:
    """Each line is a story record; one story is an object, several are an array."""
    two = [story("s1"), story("s2")]
    lines = export(two, "jsonl", DRAW).splitlines()
    assert [stories_json.decode(line, "").id for line in lines] == ["s1", "s2"]
    assert msgspec.json.decode(export(two[:1], "json", DRAW))["id"] == "s1"
    assert [row["id"] for row in msgspec.json.decode(export(two, "json", DRAW))] == ["s1", "s2"]
    assert msgspec.json.decode(export([], "json", DRAW)) == []


def test_tables_hold_the_edges() -> None:
    """CSV and Parquet have one row an edge."""
    rows = list(csv.DictReader(io.StringIO(export([story()], "csv", DRAW).decode())))
    table = pq.read_table(pa.BufferReader(export([story()], "parquet", DRAW)))
    assert [row["child"] for row in rows] == table.column("child").to_pylist()
    assert len(rows) == 5


def test_mermaid_lets_no_sign_through() -> None:
    """Inside its quotes a label has no sign that would end it, start HTML or Markdown."""
    text = export([story()], "mermaid", DRAW).decode()
    assert text.startswith("flowchart LR\n")
    for label in re.findall(r'"([^"]*)"', text):
        assert not re.search(r"[`|\\]|<(?!br/>)", label)
    assert text.count('"') % 2 == 0
    assert "either way" in text


def test_provenance_links_entities_that_exist() -> None:
    """PROV-JSON: every derivation and attribution ends in an entity or agent of the document."""
    document = json.loads(export([story()], "prov-json", DRAW))
    entities, agents = document["entity"], document["agent"]
    assert len(entities) == 6
    assert len(document["wasDerivedFrom"]) == 4
    for link in document["wasDerivedFrom"].values():
        assert {link["prov:generatedEntity"], link["prov:usedEntity"]} <= set(entities)
    for link in document["wasAttributedTo"].values():
        assert link["prov:entity"] in entities
        assert link["prov:agent"] in agents
    (either,) = document["wasInfluencedBy"].values()
    assert either["lineage:eitherWay"] is True


def test_newick_puts_each_article_under_its_likeliest_parent() -> None:
    """A merge's child stands once, under the most probable parent; an undirected link is no branch."""
    trees = newick(story()).splitlines()
    assert trees == ["((b:0.13,'it''s; [a] (node): 50% \"x\"':0.3)a:0.34)'posited:1';", "г;"]


def test_a_long_chain_is_a_tree_as_well() -> None:
    """Depth is no limit."""
    ids = tuple(f"n{number:04d}" for number in range(3000))
    edges = tuple(Edge(a, b, 0.9, True, 0.9, "copy") for a, b in pairwise(ids))
    assert newick(Story("s", ids, Derivation(ids, edges=edges))).count("(") == 2999


def labels(tree: str) -> Iterator[str]:
    """The names in a Newick tree, by its grammar."""
    for match in re.finditer(r"'((?:[^']|'')*)'|([^\s()\[\]{}:;,'_]+)|:[^,);]+|[(),;]", tree):
        if match[1] is not None:
            yield match[1].replace("''", "'")
        elif match[2] is not None:
            yield match[2]


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1, unique=True))
@settings(max_examples=80, deadline=None)
def test_newick_names_come_back(names: list[str]) -> None:
    """Whatever signs a name has, a reader of the grammar gets it back."""
    assert list(labels(f"({','.join(map(quoted, names))});")) == names


@pytest.mark.parametrize("format", ["svg", "dot", "mermaid", "prov-json"])
def test_a_drawing_holds_one_story(format: str) -> None:
    """Several stories do not fit into one drawing, and none is none."""
    with pytest.raises(DrawingError, match="holds one story"):
        export([story("s1"), story("s2")], format, DRAW)
    with pytest.raises(DrawingError, match="there are 0"):
        export([], format, DRAW)


def test_an_unknown_format_is_named() -> None:
    """An unknown format is refused with the known ones."""
    with pytest.raises(DrawingError, match="newick"):
        export([story()], "docx", DRAW)
