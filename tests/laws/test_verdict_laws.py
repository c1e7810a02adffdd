"""Whatever a person says, the derivation keeps to all of it, or it is refused as a contradiction."""

from functools import cache
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage import derive, simulate
from lineage.errors import InputError
from lineage.records import Article, Verdict

SHAPES = (simulate.chain(6), simulate.star(5), simulate.tree(6, simulate.REWRITE), simulate.chain(4, simulate.COPY))
IDS = tuple(f"t{number:02d}" for number in range(6))
SAID = ("right", "wrong", "wrong direction", "")


@cache
def told(shape: int, seed: int) -> tuple[Article, ...]:
    return simulate.story(SHAPES[shape], seed, dated=seed % 2 == 0).articles


pairs = st.sampled_from(list(permutations(IDS, 2)))
directed = st.builds(lambda ends, said: Verdict(*ends, said), pairs, st.sampled_from(SAID))
either = st.builds(lambda ends: Verdict(min(ends), max(ends), "right", directed=False), pairs)
verdicts = st.lists(st.one_of(directed, directed, either), max_size=7)


@settings(max_examples=80)
@given(st.integers(0, len(SHAPES) - 1), st.integers(1, 4), verdicts)
def test_every_verdict_is_kept_to(shape: int, seed: int, said: list[Verdict]) -> None:
    """What is right is an edge, the right way round; what is wrong is none; nothing depends on the order."""
    articles = told(shape, seed)
    known = {article.id for article in articles}
    try:
        agreed = derive.agreed(said)
    except InputError:
        return
    found = derive.derivation(articles, verdicts=said)
    edges = {(edge.parent, edge.child): edge for edge in found.edges}
    for one in agreed:
        ends = (one.parent, one.child)
        if not known.issuperset(ends):
            continue
        if one.verdict == "wrong":
            assert ends not in edges
            assert ends[::-1] not in edges
        elif one.verdict and one.directed:
            kept = edges[ends if one.verdict == "right" else ends[::-1]]
            assert (kept.probability, kept.directed) == (1.0, True)
        elif one.verdict:
            kept = edges[min(ends), max(ends)]
            assert (kept.probability, kept.directed) == (1.0, False)
    named = {child for parent, child in edges if edges[parent, child].evidence[:1] and edges[parent, child].directed
             and edges[parent, child].evidence[0].kind == "verdict"}  # fmt: skip
    for child in named:
        parents = [edge for edge in found.edges if edge.child == child and edge.directed]
        assert all(edge.evidence[0].kind == "verdict" for edge in parents)
    assert derive.derivation(articles[::-1], verdicts=said[::-1]) == found
