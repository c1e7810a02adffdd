"""Reports that come again and again in the same words, each on a day of its own, are no versions of one another."""

import json
from itertools import combinations
from pathlib import Path

from lineage.pipeline import tracing
from lineage.records import Article
from lineage.settings import Settings
from lineage.watch import Silent

SERIES = Path(__file__).parents[2] / "corpus" / "training" / "series.docs.jsonl"


def rows(place: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]


def test_days_of_a_series_stand_apart() -> None:
    """Nine in ten of the pairs that are reported are a report and its version, and nearly all of those are reported.

    These series are learned from; what that is worth on others, `tests.bench learning` says.
    """
    known = [Article(id=str(row["id"]), text=str(row["text"])) for row in rows(SERIES)]
    gold = {str(row["id"]): row for row in rows(SERIES.with_name("series.gold.jsonl"))}

    def first(id: str) -> str:
        above = gold[id]["parents"]
        return first(above[0]) if isinstance(above, list) and above else id

    true = {pair for pair in combinations(sorted(gold), 2) if first(pair[0]) == first(pair[1])}
    found, _ = tracing.compared(known, Settings(), Silent())
    said = {(pair.a, pair.b) for pair in found if pair.probability >= 0.5}
    assert len(said & true) >= 0.9 * len(said)
    assert len(said & true) >= 0.9 * len(true)
