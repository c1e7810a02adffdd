"""The facts of an article that can be followed from text to text: numbers, dates and names, whatever their form."""

import hashlib
from collections.abc import Iterator

from lineage.align.sentences import of_article
from lineage.facts import Fact
from lineage.facts.dates import dates
from lineage.facts.names import names
from lineage.facts.numbers import numbers
from lineage.language import language_of
from lineage.records import Article, Span

SMALL = 12  # a plain count up to here stands for many things
TELLING = frozenset({"%", "ordinal", "time"})


def stated(article: Article) -> dict[int, tuple[Span, ...]]:
    """Each fact as a 64-bit number that equal facts share, with its places in the text, in the order of the text."""
    found: dict[int, list[Span]] = {}
    for fact in _followed(article):
        digest = hashlib.blake2b(_key(fact).encode(), digest_size=8).digest()
        found.setdefault(int.from_bytes(digest, "little"), []).append(fact.span)
    return {key: tuple(spans) for key, spans in found.items()}


def _followed(article: Article) -> Iterator[Fact]:
    lang = language_of(article.text, article.lang)
    dated = dates(article.text, lang)
    taken = [fact.span for fact in dated]
    # A weekday is a mark of nothing: the next one has the same name.
    yield from (fact for fact in dated if not fact.value.startswith("w"))
    yield from (fact for fact in numbers(article.text, lang, taken) if not _is_small(fact))
    yield from names(article.text, lang, of_article(article.text, lang), taken)


def _is_small(fact: Fact) -> bool:
    """Whether a plain count is too small to be a mark of anything."""
    plain = fact.unit not in TELLING and not fact.unit.isupper()
    return plain and fact.value.isdigit() and int(fact.value) <= SMALL


def _key(fact: Fact) -> str:
    """The value without its form: "2.4 billion" and "2,400,000,000" are one number, "Stenmar" is "Arvid Stenmar"."""
    if fact.kind == "name":
        return f"name {fact.value.split()[-1] if fact.value else ''}"
    unit = fact.unit if fact.unit in TELLING else ""
    return f"{fact.kind} {fact.value} {unit}"
