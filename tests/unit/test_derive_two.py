"""Two texts alone: their direction is told by signs that need no third text, unless it is settled otherwise."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lineage import derive, simulate
from lineage.derive import direction_fitting
from lineage.derive.decide import decide
from lineage.derive.examples import Example, Known, stories_in
from lineage.derive.measures import tables
from lineage.derive.scores import shipped
from lineage.records import Article, Verdict

SEEDS = range(6)
SEVER = 0.3
UNSEEN = Path(__file__).parents[2] / "corpus" / "unseen"


def two(seed: int) -> list[Article]:
    """A text and a rewrite of it."""
    return list(simulate.story(simulate.tree(2, simulate.REWRITE), seed).articles)[:2]


def lead(first: Article, second: Article) -> float:
    """Log-odds of one direction against the other."""
    measured = tables([first, second])
    found = decide(measured, shipped(), SEVER).links
    one = [reading.article.id for reading in measured.readings].index(first.id)
    return float(np.log(found[one, 1 - one] / found[1 - one, one]))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_names_of_two_texts_say_nothing(seed: int) -> None:
    """With their ids exchanged the same text is the source, as surely."""
    first, second = two(seed)
    assert lead(first, second) == lead(replace(first, id=second.id), replace(second, id=first.id))


@pytest.mark.parametrize("seed", SEEDS)
def test_whether_two_texts_belong_together_is_not_asked_of_the_direction(seed: int) -> None:
    """Each opinion keeps what it says of the two links together, and takes over which of them is the likelier."""
    measured = tables(two(seed))
    scorer = shipped()
    assert scorer.direction is not None
    own = replace(scorer, direction=None).opinions(measured)
    said = scorer.opinions(measured)
    assert [one.share for one in own] == [one.share for one in said]
    for before, after in zip(own, said, strict=True):
        assert after.links.sum() == pytest.approx(before.links.sum())
        there, back = (after.links[measured.pairs.parent == parent][0] + after.roots[parent] for parent in (0, 1))
        assert there - back == pytest.approx(scorer.direction.lead(measured), abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_what_the_measures_say_sums_to_the_direction(seed: int) -> None:
    """The reasons shown for one direction against the other are all of it."""
    measured = tables(two(seed))
    scorer = shipped()
    assert scorer.direction is not None
    there, back = (scorer.contributions(measured)[measured.pairs.parent == parent].sum() for parent in (0, 1))
    assert there - back == pytest.approx(scorer.direction.lead(measured), abs=1e-6)


def test_three_texts_are_told_by_the_third() -> None:
    """The direction of two is not asked."""
    measured = tables(simulate.story(simulate.tree(3, simulate.REWRITE), 1).articles)
    with_it, without = (decide(measured, scorer, SEVER) for scorer in (shipped(), replace(shipped(), direction=None)))
    np.testing.assert_array_equal(with_it.links, without.links)


def test_plain_language_comes_from_what_it_explains() -> None:
    """In six languages, by a writer of whom no model has learned."""
    stories = [story for story in stories_in(UNSEEN) if story.source == "passages" and len(story.articles) == 2]
    right = [
        lead(*sorted(story.articles, key=lambda article: len(story.parents[article.id]))) > 0
        for story in stories
        if any(story.parents.values())
    ]
    assert len(right) > 30
    assert np.mean(right) > 0.75


def test_links_of_one_parent_teach() -> None:
    """A merge does not say which of its parents it would be like, alone; a root teaches nothing."""
    articles = tuple(Article(id=name, text=f"{name} said so.") for name in "abcd")
    parents = {name: frozenset(above) for name, above in (("a", ""), ("b", "a"), ("c", "ab"), ("d", "b"))}
    found = list(direction_fitting.twos([Known("set", "s", articles, parents)], seed=1))
    assert sorted(tuple(article.id for article in one.articles) for one in found) == [("a", "b"), ("b", "d")]
    assert all(
        one.parents == {one.articles[0].id: frozenset(), one.articles[1].id: {one.articles[0].id}} for one in found
    )


def test_a_direction_is_learned_from_stories_of_two() -> None:
    """Where the second text always has half the words of the first; without such stories nothing is learned."""
    known = []
    for seed in range(60):
        (whole,) = simulate.story(simulate.tree(1, simulate.REWRITE), seed).articles
        cut = replace(whole, id=f"{whole.id}-cut", text=whole.text[: len(whole.text) // 2])
        known.append(Known("cuts", str(seed), (whole, cut), {whole.id: frozenset(), cut.id: frozenset({whole.id})}))
    taught = direction_fitting.direction([Example.of(one) for one in known[:50]], {})
    assert taught is not None
    for one in known[50:]:
        measured = tables(one.articles)
        first = measured.readings[0].article.id == one.articles[0].id
        assert (taught.lead(measured) > 0) == first
    assert direction_fitting.direction([], {}) is None


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
