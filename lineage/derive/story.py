"""The derivation of a story: measured, scored, decided, explained."""

from collections.abc import Sequence
from dataclasses import replace

from lineage.derive.decide import Decision, decide
from lineage.derive.explain import Explainer
from lineage.derive.measures import Tables, tables
from lineage.derive.named import named
from lineage.derive.passages import common_words, passages
from lineage.derive.relation import relation
from lineage.derive.scores import Scorer, shipped
from lineage.records import Article, Derivation, Edge, Rival, Root
from lineage.settings import DeriveSettings

LISTED_RIVALS = 4
LEAST_RIVAL = 0.02


def derivation(articles: Sequence[Article], settings: DeriveSettings | None = None) -> Derivation:
    """How the articles of one story probably derive from one another.

    The same for any order of the articles. Dates count where they are stated, and are not believed blindly.
    Raises ValueError when two articles have the same id.
    """
    return inferred(articles, settings or DeriveSettings(), shipped() if len(articles) > 1 else None)


def inferred(articles: Sequence[Article], settings: DeriveSettings, scorer: Scorer | None) -> Derivation:
    """The same under a given scorer; a single article needs none."""
    ids = tuple(sorted(article.id for article in articles))
    if len(set(ids)) < len(ids):
        twice = next(name for name in ids if ids.count(name) > 1)
        raise ValueError(f"article id {twice!r} occurs twice in one story; ids must be unique")
    ordered = sorted(articles, key=lambda article: article.id)
    if len(ids) < 2 or scorer is None:
        return Derivation(ids, tuple(Root(name, 1.0) for name in ids), (), named(ordered), ())
    measured = tables(ordered)
    decision = decide(measured, scorer, settings.sever)
    edges = _edges(measured, decision, Explainer(measured, scorer.links), settings)
    return Derivation(ids, _roots(ids, decision), (), named(ordered), tuple(sorted(edges, key=_by_ends)))


def _by_ends(edge: Edge) -> tuple[str, str]:
    return edge.child, edge.parent


def _roots(ids: Sequence[str], decision: Decision) -> tuple[Root, ...]:
    """The texts left without a parent, most probable first."""
    free = [place for place, parent in enumerate(decision.parents.tolist()) if parent < 0]
    found = [Root(ids[place], round(float(decision.roots[place]), 4)) for place in free]
    return tuple(sorted(found, key=lambda root: (-root.probability, root.article)))


def _edges(measured: Tables, decision: Decision, explainer: Explainer, settings: DeriveSettings) -> list[Edge]:
    out = []
    for child, parent in enumerate(decision.parents.tolist()):
        if parent < 0:
            continue
        edge = _edge(measured, decision, explainer, (parent, child))
        out.append(edge if edge.direction >= settings.undirected else _either_way(edge))
    return out


def _edge(measured: Tables, decision: Decision, explainer: Explainer, ends: tuple[int, int]) -> Edge:
    parent, child = ends
    above, below = measured.readings[parent], measured.readings[child]
    return Edge(
        parent=above.article.id,
        child=below.article.id,
        probability=round(float(decision.links[parent, child]), 4),
        directed=True,
        direction=round(float(decision.directions[child]), 4),
        relation=relation(above, below),
        evidence=explainer.evidence(parent, child),
        rivals=_rivals(measured, decision, parent, child),
        covers=passages(below, common_words(below, above.features("three"))),
    )


def _rivals(measured: Tables, decision: Decision, parent: int, child: int) -> tuple[Rival, ...]:
    """The other parents in question and "none of these", most probable first."""
    others = [
        Rival(reading.article.id, round(float(decision.links[place, child]), 4))
        for place, reading in enumerate(measured.readings)
        if place not in (parent, child)
    ]
    others.append(Rival("", round(float(decision.roots[child]), 4)))
    others.sort(key=lambda rival: (-rival.probability, rival.parent))
    return tuple(rival for rival in others[:LISTED_RIVALS] if rival.probability >= LEAST_RIVAL)


def _either_way(edge: Edge) -> Edge:
    """The edge without its direction: ends in sorted order, the direction stated for the sorted order's better half."""
    low, high = sorted((edge.parent, edge.child))
    return replace(edge, parent=low, child=high, directed=False, direction=max(edge.direction, 1.0 - edge.direction))
