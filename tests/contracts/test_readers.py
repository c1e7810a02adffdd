"""One suite over every format: the same articles, written in each, read back equal."""

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from lineage import ingest
from lineage.errors import InputError
from lineage.ingest.dates import stamp
from lineage.records import Article, Skipped
from lineage.settings import ReadSettings

ROWS: tuple[Mapping[str, str], ...] = (
    {
        "id": "harbour-1",
        "text": 'The harbour master said: "Two, not three, ships were late."\n\nNobody was hurt, he added. \U0001f6a2',
        "title": "Ships late; harbour calm",
        "published": "2024-03-05T10:20:00+01:00",
        "source": "The Quay",
        "author": "A. Mole",
        "url": "https://quay.example/1",
        "lang": "en",
        "desk": "local, port",
    },
    {"id": "haven-2", "text": "Der Hafenmeister erklärte am Dienstag, zwei Schiffe seien verspätet.\n", "lang": "de"},
    {
        "id": "port-3",
        "text": "港务局长周二表示，有两艘船晚点，没有人受伤。",
        "title": "两艘船晚点",
        "published": "2024年3月5日",
    },
)
NAMES = tuple(dict.fromkeys(name for row in ROWS for name in row))


def expected(row: Mapping[str, str]) -> Article:
    fields = {name: row.get(name, "") for name in ("title", "source", "author", "url", "lang")}
    extra = {"desk": row["desk"]} if "desk" in row else {}
    return Article(row["id"], row["text"], published=stamp(row.get("published")), extra=extra, **fields)


def as_jsonl() -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS).encode()


def as_table(separator: str) -> bytes:
    out = io.StringIO()
    table = csv.DictWriter(out, NAMES, delimiter=separator, lineterminator="\r\n")
    table.writeheader()
    table.writerows(ROWS)
    return out.getvalue().encode()


def as_parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([{name: row.get(name) for name in NAMES} for row in ROWS]), out)
    return out.getvalue()


WHOLE: dict[str, Callable[[], bytes]] = {
    "list.json": lambda: json.dumps(ROWS).encode(),
    "indented.json": lambda: json.dumps(ROWS, indent=2, ensure_ascii=False).encode("utf-8-sig"),
    "wrapped.json": lambda: json.dumps({"articles": ROWS, "total": 3}).encode(),
    "lines.jsonl": as_jsonl,
    "escaped.ndjson": lambda: "".join(json.dumps(row) + "\r\n" for row in ROWS).encode(),
    "marked.jsonl": lambda: as_jsonl().decode().encode("utf-8-sig"),
    "wide.jsonl": lambda: as_jsonl().decode().encode("utf-16"),
    "lines.jsonl.gz": lambda: gzip.compress(as_jsonl()),
    "lines.jsonl.zst": lambda: zstandard.compress(as_jsonl()),
    "frames.jsonl.zst": lambda: b"".join(map(zstandard.compress, as_jsonl().splitlines(keepends=True))),
    "list.json.gz": lambda: gzip.compress(json.dumps(ROWS).encode()),
    "commas.csv": lambda: as_table(","),
    "semicolons.csv": lambda: as_table(";"),
    "commas.csv.gz": lambda: gzip.compress(as_table(",")),
    "wide.csv": lambda: as_table(",").decode().encode("utf-16"),
    "tabs.tsv": lambda: as_table("\t"),
    "tabs.tsv.zst": lambda: zstandard.compress(as_table("\t")),
    "table.parquet": as_parquet,
}


@pytest.mark.parametrize("name", WHOLE)
def test_every_format_holds_the_same_articles(tmp_path: Path, name: str) -> None:
    """Text, fields, stamp and further columns come back equal, in order, and nothing is skipped."""
    path = tmp_path / name
    path.write_bytes(WHOLE[name]())
    skipped: list[Skipped] = []
    assert list(ingest.articles(path, on_skip=skipped.append)) == [expected(row) for row in ROWS]
    assert skipped == []


@pytest.mark.parametrize("name", WHOLE)
def test_every_format_takes_other_names(tmp_path: Path, name: str) -> None:
    """The field map and the story field mean the same in every format."""
    path = tmp_path / name
    path.write_bytes(WHOLE[name]())
    found = list(ingest.articles(path, ReadSettings(map={"title": "desk", "id": "url"}, story_field="lang")))
    assert [article.story for article in found] == ["en", "de", ""]
    assert (found[0].id, found[0].title) == ("https://quay.example/1", "local, port")
    assert found[0].extra == {"id": "harbour-1", "title": "Ships late; harbour calm"}


@pytest.mark.parametrize(
    "rows",
    [
        list(ROWS),
        iter(ROWS),
        pd.DataFrame(ROWS),
        pa.Table.from_pylist([{name: row.get(name) for name in NAMES} for row in ROWS]),
    ],
    ids=["list", "iterator", "DataFrame", "Arrow table"],
)
def test_rows_in_memory_hold_the_same_articles(rows: object) -> None:
    """Dicts and frames are read as files are."""
    assert list(ingest.from_rows(rows)) == [expected(row) for row in ROWS]


def test_a_row_that_is_no_row_is_refused() -> None:
    """The error says what came instead."""
    with pytest.raises(InputError, match="a row is str"):
        list(ingest.from_rows(["some text"]))


PLAIN = {
    "plain.txt": "A title\n\nThe first line.\n\nThe second line says more.\n",
    "windows.txt": "\ufeffA title\r\n\r\nThe first line.\r\n\r\nThe second line says more.\r\n",
    "heading.md": "# A title\n\nThe first line.\n\nThe second line says more.\n",
    "matter.md": '---\ntitle: "A title"\n---\n\nThe first line.\n\nThe second line says more.\n',
    "both.md": "---\ntitle: A title\n---\n# A title\n\nThe first line.\n\nThe second line says more.\n",
}


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize("name", PLAIN)
def test_every_plain_format_holds_the_same_article(tmp_path: Path, name: str, packing: str) -> None:
    """The title is apart, newlines are one character, the text is otherwise as written."""
    pack: dict[str, Callable[[bytes], bytes]] = {"": bytes, ".gz": gzip.compress, ".zst": zstandard.compress}
    path = tmp_path / (name + packing)
    path.write_bytes(pack[packing](PLAIN[name].encode()))
    [article] = ingest.articles(path)
    assert article == Article(name.split(".")[0], "The first line.\n\nThe second line says more.\n", title="A title")


def test_front_matter_gives_fields(tmp_path: Path) -> None:
    """Fields by the map, the rest kept; the body is untouched."""
    path = tmp_path / "story.md"
    path.write_text("---\ndate: 2024-03-05\nid: m1\nmood: calm\n---\nSome words stand here, enough of them.\n")
    [article] = ingest.articles(path, ReadSettings(map={"published": "date"}))
    assert (article.id, article.extra, article.published) == ("m1", {"mood": "calm"}, stamp("2024-03-05"))
    assert article.text == "Some words stand here, enough of them.\n"


@pytest.mark.parametrize(
    "text",
    [
        "A first line directly followed\nby the second one of the text.\n",
        "word " * 31 + "\n\nand the text after a long first line\n",
        "x" * 201 + "\n\nand the text after a long first line\n",
        "Only one line with words in it, no more.\n\n",
        "两" * 40 + "。\n\n港务局长周二表示，有两艘船晚点。\n",
    ],
)
def test_what_is_no_title_stays_text(tmp_path: Path, text: str) -> None:
    """Without a short first line and a blank one after it there is no title."""
    path = tmp_path / "a.txt"
    path.write_text(text, encoding="utf-8")
    [article] = ingest.articles(path)
    assert (article.title, article.text) == ("", text)


def test_ids_are_the_path_below_the_input(tmp_path: Path) -> None:
    """Folders show in the id, the suffix and hidden files do not; rows count from one."""
    for name in ("b/two.v1.txt", "a.txt", ".hidden/x.txt", "b/.y.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("one two three four five six\n")
    (tmp_path / "rows.jsonl").write_text('{"text": "one two three four five"}\n\n{"text": "one two three four six"}\n')
    assert [article.id for article in ingest.articles(tmp_path)] == ["a", "rows#1", "rows#3", "b/two.v1"]


def test_the_order_of_inputs_never_matters(tmp_path: Path) -> None:
    """Files of one name in several inputs keep apart, by names that do not depend on the order."""
    for outlet in ("quay", "herald"):
        (tmp_path / outlet).mkdir()
        (tmp_path / outlet / "story.txt").write_text(f"one two three four five {outlet}\n")
    inputs = [tmp_path / "quay", tmp_path / "herald", tmp_path / "quay" / "story.txt"]
    forth, back = (list(ingest.articles(order)) for order in (inputs, inputs[::-1]))
    assert forth == back
    assert [article.id for article in forth] == ["herald/story", "quay/story"]


@pytest.mark.parametrize(
    ("value", "id"), [(7, "7"), (7.0, "7"), ("  x ", "x"), ("", "rows#1"), (None, "rows#1"), (True, "True")]
)
def test_ids_become_text(value: object, id: str) -> None:
    """A number is its digits, nothing is the place of the row."""
    [article] = ingest.from_rows([{"id": value, "text": "one two three four five"}])
    assert article.id == id


def test_whole_numbers_of_a_frame_with_gaps_stay_whole() -> None:
    """pandas makes floats of integers beside a gap; the id does not show it."""
    frame = pd.DataFrame({"id": [1, None, 3], "text": ["one two three four five"] * 3})
    assert [article.id for article in ingest.from_rows(frame)] == ["1", "rows#2", "3"]


def test_parquet_dates_of_every_unit_are_read(tmp_path: Path) -> None:
    """A timestamp column is a stamp, down to nanoseconds."""
    when = pd.Timestamp("2024-03-05T10:20:30.123456789Z")
    for unit in ("s", "ms", "us", "ns"):
        column = pa.array([when.value // 10 ** {"s": 9, "ms": 6, "us": 3, "ns": 0}[unit]], pa.timestamp(unit, "UTC"))
        pq.write_table(pa.table({"text": ["one two three four five"], "published": column}), tmp_path / "a.parquet")
        [article] = ingest.articles(tmp_path / "a.parquet")
        assert article.published is not None
        assert article.published.precision == "second"
        assert article.published.earliest.isoformat() == "2024-03-05T10:20:30+00:00"


@given(st.text(min_size=1), st.text(), st.text())
def test_any_text_survives_json(text: str, title: str, id: str) -> None:
    """Whatever JSON can hold is an article that UTF-8 can hold, or is skipped with a reason."""
    skipped: list[Skipped] = []
    row = json.loads(json.dumps({"text": text, "title": title, "id": id, "more": [text]}))
    found = list(ingest.from_rows([row], ReadSettings(min_words=1), skipped.append))
    assert len(found) + len(skipped) == 1
    for article in found:
        assert len(article.text) == len(text)
        json.dumps([article.id, article.text, article.title, dict(article.extra)], ensure_ascii=False).encode()
