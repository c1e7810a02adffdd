"""Simulated truth comes back where the evidence is easy, and doubt is stated where it is not."""

import pytest

from lineage import derive, simulate
from lineage.records import Article, Derivation

SEEDS = range(3)


def directed(found: Derivation) -> frozenset[tuple[str, str]]:
    return frozenset((edge.parent, edge.child) for edge in found.edges if edge.directed)


def skeleton(found: Derivation) -> frozenset[frozenset[str]]:
    return frozenset(frozenset((edge.parent, edge.child)) for edge in found.edges)


def roots(found: Derivation) -> frozenset[str]:
    return frozenset(root.article for root in found.roots)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "steps",
    [
        simulate.chain(6),
        simulate.chain(6, simulate.EXPANDED),
        simulate.tree(12),
        simulate.tree(8, simulate.REWRITE),
    ],
    ids=["chain of light edits", "growing chain", "tree of light edits", "tree of rewrites"],
)
def test_dated_trees_are_recovered(steps: list[simulate.Step], seed: int) -> None:
    """With right dates every parent and the root are found."""
    truth = simulate.story(steps, seed, dated=True)
    found = derive.derivation(truth.articles)
    assert directed(found) == truth.edges()
    assert roots(found) == truth.roots()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "steps", [simulate.chain(6), simulate.tree(12)], ids=["chain of light edits", "tree of light edits"]
)
def test_the_skeleton_needs_no_dates(steps: list[simulate.Step], seed: int) -> None:
    """Who touches whom is found without dates."""
    truth = simulate.story(steps, seed)
    assert skeleton(derive.derivation(truth.articles)) == {frozenset(edge) for edge in truth.edges()}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_star_of_abridgements_hangs_from_its_source(seed: int) -> None:
    """Dated abridgements of one article are not strung into a chain."""
    truth = simulate.story(simulate.star(6), seed, dated=True)
    found = derive.derivation(truth.articles)
    assert roots(found) == truth.roots()
    assert len(directed(found) & truth.edges()) >= 4


def test_a_wrong_date_is_outweighed() -> None:
    """One article dated too early in a growing chain does not become the source of all."""
    truth = simulate.story(simulate.chain(6, simulate.EXPANDED), 1, dated=True)
    right = derive.derivation(truth.articles)
    first, last = truth.articles[0], truth.articles[-1]
    assert first.published is not None
    assert last.published is not None
    swapped = [
        Article(a.id, a.text, published=last.published if a == first else first.published if a == last else a.published)
        for a in truth.articles
    ]
    assert skeleton(derive.derivation(swapped)) == skeleton(right)


def test_equal_texts_have_no_direction() -> None:
    """Of two equal texts neither is said to be the source."""
    text = simulate.story(simulate.chain(1), 1).articles[0].text
    found = derive.derivation([Article("a", text), Article("b", text)])
    assert [edge.directed for edge in found.edges] == [False]
    assert found.edges[0].relation == "copy"


def test_an_earlier_date_settles_equal_texts() -> None:
    """Of two equal texts the one certainly published first is the source."""
    dated = simulate.story(simulate.chain(2, simulate.COPY), 1, dated=True)
    assert directed(derive.derivation(dated.articles)) == {("t00", "t01")}


def test_a_lost_text_is_bridged() -> None:
    """Where a link of a chain is lost its neighbours are joined."""
    steps = [simulate.Step(s.name, s.parents, s.operation, lost=s.name == "t02") for s in simulate.chain(5)]
    truth = simulate.story(steps, 1, dated=True)
    assert directed(derive.derivation(truth.articles)) == truth.edges()


def test_simulated_truth_knows_its_lost_texts() -> None:
    """True edges pass over a lost text; children of a lost source are roots."""
    steps = [
        simulate.Step("x", lost=True),
        simulate.Step("a", ("x",)),
        simulate.Step("b", ("x",)),
        simulate.Step("c", ("b",)),
    ]
    truth = simulate.story(steps, 1)
    assert truth.edges() == {("b", "c")}
    assert truth.roots() == {"a", "b"}
