"""An article as it was read, and what could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple

from lineage.errors import InputError

Precision = Literal["year", "month", "day", "minute", "second", "until"]


class Span(NamedTuple):
    """A half-open range of code points: `text[start:end]`."""

    start: int
    end: int


# Civil time runs from UTC-12 to UTC+14, so an unstated zone leaves this much open on either side.
_EARLIEST_ZONE = timedelta(hours=14)
_LATEST_ZONE = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A stated publication time and how much of it is known.

    The article appeared at some instant in [`earliest`, `latest`), both in UTC. A stamp without a zone is widened by
    the range of civil time, because an unstated zone is not UTC.

    text: as written in the input.  zone_known: the input stated an offset.  A precision of `until` says that only the
    end is known, as with the date of a crawl.
    """

    text: str
    earliest: datetime
    latest: datetime
    precision: Precision
    zone_known: bool

    def __post_init__(self) -> None:
        if self.earliest.tzinfo is None or self.latest.tzinfo is None:
            raise ValueError(f"stamp {self.text!r} has bounds without a zone; give both bounds in UTC")
        if not self.earliest < self.latest:
            raise ValueError(f"stamp {self.text!r} ends before it begins")

    @classmethod
    def of(cls, text: str, start: datetime, length: timedelta, precision: Precision) -> "Stamp":
        """The stamp of a period that begins at `start` and lasts `length`; a naive `start` has an unknown zone."""
        known = start.tzinfo is not None
        first = start.astimezone(UTC) if known else start.replace(tzinfo=UTC) - _EARLIEST_ZONE
        last = start.astimezone(UTC) if known else start.replace(tzinfo=UTC) + _LATEST_ZONE
        return cls(text, first, last + length, precision, known)

    def before(self, other: "Stamp") -> bool:
        """Whether this article certainly appeared before the other, if both stamps are right."""
        return self.latest <= other.earliest


@dataclass(frozen=True, slots=True)
class Article:
    """One text with what is known about it; its identity is `id`, never its position.

    `text` is kept exactly as read (newlines included), so every span of every later record points into it. `title` is
    not part of `text`. `story` is the value of the story field, where one was named. Other input columns are in
    `extra`.
    """

    id: str
    text: str
    title: str = ""
    published: Stamp | None = None
    source: str = ""
    author: str = ""
    url: str = ""
    lang: str = ""
    story: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.id:
            raise InputError("an article has no id; give it an `id` field")


@dataclass(frozen=True, slots=True)
class Skipped:
    """An input that was not taken, where it was, and why.

    where: `path`, `path:line`, `path#row`, `path#first-last`.  reason: a short fixed code such as `empty text`, so that
    reasons can be counted.  detail: one sentence with the remedy.  times: how many inputs it stands for, 1 or more.
    """

    where: str
    reason: str
    detail: str = ""
    times: int = 1
