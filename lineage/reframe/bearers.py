"""The facts of an article that can be followed along a derivation, and when two articles have the same one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from lineage.facts import Fact, FactKind, same_date, same_name
from lineage.language import Pack, pack
from lineage.records import Article, Change, LifeKind, Span
from lineage.reframe.naming import name_survives
from lineage.reframe.side import Side, reading, spoken
from lineage.reframe.values import same_amount

FOLLOWED: Mapping[FactKind, LifeKind] = {
    "number": "number",
    "date": "date",
    "name": "name",
    "quote": "quote",
    "hedge": "hedge",
}
# A plain count up to here stands for many things; it is followed only where a rewrite got it wrong.
_SMALL = 12
_TELLING_UNITS = frozenset({"%", "ordinal", "time"})
_SAME_WORDS = 0.75
_LEAST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Bearer:
    """One fact as one article has it: its first mention and every place.

    sure: whether its absence elsewhere can be seen; not so for a small count, which may stand in other words.
    """

    article: str
    kind: LifeKind
    fact: Fact
    places: tuple[Span, ...]
    sure: bool


def bearers(article: Article, touched: Iterable[Change], doubts: frozenset[str]) -> tuple[Bearer, ...]:
    """The facts of an article worth following, in the order of the text.

    touched: the changes in which this article is parent or child; what they speak of is followed however small.
    doubts: the hedges, folded, that some rewrite dropped.
    """
    spans = {span for change in touched for span in (change.before_span, change.after_span) if span is not None}
    side = reading(article.text, spoken(article))
    grouped: dict[tuple[LifeKind, str], list[Fact]] = {}
    for kind, life in FOLLOWED.items():
        for fact in side.of(kind):
            if _is_worth(fact, spans, doubts):
                grouped.setdefault((life, _key(fact)), []).append(fact)
    found = [
        Bearer(article.id, kind, facts[0], tuple(fact.span for fact in facts), _is_sure(facts[0]))
        for (kind, _), facts in grouped.items()
    ]
    return tuple(sorted(found, key=lambda bearer: (bearer.fact.span, bearer.kind)))


def _key(fact: Fact) -> str:
    if fact.kind == "number":
        return f"{fact.value} {fact.unit if fact.unit in _TELLING_UNITS or _is_small(fact) else ''}"
    return f"{fact.span.start}" if fact.kind == "quote" else fact.value


def _is_worth(fact: Fact, spans: set[Span], doubts: frozenset[str]) -> bool:
    if fact.kind == "hedge":
        return fact.value in doubts
    if fact.kind == "quote":
        return len(fact.value.split()) >= _LEAST_WORDS
    return _is_sure(fact) or fact.span in spans


def _is_sure(fact: Fact) -> bool:
    if fact.kind == "date":
        return not fact.value.startswith("w")
    return fact.kind != "number" or not _is_small(fact)


def _is_small(fact: Fact) -> bool:
    plain = fact.unit not in _TELLING_UNITS and not fact.unit.isupper()
    return plain and fact.value.isdigit() and int(fact.value) <= _SMALL


def counterparts(bearer: Bearer, others: Iterable[Bearer], lang: str) -> Iterator[Bearer]:
    """The facts of another article that are this one, in whatever form."""
    known = pack(lang)
    for other in others:
        if other.kind == bearer.kind and _is_same(bearer.fact, other.fact, known):
            yield other


def _is_same(a: Fact, b: Fact, known: Pack) -> bool:
    if a.kind == "number":
        return same_amount(a, b, known) and (
            a.unit == b.unit or not (_is_small(a) or _TELLING_UNITS & {a.unit, b.unit})
        )
    if a.kind == "date":
        return same_date(a.value, b.value)
    if a.kind == "name":
        return same_name(a.value, b.value)
    return a.value == b.value or (a.kind == "quote" and _is_quoted_from(a.value.split(), b.value.split()))


def _is_quoted_from(a: list[str], b: list[str]) -> bool:
    shared = LCSseq.similarity(a, b)
    return shared >= max(_LEAST_WORDS, _SAME_WORDS * min(len(a), len(b)))


def place_in(bearer: Bearer, article: Article) -> Span | None:
    """Where a fact stands in the words of another article that does not read as one there, else None."""
    if bearer.kind not in {"number", "date", "name"}:
        return None
    place = article.text.find(bearer.fact.text)
    if place >= 0 and len(bearer.fact.text) > 1 and not _goes_on(article.text, place, len(bearer.fact.text)):
        return Span(place, place + len(bearer.fact.text))
    return None


def _goes_on(text: str, start: int, length: int) -> bool:
    return text[start - 1 : start].isalnum() or text[start + length : start + length + 1].isalnum()


def is_hidden(bearer: Bearer, article: Article) -> bool:
    """Whether a name may stand in an article in a form that is not read as this name ("Ostmaran")."""
    side: Side = reading(article.text, spoken(article))
    return bearer.kind == "name" and name_survives(bearer.fact, side, pack(spoken(article)))
