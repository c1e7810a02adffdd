"""Stated dates become stamps that claim no more than was stated."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Any

from lineage.ingest import months
from lineage.records import Stamp
from lineage.records.article import Precision

_DAY = timedelta(days=1)
_LONGEST = 100
_FIRST_YEAR, _LAST_YEAR = 1000, 9990
_UNTIL = ("≤", "<=")

_YEAR = re.compile(r"(\d{4})$")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})$")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)$")
_COMPACT_TIME = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:\d{3})?)?$")
_UNIX = re.compile(r"\d{9,19}(\.\d+)?$")
_ISO = re.compile(
    r"\d{4}-?\d\d-?\d\d([T ]+\d\d(?P<minute>:?\d\d(?P<second>:?\d\d([.,]\d+)?)?)?\s*(Z|[+-]\d\d:?(\d\d)?)?)?$", re.I
)
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*[日号號])?$")
_CHINESE_TIME = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]\s*(?=\d)")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T\s])", re.I)
_LEADING_YEAR = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T\s]+\d{1,2}:", re.I)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# RFC 822, the form of feeds and mails; a shortcut, because dateutil takes thirty times as long.
_FEED = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?P<day>\d{1,2})\s+"
    r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\s+(?P<year>\d{4})"
    r"(?:\s+(?P<time>\d\d:\d\d(?::\d\d)?)\s*(?P<zone>[a-z]{1,4}|[+-]\d{4})?)?$",
    re.I,
)
# dateutil reads GMT+3 as POSIX does, three hours west; people mean three hours east.
_POSIX = re.compile(r"\b(?:GMT|UTC)\s*(?=[+-]\d)", re.I)
_DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}\.\s?\d{4}\b")

# RFC 822 fixes these; other abbreviations mean different offsets in different countries and count as unknown.
_ZONES = {"UTC": 0, "GMT": 0, "UT": 0, "Z": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5}
_ZONES |= {"MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3}

# What is not stated comes out as it went in: parsing against two defaults shows which parts were stated.
_ONE = datetime(2000, 1, 1, 1, 1, 1)
_OTHER = datetime(2004, 2, 2, 2, 2, 2)


def stamp(value: Any) -> Stamp | None:
    """When a value says something was published, as exactly as it says so; None where it cannot be told.

    Takes text, numbers (a year, `yyyymmdd`, seconds or milliseconds since 1970), dates and datetimes. Midnight exactly
    counts as a day, because that is how a date without a time is usually written. `05/03/2024` is None: which is the
    month depends on the country, and a guess would be worse than nothing. Depends on no locale and no clock.
    """
    try:
        return _stamp(value)
    except (ValueError, OverflowError, ArithmeticError, TypeError, AttributeError, IndexError):
        return None


def _stamp(value: Any) -> Stamp | None:
    if isinstance(value, datetime):
        return _moment(value.isoformat(), value, "second")
    if isinstance(value, date):
        return _period(value.isoformat(), value.year, value.month, value.day)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return _written(str(value))
    if isinstance(value, float):
        return _written(str(int(value)) if value.is_integer() else f"{value:f}")
    return _written(value.strip()) if isinstance(value, str) else None


def _written(text: str) -> Stamp | None:
    if not text or len(text) > _LONGEST:
        return None
    if text.startswith(_UNTIL):
        return _until(text)
    ordered = _ordered(text)
    for form, read in _FORMS:
        found = form.match(ordered)
        if found is not None:
            return read(text, found)
    return _freely(text)


def _until(text: str) -> Stamp | None:
    """The stamp of `≤ 2024-03-04`: at some time, and by then."""
    known = _written(text.lstrip("".join(_UNTIL)).strip())
    if known is None:
        return None
    return Stamp(text, datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC), known.latest, "until", known.zone_known)


def _ordered(text: str) -> str:
    """The text with year, month and day in the order of ISO 8601, where they are told apart by their form."""
    feed = _FEED.match(text)
    if feed is None:
        text = _CHINESE_TIME.sub(lambda ymd: f"{ymd[1]}-{ymd[2]:0>2}-{ymd[3]:0>2} ", text, count=1)
        return _YEAR_FIRST.sub(lambda ymd: f"{ymd[1]}-{ymd[2]:0>2}-{ymd[3]:0>2}", text, count=1)
    zone = feed["zone"] or ""
    if zone.isalpha():
        hours = _ZONES.get(zone.upper())
        zone = "" if hours is None else f"{hours:+03d}:00"
    month = _MONTHS.index(feed["month"].lower()) + 1
    return f"{feed['year']}-{month:02d}-{feed['day']:0>2} {feed['time'] or ''}{zone}".rstrip()


def _parts(text: str, found: re.Match[str]) -> Stamp | None:
    return _period(text, *(int(part) for part in found.groups() if part is not None))


def _period(text: str, year: int, month: int | None = None, day: int | None = None) -> Stamp | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    if month is None:
        return _between(text, datetime(year, 1, 1), datetime(year + 1, 1, 1), "year")
    start = datetime(year, month, day or 1)
    if day is not None:
        return _between(text, start, start + _DAY, "day")
    following = datetime(year + month // 12, month % 12 + 1, 1)
    return _between(text, start, following, "month")


def _between(text: str, start: datetime, end: datetime, precision: Precision) -> Stamp:
    return Stamp.of(text, start, end - start, precision)


def _moment(text: str, when: datetime, precision: Precision, hour_only: bool = False) -> Stamp | None:
    if not _FIRST_YEAR <= when.year <= _LAST_YEAR:
        return None
    plain = datetime(*when.timetuple()[:6], tzinfo=_fixed(when))
    if (plain.hour, plain.minute, plain.second) == (0, 0, 0):
        return _between(text, plain, plain + _DAY, "day")
    if precision == "second":
        return _between(text, plain, plain + timedelta(seconds=1), "second")
    length = timedelta(hours=1) if hour_only else timedelta(minutes=1)
    return _between(text, plain.replace(second=0), plain.replace(second=0) + length, "minute")


def _fixed(when: datetime) -> tzinfo | None:
    # Wall-clock arithmetic in a zone with summer time would stretch a day to 23 or 25 hours.
    offset = when.utcoffset()
    return None if offset is None else timezone(offset)


def _iso(text: str, found: re.Match[str]) -> Stamp | None:
    spaced = re.sub(r"[T ]+(?=\d\d)", "T", found[0], count=1, flags=re.I).replace(" ", "").replace(",", ".").upper()
    when = datetime.fromisoformat(spaced)
    if "T" not in spaced:
        return _period(text, when.year, when.month, when.day)
    precision: Precision = "second" if found["second"] is not None else "minute"
    return _moment(text, when, precision, hour_only=found["minute"] is None)


def _compact_time(text: str, found: re.Match[str]) -> Stamp | None:
    """`yyyymmddhhmm[ss]`, as archives write; as milliseconds it would mean some months of 1976, or the year 2611."""
    try:
        when = datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
    except ValueError:
        return _unix(text, found) if len(found[0]) == 12 else None
    return _moment(text, when, "minute" if found[6] is None else "second")


def _unix(text: str, found: re.Match[str]) -> Stamp | None:
    seconds = float(found[0])
    # Milliseconds, microseconds and nanoseconds since 1970 are all in use; the size tells them apart until 5138.
    while seconds >= 1e11:
        seconds /= 1000
    return _moment(text, datetime.fromtimestamp(int(seconds), UTC), "second")


def _freely(text: str) -> Stamp | None:
    found = _english(text)
    if found is not None or not any(sign.isalpha() for sign in text):
        return found
    translated = months.in_english(text)
    return None if translated == text else _english(translated, text)


def _english(text: str, written: str = "") -> Stamp | None:
    dotted = _DOTTED.match(text) is not None
    # Nobody writes year, day, month; dateutil would, where the day comes first.
    orders = {False} if _LEADING_YEAR.match(text) else {True, dotted}
    readings = {_reading(text, dayfirst=order) for order in orders}
    if len(readings) != 1:
        return None
    reading = readings.pop()
    return None if reading is None else _stated(written or text, *reading)


def _reading(text: str, dayfirst: bool) -> tuple[datetime, datetime] | None:
    from dateutil import parser

    def parsed(default: datetime) -> datetime:
        return parser.parse(_POSIX.sub("", text), default=default, dayfirst=dayfirst, tzinfos=_zone)

    try:
        return parsed(_ONE), parsed(_OTHER)
    except (ValueError, OverflowError):
        return None


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    hours = _ZONES.get((name or "").upper())
    return None if hours is None else timezone(timedelta(hours=hours))


def _stated(text: str, one: datetime, other: datetime) -> Stamp | None:
    # A year that is not written out in full was completed from today's date.
    if one.year != other.year or f"{one.year:04d}" not in text:
        return None
    if one.month != other.month:
        return _period(text, one.year)
    if one.day != other.day:
        return _period(text, one.year, one.month)
    if one.hour != other.hour:
        return _period(text, one.year, one.month, one.day)
    seconds, minutes = one.second == other.second, one.minute == other.minute
    when = one.replace(minute=one.minute if minutes else 0, second=one.second if seconds else 0)
    return _moment(text, when, "second" if seconds else "minute", hour_only=not minutes)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[str, re.Match[str]], Stamp | None]], ...] = (
    (_YEAR, _parts),
    (_COMPACT, _parts),
    (_MONTH, _parts),
    (_CHINESE, _parts),
    (_ISO, _iso),
    (_COMPACT_TIME, _compact_time),
    (_UNIX, _unix),
)
