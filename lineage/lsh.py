"""Locality-sensitive hashing: how a sketch is cut into bands so that similar articles meet."""

from functools import cache

import numpy as np

STEPS = 1000  # of the integration; the errors below are then exact to three digits


def meeting_probability(similarity: float, bands: int, rows: int) -> float:
    """Probability, 0 to 1, that two sketches agree in all rows of at least one band (the S-curve).

    >>> round(meeting_probability(0.5, bands=25, rows=5), 2)
    0.55
    """
    return float(1.0 - (1.0 - similarity**rows) ** bands)


@cache
def bands_and_rows(similarity: float, values: int, recall_weight: float = 0.5) -> tuple[int, int]:
    """The (bands, rows) of a sketch of `values` that best separate pairs above `similarity` from those below.

    Minimises the weighted areas of missed and falsely met pairs under the S-curve; the same choice as datasketch's
    `MinHashLSH` makes, to which it is held by a test.
    """
    grid = (np.arange(STEPS) + 0.5) / STEPS
    best, least = (1, 1), np.inf
    for bands in range(1, values + 1):
        for rows in range(1, values // bands + 1):
            met = 1.0 - (1.0 - grid**rows) ** bands
            false = float(met[grid < similarity].sum()) / STEPS
            missed = float((1.0 - met)[grid >= similarity].sum()) / STEPS
            loss = (1.0 - recall_weight) * false + recall_weight * missed
            if loss < least:
                best, least = (bands, rows), loss
    return best
