"""The second look: what it reads, what it may move, and that it learns how the derivations it was shown look."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from lineage import derive, simulate
from lineage.derive import habits_fitting
from lineage.derive.arborescence import Marginals, best_parents, marginals
from lineage.derive.decide import Decision, decide
from lineage.derive.examples import Example, Known
from lineage.derive.explain import REST, Explainer
from lineage.derive.habits import FEWEST, NAMES, FirstLook, moved
from lineage.derive.measures import tables
from lineage.derive.readings import Array
from lineage.derive.scores import shipped
from lineage.derive.verdicts import limits
from lineage.records import Article, Verdict

SIZE = 7
SEVER = 0.3
SEEDS = range(3)


def chain(rng: np.random.Generator) -> list[int]:
    order = rng.permutation(SIZE)
    true = np.full(SIZE, -1)
    true[order[1:]] = order[:-1]
    return [int(parent) for parent in true]


def star(rng: np.random.Generator) -> list[int]:
    middle = int(rng.integers(SIZE))
    return [-1 if text == middle else middle for text in range(SIZE)]


def first_look(rng: np.random.Generator, true: list[int]) -> FirstLook:
    """What is seen through noise: who touches whom shows well, the direction hardly."""
    links, roots = rng.normal(0.0, 1.5, (SIZE, SIZE)), rng.normal(0.0, 1.5, SIZE)
    for child, parent in enumerate(true):
        if parent < 0:
            roots[child] += 1.0
        else:
            links[parent, child] += 3.0
            links[child, parent] += 2.0
    return look_at(marginals(links, roots))


def look_at(found: Marginals) -> FirstLook:
    links = found.links + np.where(np.eye(found.roots.size) > 0, -np.inf, 0.0)
    return FirstLook(found.links, found.roots, best_parents(links, found.roots), 0.5)


def decision(look: FirstLook) -> Decision:
    ones = np.ones(look.roots.size)
    return Decision(look.links, look.roots, look.parents, ones, ones, np.ones(look.links.shape, bool), look.known)


def example(name: str, true: list[int]) -> Example:
    ids = [f"{name}-{text}" for text in range(SIZE)]
    parents = {
        ids[child]: frozenset(ids[parent] for parent in [above] if above >= 0) for child, above in enumerate(true)
    }
    return Example.of(
        Known("simulated", name, tuple(Article(text, f"Nobody reads harbour report {text}.") for text in ids), parents)
    )


def chances(look: FirstLook, nats: Array) -> Array:
    """(texts + 1) × texts after the second look."""
    free = np.ones(look.roots.size, bool)
    found = moved(Marginals(look.links, look.roots, 1.0), nats, np.ones(look.links.shape, bool), free)
    return np.vstack([found.links, found.roots])


@pytest.mark.parametrize("shape", [chain, star])
def test_it_learns_how_derivations_look(shape: Callable[[np.random.Generator], list[int]]) -> None:
    """Shown stories of one shape, it finds the true parents in others of that shape likelier than the first look."""
    rng = np.random.default_rng(3)

    def one() -> tuple[list[int], FirstLook]:
        true = shape(rng)
        return true, first_look(rng, true)

    shown = [one() for _ in range(60)]
    stories = [(example(f"s{number}", true), decision(look)) for number, (true, look) in enumerate(shown)]
    learned = habits_fitting.habits(stories, {})
    gains = []
    for true, look in (one() for _ in range(40)):
        before, after = chances(look, np.zeros((SIZE + 1, SIZE))), chances(look, learned.nats(look))
        # the last row is having no parent, and so is the parent -1
        gains.append(np.mean([after[parent, child] - before[parent, child] for child, parent in enumerate(true)]))
    assert np.mean(gains) > 0.05


def test_no_nats_move_nothing_and_what_is_impossible_stays_so() -> None:
    """Each text's parents sum to 1; a barred link has no probability, however many nats speak for it."""
    look = first_look(np.random.default_rng(1), [-1, 0, 0, 1, 1, 2, 2])
    np.testing.assert_allclose(chances(look, np.zeros((SIZE + 1, SIZE)))[:-1], look.links, atol=1e-5)
    possible, free = np.ones((SIZE, SIZE), bool), np.ones(SIZE, bool)
    possible[2, 5] = free[3] = False
    found = moved(Marginals(look.links, look.roots, 0.5), np.full((SIZE + 1, SIZE), 9.0), possible, free)
    assert found.links[2, 5] == found.roots[3] == 0.0
    assert not np.diagonal(found.links).any()
    np.testing.assert_allclose(found.links.sum(axis=0) + found.roots, 1.0)


def test_the_order_of_the_texts_means_nothing() -> None:
    """Texts in another order are read the same, each at its own place."""
    look = first_look(np.random.default_rng(2), [-1, 0, 0, 1, 1, 2, 2])
    order = np.random.default_rng(4).permutation(SIZE)
    place = np.argsort(order)
    parents = np.array([place[look.parents[text]] if look.parents[text] >= 0 else -1 for text in order])
    other = FirstLook(look.links[np.ix_(order, order)], look.roots[order], parents, look.known)
    there, here = look.measures(), other.measures()
    for row, text in enumerate(order):
        for column, child in enumerate(order):
            if row != column:
                np.testing.assert_allclose(here[row, column], there[text, child], atol=2e-6)
    np.testing.assert_allclose(here[-1], there[-1][order], atol=2e-6)


def test_what_it_reads_of_a_small_tree() -> None:
    """0 → 1 → 2 and 0 → 3 for certain: children, kin and depth as anyone would count them."""
    links = np.zeros((4, 4))
    links[0, 1] = links[1, 2] = links[0, 3] = 1.0
    look = FirstLook(links, np.array([1.0, 0.0, 0.0, 0.0]), np.array([-1, 0, 1, 0]), 0.0)
    of = dict(zip(NAMES, np.moveaxis(look.measures(), 2, 0), strict=True))
    assert of["children.parent"][0, 3] == of["tree.children.parent"][0, 3] == 1.0
    assert of["children.child"][0, 1] == 1.0
    assert of["kin.ancestor"][0, 2] == pytest.approx(1.0, abs=0.01)
    assert of["kin.sibling"][1, 3] == of["tree.sibling"][1, 3] == 1.0
    assert of["kin.grandparent"][0, 2] == of["tree.grandparent"][0, 2] == 1.0
    assert of["none"][:-1].sum() == 0.0
    assert of["none"][-1].all()
    assert of["story.deepest"][0, 1] == 2.0
    assert of["story.depth"][0, 1] == 1.0
    assert of["story.leaves"][0, 1] == 0.5


@pytest.mark.parametrize("seed", SEEDS)
def test_the_shipped_one_keeps_to_verdicts_and_says_what_it_adds(seed: int) -> None:
    """A link that a person has settled holds; the evidence of every edge shows what the rest of the story adds."""
    story = simulate.story(simulate.tree(6, simulate.REWRITE), seed)
    measured, scorer = tables(story.articles), shipped()
    ids = [reading.article.id for reading in measured.readings]
    free = decide(measured, scorer, SEVER)
    assert free.habits is not None
    parent, child = free.chosen()[0]
    barred = decide(measured, scorer, SEVER, limits(ids, [Verdict(ids[parent], ids[child], "wrong")]))
    assert barred.links[parent, child] == barred.links[child, parent] == 0.0
    np.testing.assert_allclose(barred.links.sum(axis=0) + barred.roots, 1.0)
    for above, below in free.chosen():
        said = [each.log_odds for each in Explainer(measured, scorer, free).evidence(above, below) if each.kind == REST]
        others = np.delete(free.habits[:, below], [above, below])
        assert said in ([], [pytest.approx(free.habits[above, below] - others.mean(), abs=1e-3)])


@pytest.mark.parametrize("seed", SEEDS)
def test_two_texts_have_nothing_around_them(seed: int) -> None:
    """A story of two is told as without a second look."""
    articles = list(simulate.story(simulate.tree(2, simulate.REWRITE), seed).articles)[: FEWEST - 1]
    one, other = (decide(tables(articles), scorer, SEVER) for scorer in (shipped(), replace(shipped(), habits=None)))
    np.testing.assert_array_equal(one.links, other.links)


def test_copies_of_one_text_are_all_told_alike() -> None:
    """Equal texts have equal chances after the second look, too."""
    text = simulate.story(simulate.tree(3, simulate.REWRITE), 1).articles[0].text
    found = derive.derivation([Article(name, text) for name in "abcd"])
    assert len({edge.probability for edge in found.edges}) <= 1
