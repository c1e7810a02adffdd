"""The probabilities of all trees of many stories at once: what training asks for hundreds of times."""

import collections
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.derive.arborescence import FLOOR
from lineage.derive.examples import Example
from lineage.derive.readings import Array, Ints
from lineage.derive.scores import FAR


@dataclass(frozen=True)
class _Batch:
    """Stories of one size.  links: rows of their pairs, with `story`, `parent`, `child` of each; texts: rows."""

    size: int
    links: Ints
    story: Ints
    parent: Ints
    child: Ints
    texts: Ints


class Batches:
    """Stories laid end to end, as rows of links and rows of texts; story_of_link, story_of_text: whose row each is."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self.links = sum(len(example.tables.pairs) for example in examples)
        self.texts = sum(example.size for example in examples)
        of_each = [len(example.tables.pairs) for example in examples]
        self.story_of_link = np.repeat(np.arange(len(examples)), of_each)
        self.story_of_text = np.repeat(np.arange(len(examples)), [example.size for example in examples])
        firsts = np.cumsum([0, *of_each]).tolist()
        heads = np.cumsum([0, *(example.size for example in examples)]).tolist()
        by_size: dict[int, list[int]] = collections.defaultdict(list)
        for place, example in enumerate(examples):
            by_size[example.size].append(place)
        self._batches = [_batch(examples, places, firsts, heads) for _, places in sorted(by_size.items())]

    def expected(self, links: Array, roots: Array) -> tuple[Array, Array, Array]:
        """Probability of every link and of every root under these scores, and for every text the share it has in the
        logarithm of the sum over its story's trees.
        """
        of_links, of_roots, of_sums = np.zeros(self.links), np.zeros(self.texts), np.zeros(self.texts)
        for batch in self._batches:
            chances, starts, sums = _marginals(*_weights(batch, links, roots))
            of_links[batch.links] = chances[batch.story, batch.parent, batch.child]
            of_roots[batch.texts] = starts
            of_sums[batch.texts] = sums[:, None] / batch.size
        return of_links, of_roots, of_sums


def _batch(examples: Sequence[Example], places: Sequence[int], firsts: Sequence[int], heads: Sequence[int]) -> _Batch:
    pairs = [examples[place].tables.pairs for place in places]
    size = pairs[0].texts
    return _Batch(
        size=size,
        links=np.concatenate([firsts[place] + np.arange(len(own)) for place, own in zip(places, pairs, strict=True)]),
        story=np.repeat(np.arange(len(places)), [len(own) for own in pairs]),
        parent=np.concatenate([own.parent for own in pairs]),
        child=np.concatenate([own.child for own in pairs]),
        texts=np.array([heads[place] for place in places])[:, None] + np.arange(size)[None, :],
    )


def _weights(batch: _Batch, links: Array, roots: Array) -> tuple[Array, Array, Array]:
    """Weights scaled child by child as in `arborescence`, and the logarithm of the scale of each story."""
    scores = np.full((len(batch.texts), batch.size, batch.size), FAR)
    scores[batch.story, batch.parent, batch.child] = links[batch.links]
    starts = roots[batch.texts]
    diagonal = np.arange(batch.size)
    scores[:, diagonal, diagonal] = -np.inf
    top = np.maximum(scores.max(axis=1), starts)
    weights = np.exp(np.maximum(scores - top[:, None, :], FLOOR))
    weights[:, diagonal, diagonal] = 0.0
    return weights, np.exp(np.maximum(starts - top, FLOOR)), top.sum(axis=1)


def _marginals(weights: Array, starts: Array, scale: Array) -> tuple[Array, Array, Array]:
    diagonal: NDArray[np.int64] = np.arange(weights.shape[1])
    laplacian = -weights
    laplacian[:, diagonal, diagonal] += weights.sum(axis=1) + starts
    inverse = np.linalg.inv(laplacian)
    own = inverse[:, diagonal, diagonal]
    links = np.clip(weights * (own[:, None, :] - inverse.transpose(0, 2, 1)), 0.0, 1.0)
    return links, np.clip(starts * own, 0.0, 1.0), np.linalg.slogdet(laplacian)[1] + scale
