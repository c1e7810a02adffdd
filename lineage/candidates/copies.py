"""The channel for copies and light edits: equal bands of MinHash sketches, found by sorting."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lineage import kernels
from lineage.keys import Keys
from lineage.settings import CandidateSettings

_WAITING = 1 << 22  # pairs that may wait before repeats are taken out


def pairs(
    parts: Sequence[Keys], places: Sequence[NDArray[np.int32]], articles: int, settings: CandidateSettings
) -> tuple[NDArray[np.int32], int]:
    """Pairs that agree in at least one band, and how many buckets were too full to be paired in full.

    places: for each part the place of each of its articles among all, -1 for one that is not looked at.
    """
    found, hot = [np.empty((0, 2), np.int32)], 0
    for band in range(max((len(part.bands) for part in parts), default=0)):
        keys, filled = np.zeros(articles, np.uint64), np.zeros(articles, np.bool_)
        for part, place in zip(parts, places, strict=True):
            at = place[part.band_rows[band]]
            known = at >= 0
            keys[at[known]] = part.bands[band][known]
            filled[at[known]] = True
        rows = np.flatnonzero(filled).astype(np.int32)
        met, full = kernels.bucket_pairs(keys[rows], settings.bucket)
        found.append(rows[met])
        hot += full
        if sum(map(len, found)) > _WAITING:
            found = [distinct(np.concatenate(found))]
    for part in parts:
        part.release()
    return distinct(np.concatenate(found)), hot


def distinct(pairs: NDArray[np.int32]) -> NDArray[np.int32]:
    """The pairs with the smaller row first, sorted, each once."""
    low, high = pairs.min(axis=1).astype(np.int64), pairs.max(axis=1)
    packed = np.unique((low << 32) | high)
    return np.stack([packed >> 32, packed & 0xFFFFFFFF], axis=1).astype(np.int32)
