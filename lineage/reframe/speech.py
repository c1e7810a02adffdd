"""What became of the parent's quotations: kept, reworded inside the marks, turned into indirect speech, dropped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Indel, LCSseq

from lineage.align.similarity import stems
from lineage.facts import Fact
from lineage.facts.quotes import fold_quote
from lineage.records import Change, Span
from lineage.reframe.side import Facing

QuoteFate = Literal["kept", "altered", "indirect", "dropped"]

_WHOLE = 0.8
_PART = 0.5
_REWORDED = 0.6
_TITLE_WORDS = 2
_RETOLD = 0.22
_RETOLD_ALIGNED = 0.12


@dataclass(frozen=True, slots=True)
class Told:
    """A quotation of the parent, what became of it, and the place in the child that shows it."""

    quote: Fact
    fate: QuoteFate
    place: Span | None
    share: float = 0.0


def quote_fates(facing: Facing) -> list[Told]:
    """What became of each quotation of the parent, in its order."""
    child_quotes = facing.child.of("quote")
    return [_fate(facing, quote, child_quotes) for quote in facing.parent.of("quote")]


def quote_changes(facing: Facing, fates: Sequence[Told]) -> list[Change]:
    """The changes that the fates of the quotations amount to."""
    changes = []
    for told in fates:
        if told.fate == "kept":
            continue
        after = facing.child.text[slice(*told.place)] if told.place is not None else ""
        kind: Literal["quote_altered", "quote_indirect", "quote_dropped"] = (
            "quote_altered" if told.fate == "altered" else "quote_indirect" if told.fate == "indirect" else "quote_dropped"
        )
        changes.append(Change(kind, told.quote.text, after, told.quote.span, told.place, _note(told)))
    return changes


def _note(told: Told) -> str:
    return f"said by {told.quote.speaker}" if told.quote.speaker else ""


def _fate(facing: Facing, quote: Fact, child_quotes: list[Fact]) -> Told:
    words = quote.value.split()
    best, share = _closest(words, child_quotes)
    if best is not None and share >= _WHOLE:
        return Told(quote, "altered" if _is_altered(words, best) else "kept", best.span)
    if best is not None and share >= _REWORDED and _is_altered(words, best) and len(words) > _TITLE_WORDS:
        if _likeness(words, best.value.split()) >= _REWORDED:
            return Told(quote, "altered", best.span)
    if best is not None and share >= _PART:
        return Told(quote, "kept", best.span)
    place = _retold(facing, quote)
    return Told(quote, "dropped" if place is None else "indirect", place)


def _closest(words: list[str], candidates: list[Fact]) -> tuple[Fact | None, float]:
    """The child's quotation that has the largest share of the words in their order."""
    best, most = None, 0.0
    for candidate in candidates:
        share = LCSseq.similarity(words, candidate.value.split()) / max(1, len(words))
        if share > most:
            best, most = candidate, share
    return best, most


def _likeness(a: list[str], b: list[str]) -> float:
    return float(Indel.normalized_similarity(a, b))


def _is_altered(words: list[str], candidate: Fact) -> bool:
    """Whether the words inside the child's marks differ otherwise than by cutting at either end or joining."""
    other = candidate.value.split()
    shorter, longer = sorted((words, other), key=len)
    if _contains(longer, shorter):
        return False
    common = LCSseq.similarity(shorter, longer)
    return common < len(shorter)


def _contains(longer: list[str], shorter: list[str]) -> bool:
    return any(longer[i : i + len(shorter)] == shorter for i in range(len(longer) - len(shorter) + 1))


def _retold(facing: Facing, quote: Fact) -> Span | None:
    """The child's sentence that says what the quotation said, or None."""
    verbatim = fold_quote(facing.child.text).find(quote.value)
    rows = list(facing.parent.rows(quote.span))
    aligned = {column for row in rows for column in facing.partners[row]}
    wanted = {s: w for s, w in stems(quote.text, facing.language.code).items() if w >= 1.0}
    total = sum(wanted.values())
    best: tuple[float, int] | None = None
    for column in range(len(facing.child.sentences)):
        have = stems(facing.child.sentence(column), facing.language.code)
        share = sum(w for s, w in wanted.items() if s in have) / total if total else 0.0
        needed = _RETOLD_ALIGNED if column in aligned else _RETOLD
        if verbatim < 0 and share < needed:
            continue
        score = share + (0.2 if column in aligned else 0.0)
        if best is None or score > best[0]:
            best = (score, column)
    return facing.child.sentences[best[1]] if best is not None else None
