"""Lost sources: texts that share wording in several places while neither can be the other's source."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lineage.derive.decide import Decision
from lineage.derive.measures import Tables
from lineage.derive.passages import common_words, passages
from lineage.records import Span

PLACES = 3  # separate passages that two parentless texts must share
WORDS = 30  # characters a passage must have to count
CLOSE = 0.5  # against the usual closeness of a parent and its child
LEAST = 0.5  # below this none of those told on stories held out was right


@dataclass(frozen=True)
class Lost:
    """texts: its children, sorted.  covers: for each, the passages it has in common with another of them."""

    texts: tuple[int, ...]
    probability: float
    places: int
    covers: dict[int, tuple[Span, ...]]


def lost_sources(tables: Tables, decision: Decision) -> list[Lost]:
    """Groups of parentless texts that share a written source no text of the story is, by their first member."""
    roots = np.flatnonzero(decision.parents < 0).tolist()
    usual = _usual_closeness(tables, decision)
    if len(roots) < 2 or usual is None:
        return []
    near = np.zeros(decision.links.shape)
    near[tables.pairs.parent, tables.pairs.child] = tables.column("wording.near.three")
    together: dict[int, set[int]] = {root: {root} for root in roots}
    for place, a in enumerate(roots):
        for b in roots[place + 1 :]:
            if near[a, b] >= CLOSE * usual and len(_shared(tables, a, b)) >= PLACES:
                joined = together[a] | together[b]
                together |= dict.fromkeys(joined, joined)
    groups = sorted({tuple(sorted(group)) for group in together.values() if len(group) > 1})
    found = [_lost(tables, decision, group) for group in groups]
    return [lost for lost in found if lost.probability >= LEAST]


def _usual_closeness(tables: Tables, decision: Decision) -> float | None:
    """Median closeness of the chosen parents and children; None where there are none to compare with."""
    pairs = tables.pairs
    chosen = decision.parents[pairs.child] == pairs.parent
    return float(np.median(tables.column("wording.near.three")[chosen])) if chosen.any() else None


def _shared(tables: Tables, a: int, b: int) -> tuple[Span, ...]:
    """The longer passages of `a` that also stand in `b`."""
    reading = tables.readings[a]
    found = passages(reading, common_words(reading, tables.readings[b].features("three")))
    return tuple(span for span in found if span.end - span.start >= WORDS)


def _lost(tables: Tables, decision: Decision, group: Sequence[int]) -> Lost:
    covers = {}
    for text in group:
        spans = {span for other in group if other != text for span in _shared(tables, text, other)}
        covers[text] = tuple(sorted(spans))
    # Each of them must be without a parent for the source to be lost; the least certain one decides.
    probability = min(float(decision.roots[text]) for text in group)
    return Lost(tuple(group), probability, min(len(spans) for spans in covers.values()), covers)
