"""Where two texts share wording, as spans of the original text."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lineage.derive.readings import Hashes, Reading, among
from lineage.records import Span

RUN = 3
GAP = 2  # so many differing words do not interrupt a passage


def common_words(reading: Reading, known: Hashes) -> NDArray[np.bool_]:
    """For each word, whether it stands in a run of three words that is among the sorted `known` runs."""
    own = reading.runs_of_three()
    found = among(own, known)
    inside = np.zeros(len(reading.words), bool)
    for offset in range(RUN):
        inside[offset : offset + own.size] |= found
    return inside


def passages(reading: Reading, inside: NDArray[np.bool_]) -> tuple[Span, ...]:
    """The stretches of marked words as spans of the text; short interruptions are read over."""
    places = np.flatnonzero(inside)
    if places.size == 0:
        return ()
    breaks = np.flatnonzero(np.diff(places) > GAP + 1)
    firsts = places[np.concatenate([[0], breaks + 1])]
    lasts = places[np.concatenate([breaks, [places.size - 1]])]
    starts, ends = reading.words.starts, reading.words.ends
    return tuple(
        Span(int(starts[first]), int(ends[last])) for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
    )


def private_runs(readings: Sequence[Reading]) -> Hashes:
    """The runs of three words that exactly two texts of the story have, sorted."""
    everything = np.concatenate([reading.features("three") for reading in readings])
    values, held = np.unique(everything, return_counts=True)
    twice: Hashes = values[held == 2]
    return twice
