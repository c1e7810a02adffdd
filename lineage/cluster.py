"""Comparisons become stories: articles joined by probable links, split where only one weak link holds."""

from collections.abc import Iterable
from dataclasses import dataclass

import networkx
import numpy as np
from numpy.typing import NDArray

from lineage.kernels.components import components
from lineage.records import Comparison
from lineage.settings import ClusterSettings


@dataclass(frozen=True, slots=True)
class Group:
    """Articles of one story, sorted; and its weakest link, the least probable one that the story cannot do without."""

    articles: tuple[str, ...]
    weakest: tuple[str, str, float] | None


def groups(comparisons: Iterable[Comparison], settings: ClusterSettings = ClusterSettings()) -> tuple[Group, ...]:
    """The stories among compared articles, largest first; an article without a probable link is in none.

    A story is a connected component of the links at or above `settings.join`, cut at bridges below `settings.bridge`
    that would tie two groups of at least `settings.side` articles: one doubtful pair does not make two stories one.
    Families of versions that tell one event, though no pair of them is probable, are one story as well: see `kindred`.
    Where more than `settings.most` articles hang together, the weakest links do not join.

    >>> link = lambda a, b, p: Comparison(a, b, p, "rewrite")
    >>> [group.articles for group in groups([link("a", "b", 0.9), link("b", "c", 0.8), link("d", "e", 0.7)])]
    [('a', 'b', 'c'), ('d', 'e')]
    """
    graph: networkx.Graph[str] = networkx.Graph()
    links = _kept(list(comparisons), settings)
    for comparison in sorted(_within(links, settings.most), key=lambda entry: (entry.a, entry.b)):
        graph.add_edge(comparison.a, comparison.b, weight=comparison.probability)
    for a, b in _weak_bridges(graph, settings):
        graph.remove_edge(a, b)
    found = (_group(graph.subgraph(part)) for part in networkx.connected_components(graph) if len(part) > 1)
    return tuple(sorted(found, key=lambda group: (-len(group.articles), group.articles)))


def _kept(comparisons: list[Comparison], settings: ClusterSettings) -> list[Comparison]:
    """The links that join articles, and those that join families."""
    place = {id: at for at, id in enumerate(sorted({id for link in comparisons for id in (link.a, link.b)}))}
    pairs = np.array([(place[link.a], place[link.b]) for link in comparisons], np.int32).reshape(-1, 2)
    probabilities = np.array([link.probability for link in comparisons])
    joined = probabilities >= settings.join
    label = parts(pairs[joined], probabilities[joined], len(place), settings.most)
    joined[kindred(pairs, probabilities, label, settings)] = True
    return [link for link, kept in zip(comparisons, joined.tolist(), strict=True) if kept]


def kindred(
    pairs: NDArray[np.int32], probabilities: NDArray[np.float64], label: NDArray[np.int32], settings: ClusterSettings
) -> NDArray[np.int64]:
    """The rows of the strongest links between families that tell one event though no pair of them is probable.

    A family is two or more articles with one `label`. Two are kindred where the probabilities of all their pairs, 0 for
    one that was not reported, are at least `settings.kin` on average.
    """
    sizes = np.bincount(label, minlength=label.size)[label]
    first, second = label[pairs[:, 0]], label[pairs[:, 1]]
    doubtful = (first != second) & (sizes[pairs[:, 0]] > 1) & (sizes[pairs[:, 1]] > 1) & (probabilities < settings.join)
    rows = np.flatnonzero(doubtful)
    if not rows.size:
        return rows
    couples = np.stack([np.minimum(first, second), np.maximum(first, second)], axis=1)[rows]
    known, couple = np.unique(couples, axis=0, return_inverse=True)
    total = np.bincount(couple, probabilities[rows])
    enough = total >= settings.kin * sizes[known[:, 0]] * sizes[known[:, 1]]
    rows, couple = rows[enough[couple]], couple[enough[couple]]
    order = np.lexsort((pairs[rows, 1], pairs[rows, 0], -probabilities[rows], couple))
    first_of_each: NDArray[np.int64] = rows[order][np.unique(couple[order], return_index=True)[1]]
    return first_of_each


def _within(links: list[Comparison], most: int) -> list[Comparison]:
    """The links that are left when no story may have more than `most` articles."""
    if len(links) < most:
        return links
    place = {id: at for at, id in enumerate(sorted({id for link in links for id in (link.a, link.b)}))}
    pairs = np.array([(place[link.a], place[link.b]) for link in links], np.int32)
    label = parts(pairs, np.array([link.probability for link in links]), len(place), most)
    return [link for link in links if label[place[link.a]] == label[place[link.b]]]


def parts(pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int, most: int) -> NDArray[np.int32]:
    """For each article the first of those that pairs join it with, the most probable pairs first, `most` at most.

    pairs: of places in the order of ids, the smaller first.
    """
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -probabilities))
    return components(pairs[order], articles, most)


def _weak_bridges(graph: "networkx.Graph[str]", settings: ClusterSettings) -> list[tuple[str, str]]:
    """Bridges below `settings.bridge` with at least `settings.side` articles on either side."""
    cut = []
    for a, b in sorted((min(pair), max(pair)) for pair in networkx.bridges(graph)):
        weight = graph[a][b]["weight"]
        if weight >= settings.bridge:
            continue
        graph.remove_edge(a, b)
        sides = [len(networkx.node_connected_component(graph, end)) for end in (a, b)]
        graph.add_edge(a, b, weight=weight)
        if min(sides) >= settings.side:
            cut.append((a, b))
    return cut


def _group(part: "networkx.Graph[str]") -> Group:
    # A view of a part goes through its articles in the order of a set, which no two runs share; ties follow it.
    ordered: networkx.Graph[str] = networkx.Graph()
    ordered.add_edges_from(
        sorted(((min(a, b), max(a, b), data) for a, b, data in part.edges(data=True)), key=lambda edge: edge[:2])
    )
    tree = networkx.maximum_spanning_edges(ordered, data=True)
    links = [(min(a, b), max(a, b), float(data["weight"])) for a, b, data in tree]
    a, b, weight = min(links, key=lambda link: (link[2], link[0], link[1]))
    return Group(tuple(sorted(part)), (a, b, weight))
