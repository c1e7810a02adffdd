"""The flat tables: fixed columns, sorted rows, the same bytes, and nothing half-written."""

import json
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from lineage import verify
from lineage.errors import IndexFormatError, MissingInput, OutputError
from lineage.pipeline import writing
from lineage.records import Change, Comparison, Derivation, Edge, Fate, Kept, Reframing, Rival, Span, Story
from lineage.report import files, tables

SCORES = {name: place / 100 for place, name in enumerate(verify.SCORES)}
PAIRS = [
    Comparison("b", "c", 0.25, "same event", SCORES),
    Comparison("a", "b", 0.75, "rewrite", SCORES),
    Comparison("a", "ж", 1.0, "copy", SCORES),
]


def story() -> Story:
    change = Change("number", "2.4 billion", "4.2 billion", Span(3, 14), Span(5, 16))
    headline = Change("headline", "Old", "New")
    told = Reframing((change, headline), Fate(kept=3, changed=1, quotes=Kept(1, 2)), "Two changes.")
    rivals = (Rival("", 0.05), Rival("c", 0.08))
    edge = Edge("a", "b", 0.75, True, 0.9, "rewrite", rivals=rivals, covers=(Span(0, 10), Span(20, 25)), reframing=told)
    return Story("s1", ("a", "b", "c"), Derivation(("a", "b", "c"), edges=(edge,)))


def written(folder: Path, pairs: Iterable[Comparison]) -> Path:
    """The folder with the pairs as a scan leaves them there."""
    folder.mkdir()
    writing.pairs(folder, writing.given(tuple(pairs), ("a", "b", "c", "ж")), ("a", "b", "c", "ж"), jsonl=True)
    return folder


def test_pairs_come_back_sorted_in_the_same_bytes(tmp_path: Path) -> None:
    """Any order of input gives the same files, and both give the pairs back."""
    first, second = written(tmp_path / "one", PAIRS), written(tmp_path / "two", reversed(PAIRS))
    for name in ("pairs.parquet", "pairs.jsonl"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    back = list(tables.read_pairs(first / "pairs.parquet"))
    assert back == sorted(PAIRS, key=lambda pair: (pair.a, pair.b))
    assert [dict(pair.scores) for pair in back] == [SCORES] * len(PAIRS)
    rows = [json.loads(line) for line in (first / "pairs.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row.pop("a"), row.pop("b"), row.pop("probability"), row.pop("relation")) for row in rows] == [
        (pair.a, pair.b, pair.probability, pair.relation) for pair in back
    ]
    assert rows == [SCORES] * len(PAIRS)


def test_pairs_have_one_float_column_a_score(tmp_path: Path) -> None:
    """The columns are the four fixed ones, then the scores, sorted; no pairs still give a table."""
    schema = pq.read_schema(written(tmp_path / "some", PAIRS) / "pairs.parquet")
    assert schema.names == ["a", "b", "probability", "relation", *sorted(SCORES)]
    assert {str(schema.field(name).type) for name in SCORES} == {"double"}
    assert list(tables.read_pairs(written(tmp_path / "none", []) / "pairs.parquet")) == []


def test_edges_and_changes_are_flat() -> None:
    """One row an edge with its best rival and its counts; one row a change with its place among them."""
    (edge,) = tables.edge_table([story()]).to_pylist()
    assert (edge["story"], edge["parent"], edge["child"], edge["rival"]) == ("s1", "a", "b", "c")
    assert (edge["kept"], edge["quotes_kept"], edge["quotes_total"], edge["covered"]) == (3, 1, 2, 15)
    number, headline = tables.change_table([story()]).to_pylist()
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
        writing.skipped(tmp_path / "nowhere", [])


def test_a_table_that_is_none_is_named(tmp_path: Path) -> None:
    """Absent and damaged tables raise errors that name the file."""
    with pytest.raises(MissingInput, match="absent"):
        list(tables.read_pairs(tmp_path / "absent.parquet"))
    (tmp_path / "damaged.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(IndexFormatError, match="damaged"):
        list(tables.read_pairs(tmp_path / "damaged.parquet"))
    pq.write_table(tables.edge_table([story()]), tmp_path / "edges.parquet")
    with pytest.raises(IndexFormatError, match="no column 'a'"):
        list(tables.read_pairs(tmp_path / "edges.parquet"))


def test_a_score_may_not_hide_a_column() -> None:
    """A score called like a fixed column is refused."""
    with pytest.raises(ValueError, match="relation"):
        tables.score_names([Comparison("a", "b", 0.75, "rewrite", {"relation": 1.0})])
