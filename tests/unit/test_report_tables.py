"""The flat tables: fixed columns, sorted rows, the same bytes, and nothing half-written."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lineage.errors import IndexFormatError, MissingInput, OutputError
from lineage.records import Change, Comparison, Derivation, Edge, Fate, Kept, Reframing, Rival, Span, Story
from lineage.report import files, tables

PAIRS = [
    Comparison("b", "c", 0.25, "same event", {"jaccard": 0.125}),
    Comparison("a", "b", 0.75, "rewrite", {"containment": 0.5, "jaccard": 0.25}),
    Comparison("a", "ж", 1.0, "copy", {}),
]


def story() -> Story:
    change = Change("number", "2.4 billion", "4.2 billion", Span(3, 14), Span(5, 16))
    headline = Change("headline", "Old", "New")
    told = Reframing((change, headline), Fate(kept=3, changed=1, quotes=Kept(1, 2)), "Two changes.")
    rivals = (Rival("", 0.05), Rival("c", 0.08))
    edge = Edge("a", "b", 0.75, True, 0.9, "rewrite", rivals=rivals, covers=(Span(0, 10), Span(20, 25)), reframing=told)
    return Story("s1", ("a", "b", "c"), Derivation(("a", "b", "c"), edges=(edge,)))


@pytest.mark.parametrize(
    ("write", "read"),
    [(tables.write_pairs, tables.read_pairs), (tables.write_pairs_jsonl, tables.read_pairs_jsonl)],
)
def test_pairs_come_back_sorted_in_the_same_bytes(tmp_path: Path, write, read) -> None:  # type: ignore[no-untyped-def]
    """Any order of input gives the same file, and the file gives the pairs back, a score only where it was."""
    first, second = tmp_path / "one", tmp_path / "two"
    write(first, PAIRS)
    write(second, reversed(PAIRS))
    assert first.read_bytes() == second.read_bytes()
    back = list(read(first))
    assert back == sorted(PAIRS, key=lambda pair: (pair.a, pair.b))
    assert [dict(pair.scores) for pair in back] == [dict(PAIRS[1].scores), {}, dict(PAIRS[0].scores)]


def test_pairs_have_one_float_column_a_score(tmp_path: Path) -> None:
    """The columns are the four fixed ones, then the union of the scores, sorted; no pairs still give a table."""
    tables.write_pairs(tmp_path / "pairs.parquet", PAIRS)
    schema = pq.read_schema(tmp_path / "pairs.parquet")
    assert schema.names == ["a", "b", "probability", "relation", "containment", "jaccard"]
    assert {str(schema.field(name).type) for name in ("containment", "jaccard")} == {"double"}
    tables.write_pairs(tmp_path / "none.parquet", [])
    assert list(tables.read_pairs(tmp_path / "none.parquet")) == []


def test_edges_and_changes_are_flat(tmp_path: Path) -> None:
    """One row an edge with its best rival and its counts; one row a change with its place among them."""
    tables.write_edges(tmp_path / "edges.parquet", [story()])
    tables.write_changes(tmp_path / "changes.parquet", [story()])
    (edge,) = pq.read_table(tmp_path / "edges.parquet").to_pylist()
    assert (edge["story"], edge["parent"], edge["child"], edge["rival"]) == ("s1", "a", "b", "c")
    assert (edge["kept"], edge["quotes_kept"], edge["quotes_total"], edge["covered"]) == (3, 1, 2, 15)
    number, headline = pq.read_table(tmp_path / "changes.parquet").to_pylist()
    assert (number["position"], number["before_start"], number["after_end"]) == (0, 3, 16)
    assert (headline["position"], headline["kind"], headline["before_start"]) == (1, "headline", None)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    """A write that breaks in the middle leaves what stood there, and no scrap beside it."""
    place = tmp_path / "pairs.jsonl"
    place.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), files.replacing(place) as beside:
        beside.write_bytes(b"half")
        raise ZeroDivisionError
    assert place.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [place]


def test_an_unwritable_place_is_an_output_error(tmp_path: Path) -> None:
    """A folder that is not there is named in one line."""
    with pytest.raises(OutputError, match="nowhere"):
        tables.write_pairs(tmp_path / "nowhere" / "pairs.parquet", PAIRS)


def test_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    """Absent and damaged tables raise errors that name the file."""
    with pytest.raises(MissingInput, match="absent"):
        list(tables.read_pairs(tmp_path / "absent.parquet"))
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(IndexFormatError, match="damaged"):
        list(tables.read_pairs(tmp_path / "damaged.parquet"))
    (tmp_path / "damaged.jsonl").write_bytes(b'{"a": "x"}\n')
    with pytest.raises(IndexFormatError, match=r"damaged\.jsonl:1"):
        list(tables.read_pairs_jsonl(tmp_path / "damaged.jsonl"))
    tables.write_edges(tmp_path / "edges.parquet", [story()])
    with pytest.raises(IndexFormatError, match="no column 'a'"):
        list(tables.read_pairs(tmp_path / "edges.parquet"))


def test_a_score_may_not_hide_a_column() -> None:
    """A score called like a fixed column is refused."""
    with pytest.raises(ValueError, match="relation"):
        tables.score_names([Comparison("a", "b", 0.75, "rewrite", {"relation": 1.0})])
