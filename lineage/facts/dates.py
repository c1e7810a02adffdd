"""Dates in the forms that articles use, with as much of them as is stated."""

import re
from datetime import date
from functools import cache, lru_cache

from lineage.facts.fact import REMEMBERED, Fact
from lineage.facts.vocabulary import beginnings, found_at, openings
from lineage.language import Pack, pack
from lineage.records import Span

_UNKNOWN = "*"
# What may not stand before a date is looked for behind its first figures: so only figures are stopped at.
_ISO = re.compile(r"(\d{4})(?<![\d-]\d{4})-(\d{2})-(\d{2})(?![\d-])")
_FIGURES = re.compile(r"(\d(?<![\d./]\d)\d?)([./])(\d{1,2})\2(\d{4}|\d{2})(?![\d/])")
_YEAR = re.compile(r"(1[5-9]\d\d|20\d\d)(?<![\d.,\w$€£-]\d{4})(?:s\b|(?![\d\w%]|[.,]\d|[-–]\w))")
_WIDE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(?:(\d{1,2})日)?|(\d{4})年")
_PLAIN_YEARS = range(1900, 2100)


def dates(text: str, lang: str) -> list[Fact]:
    """The dates of a text, in order, none inside another."""
    return list(_dates(text, pack(lang).code))


@lru_cache(REMEMBERED)
def _dates(text: str, code: str) -> tuple[Fact, ...]:
    known = pack(code)
    found: list[Fact] = []
    for finder in (_iso, _in_figures, _wide, _with_month, _weekdays, _years):
        for start, end, value in finder(text, known):
            if all(end <= fact.span.start or fact.span.end <= start for fact in found):
                found.append(Fact("date", text[start:end], Span(start, end), value))
    return tuple(sorted(found, key=lambda fact: fact.span))


def same_date(a: str, b: str) -> bool:
    """Whether two date values agree in everything both state: `*-11-*` and `*-11-08` do. Symmetric."""
    if a.startswith("w") or b.startswith("w"):
        return a == b
    pairs = list(zip(a.split("-"), b.split("-"), strict=True))
    if all(_UNKNOWN in pair for pair in pairs):
        return False
    return all(_UNKNOWN in pair or pair[0] == pair[1] for pair in pairs)


def _value(year: int | str, month: int | str, day: int | str) -> str | None:
    """The comparable form; None for a day that no calendar has."""
    try:
        date(int(year) if year else 2000, int(month) if month else 1, int(day) if day else 1)
    except ValueError:
        return None
    parts = (f"{int(year):04d}" if year else _UNKNOWN, *(f"{int(n):02d}" if n else _UNKNOWN for n in (month, day)))
    return "-".join(parts)


Hit = tuple[int, int, str]


def _hits(match: re.Match[str], value: str | None) -> list[Hit]:
    return [] if value is None else [(match.start(), match.end(), value)]


def _iso(text: str, known: Pack) -> list[Hit]:
    return [hit for m in _ISO.finditer(text) for hit in _hits(m, _value(m[1], m[2], m[3]))]


def _in_figures(text: str, known: Pack) -> list[Hit]:
    """ "22.8.2023", "22/08/23"; day first or month first as the language has it, the other way where it must be."""
    found = []
    for match in _FIGURES.finditer(text):
        first, second = match[1], match[3]
        year = match[4] if len(match[4]) == 4 else f"20{match[4]}"
        day_first = match[2] == "." or bool(known.dates.get("day_first", True))
        orders = [(second, first), (first, second)] if day_first else [(first, second), (second, first)]
        values = [value for month, day in orders if (value := _value(year, month, day)) is not None]
        found += _hits(match, values[0] if values else None)
    return found


def _wide(text: str, known: Pack) -> list[Hit]:
    if "年" not in text and "月" not in text:
        return []
    return [hit for m in _WIDE.finditer(text) for hit in _hits(m, _value(m[1] or m[4] or "", m[2] or "", m[3] or ""))]


@cache
def _first_words(code: str, table: str) -> frozenset[str]:
    return openings(pack(code).mapping("dates", table))


@cache
def _month_patterns(code: str) -> tuple[re.Pattern[str], ...]:
    known = pack(code)
    names = sorted(known.mapping("dates", "months"), key=len, reverse=True)
    if not names:
        return ()
    month = rf"(?P<month>{'|'.join(map(re.escape, names))})\b\.?"
    link = "|".join(re.escape(word) for word in known.words("dates", "day_link")) or "(?!)"
    day = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|-го|-е)?(?![\d,]*\d)"
    year = rf",?\s+(?:(?:{link})\s+)?(?P<year>(?:1[5-9]|20)\d\d)\b"
    return (
        re.compile(rf"(?<![\w.]){day}\s+(?:(?:{link})\s+)?{month}(?:{year})?", re.IGNORECASE),
        re.compile(rf"\b{month}\s+(?:the\s+)?{day}(?:{year})?", re.IGNORECASE),
        re.compile(rf"\b{month}(?:{year})?", re.IGNORECASE),
    )


def _with_month(text: str, known: Pack) -> list[Hit]:
    months = known.mapping("dates", "months")
    named = beginnings(text, _first_words(known.code, "months"))
    if not named:
        return []
    ambiguous = set(known.words("dates", "ambiguous"))
    found: list[Hit] = []
    for place, pattern in enumerate(_month_patterns(known.code)):
        for match in found_at(named, pattern, text) if place else pattern.finditer(text):
            parts = match.groupdict()
            name = parts["month"].casefold()
            bare = place == 2 and parts.get("year") is None
            if not bare and name in ambiguous and not _may_be_month(match, known):
                continue
            if bare and not _is_month(text, match, name in ambiguous, known):
                continue
            value = _value(parts.get("year") or "", int(months[name]), parts.get("day") or "")
            if value is not None and all(match.end() <= s or e <= match.start() for s, e, _ in found):
                found.append((*_without_stop(text, match), value))
    return found


def _without_stop(text: str, match: re.Match[str]) -> tuple[int, int]:
    """The span without a full stop that ends the sentence rather than an abbreviation."""
    end = match.end()
    if text[end - 1] != ".":
        return match.start(), end
    following = text[end : end + 2].lstrip()
    goes_on = following[:1].isdigit() or following[:1].islower() or following[:1] == ","
    return match.start(), end if goes_on else end - 1


def _may_be_month(match: re.Match[str], known: Pack) -> bool:
    return bool(known.dates.get("months_lower", False)) or match["month"][0].isupper()


def _is_month(text: str, match: re.Match[str], ambiguous: bool, known: Pack) -> bool:
    """Whether a month name alone means the month: written as one, and where it is also a word, behind a time word."""
    if not _may_be_month(match, known):
        return False
    if not ambiguous:
        return True
    before = text[max(0, match.start() - 12) : match.start()].casefold().split()
    return bool(before) and before[-1] in known.words("dates", "month_before")


@cache
def _weekday_pattern(code: str) -> re.Pattern[str]:
    names = sorted(pack(code).mapping("dates", "weekdays"), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names)) or '(?!)'})\b", re.IGNORECASE)


def _weekdays(text: str, known: Pack) -> list[Hit]:
    numbered = known.mapping("dates", "weekdays")
    named = beginnings(text, _first_words(known.code, "weekdays"))
    found = found_at(named, _weekday_pattern(known.code), text)
    return [(match.start(), match.end(), f"w{numbered[match.group().casefold()]}") for match in found]


def _years(text: str, known: Pack) -> list[Hit]:
    """Four figures that are a year: in the last or the present century, or earlier behind a time word."""
    found = []
    for match in _YEAR.finditer(text):
        year = int(match[1])
        before = text[max(0, match.start() - 12) : match.start()].casefold().split()
        if before and before[-1] in known.words("numbers", "approximate") and before[-1] not in _time_words(known):
            continue
        if year in _PLAIN_YEARS or (before and before[-1] in _time_words(known)):
            found.append((match.start(), match.end(), f"{year:04d}-{_UNKNOWN}-{_UNKNOWN}"))
    return found


def _time_words(known: Pack) -> tuple[str, ...]:
    return known.words("dates", "year_before")
