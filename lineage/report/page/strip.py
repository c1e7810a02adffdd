"""The time strip: when each article appeared, on one line of time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lineage.records import Story
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
    """Marks in lanes above a scale; times are UTC."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    height: float


def strip(story: Story, sheet: Sheet) -> Strip | None:
    """The strip of a story; None where fewer than two different times are known."""
    known = {head.id: moment for head in story.headlines if (moment := instant(head)) is not None}
    if len(set(known.values())) < 2:
        return None
    ends = [known[head.id] + _LENGTH.get(head.precision, timedelta(0)) for head in story.headlines if head.id in known]
    first, last = min(known.values()), max(ends)
    marks = _marks(story, sheet, known, (first, last))
    height = max(mark.y for mark in marks) + LANE
    return Strip(tuple(marks), tuple(_ticks(first, last)), height)


def _marks(story: Story, sheet: Sheet, known: dict[str, datetime], bounds: tuple[datetime, datetime]) -> list[Mark]:
    lanes: list[float] = []
    named = len(known) <= NAMED
    marks = []
    for head in sorted(
        (head for head in story.headlines if head.id in known), key=lambda head: (known[head.id], head.id)
    ):
        x = _place(known[head.id], bounds)
        width = _place(known[head.id] + _LENGTH.get(head.precision, timedelta(0)), bounds) - x
        name = cut(sheet.names[head.id], 30) if named else ""
        room = columns(name) * LETTER + 18
        left = x + width + room > WIDTH
        start, end = (x - room, x + width + 8) if left else (x - 6, x + width + room)
        lane = next((n for n, taken in enumerate(lanes) if taken <= start), len(lanes))
        lanes[lane:] = [end, *lanes[lane + 1 :]]
        said = f"{sheet.names[head.id]}, {when(head, year=True)}"
        name_x = x - 9 if left else x + width + 9
        aim = sheet.aims.get(sheet.anchors[head.id], "")
        marks.append(Mark(aim, x, 14 + lane * LANE, width, name, name_x, "end" if left else "start", said))
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
