"""The words of a sentence as the attribution rules see them: words, marks, and each quotation as one piece."""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from lineage.records import Span

_DOT = re.compile(r"(?<=\w)\.(?= )")
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
        found += _plain(text, at, max(at, start), sentence.end)
        begin, stop = max(start, sentence.start), min(end, sentence.end)
        found.append(Piece("quote", text[begin:stop], "", begin, stop))
        at = stop
    return [*found, *_plain(text, at, sentence.end, sentence.end)]


def _plain(text: str, start: int, end: int, last: int) -> list[Piece]:
    """The pieces between two places of a sentence that ends at `last`, without the dots of its abbreviations."""
    found = []
    for match in _PIECE.finditer(text, start, end):
        word = match.group()
        if match.end() < last and _DOT.match(text, match.start()):
            continue  # "said Dr. Bell": the sentence goes on
        kind: PieceKind = "word" if word[0].isalnum() else "mark"
        found.append(Piece(kind, word, word.casefold().replace("’", "'"), *match.span()))
    return found
