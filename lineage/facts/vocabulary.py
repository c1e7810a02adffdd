"""Which words a text has at all: rules that turn on words are tried only where one of those words stands."""

import re
from collections.abc import Iterable
from functools import lru_cache

from lineage.facts.fact import REMEMBERED

_WORD = re.compile(r"\w+")


@lru_cache(REMEMBERED)
def vocabulary(text: str) -> frozenset[str]:
    """The folded words of a text."""
    return frozenset(map(str.casefold, set(_WORD.findall(text))))


def openings(phrases: Iterable[str]) -> frozenset[str]:
    """The folded words that phrases begin with."""
    return frozenset(found[0].casefold() for phrase in phrases if (found := _WORD.findall(phrase)))


def may_hold(text: str, first: frozenset[str]) -> bool:
    """Whether a phrase that begins with one of these folded words can stand in the text, as whole words."""
    return not first.isdisjoint(vocabulary(text))
