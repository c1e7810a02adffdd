"""The command line as a user meets it: what stands where, and the exit status."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner, Result

from lineage.cli import app
from lineage.cli.errors import Commands
from lineage.cli.progress import Bar, Lines, account
from lineage.errors import InputError

COMMANDS = (
    "demo",
    "graph",
    "scan",
    "copies",
    "simulate",
    "index",
    "report",
    "stories",
    "compare",
    "explain",
    "extract",
    "evaluate",
    "doctor",
)


def run(*words: object, input: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], input=input, prog_name="lineage")


def test_help_lists_the_commands() -> None:
    """Every command in one line, on stdout; the developers' command is not shown."""
    result = run("--help")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert [name for name in COMMANDS if f"\n  {name} " not in result.stdout] == []
    assert "train" not in result.stdout


@pytest.mark.parametrize("command", [*COMMANDS, "train"])
def test_every_command_has_help(command: str) -> None:
    """`-h` works everywhere and ends with status 0."""
    result = run(command, "-h")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: lineage {command}")


@pytest.mark.parametrize("command", [*COMMANDS, "index query"])
def test_quick_help_is_the_whole_help(command: str) -> None:
    """The help that is shown before typer checks anything is the one that typer shows when it has."""
    assert run(*command.split(), "--help").stdout == run(*command.split(), "-h", "-h").stdout


@pytest.mark.parametrize("words", [["--help"], ["scan", "--help"], ["index", "query", "-h"]])
def test_help_loads_nothing_heavy(words: list[str]) -> None:
    """`--help` answers before the libraries of the stages are loaded, and that by which typer checks options."""
    heavy = (
        "pydantic",
        "numpy",
        "numba",
        "pyarrow",
        "networkx",
        "rich.progress",
        "msgspec",
        "pandas",
        "lineage.pipeline",
    )
    script = f"""
import sys
from lineage.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end
print([name for name in {heavy!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_an_interruption_before_there_is_a_command_is_quiet() -> None:
    """Control-C while the commands are loaded ends with the status of every interruption, without a traceback."""
    script = """
import sys
class Impatient:
    def find_spec(self, name, path=None, target=None):
        if name == "lineage.cli.graph":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
from lineage.cli import main
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_version_stands_on_stdout() -> None:
    """Name and number."""
    result = run("--version")
    assert (result.exit_code, result.stdout.split()[0]) == (0, "lineage")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["graph"], "IN"),
        (["nonsense"], "nonsense"),
        (["scan", "somewhere"], "-o"),
        (["graph", "--map", "text", "somewhere"], "OURS=THEIRS"),
        (["graph", "--map", "body=text", "somewhere"], "body"),
        (["graph", "--nonsense", "somewhere"], "--nonsense"),
        (["compare", "one"], "B"),
        (["compare", "one", "two", "-f", "gif"], "gif"),
        (["evaluate", "gold", "out", "--kind", "nonsense"], "nonsense"),
        (["index", "nonsense"], "lineage index --help"),
        (["--nonsense"], "--nonsense"),
        (["scan", "somewhere", "-o", "out", "--jobs", "-1"], "jobs"),
    ],
)
def test_wrong_usage_is_status_2(words: list[str], told: str) -> None:
    """One line on stderr names what was wrong and where to read on."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr
    assert re.fullmatch(r"lineage: .*; see `lineage .*--help`\n", result.stderr)
    assert "Value error" not in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["graph", "nowhere"], "no such file or folder: nowhere; check the path"),
        (["graph", "--settings", "nowhere.toml", "."], "cannot read settings nowhere.toml"),
        (["evaluate", "nowhere.jsonl", "."], "cannot read nowhere.jsonl"),
        (["compare", "nowhere.txt", "elsewhere.txt"], "no such file or folder: nowhere.txt"),
    ],
)
def test_a_failure_is_one_line_and_status_1(words: list[str], told: str) -> None:
    """Fact, place, remedy; no traceback, nothing on stdout."""
    result = run(*words)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"lineage: {told}")
    assert result.stderr.count("\n") == 1


def behind(error: BaseException) -> SystemError:
    """As what comes in a compiled function is told."""
    told = SystemError("a result with an exception set")
    told.__cause__ = error
    return told


def failing(error: BaseException) -> typer.Typer:
    made = typer.Typer(cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False)

    @made.callback()
    def everywhere(traceback: Annotated[bool, typer.Option("--traceback")] = False) -> None:
        """Take the option that the group looks at."""

    @made.command()
    def fail() -> None:
        raise error

    return made


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (InputError("bad\nfile; here; mend it"), 1, "lineage: bad file; here; mend it\n"),
        (ZeroDivisionError("oops"), 1, "lineage: unexpected ZeroDivisionError: oops; run with --traceback"),
        (KeyboardInterrupt(), 130, "lineage: interrupted"),
        (behind(KeyboardInterrupt()), 130, "lineage: interrupted"),
        (behind(ValueError()), 1, "lineage: unexpected SystemError: a result with an exception set; run with"),
        (typer.Exit(3), 3, ""),
        (typer.Exit(4), 4, ""),
        (typer.BadParameter("no"), 2, "lineage: invalid value: no; see `"),
    ],
    ids=repr,
)
def test_every_end_has_its_status(error: BaseException, status: int, told: str) -> None:
    """Errors of ours, errors of nobody's, Ctrl-C, and the statuses that commands choose."""
    result = CliRunner().invoke(failing(error), ["fail"])
    assert result.exit_code == status
    assert result.stderr.startswith(told)
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("words", [["--traceback", "fail"], ["fail", "--traceback"]])
def test_a_traceback_where_it_was_asked_for(words: list[str]) -> None:
    """The option stands before or after the command."""
    result = CliRunner().invoke(failing(ZeroDivisionError("oops")), words)
    assert isinstance(result.exception, ZeroDivisionError)


def test_a_traceback_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """LINEAGE_TRACEBACK=1 does the same."""
    monkeypatch.setenv("LINEAGE_TRACEBACK", "1")
    assert isinstance(CliRunner().invoke(failing(ZeroDivisionError("oops")), ["fail"]).exception, ZeroDivisionError)


def test_a_reader_that_leaves_is_no_error() -> None:
    """`lineage … | head -1` ends quietly."""
    script = """
import sys, typer
from lineage.cli.errors import Commands
app = typer.Typer(cls=Commands)
@app.callback()
def everywhere(): pass
@app.command()
def talk():
    for number in range(100_000):
        typer.echo(number)
app()
"""
    child = subprocess.Popen(
        [sys.executable, "-c", script, "talk"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stderr is not None
    assert child.stdout.readline() == "0\n"
    child.stdout.close()
    assert (child.stderr.read(), child.wait()) == ("", 0)
    child.stderr.close()


def _held_open(pipe: Path, child: "subprocess.Popen[str]") -> int:
    """The end of the pipe that nothing is written to, as soon as the child reads from the other, however slow it is."""
    while child.poll() is None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            time.sleep(0.01)
    raise AssertionError("the command ended before it read")


def test_ctrl_c_is_status_130(tmp_path: Path) -> None:
    """One line, whatever was going on."""
    os.mkfifo(tmp_path / "never.jsonl")
    child = subprocess.Popen(
        [sys.executable, "-m", "lineage", "compare", tmp_path / "never.jsonl", "x"], stderr=subprocess.PIPE, text=True
    )
    held = _held_open(tmp_path / "never.jsonl", child)
    # Python sleeps through a signal that comes just before it waits for bytes; whoever presses would press again.
    for _ in range(12):
        child.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            _, told = child.communicate(timeout=10)
            break
    os.close(held)
    assert (child.returncode, told.count("\n")) == (130, 1)
    assert told.startswith("lineage: interrupted")


def test_evaluate_prints_json(tmp_path: Path) -> None:
    """The kind is seen in the gold file; the figures are data."""
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "a", "group": "1"}\n{"id": "b", "group": "1"}\n')
    (tmp_path / "pairs.jsonl").write_text('{"a": "a", "b": "b", "probability": 0.9}\n')
    result = run("evaluate", gold, tmp_path)
    assert result.exit_code == 0
    figures = json.loads(result.stdout)
    assert (figures["precision"], figures["recall"], figures["f1"]) == (1.0, 1.0, 1.0)
    assert figures["calibration"] == [{"low": 0.9, "high": 1.0, "count": 1, "claimed": 0.9, "true": 1.0}]


def test_doctor_names_what_is_there() -> None:
    """Versions, and what draws."""
    result = run("doctor")
    assert result.exit_code == 0
    assert "numba" in result.stdout
    assert "draws with" in result.stdout


@pytest.mark.parametrize(
    ("count", "total", "seconds", "told"),
    [
        (300, 1200, 30.0, "compare: 300 of 1200 (25 %), 10.0/s, 90 s left"),
        (300, None, 30.0, "compare: 300, 10.0/s"),
        (0, 0, 0.0, "compare: 0 of 0, 0.0/s"),
        (0, 5, 1.0, "compare: 0 of 5 (0 %), 0.0/s"),
    ],
)
def test_progress_in_words(count: int, total: int | None, seconds: float, told: str) -> None:
    """How far, how fast, how long."""
    assert account("compare", count, total, seconds) == told


def test_a_log_gets_one_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    """Not one for every step."""
    for every, lines in ((0.0, 5), (1000.0, 0)):
        with Lines(every) as watch:
            watch.stage("compare", 5)
            for _ in range(5):
                watch.advance()
        assert capsys.readouterr().err.count("\n") == lines


def test_the_bar_stays_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """Notes and bar, never stdout."""
    with Bar() as watch:
        watch.advance()
        watch.stage("read")
        watch.stage("compare", 2)
        watch.advance(2)
        watch.note("two [lines]\nin one")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "lineage: two [lines] in one" in captured.err


def test_an_article_in_no_story_is_not_said_to_share_nothing(tmp_path: Path) -> None:
    """It may share a whole sentence with another, which `compare` and `explain` say."""
    first = (
        "A ferry with 212 people ran aground on a reef off the island on Monday, the coastguard said. Two lifeboats "
        "took the passengers ashore within three hours. The owner said it was too early to speak about the cause. "
        "The last of the crew left the ship at dawn, and nobody was hurt. "
    )
    pages = {
        "a": first + "Parliament will discuss the safety of the line on Thursday.",
        "b": first.replace("212", "221") + "The ship was built in 1998.",
        "c": "Bakers in the capital say that flour has become dear since spring, and that loaves will shrink again. "
        "The guild met to speak of it. Mills blame the price of power, and farmers the rain of the past summer. "
        "The owner of a mill said it was too early to speak about the cause. Bread is dearest in the mountains.",
    }
    for name, text in pages.items():
        (tmp_path / f"{name}.txt").write_text(f"{name}\n\n{text}\n")
    result = run("graph", tmp_path, "-o", tmp_path / "out.svg")
    assert "1 article of 3 in no story: too little text in common with any other" in result.stderr
