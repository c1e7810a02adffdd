"""The weights of the reasons, fitted to the probability of whole derivations."""

from collections.abc import Sequence

import numpy as np

from lineage.derive.linear import AGAINST, FOR, OF_PAIRS, OF_TEXTS, SIZE, Linear, share_of_copies
from lineage.derive.readings import Array
from lineage.derive.rows import Rows

HELD_BACK = 0.3  # how strongly weights are drawn towards 0, for the mean text counting as TEXTS
TEXTS = 20.0
ROUNDS = 100

Bounds = Sequence[tuple[float | None, float | None]]


def fit(rows: Rows) -> tuple[Linear, Linear]:
    """The weights of links and roots that make the true derivations most probable.

    A reason that can only speak for a link of rewrites gets no weight against it, and the other way round.
    """
    of_links, link_scale = scaled(_columns(rows.pair_names, rows.links, OF_PAIRS)[:, :-3])
    of_texts, text_scale = scaled(_columns(rows.text_names, rows.texts, OF_TEXTS))
    links, texts = weighed(rows, of_links, of_texts, HELD_BACK, _bounds(), ROUNDS)
    of_pairs = np.concatenate([links / link_scale, np.zeros(3)])
    return _linear(OF_PAIRS, of_pairs), _linear(OF_TEXTS, texts / text_scale)


def weighed(
    rows: Rows, of_links: Array, of_texts: Array, held_back: float, bounds: Bounds = (), rounds: int = ROUNDS
) -> tuple[Array, Array]:
    """One weight for each column of links and of texts, as the true derivations are most probable.

    held_back: how strongly weights are drawn towards 0.  bounds: of the first columns of links.
    """
    from scipy.optimize import minimize

    cut = of_links.shape[1]
    unit = rows.text_weight.sum() / TEXTS
    true_links, true_roots = rows.link_weight * rows.true_links, rows.text_weight * rows.true_roots

    def loss(weights: Array) -> tuple[float, Array]:
        links, roots = of_links @ weights[:cut], of_texts @ weights[cut:]
        found, starts, sums = rows.batches.expected(links, roots)
        missed = float((rows.text_weight * sums).sum() - true_links @ links - true_roots @ roots)
        slope = [
            of_links.T @ (rows.link_weight * found - true_links),
            of_texts.T @ (rows.text_weight * starts - true_roots),
        ]
        drawn = 0.5 * held_back * float(weights @ weights)
        return missed / unit + drawn, np.concatenate(slope) / unit + held_back * weights

    start = np.zeros(cut + of_texts.shape[1])
    free: Bounds = [(None, None)] * (start.size - len(bounds))
    options = {"maxiter": rounds}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, *free], options=options).x
    return found[:cut], found[cut:]


def _columns(names: Sequence[str], cases: Array, wanted: Sequence[str]) -> Array:
    """The wanted columns among rewrites, the same among copies, and three constants: rewrites, copies, size."""
    values = cases[:, [names.index(name) for name in wanted]]
    copied = share_of_copies(names, cases)[:, None]
    size = cases[:, [names.index(SIZE)]]
    return np.concatenate([values * (1.0 - copied), values * copied, 1.0 - copied, copied, size], axis=1)


def scaled(columns: Array) -> tuple[Array, Array]:
    """The columns in units of their spread, and the spreads."""
    spread = spreads(columns)
    return columns / spread, spread


def spreads(columns: Array) -> Array:
    """The spread of each column, 1 where it is constant."""
    spread: Array = columns.std(axis=0)
    return np.where(spread < 1e-6, 1.0, spread)


def _bounds() -> Bounds:
    signs = [(0.0 if n in FOR else None, 0.0 if n in AGAINST else None) for n in OF_PAIRS]
    return [*signs, *[(None, None)] * len(OF_PAIRS)]


def _linear(features: tuple[str, ...], weights: Array) -> Linear:
    count = len(features)
    first, second, size = weights[-3:].tolist()
    return Linear(features, weights[:count], weights[count : 2 * count], (first, second, size))
