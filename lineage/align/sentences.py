"""Where the sentences of a text begin and end."""

import re
from functools import cache, lru_cache

import sentencex

from lineage.language import pack
from lineage.records import Span

# A mark that opens a quotation which a sentence boundary must not tear, with the mark that closes it.
_PAIRS = {"“": "”", "«": "»", "„": "“”", "「": "」", "『": "』"}
# A torn quotation longer than this is a speech of several sentences, and those are worth their own boundaries.
_SHORT_QUOTATION = 80
_REMEMBERED = 128  # articles
_LINE = re.compile(r"[^\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def sentences(text: str, lang: str = "") -> tuple[Span, ...]:
    """The spans of the sentences of `text`, in order, disjoint, without the white space around them.

    A line break always ends a sentence. Every character that is not white space lies in exactly one sentence. A
    boundary after a known abbreviation of the language ("Dr.", "M.", "т.е.") is taken back, and so is one that tears
    a short quotation.
    """
    found: list[Span] = []
    for line in _LINE.finditer(text):
        found.extend(_in_line(line.group(), line.start(), lang))
    return tuple(found)


@lru_cache(_REMEMBERED)
def of_article(text: str, lang: str) -> tuple[Span, ...]:
    """The same of a whole article, remembered: it is read for its facts, and again for each purpose they serve."""
    return sentences(text, lang)


def _in_line(line: str, offset: int, lang: str) -> list[Span]:
    cuts = [part["end_index"] for part in sentencex.get_sentence_boundaries(lang or "en", line)]
    starts = [0]
    for cut in cuts:
        if cut >= len(line):
            continue
        if _is_boundary(line, starts[-1], cut, lang):
            starts.append(cut)
    ends = [*starts[1:], len(line)]
    trimmed = (_trim(line, start, end) for start, end in zip(starts, ends, strict=True))
    return [Span(start + offset, end + offset) for start, end in trimmed if start < end]


def _is_boundary(line: str, start: int, cut: int, lang: str) -> bool:
    head = line[start:cut].rstrip()
    if not head or (head.endswith(pack(lang).abbreviations) and _abbreviation(lang).search(head) is not None):
        return False
    return not _tears_quotation(line, start, cut)


def _tears_quotation(line: str, start: int, cut: int) -> bool:
    for opening, closing in _PAIRS.items():
        begin = line.rfind(opening, start, cut)
        if begin < 0 or any(line.find(mark, begin + 1, cut) >= 0 for mark in closing):
            continue
        ends = [line.find(mark, cut, begin + _SHORT_QUOTATION) for mark in closing]
        if any(end >= 0 for end in ends):
            return True
    return False


@cache
def _abbreviation(lang: str) -> re.Pattern[str]:
    words = pack(lang).abbreviations
    if not words:
        return re.compile(r"(?!)")
    alternatives = "|".join(re.escape(word) for word in words)
    return re.compile(rf"(?:^|[\s(«“\"'‘—–-])(?:{alternatives})$")


def _trim(line: str, start: int, end: int) -> tuple[int, int]:
    while start < end and line[start].isspace():
        start += 1
    while end > start and line[end - 1].isspace():
        end -= 1
    return start, end
