"""A scan tells the wording that many of its stories share, and counts it."""

import json
from pathlib import Path

from lineage import pipeline
from lineage.settings import Settings
from tests.unit.test_boilerplate import FEW, NOTICE, corpus_with


def test_a_scan_writes_boilerplate_and_counts_it(tmp_path: Path) -> None:
    rows = [json.dumps({"id": article.id, "text": article.text}) for article in corpus_with(9)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows), encoding="utf-8")
    manifest = pipeline.scan([tmp_path / "in.jsonl"], tmp_path / "out", Settings(boilerplate=FEW))
    found = [json.loads(line) for line in (tmp_path / "out/boilerplate.jsonl").read_text("utf-8").splitlines()]
    assert [entry["text"] for entry in found] == [NOTICE]
    assert manifest.counts["boilerplate_passages"] == 1
    assert manifest.stories == 0  # a notice in common makes no story
