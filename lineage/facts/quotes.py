"""Quotations in all quotation mark styles, with the stretch between the marks as their text."""

import re
from dataclasses import dataclass

from lineage.facts.fact import Fact
from lineage.records import Span

# Opening mark to the marks that may close it. German closes with the English opening marks, Danish turns guillemets.
_PAIRS = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    "‹": "›",
    "›": "‹",
    "‘": "’",
    "‚": "‘’",
    "‟": "”",
    "”": "”",
}
_TITLE_WORDS = 3
_PAUSES = frozenset(",.!?…")
_SPOKEN_AFTER = frozenset(".!?:,\n—–")
_PARAGRAPH = re.compile(r"[^\n]+")
_STRAIGHT = ('"', "'")
_MARK = re.compile("[" + "".join([*_PAIRS, *_STRAIGHT]) + "]")
_BEFORE_OPENING = frozenset(' \t\u00a0\u202f([{—–-:;,/"“«„')
WORD = re.compile(r"\w+(?:['’]\w+)*")
# Between two dashes, the first behind a comma or a stop and the second too: the Russian custom.
_INSERT = re.compile(r"[,!?…]\s*[—–]\s[^—–«»“”\"\n]{2,90}?[,.]\s*[—–](?=\s)")
_TRIM = " \t\u00a0\u202f,"


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation: `outer` with its marks, `inner` without; `open` where no mark closes it in its paragraph."""

    outer: Span
    inner: Span
    open: bool


def quoted(text: str) -> list[Quoted]:
    """The outermost quotations of a text, in order; a quotation within a quotation belongs to the outer one.

    One that is not closed runs to the end of its paragraph when the next paragraph opens with a mark again (the
    custom for long speeches) or when nothing of the mark's kind follows; a lone mark that begins no word is ignored.
    """
    found: list[Quoted] = []
    for paragraph in _PARAGRAPH.finditer(text.replace("\r", "\n")):
        found.extend(_in_paragraph(text, paragraph.start(), paragraph.end()))
    return found


def quotes(text: str) -> list[Fact]:
    """The quotations of a text as facts; speakers are filled in later, from the attributions."""
    made = []
    for quotation in quoted(text):
        start, end = _trimmed(text, quotation.inner)
        if (
            start < end
            and any(c.isalnum() for c in text[start:end])
            and not _is_title(text, quotation, text[start:end])
        ):
            value = fold_quote(without_inserts(text[start:end]))
            made.append(Fact("quote", text[start:end], Span(start, end), value))
    return made


def _is_title(text: str, quotation: Quoted, written: str) -> bool:
    """Whether marks stand around a name, as those of a firm, a ship or a paper: short, capital, inside a sentence."""
    words = WORD.findall(written)
    if len(words) > _TITLE_WORDS or not words or not words[0][0].isupper() or quotation.open:
        return False
    before = text[: quotation.outer.start].rstrip()[-1:]
    after = text[quotation.outer.end : quotation.outer.end + 2]
    inside = text[quotation.inner.start : quotation.inner.end].rstrip()[-1:]
    starts = before in _SPOKEN_AFTER or not before
    if inside in _PAUSES or "," in written:
        return False  # a pause is heard in speech; no ship or paper has one in its name
    return before.isalpha() or (not after.startswith(",") and (not starts or after.lstrip()[:1].islower()))


def fold_quote(written: str) -> str:
    """A quotation's words without case, punctuation, kind of apostrophe and the dots of a Russian ё."""
    return " ".join(word.replace("’", "'").casefold().replace("ё", "е") for word in WORD.findall(written))


def without_inserts(written: str) -> str:
    """A quotation with blanks for who says it, where that stands within the marks: «Да, — сказал он. — Иду»."""
    return _INSERT.sub(lambda match: " " * len(match.group()), written)


def _in_paragraph(text: str, start: int, end: int) -> list[Quoted]:
    found = []
    at = start
    while at < end:
        found_mark = _MARK.search(text, at, end)
        if found_mark is None:
            break
        at = found_mark.start()
        mark = text[at]
        if not _opens(text, at, start, end):
            at += 1
            continue
        close = _closing(text, at, end)
        if close >= 0:
            found.append(Quoted(Span(at, close + 1), Span(at + 1, close), False))
            at = close + 1
        elif mark in "'‘’‚›‹»”":
            at += 1
        else:
            found.append(Quoted(Span(at, end), Span(at + 1, end), True))
            at = end
    return found


def _opens(text: str, at: int, start: int, end: int) -> bool:
    mark = text[at]
    if mark not in _PAIRS and mark not in _STRAIGHT:
        return False
    before = text[at - 1] if at > start else " "
    after = text[at + 1] if at + 1 < end else " "
    if mark in "「『«„“":
        return not after.isspace() or mark == "«"
    fresh = before in _BEFORE_OPENING or before.isspace()
    return fresh and not after.isspace() and after not in ",.;:!?)"


def _closing(text: str, opening: int, end: int) -> int:
    """The place of the mark that closes the quotation opened at `opening`, or -1."""
    mark = text[opening]
    closers = _PAIRS.get(mark, mark)
    if mark in "'‘‚":
        return _closing_single(text, opening, end, closers)
    depth = 0
    for at in range(opening + 1, end):
        if text[at] in closers:
            if depth == 0:
                return at
            depth -= 1
        elif text[at] == mark and mark not in '"”':
            depth += 1
    return -1


def _closing_single(text: str, opening: int, end: int, closers: str) -> int:
    """The closing single mark, told from apostrophes: a letter may not follow it, and a plural's apostrophe
    ("the boys’ toys") yields to a later mark that stands behind punctuation or ends the paragraph."""
    doubtful = -1
    for at in range(opening + 1, end):
        if text[at] not in closers:
            continue
        after = text[at + 1] if at + 1 < end else " "
        if after.isalnum():
            continue
        before = text[at - 1]
        if before in ".,!?…;" or not (before == "s" and after == " "):
            return doubtful if doubtful >= 0 and _reopened(text, doubtful, at) else at
        doubtful = at if doubtful < 0 else doubtful
    return doubtful


def _reopened(text: str, since: int, until: int) -> bool:
    """Whether another single quotation opens between two places."""
    return any(text[at] in "‘" or (text[at] == "'" and text[at - 1].isspace()) for at in range(since + 1, until))


def _trimmed(text: str, inner: Span) -> tuple[int, int]:
    start, end = inner
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return start, end
