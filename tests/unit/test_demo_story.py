"""The bundled demonstration is a story of the corpus."""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parents[2]
BUNDLED = HERE / "lineage" / "data" / "demo" / "articles.jsonl"


def test_bundled_story_is_the_corpus_story() -> None:
    """The file that ships in the package equals, byte for byte, the story `cable` of the corpus."""
    assert BUNDLED.read_bytes() == (HERE / "corpus" / "cable" / "articles.jsonl").read_bytes()


def test_bundled_story_has_what_a_drawing_shows() -> None:
    """Every bundled article has a headline, an outlet, a language and a time with a zone, and there are five or six."""
    rows = [json.loads(line) for line in BUNDLED.read_text(encoding="utf-8").splitlines()]
    assert len(rows) in (5, 6)
    for row in rows:
        assert row["title"]
        assert row["source"]
        assert row["lang"] == "en"
        assert row["published"].endswith("+01:00")
