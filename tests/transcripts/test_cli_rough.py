"""The command line under rough hands: closed streams, readers who leave, ids and folders nobody thought of."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lineage.cli import account, app
from lineage.records import Edge

CORPUS = Path("corpus")
FULL = Path("/dev/full")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], prog_name="lineage")


def shell(line: str, *given: object) -> "subprocess.CompletedProcess[str]":
    """A line for bash in which `lineage` is ours; `$1` and so on are what is given."""
    script = f'set -o pipefail; lineage() {{ "{sys.executable}" -m lineage "$@"; }}; {line}'
    words = ["bash", "-c", script, "bash", *map(str, given)]
    return subprocess.run(words, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def pair(tmp_path: Path) -> Sequence[Path]:
    """Two files with an article each."""
    lines = (CORPUS / "cable" / "articles.jsonl").read_text().splitlines()[:2]
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file, line in zip(files, lines, strict=True):
        file.write_text(json.loads(line)["text"])
    return files


def test_a_reader_of_a_comparison_may_leave_early(pair: Sequence[Path]) -> None:
    """`lineage compare A B | head -1` is no failure."""
    done = shell('lineage compare "$1" "$2" | true', *pair)
    assert (done.returncode, done.stderr) == (0, "")


def test_text_without_spaces_is_shown_whole(tmp_path: Path) -> None:
    """Chinese breaks anywhere; a sentence that ends in an ellipsis could not be read."""
    sentence = (
        "集团副总经理陈国栋在新闻发布会上表示延期的主要原因是河底隧道段地质条件复杂盾构施工进度比计划慢了约四个月" * 2
    )
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    for file, more in zip(files, ("投入运营。", "开通。"), strict=True):
        file.write_text(f"{sentence}{more}本报讯江州市轨道交通集团昨日宣布地铁五号线将延期。", encoding="utf-8")
    shown = run("compare", *files).stdout
    assert "…" not in shown
    assert sentence[-20:] in "".join(shown.split())


def test_a_translation_is_not_called_independent(tmp_path: Path) -> None:
    """It shares next to no words with its original: that nothing is seen says nothing for two reporters."""
    chinese, english = tmp_path / "zh.txt", tmp_path / "en.txt"
    chinese.write_text(
        "江州市轨道交通集团昨日宣布，地铁五号线将延期至明年六月投入运营。集团副总经理表示，河底隧道段地质条件复杂，"
        "施工进度比计划慢了约四个月。延期期间将增开三条接驳公交线路，票价两元。",
        encoding="utf-8",
    )
    english.write_text(
        "The rail company of the city said yesterday that the fifth line of the underground would not open before next "
        "June. Its deputy director said that the ground below the river was difficult, and that work on the tunnel was "
        "some four months behind the plan. Until then three more bus lines are to run for a fare of two yuan.",
        encoding="utf-8",
    )
    shown = " ".join(run("compare", chinese, english).stdout.split())
    assert "In two languages: no shared text is seen" in shown
    assert "independently" not in shown


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_no_room_for_what_is_printed_is_one_line(pair: Sequence[Path]) -> None:
    """It says what is full, and asks nobody to report it."""
    done = shell('lineage compare "$1" "$2" -f json > /dev/full', *pair)
    assert done.returncode == 1
    assert done.stderr == "lineage: no room (No space left on device); standard output; make room and run again\n"


def test_closed_streams_are_no_surprise(tmp_path: Path, pair: Sequence[Path]) -> None:
    """Without stderr the work is done in silence; without stdin one line says so."""
    quiet = shell('lineage scan "$1" -o "$2" 2>&-', pair[0].parent, tmp_path / "out")
    assert (quiet.returncode, quiet.stdout) == (0, f"{tmp_path / 'out'}\n")
    deaf = shell("lineage graph - -f json <&-")
    assert (deaf.returncode, deaf.stdout) == (1, "")
    assert deaf.stderr == "lineage: standard input is closed; -; name a file, or pipe JSONL into the command\n"


@pytest.mark.parametrize("content", ['[{"id": "a", "text": "%s"}]', '{"schema": "x", "text": "%s"}'])
def test_a_list_of_articles_may_be_called_index(content: str, tmp_path: Path) -> None:
    """`index.json` in a folder of articles is read like any other file, not taken for an index of ours."""
    place = tmp_path / "in"
    place.mkdir()
    (place / "index.json").write_text(content % ("Many words about nothing in particular. " * 5))
    done = run("scan", place, "-o", tmp_path / "out", "-q")
    assert done.exit_code == 0, done.stderr
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["skipped"] == {}
    assert run("index", "create", place).exit_code == 1
    assert "nothing in particular" in (place / "index.json").read_text(), "an index was made over it"


def test_an_id_of_two_lines_is_one_line_of_the_answer(tmp_path: Path, pair: Sequence[Path]) -> None:
    """Each line of `lineage index query` has four columns, whatever ids hold."""
    known = tmp_path / "known.jsonl"
    known.write_text(json.dumps({"id": "two\nlines\tand a tab", "text": pair[0].read_text()}))
    run("index", "add", tmp_path / "idx", known)
    asked = run("index", "query", tmp_path / "idx", pair[0])
    assert [line.split("\t")[:2] for line in asked.stdout.splitlines()] == [["a", "two lines and a tab"]]


@pytest.mark.parametrize(("probability", "told"), [(0.36, "undetermined: "), (0.5, "b was probably derived from a")])
def test_an_improbable_link_is_not_called_probable(probability: float, told: str) -> None:
    """Below one half the terminal says no more than the page does."""
    assert account.link(Edge("a", "b", probability, True, 0.9, "rewrite")).startswith(told)


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["graph", CORPUS / "cable", "--theme", "pink"], "--theme"),
        (["report", "nowhere", "--detail", "huge"], "--detail"),
        (["copies", CORPUS / "cable", "--similarity", "7"], "--similarity"),
        (["copies", CORPUS / "cable", "--similarity", "0"], "--similarity"),
    ],
)
def test_an_option_out_of_range_is_wrong_usage(words: Sequence[object], option: str) -> None:
    """Status 2, and the option is named; nothing is taken for "not given"."""
    result = run(*words)
    assert result.exit_code == 2
    assert option in result.stderr


@pytest.mark.parametrize("command", ["graph", "scan"])
def test_a_story_field_that_nothing_has_is_said(command: str, tmp_path: Path) -> None:
    """A mistyped name is not passed over in silence, for the result is another one."""
    result = run(command, CORPUS / "museum", "-o", tmp_path / "out.json", "--story-field", "stroy")
    assert result.exit_code == 0
    assert "no article has the field 'stroy', so stories are searched for; check its name" in result.stderr


def test_an_empty_name_is_no_folder() -> None:
    """`lineage graph "$UNSET"` is told as what it is."""
    result = run("graph", "")
    assert (result.exit_code, result.stderr) == (1, "lineage: no such file or folder: ''; check the path\n")


@pytest.mark.parametrize(("place", "told"), [("nowhere/x.svg", "no such folder; "), ("", "that is a folder; ")])
def test_a_place_that_cannot_be_is_told_before_the_work(place: str, told: str, tmp_path: Path) -> None:
    """Hours of work never end at a closed door."""
    result = run("graph", CORPUS / "museum", "-f", "svg", "-o", tmp_path / place)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith(f"lineage: {told}{tmp_path}")
