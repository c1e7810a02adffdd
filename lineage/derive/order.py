"""Whether two texts say their common words in the same order: a rewriter keeps the order of its source."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import LCSseq

from lineage.derive.grid import (
    Measures,
    Pairs,
    best_of_others,
    between_count,
    column_gaps,
    column_ranks,
    in_widest_tree,
    mean_of_others,
    ratio,
    text_ranks,
)
from lineage.derive.readings import Array, Postings, Reading, occurrences

_MOST = 1 << 29  # words of the one text times those of the other; of longer ones only some words are put in order
_FIRST, _LAST = 0x10000, 0x10FFFF  # code points that stand for words; above the surrogates


def closeness(readings: Sequence[Reading], pairs: Pairs) -> Array:
    """Twice the longest common subsequence of words over both lengths, 0 to 1, symmetric; 0 where not considered."""
    lengths = _lengths(readings)
    return 2.0 * _common_in_order(readings, pairs) / (lengths[:, None] + lengths[None, :])


def _lengths(readings: Sequence[Reading]) -> Array:
    return np.array([max(1, len(reading.words)) for reading in readings], np.float64)


def order(readings: Sequence[Reading], pairs: Pairs, near: Array) -> Measures:
    """Common order (`near`, see `closeness`) against each length and against the words in common, with ranks."""
    bags = Postings.of([occurrences(reading.words.hashes) for reading in readings]).shared
    lengths = _lengths(readings)
    common = near * (lengths[:, None] + lengths[None, :]) / 2.0
    covered = common / lengths[None, :]
    same = np.minimum(1.0, ratio(common, bags))
    ranks, gaps = column_ranks(near), column_gaps(near)
    columns = {
        "near": near,
        "covered": covered,
        "kept": covered.T,
        "same": same,
        "rank_child": ranks,
        "rank_parent": ranks.T,
        "gap_child": gaps,
        "gap_parent": gaps.T,
        "rank_same": column_ranks(same),
        "rank_covered": column_ranks(covered),
        "in_tree": in_widest_tree(near),
        "between": between_count(near, pairs),
    }
    texts = {"mean_near": mean_of_others(near), "best_near": best_of_others(near)}
    texts["rank_mean_near"] = text_ranks(texts["mean_near"])
    return Measures(
        {f"order.{name}": pairs.of(table) for name, table in columns.items()},
        {f"order.{name}": values for name, values in texts.items()},
    )


def _common_in_order(readings: Sequence[Reading], pairs: Pairs) -> Array:
    """Length of the longest common subsequence of words, texts × texts; 0 where the pair is not considered."""
    lines = _as_lines(readings)
    out = np.zeros((pairs.texts, pairs.texts))
    left, right = pairs.unordered()
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        part = math.ceil(math.sqrt(len(lines[a]) * len(lines[b]) / _MOST))
        if part <= 1:
            out[a, b] = out[b, a] = LCSseq.similarity(lines[a], lines[b])
            continue
        some = [_some(lines[text], readings[text], part) for text in (a, b)]
        out[a, b] = out[b, a] = min(part * LCSseq.similarity(*some), len(lines[a]), len(lines[b]))
    return out


def _some(line: str, reading: Reading, part: int) -> str:
    """One word in `part`, equal words in every text."""
    kept = (reading.words.hashes % np.uint64(part)) == 0
    return "".join(itertools.compress(line, kept.tolist()))


def _as_lines(readings: Sequence[Reading]) -> list[str]:
    """Each text as a string with one character a word, so that the bit-parallel comparison of strings applies."""
    everything = np.concatenate([reading.words.hashes for reading in readings])
    _, numbers = np.unique(everything, return_inverse=True)
    letters = "".join(map(chr, (numbers % (_LAST - _FIRST) + _FIRST).tolist()))
    borders = np.cumsum([0, *(len(reading.words) for reading in readings)]).tolist()
    return [letters[start:end] for start, end in itertools.pairwise(borders)]
