"""Compared pairs become stories, component by component, and stories keep the ids they had."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import cluster, verify
from lineage.pipeline import tracing
from lineage.pipeline import verdicts as judged
from lineage.records import Comparison, Relation, Verdict
from lineage.settings import ClusterSettings

Parts = Callable[[NDArray[np.int32], NDArray[np.float64], int, int], NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Named:
    """A story before it is told: its id, and which articles belong to it."""

    id: str
    group: cluster.Group

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of its articles, sorted."""
        return self.group.articles


def groups(
    found: verify.Found,
    ids: Sequence[str],
    said: Sequence[Verdict],
    settings: ClusterSettings,
    parts: Parts = cluster.parts,
) -> list[cluster.Group]:
    """The stories among compared pairs, largest first; the same as `cluster.groups` makes of all at once.

    ids: of all articles, sorted.  parts: what finds those that hang together.
    """
    pairs, probabilities = _linked(found, ids, said, settings)
    label = parts(pairs, probabilities, len(ids), settings.most)
    families = cluster.kindred(found.pairs, found.probabilities, label, settings)
    if families.size:
        weak = found.probabilities < settings.join
        label = parts(
            np.concatenate([pairs, found.pairs[families]]),
            np.concatenate([probabilities, found.probabilities[families]]),
            len(ids),
            settings.most,
        )
        pairs = np.concatenate([pairs, found.pairs[weak]])
        probabilities = np.concatenate([probabilities, found.probabilities[weak]])
    inside = label[pairs[:, 0]] == label[pairs[:, 1]]
    pairs, probabilities, label = pairs[inside], probabilities[inside], label[pairs[inside][:, 0]]
    order = np.lexsort((pairs[:, 1], pairs[:, 0], label))
    ends = np.append(np.flatnonzero(np.diff(label[order])) + 1, len(order))
    made: list[cluster.Group] = []
    start = 0
    for stop in ends.tolist():
        rows = order[start:stop]
        start = stop
        links = zip(pairs[rows].tolist(), probabilities[rows].tolist(), strict=True)
        made += cluster.groups([Comparison(ids[a], ids[b], p, _kind(p)) for (a, b), p in links], settings)
    return sorted(made, key=lambda group: (-len(group.articles), group.articles))


def _kind(probability: float) -> Relation:
    return "rewrite" if probability >= 0.5 else "same event"


def _linked(
    found: verify.Found, ids: Sequence[str], said: Sequence[Verdict], settings: ClusterSettings
) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
    """The pairs that join articles, those that a person has linked among them."""
    joined = found.probabilities >= settings.join
    pairs, probabilities = found.pairs[joined], found.probabilities[joined]
    sure = judged.held([], said, _Known(ids))
    if not sure:
        return pairs, probabilities
    place = {id: at for at, id in enumerate(ids)}
    linked = {(place[one.a], place[one.b]) for one in sure}
    rest = np.array([tuple(pair) not in linked for pair in pairs.tolist()], np.bool_)
    more = np.array(sorted(linked), np.int32).reshape(-1, 2)
    return np.concatenate([pairs[rest], more]), np.concatenate([probabilities[rest], np.ones(len(more))])


@dataclass(frozen=True, slots=True)
class _Known(Container[str]):
    """Whether an id is among sorted ones."""

    ids: Sequence[str]

    def __contains__(self, id: object) -> bool:
        from bisect import bisect_left

        at = bisect_left(self.ids, str(id))
        return at < len(self.ids) and self.ids[at] == id


def named(made: Iterable[cluster.Group], earlier: Iterable[tuple[str, Sequence[str]]] = ()) -> list[Named]:
    """The stories with their ids: that of an earlier story which most of its articles are in, else one of their own.

    earlier: ids of stories and the articles they had. The pair of an earlier story and a present one that shares most
    articles is settled first; of equals the one whose ids sort first.
    """
    present = [(tracing.story_id(group.articles), group) for group in made]
    home = {article: number for number, (_, group) in enumerate(present) for article in group.articles}
    shared: Counter[tuple[str, int]] = Counter()
    for id, articles in earlier:
        shared.update((id, home[article]) for article in articles if article in home)
    kept: dict[int, str] = {}
    given: set[str] = set()
    for (id, number), _ in sorted(shared.items(), key=lambda entry: (-entry[1], entry[0][0], present[entry[0][1]][0])):
        if id not in given and number not in kept:
            kept[number] = id
            given.add(id)
    result = []
    for number, (own, group) in enumerate(present):
        id = kept.get(number, own)
        while number not in kept and id in given:  # a part of a story has the very articles that the story began with
            id = tracing.story_id([id, *group.articles])
        given.add(id)
        result.append(Named(id, group))
    return result
