"""Siblings that agree where their parent is silent."""

import networkx
import numpy as np
import pytest

from lineage.derive import siblings
from lineage.derive.decide import Decision
from lineage.derive.measures import tables
from lineage.records import Article

NAMES = ["Marlow", "Torvik", "Sellane", "Quist", "Borgen", "Ashdown", "Pellick", "Varro"]


def text(names: list[str]) -> str:
    return " ".join(f"Yesterday the mayor met {name} about the harbour." for name in names)


def decided(
    first: list[str], second: list[str], parent: list[str], chance: float = 0.6
) -> tuple[Decision, list[siblings.Pair]]:
    """Two children, 1 and 2, of one parent, 0, reconsidered."""
    articles = [Article(id, text(names)) for id, names in zip("abc", (parent, first, second), strict=True)]
    links = np.array([[0.0, chance, chance], [0.1, 0.0, 0.3], [0.1, 0.2, 0.0]])
    decision = Decision(
        links=links,
        roots=np.array([0.8, 0.1, 0.1]),
        parents=np.array([-1, 0, 0]),
        directions=np.ones(3),
        oriented=np.ones(3),
        timely=np.ones((3, 3), bool),
    )
    return siblings.reconsidered(tables(articles), decision)


def test_siblings_that_agree_with_their_parent_stay() -> None:
    """What both have from the parent contradicts nothing."""
    decision, pairs = decided(NAMES, NAMES[:6], NAMES)

    assert decision.parents.tolist() == [-1, 0, 0]
    assert pairs == []


def test_siblings_that_agree_against_it_are_linked_either_way() -> None:
    """Eight names in common that the parent lacks, and little else of the parent's: the parent is given up."""
    decision, [pair] = decided(NAMES, NAMES, ["Ellery", "Dorn", "Castor"])

    assert decision.parents.tolist() == [-1, -1, -1]
    assert (pair.first, pair.second, pair.agreement.together) == (1, 2, 8)
    assert pair.probability == pytest.approx(0.5 / (1 - 0.36))


def test_a_child_that_has_all_of_the_parent_stays_and_takes_the_other() -> None:
    """A text that grew: the first child has the parent's names and eight more, the second has only those."""
    decision, pairs = decided(["Ellery", "Dorn", *NAMES], NAMES, ["Ellery", "Dorn"])

    assert decision.parents.tolist() == [-1, 0, 1]
    assert decision.links[0, 2] == 0.0
    assert decision.links[1, 2] == pytest.approx(0.3 / 0.4)
    assert pairs == []


def test_a_sure_link_is_not_given_up() -> None:
    """What is sure stays, whatever the names say."""
    decision, pairs = decided(NAMES, NAMES, ["Ellery", "Dorn", "Castor"], chance=0.8)

    assert decision.parents.tolist() == [-1, 0, 0]
    assert pairs == []


def test_reconsidering_makes_no_cycle() -> None:
    """A tree stays a tree."""
    decision, _ = decided(["Ellery", "Dorn", *NAMES], NAMES, ["Ellery", "Dorn"])
    graph = networkx.DiGraph((parent, child) for child, parent in enumerate(decision.parents.tolist()) if parent >= 0)

    assert networkx.is_directed_acyclic_graph(graph)
