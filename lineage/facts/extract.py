"""All facts of a text."""

from bisect import bisect_right
from dataclasses import replace

from lineage.align.sentences import of_article
from lineage.facts.attributions import attributions
from lineage.facts.dates import dates
from lineage.facts.fact import Fact
from lineage.facts.names import names
from lineage.facts.numbers import numbers
from lineage.facts.phrases import hedges, loaded
from lineage.facts.quotes import quoted, quotes
from lineage.records import Span


def facts(text: str, lang: str = "") -> tuple[Fact, ...]:
    """Everything a text states that a rewrite can get wrong, in the order of the text.

    For every fact `text[fact.span.start:fact.span.end] == fact.text`. An empty code is read as English; a
    language without a data file still gets its numbers, ISO and figure dates and quotations.
    """
    spans = of_article(text, lang)
    marked = [quotation.outer for quotation in quoted(text)]
    dated = dates(text, lang)
    taken = [fact.span for fact in dated]
    counted = numbers(text, lang, taken)
    named = names(
        text, lang, spans, [*taken, *(f.span for f in counted if f.unit == "ordinal" and not f.text[0].isdigit())]
    )
    attributed = attributions(text, lang, spans, marked, named)
    spoken = _with_speakers(text, quotes(text), spans, attributed)
    found = [*dated, *counted, *named, *attributed, *spoken, *hedges(text, lang, marked), *loaded(text, lang, marked)]
    return tuple(sorted(found, key=lambda fact: (fact.span, fact.kind)))


def _with_speakers(text: str, found: list[Fact], spans: tuple[Span, ...], attributed: list[Fact]) -> list[Fact]:
    """Quotations with the speaker of their sentence, else the one who spoke last in the same paragraph."""
    starts = [span.start for span in spans]
    told: list[Fact] = []
    for quote in found:
        around = _attributions_at(quote, spans, starts, attributed)
        nearest = min(around, key=lambda fact: _distance(fact.span, quote.span), default=None)
        if nearest is not None:
            told.append(replace(quote, speaker=nearest.value, verb=nearest.verb))
        elif told and "\n" not in text[told[-1].span.end : quote.span.start]:
            told.append(replace(quote, speaker=told[-1].speaker))
        else:
            told.append(quote)
    return told


def _attributions_at(quote: Fact, spans: tuple[Span, ...], starts: list[int], attributed: list[Fact]) -> list[Fact]:
    """The attributions in the sentences that hold the beginning or the end of a quotation."""
    touched = {spans[max(0, bisect_right(starts, place) - 1)] for place in (quote.span.start, quote.span.end)}
    return [fact for fact in attributed if fact.scope in touched]


def _distance(a: Span, b: Span) -> int:
    return max(a.start - b.end, b.start - a.end, 0)
