"""What the accounts of changes find of the annotated rewrites, and of errors put into them here."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lineage.records import Article, Change, Span
from lineage.reframe import reframing

# The stories that the rules were developed on, and those that were only looked at as totals.
HALVES = {"f01–f04": ("f01", "f02", "f03", "f04"), "f05–f08": ("f05", "f06", "f07", "f08")}
KINDS = {"number": "numbers_changed", "name": "names_changed", "attribution": "attribution_changed"}
HEDGES = {"hedge_added": ("hedges_added", "child_text"), "hedge_dropped": ("hedges_dropped", "parent_text")}
QUOTES = {"quotes_kept": "kept", "quotes_to_indirect": "quote_indirect", "quotes_dropped": "quote_dropped"}
SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MOST = 3  # errors of one sort put into one article


@dataclass(frozen=True)
class Annotated:
    """One annotated edge: parent and child as articles, and what a reader wrote down about it."""

    story: str
    parent: Article
    child: Article
    gold: dict[str, Any]


Sort = tuple[str, re.Pattern[str], Callable[[str], str]]
Table = Callable[[Sequence[str], Iterable[Sequence[object]]], None]


def edges(folder: Path) -> list[Annotated]:
    """The annotated edges below a folder, in order."""
    found = []
    for path in sorted(folder.rglob("*.gold.json")):
        gold = json.loads(path.read_text(encoding="utf-8"))
        parent, child = (_article(path.with_name(f"{gold[side]}.txt")) for side in ("parent", "child"))
        found.append(Annotated(path.parent.name, parent, child, gold))
    return found


def _article(path: Path) -> Article:
    title, _, text = path.read_text(encoding="utf-8").partition("\n\n")
    return Article(f"{path.parent.name}/{path.stem}", text, title=title, lang="en")


def _overlaps(a: str, b: str) -> bool:
    a, b = " ".join(a.lower().split()), " ".join(b.lower().split())
    return bool(a) and bool(b) and (a in b or b in a)


def _sides(truth: dict[str, str], kind: str) -> tuple[str, str]:
    if kind == "attribution":
        return truth.get("parent_text", ""), truth.get("child_text", "")
    return truth.get("before", ""), truth.get("after", "")


def changed(known: Sequence[Annotated]) -> Iterator[tuple[str, Counter[str]]]:
    """Numbers with dates, names, attributions by both wordings; hedges by their sentence; loaded words by wording."""
    told = [reframing(edge.parent, edge.child).changes for edge in known]
    for kind, field in KINDS.items():
        counts: Counter[str] = Counter()
        for edge, changes in zip(known, told, strict=True):
            mine = [(c.before, c.after) for c in changes if {"date": "number"}.get(c.kind, c.kind) == kind]
            truths = [_sides(truth, kind) for truth in edge.gold[field]]
            _count(counts, mine, truths, lambda m, t: _overlaps(m[0], t[0]) and _overlaps(m[1], t[1]))
        yield kind, counts
    for kind, (field, side) in HEDGES.items():
        counts = Counter()
        for edge, changes in zip(known, told, strict=True):
            own = [c for c in changes if c.kind == kind]
            _count(
                counts,
                [_sentence(edge, c) for c in own],
                [truth.get(side, "") for truth in edge.gold[field]],
                _overlaps,
            )
        yield kind, counts
    counts = Counter()
    for edge, changes in zip(known, told, strict=True):
        _count(counts, [c.after for c in changes if c.kind == "loaded_word"], edge.gold["loaded_words"], _overlaps)
    yield "loaded_word", counts


def _sentence(edge: Annotated, change: Change) -> str:
    """The sentence that a hedge stands in, cut at marks only, so that it does not lean on what is measured."""
    text, span = (edge.child.text, change.after_span) if change.after else (edge.parent.text, change.before_span)
    assert span is not None
    start = max(text.rfind(mark, 0, span.start) for mark in (". ", "\n", '" ')) + 1
    ends = [n for mark in (". ", "\n") if (n := text.find(mark, span.end)) >= 0]
    return text[start : min(ends, default=len(text))].strip(' ."')


def _count(counts: Counter[str], mine: Sequence[Any], truths: Sequence[Any], fits: Callable[[Any, Any], bool]) -> None:
    counts["gold"] += len(truths)
    counts["claimed"] += len(mine)
    counts["found"] += sum(any(fits(m, t) for m in mine) for t in truths)
    counts["right"] += sum(any(fits(m, t) for t in truths) for m in mine)


def quotations(known: Sequence[Annotated]) -> tuple[int, int]:
    """Annotated quotations whose fate — kept, made indirect, dropped — is told as the reader saw it; and all."""
    right = total = 0
    for edge in known:
        changes = reframing(edge.parent, edge.child).changes
        for field, fate in QUOTES.items():
            for entry in edge.gold[field]:
                words = entry if isinstance(entry, str) else entry.get("parent_quote", "")
                kinds = {c.kind for c in changes if c.kind.startswith("quote_") and _overlaps(c.before, words)}
                right += fate in kinds or (fate == "kept" and not kinds & {"quote_dropped", "quote_indirect"})
                total += 1
    return right, total


def _other(words: Sequence[str]) -> Callable[[str], str]:
    def next_word(word: str) -> str:
        return words[(words.index(word) + 1) % len(words)]

    return next_word


def _swapped(figures: str) -> str:
    """The first two digits that differ, exchanged; one digit raised where there are none."""
    for n in range(len(figures) - 1):
        a, b = figures[n], figures[n + 1]
        if a.isdigit() and b.isdigit() and a != b and b != "0":
            return figures[:n] + b + a + figures[n + 2 :]
    return figures[:-1] + str((int(figures[-1]) + 4) % 10)


def _respelt(name: str) -> str:
    return name[:-2] + {"a": "o", "e": "a", "i": "e", "o": "u"}.get(name[-2], "a") + name[-1]


def _next_day(day: str) -> str:
    return str(int(day) % 28 + 1)


_SHORT = "|".join(month[:3] for month in MONTHS)
SORTS: tuple[Sort, ...] = (
    (
        "figures",
        re.compile(r"(?<![A-Z][a-z][a-z]\. )(?<![a-z][a-z][yhelrt] )(?<![\w.,])\d{2,3}(?:[.,]\d+)*(?![\w]|[.,]\d)"),
        _swapped,
    ),
    ("days of a month", re.compile(rf"(?<=(?:{_SHORT})\. )\d{{1,2}}\b|(?<=(?:ch|il|ne|ly|st) )\d{{1,2}}\b"), _next_day),
    ("number words", re.compile(rf"\b(?:{'|'.join(SMALL)})\b"), _other(SMALL)),
    ("weekdays", re.compile(rf"\b(?:{'|'.join(DAYS)})\b"), _other(DAYS)),
    ("months", re.compile(rf"\b(?:{'|'.join(MONTHS)})\b"), _other(MONTHS)),
    (
        "names",
        re.compile(rf"(?<=[a-z,] )(?!{'|'.join((*DAYS, *MONTHS))})[A-Z][a-z]{{4,}}(?! [A-Z])(?=[ ,.])"),
        _respelt,
    ),
)


def injected(known: Sequence[Annotated]) -> Iterator[tuple[str, int, int, int, int]]:
    """Errors put into children, one at a time: found and all in lightly edited children, and in reworded ones.

    The unit that is made wrong stands in both texts as it was, in the parent once; a claim counts as found where its
    span in the child touches the place.
    """
    for name, pattern, wrong in SORTS:
        counts = Counter[tuple[bool, bool]]()
        for edge in known:
            reworded = len(_fives(edge.parent.text) & _fives(edge.child.text)) < 0.4 * len(_fives(edge.child.text))
            for child, place in _made_wrong(edge, pattern, wrong):
                changes = reframing(edge.parent, child).changes
                hit = any(
                    c.kind in {"number", "date", "name"} and c.after_span and _touch(c.after_span, place)
                    for c in changes
                )
                counts[reworded, hit] += 1
        yield (
            name,
            counts[False, True],
            counts[False, True] + counts[False, False],
            counts[True, True],
            counts[True, True] + counts[True, False],
        )


def _made_wrong(
    edge: Annotated, pattern: re.Pattern[str], wrong: Callable[[str], str]
) -> Iterator[tuple[Article, Span]]:
    taken: set[str] = set()
    for match in pattern.finditer(edge.child.text):
        word = match.group()
        again = re.compile(rf"(?<![\w.,]){re.escape(word)}(?![\w]|[.,]\d)")
        once = len(again.findall(edge.parent.text)) == 1 == len(again.findall(edge.child.text))
        if word in taken or not once or len(taken) == MOST:
            continue
        taken.add(word)
        new = wrong(word)
        text = edge.child.text[: match.start()] + new + edge.child.text[match.end() :]
        yield (
            Article(edge.child.id, text, title=edge.child.title, lang="en"),
            Span(match.start(), match.start() + len(new)),
        )


def _fives(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[n : n + 5]) for n in range(len(words) - 4)}


def _touch(a: Span, b: Span) -> bool:
    return a.start < b.end and b.start < a.end


def speed(articles: Sequence[Article], again: int) -> tuple[float, float]:
    """Processor milliseconds of an account of `articles[0]` to `articles[1]`: at first, and once both are known."""
    took = []
    for _ in range(1 + again):
        began = time.process_time()
        reframing(articles[0], articles[1])
        took.append(1000 * (time.process_time() - began))
    return took[0], min(took[1:])


def _ratio(a: int, b: int) -> object:
    return a / b if b else "–"


def figures(data: Path, table: Table) -> None:
    """Print everything."""
    known = edges(data / "rewrites")
    for half, stories in HALVES.items():
        part = [edge for edge in known if edge.story in stories]
        rows = [
            (kind, n["gold"], n["claimed"], _ratio(n["found"], n["gold"]), _ratio(n["right"], n["claimed"]))
            for kind, n in changed(part)
        ]
        table((f"change, {half}", "annotated", "claimed", "recall", "precision"), rows)
        right, total = quotations(part)
        table((f"quotations, {half}", "annotated", "accuracy"), [("kept, indirect, dropped", total, right / total)])
        found = [(name, f"{a} of {b}", f"{c} of {d}") for name, a, b, c, d in injected(part)]
        table((f"error put in, {half}", "lightly edited", "reworded"), found)
    speeds: list[Sequence[object]] = []
    for name, pair in (("annotated edge", known[0]), ("long documents", _longest(data))):
        sides = (pair.parent, pair.child)
        first, later = speed(sides, 3)
        speeds.append((name, sum(len(side.text) for side in sides), f"{first:.0f}", f"{later:.0f}"))
    table(("speed", "characters", "ms, first reading", "ms, articles known"), speeds)


def _longest(data: Path) -> Annotated:
    """The two longest documents of one story of software documentation."""
    stories: dict[str, list[str]] = {}
    for line in (data / "derivation" / "gitprose.docs.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        stories.setdefault(row["story"], []).append(row["text"])
    longest = max(stories.values(), key=lambda texts: max(map(len, texts)))
    first, second = sorted(longest, key=len, reverse=True)[:2]
    return Annotated("gitprose", Article("a", first), Article("b", second), {})
