"""Stretches of a text that something else has already been found in."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from lineage.records import Span


class Taken:
    """Some spans, asked in the time of a bisection whether another one touches them: a text can have thousands."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [start for start, _ in ordered]
        self._furthest = list(accumulate((end for _, end in ordered), max))

    def touches(self, start: int, end: int) -> bool:
        """Whether [start, end) has a place in common with one of the spans."""
        before = bisect_left(self._starts, end)
        return before > 0 and self._furthest[before - 1] > start
