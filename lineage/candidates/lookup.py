"""One article against the keys of many: which known articles may it be from, or be the source of?"""

import threading
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lineage.candidates.rewrites import Limits, limits
from lineage.kernels.asking import meeting, sharing, spans, spans_headed, spans_of_each
from lineage.keys import Keys, last, slot_shift
from lineage.settings import CandidateSettings

NEAR = 8  # articles that are worth an exact comparison with one that is asked about

Places = Sequence[NDArray[np.int32]]
Meetings = tuple[NDArray[np.int32], NDArray[np.float64]]


def near(
    own: Keys, parts: Sequence[Keys], places: Places, articles: int, settings: CandidateSettings = CandidateSettings()
) -> NDArray[np.int32]:
    """Places of the articles closest to the one whose keys are `own`, at most `NEAR`, the closest first.

    places: for each part the place of each of its articles among all, -1 for one that has been removed.
    """
    if articles <= NEAR:
        return np.sort(np.concatenate([place[place >= 0] for place in places])) if places else np.empty(0, np.int32)
    chosen = limits(articles, min((part.sample for part in parts), default=1.0), settings)
    found = [*_by_skips(own, parts, places, chosen, settings.share), *_by_bands(own, parts, places, settings.bucket)]
    at = np.concatenate([place for place, _ in found])
    worth = np.concatenate([score for _, score in found])
    order = np.lexsort((at, -worth))
    _, first = np.unique(at[order], return_index=True)
    best: NDArray[np.int32] = at[order][np.sort(first)][:NEAR]
    return best


def _by_bands(own: Keys, parts: Sequence[Keys], places: Places, bucket: int) -> list[Meetings]:
    """Articles that meet the asked one in a band, worth the share of bands; of a full bucket the first few."""
    met = []
    for part, place in zip(parts, places, strict=True) if own.bands.size else ():
        found = spans_of_each(part.bands, own.bands[:, 0].copy())
        rows, count = meeting(part.band_rows, found, bucket)
        kept = place[rows] >= 0
        met.append((place[rows[kept]], count[kept] / len(part.bands)))
    return met


def _by_skips(own: Keys, parts: Sequence[Keys], places: Places, chosen: Limits, share: float) -> list[Meetings]:
    """Articles that share enough rare skip pairs with the asked one, worth the share of the smaller article's."""
    size = own.sizes[0]
    wanted = own.high[: int(np.searchsorted(own.high, np.uint32(last(chosen.sample) - 1), "right"))]
    found = [_spans(wanted, part) for part in parts]
    known = np.zeros(wanted.size, np.int64)
    for start, stop in found:
        known += stop - start
    rare = np.flatnonzero(known <= chosen.rare)
    met, count = [], _zeros(max(map(len, parts), default=0))
    for part, place, (start, stop) in zip(parts, places, found, strict=True):
        rows, shared = sharing((part.low, part.rows), own.low, (rare, start, stop), count, chosen.shared)
        worth = shared / (chosen.sample * np.maximum(1, np.minimum(part.sizes[rows], size)))
        at = place[rows]
        kept = (worth >= share) & (at >= 0)
        met.append((at[kept], np.minimum(worth[kept], 1.0)))
    return met


def _spans(wanted: NDArray[np.uint32], part: Keys) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the postings of some skip pairs begin and end in a part."""
    if not part.heads.size:
        return spans(part.high, wanted)
    return spans_headed(part.high, part.heads, slot_shift(part.high.size), wanted)


_OWN = threading.local()


def _zeros(size: int) -> NDArray[np.int32]:
    """So many zeros at least, those of this thread, to be left as zeros."""
    if not hasattr(_OWN, "zeros") or _OWN.zeros.size < size:
        _OWN.zeros = np.zeros(size, np.int32)
    zeros: NDArray[np.int32] = _OWN.zeros
    return zeros
