"""Near copies alone: what is read, what is grouped, and that neither order nor threads matter."""

import gzip
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lineage
from lineage import ingest, pipeline
from lineage.ingest import columns, table
from lineage.kernels.components import batches, components
from lineage.records import Skipped
from lineage.settings import CandidateSettings, ReadSettings, Settings

LONG = " ".join(f"word{number}" for number in range(80))
ODD: list[dict[str, Any]] = [
    {"id": "short", "text": "one two three four five six"},
    {"id": "shorter", "text": "one two"},
    {"id": "blank", "text": "   "},
    {"id": "none", "text": None},
    {"id": None, "text": LONG + " nameless"},
    {"id": " spaced ", "text": LONG + " spaced"},
    {"id": "named:plain", "text": LONG},
    {"id": "plain", "text": LONG},
    {"id": "plain", "text": LONG},
    {"id": "plain", "text": LONG + " another"},
    {"id": "accents", "text": "é" * 40 + " " + LONG},
    {"id": "overlong", "text": LONG * 30},
    {"id": "last", "text": LONG + " last"},
]


def told(paths: Sequence[Path], settings: ReadSettings = ReadSettings()) -> tuple[list[tuple[str, str]], set[str]]:
    """Ids and texts as columns have them, and the reasons for what is missing."""
    skipped: list[Skipped] = []
    found = []
    for column in columns.columns(paths, settings, skipped.append):
        for id, start, stop in zip(column.ids, column.starts, column.stops, strict=True):
            found.append((id, bytes(column.data[start:stop]).decode()))
    return sorted(found), {entry.reason for entry in skipped}


def careful(paths: Sequence[Path], settings: ReadSettings = ReadSettings()) -> tuple[list[tuple[str, str]], set[str]]:
    """The same as every other command reads it."""
    skipped: list[Skipped] = []
    found = sorted((a.id, a.text) for a in ingest.articles(paths, settings, skipped.append))
    return found, {entry.reason for entry in skipped}


@pytest.mark.parametrize("suffix", ["jsonl", "jsonl.gz", "parquet", "json", "csv"])
def test_columns_are_the_articles_that_are_read_elsewhere(tmp_path: Path, suffix: str) -> None:
    """Odd rows among regular ones are taken, cut, refused and counted as everywhere else."""
    path = tmp_path / f"rows.{suffix}"
    lines = "".join(json.dumps(row) + "\n" for row in ODD)
    if suffix == "parquet":
        pq.write_table(pa.Table.from_pylist(ODD), path)
    elif suffix == "json":
        path.write_text(json.dumps(ODD))
    elif suffix == "csv":
        path.write_text("id,text\n" + "".join(f"{row['id'] or ''},{row['text'] or ''}\n" for row in ODD))
    elif suffix.endswith("gz"):
        path.write_bytes(gzip.compress(lines.encode()))
    else:
        path.write_text(lines + "{broken\n\n[1]\n")
    settings = ReadSettings(max_chars=1000)

    assert told([path], settings) == careful([path], settings)


def test_odd_files_are_read_the_careful_way(tmp_path: Path) -> None:
    """Other encodings, other types and other names are no reason to miss an article."""
    (tmp_path / "latin.jsonl").write_bytes(
        json.dumps({"id": "latin", "text": f"é {LONG}"}, ensure_ascii=False).encode("latin-1")
    )
    (tmp_path / "wide.jsonl").write_bytes(json.dumps({"id": "wide", "text": LONG}).encode("utf-16"))
    (tmp_path / "plain.txt").write_text(LONG)
    pq.write_table(pa.table({"id": [1, 2], "text": [LONG, LONG]}), tmp_path / "numbers.parquet")
    pq.write_table(pa.table({"text": [LONG]}), tmp_path / "nameless.parquet")

    assert told([tmp_path]) == careful([tmp_path])
    assert len(told([tmp_path])[0]) == 6


def test_a_truncated_file_is_an_error_in_one_line(tmp_path: Path) -> None:
    """A Parquet file that was cut off is named with what to do."""
    path = tmp_path / "cut.parquet"
    pq.write_table(pa.Table.from_pylist(ODD), path)
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(lineage.LineageError, match=r"cut\.parquet"):
        lineage.copies([path])


def corpus(tmp_path: Path, shuffle: int = 0) -> Path:
    """Forty unlike articles, two copies of one with an edit each, ninety equal notices, four texts without words."""
    draw = random.Random(1)
    rows = [{"id": f"a{n}", "text": " ".join(f"w{draw.randrange(10**6)}" for _ in range(120))} for n in range(40)]
    first = rows[7]["text"].split()
    rows += [{"id": f"copy{n}", "text": " ".join([*first[:50], "new", *first[52 + n :]])} for n in range(2)]
    rows += [{"id": f"notice{n:02}", "text": "This notice says the same in every paper. " * 8} for n in range(90)]
    rows += [{"id": f"void{n}", "text": "- " * 300} for n in range(4)]
    random.Random(shuffle).shuffle(rows)
    path = tmp_path / f"corpus{shuffle}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_near_copies_are_grouped(tmp_path: Path) -> None:
    """Copies and light edits are one group; a full bucket is one, and counted; the others are in none."""
    found = lineage.copies([corpus(tmp_path)])

    assert found.groups == (tuple(f"notice{n:02}" for n in range(90)), ("a7", "copy0", "copy1"))
    assert found.hot_buckets > 0


def test_order_and_threads_change_nothing(tmp_path: Path) -> None:
    """The groups are the same in any order, with any number of threads."""
    expected = lineage.copies([corpus(tmp_path)])

    assert lineage.copies([corpus(tmp_path, 1)], jobs=3) == expected


def test_a_higher_similarity_takes_fewer(tmp_path: Path) -> None:
    """Two articles that share too little are apart."""
    strict = Settings(candidates=CandidateSettings(similarity=0.97))

    assert [group[0] for group in lineage.copies([corpus(tmp_path)], strict).groups] == ["notice00"]


def test_the_command_lists_groups(tmp_path: Path) -> None:
    """One JSON array a line on stdout, the count on stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "lineage", "copies", str(corpus(tmp_path)), "--similarity", "0.6"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert [len(json.loads(line)) for line in done.stdout.splitlines()] == [90, 3]
    assert "136 articles, 93 of them in 2 groups" in done.stderr


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_components(pairs: list[tuple[int, int]]) -> None:
    """Every row stands with the least row it is tied to."""
    expected = list(range(10))
    for _ in pairs:
        for a, b in pairs:
            expected[a] = expected[b] = min(expected[a], expected[b])

    found = components(np.array(pairs, np.int32).reshape(-1, 2), 10, 10)
    assert found.tolist() == expected


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=40), st.integers(2, 6), st.integers(1, 9))
def test_batches(pairs: list[tuple[int, int]], most: int, long: int) -> None:
    """A batch ends where the next pair would make too many articles, or it is long enough; it never ends earlier."""
    pairs = [(a, b) for a, b in pairs if a != b]
    wanted, begun = [0], 0
    for row, pair in enumerate(pairs):
        named = {article for other in pairs[begun:row] for article in other}
        if len(named | set(pair)) > most or row - begun == long:
            begun = row
            wanted.append(row)
    assert batches(np.array(pairs, np.int32).reshape(-1, 2), 10, most, long).tolist() == wanted


@given(st.lists(st.none() | st.text(max_size=5), max_size=40), st.integers(0, 20), st.sampled_from([0, 1]))
def test_columns_are_read_as_they_lie(texts: list[str | None], start: int, large: int) -> None:
    """What is there and where it begins is what pyarrow says, also in a part of a column."""
    column = pa.array(texts, (pa.string(), pa.large_string())[large]).slice(start)
    assert table.filled_in(column).tolist() == column.is_valid().to_pylist()
    if len(column):
        bounds, data = table.borders(column).tolist(), (column.buffers()[2] or b"") and column.buffers()[2].to_pybytes()
        spelled = [data[begin:end].decode() for begin, end in pairwise(bounds)]
        assert spelled == [text or "" for text in column.to_pylist()]


def test_nothing_is_loaded_that_copies_do_not_need(tmp_path: Path) -> None:
    """A search for copies stays small: nothing that derives, reframes or draws is in its memory."""
    (tmp_path / "one.jsonl").write_text('{"id": "a", "text": "The ferry left the harbour of Aldvik at noon."}\n')
    pq.write_table(pa.table({"id": ["b", "c"], "text": [LONG + " one", None]}), tmp_path / "two.parquet")
    heavy = [
        "pandas",
        "networkx",
        "jinja2",
        "lineage.derive",
        "lineage.reframe",
        "lineage.report.page",
        "lineage.verify",
    ]
    script = f"""
import sys
from lineage import pipeline
assert len(pipeline.copies(["{tmp_path}"]).groups) == 0
print([name for name in {heavy} if name in sys.modules])
"""
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_every_name_of_the_pipeline_is_there() -> None:
    """Names are imported on first use, all that are announced."""
    assert all(getattr(pipeline, name) is not None for name in pipeline.__all__)
    with pytest.raises(AttributeError):
        _ = pipeline.no_such_name


def test_one_path_is_an_input(tmp_path: Path) -> None:
    """A folder by its name alone, as `read` and `trace` take it, is not a sequence of letters."""
    expected = lineage.copies([corpus(tmp_path)])
    assert lineage.copies(str(corpus(tmp_path))) == lineage.copies(corpus(tmp_path)) == expected


def test_nothing_has_no_copies(tmp_path: Path) -> None:
    """A folder without an article is no failure."""
    assert lineage.copies([tmp_path]).groups == ()
