"""The words of a language that attribution turns on."""

from dataclasses import dataclass
from functools import cache

from lineage.facts.vocabulary import openings
from lineage.language import pack


@dataclass(frozen=True, slots=True)
class Rules:
    """The words of a language that attribution turns on, as sets; phrases as tuples of words, longest first.

    verbs report speech; phrasal are those of several words; weak ones do so only when a clause or a quotation follows,
    acts only when a clause does.  between: words that may stand between subject and verb.  breaks: words that end a
    noun phrase.  inversion: the verb may stand before its subject behind any comma.
    trailing: what stands behind a mark, before a speaker and nothing else.
    starts: the words that any of the phrases and verbs begins with.  openings: what those begin with, up to the first
    mark; a sentence without any of them attributes nothing.
    """

    verbs: frozenset[str]
    phrasal: tuple[tuple[str, ...], ...]
    weak: frozenset[str]
    reported_speech: tuple[tuple[str, ...], ...]
    participles: tuple[tuple[str, ...], ...]
    according: tuple[tuple[str, ...], ...]
    trailing: tuple[tuple[str, ...], ...]
    anonymous: tuple[tuple[str, ...], ...]
    pronouns: frozenset[str]
    relatives: frozenset[str]
    conjunctions: frozenset[str]
    openers: frozenset[str]
    acts: frozenset[str]
    inversion: bool
    capital_nouns: bool
    between: frozenset[str]
    determiners: frozenset[str]
    breaks: frozenset[str]
    passive: frozenset[str]
    bare: frozenset[str]
    links: frozenset[str]
    starts: frozenset[str]
    openings: frozenset[str]


@cache
def rules_of(code: str) -> Rules:
    """The rules of a language by its code, read once; all sets are empty for a language without a data file."""
    known = pack(code)

    def single(name: str) -> frozenset[str]:
        return frozenset(known.words("attribution", name))

    def phrases(name: str) -> tuple[tuple[str, ...], ...]:
        return tuple(sorted((tuple(p.split()) for p in known.words("attribution", name)), key=len, reverse=True))

    named = ("verbs", "reported_speech", "participles", "according", "trailing", "anonymous")
    starts = frozenset(phrase[0] for name in named for phrase in phrases(name)) | single("verbs")
    return Rules(
        starts=starts,
        openings=openings(starts),
        verbs=single("verbs"),
        phrasal=tuple(phrase for phrase in phrases("verbs") if len(phrase) > 1),
        weak=single("weak"),
        reported_speech=phrases("reported_speech"),
        participles=phrases("participles"),
        according=phrases("according"),
        trailing=phrases("trailing"),
        anonymous=phrases("anonymous"),
        pronouns=single("pronouns"),
        relatives=single("relatives"),
        conjunctions=single("conjunctions"),
        openers=single("clause_openers"),
        acts=single("acts"),
        capital_nouns=known.nouns_capitalised,
        inversion=bool(known.attribution.get("inversion", False)),
        between=single("between"),
        determiners=single("determiners"),
        breaks=single("breaks"),
        passive=single("passive"),
        bare=single("bare"),
        links=frozenset(known.words("names", "connectors")),
    )
