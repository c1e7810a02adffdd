"""Probabilities over all possible trees at once, and the best tree.

A derivation with one parent a text is a spanning arborescence hanging from a virtual "no parent". With a weight
exp(score) on every link the sum over all of them is a determinant (Tutte's directed matrix-tree theorem), and the
probability of a link is a derivative of its logarithm (Koo et al. 2007): exact, deterministic, no sampling.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.derive.readings import Array, Ints

FLOOR = -30.0
NEARLY = 1e-9


@dataclass(frozen=True)
class Marginals:
    """links: parents × children, probability of each link.  roots: probability of having no parent.

    Each column of `links` and its entry of `roots` sum to 1.  alone: probability that there is exactly one root.
    """

    links: Array
    roots: Array
    alone: float


def marginals(links: Array, roots: Array) -> Marginals:
    """Probabilities of links and roots from their scores in nats; -inf forbids a link, the diagonal is not read."""
    weights, starts = _weights(links, roots)
    laplacian = np.diag(weights.sum(axis=0) + starts) - weights
    inverse = np.linalg.inv(laplacian)
    own = np.diag(inverse)
    single, log_single = _single(weights, starts)
    alone = float(np.exp(min(0.0, log_single - np.linalg.slogdet(laplacian)[1]))) if single is not None else 0.0
    return Marginals(np.clip(weights * (own[None, :] - inverse.T), 0.0, 1.0), np.clip(starts * own, 0.0, 1.0), alone)


def marginals_of_one_root(links: Array, roots: Array) -> Marginals:
    """The same, given that exactly one text has no parent."""
    weights, starts = _weights(links, roots)
    inverse, _ = _single(weights, starts)
    if inverse is None:
        return marginals(links, roots)
    own = np.diag(inverse).copy()
    own[0] = 0.0
    by_parent = inverse.T.copy()
    by_parent[0, :] = 0.0
    chances = np.clip(weights * (own[None, :] - by_parent), 0.0, 1.0)
    return Marginals(chances, np.clip(starts * inverse[:, 0], 0.0, 1.0), 1.0)


def leaning_to_one(links: Array, roots: Array, nats: float) -> tuple[Marginals, Marginals]:
    """The probabilities when trees of a single root are e^nats times likelier than their scores say, and given one.

    A text's own score cannot tell how many roots the story has; that a story has one source is known beforehand.
    """
    free, one = marginals(links, roots), marginals_of_one_root(links, roots)
    if free.alone >= 1.0 - NEARLY:
        return free, one
    favoured = free.alone * float(np.exp(nats))
    alone = favoured / (1.0 - free.alone + favoured)
    # What the trees with several roots have: the rest of the whole after those with one.
    share = (1.0 - alone) / (1.0 - free.alone)
    weight = alone - share * free.alone
    both = [np.clip(share * a + weight * b, 0.0, 1.0) for a, b in ((free.links, one.links), (free.roots, one.roots))]
    return Marginals(both[0], both[1], alone), one


def blended(shares: Sequence[float], found: Sequence[tuple[Marginals, Marginals]]) -> tuple[Marginals, Marginals]:
    """The mean of several opinions, each free and given a single root; an opinion counts for the second as far as it
    holds that there is one.
    """
    alone = np.array([share * free.alone for share, (free, _) in zip(shares, found, strict=True)])
    of_one = alone / max(float(alone.sum()), 1e-300)
    free = _mean(shares, [free for free, _ in found])
    return free, _mean(of_one.tolist(), [one for _, one in found])


def _mean(shares: Sequence[float], found: Sequence[Marginals]) -> Marginals:
    links, roots = np.zeros_like(found[0].links), np.zeros_like(found[0].roots)
    for share, one in zip(shares, found, strict=True):
        links += share * one.links
        roots += share * one.roots
    return Marginals(links, roots, sum(share * one.alone for share, one in zip(shares, found, strict=True)))


def sharpened(found: Marginals, power: float) -> Marginals:
    """The probabilities of each text's parents raised to a power and brought back to 1 in sum."""
    links = found.links**power
    roots = found.roots**power
    whole = np.maximum(links.sum(axis=0) + roots, 1e-300)
    return Marginals(links / whole[None, :], roots / whole, found.alone)


def _weights(links: Array, roots: Array) -> tuple[Array, Array]:
    """Weights scaled child by child: every tree has one link into each child, so the scale cancels."""
    scores = links.astype(np.float64, copy=True)
    np.fill_diagonal(scores, -np.inf)
    top = np.maximum(scores.max(axis=0), roots)
    weights = np.exp(np.maximum(scores - top[None, :], FLOOR))
    weights[~np.isfinite(scores)] = 0.0
    return weights, np.exp(np.maximum(roots - top, FLOOR))


def _single(weights: Array, starts: Array) -> tuple[Array | None, float]:
    """Inverse and log-determinant of the Laplacian whose first row is the root weights (Koo et al. 2007)."""
    laplacian = np.diag(weights.sum(axis=0)) - weights
    laplacian[0, :] = starts
    sign, size = np.linalg.slogdet(laplacian)
    if sign <= 0 or not np.isfinite(size):
        return None, -np.inf
    return np.asarray(np.linalg.inv(laplacian), np.float64), float(size)


def best_parents(links: Array, roots: Array) -> Ints:
    """The parent of each text, -1 for none, in the arborescence of the largest sum (Chu and Liu 1965; Edmonds 1967).

    Of equal sums the one with parents earlier in the order is taken.
    """
    size = len(roots)
    scores = np.full((size + 1, size + 1), -np.inf)
    scores[1:, 1:] = links
    scores[0, 1:] = roots
    np.fill_diagonal(scores, -np.inf)
    return _edmonds(scores)[1:] - 1


def best_parents_of_one_root(links: Array, roots: Array) -> Ints:
    """The same with exactly one text that has no parent."""
    free = best_parents(links, roots)
    if int((free < 0).sum()) == 1:
        return free
    best, best_value = free, -np.inf
    for root in range(len(roots)):
        only = np.full(len(roots), -np.inf)
        only[root] = 0.0
        parents = best_parents(links, only)
        value = float(roots[root]) + sum(float(links[p, c]) for c, p in enumerate(parents.tolist()) if p >= 0)
        if value > best_value + 1e-12:
            best, best_value = parents, value
    return best


def _edmonds(scores: Array) -> Ints:
    """The parent of each node in the maximum arborescence from node 0; entry 0 is 0."""
    parents: Ints = np.argmax(scores, axis=0).astype(np.int64)
    parents[0] = 0
    cycle = _cycle(parents)
    if cycle is None:
        return parents
    outside = np.setdiff1d(np.arange(len(scores)), cycle)
    merged = len(outside)
    smaller = np.full((merged + 1, merged + 1), -np.inf)
    smaller[:merged, :merged] = scores[np.ix_(outside, outside)]
    entering = scores[np.ix_(outside, cycle)] - scores[parents[cycle], cycle][None, :]
    leaving = scores[np.ix_(cycle, outside)]
    smaller[:merged, merged] = entering.max(axis=1)
    smaller[merged, :merged] = leaving.max(axis=0)
    chosen = _edmonds(smaller)
    for place, node in enumerate(outside.tolist()):
        if node != 0:
            from_cycle = cycle[int(leaving[:, place].argmax())]
            parents[node] = from_cycle if chosen[place] == merged else outside[chosen[place]]
    entry = int(chosen[merged])
    parents[cycle[int(entering[entry].argmax())]] = outside[entry]
    return parents


def _cycle(parents: Ints) -> NDArray[np.int64] | None:
    """The nodes of one cycle of the parent relation, if there is any."""
    seen = np.zeros(parents.size, np.int64)
    seen[0] = -1
    for start in range(1, parents.size):
        path: list[int] = []
        node = start
        while seen[node] == 0:
            seen[node] = start
            path.append(node)
            node = int(parents[node])
        if seen[node] == start:
            return np.array(sorted(path[path.index(node) :]), np.int64)
    return None
