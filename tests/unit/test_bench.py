"""The benchmarks run: what they print is measured elsewhere, that they print it is tested here."""

from pathlib import Path

import pytest

from tests.bench import scale


def test_a_small_corpus_is_made_scanned_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From the generator to the stories: every stage has a row, every planted kind of pair a share."""
    source, known = scale.corpus(400, tmp_path)
    scale.scan(source, known, tmp_path, jobs=1)
    said = capsys.readouterr().out
    assert "400 articles in" in said
    assert "| rewrite |" in said
    assert "within a story" in said
    assert "told " in said


def test_a_small_corpus_is_indexed_and_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same for an index."""
    source, _ = scale.corpus(300, tmp_path)
    scale.index(source, tmp_path)
    said = capsys.readouterr().out
    assert "opened in" in said
    assert "asked: median" in said
