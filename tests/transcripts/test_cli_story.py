"""The commands with the real pipeline, on the bundled story and on small folders."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lineage.cli import app

BUNDLED = Path(__file__).parents[2] / "lineage" / "data" / "demo"


def run(*words: object, input: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=input, prog_name="lineage")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The results of a scan of the bundled story."""
    out = tmp_path_factory.mktemp("scan") / "out"
    result = run("scan", BUNDLED, "-o", out, "--jsonl", "--quiet")
    assert (result.exit_code, result.stdout) == (0, f"{out}\n")
    yield out


@pytest.fixture(scope="module")
def ids() -> list[str]:
    lines = (BUNDLED / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return sorted(json.loads(line)["id"] for line in lines)


def test_the_demo_draws_the_bundled_story(tmp_path: Path) -> None:
    """A drawing that exists, its path on stdout, and what it says in a few lines."""
    result = run("demo", "-o", tmp_path / "demo")
    assert result.exit_code == 0, result.stderr
    paths = [Path(line) for line in result.stdout.splitlines()]
    assert {tmp_path / "demo" / "demo.svg", tmp_path / "demo" / "demo.html"} <= set(paths)
    assert all(path.stat().st_size for path in paths)
    assert "probably derived from" in result.stderr


def test_a_scan_leaves_the_files_of_the_interface(scanned: Path, ids: list[str]) -> None:
    """Pairs, stories, edges, changes and the manifest."""
    tables = {f"{name}.parquet" for name in ("pairs", "edges", "changes", "articles")}
    expected = tables | {"pairs.jsonl", "stories.jsonl", "manifest.json"}
    written = {path.name for path in scanned.iterdir()}
    assert expected <= written
    told = (BUNDLED.parents[2] / "docs" / "reference" / "commands.md").read_text(encoding="utf-8")
    assert {name for name in written if f"| `{name}` |" not in told} == {"pairs.jsonl"}  # which has its own option
    stories = [json.loads(line) for line in (scanned / "stories.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {story["schema"] for story in stories} == {"lineage.story/1"}
    assert set(stories[0]["articles"]) <= set(ids)
    for line in (scanned / "pairs.jsonl").read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        assert pair["a"] < pair["b"]
        assert (pair["relation"] == "same event") == (pair["probability"] < 0.5)


def test_graph_and_scan_say_the_same(scanned: Path) -> None:
    """`graph -f jsonl` prints the story records that a scan writes."""
    result = run("graph", BUNDLED, "-f", "jsonl")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == (scanned / "stories.jsonl").read_text(encoding="utf-8")


def test_stories_of_a_scan(scanned: Path) -> None:
    """One line a story; the records as JSON."""
    records = json.loads(run("stories", scanned, "--json").stdout)
    listed = run("stories", scanned).stdout.splitlines()
    assert [line.split("\t")[:2] for line in listed] == [[one["id"], str(len(one["articles"]))] for one in records]


def test_explain_every_edge(scanned: Path) -> None:
    """Each edge of the biggest story is explained with its evidence."""
    story = json.loads((scanned / "stories.jsonl").read_text(encoding="utf-8").splitlines()[0])
    observed = [edge for edge in story["edges"] if edge["parent"] in story["articles"]]
    assert observed
    for edge in observed:
        result = run("explain", scanned, edge["parent"], edge["child"])
        assert result.exit_code == 0
        assert "probably derived from" in result.stdout


def test_a_folder_that_is_no_scan_is_said_to_be_none(tmp_path: Path) -> None:
    """One line, status 1."""
    for command in (["stories", tmp_path], ["stories", tmp_path / "nowhere"], ["explain", tmp_path, "a", "b"]):
        result = run(*command)
        assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)


def test_compare_two_files(tmp_path: Path, ids: list[str]) -> None:
    """A copy with one number changed: they share text, and the number is named."""
    first = (BUNDLED / "articles.jsonl").read_text(encoding="utf-8").splitlines()[0]
    text = json.loads(first)["text"]
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    (tmp_path / "b.txt").write_text(text.replace("18,400", "14,800"), encoding="utf-8")
    result = run("compare", tmp_path / "a.txt", tmp_path / "b.txt", "-f", "json")
    assert result.exit_code == 0, result.stderr
    record = json.loads(result.stdout)
    assert (record["a"], record["b"]) == ("a", "b")
    assert record["probability"] > 0.9
    assert any("18,400" in change["before"] and "14,800" in change["after"] for change in record["changes"])
    page = run("compare", tmp_path / "a.txt", tmp_path / "b.txt", "-f", "html").stdout
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>")
    assert run("compare", tmp_path / "a.txt", tmp_path / "b.txt", "-o", tmp_path / "c.html").stdout == ""
    assert (tmp_path / "c.html").read_text(encoding="utf-8") == page
    assert run("compare", tmp_path / "a.txt", tmp_path / "b.txt", "-o", tmp_path / "c.txt").exit_code == 0
    assert "Sentence" not in (tmp_path / "c.txt").read_text(encoding="utf-8")
    shown = run("compare", tmp_path / "a.txt", tmp_path / "b.txt")
    assert "14,800" in shown.stdout
    (tmp_path / "b.txt").write_text(text, encoding="utf-8")
    shown = run("compare", tmp_path / "a.txt", tmp_path / "b.txt")
    assert "(>.99)" in " ".join(shown.stdout.split())  # as a drawing says it: nothing is certain


def test_nothing_in_common_is_nothing_found(tmp_path: Path) -> None:
    """Two unrelated articles make no story; status 4 where that was asked for."""
    (tmp_path / "a.txt").write_text("The harbour master said two ships were late on Tuesday because of fog.")
    (tmp_path / "b.txt").write_text("A recipe for bread needs flour, water, salt and a good deal of patience.")
    result = run("graph", tmp_path, "--fail-empty", "-f", "jsonl")
    assert (result.exit_code, result.stdout) == (4, "")
    assert "no story found among 2 articles" in result.stderr


def test_an_empty_folder_is_nothing_found(tmp_path: Path) -> None:
    """Status 0, a sentence, and files that hold nothing."""
    (tmp_path / "in").mkdir()
    assert run("graph", tmp_path / "in", "-f", "jsonl").exit_code == 0
    assert run("scan", tmp_path / "in", "-o", tmp_path / "out").exit_code == 0
    assert run("stories", tmp_path / "out").stdout == ""


def test_the_order_of_inputs_gives_the_same_bytes(tmp_path: Path) -> None:
    """Files named forwards and backwards."""
    lines = (BUNDLED / "articles.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    files = []
    for number, line in enumerate(lines):
        files.append(tmp_path / f"{number}.jsonl")
        files[-1].write_text(line, encoding="utf-8")
    assert run("graph", *files, "-f", "jsonl").stdout == run("graph", *reversed(files), "-f", "jsonl").stdout


def test_a_report_is_the_page_of_a_scan(scanned: Path, tmp_path: Path) -> None:
    """Beside the scan or where asked for, with the texts; a story that is not there is one line and status 1."""
    result = run("report", scanned, "-o", tmp_path / "new" / "page.html")
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'new' / 'page.html'}\n")
    page = (tmp_path / "new" / "page.html").read_text(encoding="utf-8")
    assert "18,400 households" in page

    absent = run("report", scanned, "--story", "s0")
    assert (absent.exit_code, absent.stdout) == (1, "")
    assert "no story 's0'" in absent.stderr


def test_articles_in_no_story_are_counted(tmp_path: Path) -> None:
    """Who draws nine articles and sees six is told of the other three."""
    result = run("graph", BUNDLED.parents[2] / "corpus" / "front", "-o", tmp_path / "front.dot")
    assert result.exit_code == 0
    assert "3 articles of 9 in no story" in result.stderr
    assert "in no story" not in run("graph", BUNDLED, "-o", tmp_path / "cable.dot").stderr
