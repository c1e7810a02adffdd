"""Corpora that could ask for too much memory: each is scanned in a process that has not much, and accounted for."""

import json
import random
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from lineage import ingest
from lineage.records import Skipped

EMPTY = 300_000
ENOUGH = 1 << 30  # bytes a scan may ask for, beside the files that it maps


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (ENOUGH, ENOUGH))


def scanned(source: Path, out: Path) -> Any:
    """The manifest of a scan that has `ENOUGH` memory and no more."""
    command = [sys.executable, "-m", "lineage", "scan", str(source), "-o", str(out), "-q"]
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=_limited, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads((out / "manifest.json").read_bytes())


def prose(characters: int, seed: int) -> str:
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=draw.randint(2, 10))) for _ in range(20_000)]
    return " ".join(" ".join(draw.choices(words, k=14)).capitalize() + "." for _ in range(characters // 90))


def test_empty_rows_take_no_memory(tmp_path: Path) -> None:
    """A table of hundreds of thousands of rows with nothing in them is some kilobytes, and every row is counted."""
    nothing = pa.nulls(EMPTY, pa.string())
    pq.write_table(pa.table({"id": nothing, "text": nothing}), tmp_path / "empty.parquet")
    told = scanned(tmp_path / "empty.parquet", tmp_path / "out")

    assert told["skipped"] == {"empty text": EMPTY}
    assert told["stories"] == 0
    assert (tmp_path / "out" / "skipped.jsonl").stat().st_size < 100_000


def test_rows_between_empty_ones_are_read(tmp_path: Path) -> None:
    """Stretches without a text are told with their first and last row; what lies between them keeps its number."""
    texts = [None, *["", " \n"] * 20, prose(500, 1), None, prose(500, 2), *[None] * 2000, "\u00a0", prose(500, 3)]
    pq.write_table(pa.table({"text": texts}), tmp_path / "rows.parquet")
    told: list[Skipped] = []
    found = [article.id for article in ingest.articles(tmp_path / "rows.parquet", on_skip=told.append)]

    filled = [number for number, text in enumerate(texts, 1) if text and text.strip()]
    assert found == [f"rows#{number}" for number in filled]
    assert sum(entry.times for entry in told) == len(texts) - len(found)
    assert {entry.reason for entry in told} == {"empty text"}
    assert [entry.where.rpartition("#")[2] for entry in told[:3]] == ["1-41", "43", "45-1024"]


def test_an_article_of_fifty_megabytes_is_cut_and_compared(tmp_path: Path) -> None:
    """It is cut where `read.max_chars` says, that is told, and what was taken from its beginning is found."""
    whole = prose(3_000_000, 1) * 17
    texts = {"whole": whole, "part": whole[:20_000], "other": prose(3000, 2)}
    lines = [json.dumps({"id": id, "text": text}) + "\n" for id, text in texts.items()]
    (tmp_path / "long.jsonl").write_text("".join(lines))
    told = scanned(tmp_path / "long.jsonl", tmp_path / "out")

    assert told["skipped"] == {"cut": 1}
    (story,) = [json.loads(line) for line in (tmp_path / "out" / "stories.jsonl").open()]
    assert story["articles"] == ["part", "whole"]
