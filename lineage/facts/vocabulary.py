"""Which words a text has, and where: rules that turn on words are tried only where one of those words stands."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from lineage.facts.fact import REMEMBERED

_WORD = re.compile(r"(\w+)")


@lru_cache(REMEMBERED)
def vocabulary(text: str) -> Mapping[str, Sequence[int]]:
    """The folded words of a text, each with the places where it begins."""
    parts = _WORD.split(text)  # what stands before the first word, that word, what stands before the next, …
    found: dict[str, list[int]] = {}
    for word, place in zip(map(str.casefold, parts[1::2]), list(accumulate(map(len, parts)))[::2], strict=False):
        found.setdefault(word, []).append(place)
    return found


def openings(phrases: Iterable[str]) -> frozenset[str]:
    """The folded words that phrases begin with."""
    return frozenset(found[0].casefold() for phrase in phrases if (found := _WORD.findall(phrase)))


def may_hold(text: str, first: frozenset[str]) -> bool:
    """Whether a phrase that begins with one of these folded words can stand in the text, as whole words."""
    return not first.isdisjoint(vocabulary(text))


def beginnings(text: str, first: frozenset[str]) -> list[int]:
    """Where such a phrase can begin, in order."""
    known = vocabulary(text)
    return sorted(place for word in first & known.keys() for place in known[word])


def found_at(places: Iterable[int], pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """What `pattern.finditer` finds where every match begins at one of these places, which are in order."""
    last = 0
    for place in places:
        if place >= last and (match := pattern.match(text, place)) is not None:
            last = match.end()
            yield match
