"""Keys of many batches joined by sorting: a key and the place of its article in one number."""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled

_LOW = np.uint64(8)  # bits of a key that lie in a column of their own


@compiled
def placed(
    columns: tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int32]],
    place: NDArray[np.int32],
    base: int,
    width: int,
    out: NDArray[np.uint64],
) -> int:
    """Write each key with the place of its article to `out`; how many, without those of articles placed below 0.

    columns: the upper 32 and lower 8 bits of keys, and the row of the article.  place: of each row.  base: what the
    upper bits are counted from.  width: bits of a place.
    """
    high, low, rows = columns
    count = 0
    for at in range(rows.size):
        where = place[rows[at]]
        if where >= 0:
            key = (np.uint64(high[at] - np.uint32(base)) << _LOW) | np.uint64(low[at])
            out[count] = (key << np.uint64(width)) | np.uint64(where)
            count += 1
    return count


@compiled
def rare_groups(joined: NDArray[np.uint64], width: int, rare: int) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
    """How many places each key has, if 2 to `rare`, which they are, and how many keys have more.

    joined: what `placed` wrote, sorted.
    """
    shift, mask = np.uint64(width), (np.uint64(1) << np.uint64(width)) - np.uint64(1)
    counts, members = np.empty(joined.size // 2, np.int64), np.empty(joined.size, np.int32)
    groups, found, hot, start = 0, 0, 0, 0
    while start < joined.size:
        key, stop = joined[start] >> shift, start + 1
        while stop < joined.size and joined[stop] >> shift == key:
            stop += 1
        size = stop - start
        hot += size > rare
        if 2 <= size <= rare:
            for at in range(start, stop):
                members[found] = joined[at] & mask
                found += 1
            counts[groups] = size
            groups += 1
        start = stop
    return counts[:groups].copy(), members[:found].copy(), hot
