"""Judged pairs become comparisons: probability, relation and named scores, column by column and then one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.records import Comparison, Relation
from lineage.relation import Overlap, relation
from lineage.verify.judging import Judged
from lineage.verify.measures import MEASURES

REPORTED = {
    "five_jaccard": "jaccard_5",
    "triple_jaccard": "jaccard_3",
    "five_containment": "containment_5",
    "stem_weighted_jaccard": "words",
    "skip_weighted_jaccard": "skip_pairs",
    "skip_weighted_containment": "skip_pairs_contained",
    "quiet_weighted_containment": "free_wording",
    "name_weighted_containment": "names",
    "figure_weighted_containment": "figures",
    "order_stem": "order",
    "passages_stem_cover_most": "passages",
    "triple_scarce_of": "rare_wording",
    "length_ratio": "length",
}
"""Measures written beside each probability, by the names docs/reference/scores.md explains."""
_COLUMNS = [MEASURES.index(measure) for measure in REPORTED]
_RELATING = [MEASURES.index(name) for name in ("five_jaccard", "five_containment", "stem_containment", "length_ratio")]
SCORES: tuple[str, ...] = (*REPORTED.values(), "third_articles")


@dataclass(frozen=True, slots=True)
class Found:
    """Compared pairs as columns, sorted by pair; numbers have six digits.

    pairs: int32, pairs × 2, rows of articles in the order of their ids.  probabilities: float64.  relations: of the
    second to the first.  scores: float64, pairs × `SCORES`.
    """

    pairs: NDArray[np.int32]
    probabilities: NDArray[np.float64]
    relations: list[Relation]
    scores: NDArray[np.float64]

    def comparisons(self, ids: Sequence[str]) -> Iterator[Comparison]:
        """The pairs as records; `ids` of all articles, sorted."""
        columns = zip(self.pairs.tolist(), self.probabilities.tolist(), self.relations, self.scores, strict=True)
        for (a, b), probability, kind, scores in columns:
            named = dict(zip(SCORES, scores.tolist(), strict=True))
            yield Comparison(ids[a], ids[b], probability, kind, named)


def found(parts: Iterable[Judged], lengths: NDArray[np.int64]) -> Found:
    """All judged pairs, sorted; lengths: characters of each article."""
    made = [_columns(part, lengths) for part in parts]
    if not made:
        return Found(np.empty((0, 2), np.int32), np.empty(0), [], np.empty((0, len(SCORES))))
    pairs = np.concatenate([part.pairs for part in made])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    relations = [kind for part in made for kind in part.relations]
    return Found(
        pairs[order],
        np.concatenate([part.probabilities for part in made])[order],
        [relations[row] for row in order.tolist()],
        np.concatenate([part.scores for part in made])[order],
    )


def _columns(part: Judged, lengths: NDArray[np.int64]) -> Found:
    scores = np.concatenate([part.rows[:, _COLUMNS], part.ties[:, :1]], axis=1)
    probabilities = _rounded(part.probabilities)
    grows = (lengths[part.pairs[:, 1]] > lengths[part.pairs[:, 0]]).tolist()
    cases = zip(probabilities.tolist(), part.rows[:, _RELATING].tolist(), grows, strict=True)
    kinds = [_kind(probability, measured, larger) for probability, measured, larger in cases]
    return Found(part.pairs, probabilities, kinds, _rounded(scores))


def _kind(probability: float, measured: list[float], larger: bool) -> Relation:
    if probability < 0.5:
        return "same event"
    same, verbatim, taken, length = measured
    return relation(Overlap(same, verbatim, taken, 1.0 / max(length, 1e-9) if larger else length))


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Six digits, as Python rounds them; numpy's own rounding is off by one digit now and then, near a half."""
    scaled = values * 1e6
    whole = np.rint(scaled)
    rounded: NDArray[np.float64] = whole / 1e6
    doubtful = np.abs(np.abs(scaled - whole) - 0.5) < 1e-3
    rounded[doubtful] = [round(value, 6) for value in values[doubtful].tolist()]
    return rounded
