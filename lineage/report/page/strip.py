"""The time strip: when each article appeared, on one line of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lineage.records import Article, Story
from lineage.report.labels import MONTHS, columns, cut, instant, when
from lineage.report.page.view import Sheet

WIDTH, LEFT, RIGHT, LANE = 1000.0, 14.0, 986.0, 22.0
LETTER = 6.6  # width of a letter in the strip's own units
NAMED = 40  # more marks than this stand without their names
_LENGTH = {"year": timedelta(days=365), "month": timedelta(days=30), "day": timedelta(days=1)}
_STEPS = [timedelta(minutes=m) for m in (5, 10, 15, 30)] + [timedelta(hours=h) for h in (1, 2, 3, 6, 12)]
_STEPS += [timedelta(days=d) for d in (1, 2, 5, 10, 30, 60, 90, 180, 365, 730, 1825, 3650)]
TICKS = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """One article: from `x`, for `width` where only a day, month or year is known; its name right or left of it."""

    key: str
    x: float
    y: float
    width: float
    name: str
    name_x: float
    anchor: str
    said: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale and its words."""

    x: float
    words: str


@dataclass(frozen=True, slots=True)
class Strip:
    """Marks in lanes above a scale; first, last: the times of its ends, in seconds since 1970; times are UTC."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    height: float
    first: int
    last: int


def strip(story: Story, articles: Mapping[str, Article], sheet: Sheet) -> Strip | None:
    """The strip of a story; None where fewer than two different times are known."""
    known = {head.id: moment for head in story.headlines if (moment := instant(head)) is not None}
    if len(set(known.values())) < 2:
        return None
    coarse = {head.id for head in story.headlines if head.precision in _LENGTH}
    spans = {id: (start, _end(id, start, story, articles) if id in coarse else start) for id, start in known.items()}
    bounds = min(known.values()), max(end for _, end in spans.values())
    marks = _marks(story, sheet, spans, bounds)
    first, last = (int(moment.timestamp()) for moment in bounds)
    return Strip(tuple(marks), tuple(_ticks(*bounds)), max(mark.y for mark in marks) + LANE, first, last)


def _end(id: str, start: datetime, story: Story, articles: Mapping[str, Article]) -> datetime:
    stamp = articles[id].published if id in articles else None
    if stamp is not None:
        return stamp.latest
    return start + next(_LENGTH[head.precision] for head in story.headlines if head.id == id)


def _marks(
    story: Story, sheet: Sheet, spans: Mapping[str, tuple[datetime, datetime]], bounds: tuple[datetime, datetime]
) -> list[Mark]:
    lanes: list[float] = []
    heads = {head.id: head for head in story.headlines}
    marks = []
    for id in sorted(spans, key=lambda id: (spans[id], id)):
        x, end = (_place(moment, bounds) for moment in spans[id])
        name = cut(sheet.names[id], 30) if len(spans) <= NAMED else ""
        room = columns(name) * LETTER + 18
        left = end + room > WIDTH
        taken = (x - room, end + 8) if left else (x - 6, end + room)
        lane = next((n for n, right in enumerate(lanes) if right <= taken[0]), len(lanes))
        lanes[lane:] = [taken[1], *lanes[lane + 1 :]]
        marks.append(
            Mark(
                key=sheet.aims.get(sheet.anchors[id], ""),
                x=x,
                y=14 + lane * LANE,
                width=round(end - x, 1),
                name=name,
                name_x=x - 9 if left else end + 9,
                anchor="end" if left else "start",
                said=f"{sheet.names[id]}, {when(heads[id], year=True)}",
            )
        )
    return marks


def _place(moment: datetime, bounds: tuple[datetime, datetime]) -> float:
    share = (moment - bounds[0]) / (bounds[1] - bounds[0])
    return round(LEFT + share * (RIGHT - LEFT), 1)


def _ticks(first: datetime, last: datetime) -> list[Tick]:
    step = next((step for step in _STEPS if (last - first) / step <= TICKS), _STEPS[-1])
    midnight = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    at = midnight + step * max(0, -(-(first - midnight) // step))
    while at <= last:
        found.append(Tick(_place(at, (first, last)), _words(at, step)))
        at += step
    return found


def _words(moment: datetime, step: timedelta) -> str:
    day = f"{moment.day} {MONTHS[moment.month - 1]}"
    if step < timedelta(days=1):
        return f"{day}, {moment:%H:%M}" if (moment.hour, moment.minute) == (0, 0) else f"{moment:%H:%M}"
    return day if step < timedelta(days=60) else f"{day} {moment.year}"
