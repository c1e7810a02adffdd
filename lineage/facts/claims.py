"""Which stretch of its sentence an attribution covers."""

import re
from collections.abc import Sequence
from dataclasses import replace

from lineage.facts.fact import Fact
from lineage.records import Span

_WORD = re.compile(r"\w+")
# Fewer words than this behind the verb ("said by telephone") are its circumstance, not what was said.
_CLAIM_WORDS = 5


def with_claims(text: str, sentence: Span, found: Sequence[Fact]) -> list[Fact]:
    """The attributions of one sentence, each with the stretch it covers.

    "X said that A" covers A; "A, X said" covers A; "A, X said, B" covers both. A stretch ends where the next
    attribution of the sentence begins.
    """
    told = []
    for place, fact in enumerate(found):
        first = found[place - 1].span.end if place else sentence.start
        last = found[place + 1].span.start if place + 1 < len(found) else sentence.end
        told.append(replace(fact, claim=_claim(text, fact.span, min(first, fact.span.start), max(last, fact.span.end))))
    return told


def _claim(text: str, cue: Span, first: int, last: int) -> Span:
    before, after = text[first : cue.start], text[cue.end : last]
    behind = after.lstrip()[:1]
    aside = behind in {",", ".", ";", ""} and before.rstrip().endswith((",", "”", '"', "’", "»"))
    if aside and len(_WORD.findall(after)) >= _CLAIM_WORDS:
        return Span(first, last)
    if aside or (len(_WORD.findall(after)) < _CLAIM_WORDS and len(_WORD.findall(before)) >= _CLAIM_WORDS):
        return Span(first, cue.start)
    return Span(cue.end, last)
