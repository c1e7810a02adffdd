"""How the second article of a pair relates to the first, in one word."""

import numpy as np
from numpy.typing import NDArray

from lineage.compare.measures import MEASURES
from lineage.records import Relation

COPY, LIGHT, VERBATIM, SHORT, PART = 0.9, 0.45, 0.4, 0.75, 0.12
"""Shares of 5-word shingles from which a pair is a copy or a light edit (Jaccard), or the shorter text stands in the
longer one nearly verbatim (containment); the ratio of lengths below which one is a shortening of the other; and the
containment of skip pairs below which only a part was taken."""

_FIVE_JACCARD = MEASURES.index("five_jaccard")
_FIVE_CONTAINMENT = MEASURES.index("five_containment")
_SKIPS = MEASURES.index("skip_weighted_containment")
_LENGTHS = MEASURES.index("length_ratio")


def relation(row: NDArray[np.float64], probability: float, longer_second: bool) -> Relation:
    """The relation of the second article to the first, read off the row of measures."""
    if probability < 0.5:
        return "same event"
    if row[_FIVE_JACCARD] >= COPY:
        return "copy"
    if row[_LENGTHS] < SHORT and row[_FIVE_CONTAINMENT] >= VERBATIM:
        return "expanded" if longer_second else "abridged"
    if row[_FIVE_JACCARD] >= LIGHT:
        return "light edit"
    if row[_SKIPS] < PART:
        return "partial"
    if row[_LENGTHS] < SHORT / 1.5:
        return "expanded" if longer_second else "abridged"
    return "rewrite"
