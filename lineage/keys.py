"""What articles are looked up by: band keys of their sketches and keys of their skip pairs, sorted, without any text.

Keys of a batch are made once; candidate pairs are found by joining the keys of many batches, in memory or on disk.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import kernels, lsh
from lineage.features import Sketches
from lineage.settings import CandidateSettings

KEY_BITS = 40  # of a skip pair's hash; two of a billion differ in more
_DROPPED = np.uint64(64 - KEY_BITS)
_LOW = np.uint64(8)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a batch of articles; rows are places in the batch.

    bands: uint64, bands × articles with shingles, sorted in each band.  band_rows: int32, the article of each.
    high, low: uint32 and uint8, the upper 32 and lower 8 bits of skip-pair keys, sorted; rows: int32, the article of
    each, increasing within a key.  sizes: int32, skip pairs of each article, all of them.  sample: the share of all
    possible skip pairs that is kept, 0 to 1: those whose hashes are least.
    """

    bands: NDArray[np.uint64]
    band_rows: NDArray[np.int32]
    high: NDArray[np.uint32]
    low: NDArray[np.uint8]
    rows: NDArray[np.int32]
    sizes: NDArray[np.int32]
    sample: float

    def __len__(self) -> int:
        return len(self.sizes)

    def part(self, first: int, stop: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """Keys and rows of the skip pairs whose upper 32 bits are in [first, stop)."""
        begin, end = (
            self.high.size if border >= 1 << 32 else int(np.searchsorted(self.high, np.uint32(border)))
            for border in (first, stop)
        )
        span = slice(begin, end)
        return together(self.high[span], self.low[span]), self.rows[span]


def keys(sketches: Sketches, settings: CandidateSettings = CandidateSettings(), sample: float = 1.0) -> Keys:
    """The keys of sketches; sample: the share of skip pairs to keep."""
    bands, rows = lsh.bands_and_rows(settings.similarity, sketches.minhash.shape[1])
    filled = np.flatnonzero((sketches.minhash != kernels.EMPTY).any(axis=1)).astype(np.int32)
    minhash = sketches.minhash[filled]
    banded = np.empty((bands, filled.size), np.uint64)
    band_rows = np.empty((bands, filled.size), np.int32)
    for band in range(bands):
        made = kernels.band_keys(minhash, band, rows)
        order = kernels.order_of(made)
        banded[band], band_rows[band] = made[order], filled[order]
    sizes = np.diff(sketches.skips.bounds).astype(np.int32)
    owner = np.repeat(np.arange(sizes.size, dtype=np.int32), sizes)
    kept = sketches.skips.values >> np.uint64(32) < np.uint64(last(sample))
    values, owner = sketches.skips.values[kept], owner[kept]
    order = kernels.order_of(values >> _DROPPED << _DROPPED)
    high, low = apart(values[order])
    return Keys(banded, band_rows, high, low, owner[order], sizes, sample)


def last(sample: float) -> int:
    """Skip pairs whose upper 32 bits are below this are in the sample."""
    return round(sample * (1 << 32))


def apart(values: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The upper 32 bits of 64-bit hashes, and the next 8: five bytes that are stored as two columns."""
    high = (values >> np.uint64(32)).astype(np.uint32)
    return high, ((values >> _DROPPED) & np.uint64(0xFF)).astype(np.uint8)


def together(high: NDArray[np.uint32], low: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The keys of `KEY_BITS` bits whose two columns these are."""
    return (high.astype(np.uint64) << _LOW) | low.astype(np.uint64)
