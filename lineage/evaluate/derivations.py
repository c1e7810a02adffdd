"""Who was written from whom, against known truth."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from lineage.evaluate.files import inside, rows
from lineage.evaluate.scores import Confidence, Scores, calibration, judged
from lineage.evaluate.trees import Pair, contracted, found_again, lost_sources, sign_similarity, tree_scores


class _Node(msgspec.Struct):
    story: str
    id: str
    parents: list[str]
    observed: bool


class _Edge(msgspec.Struct):
    parent: str
    child: str
    probability: float = 1.0
    directed: bool = True


class _Story(msgspec.Struct):
    articles: list[str]
    edges: list[_Edge] = []


def derivation(gold: Path, out: Path) -> Scores:
    """How well the derivations of a scan agree with the true ones, averaged over the true stories.

    gold: a line a text, `{"story", "id", "parents": [id], "observed"}`; lost texts are replaced by their own parents
    on both sides.  out: the folder of a scan, or its `stories.jsonl`.  Figures: `roots`, `leaves` and `ancestry` are
    shared among all (Jaccard), `edges` and `skeleton` are F1 (Dias et al. 2012; Marmerola et al. 2016); an undirected
    edge counts for the skeleton alone.  `parents` is the mean F1 of a text's set of parents, `signs` the average sign
    similarity (Roos & Heikkilä 2009).  `posited_precision` and `posited_recall` are over all lost texts that two
    observed ones or more come from; each is left out where there are none.  `brier`, `precision` and
    `precision_top_half` judge the stated probabilities.
    """
    truth: dict[str, dict[str, list[str]]] = defaultdict(dict)
    observed: dict[str, set[str]] = defaultdict(set)
    for node in rows(gold, _Node):
        truth[node.story][node.id] = node.parents
        if node.observed:
            observed[node.story].add(node.id)
    said = _said(rows(inside(out, "stories.jsonl"), _Story), set().union(*observed.values()))
    totals: dict[str, list[float]] = defaultdict(list)
    confidences: list[Confidence] = []
    posited = [0, 0, 0]
    for story in (name for name in truth if len(observed[name]) > 1):
        ids = observed[story]
        true = contracted(truth[story], ids)
        for name, value in said.scored(ids, true).items():
            totals[name].append(value)
        totals["signs"].append(sign_similarity(ids, truth[story], said.links(ids)))
        lost, supposed = lost_sources(truth[story], ids), lost_sources(said.stated, ids)
        posited = [a + b for a, b in zip(posited, (len(lost), len(supposed), found_again(lost, supposed)), strict=True)]
        confidences += said.confidences(ids, true)
    figures = {name: round(sum(values) / len(values), 3) for name, values in totals.items()}
    figures |= _of_posited(*posited) | judged(confidences)
    return Scores({**figures, "stories": len(totals["roots"])}, calibration(confidences))


def _of_posited(true: int, said: int, right: int) -> dict[str, float]:
    shares = {"posited_precision": (right, said), "posited_recall": (right, true)}
    return {name: round(part / whole, 3) for name, (part, whole) in shares.items() if whole}


@dataclass(frozen=True, slots=True)
class _Said:
    """What all stories of a result claim together.

    stated: the parents as stated, posited ones included.  parents: the same among observed texts alone.
    """

    articles: set[str]
    stated: Mapping[str, set[str]]
    parents: Mapping[str, set[str]]
    undirected: Mapping[str, set[Pair]]
    probability: Mapping[str, Mapping[str, tuple[int, float]]]

    def scored(self, ids: set[str], true: Mapping[str, set[str]]) -> dict[str, float]:
        said = {id: self.parents.get(id, set()) & ids for id in ids}
        either_way = {pair for id in ids for pair in self.undirected.get(id, ()) if pair <= ids}
        return {**tree_scores(ids, true, said, either_way), "found": len(ids & self.articles) / len(ids)}

    def links(self, ids: set[str]) -> dict[str, set[str]]:
        """Who is linked with whom, posited texts included, as far as it touches these texts."""
        near: dict[str, set[str]] = {id: set(self.stated.get(id, ())) for id in ids}
        for id in ids:
            near[id] |= {other for pair in self.undirected.get(id, ()) for other in pair if other != id}
        lost = {parent for parents in near.values() for parent in parents if parent not in near}
        return near | {parent: self.stated.get(parent, set()) for parent in lost}

    def confidences(self, ids: set[str], true: Mapping[str, set[str]]) -> list[Confidence]:
        """Stated probabilities between observed articles in the order they were stated, and whether they hold."""
        found = [
            (place, chance, parent in true[child])
            for child in ids
            for parent, (place, chance) in self.probability.get(child, {}).items()
            if parent in ids
        ]
        return [(chance, right) for _, chance, right in sorted(found)]


def _said(stories: Iterable[_Story], observed: set[str]) -> _Said:
    articles: set[str] = set()
    parents: dict[str, set[str]] = defaultdict(set)
    undirected: dict[str, set[Pair]] = defaultdict(set)
    probability: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
    places = itertools.count()
    for number, story in enumerate(stories):
        articles.update(story.articles)
        for edge in _own(story, number):
            if not edge.directed:
                undirected[edge.child].add(frozenset((edge.parent, edge.child)))
                continue
            parents[edge.child].add(edge.parent)
            # A link stated twice keeps its first place and its last probability.
            place, _ = probability[edge.child].get(edge.parent, (next(places), 0.0))
            probability[edge.child][edge.parent] = (place, edge.probability)
    return _Said(articles, parents, contracted(parents, observed), undirected, probability)


def _own(story: _Story, number: int) -> Iterator[_Edge]:
    """The edges of a story, with a posited source told from those of the same name in other stories."""
    names = {id: id for id in story.articles}
    for edge in story.edges:
        parent, child = (names.get(end, f"{number} {end}") for end in (edge.parent, edge.child))
        yield _Edge(parent, child, edge.probability, edge.directed)
