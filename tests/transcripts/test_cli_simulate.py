"""Simulated stories as files: made, scanned and scored through the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from lineage.cli import app

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    runner = CliRunner()
    return lambda *arguments: runner.invoke(app, arguments)


def test_simulated_stories_are_scanned_and_scored(run: Run, tmp_path: Path) -> None:
    made = run("simulate", "-o", str(tmp_path / "made"), "--stories", "20", "--seed", "3")
    assert made.exit_code == 0 and made.stdout == ""
    truth = [json.loads(line) for line in (tmp_path / "made/derivation.gold.jsonl").read_text("utf-8").splitlines()]
    assert len({row["story"] for row in truth}) == 20
    articles = tmp_path / "made/articles.jsonl"
    assert run("scan", str(articles), "-o", str(tmp_path / "out"), "--story-field", "story", "-q").exit_code == 0
    scored = run("evaluate", str(tmp_path / "made/derivation.gold.jsonl"), str(tmp_path / "out"))
    assert json.loads(scored.stdout)["skeleton"] > 0.7


def test_the_seed_makes_the_story(run: Run, tmp_path: Path) -> None:
    for name, seed in (("one", "1"), ("again", "1"), ("other", "2")):
        run("simulate", "-o", str(tmp_path / name), "--stories", "2", "--seed", seed, "--wrong-dates", "0.3")
    texts = [(tmp_path / name / "articles.jsonl").read_bytes() for name in ("one", "again", "other")]
    assert texts[0] == texts[1] != texts[2]
    assert all("published" in json.loads(line) for line in texts[0].splitlines())


@pytest.mark.parametrize("wrong", [("--stories", "0"), ("--most", "2"), ("--wrong-dates", "1.5")])
def test_what_cannot_be_made_is_said(run: Run, tmp_path: Path, wrong: tuple[str, str]) -> None:
    assert run("simulate", "-o", str(tmp_path), *wrong).exit_code == 2
