"""Stories from comparisons."""

import random

from lineage import cluster
from lineage.records import Comparison


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
