"""Second parents: merges of lines, blends of strangers, and what only looks like one."""

import random

import networkx
import numpy as np
import pytest

from lineage import derive, simulate
from lineage.derive import merges
from lineage.derive.decide import Decision
from lineage.derive.family import Family, freed, settled
from lineage.derive.measures import tables
from lineage.derive.seconds import Shared
from lineage.derive.verdicts import Limits
from lineage.records import Article, Derivation


def decided(parents: list[int], links: dict[tuple[int, int], float], limits: Limits | None = None) -> Decision:
    """A decision with these parents; links that are not named have a chance of .01."""
    size = len(parents)
    chances = np.full((size, size), 0.01)
    for (parent, child), chance in links.items():
        chances[parent, child] = chance
    np.fill_diagonal(chances, 0.0)
    return Decision(
        links=chances,
        roots=np.full(size, 0.02),
        parents=np.array(parents),
        directions=np.ones(size),
        oriented=np.ones(size),
        timely=np.ones((size, size), bool),
        limits=limits or Limits(),
    )


def parents_of(found: Derivation, child: str) -> set[str]:
    return {edge.parent for edge in found.edges if edge.child == child and edge.directed}


def two_lines(seed: int) -> list[Article]:
    """Dated: a base, two texts with changes in different sentences, and one with the changes of both."""
    rng = random.Random(seed)
    writer = simulate.Writer(seed)
    base = writer.article(30)
    places = rng.sample(range(30), 10)
    lines = [[list(sentence) for sentence in base] for _ in range(3)]
    for number, place in enumerate(places):
        new = writer.sentence()
        lines[number % 2][place] = lines[2][place] = new
    stamps = [article.published for article in simulate.story(simulate.chain(4), 1, dated=True).articles]
    texts = [simulate.as_text(text) for text in (base, *lines)]
    return [Article(name, text, published=stamp) for name, text, stamp in zip("abcd", texts, stamps, strict=True)]


def test_lines_with_changes_of_their_own_are_seen_to_be_joined() -> None:
    """Of four dated texts the last has the changes of two others: in half of the stories or more both are told."""
    told = [parents_of(derive.derivation(two_lines(seed)), "d") for seed in range(12)]
    assert sum(parents == {"b", "c"} for parents in told) >= 6
    assert all(parents <= {"b", "c"} for parents in told)


@pytest.mark.parametrize("seed", range(3))
def test_siblings_are_no_merge(seed: int) -> None:
    """Abridgements and rewrites of one text share what they share with it, and none has a second parent."""
    for operation in (simulate.ABRIDGED, simulate.REWRITE, simulate.LIGHT_EDIT):
        found = derive.derivation(simulate.story(simulate.star(6, operation), seed).articles)
        assert all(len(parents_of(found, article)) <= 1 for article in found.articles)


def test_equal_texts_are_no_merge() -> None:
    """Copies of one text explain nothing that the first leaves open."""
    text = simulate.story(simulate.chain(1), 1).articles[0].text
    found = derive.derivation([Article(name, text) for name in "abcd"])
    assert all(len(parents_of(found, article)) <= 1 for article in found.articles)


@pytest.mark.parametrize("seed", range(4))
def test_merges_make_no_cycle_and_do_not_depend_on_the_order(seed: int) -> None:
    """A story of every kind of text gives the same graph without cycles however its articles are shuffled."""
    story = list(simulate.story(simulate.mixed(seed, most=10), seed).articles)
    found = derive.derivation(story)
    random.Random(seed).shuffle(story)
    assert derive.derivation(story) == found
    graph = networkx.DiGraph((edge.parent, edge.child) for edge in found.edges if edge.directed)
    assert networkx.is_directed_acyclic_graph(graph)


def test_shared_features_are_counted_by_who_has_them() -> None:
    """Against sets: child 1–4, first parent 1, 2, 5, others 1, 3, 5, 6 and 3, 7."""
    child, first, one, other = ({1, 2, 3, 4}, {1, 2, 5}, {1, 3, 5, 6}, {3, 7})
    shared = Shared.of([np.array(sorted(text)) for text in (child, first, one, other)], 9)
    assert shared.new.tolist() == [[1, 1], [1, 1]]
    assert shared.both.tolist() == [[1, 0], [0, 0]]
    assert shared.dropped.tolist() == [[1, 0], [0, 0]]
    assert shared.foreign.tolist() == [[1, 0], [0, 1]]
    assert shared.totals == (2, 2, 1)


def test_a_text_is_freed_from_below_the_merge() -> None:
    """0 → 1 → 2 → 3: freed from 2, text 3 hangs where it is likeliest, and the rest stays."""
    decision = decided([-1, 0, 1, 2], {(0, 1): 0.9, (1, 2): 0.9, (2, 3): 0.5, (0, 3): 0.4})
    found = freed(decision, np.ones((4, 4)), Family.of(decision), 3, 2)
    assert found is not None
    assert found.parents == (-1, 0, 1, 0)
    after = settled(decision, found.with_second(3, 2))
    assert after.links[2, 3] == 0.0
    assert after.links[:, 3].sum() + after.roots[3] == pytest.approx(1.0)


def test_what_is_near_the_merge_alone_is_freed_as_a_source() -> None:
    """0 → 1 → 2, and 2 has nothing in common with 0: freed from 1 it stands alone, though a link is likelier."""
    decision = decided([-1, 0, 1], {(0, 1): 0.5, (1, 2): 0.5, (0, 2): 0.3})
    near = np.array([[1.0, 0.4, 0.1], [0.4, 1.0, 0.4], [0.1, 0.4, 1.0]])
    found = freed(decision, near, Family.of(decision), 2, 1)
    assert found is not None
    assert found.parents == (-1, 0, -1)


def test_what_hangs_above_the_freed_text_turns_round() -> None:
    """0 → 1 → 2 → 3 where 3 is likelier the source of 2: freed from 1, text 3 hangs from 0 and 2 from 3."""
    decision = decided([-1, 0, 1, 2], {(0, 1): 0.9, (1, 2): 0.5, (2, 3): 0.4, (3, 2): 0.4, (0, 3): 0.5})
    found = freed(decision, np.ones((4, 4)), Family.of(decision), 2, 1)
    assert found is not None
    assert found.parents == (-1, 0, 3, 0)


def test_what_a_person_requires_is_not_torn_apart() -> None:
    """A required link on the only way down leaves no room for a merge above it."""
    limits = Limits(required=frozenset({(1, 2)}))
    decision = decided([-1, 0, 1], {(0, 1): 0.9, (1, 2): 0.9, (0, 2): 0.5}, limits)
    assert freed(decision, np.ones((3, 3)), Family.of(decision), 2, 1) is None


def test_without_reasons_there_is_no_merge() -> None:
    """A merge must be likelier than none; weights of nothing give every text the same small chance."""
    story = simulate.story(simulate.tree(6), 2).articles
    measured = tables(story)
    decision = decided([-1, 0, 0, 1, 1, 2], {})
    weights = merges.shipped()
    nothing = type(weights)((), np.zeros(0), np.zeros(0), (-5.0, -5.0, 0.0))
    after, found = merges.merged(measured, decision, nothing)
    assert found == []
    assert after.parents.tolist() == decision.parents.tolist()
