"""The channel for copies and light edits: equal bands of MinHash sketches, found by sorting."""

import numpy as np
from numpy.typing import NDArray

from lineage import kernels, lsh
from lineage.features import Sketches
from lineage.settings import CandidateSettings


def pairs(sketches: Sketches, settings: CandidateSettings) -> tuple[NDArray[np.int32], int]:
    """Pairs that agree in at least one band, and how many buckets were too full to be paired in full."""
    bands, rows = lsh.bands_and_rows(settings.similarity, sketches.minhash.shape[1])
    filled = np.flatnonzero((sketches.minhash != kernels.EMPTY).any(axis=1)).astype(np.int32)
    minhash = sketches.minhash[filled]
    found, hot = [np.empty((0, 2), np.int32)], 0
    for band in range(bands):
        keys = kernels.band_keys(minhash, band, rows)
        met, full = kernels.bucket_pairs(keys, settings.bucket)
        found.append(filled[met])
        hot += full
    return distinct(np.concatenate(found)), hot


def distinct(pairs: NDArray[np.int32]) -> NDArray[np.int32]:
    """The pairs with the smaller row first, sorted, each once."""
    low, high = pairs.min(axis=1).astype(np.int64), pairs.max(axis=1)
    packed = np.unique((low << 32) | high)
    return np.stack([packed >> 32, packed & 0xFFFFFFFF], axis=1).astype(np.int32)
