"""Edges as they are reported: with their probability, their reasons, their rivals and the passages they account for."""

from dataclasses import replace

import numpy as np

from lineage.derive.decide import Decision
from lineage.derive.explain import Explainer
from lineage.derive.measures import Tables
from lineage.derive.merges import Merge
from lineage.derive.passages import common_words, passages
from lineage.derive.posited import Lost
from lineage.derive.relation import relation
from lineage.derive.scores import Scorer
from lineage.derive.siblings import Pair
from lineage.records import Edge, Evidence, Rival
from lineage.settings import DeriveSettings

LISTED_RIVALS = 4
LEAST_RIVAL = 0.02
SHOWN_SPANS = 8


def between_articles(tables: Tables, decision: Decision, scorer: Scorer, settings: DeriveSettings) -> list[Edge]:
    """The chosen tree.

    A link is undirected when its direction is even both by itself and with the evidence of the whole skeleton, and
    neither a date nor a person rules the other direction out.
    """
    explainer = Explainer(tables, scorer, decision)
    out = []
    for parent, child in decision.chosen():
        edge = _first(tables, decision, explainer, (parent, child))
        best = max(edge.direction, float(decision.oriented[child]))
        even = best < settings.undirected and bool(decision.timely[child, parent])
        out.append(_either_way(edge) if even else edge)
    return out


def _first(tables: Tables, decision: Decision, explainer: Explainer, ends: tuple[int, int]) -> Edge:
    parent, child = ends
    above, below = tables.readings[parent], tables.readings[child]
    return Edge(
        parent=above.article.id,
        child=below.article.id,
        probability=round(float(decision.links[parent, child]), 4),
        directed=True,
        direction=_chance(float(decision.directions[child])),
        relation=relation(above, below),
        evidence=explainer.evidence(parent, child),
        rivals=_rivals(tables, decision, parent, child),
        covers=passages(below, common_words(below, above.features("three"))),
    )


def _chance(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)


def _either_way(edge: Edge) -> Edge:
    """The edge without its direction: ends in sorted order, the direction that of the likelier one."""
    low, high = sorted((edge.parent, edge.child))
    covers = edge.covers if high == edge.child else ()
    likelier = max(edge.direction, round(1.0 - edge.direction, 4))
    return replace(edge, parent=low, child=high, directed=False, direction=likelier, covers=covers)


def _rivals(tables: Tables, decision: Decision, parent: int, child: int) -> tuple[Rival, ...]:
    """The other parents in question and "none of these", most probable first."""
    likely = [place for place in np.flatnonzero(decision.links[:, child] >= LEAST_RIVAL) if place != parent]
    others = [Rival(tables.readings[at].article.id, _chance(float(decision.links[at, child]))) for at in likely]
    if decision.roots[child] >= LEAST_RIVAL:
        others.append(Rival("", _chance(float(decision.roots[child]))))
    others.sort(key=lambda rival: (-rival.probability, rival.parent))
    return tuple(others[:LISTED_RIVALS])


def from_second(tables: Tables, merge: Merge) -> Edge:
    """The edge of a second parent."""
    above, below = tables.readings[merge.parent], tables.readings[merge.child]
    places = tuple((below.article.id, span.start, span.end) for span in merge.covers[:SHOWN_SPANS])
    return Edge(
        parent=above.article.id,
        child=below.article.id,
        probability=merge.probability,
        directed=True,
        direction=1.0,
        relation="partial",
        evidence=(Evidence("remainder", _nats(merge.probability), merge.note, places),),
        covers=merge.covers,
    )


def of_pair(tables: Tables, pair: Pair) -> Edge:
    """The undirected edge of two texts that agree where their seeming parent is silent."""
    silent, *ends = (tables.readings[text] for text in (pair.parent, pair.first, pair.second))
    first, second = sorted(ends, key=lambda reading: reading.article.id)
    note = f"share {pair.agreement.together} names and figures that {silent.article.id} lacks"
    return Edge(
        parent=first.article.id,
        child=second.article.id,
        probability=_chance(pair.probability),
        directed=False,
        direction=0.5,
        relation=relation(first, second),
        evidence=(Evidence("shared facts", _nats(pair.probability), note),),
    )


def from_lost(tables: Tables, lost: Lost, name: str) -> list[Edge]:
    """The edges of a posited source, one to each of its children."""
    out = []
    for text in lost.texts:
        reading = tables.readings[text]
        places = tuple((reading.article.id, span.start, span.end) for span in lost.covers[text][:SHOWN_SPANS])
        count = len(lost.covers[text])
        said = "one passage" if count == 1 else f"{count} passages"
        note = f"shares {said} with other articles that cannot be its source"
        out.append(
            Edge(
                parent=name,
                child=reading.article.id,
                probability=_chance(lost.probability),
                directed=True,
                direction=1.0,
                relation="rewrite",
                evidence=(Evidence("common source", _nats(lost.probability), note, places),),
                covers=lost.covers[text],
            )
        )
    return out


def _nats(probability: float) -> float:
    bounded = min(0.999, max(0.001, probability))
    return round(float(np.log(bounded / (1.0 - bounded))), 3)
