"""Stories from comparisons."""

import random

import numpy as np

from lineage import cluster, verify
from lineage.pipeline import grouping
from lineage.records import Comparison
from lineage.settings import ClusterSettings


def link(a: str, b: str, probability: float) -> Comparison:
    relation = "rewrite" if probability >= 0.5 else "same event"
    return Comparison(a, b, probability, relation)  # type: ignore[arg-type]


TWO_CLIQUES = [
    *(link(a, b, 0.9) for a, b in ("ab", "ac", "bc")),
    *(link(a, b, 0.9) for a, b in ("xy", "xz", "yz")),
]


def test_a_weak_bridge_does_not_join_two_stories() -> None:
    """One doubtful link between two groups of three is cut; a strong one holds."""
    weak = cluster.groups([*TWO_CLIQUES, link("c", "x", 0.55)])
    strong = cluster.groups([*TWO_CLIQUES, link("c", "x", 0.95)])

    assert [group.articles for group in weak] == [("a", "b", "c"), ("x", "y", "z")]
    assert [len(group.articles) for group in strong] == [6]


def test_a_lone_article_may_hang_on_a_weak_link() -> None:
    """A weak link to a single article is kept: nothing else tells where it belongs."""
    groups = cluster.groups([*TWO_CLIQUES[:3], link("c", "d", 0.55)])

    assert groups[0].articles == ("a", "b", "c", "d")
    assert groups[0].weakest == ("c", "d", 0.55)


def test_pairs_below_one_half_join_nobody() -> None:
    """Independent coverage of one event makes no story."""
    assert cluster.groups([link("a", "b", 0.49)]) == ()


def test_order_does_not_matter() -> None:
    """The same comparisons in any order give the same stories."""
    links = [*TWO_CLIQUES, link("c", "x", 0.6), link("p", "q", 0.8), link("q", "r", 0.5)]
    expected = cluster.groups(links)

    for seed in range(5):
        random.Random(seed).shuffle(links)
        assert cluster.groups(links) == expected


def _linked(*links: tuple[str, str, float]) -> list[Comparison]:
    return [link(a, b, probability) for a, b, probability in links]


FAMILIES = (("a", "b", 0.9), ("c", "d", 0.9))
TIES = (("a", "c", 0.3), ("a", "d", 0.2), ("b", "c", 0.2), ("b", "d", 0.1))


def test_two_families_with_many_doubtful_links_tell_one_story() -> None:
    (found,) = cluster.groups(_linked(*FAMILIES, *TIES))
    assert found.articles == ("a", "b", "c", "d")
    assert found.weakest == ("a", "c", 0.3)


def test_one_doubtful_link_is_not_enough_and_a_lone_article_is_no_family() -> None:
    assert len(cluster.groups(_linked(*FAMILIES, TIES[0]))) == 2
    (found,) = cluster.groups(_linked(FAMILIES[0], ("a", "e", 0.4), ("b", "e", 0.4)))
    assert found.articles == ("a", "b")


def test_kindred_families_are_found_alike_in_parts_of_a_corpus() -> None:
    ids = sorted("abcdefgh")
    links = [*FAMILIES, *TIES, ("e", "f", 0.8), ("e", "g", 0.1), ("g", "h", 0.7)]
    pairs = np.array([[ids.index(a), ids.index(b)] for a, b, _ in links], np.int32)
    found = verify.Found(pairs, np.array([p for *_, p in links]), ["rewrite"] * len(links), np.empty((len(links), 0)))
    assert grouping.groups(found, ids, (), ClusterSettings()) == list(cluster.groups(_linked(*links)))
