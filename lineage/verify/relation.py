"""How the second article of a pair relates to the first, in one word."""

import numpy as np
from numpy.typing import NDArray

from lineage.records import Relation
from lineage.verify.measures import MEASURES

COPY, LIGHT = 0.9, 0.25  # Jaccard of 5-word shingles: nothing but slips differ; most sentences stand as they were
WHOLE, MOST = 0.85, 0.4  # share of the shorter text's 5-word shingles that stand in the longer one
EQUAL, SHORT, BRIEF = 0.9, 0.75, 0.55  # shorter to longer: about equal; shortened; a brief of a full article
PART = 0.33  # information of the shorter text's words found in the other: below, only a part was taken


def relation(row: NDArray[np.float64], probability: float, longer_second: bool) -> Relation:
    """The relation of the second article to the first, read off a row of `MEASURES`.

    The borders lie in the gaps between the editing styles of the stories in `corpus/`; docs/reference/scores.md has
    their accuracy.
    """
    if probability < 0.5:
        return "same event"
    verbatim, same = _measure(row, "five_containment"), _measure(row, "five_jaccard")
    length = _measure(row, "length_ratio")
    resized: Relation = "expanded" if longer_second else "abridged"
    if same >= COPY:
        return "copy"
    if (length < EQUAL and verbatim >= WHOLE) or (length < SHORT and verbatim >= MOST):
        return resized
    if same >= LIGHT:
        return "light edit"
    if _measure(row, "stem_weighted_containment") < PART:
        return "partial"
    return resized if length < BRIEF else "rewrite"


def _measure(row: NDArray[np.float64], name: str) -> float:
    return float(row[MEASURES.index(name)])
