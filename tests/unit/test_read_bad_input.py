"""Bad input is named, counted, and never fatal unless the user named that very file."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from lineage import ingest
from lineage.errors import InputError, MissingInput, SettingsError
from lineage.records import Article, Skipped
from lineage.settings import ReadSettings

GOOD = "One two three four five six seven words.\n"
NOISE = bytes(range(256)) * 40


def taken(
    inputs: Path | Sequence[Path], settings: ReadSettings = ingest.DEFAULT
) -> tuple[list[Article], list[Skipped]]:
    skipped: list[Skipped] = []
    return list(ingest.articles(inputs, settings, skipped.append)), skipped


def put(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", "", "empty file"),
        ("a.txt", " \n\t\n", "empty text"),
        ("a.txt", "Word", "too short"),
        ("a.txt", NOISE, "binary"),
        ("a.txt.gz", gzip.compress(b"", mtime=0), "empty file"),
        ("a.md", "---\ntitle: nothing else\n---\n", "empty text"),
        ("a.json", "", "empty file"),
        ("a.json", "  ", "empty file"),
        ("a.json", NOISE, "binary"),
        ("a.json", "[1]", "not an object"),
        ("a.json", '{"text": "' + "x", "damaged file"),
        ("a.json", "[" * 100_000, "damaged file"),
        ("a.jsonl", "", "empty file"),
        ("a.jsonl", NOISE, "binary"),
        ("a.jsonl", "{'text': 'x'}\n", "broken JSON"),
        ("a.jsonl", '["text"]\n', "not an object"),
        ("a.jsonl", '{"text": ""}\n', "empty text"),
        ("a.jsonl", '{"text": null}\n', "empty text"),
        ("a.jsonl", '{"text": "two words"}\n', "too short"),
        ("a.jsonl", '{"text": 12}\n', "no text field"),
        ("a.jsonl", '{"body": "one two three four five"}\n', "no text field"),
        ("a.csv", "", "empty file"),
        ("a.csv", "id,text\n", "empty file"),
        ("a.csv", NOISE, "binary"),
        ("a.csv", "text,title\none two three four five\nx,y,z\n", "broken row"),
        ("a.csv", "text,title\n,y\n", "empty text"),
        ("a.csv", "text,title\rone two,y\r", "damaged file"),
        ("a.csv", "body,title\none two three four five,y\n", "no text field"),
        ("a.csv", "text\n" + '"' + "x" * 20_000, "too short"),
        ("a.parquet", "", "damaged file"),
        ("a.parquet", NOISE, "damaged file"),
        ("a.doc", "<p>text</p>", "unknown format"),
        ("a.gz", gzip.compress(GOOD.encode(), mtime=0), "unknown format"),
        ("README", GOOD, "unknown format"),
        ("a.jsonl.gz", b"no gzip at all", "damaged file"),
        ("a.jsonl.zst", b"no zstandard at all", "damaged file"),
    ],
)
def test_what_cannot_be_taken_is_named(tmp_path: Path, name: str, content: str | bytes, reason: str) -> None:
    """In a folder each bad file is skipped once with its reason, its place and a remedy, and the rest is read."""
    bad = put(tmp_path, name, content)
    put(tmp_path, "good.txt", GOOD)
    found, skipped = taken(tmp_path)
    assert "good" in [article.id for article in found]
    assert [entry.reason for entry in skipped] == [reason]
    assert skipped[0].where.startswith(str(bad))
    assert skipped[0].detail


def test_a_missing_input_is_an_error_before_anything_is_read(tmp_path: Path) -> None:
    """Fact, place and remedy; raised by the call itself."""
    with pytest.raises(MissingInput, match=r"nowhere; check the path"):
        ingest.articles([tmp_path, tmp_path / "nowhere"])


def test_a_named_file_of_unknown_format_is_an_error(tmp_path: Path) -> None:
    """Named by the user, so not passed over in silence."""
    with pytest.raises(InputError, match=r"unknown format: .*a\.docx"):
        ingest.articles(put(tmp_path, "a.docx", GOOD))


def test_an_unknown_field_in_the_map_is_an_error(tmp_path: Path) -> None:
    """The left side of a pair is one of ours."""
    with pytest.raises(SettingsError, match="'body'"):
        ingest.articles(tmp_path, ReadSettings(map={"body": "text"}))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "body,title\none two three four five,y\n", 'found "body": try --map text=body'),
        ("a.jsonl", '{"Text": "one two three four five"}\n', 'found "Text": try --map text=Text'),
        ("a.json", '{"story_of_it": "one two three four five"}', 'found "story_of_it"'),
        ("a.jsonl", "{}\n", "found nothing"),
        ("a.csv", '"' + "Words of an article, not of a header. " * 9 + '"\nx\n', "put a line with names above it"),
        ("a.parquet", NOISE, "not readable as Parquet"),
        ("a.parquet", NOISE, "a.parquet; fetch the file again"),
        ("a.json", "{", "not JSON"),
        ("a.jsonl.gz", b"no gzip at all", "gzip"),
    ],
)
def test_a_named_file_of_which_nothing_can_be_used_is_an_error(
    tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    """One line that says what was found, where, and what to do."""
    path = put(tmp_path, name, content)
    with pytest.raises(InputError) as caught:
        taken(path)
    assert told in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_row_without_text_does_not_stop_a_named_file(tmp_path: Path) -> None:
    """Only where every row lacks the field is the name wrong."""
    path = put(tmp_path, "a.jsonl", json.dumps({"text": GOOD}) + '\n{"body": "x"}\n')
    found, skipped = taken(path)
    assert (len(found), [entry.reason for entry in skipped]) == (1, ["no text field"])


def test_a_broken_line_is_passed_over_by_number(tmp_path: Path) -> None:
    """The lines around it are read."""
    lines = [json.dumps({"id": "a", "text": GOOD}), '{"id": "b", ', json.dumps({"id": "c", "text": GOOD})]
    path = put(tmp_path, "a.jsonl", "\n".join(lines))
    found, skipped = taken(path)
    assert [article.id for article in found] == ["a", "c"]
    assert [(entry.where, entry.reason) for entry in skipped] == [(f"{path}:2", "broken JSON")]


@pytest.mark.parametrize("packing", ["gz", "zst"])
def test_a_truncated_file_keeps_what_came_before(tmp_path: Path, packing: str) -> None:
    """The whole lines before the damage are read, and the damage is told."""
    noise = os.urandom(400_000).hex()
    lines = "".join(
        json.dumps({"id": str(n), "text": f"{GOOD} {noise[n * 8000 : n * 8000 + 8000]}"}) + "\n" for n in range(90)
    )
    packed = gzip.compress(lines.encode(), mtime=0) if packing == "gz" else zstandard.compress(lines.encode())
    path = put(tmp_path, f"a.jsonl.{packing}", packed[: len(packed) * 3 // 4])
    found, skipped = taken(path)
    assert 0 < len(found) < 90
    assert [article.id for article in found] == [str(n) for n in range(len(found))]
    assert [entry.reason for entry in skipped] == ["damaged file"]


def test_a_truncated_text_keeps_its_beginning(tmp_path: Path) -> None:
    """A single article is read as far as it goes."""
    packed = gzip.compress(GOOD.encode() + os.urandom(100_000).hex().encode(), mtime=0)
    found, skipped = taken(put(tmp_path, "a.txt.gz", packed[: len(packed) // 2]))
    assert found[0].text.startswith(GOOD)
    assert [entry.reason for entry in skipped] == ["damaged file"]


def test_a_truncated_table_is_told(tmp_path: Path) -> None:
    """Parquet keeps its directory at the end; without it nothing can be read."""
    pq.write_table(pa.table({"text": [GOOD] * 1000}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    put(tmp_path, "a.parquet", whole[: len(whole) // 2])
    found, skipped = taken(tmp_path)
    assert (found, [entry.reason for entry in skipped]) == ([], ["damaged file"])


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "The “minister” said £3 million wasn’t enough — “not at all”. A café owner agreed."),
        ("latin-1", "Der Präsident erklärte am Dienstag, dass die Maßnahmen für alle Bürger gälten."),
        ("cp1250", "Prezydent powiedział we wtorek, że środki będą dotyczyć wszystkich obywateli."),
        ("cp1251", "Президент заявил во вторник, что меры будут действовать для всех граждан страны."),
        ("gb18030", "中国国家主席周二表示，这些措施将适用于所有公民。"),
        ("shift_jis", "大統領は火曜日、この措置がすべての市民に適用されると述べた。"),
        ("utf-16", "Ordinary words, two bytes each, and then some more."),
        ("utf-16-be", "\ufeffOrdinary words, two bytes each, and then some more."),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl", "a.csv"])
def test_other_encodings_are_recognised(tmp_path: Path, encoding: str, text: str, name: str) -> None:
    """What is not UTF-8 is read as what it is, in every kind of text file."""
    mark, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    forms = {"a.txt": body, "a.jsonl": json.dumps({"text": body}, ensure_ascii=False), "a.csv": f'text\n"{body}"\n'}
    [article], skipped = taken(put(tmp_path, name, (mark + forms[name]).encode(encoding)))
    assert (article.text, skipped) == (body, [])


def test_duplicate_ids_keep_the_first_of_the_sorted_files(tmp_path: Path) -> None:
    """The second is named, and whether its text is another."""
    put(
        tmp_path, "b.jsonl", json.dumps({"id": "x", "text": GOOD}) + "\n" + json.dumps({"id": "x", "text": f"B {GOOD}"})
    )
    put(tmp_path, "a.jsonl", json.dumps({"id": "x", "text": GOOD}))
    for inputs in (tmp_path, [tmp_path / "b.jsonl", tmp_path / "a.jsonl"]):
        found, skipped = taken(inputs)
        assert [(article.id, article.text) for article in found] == [("x", GOOD)]
        assert [entry.reason for entry in skipped] == ["duplicate id", "duplicate id"]
        assert "same article" in skipped[0].detail
        assert "another text" in skipped[1].detail


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_long_text_is_cut_and_said_to_be(tmp_path: Path, name: str) -> None:
    """The beginning is kept, on a whole character."""
    text = "süße Wörter " * 500
    path = put(tmp_path, name, text if name == "a.txt" else json.dumps({"text": text}))
    [article], skipped = taken(path, ReadSettings(max_chars=1000))
    assert article.text == text[:1000]
    assert [entry.reason for entry in skipped] == ["cut"]


def test_what_utf8_cannot_hold_is_replaced_one_for_one(tmp_path: Path) -> None:
    """Lone surrogates and NUL become the replacement character, so that spans still fit."""
    path = put(tmp_path, "a.jsonl", '{"text": "one\\u0000 two \\ud800 three four five", "k\\udfff": ["\\ud83d"]}')
    [article], _ = taken(path)
    assert article.text == "one\ufffd two \ufffd three four five"
    assert article.extra == {"k\ufffd": ["\ufffd"]}


def test_a_file_name_that_is_no_utf8_is_no_obstacle(tmp_path: Path) -> None:
    """The id is text that can be written."""
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.txt")).write_text(GOOD)
    [article], skipped = taken(tmp_path)
    assert (article.id, skipped) == ("caf\ufffd", [])


def test_an_unreadable_date_is_kept_beside(tmp_path: Path) -> None:
    """Refused as a stamp, kept as what it was."""
    path = put(tmp_path, "a.jsonl", json.dumps({"text": GOOD, "published": "last Tuesday"}))
    [article], _ = taken(path)
    assert (article.published, article.extra) == (None, {"published": "last Tuesday"})


def test_long_cells_are_read(tmp_path: Path) -> None:
    """An article is longer than the cells that the csv module expects."""
    [article], _ = taken(put(tmp_path, "a.csv", f'text\n"{GOOD * 10_000}"\n'))
    assert article.text == GOOD * 10_000


def test_a_pipe_in_a_folder_does_not_block(tmp_path: Path) -> None:
    """Only regular files are opened."""
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "gone.txt")
    found, skipped = taken(tmp_path)
    assert (found, [entry.reason for entry in skipped]) == ([], ["unreadable", "unreadable"])


def test_a_link_to_a_folder_is_told(tmp_path: Path) -> None:
    """It is not followed, for it may lead in a circle; what lies behind it is not lost without a word."""
    for name in ("in", "elsewhere"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, "a.txt", GOOD)
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "circle").symlink_to(tmp_path / "in")
    found, skipped = taken(tmp_path / "in")
    assert [article.id for article in found] == ["a"]
    assert [Path(entry.where).name for entry in skipped] == ["circle", "linked"]
    assert len(taken(tmp_path / "in" / "linked")[0]) == 1


@pytest.mark.parametrize("suffix", ["jsonl", "parquet", "csv"])
def test_the_ids_of_sources_are_refused(tmp_path: Path, suffix: str) -> None:
    """An article cannot pass for a named or posited source of its own story; each is counted and named."""
    rows = [{"id": id, "text": f"{GOOD} {id} " * 20} for id in ("named:reuters", "posited:1", "named", "a")]
    if suffix == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    elif suffix == "csv":
        put(tmp_path, "a.csv", "id,text\n" + "".join(f'{row["id"]},"{row["text"]}"\n' for row in rows))
    else:
        put(tmp_path, "a.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    found, skipped = taken(tmp_path)

    assert [article.id for article in found] == ["named", "a"]
    assert [entry.reason for entry in skipped] == ["reserved id", "reserved id"]


def test_a_column_that_stands_twice_is_said(tmp_path: Path) -> None:
    """Of two columns of one name the last counts, and a line says so."""
    [article], skipped = taken(put(tmp_path, "a.csv", f"id,text,text\na,old,{GOOD}"))

    assert article.text.startswith("One two")
    assert [(entry.reason, "'text' stands 2 times" in entry.detail) for entry in skipped] == [
        ("duplicate column", True)
    ]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.parquet"])
def test_a_field_that_no_row_has_is_said(tmp_path: Path, name: str) -> None:
    """A slip in `--map` costs the field, not silently; what one row has is there."""
    rows = [{"id": id, "text": f"some words of the article {id}", "date": "2024-03-05"} for id in "ab"]
    place = tmp_path / name
    if name == "a.csv":
        put(tmp_path, name, "".join(",".join(line) + "\n" for line in [list(rows[0]), *(row.values() for row in rows)]))
    elif name == "a.jsonl":
        put(tmp_path, name, "".join(json.dumps(row) + "\n" for row in rows))
    else:
        pq.write_table(pa.Table.from_pylist(rows), place)
    skipped: list[Skipped] = []
    found = list(ingest.articles(place, ReadSettings(map={"published": "dat", "title": "date"}), skipped.append))
    assert [article.id for article in found] == ["a", "b"]
    assert [(one.where, one.reason) for one in skipped] == [(str(place), "unknown column")]
    assert '"dat"' in skipped[0].detail
    assert "date, id, text" in skipped[0].detail


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_dates_that_cannot_be_read_are_said(tmp_path: Path, name: str) -> None:
    """A corpus of dates in another style has no dates at all, and that is not found out by its wrong stories."""
    days = ["05/03/2024", "06/03/2024", "2024-03-07", ""]
    rows = [{"id": f"a{at}", "text": f"some words of the article {at}", "date": day} for at, day in enumerate(days)]
    content = "".join(json.dumps(row) + "\n" for row in rows)
    if name == "a.csv":
        content = "".join(",".join(line) + "\n" for line in [list(rows[0]), *(row.values() for row in rows)])
    place = put(tmp_path, name, content)
    skipped: list[Skipped] = []
    found = list(ingest.articles(place, ReadSettings(map={"published": "date"}), skipped.append))

    assert [article.published is None for article in found] == [True, True, False, True]
    assert [(one.where, one.reason, one.times) for one in skipped] == [(str(place), "unread date", 2)]
    assert '"05/03/2024"' in skipped[0].detail


@pytest.mark.parametrize("name", ["a.txt.gz", "a.json.gz", "a.md.gz"])
def test_what_cannot_be_read_is_not_called_empty(tmp_path: Path, name: str) -> None:
    """One file is counted once, and nobody knows that a file he could not read holds nothing."""
    put(tmp_path, "good.txt", GOOD)
    put(tmp_path, name, "this was never packed")
    assert [one.reason for one in taken(tmp_path)[1]] == ["damaged file"]


@pytest.mark.parametrize(("name", "mark"), [("a.csv", ","), ("a.tsv", "\t")])
def test_an_open_quotation_swallows_no_rows(tmp_path: Path, name: str, mark: str) -> None:
    """All rows behind it were one article, and nothing said that they were missing; one at the end harms nobody."""
    texts = ["some words of the first text", '"unclosed words of the second text', "some words of the third text"]
    lines = [f"{at}{mark}{text}" for at, text in enumerate(texts)]
    found, skipped = taken(put(tmp_path, name, "\n".join([f"id{mark}text", *lines, ""])))
    assert [article.id for article in found] == ["0"]
    assert [(one.where[-2:], one.reason) for one in skipped] == [("#2", "broken row")]
    assert "joins lines 3 to 4" in skipped[0].detail

    found, skipped = taken(put(tmp_path, name, "\n".join([f"id{mark}text", lines[0], "", lines[1]])))
    assert ([article.id for article in found], skipped) == (["0", "1"], [])


_LOST = "RIGHTS_ARE_LOST"


def _tested_without_rights(test: str) -> None:
    """The test once more in a process that has lost root's right to read everything."""
    rights = "-dac_override,-dac_read_search"
    process = ["setpriv", "--bounding-set", rights, "--inh-caps", rights, sys.executable]
    tested = [*process, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"{__file__}::{test}"]
    told = subprocess.run(tested, env=os.environ | {_LOST: "1"}, capture_output=True, text=True, check=False).stdout
    assert "1 passed" in told, told


def test_what_may_not_be_read_is_one_line(tmp_path: Path) -> None:
    """A locked file of a folder is named once; a folder that may not be entered is an error with its remedy."""
    put(tmp_path, "good.txt", GOOD)
    locked = put(tmp_path, "locked.txt", GOOD)
    locked.chmod(0)
    if os.access(locked, os.R_OK):
        assert _LOST not in os.environ, "the rights are still there"
        _tested_without_rights("test_what_may_not_be_read_is_one_line")
        return
    closed = tmp_path / "closed"
    closed.mkdir()
    inside = put(closed, "a.txt", GOOD)
    closed.chmod(0)
    try:
        found, skipped = taken(tmp_path)
        assert ([article.id for article in found], [one.reason for one in skipped]) == (["good"], ["unreadable"] * 2)
        for place in (closed, inside):
            with pytest.raises(InputError, match=f"Permission denied; {place}; check its permissions"):
                taken(place)
    finally:
        closed.chmod(0o700)


def test_texts_that_are_html_are_said(tmp_path: Path) -> None:
    """Their tags are read as words and hide quotations; a text that only speaks of a tag is none of them."""
    body = "<div><p>Some words of the article.</p><p>&quot;And a quotation,&quot; she said.</p></div>"
    texts = [body, body.upper(), "Write &lt;p&gt; or <p>, and close it with </p>; a < b and b > c hold.", GOOD]
    place = put(tmp_path, "a.jsonl", "".join(json.dumps({"text": text}) + "\n" for text in texts))
    found, skipped = taken(place)
    assert [article.text for article in found] == texts
    assert [(one.where, one.reason, one.times) for one in skipped] == [(str(place), "markup", 2)]
    assert "</p>" in skipped[0].detail


def test_an_index_is_no_folder_of_articles(tmp_path: Path) -> None:
    """Its own files are never read as articles; what to do with it is said."""
    put(tmp_path, "index.json", "{}")
    put(tmp_path, "lock", "")
    with pytest.raises(InputError, match="lineage scan"):
        taken(tmp_path)
    with pytest.raises(InputError, match="lineage scan"):
        taken([tmp_path, put(tmp_path, "a.txt", GOOD)])
