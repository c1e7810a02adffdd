"""What texts tell of the time they were written: the latest year they name, and the version they call themselves.

A text that names a later year was written later, unless the other one only left the year out. Who revises a document
hardly ever does that; who rewrites news often does, so each regime weighs these signs for itself. Of two versions that
bear one name the higher number is the later one; who takes a document over under another name often counts anew.
"""

import re
from collections.abc import Sequence

import numpy as np

from lineage.derive.grid import Measures, Pairs
from lineage.derive.readings import Array, Reading
from lineage.records import Span

OPENING = 600  # characters in which a document says which version it is

_YEAR = re.compile(r"(1[89]\d\d|20\d\d)(?<![\d.,$£€#/-]\d{4})(?![\d,]\d|\d|%)")
_WORD = re.compile(r"[^\W\d_]{2,}")
_VERSION = re.compile(r"\b(?:version|v\.?|release|revision|draft)\s*(\d{1,4}(?:\.\d{1,4}){0,3})", re.IGNORECASE)

Told = tuple[int, ...]  # () where a text tells nothing


def times(readings: Sequence[Reading], pairs: Pairs) -> Measures:
    """For every sign: 1 where the child is the later text, -1 where it is the earlier one, 0 where nothing is told.

    year: the latest one named.  version: the number it has.  edition: the same, of two that bear the same name.

    Of each text: the share of the others that are later, less the share of those that are earlier.
    """
    told = [reading.article.text for reading in readings]
    named = [name(text) for text in told]
    later = _later([version(text) for text in told])
    signs = {
        "year": _later([latest_year(text) for text in told]),
        "version": later,
        "edition": later * np.array([[own == other for own in named] for other in named]),
    }
    return Measures(
        {f"times.{sign}": pairs.of(table) for sign, table in signs.items()},
        {f"times.first_{sign}": table.sum(axis=1) / max(1, len(readings) - 1) for sign, table in signs.items()},
    )


def latest_year(text: str) -> Told:
    """The latest year a text names."""
    found = _latest(text)
    return (int(found[1]),) if found else ()


def version(text: str) -> Told:
    """The numbers of the version a text calls itself in its opening."""
    found = _VERSION.search(text[:OPENING])
    return tuple(int(number) for number in found[1].split(".")) if found else ()


def name(text: str) -> tuple[str, ...]:
    """The words of the line that says which version a text is, up to that; where it has none, of the line above."""
    found = _VERSION.search(text[:OPENING])
    above = text[: found.start()].splitlines() if found else []
    words = (tuple(word.casefold() for word in _WORD.findall(line)) for line in reversed(above))
    return next((line for line in words if line), ())


def where(text: str) -> dict[str, Span]:
    """Where a text first names its latest `year`, and what its opening says of a `version`, if it does."""
    found = {"year": _latest(text), "version": _VERSION.search(text[:OPENING])}
    return {sign: Span(*match.span()) for sign, match in found.items() if match}


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
