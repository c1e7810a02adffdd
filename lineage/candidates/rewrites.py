"""The channel for rewrites: skip pairs that few articles have survive rewording; several shared ones are no chance.

In a large corpus only a sample of the skip pairs is looked up, they may be in more articles, and each article keeps
the closest few only, so work and memory grow with the corpus and not with its square. Postings are joined part by
part of their keys: what is sorted at once has a bounded size.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lineage import kernels
from lineage.candidates.copies import distinct
from lineage.kernels.closest import closest
from lineage.kernels.joining import placed, rare_groups
from lineage.keys import Keys, last
from lineage.settings import CandidateSettings

_AT_ONCE = 1 << 24  # postings sorted at once
_SPAN = 1 << 14  # articles that one thread takes at a time


@dataclass(frozen=True, slots=True)
class Limits:
    """What a corpus of this size is searched with.

    sample: share of the skip pairs that is looked up.  rare: in how many articles one may be.  shared: so many in
    common make a candidate.  best: candidates each article picks at most; 0 for all of them.
    """

    sample: float
    rare: int
    shared: int
    best: int


def limits(articles: int, kept: float, settings: CandidateSettings) -> Limits:
    """The limits for so many articles of which a share `kept` of the skip pairs is there to be looked up.

    Above `settings.large` articles the number that may have a skip pair grows with the root of the corpus: the words
    of a rewrite are not rarer because the archive is larger.
    """
    large = articles > settings.large
    sample = min(kept, settings.sample if large else 1.0)
    rare = round(settings.rare * (articles / settings.large) ** 0.5) if large else settings.rare
    shared = settings.shared if sample > 0.5 else max(2, round(settings.shared * sample))
    return Limits(sample, rare, shared, settings.best if large else 0)


def pairs(
    parts: Sequence[Keys],
    places: Sequence[NDArray[np.int32]],
    articles: int,
    settings: CandidateSettings,
    threads: int = 1,
) -> tuple[NDArray[np.int32], int]:
    """Pairs that share enough rare skip pairs, and how many skip pairs were too common to be looked up.

    places: for each part the place of each of its articles among all, -1 for one that is not looked at.
    """
    chosen = limits(articles, min((part.sample for part in parts), default=1.0), settings)
    heads, members, hot = _postings(parts, places, articles, chosen, threads)
    sizes = np.zeros(articles, np.int32)
    for part, place in zip(parts, places, strict=True):
        sizes[place[place >= 0]] = part.sizes[place >= 0]
    bounds, features = kernels.postings(members, heads, articles)
    share = settings.share * chosen.sample
    if not chosen.best:
        least = (chosen.rare, chosen.shared)
        first, second, shared = kernels.co_occurrences(features, bounds, heads, members, least)
        enough = shared >= share * np.minimum(sizes[first], sizes[second])
        return np.stack([first[enough], second[enough]], axis=1), hot
    least_of_best = (chosen.shared, share, chosen.best)

    def near(start: int) -> NDArray[np.int32]:
        span = (start, min(start + _SPAN, articles))
        return closest(span, (bounds, features), (heads, members), sizes, least_of_best)

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(near, range(0, articles, _SPAN)))
    return distinct(np.concatenate(found)), hot


def _postings(
    parts: Sequence[Keys], places: Sequence[NDArray[np.int32]], articles: int, chosen: Limits, threads: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
    """The articles of every rare skip pair that at least two have: bounds, articles, and how many were too common."""
    end = last(chosen.sample)
    pieces = max(1, -(-sum(part.rows.size for part in parts) // _AT_ONCE))
    borders = [end * piece // pieces for piece in range(pieces + 1)]

    def joined(span: tuple[int, int]) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
        found = _joined(parts, places, span, articles.bit_length(), chosen.rare)
        for part in parts:
            part.release()
        return found

    with ThreadPoolExecutor(threads) as pool:
        found = list(pool.map(joined, pairwise(borders)))
    heads = np.cumsum(np.concatenate([np.zeros(1, np.int64), *(counts for counts, _, _ in found)]))
    return heads, np.concatenate([members for _, members, _ in found]), sum(hot for _, _, hot in found)


def _joined(
    parts: Sequence[Keys], places: Sequence[NDArray[np.int32]], span: tuple[int, int], bits: int, rare: int
) -> tuple[NDArray[np.int64], NDArray[np.int32], int]:
    """How many articles have each skip pair of one range of keys, if 2 to `rare` do, and which."""
    columns = [part.columns(*span) for part in parts]
    packed = np.empty(sum(len(rows) for _, _, rows in columns), np.uint64)
    count = 0
    for own, place in zip(columns, places, strict=True):
        count += placed(own, place, span[0], bits, packed[count:])
    packed = packed[:count]
    packed.sort()
    return rare_groups(packed, bits, rare)
