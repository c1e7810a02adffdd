"""Whole sentences that went or came, and the headline."""

from collections.abc import Sequence

from lineage.facts import Fact, FactKind, facts
from lineage.records import Article, Change, Span
from lineage.reframe.naming import name_survives
from lineage.reframe.side import Facing, Side, spoken
from lineage.reframe.values import survives

# A sentence this close to any of the other side was reworded or joined to another one, not dropped.
_ELSEWHERE = 0.2
_LEAST_WORDS = 4
_QUOTED = 0.45


def dropped_facts(facing: Facing) -> list[Change]:
    """Sentences of the parent that answer to nothing in the child, with what they name."""
    changes = []
    for row in _lonely(
        facing.parent, [not p for p in facing.partners], facing.affinity.cosine.max(axis=1, initial=0.0).tolist()
    ):
        span = facing.parent.sentences[row]
        gone = [f for f in _named(facing.parent, span) if not _has(f, facing)]
        note = _listed(gone)
        if note or _says_enough(facing.parent, row):
            changes.append(Change("fact_dropped", facing.parent.sentence(row), "", span, None, note))
    return changes


def added_facts(facing: Facing) -> list[Change]:
    """Sentences of the child that answer to nothing in the parent, with what they name."""
    changes = []
    for column in _lonely(
        facing.child, [not p for p in facing.answers], facing.affinity.cosine.max(axis=0, initial=0.0).tolist()
    ):
        span = facing.child.sentences[column]
        note = _listed(_named(facing.child, span))
        if note or _says_enough(facing.child, column):
            changes.append(Change("fact_added", "", facing.child.sentence(column), None, span, note))
    return changes


def headline_change(parent: Article, child: Article) -> list[Change]:
    """The headline, where both have one and they differ; the note says what the new one brings in."""
    if not parent.title or not child.title or parent.title.split() == child.title.split():
        return []
    lang = spoken(child) or spoken(parent)
    before = {(f.kind, f.value) for f in facts(parent.title, lang)}
    new = [
        f
        for f in facts(child.title, lang)
        if (f.kind, f.value) not in before and f.kind in {"number", "loaded", "hedge"}
    ]
    return [Change("headline", parent.title, child.title, note=_listed(new))]


def _lonely(side: Side, alone: list[bool], closest: Sequence[float]) -> list[int]:
    return [
        number
        for number in range(len(side.sentences))
        if alone[number] and closest[number] < _ELSEWHERE and not _is_quotation(side, number)
    ]


def _is_quotation(side: Side, number: int) -> bool:
    """Whether most of a sentence is a quotation, whose fate is told elsewhere."""
    start, end = side.sentences[number]
    inside = sum(min(end, q.span.end) - max(start, q.span.start) for q in side.of("quote") if _meet(q.span, start, end))
    return inside > _QUOTED * (end - start)


def _meet(span: Span, start: int, end: int) -> bool:
    return span.start < end and start < span.end


def _named(side: Side, span: Span) -> list[Fact]:
    kinds: tuple[FactKind, ...] = ("number", "date", "name")
    return [fact for kind in kinds for fact in side.within(kind, span)]


def _has(fact: Fact, facing: Facing) -> bool:
    return name_survives(fact, facing.child, facing.language) if fact.kind == "name" else survives(fact, facing)


def _says_enough(side: Side, number: int) -> bool:
    return sum(weight >= 1.0 for weight in side.stems[number].values()) >= _LEAST_WORDS


def _listed(found: list[Fact]) -> str:
    return ", ".join(dict.fromkeys(fact.text for fact in found))
