"""The index: what is in it is found, whatever happened to it, and nobody reads half a state."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import zstandard
from typer.testing import CliRunner

import lineage
from lineage import store
from lineage.cli import app
from lineage.errors import IncompatibleSketches, IndexFormatError, IndexLocked, InputError, MissingInput
from lineage.pipeline import index as indexing
from lineage.pipeline import panels
from lineage.records import Article
from lineage.settings import CandidateSettings, CompareSettings, SketchSettings
from lineage.store import Folder

CORPUS = Path(__file__).parents[2] / "corpus"
FILES = sorted(CORPUS.glob("*/articles.jsonl"))


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return sorted(lineage.read(FILES), key=lambda article: article.id)


@pytest.fixture(scope="module")
def known(articles: list[Article], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the whole corpus; not to be changed."""
    place = tmp_path_factory.mktemp("known") / "index"
    lineage.Index.open(place).add(articles)
    return place


def content(index: lineage.Index) -> dict[str, Article | None]:
    return {id: index.get(id) for id in sorted(index.ids())}


def answers(index: lineage.Index, articles: list[Article]) -> list[list[indexing.Match]]:
    return [index.query(article, least=0.1) for article in articles[::9]]


def test_what_was_added_is_there(known: Path, articles: list[Article]) -> None:
    """Every article comes back as it was, dates and further columns included."""
    assert content(lineage.Index.open(known)) == {article.id: article for article in articles}


def test_a_version_finds_its_story(known: Path) -> None:
    """A version of a story finds other versions of it first, says how it stands to them and what it changed."""
    index = lineage.Index.open(known)
    cable = sorted(lineage.read(CORPUS / "cable"), key=lambda article: article.id)
    for asked in cable[1:3]:
        matches = index.query(asked, changes=True)
        assert matches
        assert {match.article for match in matches} <= {article.id for article in cable} - {asked.id}
        assert all(match.reframing is not None for match in matches)
        assert [match.probability for match in matches] == sorted((m.probability for m in matches), reverse=True)


def test_a_copy_says_it_is_one(known: Path, articles: list[Article]) -> None:
    """A known text under another id is a copy; a text from nowhere is from nobody."""
    index = lineage.Index.open(known)
    (best, *_) = index.query({"id": "new", "text": articles[0].text})

    assert (best.article, best.relation) == (articles[0].id, "copy")
    assert index.query("Nothing of this kind of sentence was ever written about gardening in winter anywhere.") == []


def test_the_way_it_grew_leaves_no_trace(
    articles: list[Article], known: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one go or bit by bit, with articles that went and came back, with merges: the same state and answers."""
    monkeypatch.setattr(indexing, "BATCH", 7)
    monkeypatch.setattr(indexing, "FULL", 3)
    index = lineage.Index.open(tmp_path / "grown")
    shuffled = list(articles)
    random.Random(4).shuffle(shuffled)
    old = [Article(article.id, "An older text of this article, of which nothing is left.") for article in shuffled[::5]]
    index.add(old)
    index.add(shuffled[:30])
    index.remove([article.id for article in shuffled[10:20]])
    for start in range(0, len(shuffled), 25):
        index.add(shuffled[start : start + 25])
    whole = lineage.Index.open(known)
    own, panel = (panels.load(some.folder.snapshot().panel).panel for some in (index, whole))

    assert content(index) == content(whole)
    assert np.array_equal(own.members, panel.members)
    for kind, tally in panel.tallies.items():
        assert np.array_equal(own.tallies[kind].values, tally.values)
        assert np.array_equal(own.tallies[kind].counts, tally.counts)
    assert answers(index, articles) == answers(whole, articles)
    assert index.stats()["segments"] < 12
    assert index.stats()["scheme"]["sketch.window"] == index.settings.sketch.window


def test_adding_again(articles: list[Article], tmp_path: Path) -> None:
    """The same text under the same id changes nothing, another one takes its place."""
    index = lineage.Index.open(tmp_path / "index")
    changed = [Article(articles[0].id, articles[1].text), *articles[1:4]]

    assert index.add(articles[:4]) == indexing.Added(added=4)
    generation = index.stats()["generation"]
    assert index.add(articles[:4]) == indexing.Added(unchanged=4)
    assert index.stats()["generation"] == generation
    assert index.add(changed) == indexing.Added(replaced=1, unchanged=3)
    assert index.get(articles[0].id) == changed[0]
    assert len(index) == 4


def test_what_was_removed_is_not_found(articles: list[Article], tmp_path: Path) -> None:
    """A removed article is in no answer; removing one that is not there is no error."""
    index = lineage.Index.open(tmp_path / "index")
    index.add(articles)
    copy = {"id": "new", "text": articles[5].text}
    assert index.query(copy)[0].article == articles[5].id

    assert index.remove([articles[5].id, "nobody"]) == 1
    assert articles[5].id not in index
    assert articles[5].id not in [match.article for match in index.query(copy)]
    assert articles[5].id not in [match.article for match in lineage.Index.open(tmp_path / "index").query(copy)]


def test_a_large_index_keeps_a_sample(articles: list[Article], tmp_path: Path) -> None:
    """Beyond `large` only a share of the skip pairs is kept, and versions are still found."""
    settings = lineage.Settings(candidates=CandidateSettings(large=20), compare=CompareSettings(panel=30))
    index = lineage.Index.open(tmp_path / "index", settings)
    index.add(articles)
    whole = {
        match.article
        for article in articles[::9]
        for match in lineage.Index.open(tmp_path / "index", settings).query(article)
    }

    assert index.parts()[0][0].keys.sample == settings.candidates.sample
    assert len(whole) > 10


def test_strange_articles_are_kept(tmp_path: Path) -> None:
    """Half a surrogate pair and a number beyond 64 bits are stored as near to what they were as can be."""
    index = lineage.Index.open(tmp_path / "index")
    index.add([Article("a", "Five words and a \ud800 half.", extra={"n": 1 << 70, "deep": [{"x": None}]})])
    index.add([Article("b", ""), Article("c", "一二三四五六七八九十")])

    found = index.get("a")
    assert found is not None
    assert found.text == "Five words and a \ufffd half."
    assert found.extra == {"n": str(1 << 70), "deep": [{"x": None}]}
    assert len(index) == 3


def test_readers_keep_their_state(articles: list[Article], tmp_path: Path) -> None:
    """Who reads sees the state that was there when it was opened, until it asks for the present one."""
    writer = lineage.Index.open(tmp_path / "index")
    writer.add(articles[:40])
    reader = lineage.Index.open(tmp_path / "index")
    before, told = content(reader), reader.stats()
    for start in range(40, len(articles), 10):
        writer.add(articles[start : start + 10])
    writer.remove([article.id for article in articles[:20]])

    assert content(reader) == before
    assert reader.stats() == told
    assert articles[3].id in [match.article for match in reader.query({"id": "new", "text": articles[3].text})]
    reader.refresh()
    assert content(reader) == content(writer)


def test_a_folder_of_articles_does_not_become_an_index(tmp_path: Path) -> None:
    """Who forgets to name the index finds the first folder of articles as it was, and is told."""
    monday, tuesday = tmp_path / "monday", tmp_path / "tuesday"
    for folder in (monday, tuesday):
        folder.mkdir()
        (folder / "a.txt").write_text("A text of five words and more.", encoding="utf-8")
    status, _, told = run("index", "add", monday, tuesday)
    assert (status, told.count("\n")) == (1, 1)
    assert "such as a.txt" in told
    assert [path.name for path in monday.iterdir()] == ["a.txt"]
    assert run("index", "create", monday)[0] == 1


def test_a_second_writer_is_refused(articles: list[Article], tmp_path: Path) -> None:
    """One writes; another is told so at once, and nothing is lost."""
    first, second = (lineage.Index.open(tmp_path / "index") for _ in range(2))
    with first.folder.writing(), pytest.raises(IndexLocked, match="another process is writing"):
        second.add(articles[:3])
    second.add(articles[:3])

    assert len(second) == 3


def test_another_scheme_is_refused(known: Path) -> None:
    """Keys of two kinds of sketches are never mixed; the message names what differs, as the settings call it."""
    other = lineage.Settings(sketch=SketchSettings(window=7))
    with pytest.raises(IncompatibleSketches, match=r"made with sketch\.window 4, not sketch\.window 7;"):
        lineage.Index.open(known, other)


def test_another_version_is_refused(articles: list[Article], tmp_path: Path) -> None:
    """Another manifest, other hashes, a segment cut short, a file of something else: told in one line."""
    index = lineage.Index.open(tmp_path / "index")
    index.add(articles[:3])
    manifest, segment = tmp_path / "index" / "index.json", next((tmp_path / "index").glob("*.segment"))
    whole = manifest.read_bytes(), segment.read_bytes()

    for place, content, message in (
        (manifest, whole[0].replace(b"lineage.index/1", b"lineage.index/9"), "lineage.index/9"),
        (manifest, whole[0].replace(b"lineage.sketch/", b"lineage.sketch/0"), "keys 'lineage.sketch/0"),
        (manifest, b'{"schema": "lineage.index/1"', "not the manifest"),
        (segment, whole[1][:-100], "not a whole segment"),
        (segment, b"\0" * 200, "not a file of this version"),
        (segment, whole[1][:9], "not a file of this version"),
    ):
        place.write_bytes(content)
        with pytest.raises(IndexFormatError, match=message):
            lineage.Index.open(tmp_path / "index")
        manifest.write_bytes(whole[0])
        segment.write_bytes(whole[1])
    segment.unlink()
    with pytest.raises(IndexFormatError, match="is missing"):
        lineage.Index.open(tmp_path / "index")


def test_no_index_is_told(tmp_path: Path) -> None:
    """Asking where nothing is says which command makes one."""
    with pytest.raises(MissingInput, match="lineage index create"):
        lineage.Index.open(tmp_path / "absent").query("Some text of five words.")


ADDING = """
import sys
import lineage
from lineage.pipeline import index as indexing
indexing.BATCH, indexing.FULL = 5, 2
index = lineage.Index.open(sys.argv[1])
print("ready", flush=True)
index.add(sys.argv[2:])
index.remove([id for id in index.ids() if id.endswith("1")])
"""


def index_generation(place: Path) -> int:
    manifest = Folder(place).manifest()
    return 0 if manifest is None else manifest.generation


def test_killed_at_any_moment_it_keeps_what_was_committed(articles: list[Article], known: Path, tmp_path: Path) -> None:
    """A writer killed with -9, again and again, leaves whole states, and in the end everything is there."""
    place = tmp_path / "index"
    ids = {article.id: article for article in articles}
    draw, seen = random.Random(1), 0
    for _ in range(6):
        command = [sys.executable, "-c", ADDING, str(place), *map(str, FILES)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == b"ready\n"
            wanted = index_generation(place) + draw.randrange(1, 6)
            while index_generation(place) < wanted and writer.poll() is None:
                time.sleep(0.001)
            time.sleep(draw.uniform(0.0, 0.02))
            writer.kill()  # nothing where it has ended by itself
        index = lineage.Index.open(place)
        found = content(index)
        assert all(article == ids[id] for id, article in found.items())
        seen += bool(0 < len(found) < len(ids))
        if found:
            state = index.folder.snapshot()
            sample = panels.load(state.panel).panel.members
            assert len(sample) * indexing.GROWN > len(found), "who asks now is answered by the panel of another index"
            index.query(articles[0])
    index = lineage.Index.open(place)
    index.add(articles)

    assert seen > 0, "no kill came in the middle; shorten the times"
    assert content(index) == ids
    assert answers(index, articles) == answers(lineage.Index.open(known), articles)
    with index.folder.writing():
        pass
    named = {member.file for member in index.folder.snapshot().manifest.members}
    assert {path.name for path in place.glob("*.segment")} == named, "what a killed writer left was not tidied away"


def run(*words: object, input: str | None = None) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words], input=input, prog_name="lineage")
    return result.exit_code, result.stdout, result.stderr


def test_the_commands(tmp_path: Path) -> None:
    """Create, add, query, remove, stats: data on stdout, the rest on stderr."""
    place, asked = tmp_path / "index", CORPUS / "cable" / "articles.jsonl"
    assert run("index", "query", place, asked)[0] == 1
    assert run("index", "create", place) == (0, f"{place}\n", "")
    status, _, told = run("index", "add", place, *FILES)
    assert (status, "82 added, 0 replaced, 0 there already; 82 in all" in told) == (0, True)

    status, lines, _ = run("index", "query", place, asked, "--quiet")
    rows = [line.split("\t") for line in lines.splitlines()]
    assert status == 0
    assert rows and all(len(row) == 4 and row[0].startswith("cable") and row[1].startswith("cable") for row in rows)
    (first, *_) = map(json.loads, run("index", "query", place, asked, "--json")[1].splitlines())
    assert set(first) == {"id", "matches"}
    assert set(first["matches"][0]) == {"article", "probability", "relation", "reframing"}
    changed = run("index", "query", place, asked, "--changes")[1]
    assert "\tnumber: 18,400 → 14,800" in changed
    assert "fact_added" not in changed  # kinds stand in words, as in `lineage explain`

    gone = rows[0][1]
    assert "1 of 1 removed; 81 in all" in run("index", "remove", place, "-", input=f"{gone}\n")[2]
    assert gone not in run("index", "query", place, asked)[1].replace(f"\n{gone}\t", "\n")
    assert json.loads(run("index", "stats", place)[1])["articles"] == 81


def test_a_text_without_words_is_no_question(tmp_path: Path) -> None:
    """What is asked is named as its giver would, not by the id it has inside."""
    index = lineage.Index.open(tmp_path / "index")
    index.add(lineage.read(CORPUS / "cable"))
    with pytest.raises(InputError, match=r"^no words; the text; "):
        index.query("")


def test_a_damaged_segment_is_named(tmp_path: Path) -> None:
    """Bytes that went wrong on the disk: which file, and what to do."""
    place = tmp_path / "index"
    lineage.Index.open(place).add(lineage.read(CORPUS / "cable"))
    (path,) = place.glob("*.segment")
    content = path.read_bytes()
    start = content.index(zstandard.FRAME_HEADER)
    path.write_bytes(content[:start] + bytes(64) + content[start + 64 :])
    with pytest.raises(IndexFormatError, match=r"damaged; .*\.segment; make the index again"):
        index = lineage.Index.open(place)
        [index.get(id) for id in index.ids()]


def test_a_list_of_ids_from_windows(tmp_path: Path) -> None:
    """Standard input as the system gives it: the line ends of another one are no part of an id."""
    lineage.Index.open(tmp_path / "index").add(lineage.read(CORPUS / "cable"))
    command = [sys.executable, "-m", "lineage", "index", "remove", str(tmp_path / "index"), "-"]
    done = subprocess.run(command, input=b"cable-herald\r\ncable-radio\r\n", capture_output=True, check=True)
    assert b"2 of 2 removed; 4 in all" in done.stderr


def test_a_file_is_no_container(tmp_path: Path) -> None:
    """A container of one kind is not read as another."""
    store.write(tmp_path / "x", "one", {}, {"values": np.arange(5)})
    assert store.read(tmp_path / "x", "one")["values"].tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(IndexFormatError, match="not a whole two"):
        store.read(tmp_path / "x", "two")
