"""Candidate pairs become comparisons: exact measures, a calibrated probability, a relation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lineage import model
from lineage.records import Article, Comparison, Relation
from lineage.relation import Overlap, relation
from lineage.settings import CompareSettings, SketchSettings
from lineage.verify import judgement
from lineage.verify.measures import MEASURES, corpus, extended, measures

__all__ = ["comparisons"]

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
    "length_ratio": "length",
}
"""Measures written beside each probability, by the names docs/reference/scores.md explains."""
_COLUMNS = [(MEASURES.index(measure), name) for measure, name in REPORTED.items()]


def comparisons(
    articles: Sequence[Article],
    pairs: NDArray[np.int32],
    settings: CompareSettings = CompareSettings(),
    sketch: SketchSettings = SketchSettings(),
) -> tuple[Comparison, ...]:
    """Every pair whose probability reaches `settings.report`, sorted by ids.

    `pairs` are row numbers into `articles`. Pairs that only third articles reveal are compared as well.
    """
    if len(pairs) == 0:
        return ()
    known = corpus([article.text for article in articles], sketch)
    judges = judgement.shipped()
    rows = measures(known, pairs)
    alone = judges.alone.log_odds(rows)
    more = judgement.missed_pairs(pairs, model.probability(alone), len(articles), settings.follow)
    if len(more):
        rows, pairs = extended(known, rows, pairs, more)
        alone = judges.alone.log_odds(rows)
    inputs = judgement.second_inputs(rows, alone, pairs, len(articles))
    probabilities = model.probability(judges.together.log_odds(inputs))
    kept = np.flatnonzero(probabilities >= settings.report)
    found = (
        _comparison(articles, pairs[row], float(probabilities[row]), rows[row], inputs[row]) for row in kept.tolist()
    )
    return tuple(sorted(found, key=lambda comparison: (comparison.a, comparison.b)))


def _comparison(
    articles: Sequence[Article],
    pair: NDArray[np.int32],
    probability: float,
    row: NDArray[np.float64],
    inputs: NDArray[np.float64],
) -> Comparison:
    first, second = sorted((articles[pair[0]], articles[pair[1]]), key=lambda article: article.id)
    scores = {name: round(float(row[column]), 6) for column, name in _COLUMNS}
    scores["third_articles"] = round(float(inputs[judgement.SECOND.index("path")]), 6)
    probability = round(probability, 6)
    kind: Relation = "same event" if probability < 0.5 else relation(_overlap(row, first, second))
    return Comparison(first.id, second.id, probability, kind, scores)


def _overlap(row: NDArray[np.float64], first: Article, second: Article) -> Overlap:
    same, verbatim, taken, length = (float(row[MEASURES.index(name)]) for name in _RELATING)
    return Overlap(same, verbatim, taken, 1.0 / max(length, 1e-9) if len(second.text) > len(first.text) else length)


_RELATING = ("five_jaccard", "five_containment", "stem_containment", "length_ratio")
