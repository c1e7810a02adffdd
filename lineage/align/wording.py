"""Word by word inside an aligned pair of sentences."""

import re
from typing import Literal, NamedTuple, get_args

from rapidfuzz.distance import Indel, Levenshtein

from lineage.records import Span

_TOKEN = re.compile(r"\w+(?:['’.,]\w+)*|[^\w\s]")

EditKind = Literal["equal", "replace", "delete", "insert"]
_KINDS: dict[str, EditKind] = {kind: kind for kind in get_args(EditKind)}


class WordEdit(NamedTuple):
    """One step from `a` to `b`: the words in span `a` became the words in span `b`."""

    kind: EditKind
    a: Span
    b: Span


def words(a: str, b: str) -> tuple[WordEdit, ...]:
    """The word edits that turn sentence `a` into sentence `b`, in order, tiling the words of both.

    A word is a run of letters and digits; each punctuation mark stands alone. Letter case counts. Spans point into
    the two sentences; an empty span stands where nothing was.
    """
    left = [match.span() for match in _TOKEN.finditer(a)]
    right = [match.span() for match in _TOKEN.finditer(b)]
    steps = Levenshtein.opcodes([a[s:e] for s, e in left], [b[s:e] for s, e in right])
    return tuple(
        WordEdit(
            _KINDS[step.tag],
            _stretch(left, step.src_start, step.src_end, len(a)),
            _stretch(right, step.dest_start, step.dest_end, len(b)),
        )
        for step in steps
    )


def likeness(a: str, b: str) -> float:
    """Share of the words of two sentences that an edit script keeps, 0 to 1, symmetric; letter case ignored."""
    return float(Indel.normalized_similarity(_TOKEN.findall(a.casefold()), _TOKEN.findall(b.casefold())))


def _stretch(tokens: list[tuple[int, int]], first: int, last: int, length: int) -> Span:
    if first < last:
        return Span(tokens[first][0], tokens[last - 1][1])
    place = tokens[first][0] if first < len(tokens) else length
    return Span(place, place)
