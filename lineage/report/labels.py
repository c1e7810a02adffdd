"""Words for a drawing: cleaned of what would disturb it, escaped, cut and wrapped; times and probabilities in short.

An article's text is hostile input: everything that goes into a label passes `clean` and then `html` or `plain`.
"""

import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from html import escape

import graphviz

from lineage.records import Headline

ELLIPSIS = "…"
MARKS_IN_A_ROW = 3  # more combining marks on one letter than any script needs are there to spill over the page
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# Overrides and isolates reorder what stands around them; marks and the rest are invisible and may hide words.
_INVISIBLE = frozenset("\u00ad\u061c\u180e\u200b\u200e\u200f\u2060\ufeff") | {
    chr(code)
    for first, last in ((0x202A, 0x202E), (0x2061, 0x206F), (0xFFF9, 0xFFFB))
    for code in range(first, last + 1)
}
_NEVER_FIRST = frozenset("、。，．！？：；）」』】》〉")
_DROPPED = frozenset({"Cs", "Cn", "Co"})
_SPACES = frozenset({"Cc", "Zs", "Zl", "Zp"})


def clean(text: str) -> str:
    """The text on one line, without control, bidirectional and invisible characters or towers of marks.

    >>> clean("Mayor\\u202e\\n\\tdenies")
    'Mayor denies'
    """
    return " ".join("".join(_shown(text)).split())


def _shown(text: str) -> Iterator[str]:
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category == "Mn" else 0
        if category in _SPACES:
            yield " "
        elif category not in _DROPPED and char not in _INVISIBLE and marks <= MARKS_IN_A_ROW:
            yield char


def html(text: str) -> str:
    """Cleaned text for an HTML-like label; a backslash is doubled, for Graphviz puts a name in place of `\\N` there."""
    return escape(clean(text), quote=True).replace("\\", "&#92;&#92;")


def plain(text: str) -> str:
    """Cleaned text for an attribute that is no HTML-like label; Graphviz reads entities there, so `&` is escaped."""
    escaped: str = graphviz.escape(clean(text).replace("&", "&amp;"))
    return escaped  # a subclass of str that stays text even where it looks like an HTML-like label


def columns(text: str) -> float:
    """Width of a text in average Latin letters: a wide East Asian letter counts 2, a combining mark nothing."""
    return sum(_width(char) for char in text)


def _width(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    return 2.0 if unicodedata.east_asian_width(char) in "WF" else 1.0


def cut(text: str, width: float) -> str:
    """The cleaned text, ended with "…" where it is wider than `width` letters, at a space if one is near."""
    text = clean(text)
    if columns(text) <= width:
        return text
    head = _head(text, width - 1)
    space = head.rfind(" ")
    if space > len(head) * 2 // 3:
        head = head[:space]
    return head.rstrip(" ,;:–—-.") + ELLIPSIS


def wrapped(text: str, width: float, lines: int) -> list[str]:
    """The cleaned text in at most `lines` lines of `width` letters; what is left over is cut with "…".

    A word longer than a line is broken. No text, no line.
    """
    left = clean(text)
    done: list[str] = []
    while left and len(done) < lines - 1:
        line = _line(left, width)
        done.append(line.rstrip())
        left = left[len(line) :].lstrip()
    return [*done, cut(left, width)] if left else done


def _line(text: str, width: float) -> str:
    if columns(text) <= width:
        return text
    head = _head(text, width)
    following = text[len(head)]
    if following == " ":
        return head
    if following in _NEVER_FIRST:
        return head + following
    space = head.rfind(" ")
    return head[:space] if space > 0 else head


def _head(text: str, width: float) -> str:
    used = 0.0
    for position, char in enumerate(text):
        used += _width(char)
        if used > width:
            # At least one letter, or a line narrower than a letter would never end.
            return text[: max(position, 1)]
    return text


def right_to_left(text: str) -> bool:
    """Whether the first strong letter of the text is written from right to left."""
    for char in text:
        direction = unicodedata.bidirectional(char)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False


def chance(probability: float) -> str:
    """A probability in short: `.87`; never 1 or 0, because neither is ever known.

    >>> chance(0.87), chance(1.0), chance(0.001)
    ('.87', '>.99', '<.01')
    """
    if probability >= 0.995:
        return ">.99"
    if probability < 0.005:
        return "<.01"
    return f"{probability:.2f}".removeprefix("0")


def instant(headline: Headline) -> datetime | None:
    """The earliest instant at which the article can have appeared, in UTC; None without a date."""
    try:
        found = datetime.fromisoformat(headline.earliest)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def when(headline: Headline, year: bool = False) -> str:
    """The stated time as a reader wants it: `3 Mar, 09:10 +03:00`; `~3 Mar` for a day, `≤ 3 Mar` for that of a crawl.

    The local time and zone as stated; no zone is written where none was stated. Empty without a date.
    """
    stated = _stated(headline)
    if stated is None:
        return ""
    if headline.precision == "year":
        return f"~{stated.year}"
    if headline.precision == "month":
        return f"~{MONTHS[stated.month - 1]} {stated.year}"
    day = f"{stated.day} {MONTHS[stated.month - 1]}" + (f" {stated.year}" if year else "")
    if headline.precision == "until":
        return f"≤ {day}"
    if headline.precision == "day":
        return f"~{day}"
    return f"{day}, {stated:%H:%M}" + _zone(stated)


def date(headline: Headline) -> str:
    """The stated date for a table, as precise as it was stated: `2024-03-03`, `2024-03`, `≤ 2024-03-03`.

    The day is the one that was written: in UTC a day without a zone begins on the day before.
    """
    stated = _stated(headline)
    if stated is None:
        return ""
    known = {"year": 4, "month": 7}.get(headline.precision, 10)
    return ("≤ " if headline.precision == "until" else "") + stated.isoformat()[:known]


def _stated(headline: Headline) -> datetime | None:
    try:
        return datetime.fromisoformat(headline.published.strip("≤<= "))
    except ValueError:
        return _parsed(headline)


def _parsed(headline: Headline) -> datetime | None:
    from dateutil.parser import ParserError, parse

    earliest = instant(headline)
    if earliest is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of zones that have a name only, which are then left out
            # What the text leaves open is taken from the earliest instant, never from today.
            return parse(headline.published.strip("≤<= "), default=earliest.replace(tzinfo=None))
    except (ParserError, OverflowError, ValueError):
        return earliest


def _zone(stated: datetime) -> str:
    if stated.tzinfo is None:
        return ""
    offset = f"{stated:%z}"
    return " UTC" if offset in ("+0000", "") else f" {offset[:3]}:{offset[3:5]}"


def period(headlines: Iterable[Headline]) -> str:
    """From when to when the articles are, as stated: `3–4 Mar 2024`, `3 Mar 2024, 09:10–11:30 UTC`.

    Hours are given where all of them have a zone and fall on one day. Empty without a date.
    """
    known = [(head, stated) for head in headlines if (stated := _stated(head)) is not None]
    exact = [(head, stated) for head, stated in known if head.precision not in ("year", "month", "until")]
    if not exact:
        return min((when(head) for head, _ in known), default="")
    zoned = all(stated.tzinfo is not None and head.precision != "day" for head, stated in exact)
    if zoned:
        instants = [stated.astimezone(UTC) for _, stated in exact]
        return _between(min(instants), max(instants), hours=True)
    days = [stated.replace(tzinfo=None) for _, stated in exact]
    return _between(min(days), max(days), hours=False)


def _between(first: datetime, last: datetime, hours: bool) -> str:
    month = f"{MONTHS[last.month - 1]} {last.year}"
    if first.date() == last.date():
        times = f"{first:%H:%M}" if first == last else f"{first:%H:%M}–{last:%H:%M}"
        return f"{last.day} {month}" + (f", {times} UTC" if hours else "")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{last.day} {month}"
    start = f"{first.day} {MONTHS[first.month - 1]}" + ("" if first.year == last.year else f" {first.year}")
    return f"{start} – {last.day} {month}"
