"""Sketches become candidate pairs: few enough to compare exactly, missing almost none."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.candidates import copies, rewrites
from lineage.features import Sketches
from lineage.settings import CandidateSettings

__all__ = ["Candidates", "Pairs", "pairs"]

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
    count = len(sketches)
    if count <= settings.all_pairs:
        first, second = np.triu_indices(count, 1)
        return Candidates(np.stack([first, second], axis=1).astype(np.int32))
    met, hot_buckets = copies.pairs(sketches, settings)
    shared, hot_features = rewrites.pairs(sketches, settings)
    both = np.unique(np.concatenate([met, shared]), axis=0)
    return Candidates(both.astype(np.int32), hot_buckets, hot_features)
