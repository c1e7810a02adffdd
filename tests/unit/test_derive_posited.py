"""Lost sources: what two parentless texts share in several places, neither had from the other."""

import random

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


def decided(known: Tables, parents: dict[str, str], roots: dict[str, float]) -> Decision:
    """Of the texts by their ids: the parent of each that has one, and how probably each has none."""
    place = {reading.article.id: at for at, reading in enumerate(known.readings)}
    above = [place.get(parents.get(id, ""), -1) for id in place]
    nothing = np.zeros((3, 3))
    return Decision(
        nothing, np.array([roots[id] for id in place]), np.array(above), np.ones(3), np.ones(3), nothing == 0
    )


def test_two_roots_with_wording_in_common_have_a_lost_source() -> None:
    """It is as probable as the less certain of them is parentless, and shows the passages, which stand in both."""
    known = measured(shared=5)
    (lost,) = lost_sources(known, decided(known, {"c": "a"}, {"a": 0.9, "b": 0.8, "c": 0.1}))
    assert lost.probability == pytest.approx(0.8)
    texts = [reading.article.text for reading in known.readings]
    for text, other in (lost.texts, lost.texts[::-1]):
        assert len(lost.covers[text]) == lost.places == 5
        assert all(texts[text][span.start : span.end] in texts[other] for span in lost.covers[text])
    edges = from_lost(known, lost, "posited:1")
    assert sorted((edge.parent, edge.child, edge.directed) for edge in edges) == [
        ("posited:1", "a", True),
        ("posited:1", "b", True),
    ]


def test_nothing_is_posited_without_need() -> None:
    """Not for two shared passages, not where one is the other's parent, not for roots that may well have a parent."""
    few, enough = measured(shared=2), measured(shared=5)
    tree, likely, doubtful = {"c": "a"}, {"a": 0.9, "b": 0.8, "c": 0.1}, {"a": 0.9, "b": 0.4, "c": 0.1}
    assert lost_sources(few, decided(few, tree, likely)) == []
    assert lost_sources(enough, decided(enough, {"b": "a", "c": "a"}, likely)) == []
    assert lost_sources(enough, decided(enough, tree, doubtful)) == []
