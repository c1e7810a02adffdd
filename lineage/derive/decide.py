"""From scores to one derivation: the probabilities of all trees, and the tree that expects the most right links."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.derive import arborescence
from lineage.derive.arborescence import Marginals
from lineage.derive.habits import FEWEST, FirstLook, moved
from lineage.derive.measures import Tables
from lineage.derive.readings import Array, Ints, Reading
from lineage.derive.scores import Scorer, dense
from lineage.derive.verdicts import FREE, NEVER, Limits

WRONG_DATE = 0.025  # share of stated dates that tell the wrong order
ONE_SOURCE = 1.0  # nats by which a story with a single source is likelier beforehand
ONE_ROOT = 0.5  # from this probability of a single source, one is sought
FEW_ROOTS = 12  # so many texts are tried as the single source
SHARPER = 1.25  # opinions that differ make their mean too cautious: measured on stories held out
IMPOSSIBLE = NEVER + 1.0  # a mean of what is never possible, for all roundings


@dataclass(frozen=True)
class Decision:
    """links, roots: probabilities, parents × children and texts.  parents: the chosen parent of each text or -1.

    directions: for each text with a parent, the calibrated probability that the link points that way, given that the
    two touch.  oriented: the same given the whole skeleton, 0 to 1, more decisive and overconfident.
    timely: parents × children, False where the dates say that the parent appeared after the child, or a person that it
    is none.  known: how well the kind of the story is known, from 0 to 1.  limits: what a person has settled.
    habits: parents × children, nats by which the second look moved each link; None without one.
    """

    links: Array
    roots: Array
    parents: Ints
    directions: Array
    oriented: Array
    timely: NDArray[np.bool_]
    known: float = 0.0
    limits: Limits = FREE
    habits: Array | None = None

    def chosen(self) -> list[tuple[int, int]]:
        """Parent and child of every link: those of the tree by child, then the required ones it has no room for."""
        tree = [(parent, child) for child, parent in enumerate(self.parents.tolist()) if parent >= 0]
        return tree + self.limits.beside(self.parents.tolist())


def decide(tables: Tables, scorer: Scorer, sever: float, limits: Limits = FREE) -> Decision:
    """The decision for a story's measures.

    sever: a text whose parent is less probable than this, and less probable than having none, is left without one.
    """
    dates = clock(tables.readings)
    opinions = scorer.opinions(tables)
    shares = [one.share for one in opinions]
    scores = [limits.bound(dense(tables.pairs, one.links) + dates, one.roots) for one in opinions]
    said = [arborescence.leaning_to_one(links, roots, ONE_SOURCE) for links, roots in scores]
    found, single = (arborescence.sharpened(mean, SHARPER) for mean in arborescence.blended(shares, said))
    links, roots = (np.tensordot(shares, [own[place] for own in scores], 1) for place in range(2))
    known, size = scorer.known(tables), roots.size
    parents = _severed(_parents(found, single, links, roots), found, sever)
    nats = np.zeros((size + 1, size))
    if scorer.habits and size >= FEWEST:
        nats = _evened(tables.readings, scorer.habits.nats(FirstLook(found.links, found.roots, parents, known)))
        found, single = (moved(one, nats, links > IMPOSSIBLE, roots > IMPOSSIBLE) for one in (found, single))
        parents = _severed(_parents(found, single, links, roots), found, sever)
    return Decision(
        links=found.links,
        roots=found.roots,
        parents=parents,
        directions=_directions(found.links, parents),
        oriented=_oriented(links + nats[:-1], roots + nats[-1], parents),
        timely=(dates >= 0.0) & (links > IMPOSSIBLE),
        known=known,
        limits=limits,
        habits=nats[:-1],
    )


def _evened(readings: Sequence[Reading], nats: Array) -> Array:
    """The same nats for all texts that say the same: a tree has to prefer one of them, and had no reason to."""
    first: dict[tuple[str, ...], int] = {}
    says = np.array([first.setdefault(reading.says(), place) for place, reading in enumerate(readings)])
    if len(first) == says.size:
        return nats
    alike, others = (says[:, None] == says[None, :]).astype(np.float64), 1.0 - np.eye(says.size)
    links, roots = nats[:-1], nats[-1]
    shared = alike @ (links * others) @ alike / np.maximum(alike @ others @ alike, 1.0) * others
    return np.vstack([shared, alike @ roots / alike.sum(axis=1)])


def _severed(parents: Ints, found: Marginals, sever: float) -> Ints:
    """The parents without those that are less probable than `sever`, and less probable than none."""
    children = np.arange(parents.size)
    chances = found.links[parents, children]
    weak = (parents >= 0) & (chances < np.minimum(sever, found.roots))
    return np.where(weak, -1, parents)


def _directions(chances: Array, parents: Ints) -> Array:
    """Probability of each chosen link against the same link turned round; 1 where there is no parent."""
    children = np.arange(parents.size)
    above = np.where(parents < 0, children, parents)
    there, back = chances[above, children], chances[children, above]
    either = np.where(parents < 0, 1.0, np.maximum(there + back, 1e-300))
    return np.where(parents < 0, 1.0, there / either)


def _oriented(links: Array, roots: Array, parents: Ints) -> Array:
    """Probability of each chosen link's direction, given who touches whom.

    A skeleton has one free choice, its root: moving the root over a link turns that link alone. So the evidence of
    all links on the way is summed, which is far more decisive than any link by itself.
    """
    order = _from_the_top(parents)
    value = np.zeros(parents.size)
    for child in order:
        parent = int(parents[child])
        if parent >= 0:
            turned = roots[child] + links[child, parent] - roots[parent] - links[parent, child]
            value[child] = value[parent] + turned
    below = np.exp(value - value.max())
    whole = below.copy()
    top = np.arange(parents.size)
    for child in order:
        top[child] = child if parents[child] < 0 else top[parents[child]]
    for child in reversed(order):
        if parents[child] >= 0:
            below[parents[child]] += below[child]
    total = np.bincount(top, whole, minlength=parents.size)[top]
    return np.where(parents < 0, 1.0, 1.0 - below / total)


def _from_the_top(parents: Ints) -> list[int]:
    """All texts, every parent before its children."""
    children: dict[int, list[int]] = {}
    for child, parent in enumerate(parents.tolist()):
        children.setdefault(parent, []).append(child)
    order = list(children.get(-1, []))
    for text in order:
        order += children.get(text, [])
    return order


def _parents(found: Marginals, single: Marginals, links: Array, roots: Array) -> Ints:
    possible, free = links > IMPOSSIBLE, roots > IMPOSSIBLE
    if found.alone < ONE_ROOT:
        return arborescence.best_parents(_only(found.links, possible), _only(found.roots, free))
    likely = np.full(single.roots.size, -np.inf)
    tried = np.argsort(-single.roots, kind="stable")[:FEW_ROOTS]
    likely[tried] = single.roots[tried]
    return arborescence.best_parents_of_one_root(_only(single.links, possible), _only(likely, free))


def _only(chances: Array, possible: NDArray[np.bool_]) -> Array:
    return np.where(possible, chances, -np.inf)


def clock(readings: Sequence[Reading]) -> Array:
    """What the dates say of each link, in nats: a parent that certainly appeared after its child is improbable."""
    stamps = [reading.article.published for reading in readings]
    penalty = np.log(WRONG_DATE / (1.0 - WRONG_DATE))
    out = np.zeros((len(stamps), len(stamps)))
    for parent, later in enumerate(stamps):
        for child, earlier in enumerate(stamps):
            if later is not None and earlier is not None and earlier.before(later):
                out[parent, child] = penalty
    return out
