"""Sums over all trees against counting them one by one."""

import itertools
from collections.abc import Iterator

import networkx
import numpy as np
import pytest
from numpy.typing import NDArray

from lineage.derive import arborescence

SIZE = 4
Scores = tuple[NDArray[np.float64], NDArray[np.float64]]


def scores(seed: int) -> Scores:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(SIZE, SIZE)), rng.normal(size=SIZE)


def forests() -> Iterator[tuple[int, ...]]:
    """Every assignment of parents (-1: none) without a cycle."""
    for parents in itertools.product(range(-1, SIZE), repeat=SIZE):
        if all(_reaches_top(parents, text) for text in range(SIZE)):
            yield parents


def _reaches_top(parents: tuple[int, ...], text: int) -> bool:
    for _ in range(SIZE + 1):
        if text < 0:
            return True
        text = parents[text]
    return False


def value(parents: tuple[int, ...], links: NDArray[np.float64], roots: NDArray[np.float64]) -> float:
    return float(sum(links[p, c] if p >= 0 else roots[c] for c, p in enumerate(parents)))


@pytest.mark.parametrize("seed", range(5))
def test_marginals_equal_the_sums_over_all_trees(seed: int) -> None:
    """The determinant gives what counting every tree gives, with any number of roots and with one."""
    links, roots = scores(seed)
    for one, found in (
        (False, arborescence.marginals(links, roots)),
        (True, arborescence.marginals_of_one_root(links, roots)),
    ):
        total, by_link, by_root = 0.0, np.zeros((SIZE, SIZE)), np.zeros(SIZE)
        for parents in forests():
            if one and sum(p < 0 for p in parents) != 1:
                continue
            weight = np.exp(value(parents, links, roots))
            total += weight
            for child, parent in enumerate(parents):
                if parent >= 0:
                    by_link[parent, child] += weight
                else:
                    by_root[child] += weight
        np.testing.assert_allclose(found.links, by_link / total, atol=1e-9)
        np.testing.assert_allclose(found.roots, by_root / total, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_probability_of_a_single_root(seed: int) -> None:
    """`alone` is the share of the weight that trees with one root have."""
    links, roots = scores(seed)
    weights = [(sum(p < 0 for p in f) == 1, np.exp(value(f, links, roots))) for f in forests()]
    share = sum(w for one, w in weights if one) / sum(w for _, w in weights)
    assert arborescence.marginals(links, roots).alone == pytest.approx(share)


@pytest.mark.parametrize("seed", range(20))
def test_the_best_tree_is_the_one_networkx_finds(seed: int) -> None:
    """Same value as networkx' maximum arborescence of the graph with a virtual root."""
    links, roots = scores(seed)
    graph = networkx.DiGraph()
    for child in range(SIZE):
        graph.add_edge("none", child, weight=float(roots[child]) + 100)
        for parent in range(SIZE):
            if parent != child:
                graph.add_edge(parent, child, weight=float(links[parent, child]) + 100)
    tree = networkx.maximum_spanning_arborescence(graph)
    expected = sum(data["weight"] - 100 for *_, data in tree.edges(data=True))
    assert value(tuple(arborescence.best_parents(links, roots).tolist()), links, roots) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(5))
def test_one_root_is_one_root(seed: int) -> None:
    """Asked for a single root, the best such tree comes back."""
    links, roots = scores(seed)
    best = max(value(f, links, roots) for f in forests() if sum(p < 0 for p in f) == 1)
    found = tuple(arborescence.best_parents_of_one_root(links, roots).tolist())
    assert sum(parent < 0 for parent in found) == 1
    assert value(found, links, roots) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(5))
def test_a_single_root_can_be_favoured(seed: int) -> None:
    """The probabilities are those of counting every tree, with those of one root weighing e^2 times as much."""
    links, roots = scores(seed)
    found, one = arborescence.leaning_to_one(links, roots, 2.0)
    total, by_link, by_root, alone = 0.0, np.zeros((SIZE, SIZE)), np.zeros(SIZE), 0.0
    for parents in forests():
        single = sum(p < 0 for p in parents) == 1
        weight = np.exp(value(parents, links, roots) + 2.0 * single)
        total += weight
        alone += weight * single
        for child, parent in enumerate(parents):
            if parent >= 0:
                by_link[parent, child] += weight
            else:
                by_root[child] += weight
    np.testing.assert_allclose(found.links, by_link / total, atol=1e-9)
    np.testing.assert_allclose(found.roots, by_root / total, atol=1e-9)
    assert found.alone == pytest.approx(alone / total)
    np.testing.assert_allclose(one.links, arborescence.marginals_of_one_root(links, roots).links)


def test_extreme_scores_stay_probabilities() -> None:
    """Scores far apart neither overflow nor leave 0 to 1."""
    links = np.full((3, 3), -1000.0)
    links[0, 1] = links[1, 2] = 1000.0
    found = arborescence.marginals(links, np.array([500.0, -500.0, -500.0]))
    assert found.links[0, 1] == pytest.approx(1.0)
    assert found.roots[0] == pytest.approx(1.0)
    assert np.all((found.links >= 0) & (found.links <= 1))
