"""Articles of one story with the very same text: one of each is derived, the others hang on it.

Which of many equal texts was taken from which cannot be told from texts, and deriving each from each costs the square
of their number. In a story of many articles they are told for what they are: one of so many copies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lineage.records import Article, Derivation, Edge, Evidence, Verdict

MANY = 100  # articles of a story from which equal texts are set apart


@dataclass(frozen=True, slots=True)
class Apart:
    """The articles that are derived, and for each of the others the one with the same text among them."""

    kept: list[Article]
    twins: Mapping[str, str]


def apart(members: Sequence[Article], said: Sequence[Verdict]) -> Apart:
    """The articles of a story without those whose text another has, which may be earlier but not certainly later.

    An article that a person has judged stays. In a small story all stay.
    """
    if len(members) <= MANY:
        return Apart(list(members), {})
    judged = {id for verdict in said for id in (verdict.parent, verdict.child)}
    first: dict[str, Article] = {}
    for article in sorted(members, key=lambda article: (article.id not in judged, _begin(article), article.id)):
        first.setdefault(article.text, article)
    twins = {
        article.id: first[article.text].id
        for article in members
        if first[article.text] is not article and article.id not in judged
    }
    return Apart([article for article in members if article.id not in twins], twins)


def together(derivation: Derivation, members: Sequence[Article], found: Apart) -> Derivation:
    """The derivation with all articles of the story in it."""
    if not found.twins:
        return derivation
    by_id = {article.id: article for article in members}
    equal: dict[str, int] = {}
    for kept in found.twins.values():
        equal[kept] = equal.get(kept, 1) + 1
    edges = [_edge(by_id[kept], by_id[twin], equal[kept]) for twin, kept in found.twins.items()]
    ordered = sorted([*derivation.edges, *edges], key=lambda edge: (edge.parent, edge.child))
    return replace(derivation, articles=tuple(article.id for article in members), edges=tuple(ordered))


def _edge(kept: Article, twin: Article, equal: int) -> Edge:
    """A link by equal text: directed where the dates leave no doubt, and as probable as one among so many."""
    dated = kept.published is not None and twin.published is not None
    directed = dated and kept.published.before(twin.published)  # type: ignore[union-attr,arg-type]
    parent, child = (kept.id, twin.id) if directed else sorted((kept.id, twin.id))
    note = f"one of {equal} articles with the very same text; which was taken from which cannot be told"
    probability = round(1.0 / (equal - 1), 6)
    evidence = (Evidence("copy", 0.0, note),)
    return Edge(parent, child, probability, directed, 0.9 if directed else 0.5, "copy", evidence)


def _begin(article: Article) -> str:
    return article.published.earliest.isoformat() if article.published is not None else "~"
