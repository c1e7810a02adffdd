"""Learning the regimes: the weights of each from its own stories, then which descriptors tell them apart.

The gate is fitted to how well the regimes account for the stories of *other* regimes as well as for their own: a
user's story belongs to none of them, so what counts is which one it resembles in what matters for its derivation.
"""

import collections
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.derive.descriptors import LEVEL, descriptors
from lineage.derive.examples import Example
from lineage.derive.fitting import HELD_BACK, spreads, weighed
from lineage.derive.linear import OF_PAIRS, OF_TEXTS, places
from lineage.derive.readings import Array
from lineage.derive.regimes import Bank, Gate, apart, of_texts, standard
from lineage.derive.rows import Rows

ALL_HELD_BACK = 3.0  # as HELD_BACK, for the weights of all measures
FEW_DESCRIPTORS = 0.02  # nats a story for the weight of one descriptor
EVEN = 0.05  # how strongly the bias of a regime is drawn to the mean
KNOWN = 0.5  # a story of a known regime counts so much, one whose own regime is hidden counts 1
ROUNDS = 80
GATE_ROUNDS = 150


Measured = tuple[tuple[str, ...], tuple[str, ...]]  # names of the measures of pairs and of texts
Described = tuple[tuple[str, ...], Array]  # names of descriptors, and their values: stories × descriptors
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class _Seen:
    """names: the regimes.  own: the number of each story's regime.  rows: of all stories; of_each: of each regime."""

    names: tuple[str, ...]
    own: Numbers
    rows: Rows
    of_each: tuple[Rows, ...]

    @classmethod
    def of(cls, examples: Sequence[Example]) -> "_Seen":
        regimes = [example.kind for example in examples]
        names = tuple(sorted(set(regimes)))
        own = np.array([names.index(regime) for regime in regimes])
        of_each = [[examples[story] for story in np.flatnonzero(own == place).tolist()] for place in range(len(names))]
        return cls(names, own, Rows.of(examples), tuple(Rows.of(stories) for stories in of_each))


def banks(examples: Sequence[Example]) -> tuple[Bank, ...]:
    """A bank that weighs reasons alone, and one that weighs every measure: habits help where the regime is known.

    The gate of the first does not look at the kind of prose, so that it holds for kinds that were never seen.
    """
    seen = _Seen.of(examples)
    described = [descriptors(example.tables) for example in examples]
    told = sorted(described[0])
    regime = [name for name in told if not name.startswith(LEVEL)]
    every = (_own(seen.rows.pair_names), _own(seen.rows.text_names))
    return (
        _bank(seen, (OF_PAIRS, OF_TEXTS), HELD_BACK, _table(described, regime)),
        _bank(seen, every, ALL_HELD_BACK, _table(described, told)),
    )


def _own(names: Sequence[str]) -> tuple[str, ...]:
    """The measures that are not the same for the whole story."""
    return tuple(name for name in names if not name.startswith("story."))


def _table(described: Sequence[Mapping[str, float]], names: Sequence[str]) -> Described:
    return tuple(names), np.array([[one[name] for name in names] for one in described])


def _bank(seen: _Seen, measured: Measured, held_back: float, described: Described) -> Bank:
    scales = [spreads(table) for table in _tables(seen.rows, measured)]
    links, roots = [], []
    for own in seen.of_each:
        of_links, texts = (table / scale for table, scale in zip(_tables(own, measured), scales, strict=True))
        found = weighed(own, of_links, texts, held_back, rounds=ROUNDS)
        links.append(found[0] / scales[0])
        roots.append(found[1] / scales[1])
    weights = np.array(links), np.array(roots)
    gate = _gate(described, seen.own, _likelihoods(seen.rows, measured, weights))
    return Bank(seen.names, *measured, *weights, gate)


def _tables(rows: Rows, measured: Measured) -> tuple[Array, Array]:
    """The measures of all links and of all texts, as a bank reads them."""
    of_links = rows.links[:, places(rows.pair_names, measured[0])]
    return of_links, of_texts(rows.text_names, rows.texts, measured[1])


def _likelihoods(rows: Rows, measured: Measured, weights: tuple[Array, Array]) -> Array:
    """The logarithm of the probability of each story's true derivation under each regime; stories × regimes."""
    links, roots = (table @ each.T for table, each in zip(_tables(rows, measured), weights, strict=True))
    out = []
    for regime in range(links.shape[1]):
        _, _, sums = rows.batches.expected(links[:, regime], roots[:, regime])
        true = np.bincount(rows.batches.story_of_link, rows.true_links * links[:, regime])
        true = true + np.bincount(rows.batches.story_of_text, rows.true_roots * roots[:, regime] - sums)
        out.append(true)
    return np.array(out, np.float64).T


def _gate(described: Described, own: Numbers, likely: Array) -> Gate:
    """The gate under which the mixture of the regimes makes the true derivations most probable."""
    names, values = described
    count = collections.Counter(own.tolist())
    weight = np.array([1.0 / count[regime] for regime in own.tolist()]) / len(count)
    centre = weight @ values
    spread = np.sqrt(weight @ (values - centre) ** 2) + 1e-9
    near = standard(values, centre, spread)
    middles = np.array([near[own == regime].mean(axis=0) for regime in range(likely.shape[1])])
    weights, bias = _fitted(apart(near, middles), own, likely, weight)
    kept = weights > 0
    return Gate(
        tuple(name for name, keep in zip(names, kept.tolist(), strict=True) if keep),
        centre[kept],
        spread[kept],
        weights[kept],
        middles[:, kept],
        bias,
    )


def _fitted(squares: Array, own: Numbers, likely: Array, weight: Array) -> tuple[Array, Array]:
    from scipy.optimize import minimize

    told = squares.shape[2]
    hidden = np.where(np.arange(likely.shape[1])[None, :] == own[:, None], -np.inf, 0.0)

    def loss(unknown: Array) -> tuple[float, Array]:
        weights, bias = unknown[:told], unknown[told:]
        scores = bias[None, :] - 0.5 * squares @ weights
        drawn = bias - bias.mean()
        total = FEW_DESCRIPTORS * weights.sum() + 0.5 * EVEN * float(drawn @ drawn)
        slope = np.zeros_like(scores)
        for share, seen in ((KNOWN, np.zeros_like(hidden)), (1.0, hidden)):
            before, after = _log_sum(scores + seen), _log_sum(scores + seen + likely)
            total += share * float(weight @ (before - after)[:, 0])
            gained = np.exp(scores + seen - before) - np.exp(scores + seen + likely - after)
            slope += share * weight[:, None] * gained
        of_weights = FEW_DESCRIPTORS - 0.5 * np.einsum("sr,srd->d", slope, squares)
        return total, np.concatenate([of_weights, slope.sum(axis=0) + EVEN * drawn])

    start = np.concatenate([np.full(told, 0.05), np.zeros(likely.shape[1])])
    bounds = [(0.0, None)] * told + [(None, None)] * likely.shape[1]
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": GATE_ROUNDS}).x
    return found[:told], found[told:]


def _log_sum(scores: Array) -> Array:
    top = scores.max(axis=1, keepdims=True)
    total: Array = top + np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return total
