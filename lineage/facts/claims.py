"""Which stretch of its sentence an attribution covers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lineage.facts.fact import Fact
from lineage.language import Pack
from lineage.records import Span

_WORD = re.compile(r"\w+")
# Fewer words than this behind the verb ("said by telephone") are its circumstance, not what was said.
_CLAIM_WORDS = 4


def with_claims(text: str, sentence: Span, found: Sequence[Fact], known: Pack) -> list[Fact]:
    """The attributions of one sentence, each with the stretch it covers.

    "X said that A" covers A; "A, X said" covers A; "A, X said, B" covers both. A stretch ends at a semicolon and where
    the next attribution of the sentence begins.
    """
    told = []
    for place, fact in enumerate(found):
        first = found[place - 1].span.end if place else sentence.start
        last = found[place + 1].span.start if place + 1 < len(found) else sentence.end
        first, last = min(first, fact.span.start), max(last, fact.span.end)
        first = max(first, text.rfind(";", first, fact.span.start) + 1)
        ends = [text.find(";", fact.span.end, last)]
        if _is_relative(fact, known):
            ends.append(text.find(",", fact.span.end, last))
        stop = min((end for end in ends if end >= 0), default=last)
        told.append(replace(fact, claim=_claim(text, fact, Span(first, stop), known)))
    return told


def _is_relative(fact: Fact, known: Pack) -> bool:
    """Whether the attribution stands in a relative clause ("the board, which claims"), which a comma ends."""
    words = _WORD.findall(fact.text.casefold())
    return len(words) > 1 and words[-2] in known.words("attribution", "relatives")


def _claim(text: str, fact: Fact, limits: Span, known: Pack) -> Span:
    first, last = limits
    cue = fact.span
    before, after = text[first : cue.start], text[cue.end : last]
    words_before, words_after = _WORD.findall(before.casefold()), _WORD.findall(after.casefold())
    if fact.verb in known.words("attribution", "according"):
        return Span(first, cue.start) if len(words_before) >= _CLAIM_WORDS else Span(cue.end, last)
    preceded = before.rstrip().endswith((",", "”", '"', "’", "»")) and len(words_before) >= _CLAIM_WORDS
    if preceded and after.lstrip()[:1] == "," and len(words_after) >= _CLAIM_WORDS:
        return Span(first, last)
    openers = known.words("attribution", "clause_openers")
    opened = any(word in openers for word in words_after[:_CLAIM_WORDS])
    aside = bool(words_after) and words_after[0] in known.words("attribution", "circumstance") and not opened
    if len(words_before) >= _CLAIM_WORDS and (len(words_after) < _CLAIM_WORDS or (preceded and aside)):
        return Span(first, cue.start)
    return Span(cue.end, last)
