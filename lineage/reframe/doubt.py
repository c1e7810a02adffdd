"""Hedges added to or dropped from the same claim, and loaded words that the parent does not have."""

from collections.abc import Iterator

from lineage.align.similarity import stems
from lineage.facts import Fact
from lineage.records import Change, Span
from lineage.reframe.side import Facing, Side

# Below this two aligned stretches share too little to say that one doubts what the other states.
_SAME_CLAIM = 0.2
_NOTE = 70


def hedge_changes(facing: Facing) -> list[Change]:
    """Hedges that only one of two aligned stretches has; a hedge exchanged for another is no change."""
    changes = []
    for left, right in _stretches(facing):
        before, after = _hedges(facing.parent, left), _hedges(facing.child, right)
        if before and not after:
            told = _cut(facing.child.text, right)
            changes.append(Change("hedge_dropped", before[0].text, "", before[0].span, None, f"now: {told}"))
        if after and not before:
            told = _cut(facing.parent.text, left)
            changes.append(Change("hedge_added", "", after[0].text, None, after[0].span, f"before: {told}"))
    return changes


def hedges_surviving(facing: Facing) -> int:
    """How many hedges of the parent stand in a stretch whose counterpart is hedged too."""
    return sum(
        len(before)
        for left, right in _stretches(facing, 0.0)
        if (before := _hedges(facing.parent, left)) and _hedges(facing.child, right)
    )


def loaded_changes(facing: Facing) -> list[Change]:
    """Loaded words of the child whose stem the parent has nowhere, each once."""
    known = set(stems(facing.parent.text, facing.language.code))
    seen: set[str] = set()
    changes = []
    for fact in facing.child.of("loaded"):
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


def _hedges(side: Side, stretch: Span) -> list[Fact]:
    return side.within("hedge", stretch)


def _cut(text: str, stretch: Span) -> str:
    told = " ".join(text[slice(*stretch)].split())
    return told if len(told) <= _NOTE else told[:_NOTE].rsplit(" ", 1)[0] + " …"
