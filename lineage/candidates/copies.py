"""The channel for copies and light edits: equal bands of MinHash sketches, found by sorting."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from lineage import kernels, lsh
from lineage.keys import Keys
from lineage.settings import CandidateSettings

_WAITING = 1 << 22  # pairs that may wait before repeats are taken out

Places = Sequence[NDArray[np.int32]]
Band = tuple[NDArray[np.uint64], NDArray[np.int32]]


def pairs(
    parts: Sequence[Keys], places: Places, articles: int, settings: CandidateSettings, threads: int = 1
) -> tuple[NDArray[np.int32], int]:
    """Pairs that agree in at least one band, and how many buckets were too full to be paired in full.

    places: for each part the place of each of its articles among all, -1 for one that is not looked at.
    """

    def band(number: int) -> Band:
        keys, filled = np.zeros(articles, np.uint64), np.zeros(articles, np.bool_)
        for part, place in zip(parts, places, strict=True):
            at = place[part.band_rows[number]]
            known = at >= 0
            keys[at[known]] = part.bands[number][known]
            filled[at[known]] = True
        rows = np.flatnonzero(filled).astype(np.int32)
        return keys[rows], rows

    found = _met(band, max((len(part.bands) for part in parts), default=0), settings.bucket, threads)
    for part in parts:
        part.release()
    return found


def of_sketches(
    sketches: Sequence[NDArray[np.uint32]], places: Places, settings: CandidateSettings, threads: int = 1
) -> tuple[NDArray[np.int32], int]:
    """The same `pairs`, of articles whose sketches are in memory and all looked at: their keys need not be kept."""
    articles = sum(map(len, places))
    filled = np.zeros(articles, np.bool_)
    for sketch, place in zip(sketches, places, strict=True):
        filled[place] = (sketch != kernels.EMPTY).any(axis=1)
    rows = np.flatnonzero(filled).astype(np.int32)
    bands, height = lsh.bands_and_rows(settings.similarity, sketches[0].shape[1]) if sketches else (0, 0)

    def band(number: int) -> Band:
        keys = np.empty(articles, np.uint64)
        for sketch, place in zip(sketches, places, strict=True):
            keys[place] = kernels.band_keys(sketch, number, height)
        return keys[rows], rows

    return _met(band, bands, settings.bucket, threads)


def _met(band: Callable[[int], Band], bands: int, bucket: int, threads: int) -> tuple[NDArray[np.int32], int]:
    """Pairs that meet in any band, and how many buckets were full."""

    def met(number: int) -> tuple[NDArray[np.int32], int]:
        keys, rows = band(number)
        found, full = kernels.bucket_pairs(keys, bucket)
        return rows[found], full

    found, hot = [np.empty((0, 2), np.int32)], 0
    with ThreadPoolExecutor(threads) as pool:
        for some, full in pool.map(met, range(bands)):
            found.append(some)
            hot += full
            if sum(map(len, found)) > _WAITING:
                found = [distinct(np.concatenate(found))]
    return distinct(np.concatenate(found)), hot


def distinct(pairs: NDArray[np.int32]) -> NDArray[np.int32]:
    """The pairs with the smaller row first, sorted, each once."""
    low, high = np.minimum(pairs[:, 0], pairs[:, 1]), np.maximum(pairs[:, 0], pairs[:, 1])
    packed = (low.astype(np.int64) << 32) | high
    packed.sort()
    once = np.ones(packed.size, np.bool_)
    np.not_equal(packed[1:], packed[:-1], out=once[1:])
    packed = packed[once]
    return np.stack([packed >> 32, packed & 0xFFFFFFFF], axis=1).astype(np.int32)
