"""Names of persons, places and organisations: capitalised runs, short forms resolved to the longest."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate
from typing import NamedTuple

from lineage.facts.fact import REMEMBERED, Fact
from lineage.facts.taken import Taken
from lineage.language import Pack, pack
from lineage.records import Span

_WORD = re.compile(r"([^\W\d_]+(?:['’‐-][^\W\d_]+)*)")
_POSSESSIVES = ("'s", "’s")
_JOINS = frozenset({" ", "\u00a0", ". ", ".\u00a0"})
_LONGEST_ACRONYM = 6
_HEADLINE_WORDS = 5
_HEADLINE_SHARE = 0.8
# Behind these a capital may only mark a beginning: a quotation, or the text behind a dateline.
_OPENINGS = (": ", "“", "«", "« ", "«\u00a0", "„", '"', "‘", "'", "「", " - ", " – ", " — ")


class _Token(NamedTuple):
    """A word without its possessive.  initial: it may have its capital from its place alone."""

    word: str
    start: int
    end: int
    initial: bool


def names(text: str, lang: str, sentences: Sequence[Span], taken: Sequence[Span] = ()) -> list[Fact]:
    """The names of a text outside the spans `taken` (dates), in order.

    Titles stand in the span's neighbourhood, never in the span: "Minister Arvid Stenmar" gives "Arvid Stenmar". A
    sentence's first word counts only where something else shows that it is a name. In a language that writes every
    noun with a capital, a single word counts only as the short form of a longer name.
    """
    return list(_names(text, pack(lang).code, tuple(sentences), tuple(taken)))


@lru_cache(REMEMBERED)
def _names(text: str, code: str, sentences: tuple[Span, ...], taken: tuple[Span, ...]) -> tuple[Fact, ...]:
    known = pack(code)
    others = Taken(taken)
    runs = [run for run in _runs(text, code, sentences) if not others.touches(run[0].start, run[-1].end)]
    seen = {token.word for run in runs for token in run if not token.initial}
    kept = [run for run in (_without_titles(_without_opening(run, seen, known), known) for run in runs) if run]
    if known.nouns_capitalised:
        long_forms = {token.word for run in kept if len(run) > 1 for token in run}
        kept = [run for run in kept if len(run) > 1 or run[0].word in long_forms or _is_acronym(run[0].word)]
    spans = [Span(run[0].start, run[-1].end) for run in kept]
    folded = [fold_name(text[start:end], known) for start, end in spans]
    longest = _longest_forms(folded, known)
    return tuple(
        Fact("name", text[span.start : span.end], span, longest[name])
        for span, name in zip(spans, folded, strict=True)
        if name
    )


def fold_name(written: str, known: Pack) -> str:
    """A name without case, titles and possessive, for comparison."""
    words = [_without_possessive(word).casefold() for word in _WORD.findall(written)]
    titles = _title_words(known.code)
    while len(words) > 1 and words[0] in titles:
        words.pop(0)
    return " ".join(words)


def same_name(a: str, b: str) -> bool:
    """Whether one folded name is a shorter form of the other, or equal to it. Symmetric."""
    left, right = set(a.split()), set(b.split())
    return bool(left and right) and (left <= right or right <= left)


def _without_possessive(word: str) -> str:
    return word[:-2] if word.endswith(_POSSESSIVES) else word


def _tokens(text: str, sentences: Iterable[Span], known: Pack) -> Iterator[_Token]:
    """The words of which names are made: those with a capital, and those that may link them."""
    linking = _linking(known.code)
    for start, end in sentences:
        parts = _WORD.split(
            text[start:end]
        )  # what stands before the first word, that word, what stands before the next
        places = list(accumulate(map(len, parts), initial=start))
        for at in range(1, len(parts), 2):
            if parts[at][0].isupper() or parts[at].casefold() in linking:
                word = _without_possessive(parts[at])
                opening = at == 1 or parts[at - 1].endswith(_OPENINGS)
                yield _Token(word, places[at], places[at] + len(word), opening)


@cache
def _linking(code: str) -> frozenset[str]:
    known = pack(code)
    particles = (*known.words("names", "particles"), *known.words("names", "particles_inner"))
    words = (*particles, *" ".join(known.words("names", "connectors")).split())
    return frozenset(word + ending for word in words for ending in ("", *_POSSESSIVES))


@lru_cache(REMEMBERED)
def _runs(text: str, code: str, sentences: tuple[Span, ...]) -> tuple[list[_Token], ...]:
    """Maximal runs of capitalised words, particles and the "of" of an organisation inside them."""
    known = pack(code)
    particles = set(known.words("names", "particles"))
    links = set(known.words("names", "connectors"))
    runs: list[list[_Token]] = []
    current: list[_Token] = []
    pending: list[_Token] = []
    plain = (span for span in sentences if not _is_title_cased(text[slice(*span)], known))
    for token in _tokens(text, plain, known):
        joined = bool(current) and _joins(text, (pending or current)[-1], token, known)
        if token.word[0].isupper() and joined:
            current += [*pending, token]
            pending = []
        elif joined and _may_link(token, current, pending, particles, links, known):
            pending.append(token)
        else:
            runs += [current] if current else []
            current = [token] if token.word[0].isupper() else []
            pending = []
    return tuple(run for run in [*runs, current] if run and any(token.word[0].isupper() for token in run))


def _joins(text: str, left: _Token, right: _Token, known: Pack) -> bool:
    gap = text[left.end : right.start]
    if gap in {"'s ", "’s "}:
        return right.word.casefold() in _organisation_words(known.code) and left.word.casefold() in known.words(
            "names", "possessors"
        )
    if gap not in _JOINS:
        return False
    return not gap.startswith(".") or len(left.word) == 1 or left.word.casefold() in _title_words(known.code)


def _may_link(
    token: _Token, current: list[_Token], pending: list[_Token], particles: set[str], links: set[str], known: Pack
) -> bool:
    word = token.word.casefold()
    if word in particles or (pending and word in known.words("names", "particles_inner")):
        return True
    phrase = " ".join([*(t.word.casefold() for t in pending), word])
    organised = any(t.word.casefold() in _organisation_words(known.code) for t in current)
    return organised and any(link == phrase or link.startswith(phrase + " ") for link in links)


def _without_opening(run: list[_Token], seen: set[str], known: Pack) -> list[_Token]:
    """The run without a first word that is capitalised only because the sentence begins there."""
    while run and run[0].word.casefold() in known.stopwords and not _is_acronym(run[0].word):
        run = run[1:]
    if not run or not run[0].initial or run[0].word in seen or _is_acronym(run[0].word) or known.nouns_capitalised:
        return run
    if len(run) == 1:
        return []
    return run


def _without_titles(run: list[_Token], known: Pack) -> list[_Token]:
    titles = _title_words(known.code)
    last = max((n for n, token in enumerate(run) if token.word.casefold() in titles), default=-1)
    behind = run[last + 1 :]
    if behind and not any(is_generic(token.word.casefold(), known) for token in behind):
        return behind
    while run and run[0].word.casefold() in titles:
        run = run[1:]
    return run


def _is_acronym(word: str) -> bool:
    return 1 < len(word) <= _LONGEST_ACRONYM and word.isupper()


def _is_title_cased(sentence: str, known: Pack) -> bool:
    """Whether nearly every word has a capital and no full stop ends it: in a headline capitals tell nothing."""
    if sentence.endswith("."):
        return False
    words = [word for word in _WORD.findall(sentence) if word.casefold() not in known.stopwords]
    return len(words) >= _HEADLINE_WORDS and sum(word[0].isupper() for word in words) >= _HEADLINE_SHARE * len(words)


def _longest_forms(folded: list[str], known: Pack) -> dict[str, str]:
    """Each name to the longest name of the text that it shortens; the nearest earlier one where several fit.

    A person's name is shortened to any part of it, another name to its end: "Ukrainian" is not the Ukrainian Army.
    """
    words = {name: frozenset(name.split()) for name in folded}
    resolved: dict[str, str] = {}
    for place, name in enumerate(folded):
        if name in resolved:
            continue
        longer = [
            other
            for other, parts in words.items()
            if len(other) > len(name)
            and words[name] < parts
            and (other.endswith(f" {name}") or is_person(other, known))
        ]
        before = next((other for other in reversed(folded[:place]) if other in longer), None) if longer else None
        resolved[name] = before or (longer[0] if longer else name)
    return resolved


@cache
def _title_words(code: str) -> frozenset[str]:
    return frozenset(word for title in pack(code).words("names", "titles") for word in title.split())


@cache
def _organisation_words(code: str) -> frozenset[str]:
    known = pack(code)
    return frozenset(known.words("names", "organisation"))


def is_person(folded: str, known: Pack) -> bool:
    """Whether a folded name can be a person's: two to four words, none of them an organisation's or a place's."""
    words = folded.split()
    return 2 <= len(words) <= 4 and not any(is_generic(word, known) for word in words)


def is_generic(word: str, known: Pack) -> bool:
    """Whether a folded word of a name says what is named (bank, river) rather than which."""
    return word in _organisation_words(known.code) or word in known.words("names", "places")
