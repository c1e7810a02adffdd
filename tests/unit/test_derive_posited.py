"""Lost sources: what two parentless texts share in several places, neither had from the other."""

import random
from dataclasses import replace

import numpy as np
import pytest

from lineage.derive.decide import Decision
from lineage.derive.edges import from_lost
from lineage.derive.measures import Tables, tables
from lineage.derive.posited import lost_sources
from lineage.records import Article


def sentences(count: int, seed: int) -> list[str]:
    """Sentences of made-up words, no run of three of which comes again."""
    dice = random.Random(seed)
    return [" ".join("".join(dice.choices("aeiklmnorstu", k=8)) for _ in range(12)) + "." for _ in range(count)]


def measured(shared: int) -> Tables:
    """Two reports with so many sentences of one lost text between their own, and an abridgement of the first."""
    lost, first, second = sentences(shared, 1), sentences(8, 2), sentences(8, 3)
    a = [line for pair in zip(first, [*lost, *[""] * 8], strict=False) for line in pair if line]
    b = [line for pair in zip(second, [*reversed(lost), *[""] * 8], strict=False) for line in pair if line]
    texts = {"a": a, "b": b, "c": [*a[:3], *sentences(9, 4)]}
    return tables([Article(id, " ".join(lines)) for id, lines in texts.items()])


def decided(parents: list[int], roots: list[float]) -> Decision:
    nothing = np.zeros((3, 3))
    return Decision(nothing, np.array(roots), np.array(parents), np.ones(3), np.ones(3), nothing == 0)


def test_two_roots_with_wording_in_common_have_a_lost_source() -> None:
    """It is as probable as the less certain of them is parentless, and shows the passages, which stand in both."""
    known = measured(shared=5)
    (lost,) = lost_sources(known, decided([-1, -1, 0], [0.9, 0.8, 0.1]))
    assert (lost.texts, lost.probability) == ((0, 1), pytest.approx(0.8))
    texts = [reading.article.text for reading in known.readings]
    for text, other in ((0, 1), (1, 0)):
        assert len(lost.covers[text]) == lost.places == 5
        assert all(texts[text][span.start : span.end] in texts[other] for span in lost.covers[text])
    edges = from_lost(known, lost, "posited:1")
    assert [(edge.parent, edge.child, edge.directed) for edge in edges] == [
        ("posited:1", "a", True),
        ("posited:1", "b", True),
    ]


def test_nothing_is_posited_without_need() -> None:
    """Not for two shared passages, not where one is the other's parent, not for roots that may well have a parent."""
    few, enough = measured(shared=2), measured(shared=5)
    free = decided([-1, -1, 0], [0.9, 0.8, 0.1])
    assert lost_sources(few, free) == []
    assert lost_sources(enough, replace(free, parents=np.array([-1, 0, 0]))) == []
    assert lost_sources(enough, replace(free, roots=np.array([0.9, 0.4, 0.1]))) == []
