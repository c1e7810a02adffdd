"""Candidate pairs become comparisons: exact measures, a calibrated probability, a relation."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lineage.records import Article, Comparison
from lineage.settings import CompareSettings, SketchSettings
from lineage.verify import judging, measures
from lineage.verify.found import SCORES, Found, found
from lineage.verify.judging import Block, Held, judged
from lineage.verify.measures import overlaps
from lineage.verify.panel import Panel, hashes, members, sampled

__all__ = [
    "SCORES",
    "Block",
    "Found",
    "Held",
    "Panel",
    "comparisons",
    "found",
    "hashes",
    "judged",
    "measured",
    "members",
    "overlaps",
    "sampled",
]


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
    order = sorted(range(len(articles)), key=lambda row: articles[row].id)
    ids = [articles[row].id for row in order]
    texts = [articles[row].text for row in order]
    known = _corpus(texts, ids, settings, sketch)

    def measure(some: NDArray[np.int32]) -> list[judging.Block]:
        return [judging.Held(some, measures.alone(known, some))]

    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order))
    ordered = np.unique(np.sort(place[pairs], axis=1), axis=0)
    lengths = np.fromiter(map(len, texts), np.int64)
    result = found(judged(ordered, measure, len(articles), settings), lengths)
    return tuple(result.comparisons(ids))


def measured(
    texts: Sequence[str],
    outside: NDArray[np.uint8],
    pairs: NDArray[np.int32],
    panel: Panel,
    sketch: SketchSettings = SketchSettings(),
    glance: float = 0.0,
) -> NDArray[np.float64]:
    """The measures of pairs (rows of `texts`) of a corpus whose panel is known; ranks are zero.

    They depend on the two texts, the panel and `outside` (1 for a text that is not in it) alone, so pairs can be
    measured in any blocks, anywhere.  glance: pairs with less than this of the first measure are given up.
    """
    known = measures.corpus(texts, sketch, panel, outside)
    return measures.promising(known, pairs, glance) if glance > 0.0 else measures.alone(known, pairs)


def _corpus(
    texts: Sequence[str], ids: Sequence[str], settings: CompareSettings, sketch: SketchSettings
) -> measures.Corpus:
    if len(texts) <= settings.panel:
        return measures.corpus(texts, sketch)
    hashed = hashes(ids)
    inside = np.flatnonzero(np.isin(hashed, members(hashed, settings.panel))).tolist()
    panel = sampled([texts[row] for row in inside], hashed[inside], sketch)
    return measures.corpus(texts, sketch, panel, panel.outside(hashed))
