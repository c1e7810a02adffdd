"""The life of a fact: where it was first, who kept, altered or dropped it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lineage.records import Life, Story
from lineage.report.labels import cut
from lineage.report.scene import anchor

SHOWN = 24  # lives; they come most telling first
NAMED = 6  # articles named for one event, the rest is counted
SHORT = 80
EVENTS = {
    "born": ("★", "first in"),
    "held": ("•", "stands in"),
    "inherited": ("=", "kept by"),
    "altered": ("~", "altered by"),
    "indirect": ("~", "made indirect by"),
    "dropped": ("−", "dropped by"),
}


@dataclass(frozen=True, slots=True)
class Course:
    """A fact with what became of it.

    told: sign, words and articles of each event.  marks: `digest=event` of each article, for the drawing.
    """

    fact: str
    kind: str
    origin: str
    told: tuple[tuple[str, str, str], ...]
    marks: str


def courses(story: Story, names: Mapping[str, str]) -> tuple[Course, ...]:
    """The facts that were passed on, most telling first, as many as a reader looks through."""
    return tuple(_course(life, names) for life in story.lives[:SHOWN])


def _course(life: Life, names: Mapping[str, str]) -> Course:
    stations = [station for station in life.stations if station.article in names]
    told = []
    for event, (sign, words) in EVENTS.items():
        those = [station for station in stations if station.event == event]
        said = [
            f"{names[one.article]} ({cut(one.text, SHORT)})" if event == "altered" and one.text else names[one.article]
            for one in those[:NAMED]
        ]
        if len(those) > NAMED:
            said.append(f"{len(those) - NAMED} more")
        if said:
            told.append((sign, words, ", ".join(said)))
    marks = " ".join(f"{anchor(station.article).partition('-')[2]}={station.event}" for station in stations)
    return Course(cut(life.fact, SHORT), life.kind, cut(life.origin, SHORT), tuple(told), marks)
