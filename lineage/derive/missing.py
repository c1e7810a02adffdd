"""What would be said of one link if an article were missing: how far the account stands on each of the others."""

from collections.abc import Sequence
from dataclasses import dataclass

from lineage.derive.company import ALONE, Company
from lineage.derive.story import derivation
from lineage.records import Article, Derivation
from lineage.settings import DeriveSettings

MOST = 40  # articles a story may have; each costs a derivation
TOLD = 0.1  # a smaller change of the probability is not worth telling


@dataclass(frozen=True, slots=True)
class Missing:
    """Without the article `article`, `child` would come from `parent` (empty: from none) with `probability`.

    before: the probability of its parent when all articles are there.
    """

    article: str
    parent: str
    probability: float
    before: float


def without_each(
    articles: Sequence[Article], child: str, settings: DeriveSettings | None = None, company: Company = ALONE
) -> tuple[Missing, ...]:
    """For each other article what would be said of the child's parent without it, where that differs; by its id.

    Told is what turns to another parent, or changes the probability by a tenth and more. Empty for a story of more
    than 40 articles.
    """
    if len(articles) > MOST:
        return ()
    before = _told(derivation(articles, settings, company=company), child)
    found = []
    for article in sorted(articles, key=lambda article: article.id):
        if article.id != child:
            rest = [other for other in articles if other.id != article.id]
            now = _told(derivation(rest, settings, company=company), child)
            if now[0] != before[0] or abs(now[1] - before[1]) >= TOLD:
                found.append(Missing(article.id, *now, before[1]))
    return tuple(found)


def _told(found: Derivation, child: str) -> tuple[str, float]:
    """The likeliest parent of the child in a derivation, posited and undirected ones included; empty for none."""
    ends = [
        (edge.probability, edge.parent if edge.child == child else edge.child)
        for edge in found.edges
        if edge.child == child or (not edge.directed and edge.parent == child)
    ]
    probability, parent = max(ends, default=(0.0, ""))
    return parent, probability
