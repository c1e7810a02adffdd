"""What one article has in common with the sorted keys of many, in columns so large that each look waits for memory.

Keys are hashes, spread evenly, so where one lies is nearly told by its value. All keys take their next look together:
many looks wait at once, and none waits for another.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled, inlined

_NEAR = 16  # entries by which a look-up moves away from where it expects a value, twice as many each time
_LOOKS = 4  # that bring the place where a value is expected closer: to the root of what was left, each time


@inlined
def _span(column: Any, wanted: Any, expected: int) -> tuple[int, int]:
    """Where a value begins and ends in a sorted column, quickly where it is near the expected place."""
    low = high = expected
    step = _NEAR
    while low > 0 and column[low] >= wanted:
        low, step = max(0, low - step), 2 * step
    step = _NEAR
    while high < column.size and column[high] < wanted:
        high, step = min(column.size, high + step), 2 * step
    start = low + np.searchsorted(column[low:high], wanted)
    end, step = start, 1
    while end < column.size and column[end] == wanted:
        end, step = min(column.size, end + step), 2 * step
    return start, start + np.searchsorted(column[start:end], wanted, side="right")


@compiled
def spans(column: NDArray[np.uint32], wanted: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each wanted value begins and ends in a sorted column; quick where its values are spread evenly."""
    starts, stops = np.zeros(wanted.size, np.int64), np.zeros(wanted.size, np.int64)
    if column.size == 0:
        return starts, stops
    last, scale = column.size - 1, column.size / (float(column[-1]) + 1.0)
    seen = np.zeros(wanted.size, np.float64)
    for _ in range(_LOOKS):
        for at in range(wanted.size):
            step = int((float(wanted[at]) - seen[at]) * scale)
            starts[at] = min(max(starts[at] + step, 0), last)
        for at in range(wanted.size):
            seen[at] = float(column[starts[at]])
    for at in range(wanted.size):
        starts[at], stops[at] = _span(column, wanted[at], starts[at])
    return starts, stops


@compiled
def spans_headed(
    column: NDArray[np.uint32], heads: NDArray[np.uint32], shift: int, wanted: NDArray[np.uint32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The same where `heads` tells where the entries with the same leading bits begin, and the end."""
    starts, stops = np.zeros(wanted.size, np.int64), np.zeros(wanted.size, np.int64)
    seen, known = np.zeros(wanted.size, np.uint32), 0
    while known < wanted.size and np.int64(wanted[known] >> np.uint32(shift)) + 1 < heads.size:
        slot = np.int64(wanted[known] >> np.uint32(shift))
        first, end = np.int64(heads[slot]), np.int64(heads[slot + 1])
        into = np.int64(wanted[known]) - (slot << shift)
        starts[known] = min(int(first + ((into * (end - first)) >> shift)), column.size - 1)
        known += 1
    for at in range(known):  # all wait for the memory together
        seen[at] = column[starts[at]]
    for at in range(known):
        starts[at], stops[at] = _span(column, wanted[at], starts[at] + np.int64(seen[at] < wanted[at]))
    starts[known:], stops[known:] = column.size, column.size
    return starts, stops


@compiled
def spans_of_each(
    columns: NDArray[np.uint64], wanted: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The same of as many sorted columns, the first value in the first column, the second in the second and so on."""
    starts, stops = np.zeros(wanted.size, np.int64), np.zeros(wanted.size, np.int64)
    size = columns.shape[1]
    if size == 0:
        return starts, stops
    scale = size / 2.0**64
    seen = np.zeros(wanted.size, np.float64)
    for _ in range(_LOOKS):
        for at in range(wanted.size):
            step = int((float(wanted[at]) - seen[at]) * scale)
            starts[at] = min(max(starts[at] + step, 0), size - 1)
        for at in range(wanted.size):
            seen[at] = float(columns[at, starts[at]])
    for at in range(wanted.size):
        starts[at], stops[at] = _span(columns[at], wanted[at], starts[at])
    return starts, stops


@compiled
def sharing(
    postings: tuple[NDArray[np.uint8], NDArray[np.int32]],
    low: NDArray[np.uint8],
    asked: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    count: NDArray[np.int32],
    least: int,
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The articles that share at least `least` keys with the asked one, increasing, and how many each shares.

    postings: the last bits of each key in a column, and the article that has it.  low: the last bits of the keys that
    are asked for.  asked: the numbers of those that count, and where the others with the same first bits begin and end.
    count: zero for each article, and zero again afterwards: to make it anew would take longer than all else.
    """
    known, rows = postings
    numbers, starts, stops = asked
    room = 0
    for number in numbers:
        room += stops[number] - starts[number]
    met, reached = np.empty(room, np.int32), 0
    for number in numbers:
        for at in range(starts[number], stops[number]):
            met[reached] = rows[at]
            reached += known[at] == low[number]
    found, kept = np.empty(room, np.int32), 0
    for row in met[:reached]:
        count[row] += 1
        if count[row] == least:
            found[kept] = row
            kept += 1
    found = np.sort(found[:kept])
    shared = count[found]
    for row in met[:reached]:
        count[row] = 0
    return found, shared


@compiled
def meeting(
    band_rows: NDArray[np.int32], spans: tuple[NDArray[np.int64], NDArray[np.int64]], bucket: int
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """The articles that stand in the span of any band, increasing, and in how many; of a span the first `bucket`."""
    starts, stops = spans
    room = 0
    for band in range(starts.size):
        room += min(bucket, stops[band] - starts[band])
    rows, count = np.empty(room, np.int32), 0
    for band in range(starts.size):
        for at in range(starts[band], min(stops[band], starts[band] + bucket)):
            rows[count] = band_rows[band, at]
            count += 1
    rows.sort()
    often = np.zeros(room, np.int64)
    kept = 0
    for at in range(room):
        kept += at == 0 or rows[at] != rows[at - 1]
        rows[kept - 1] = rows[at]
        often[kept - 1] += 1
    return rows[:kept], often[:kept]
