"""From sets of features to pairs of articles, and what third articles say of a pair."""

import numpy as np
from numpy.typing import NDArray

from lineage.kernels.hashing import compiled


@compiled
def postings(
    ids: NDArray[np.int32], bounds: NDArray[np.int64], features: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """The articles that have each feature: bounds per feature, articles in increasing order."""
    heads = np.zeros(features + 1, np.int64)
    for feature in ids:
        heads[feature + 1] += 1
    for feature in range(features):
        heads[feature + 1] += heads[feature]
    fill = heads[:-1].copy()
    articles = np.empty(ids.size, np.int32)
    for article in range(bounds.size - 1):
        for place in range(bounds[article], bounds[article + 1]):
            articles[fill[ids[place]]] = article
            fill[ids[place]] += 1
    return heads, articles


@compiled
def co_occurrences(
    ids: NDArray[np.int32],
    bounds: NDArray[np.int64],
    heads: NDArray[np.int64],
    articles: NDArray[np.int32],
    limits: tuple[int, int],
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Pairs a < b that share at least `least` features had by at most `cap` articles: a, b, how many; sorted.

    limits: (cap, least).
    """
    cap, least = limits
    count = np.zeros(bounds.size - 1, np.int32)
    touched = np.empty(bounds.size - 1, np.int32)
    room = 1024
    first, second, shared = np.empty(room, np.int32), np.empty(room, np.int32), np.empty(room, np.int32)
    found = 0
    for article in range(bounds.size - 1):
        reached = 0
        for place in range(bounds[article], bounds[article + 1]):
            low, high = heads[ids[place]], heads[ids[place] + 1]
            if high - low > cap:
                continue
            for posting in range(high - 1, low - 1, -1):
                other = articles[posting]
                if other <= article:
                    break
                if count[other] == 0:
                    touched[reached] = other
                    reached += 1
                count[other] += 1
        for other in np.sort(touched[:reached]):
            if count[other] >= least:
                if found == room:
                    room *= 2
                    first, second, shared = _grown(first, room), _grown(second, room), _grown(shared, room)
                first[found], second[found], shared[found] = article, other, count[other]
                found += 1
            count[other] = 0
    return first[:found].copy(), second[:found].copy(), shared[:found].copy()


@compiled
def _grown(array: NDArray[np.int32], room: int) -> NDArray[np.int32]:
    larger = np.empty(room, np.int32)
    larger[: array.size] = array
    return larger


@compiled
def support(
    pairs: NDArray[np.int32],
    heads: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    probabilities: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How far third articles tie each pair together: the two strongest paths over one other article, the sum of all
    paths, and the weight of third articles that touch only one side.

    `neighbours[heads[i]:heads[i + 1]]` are the articles compared with `i`, sorted; a path is as strong as its weaker
    link.
    """
    out = np.zeros((pairs.shape[0], 4))
    for row in range(pairs.shape[0]):
        left, left_end = heads[pairs[row, 0]], heads[pairs[row, 0] + 1]
        right, right_end = heads[pairs[row, 1]], heads[pairs[row, 1] + 1]
        while left < left_end and right < right_end:
            if neighbours[left] < neighbours[right]:
                left += 1
            elif neighbours[left] > neighbours[right]:
                right += 1
            else:
                weak = min(probabilities[left], probabilities[right])
                strong = max(probabilities[left], probabilities[right])
                if weak > out[row, 0]:
                    out[row, 1] = out[row, 0]
                    out[row, 0] = weak
                elif weak > out[row, 1]:
                    out[row, 1] = weak
                out[row, 2] += weak * strong
                out[row, 3] += strong * (1.0 - weak)
                left += 1
                right += 1
    return out


@compiled
def rivals(
    pairs: NDArray[np.int32],
    heads: NDArray[np.int64],
    neighbours: NDArray[np.int32],
    probabilities: NDArray[np.float64],
    own: NDArray[np.float64],
) -> NDArray[np.float64]:
    """How many articles are closer to either of a pair than the other is, and not of that one's kin: the more and the
    fewer of the two sides, each weighed by its probability.

    heads, neighbours, probabilities: as in `support`.  own: probability of each pair.
    """
    out = np.zeros((pairs.shape[0], 2))
    for row in range(pairs.shape[0]):
        for side in range(2):
            near, other = pairs[row, side], pairs[row, 1 - side]
            beside, last = heads[other], heads[other + 1]
            for at in range(heads[near], heads[near + 1]):
                article, tie = neighbours[at], probabilities[at]
                if article == other or tie <= own[row]:
                    continue
                while beside < last and neighbours[beside] < article:
                    beside += 1
                kin = probabilities[beside] if beside < last and neighbours[beside] == article else 0.0
                out[row, side] += tie * (1.0 - kin)
        if out[row, 0] < out[row, 1]:
            out[row, 0], out[row, 1] = out[row, 1], out[row, 0]
    return out
