"""What articles are looked up by: band keys of their sketches and keys of their skip pairs, sorted, without any text.

Keys of a batch are made once; candidate pairs are found by joining the keys of many batches, in memory or on disk.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import xxhash
from numpy.typing import NDArray

from lineage import kernels, lsh
from lineage.features import Sketches
from lineage.settings import CandidateSettings

KEY_BITS = 40  # of a skip pair's hash; two of a billion differ in more
_DROPPED = np.uint64(64 - KEY_BITS)
_LOW = np.uint64(8)
_ROW_BITS = np.uint64(24)
_SLOT_BITS = 5  # as many entries, as a power of two, share their leading bits if all skip pairs are kept


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a batch of articles; rows are places in the batch.

    bands: uint64, bands × articles with shingles, sorted in each band.  band_rows: int32, the article of each.
    high, low: uint32 and uint8, the upper 32 and lower 8 bits of skip-pair keys, sorted; rows: int32, the article of
    each, increasing within a key.  sizes: int32, skip pairs of each article, all of them.  sample: the share of all
    possible skip pairs that is kept, 0 to 1: those whose hashes are least.  release: what lets go of the memory, where
    the arrays are those of a file; they can be read again at any time.  heads: what `headed` makes of `high`, by which
    a key is found with one look into the column; nothing where it is seldom asked.
    """

    bands: NDArray[np.uint64]
    band_rows: NDArray[np.int32]
    high: NDArray[np.uint32]
    low: NDArray[np.uint8]
    rows: NDArray[np.int32]
    sizes: NDArray[np.int32]
    sample: float
    release: Callable[[], None] = lambda: None
    heads: NDArray[np.uint32] = field(default_factory=lambda: np.empty(0, np.uint32))

    def __len__(self) -> int:
        return len(self.sizes)

    @classmethod
    def joined(cls, parts: "Sequence[Keys]", places: Sequence[NDArray[np.int32]]) -> "Keys":
        """The keys of several batches as those of one of less than 2**24 articles.

        places: for each batch the row of each of its articles in the new one, -1 for one that is left out.
        """
        count = 1 + max((int(place.max()) for place in places if place.size), default=-1)
        sample = min(part.sample for part in parts)
        bands, band_rows = [], []
        for band in range(parts[0].bands.shape[0]):
            key, row = _placed(
                [(part.bands[band], place[part.band_rows[band]]) for part, place in zip(parts, places, strict=True)]
            )
            bands.append(key)
            band_rows.append(row)
        key, row = _packed([(part.part(0, last(sample)), place) for part, place in zip(parts, places, strict=True)])
        sizes = np.zeros(count, np.int32)
        for part, place in zip(parts, places, strict=True):
            sizes[place[place >= 0]] = part.sizes[place >= 0]
        high, low = (key >> _LOW).astype(np.uint32), (key & np.uint64(0xFF)).astype(np.uint8)
        return cls(np.array(bands), np.array(band_rows), high, low, row, sizes, sample)

    def part(self, first: int, stop: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """Keys and rows of the skip pairs whose upper 32 bits are in [first, stop)."""
        high, low, rows = self.columns(first, stop)
        return together(high, low), rows

    def columns(self, first: int, stop: int) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int32]]:
        """The same as they are stored: upper bits, lower bits, rows."""
        begin, end = (
            self.high.size if border >= 1 << 32 else int(np.searchsorted(self.high, np.uint32(border)))
            for border in (first, stop)
        )
        span = slice(begin, end)
        return self.high[span], self.low[span], self.rows[span]


def keys(sketches: Sketches, settings: CandidateSettings = CandidateSettings(), sample: float = 1.0) -> Keys:
    """The keys of sketches; sample: the share of skip pairs to keep."""
    bands, rows = lsh.bands_and_rows(settings.similarity, sketches.minhash.shape[1])
    filled = np.flatnonzero((sketches.minhash != kernels.EMPTY).any(axis=1)).astype(np.int32)
    banded, order = kernels.sorted_bands(sketches.minhash[filled], bands, rows)
    band_rows = filled[order]
    sizes = np.diff(sketches.skips.bounds).astype(np.int32)
    owner = np.repeat(np.arange(sizes.size, dtype=np.int32), sizes)
    kept = sketches.skips.values >> np.uint64(32) < np.uint64(last(sample))
    values, owner = sketches.skips.values[kept], owner[kept]
    order = kernels.order_of(values >> _DROPPED << _DROPPED)
    high, low = apart(values[order])
    return Keys(banded, band_rows, high, low, owner[order], sizes, sample)


def _placed(
    parts: Sequence[tuple[NDArray[np.uint64], NDArray[np.int32]]],
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Keys with their rows, those of rows below 0 left out, sorted by key and then row."""
    keys = np.concatenate([key[row >= 0] for key, row in parts])
    rows = np.concatenate([row[row >= 0] for _, row in parts])
    order = np.lexsort((rows, keys))
    return keys[order], rows[order]


def _packed(
    parts: Sequence[tuple[tuple[NDArray[np.uint64], NDArray[np.int32]], NDArray[np.int32]]],
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """The same for keys of `KEY_BITS` bits and rows of 24, by sorting one number of both."""
    found = []
    for (keys, rows), place in parts:
        at = place[rows]
        found.append((keys[at >= 0] << _ROW_BITS) | at[at >= 0].astype(np.uint64))
    packed = np.sort(np.concatenate(found))
    return packed >> _ROW_BITS, (packed & ((np.uint64(1) << _ROW_BITS) - np.uint64(1))).astype(np.int32)


def last(sample: float) -> int:
    """Skip pairs whose upper 32 bits are below this are in the sample."""
    return round(sample * (1 << 32))


def headed(high: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Where the entries with the same leading bits begin, without the last of those bits that none has, and the end."""
    shift = slot_shift(high.size)
    slots = (int(high[-1]) >> shift) + 1 if high.size else 0
    return np.searchsorted(high, np.arange(slots + 1, dtype=np.uint64) << np.uint64(shift)).astype(np.uint32)


def slot_shift(size: int) -> int:
    """By how many bits so many entries are shifted to have their leading bits."""
    return 32 - (size >> _SLOT_BITS).bit_length()


def apart(values: NDArray[np.uint64]) -> tuple[NDArray[np.uint32], NDArray[np.uint8]]:
    """The upper 32 bits of 64-bit hashes, and the next 8: five bytes that are stored as two columns."""
    high = (values >> np.uint64(32)).astype(np.uint32)
    return high, ((values >> _DROPPED) & np.uint64(0xFF)).astype(np.uint8)


def together(high: NDArray[np.uint32], low: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """The keys of `KEY_BITS` bits whose two columns these are."""
    return (high.astype(np.uint64) << _LOW) | low.astype(np.uint64)


def id_hash(id: str) -> int:
    """The 64-bit hash by which an article is found, and by which a panel is drawn."""
    return xxhash.xxh3_64_intdigest(id.encode("utf-8", "surrogatepass"))
