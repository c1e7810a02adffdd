"""Two texts in two columns: sentence beside sentence, and inside an edited pair the words that differ."""

from collections.abc import Iterable
from dataclasses import dataclass

from lineage.align import Block, BlockKind, blocks, words
from lineage.language import language_of
from lineage.records import Article, Span
from lineage.report.page.plain import whole

LONGEST = 60_000  # characters a side; beyond, the texts stand side by side without an alignment, cut here
WORDS_FROM = 0.35  # sentences less alike than this were written anew: marking nearly every word would tell nothing
WORDS_UP_TO = 4_000  # characters of a stretch whose words are compared

# One letter for the style, which has the sign and the word for it: a page has thousands of rows.
CODES: dict[BlockKind, str] = {
    "kept": "k",
    "edited": "e",
    "moved": "m",
    "split": "s",
    "merged": "g",
    "only-left": "l",
    "only-right": "r",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `differs` where the other side has other words or none."""

    text: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the alignment: its kind, and the text of both sides; an empty side has no pieces."""

    kind: BlockKind
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]

    @property
    def code(self) -> str:
        """The letter of its kind."""
        return CODES[self.kind]

    @property
    def once(self) -> bool:
        """Whether one text says it for both sides."""
        return self.kind == "kept" and self.left == self.right


@dataclass(frozen=True, slots=True)
class Columns:
    """Two texts side by side; `remark` says where they could not be aligned."""

    rows: tuple[Row, ...]
    remark: str = ""


def columns(parent: Article, child: Article) -> Columns:
    """The two texts aligned, in the order of the child."""
    a, b = whole(parent.text), whole(child.text)
    if max(len(a), len(b)) > LONGEST:
        rest = max(len(a), len(b)) - LONGEST
        remark = f"Too long to align: shown without pairing, and {rest:,} characters of the longer text are left out."
        return Columns((_row("edited", (Piece(a[:LONGEST]),), (Piece(b[:LONGEST]),)),), remark)
    lang = language_of(child.text, child.lang or parent.lang)
    return Columns(tuple(_told(block, a, b) for block in blocks(a, b, lang)))


def _told(block: Block, a: str, b: str) -> Row:
    left, right = _cut(a, block.a), _cut(b, block.b)
    longest = max(len(left), len(right))
    if left and right and left != right and block.similarity >= WORDS_FROM and longest <= WORDS_UP_TO:
        edits = words(left, right)
        before = _pieces(left, ((edit.a, edit.kind != "equal") for edit in edits))
        after = _pieces(right, ((edit.b, edit.kind != "equal") for edit in edits))
        return _row(block.kind, before, after)
    return _row(block.kind, _whole(left), _whole(right))


def _row(kind: BlockKind, left: tuple[Piece, ...], right: tuple[Piece, ...]) -> Row:
    return Row(kind, left, right)


def _cut(text: str, span: Span | None) -> str:
    return "" if span is None else text[span.start : span.end]


def _whole(text: str) -> tuple[Piece, ...]:
    return (Piece(text),) if text else ()


def _pieces(text: str, spans: Iterable[tuple[Span, bool]]) -> tuple[Piece, ...]:
    """The text cut at the spans; what stands between two spans belongs to neither and differs in nothing."""
    pieces: list[Piece] = []
    at = 0
    for span, differs in spans:
        if differs and span.start < span.end:
            pieces += [Piece(text[at : span.start]), Piece(text[span.start : span.end], True)]
            at = span.end
    pieces.append(Piece(text[at:]))
    return tuple(piece for piece in pieces if piece.text)
