"""Files of known truth: where they are, and what is in them."""

from pathlib import Path

import pytest

from lineage import truth
from lineage.derive import examples
from lineage.errors import MissingInput


def test_rows_are_the_lines_of_a_file(tmp_path: Path) -> None:
    """Empty lines are nothing, and a line separator within a text ends no line."""
    place = tmp_path / "some.docs.jsonl"
    place.write_text('{"id":"a","text":"one\u2028two"}\n\n{"id":"b","text":""}\n', encoding="utf-8")
    assert truth.rows(place) == [{"id": "a", "text": "one\u2028two"}, {"id": "b", "text": ""}]


def test_the_two_files_of_a_set(tmp_path: Path) -> None:
    """Beside the texts lies what is known of them; a set that is not there is named."""
    (tmp_path / "some.docs.jsonl").touch()
    assert truth.gold(truth.docs(tmp_path, "some")) == tmp_path / "some.gold.jsonl"
    with pytest.raises(MissingInput, match=r"other\.docs\.jsonl"):
        truth.docs(tmp_path, "other")


def test_nothing_is_learned_without_the_stories_of_the_project(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the source is not at hand, training says so instead of learning less."""
    assert len(examples.written_stories()) > 200
    monkeypatch.setattr(truth, "OWN", tmp_path)
    with pytest.raises(MissingInput, match="source"):
        examples.written_stories()
