"""Month names of many languages become English ones, which the date parser knows."""

import re
from collections.abc import Iterator
from functools import cache

_LANGUAGES = (
    *("bg", "ca", "cs", "da", "de", "el", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "nb", "nl", "pl"),
    *("pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk"),
)
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Little words that stand in dates and say nothing about them.
_FILLERS = frozenset({"de", "del", "den", "der", "le", "di", "el", "г", "года", "р", "року", "um", "uhr", "kl", "alle"})
_WORD = re.compile(r"[^\W\d_]+\.?")


def in_english(text: str) -> str:
    """The date with the month in English and without weekdays and fillers; a name of two months stays as it is.

    >>> in_english("Dienstag, 5. März 2024 um 10:20 Uhr")
    '5. Mar 2024 10:20'
    """
    swapped = _WORD.sub(lambda found: _swapped(found[0]), text)
    return " ".join(swapped.replace(" ,", " ").split()).strip(" ,")


def _swapped(word: str) -> str:
    bare = word.lower().rstrip(".")
    if bare in _FILLERS or bare in _weekdays():
        return ""
    month = _months().get(bare)
    return word if month is None else _ENGLISH[month - 1]


@cache
def _months() -> dict[str, int]:
    """Month numbers by name; a name that means different months in different languages is in none."""
    meanings: dict[str, set[int]] = {}
    for name, number in _names("months"):
        meanings.setdefault(name, set()).add(number)
    # Croatian listopad is October, Czech listopad November.
    return {name: numbers.pop() for name, numbers in meanings.items() if len(numbers) == 1}


@cache
def _weekdays() -> frozenset[str]:
    return frozenset({name for name, _ in _names("days")} - {name for name, _ in _names("months")})


def _names(kind: str) -> Iterator[tuple[str, int]]:
    from babel import Locale

    for language in _LANGUAGES:
        for context in getattr(Locale(language), kind).values():
            for width in ("wide", "abbreviated"):
                for number, name in context.get(width, {}).items():
                    bare = name.lower().rstrip(".")
                    if len(bare) > 1 and bare.isalpha():
                        yield bare, number
