"""What texts tell of the time they were written: the latest year they name, and the version they call themselves.

A text that names a later year was written later, unless the other one only left the year out. Who revises a document
hardly ever does that; who rewrites news often does, so each regime weighs these signs for itself.
"""

import re
from collections.abc import Callable, Sequence

import numpy as np

from lineage.derive.grid import Measures, Pairs
from lineage.derive.readings import Array, Reading
from lineage.records import Span

OPENING = 600  # characters in which a document says which version it is

_YEAR = re.compile(r"(1[89]\d\d|20\d\d)(?<![\d.,$£€#/-]\d{4})(?![\d,]\d|\d|%)")
_VERSION = re.compile(r"\b(?:version|v\.?|release|revision|draft)\s*(\d{1,4}(?:\.\d{1,4}){0,3})", re.IGNORECASE)

Told = tuple[int, ...]  # () where a text tells nothing


def times(readings: Sequence[Reading], pairs: Pairs) -> Measures:
    """For both signs: 1 where the child is the later text, -1 where it is the earlier one, 0 where nothing is told.

    Of each text: the share of the others that are later, less the share of those that are earlier.
    """
    columns: dict[str, Array] = {}
    texts: dict[str, Array] = {}
    signs: dict[str, Callable[[str], Told]] = {"year": latest_year, "version": version}
    for name, sign in signs.items():
        later = _later([sign(reading.article.text) for reading in readings])
        columns[f"times.{name}"] = pairs.of(later)
        texts[f"times.first_{name}"] = later.sum(axis=1) / max(1, len(readings) - 1)
    return Measures(columns, texts)


def latest_year(text: str) -> Told:
    """The latest year a text names."""
    found = _latest(text)
    return (int(found[1]),) if found else ()


def version(text: str) -> Told:
    """The numbers of the version a text calls itself in its opening."""
    found = _VERSION.search(text[:OPENING])
    return tuple(int(number) for number in found[1].split(".")) if found else ()


def where(text: str) -> dict[str, Span]:
    """Where a text first names its latest `year`, and what its opening says of a `version`, if it does."""
    found = {"year": _latest(text), "version": _VERSION.search(text[:OPENING])}
    return {name: Span(*sign.span()) for name, sign in found.items() if sign}


def _latest(text: str) -> re.Match[str] | None:
    return max(_YEAR.finditer(text), key=lambda year: int(year[1]), default=None)


def _later(told: Sequence[Told]) -> Array:
    """Texts × texts: whether the column's text is later (1), earlier (-1), or neither is told (0)."""
    out = np.zeros((len(told), len(told)))
    known = [place for place, own in enumerate(told) if own]
    order = {own: rank for rank, own in enumerate(sorted({told[place] for place in known}))}
    ranks = np.array([float(order[told[place]]) for place in known])
    out[np.ix_(known, known)] = np.sign(ranks[None, :] - ranks[:, None])
    return out
