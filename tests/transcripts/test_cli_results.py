"""What the commands do with results, whatever they are: a stand-in takes the place of the pipeline."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import lineage
from lineage.cli import app, output
from lineage.pipeline import Local, PairReading, Run, Shard
from lineage.records import (
    Article,
    Change,
    Comparison,
    Derivation,
    Edge,
    Evidence,
    Headline,
    Reframing,
    Rival,
    Root,
    Span,
    Story,
)

TEXT = "Two ships were late on Tuesday, the harbour master said.\n"
CHANGE = Change("number", "two ships", "three ships", Span(0, 9), Span(0, 11))


def told(*ids: str) -> Story:
    """A chain of articles, each from the one before it."""
    reasons = (
        Evidence("dates", 3.0, "the parent is a day older"),
        Evidence("error", -1.0, "the child has the right number"),
    )
    edges = tuple(
        Edge(
            parent,
            child,
            0.9,
            True,
            0.95,
            "rewrite",
            reasons,
            (Rival("", 0.05),),
            (),
            Reframing((CHANGE,), summary="One number changed."),
        )
        for parent, child in pairwise(ids)
    )
    lines = tuple(Headline(id, f"Title\nof {id}", earliest="2024-03-05T10:00:00+00:00") for id in ids)
    summary = f"From {ids[0]}\ncame {('one', 'two')[len(ids) - 2]}."
    return Story(f"story-{ids[0]}", ids, Derivation(ids, (Root(ids[0], 0.8),), edges=edges), lines, summary=summary)


STORIES = (told("a", "b", "c"), told("x", "y"))
PAIRS = [
    Comparison("a", "b", 0.9, "rewrite"),
    Comparison("b", "c", 0.9, "rewrite"),
    Comparison("a", "x", 0.2, "same event"),
    Comparison("x", "y", 0.9, "copy"),
]


class StandIn(ModuleType):
    """The face of the pipeline that the commands use, with results made beforehand."""

    FORMATS = ("svg", "png", "dot", "json", "jsonl", "csv")

    def __init__(self) -> None:
        super().__init__("lineage.pipeline")
        self.stories: tuple[Story, ...] = STORIES

    def trace(self, articles: Iterable[Article], settings: Any, watch: Any, verdicts: Any = ()) -> Any:
        count = len(list(articles))
        traced = tuple(SimpleNamespace(record=story, articles={}) for story in self.stories)
        return SimpleNamespace(stories=traced, comparisons=(), articles=count)

    def export(self, stories: Sequence[Any], format: str, draw: Any) -> bytes:
        ids = [getattr(story, "record", story).id for story in stories]
        if format == "jsonl":
            return "".join(json.dumps({"id": id}) + "\n" for id in ids).encode()
        return json.dumps({"format": format, "stories": ids, "theme": draw.theme}).encode()

    Local, Run, Shard = Local, Run, Shard

    def share(self, inputs: Any, out: Path, settings: Any, watch: Any, run: Run) -> Any:
        counts = {"articles": 5, "pairs": 3, "hot_buckets": 0}
        return SimpleNamespace(counts=counts, skipped={"too short": 2}, stories=len(self.stories), seconds=1.0)

    def compare(self, a: Article, b: Article, settings: Any) -> Any:
        first, second = sorted((a.id, b.id))
        account = Reframing((CHANGE,), summary="One number changed.")
        return PairReading(
            Comparison(first, second, 0.9, "abridged", {"shared": 0.5}),
            account,
            "abridged" if first == a.id else "expanded",
        )

    def load_stories(self, out: Path) -> tuple[Story, ...]:
        return self.stories

    def missing(self, out: Path, story: Story, child: str) -> list[Any]:
        gone = SimpleNamespace(article="c", parent="", probability=0.0, before=0.9)
        return [gone, SimpleNamespace(article="a", parent="c", probability=0.3, before=0.9)]

    def load_pairs(self, out: Path) -> list[Comparison]:
        return PAIRS


@pytest.fixture(autouse=True)
def pipeline(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    stand_in = StandIn()
    monkeypatch.setitem(sys.modules, "lineage.pipeline", stand_in)
    monkeypatch.setattr(lineage, "pipeline", stand_in, raising=False)
    yield stand_in


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one good article and one that is too short; also the working directory."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(TEXT)
    (tmp_path / "in" / "short.txt").write_text("Word")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: object, input: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=input, prog_name="lineage")


def test_a_drawing_goes_to_stdout_and_messages_do_not(folder: Path) -> None:
    """Data alone on stdout: the biggest story; what was skipped and left out on stderr."""
    result = run("graph", "in")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"format": "svg", "stories": ["story-a"], "theme": "screen"}
    assert "1 skipped, too short: in/short.txt" in result.stderr
    assert "the biggest of 2 stories" in result.stderr


def test_the_suffix_says_the_format_and_each_story_gets_a_file(folder: Path) -> None:
    """The biggest story is in FILE, the next in FILE-2; both are told."""
    result = run("graph", "in", "-o", "tree.dot", "--theme", "print")
    assert (result.exit_code, result.stdout) == (0, "")
    first, second = (json.loads((folder / name).read_text()) for name in ("tree.dot", "tree-2.dot"))
    assert (first["stories"], second["stories"]) == (["story-a"], ["story-x"])
    assert (first["format"], first["theme"]) == ("dot", "print")
    assert "wrote tree.dot: a story of 3 articles" in result.stderr
    assert "wrote tree-2.dot" in result.stderr


@pytest.mark.parametrize("format", ["json", "csv"])
def test_records_hold_all_stories(folder: Path, format: str) -> None:
    """One file, or one stream, for any number of stories."""
    assert json.loads(run("graph", "in", "-f", format).stdout)["stories"] == ["story-a", "story-x"]


def test_bytes_go_where_stdout_was_sent(folder: Path) -> None:
    """`-f png > story.png` is the picture, not an empty file beside one that nobody named."""
    result = run("graph", "in", "-f", "png")
    assert (result.exit_code, json.loads(result.stdout)["format"]) == (0, "png")
    assert not (folder / "lineage.png").exists()


@pytest.mark.parametrize(("format", "name"), [("png", "lineage.png"), ("social", "lineage.png"), ("csv", None)])
def test_bytes_that_no_terminal_shows_go_to_a_file(
    monkeypatch: pytest.MonkeyPatch, format: str, name: str | None
) -> None:
    """In a terminal a picture lands beside the caller; text that was asked for is shown."""
    ends = os.openpty()
    with os.fdopen(ends[0], "rb"), os.fdopen(ends[1], "w") as terminal:
        monkeypatch.setattr(sys, "stdout", terminal)
        place = output.target(None, format, asked=True)
        monkeypatch.undo()
    assert place == (None if name is None else Path(name))


@pytest.mark.parametrize("words", [["-f", "gif"], ["-o", "tree.gif"], ["-o", "tree"]])
def test_an_unknown_format_is_wrong_usage(folder: Path, words: list[str]) -> None:
    """The known ones are listed."""
    result = run("graph", "in", *words)
    assert result.exit_code == 2
    assert "svg" in result.stderr


def test_a_wrong_theme_is_wrong_usage(folder: Path) -> None:
    """The settings say what is allowed."""
    result = run("graph", "in", "--theme", "pink")
    assert result.exit_code == 2
    assert "stemma" in result.stderr


@pytest.mark.parametrize(
    ("options", "found", "status"),
    [
        *(([], True, 0), (["--strict"], True, 3), (["--fail-empty"], True, 0), ([], False, 0)),
        *((["--fail-empty"], False, 4), (["--fail-empty", "--strict"], False, 4), (["--strict"], False, 3)),
    ],
)
@pytest.mark.parametrize("command", [["graph", "in"], ["scan", "in", "-o", "out"]], ids=["graph", "scan"])
def test_the_status_says_what_happened(
    folder: Path, pipeline: StandIn, command: list[str], options: list[str], found: bool, status: int
) -> None:
    """3 where something was skipped, 4 where nothing was found, each only where it was asked for."""
    pipeline.stories = STORIES if found else ()
    assert run(*command, *options).exit_code == status


@pytest.mark.parametrize("command", [["graph", "in", "-f", "json"], ["scan", "in", "-o", "out"]])
def test_quiet_says_nothing(folder: Path, command: list[str]) -> None:
    """stderr stays empty."""
    assert run(*command, "--quiet").stderr == ""


def test_nothing_found_is_still_json(folder: Path, pipeline: StandIn) -> None:
    """A program that reads the output gets an empty list of stories; a person a sentence."""
    pipeline.stories = ()
    result = run("graph", "in", "-f", "json")
    assert json.loads(result.stdout)["stories"] == []
    assert "no story found among 1 article; a story needs two\n" in result.stderr


def test_standard_input_is_read(folder: Path) -> None:
    """`-` is JSON Lines."""
    row = json.dumps({"id": "a", "text": TEXT})
    result = run("graph", "-", "-f", "json", input=f"{row}\n{row}\nbroken\n")
    assert result.exit_code == 0
    assert "1 skipped, duplicate id: -:2" in result.stderr
    assert "1 skipped, broken JSON: -:3" in result.stderr
    assert "standard input is read as one JSON object a line" in result.stderr


def test_a_scan_tells_what_it_did(folder: Path) -> None:
    """The folder on stdout, counts and skips on stderr."""
    result = run("scan", "in", "-o", "out")
    assert result.stdout == "out\n"
    assert "2 stories (5 articles, 3 pairs)" in result.stderr
    assert "2 skipped, too short; named in" in result.stderr


def test_stories_are_listed_one_a_line(folder: Path) -> None:
    """Id, size, first date, headline, paragraph; no line breaks within."""
    assert run("stories", "out").stdout.splitlines() == [
        "story-a\t3\t2024-03-05\tTitle of a\tFrom a came two.",
        "story-x\t2\t2024-03-05\tTitle of x\tFrom x came one.",
    ]
    assert json.loads(run("stories", "out", "--json").stdout) == [{"id": "story-a"}, {"id": "story-x"}]


@pytest.fixture
def two(folder: Path) -> tuple[str, str]:
    (folder / "p.txt").write_text(f"Ships [late]\n\n{TEXT}")
    (folder / "q.txt").write_text(TEXT.replace("Two", "Three"))
    return "p.txt", "q.txt"


@pytest.mark.parametrize("swapped", [False, True])
def test_compare_as_json_keeps_the_order_of_the_caller(two: tuple[str, str], swapped: bool) -> None:
    """`a` is the first, and `relation` says how `b` relates to it."""
    a, b = two[::-1] if swapped else two
    record = json.loads(run("compare", a, b, "-f", "json").stdout)
    assert (record["a"], record["b"]) == (a[0], b[0])
    assert record["relation"] == ("expanded" if swapped else "abridged")
    assert (record["probability"], record["scores"], record["summary"]) == (0.9, {"shared": 0.5}, "One number changed.")
    assert record["changes"][0]["kind"] == "number"
    assert (record["changes"][0]["before_span"], record["changes"][0]["after_span"]) == ([0, 9], [0, 11])


def test_compare_reads_without_colour(two: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Both titles, the verdict, and each change with both wordings; no escape sequences."""
    monkeypatch.setenv("NO_COLOR", "1")
    result = run("compare", *two)
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    for part in (
        "Ships [late]",
        "Probably share text",
        "B is abridged",
        "One number changed.",
        "two ships",
        "three ships",
    ):
        assert part in result.stdout


def test_files_of_one_name_are_told_apart(folder: Path) -> None:
    """`x/story.txt` and `y/story.txt` are two articles."""
    for name in ("x", "y"):
        (folder / name).mkdir()
        (folder / name / "story.txt").write_text(TEXT)
    record = json.loads(run("compare", "x/story.txt", "y/story.txt", "-f", "json").stdout)
    assert (record["a"], record["b"]) == ("x/story.txt", "y/story.txt")


@pytest.mark.parametrize(
    ("content", "message"), [("Word", "holds no article; too short"), ("", "holds no article; empty file")]
)
def test_compare_wants_one_article_each(two: tuple[str, str], content: str, message: str) -> None:
    """What was found instead is said."""
    Path("q.txt").write_text(content)
    result = run("compare", *two)
    assert result.exit_code == 1
    assert f"q.txt {message}" in result.stderr


def test_compare_writes_no_text_under_the_name_of_another_form(two: tuple[str, str], tmp_path: Path) -> None:
    """A suffix that is none of its forms is wrong usage, as for a drawing; `-f` goes over it."""
    place = tmp_path / "both.pdf"
    refused = run("compare", *two, "-o", place)
    assert (refused.exit_code, place.exists()) == (2, False)
    assert "does not say a form" in refused.stderr
    assert run("compare", *two, "-o", place, "-f", "text").exit_code == 0


def test_compare_refuses_an_article_with_itself(two: tuple[str, str]) -> None:
    """Two names are needed."""
    result = run("compare", "p.txt", "p.txt")
    assert (result.exit_code, "are one article" in result.stderr) == (1, True)


def test_explain_shows_evidence_and_rivals() -> None:
    """In either order of the two; with what would be left without the dates."""
    for pair in (("a", "b"), ("b", "a")):
        result = run("explain", "out", *pair)
        assert result.exit_code == 0
        for part in (
            "b was probably derived from a (.90, rewrite)",
            "+3.00 dates: the parent is a day older",
            "rival none of these articles (.05)",
            "were the dates wrong, the other reasons (-1.00) would speak against this link",
            "number: two ships → three ships",
        ):
            assert part in result.stdout


def test_explain_says_what_a_missing_article_would_change() -> None:
    """Asked for the link as it points; nothing of the sort is said of a link that is not there."""
    told = run("explain", "out", "a", "b").stdout
    assert "were c missing, b would have no parent (now .90)" in told
    assert "were a missing, b would come from c (.30, now .90)" in told
    assert "missing" not in run("explain", "out", "a", "c").stdout


def test_an_article_is_not_held_against_itself() -> None:
    """Wrong usage, and not two lines on a link that nobody can mean."""
    result = run("explain", "out", "a", "a")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "name two articles" in result.stderr


def test_explain_says_why_not() -> None:
    """Same story without a link; no common story; never compared; unknown."""
    assert "neither was probably derived from the other directly" in run("explain", "out", "a", "c").stdout
    assert "the probability that they share text is .20" in run("explain", "out", "a", "x").stdout
    assert "never a candidate pair" in run("explain", "out", "b", "y").stdout
    unknown = run("explain", "out", "a", "zzz")
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert "no article 'zzz'" in unknown.stderr


def test_the_demo_draws_and_tells(folder: Path) -> None:
    """Paths on stdout, a summary of three to six lines and where to look on stderr."""
    result = run("demo", "-o", "shown")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == ["shown/demo.svg", "shown/demo.dot", "shown/demo.json"]
    assert all(Path(path).exists() for path in result.stdout.splitlines())
    *summary, last = (line for line in result.stderr.splitlines() if line.startswith("lineage: "))
    assert 3 <= len(summary) <= 6
    assert "probably derived from" in result.stderr
    assert "shown/demo.svg" in last
