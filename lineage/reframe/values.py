"""Numbers and dates whose value changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Literal

from rapidfuzz.distance import OSA

from lineage.align.similarity import stems
from lineage.facts import Fact, FactKind, same_date
from lineage.language import Pack
from lineage.records import Change
from lineage.reframe.side import Facing, Side

_WINDOW = 60
# A figure is a rounding of another when they lie this close and one of them has fewer digits that say something.
_ROUNDED = Decimal("0.1")
_SMALL = Decimal(12)
_ENOUGH = 2.0
_SIZE = 4
_MONTHS = 12
# Figures of this many digits that hold the same digits are hardly so by chance.
_LONG = 4
_REMEMBERED = 4096  # numbers, and pairs of them


def number_changes(facing: Facing) -> list[Change]:
    """Numbers of the parent that the child gives with another value.

    Equal values are matched first, one to one, those in sentences that answer to each other before the others; only
    what stays over is paired, by unit, by the words around and by the look of the figures. Format and scale words are
    no change; a number made rounder, or a round one made exact, is told as `rounding`.
    """
    equal, lost, new = _sorted_out(facing, "number")
    told = [_change("number", before, after) for before, after in _paired(facing, lost, new)]
    rounded = [pair for pair in equal if _is_rounded(*pair) and _nearness(facing, *pair)]
    return told + [_change("rounding", before, after) for before, after in rounded]


def _is_rounded(before: Fact, after: Fact) -> bool:
    """Whether two numbers that stand for one amount differ in value, beyond the unit of a duration."""
    same_unit = before.unit.rstrip("s") == after.unit.rstrip("s")
    return before.value != after.value and before.unit != "time" and (same_unit or _is_rounding(before, after))


def date_changes(facing: Facing) -> list[Change]:
    """Dates of the parent that the child gives otherwise; stating more or less of the same date is no change."""
    return [_change("date", before, after) for before, after in _paired(facing, *_sorted_out(facing, "date")[1:])]


def _sorted_out(facing: Facing, kind: FactKind) -> tuple[list[tuple[Fact, Fact]], list[Fact], list[Fact]]:
    """The equals of both sides, one to one, and the facts of each without an equal of their own.

    A fact that is only repeated, in a sentence that answers to one with its equal, is not left over.
    """
    mine, theirs = facing.parent.of(kind), facing.child.of(kind)
    equal = [
        (-_nearness(facing, before, after), before.unit != after.unit, n, m)
        for n, before in enumerate(mine)
        for m, after in enumerate(theirs)
        if _is_equal(before, after, facing) and (not _is_common(before) or _nearness(facing, before, after))
    ]
    taken_left: dict[int, int] = {}
    taken_right: set[int] = set()
    repeated_left = {n for distance, another, n, _ in equal if distance < 0 and not another}
    repeated_right = {m for distance, another, _, m in equal if distance < 0 and not another}
    for _, _, n, m in sorted(equal):
        if n not in taken_left and m not in taken_right:
            taken_left[n] = m
            taken_right.add(m)
    lost = [
        f
        for n, f in enumerate(mine)
        if n not in taken_left.keys() | repeated_left and not _in_other_words(f, facing.child)
    ]
    new = [
        f
        for m, f in enumerate(theirs)
        if m not in taken_right | repeated_right and not _in_other_words(f, facing.parent)
    ]
    return [(mine[n], theirs[m]) for n, m in sorted(taken_left.items())], lost, new


def _nearness(facing: Facing, before: Fact, after: Fact) -> int:
    """2 in one block, 1 in related sentences, 0 elsewhere."""
    row, column = facing.parent.at(before.span.start), facing.child.at(after.span.start)
    if column in facing.partners[row]:
        return 2
    return 1 if facing.related(row, column) else 0


def _is_common(fact: Fact) -> bool:
    """Whether a value is so common that the same one in an unrelated sentence is another thing: a weekday, a "two"."""
    if fact.kind == "date":
        return fact.value.startswith("w")
    return fact.value.isdigit() and int(fact.value) <= _SMALL and not fact.unit.isupper() and fact.unit != "%"


def _is_equal(before: Fact, after: Fact, facing: Facing) -> bool:
    if before.kind == "date":
        theirs = _readings(after, facing.language)
        return any(same_date(mine, other) for mine in _readings(before, facing.language) for other in theirs)
    return same_amount(before, after, facing.language)


def _readings(fact: Fact, known: Pack) -> tuple[str, ...]:
    """What a date can mean: "05/03/2024" two days where some write the day first and others the month."""
    year, _, rest = fact.value.partition("-")
    month, _, day = rest.partition("-")
    if "/" not in fact.text or known.dates.get("day_first", True) or not day.isdigit() or int(day) > _MONTHS:
        return (fact.value,)
    return fact.value, f"{year}-{day}-{month}"


def _in_other_words(fact: Fact, side: Side) -> bool:
    """Whether a number stands in the other text as a year, or in a form that is not read as a number."""
    if fact.kind == "number" and any(other.value.startswith(f"{fact.value}-") for other in side.of("date")):
        return True
    return fact.kind == "number" and fact.unit != "time" and not fact.value.isdigit() and fact.text in side.text


def survives(fact: Fact, facing: Facing) -> bool:
    """Whether the child still has a number or date of the parent."""
    equals = facing.child.of(fact.kind)
    return any(_is_equal(fact, other, facing) for other in equals) or _in_other_words(fact, facing.child)


def _change(kind: Literal["number", "date", "rounding"], before: Fact, after: Fact) -> Change:
    if kind == "date":
        return Change("date", before.text, after.text, before.span, after.span)
    note = f"{after.rounding} {after.text}" if after.rounding and not before.rounding else ""
    return Change(kind, before.text, after.text, before.span, after.span, note)


def same_amount(a: Fact, b: Fact, known: Pack) -> bool:
    """Whether two numbers are one amount: equal, one duration in other units, or one a rounding of the other."""
    if a.value == b.value:
        return True
    if a.unit == b.unit == "time" and (not known.numbers or "pm" in known.words("numbers", "after_noon")):
        # Where clocks have twelve hours, "10:40" may be of the evening.
        return _on_the_dial(a.value) == _on_the_dial(b.value)
    lengths = known.mapping("numbers", "durations")
    if a.unit in lengths and b.unit in lengths:
        days = _days(a, lengths)
        if days is not None and days == _days(b, lengths):
            return True
    return _is_rounding(a, b)


def _on_the_dial(time: str) -> tuple[int, str]:
    """The hour of a clock of twelve hours, and the minutes as written."""
    hour, minutes = time.split(":")
    return int(hour) % int(_SMALL), minutes


def _days(duration: Fact, lengths: Mapping[str, float]) -> Decimal | None:
    number = _decimal(duration)
    return None if number is None else number * Decimal(str(lengths[duration.unit]))


def _decimal(fact: Fact) -> Decimal | None:
    return _parsed(fact.value)


@lru_cache(_REMEMBERED)
def _parsed(value: str) -> Decimal | None:
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def _is_rounding(a: Fact, b: Fact) -> bool:
    """Whether one number is the other made rounder: "3,912" and "about 3,900"."""
    return _rounds(a.value, b.value, bool(a.rounding or b.rounding))


@lru_cache(_REMEMBERED)
def _rounds(a: str, b: str, inexact: bool) -> bool:
    x, y = _parsed(a), _parsed(b)
    if x is None or y is None or not x or not y or abs(x - y) > max(Decimal(1), _ROUNDED * max(x, y)):
        return False
    if _cut_decimals(x, y):
        return True
    if max(x, y) < _SMALL:
        return False
    rounder = min((x, y), key=lambda n: len(_significant(n)))
    if len(_significant(x)) == len(_significant(y)) or not inexact:
        return False
    return abs(x - y) / max(x, y) <= _ROUNDED and len(_significant(rounder)) <= 2


def _cut_decimals(x: Decimal, y: Decimal) -> bool:
    """Whether one is the other rounded to fewer places behind the point."""
    fine, coarse = sorted((x, y), key=lambda n: int(n.as_tuple().exponent))
    places = int(coarse.as_tuple().exponent)
    return int(fine.as_tuple().exponent) < places <= 0 and fine.quantize(Decimal(1).scaleb(places)) == coarse


def _significant(value: Decimal) -> str:
    return format(value, "f").replace(".", "").strip("0") or "0"


def _paired(facing: Facing, lost: list[Fact], new: list[Fact]) -> list[tuple[Fact, Fact]]:
    """The unplaced facts of both sides paired from the most similar down, each once."""
    if not lost or not new:
        return []
    mine, theirs = _stray(facing, facing.parent, lost), _stray(facing, facing.child, new)
    scored = [
        (score, before.fact.span, after.fact.span, before.fact, after.fact)
        for before in mine
        for after in theirs
        if (score := _likeness(facing, before, after)) >= _ENOUGH
    ]
    pairs: list[tuple[Fact, Fact]] = []
    for _, _, _, before, after in sorted(scored, key=lambda entry: (-entry[0], entry[1], entry[2])):
        if all(before is not b and after is not a for b, a in pairs):
            pairs.append((before, after))
    return sorted(pairs, key=lambda pair: pair[1].span)


@dataclass(frozen=True, slots=True)
class _Stray:
    """A fact that is left over.  sentence: its number.  beside: the others left over there.  around: content stems."""

    fact: Fact
    sentence: int
    beside: tuple[Fact, ...]
    around: frozenset[str]


def _stray(facing: Facing, side: Side, found: list[Fact]) -> list[_Stray]:
    places = [side.at(fact.span.start) for fact in found]
    by_sentence: dict[int, list[Fact]] = {}
    for fact, place in zip(found, places, strict=True):
        by_sentence.setdefault(place, []).append(fact)
    return [
        _Stray(fact, place, tuple(f for f in by_sentence[place] if f is not fact), _around(side, fact, facing))
        for fact, place in zip(found, places, strict=True)
    ]


def _are_alone(before: _Stray, after: _Stray) -> bool:
    """Whether each of two facts is the only one of its sort left over in its sentence: one stands for the other."""
    rivals = any(_comparable(fact, after.fact) for fact in before.beside)
    return not rivals and not any(_comparable(before.fact, fact) for fact in after.beside)


def _likeness(facing: Facing, lost: _Stray, new: _Stray) -> float:
    """How much speaks for `new` being `lost` gone wrong; 2 is enough."""
    before, after, row, column = lost.fact, new.fact, lost.sentence, new.sentence
    if before.value == after.value or not _comparable(before, after):
        return 0.0
    paired = column in facing.partners[row]
    same_unit = before.kind == "number" and before.unit != "" and before.unit.rstrip("s") == after.unit.rstrip("s")
    look = _look(before, after)
    shared = len(lost.around & new.around)
    swapped = look == 1.0 and (same_unit or shared > 0 or len(before.value) >= _LONG)
    if not swapped and not facing.related(row, column):
        return 0.0
    alone = _are_alone(lost, new)
    if (
        before.kind == "number"
        and not same_unit
        and not look
        and not (paired and shared >= 2 - alone and _near(before, after))
    ):
        return 0.0
    return (1.0 if paired else 0.5) + same_unit + look + 0.5 * swapped + 0.5 * alone + min(1.5, 0.5 * shared)


def _near(before: Fact, after: Fact) -> bool:
    """Whether two counts are of one size, so that one can have been written for the other."""
    x, y = _decimal(before), _decimal(after)
    currencies = before.unit.isupper(), after.unit.isupper()
    return bool(x and y) and x is not None and y is not None and max(x, y) <= _SIZE * min(x, y) and not any(currencies)


def _comparable(before: Fact, after: Fact) -> bool:
    """Whether two facts are of one sort: both years, both days of a month, both shares, both ordinals, both counts."""
    if before.kind == "date":
        return _sort(before.value) == _sort(after.value)
    special = {"%", "ordinal", "time"}
    if before.unit in special or after.unit in special:
        return before.unit == after.unit
    return True


def _sort(value: str) -> tuple[bool, ...]:
    """Which parts of a date are stated; a stated year beside a day makes no difference."""
    if value.startswith("w"):
        return (True,)
    year, month, day = (part != "*" for part in value.split("-"))
    return (year and not month, month, day)


def _look(before: Fact, after: Fact) -> float:
    """Figures that a slip of the hand turns into each other: swapped or one digit wrong."""
    a, b = before.value.rstrip("0").rstrip("."), after.value.rstrip("0").rstrip(".")
    if sorted(a) == sorted(b) and len(a) > 1:
        return 1.0
    return 0.5 if len(a) > 1 and OSA.distance(a, b) == 1 else 0.0


def _around(side: Side, fact: Fact, facing: Facing) -> frozenset[str]:
    """The content stems beside a fact, within its sentence."""
    start, end = side.sentences[side.at(fact.span.start)]
    before = side.text[max(start, fact.span.start - _WINDOW) : fact.span.start]
    after = side.text[fact.span.end : min(end, fact.span.end + _WINDOW)]
    found = stems(f"{before} {after}", facing.language.code)
    return frozenset(stem for stem, weight in found.items() if weight >= 1.0)
