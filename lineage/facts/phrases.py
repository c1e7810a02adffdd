"""Hedges and loaded words: fixed phrases of a language's data file."""

import re
from functools import cache

from lineage.facts.fact import Fact, FactKind
from lineage.facts.vocabulary import beginnings, found_at, openings
from lineage.language import pack
from lineage.records import Span


def hedges(text: str, lang: str, quoted: list[Span]) -> list[Fact]:
    """The hedges of a text outside quotations: there the doubt is the speaker's."""
    return [fact for fact in _phrases(text, lang, "hedge") if not _within(fact.span, quoted)]


def loaded(text: str, lang: str, quoted: list[Span]) -> list[Fact]:
    """The loaded words of a text outside quotations: there they are the speaker's."""
    return [fact for fact in _phrases(text, lang, "loaded") if not _within(fact.span, quoted)]


def _phrases(text: str, lang: str, kind: FactKind) -> list[Fact]:
    return [
        Fact(kind, match.group(), Span(*match.span()), " ".join(match.group().casefold().split()))
        for match in found_at(beginnings(text, _openings(lang, kind)), pattern(lang, kind), text)
        if not _is_proper(match)
    ]


@cache
def _openings(lang: str, kind: FactKind) -> frozenset[str]:
    return openings(_known(lang, kind))


@cache
def pattern(lang: str, kind: FactKind) -> re.Pattern[str]:
    """One expression for all phrases of a kind, longest first, whole words, any case."""
    return _any_of(_known(lang, kind))


def _known(lang: str, kind: FactKind) -> tuple[str, ...]:
    known = pack(lang)
    return known.hedges if kind == "hedge" else known.loaded


def softens(stretch: str, lang: str) -> bool:
    """Whether a stretch leaves open what it says, with a hedge or with a word that does as much."""
    return _softeners(pack(lang).code).search(stretch) is not None


@cache
def _softeners(code: str) -> re.Pattern[str]:
    known = pack(code)
    return _any_of((*known.softeners, *known.hedges))


def _any_of(phrases: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    forms = (r"\s+".join(map(re.escape, phrase.split())) for phrase in longest_first)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms) or '(?!)'})(?![\w-])", re.IGNORECASE)


def _is_proper(match: re.Match[str]) -> bool:
    """A capital inside a sentence means a name ("May", "Hope"), not the word."""
    if not match.group()[0].isupper():
        return False
    before = match.string[max(0, match.start() - 2) : match.start()].rstrip(" \t")
    return before[-1:].isalnum() or before[-1:] in {","}


def _within(span: Span, quoted: list[Span]) -> bool:
    return any(start <= span.start and span.end <= end for start, end in quoted)
