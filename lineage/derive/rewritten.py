"""Texts and their rewrites from the detection data: more regimes to learn from than the sets of known derivation have.

A group there is one text and what was written from it, each text with its writer. Where one text alone is by a person,
the group is a star of known direction. What the sets of known derivation hold too is left aside.
"""

import collections
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lineage import truth
from lineage.derive.examples import Known
from lineage.records import Article

MOST = 60  # stories of one regime
LARGEST = 8  # texts of a story


# What the source of a group begins with, and its regime. Pairs of two texts are left aside: tried, they taught nothing.
REGIMES = {
    "l2r:": "rewritten by four machines",
    "xsum:": "disguised",
    "onestop:": "for learners",
}
FIRST = "human"
DETECTION = "detection:"  # what the sets made here begin with


def rewritten(data: Path) -> list[Known]:
    """Up to `MOST` stories of each regime, in order of their names; none where the detection data is not there."""
    place = data / "detection" / "news.docs.jsonl"
    if not place.exists():
        return []
    texts = {row["id"]: row["text"] for row in truth.rows(place)}
    groups: dict[str, list[Mapping[str, Any]]] = collections.defaultdict(list)
    for row in truth.rows(truth.gold(place)):
        groups[row["group"]].append(row)
    found: list[Known] = []
    counts: collections.Counter[str] = collections.Counter()
    for name in sorted(groups):
        story = _star(name, groups[name], texts)
        if story is not None and counts[story.regime] < MOST:
            counts[story.regime] += 1
            found.append(story)
    return found


def _star(name: str, group: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> Known | None:
    """The story of a group of one known regime with exactly one first text."""
    regime = REGIMES.get(group[0]["source"].split(":")[0] + ":", "")
    first = [row["id"] for row in group if row["rewriter"] == FIRST]
    mixed = len({row["source"] for row in group}) > 1
    if mixed or not regime or len(first) != 1 or not 2 < len(group) <= LARGEST:
        return None
    ids = sorted(row["id"] for row in group)
    parents = {text: frozenset(first) - {text} for text in ids}
    articles = tuple(Article(id=text, text=texts[text]) for text in ids)
    return Known(f"{DETECTION} {regime}", name, articles, parents, regime)
