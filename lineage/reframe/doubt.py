"""Hedges added to or dropped from the same claim, and loaded words that the parent does not have."""

import re
from collections.abc import Iterator, Sequence

from lineage.align.similarity import Stems, stems
from lineage.facts import Fact
from lineage.facts.phrases import softens
from lineage.records import Change, Span
from lineage.reframe.side import Facing, Side

# Below this two aligned stretches share too little to say that one doubts what the other states.
_SAME_CLAIM = 0.2
# Letters before and behind a hedge in which its claim stands, and how much of that the other side must say.
_NEAR = 50
_FAR = 70
_MARKS = re.compile(r"[;:—]|,\s|\.\s")
_STOPS = re.compile(r"[;:—]|\.\s")
_LEAST_SHARED = 1
_SAME_WORDS = 0.2
_LEAST_ELSEWHERE = 2
_SAME_ELSEWHERE = 0.3
_NOTE = 70


def hedge_changes(facing: Facing) -> list[Change]:
    """Hedges that only one of two stretches has although both make the claim beside it.

    A hedge exchanged for another, or for any word that leaves the claim open, is no change; where the words beside the
    hedge are not found on the other side the claim may be another one, and nothing is said.
    """
    changes = []
    for left, right in _stretches(facing):
        before, after = _hedges(facing.parent, left), _hedges(facing.child, right)
        if {hedge.value for hedge in before} == {hedge.value for hedge in after}:
            continue
        for hedge, told in _doubting((facing.parent, facing.child), before, right, facing)[:1]:
            changes.append(Change("hedge_dropped", hedge.text, "", hedge.span, None, f"now: {told}"))
        for hedge, told in _doubting((facing.child, facing.parent), after, left, facing)[:1]:
            changes.append(Change("hedge_added", "", hedge.text, None, hedge.span, f"before: {told}"))
    return changes


def _doubting(sides: tuple[Side, Side], found: Sequence[Fact], stretch: Span, facing: Facing) -> list[tuple[Fact, str]]:
    """The hedges of one side whose claim the other side states openly, with the sentence that does.

    Looked for in the stretch that the hedge's sentence is aligned with, and, where more of the claim stands there, in
    any other sentence.
    """
    mine, other = sides
    told = []
    for hedge in found:
        claim = _claim(mine, hedge, facing)
        rows = other.rows(stretch)
        best = max(range(len(other.stems)), key=lambda row: (_share(claim, other.stems[row]), row in rows, -row))
        aligned = best in rows and not facing.loose
        least = (_LEAST_SHARED, _SAME_WORDS) if aligned else (_LEAST_ELSEWHERE, _SAME_ELSEWHERE)
        open_rows = {best, *(() if best in rows else rows)}
        doubted = any(softens(other.sentence(row), facing.language.code) for row in open_rows)
        if _holds(claim, other.stems[best], least) and not doubted:
            told.append((hedge, _cut(other.sentence(best))))
    return told


def _claim(side: Side, hedge: Fact, facing: Facing) -> dict[str, float]:
    """The content stems beside a hedge, in its clause and without who says it."""
    start, end = side.sentences[side.at(hedge.span.start)]
    said = [f.claim for f in side.of("attribution") if f.claim and f.claim.start <= hedge.span.start < f.claim.end]
    start = max([start, *(claim.start for claim in said)])
    before = _STOPS.split(side.text[max(start, hedge.span.start - _NEAR) : hedge.span.start])[-1]
    after = _MARKS.split(side.text[hedge.span.end : min(end, hedge.span.end + _FAR)])[0]
    found = stems(f"{before} {after}", facing.language.code)
    return {stem: weight * facing.rarity.get(stem, 1.0) for stem, weight in found.items() if weight >= 1.0}


def _holds(claim: Stems, there: Stems, least: tuple[int, float]) -> bool:
    return len(claim.keys() & there.keys()) >= least[0] and _share(claim, there) >= least[1]


def _share(claim: Stems, there: Stems) -> float:
    whole = sum(claim.values())
    return sum(weight for stem, weight in claim.items() if stem in there) / whole if whole else 0.0


def hedges_surviving(facing: Facing) -> int:
    """How many hedges of the parent stand in a stretch whose counterpart is hedged too."""
    return sum(
        len(before)
        for left, right in _stretches(facing, 0.0)
        if (before := _hedges(facing.parent, left)) and _hedges(facing.child, right)
    )


def loaded_changes(facing: Facing) -> list[Change]:
    """Loaded words of the child whose stem the parent has nowhere, each once."""
    found = facing.child.of("loaded")
    known = set(stems(facing.parent.text, facing.language.code)) if found else set()
    seen: set[str] = set()
    changes = []
    for fact in found:
        own = set(stems(fact.text, facing.language.code))
        if own <= known or fact.value in seen:
            continue
        seen.add(fact.value)
        changes.append(Change("loaded_word", "", fact.text, None, fact.span))
    return changes


def _stretches(facing: Facing, least: float = _SAME_CLAIM) -> Iterator[tuple[Span, Span]]:
    for block in facing.blocks:
        if block.a is None or block.b is None:
            continue
        rows, columns = facing.parent.rows(block.a), facing.child.rows(block.b)
        cells = facing.affinity.cosine[rows.start : rows.stop, columns.start : columns.stop]
        if cells.size and float(cells.max()) >= least:
            yield block.a, block.b


def _hedges(side: Side, stretch: Span) -> tuple[Fact, ...]:
    return side.within("hedge", stretch)


def _cut(sentence: str) -> str:
    told = " ".join(sentence.split())
    return told if len(told) <= _NOTE else told[:_NOTE].rsplit(" ", 1)[0] + " …"
