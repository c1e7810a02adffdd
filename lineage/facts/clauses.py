"""The words of a sentence as the attribution rules see them: words, marks, and each quotation as one piece."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from lineage.records import Span

_PIECE = re.compile(r"\w+(?:['’.‐-]\w+)*|[^\w\s]")

PieceKind = Literal["word", "mark", "quote"]


class Piece(NamedTuple):
    """One piece of a sentence with its span in the text; `lower` is the word to compare."""

    kind: PieceKind
    text: str
    lower: str
    start: int
    end: int

    @property
    def capital(self) -> bool:
        """Whether this is a word with a capital."""
        return self.kind == "word" and self.text[0].isupper()


def pieces(text: str, sentence: Span, quoted: Sequence[Span]) -> list[Piece]:
    """The pieces of one sentence in order; a quotation that only touches the sentence counts with its part in it."""
    inside = [q for q in quoted if q.start < sentence.end and sentence.start < q.end]
    found: list[Piece] = []
    at = sentence.start
    for start, end in inside:
        found += _plain(text, at, max(at, start))
        begin, stop = max(start, sentence.start), min(end, sentence.end)
        found.append(Piece("quote", text[begin:stop], "", begin, stop))
        at = stop
    return [*found, *_plain(text, at, sentence.end)]


def _plain(text: str, start: int, end: int) -> list[Piece]:
    found = []
    for match in _PIECE.finditer(text, start, end):
        word = match.group()
        kind: PieceKind = "word" if word[0].isalnum() else "mark"
        found.append(Piece(kind, word, word.casefold().replace("’", "'"), *match.span()))
    return found
