"""Second parents: who accounts for what the first parent leaves unexplained, in other places of the child.

Rewriters share habits, so another rewrite of the same source always seems to explain something (38 % of the remaining
word pairs on machine rewrites). Only two patterns are clear enough to be claimed:

* another text explains nearly all of the remainder and no third text does (two lines of near copies are merged);
* the two parents have nothing to do with one another, and the child is near to both (two stories are blended).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lineage.derive.decide import Decision
from lineage.derive.measures import Tables
from lineage.derive.passages import common_words, passages
from lineage.derive.readings import Array, Hashes, among
from lineage.records import Span

# Measured on the development data: 10 of 14 and 16 of 18 merges claimed are right.
NEARLY_ALL, FAR_AHEAD, RIGHT_MERGED = 0.5, 0.5, 0.7
UNRELATED, UNLIKE, WORTH, RIGHT_BLENDED = 0.03, 0.5, 0.1, 0.8
LINKED = 0.3
CONSIDERED = 16  # texts closest to the child


@dataclass(frozen=True)
class Merge:
    """A second parent: how probable, why in one sentence, and the spans of the child that it alone accounts for."""

    parent: int
    child: int
    probability: float
    note: str
    covers: tuple[Span, ...]


def merges(tables: Tables, decision: Decision) -> list[Merge]:
    """At most one second parent for each text that has a first; together they leave the derivation without cycles."""
    parents: dict[int, list[int]] = {}
    for parent, child in decision.chosen():
        parents.setdefault(child, []).append(parent)
    near = np.zeros(decision.links.shape)
    near[tables.pairs.parent, tables.pairs.child] = tables.column("wording.near.two")
    found = []
    for child in sorted(parents):
        barred = _descendants(parents, child) | {child, *parents[child]}
        closest = np.argsort(-near[:, child], kind="stable").tolist()
        others = [text for text in closest if text not in barred and decision.timely[text, child]][:CONSIDERED]
        merge = _second(tables, decision, near, (parents[child][0], child), others)
        if merge is not None:
            parents[child].append(merge.parent)
            found.append(merge)
    return found


def _descendants(parents: dict[int, list[int]], text: int) -> set[int]:
    below = {text}
    while True:
        more = {child for child, above in parents.items() if child not in below and below.intersection(above)}
        if not more:
            return below - {text}
        below |= more


def _second(
    tables: Tables, decision: Decision, near: Array, link: tuple[int, int], others: Sequence[int]
) -> Merge | None:
    """The best second parent of a link's child, if it fits one of the two patterns."""
    shares = {kind: _remainder(tables, kind, link, others) for kind in ("three", "stem", "skip")}
    for place in sorted(range(len(others)), key=lambda place: (-shares["three"][place], others[place])):
        first, other = link[0], others[place]
        if decision.links[first, other] + decision.links[other, first] >= LINKED:
            continue
        covers = _alone(tables, link, other)
        lead = {kind: _lead(values, place) for kind, values in shares.items()}
        share = shares["three"][place]
        if _merged(share, lead["three"], covers) and not _above(decision, first, other):
            note = f"has {share:.0%} of the wording that the first parent lacks; no third article has as much"
            return Merge(other, link[1], RIGHT_MERGED, note, covers)
        if _blended(decision, near, link, other) and len(covers) > 1 and min(lead.values()) > 0:
            note = "shares wording with the child that the first parent lacks, and nothing with the first parent"
            return Merge(other, link[1], RIGHT_BLENDED, note, covers)
    return None


def _merged(share: float, lead: float, covers: Sequence[Span]) -> bool:
    return bool(covers) and share >= NEARLY_ALL and lead >= FAR_AHEAD


def _blended(decision: Decision, near: Array, link: tuple[int, int], other: int) -> bool:
    """Whether the two parents are unlike each other, and the child like both."""
    first, child = link
    like = min(near[first, child], near[other, child])
    probable = decision.links[other, child] > WORTH * decision.links[first, child]
    return bool(probable and near[first, other] < min(UNRELATED, UNLIKE * like))


def _remainder(tables: Tables, kind: str, link: tuple[int, int], others: Sequence[int]) -> list[float]:
    """Share of the child's features unknown to its first parent that each of the others has, 0 to 1."""
    first, child = (tables.readings[text].features(kind) for text in link)
    left: Hashes = child[~among(child, first)]
    if left.size == 0:
        return [0.0] * len(others)
    return [float(among(left, tables.readings[other].features(kind)).mean()) for other in others]


def _lead(values: Sequence[float], place: int) -> float:
    """How far one value is ahead of the best other one."""
    return values[place] - max((value for other, value in enumerate(values) if other != place), default=0.0)


def _alone(tables: Tables, link: tuple[int, int], other: int) -> tuple[Span, ...]:
    """The passages of the child that the other text has and the first parent has not."""
    first, child = link
    reading = tables.readings[child]
    theirs = common_words(reading, tables.readings[other].features("three"))
    own = common_words(reading, tables.readings[first].features("three"))
    return passages(reading, theirs & ~own)


def _above(decision: Decision, text: int, ancestor: int) -> bool:
    """Whether `ancestor` is among the ancestors of `text` in the tree."""
    while text >= 0:
        if text == ancestor:
            return True
        text = int(decision.parents[text])
    return False
