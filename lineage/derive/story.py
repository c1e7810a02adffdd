"""The derivation of a story: measured, scored, decided, explained."""

from collections.abc import Sequence
from functools import lru_cache

from lineage.derive.company import ALONE, Company
from lineage.derive.decide import Decision, decide
from lineage.derive.edges import between_articles, from_lost, from_second, of_pair
from lineage.derive.measures import tables
from lineage.derive.merges import merged
from lineage.derive.named import named
from lineage.derive.posited import Lost, lost_sources
from lineage.derive.scores import Scorer, shipped
from lineage.derive.siblings import reconsidered
from lineage.derive.verdicts import agreed, limits, marked, within
from lineage.records import Article, Derivation, Edge, Posited, Root, Verdict
from lineage.settings import DeriveSettings


def derivation(
    articles: Sequence[Article],
    settings: DeriveSettings | None = None,
    verdicts: Sequence[Verdict] = (),
    company: Company = ALONE,
) -> Derivation:
    """How the articles of one story probably derive from one another.

    The same for any order of the articles. Dates count where they are stated, and are not believed blindly. Verdicts
    are kept to, and the rest inferred under them; those on other articles mean nothing. company: the stories it was
    found with, which tell what kind of story it may be. Raises ValueError when two articles have the same id,
    InputError where verdicts contradict one another.
    """
    scorer = _scorer(company.without(article.id for article in articles)) if len(articles) > 1 else None
    return inferred(articles, settings or DeriveSettings(), scorer, verdicts)


@lru_cache(maxsize=1)
def _scorer(company: Company) -> Scorer:
    """The shipped scorer in a company; most stories of a corpus are told in the same one."""
    return company.heard_by(shipped())


def inferred(
    articles: Sequence[Article], settings: DeriveSettings, scorer: Scorer | None, verdicts: Sequence[Verdict] = ()
) -> Derivation:
    """The same under a given scorer; a single article needs none."""
    ids = tuple(sorted(article.id for article in articles))
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise ValueError(f"article id {twice!r} occurs twice in one story; ids must be unique")
    if len(ids) < 2 or scorer is None:
        return Derivation(ids, tuple(Root(name, 1.0) for name in ids), (), named(articles), ())
    measured = tables(articles)
    placed = [reading.article.id for reading in measured.readings]
    said = agreed(verdicts)
    decision = within(limits(placed, said), lambda within: decide(measured, scorer, settings.sever, within))
    decision, pairs = reconsidered(measured, decision)
    decision, seconds = merged(measured, decision)
    edges = between_articles(measured, decision, scorer, settings)
    edges += [from_second(measured, merge) for merge in seconds]
    joined = {frozenset((edge.parent, edge.child)) for edge in edges}
    either_way = (of_pair(measured, pair) for pair in pairs)
    edges += [edge for edge in either_way if frozenset((edge.parent, edge.child)) not in joined]
    edges = marked(edges, placed, decision.limits, said)
    posited = []
    found = sorted(lost_sources(measured, decision), key=lambda lost: min(placed[text] for text in lost.texts))
    for number, lost in enumerate(found, start=1):
        posited.append(_posited(lost, f"posited:{number}"))
        edges += from_lost(measured, lost, posited[-1].id)
    return Derivation(
        ids, _roots(placed, decision, edges), tuple(posited), named(articles), tuple(sorted(edges, key=_by_ends))
    )


def _by_ends(edge: Edge) -> tuple[str, str]:
    return edge.child, edge.parent


def _posited(lost: Lost, name: str) -> Posited:
    heirs = len(lost.texts)
    none, others = ("neither", "other") if heirs == 2 else ("none", "others")
    reason = (
        f"{heirs} articles share wording in {lost.places} or more places, "
        f"and {none} is likely to be the source of the {others}"
    )
    return Posited(name, round(lost.probability, 4), reason)


def _roots(ids: Sequence[str], decision: Decision, edges: Sequence[Edge]) -> tuple[Root, ...]:
    """The texts left without a parent, most probable first; the ends of an undirected edge are undetermined."""
    joined = {article for edge in edges if not edge.directed for article in (edge.parent, edge.child)}
    free = [at for at, parent in enumerate(decision.parents.tolist()) if parent < 0 and ids[at] not in joined]
    found = [Root(ids[place], min(1.0, round(float(decision.roots[place]), 4))) for place in free]
    return tuple(sorted(found, key=lambda root: (-root.probability, root.article)))
