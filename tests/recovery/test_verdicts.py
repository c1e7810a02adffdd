"""A person's verdicts are kept to, and the rest of the derivation is inferred anew under them."""

from itertools import combinations, permutations

import pytest

from lineage import derive, simulate
from lineage.errors import InputError
from lineage.records import Derivation, Edge, Verdict

STORIES = {
    "chain": simulate.chain(6),
    "tree": simulate.tree(9, simulate.REWRITE),
    "star": simulate.star(6),
    "copies": simulate.chain(5, simulate.COPY),
}


def links(found: Derivation) -> dict[tuple[str, str], Edge]:
    return {(edge.parent, edge.child): edge for edge in found.edges}


def right(parent: str, child: str, note: str = "") -> Verdict:
    return Verdict(parent, child, "right", note)


def wrong(parent: str, child: str) -> Verdict:
    return Verdict(parent, child, "wrong")


@pytest.mark.parametrize("name", STORIES)
def test_what_is_right_stays_and_what_is_wrong_never_comes_back(name: str) -> None:
    """Any true link said to be right is an edge of probability 1; any pair said to be wrong is none, either way."""
    truth = simulate.story(STORIES[name], 2)
    ids = [article.id for article in truth.articles]
    true = sorted(truth.edges())
    false = [pair for pair in combinations(sorted(ids), 2) if not {pair, pair[::-1]} & truth.edges()]
    for kept, barred in zip(true, false[:: max(1, len(false) // len(true))], strict=False):
        found = links(derive.derivation(truth.articles, verdicts=[right(*kept), wrong(*barred)]))
        edge = found[kept]
        assert (edge.probability, edge.direction, edge.directed, edge.rivals) == (1.0, 1.0, True, ())
        assert edge.evidence[0].kind == "verdict"
        assert not {barred, barred[::-1]} & found.keys()


@pytest.mark.parametrize("name", STORIES)
def test_all_verdicts_together_give_the_truth(name: str) -> None:
    """Every true link said to be right gives exactly the true derivation."""
    truth = simulate.story(STORIES[name], 3)
    found = derive.derivation(truth.articles, verdicts=[right(*link) for link in sorted(truth.edges())])
    assert set(links(found)) == truth.edges()
    assert [root.article for root in found.roots] == sorted(truth.roots())


def test_one_verdict_turns_a_whole_chain() -> None:
    """Where nothing tells the direction, one link turned round turns all that hang on it: nothing is painted over."""
    truth = simulate.story(simulate.chain(5, simulate.LIGHT_EDIT), 4)
    before = derive.derivation(truth.articles)
    ends = [(edge.parent, edge.child) for edge in before.edges]
    turned = derive.derivation(truth.articles, verdicts=[Verdict(*ends[0], "wrong direction")])
    assert links(turned)[ends[0][::-1]].probability == 1.0
    assert ends[0] not in links(turned)
    changed = [edge for edge in turned.edges if links(before).get((edge.parent, edge.child)) != edge]
    assert len(changed) > 1


def test_two_right_parents_are_both_kept() -> None:
    """Two parents said to be right are a merge, and no ring closes through other links."""
    truth = simulate.story(simulate.chain(6), 5)
    ids = sorted(article.id for article in truth.articles)
    for a, b, child in list(permutations(ids, 3))[::7]:
        found = links(derive.derivation(truth.articles, verdicts=[right(a, child), right(b, child)]))
        assert {parent for parent, of in found if of == child} == {a, b}


def test_a_link_without_direction_stays_without() -> None:
    """`right` on an undirected link keeps the two together and leaves the direction open."""
    truth = simulate.story(simulate.chain(4, simulate.COPY), 6)
    a, b = sorted(article.id for article in truth.articles)[1:3]
    found = links(derive.derivation(truth.articles, verdicts=[Verdict(a, b, "right", directed=False)]))
    assert not found[a, b].directed
    assert found[a, b].probability == 1.0
    ring = [Verdict(a, b, "right", directed=False), right(b, "t00"), right("t00", a)]
    assert {(b, "t00"), ("t00", a)} <= links(derive.derivation(truth.articles, verdicts=ring)).keys()


def test_a_text_nobody_may_be_the_parent_of_is_a_root() -> None:
    """With every link to it wrong, an article has no other for its parent; a lost source it may still have."""
    truth = simulate.story(simulate.star(5), 7, dated=True)
    last = truth.articles[-1].id
    said = [wrong(article.id, last) for article in truth.articles if article.id != last]
    found = derive.derivation(truth.articles, verdicts=said)
    assert all(last not in ends or ends[0].startswith("posited:") for ends in links(found))
    assert last in {root.article for root in found.roots}


def test_the_note_is_kept_and_other_articles_mean_nothing() -> None:
    """The note stands in the evidence; the order of verdicts and those on other stories change nothing."""
    truth = simulate.story(simulate.chain(4), 8, dated=True)
    said = [right("t00", "t01", "I asked them."), wrong("t00", "t02"), right("x", "y"), Verdict("t00", "t03", "", "?")]
    found = derive.derivation(truth.articles, verdicts=said)
    assert "I asked them." in links(found)["t00", "t01"].evidence[0].note
    assert derive.derivation(truth.articles, verdicts=said[::-1]) == found
    assert derive.derivation(truth.articles, verdicts=said[2:]) == derive.derivation(truth.articles)


def test_the_later_verdict_counts() -> None:
    """Of two on the same articles the later one; two of one time that contradict are refused."""
    early, late = Verdict("a", "b", "right", at="2026-01-01"), Verdict("b", "a", "wrong", at="2026-01-02")
    assert derive.agreed([late, early]) == (late,)
    assert derive.agreed([right("a", "b"), Verdict("b", "a", "wrong direction")])[0].verdict in (
        "right",
        "wrong direction",
    )
    with pytest.raises(InputError, match="'a' and 'b' have two verdicts that contradict"):
        derive.agreed([right("a", "b"), wrong("b", "a")])


def test_a_ring_of_verdicts_is_refused() -> None:
    """Verdicts that would have an article written from itself are named, in one line."""
    with pytest.raises(InputError, match="'a' → 'b' → 'c' → 'a'") as refused:
        derive.agreed([right("a", "b"), right("b", "c"), Verdict("a", "c", "wrong direction")])
    assert "\n" not in str(refused.value)
