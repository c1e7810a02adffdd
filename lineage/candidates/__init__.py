"""Sketches become candidate pairs: few enough to compare exactly, missing almost none."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.candidates import copies, rewrites
from lineage.candidates.copies import distinct
from lineage.candidates.lookup import near
from lineage.candidates.rewrites import Limits, limits
from lineage.features import Sketches
from lineage.keys import Keys, keys
from lineage.settings import CandidateSettings

__all__ = ["Candidates", "Limits", "Pairs", "among", "distinct", "limits", "near", "pairs"]

Pairs = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs worth an exact comparison.

    pairs: int32, pairs × 2, row numbers with the smaller first, sorted, without repeats.  hot_buckets: band buckets
    that were linked as chains because too many articles met there.  hot_features: skip pairs in too many articles.
    """

    pairs: NDArray[np.int32]
    hot_buckets: int = 0
    hot_features: int = 0


def pairs(sketches: Sketches, settings: CandidateSettings = CandidateSettings()) -> Candidates:
    """The candidate pairs of a corpus: those that meet in a band, and those that share rare skip pairs.

    A handful of articles is compared in full.
    """
    return among([keys(sketches, settings)], [np.arange(len(sketches), dtype=np.int32)], len(sketches), settings)


def among(
    parts: Sequence[Keys],
    places: Sequence[NDArray[np.int32]],
    articles: int,
    settings: CandidateSettings = CandidateSettings(),
    threads: int = 1,
) -> Candidates:
    """The candidate pairs of a corpus whose keys lie in several parts; pairs are numbered by place.

    places: for each part the place of each of its articles among all, -1 for one that is not looked at.  The result
    depends on places alone, not on how articles are dealt to parts.
    """
    if articles <= settings.all_pairs:
        first, second = np.triu_indices(articles, 1)
        return Candidates(np.stack([first, second], axis=1).astype(np.int32))
    met, hot_buckets = copies.pairs(parts, places, articles, settings, threads)
    shared, hot_features = rewrites.pairs(parts, places, articles, settings, threads)
    both = distinct(np.concatenate([met, shared]))
    return Candidates(both, hot_buckets, hot_features)
