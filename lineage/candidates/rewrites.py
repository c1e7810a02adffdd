"""The channel for rewrites: skip pairs that few articles have survive rewording; several shared ones are no chance."""

import numpy as np
from numpy.typing import NDArray

from lineage import features, kernels
from lineage.features import Sketches
from lineage.settings import CandidateSettings


def pairs(sketches: Sketches, settings: CandidateSettings) -> tuple[NDArray[np.int32], int]:
    """Pairs that share enough rare skip pairs, and how many skip pairs were too common to be looked up."""
    skips = features.table(sketches.skips)
    heads, articles = kernels.postings(skips.ids, skips.bounds, skips.counts.size)
    limits = (settings.rare, settings.shared)
    first, second, shared = kernels.co_occurrences(skips.ids, skips.bounds, heads, articles, limits)
    sizes = np.diff(skips.bounds)
    smaller = np.minimum(sizes[first], sizes[second])
    enough = shared >= settings.share * smaller
    found = np.stack([first[enough], second[enough]], axis=1)
    return found, int((skips.counts > settings.rare).sum())
