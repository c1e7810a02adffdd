"""Two texts alone: their direction is told with less confidence than among others, unless it is settled otherwise."""

from dataclasses import replace

import numpy as np
import pytest

from lineage import derive, simulate
from lineage.derive import decide as stage
from lineage.derive.decide import OF_TWO, decide
from lineage.derive.measures import tables
from lineage.derive.scores import shipped
from lineage.records import Article, Verdict

SEEDS = range(6)


def two(seed: int) -> list[Article]:
    """A text and a rewrite of it."""
    return list(simulate.story(simulate.tree(2, simulate.REWRITE), seed).articles)[:2]


def lead(seed: int) -> float:
    """Log-odds of one direction against the other."""
    found = decide(tables(two(seed)), shipped(), 0.3).links
    return float(np.log(found[0, 1] / found[1, 0]))


@pytest.mark.parametrize("seed", SEEDS)
def test_without_a_third_text_the_direction_is_less_sure(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stays the same one; that the two belong together is as sure as before."""
    hesitant = lead(seed)
    touching = decide(tables(two(seed)), shipped(), 0.3).links.sum()
    monkeypatch.setattr(stage, "OF_TWO", 1.0)
    assert abs(hesitant) <= abs(lead(seed))
    assert hesitant * lead(seed) >= 0.0
    assert touching == pytest.approx(decide(tables(two(seed)), shipped(), 0.3).links.sum(), abs=0.15)


def test_three_texts_are_told_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The third text is what was missing."""
    story = simulate.story(simulate.tree(3, simulate.REWRITE), 1).articles
    before = derive.derivation(story)
    monkeypatch.setattr(stage, "OF_TWO", OF_TWO / 2)
    assert derive.derivation(story) == before


def test_a_date_settles_it() -> None:
    """Whatever the texts look like, the one that appeared first is the parent."""
    early, late, *_ = (article.published for article in simulate.story(simulate.chain(4), 1, dated=True).articles)
    for first, second in (two(1), two(1)[::-1]):
        dated = [replace(first, published=early), replace(second, published=late)]
        (edge,) = derive.derivation(dated).edges
        assert (edge.parent, edge.child, edge.directed) == (first.id, second.id, True)
        assert edge.probability > 0.8


def test_a_person_settles_it() -> None:
    """A verdict on two texts is kept to."""
    for first, second in (two(1), two(1)[::-1]):
        (edge,) = derive.derivation([first, second], verdicts=[Verdict(first.id, second.id, "right")]).edges
        assert (edge.parent, edge.child, edge.directed) == (first.id, second.id, True)
