"""The editor's sentence: one or two plain sentences made from the changes."""

from collections.abc import Sequence

from lineage.records import Change, ChangeKind, Fate

SHORTENED = "a part of the quotation, of which the rest is kept"  # what the note of such a change ends with
_SHOWN = 2
_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def summary(changes: Sequence[Change], fate: Fate) -> str:
    """What an editor would say first: what became false, then who lost the word, then tone and length."""
    if not changes and not fate.changed and not fate.dropped and not fate.added:
        return "Same text."
    if not fate.changed and not fate.dropped and not fate.added and all(c.kind == "headline" for c in changes):
        return "Same text under another headline."
    first = [*_values(changes), *_credits(changes), *_quotations(changes, fate)]
    second = [*_doubt(changes), *_tone(changes), *_arrangement(changes), *_extent(fate)]
    told = [_sentence(clauses) for clauses in (first, second) if clauses]
    headed = " text and headline" if _of(changes, "headline") else ""
    if not told:
        told = [f"Rewords{headed} without a change of fact that could be seen."]
    return " ".join(told)


def in_another_language(changes: Sequence[Change]) -> str:
    """The sentence where only numbers and dates could be held against each other."""
    told = _values(changes)
    return " ".join(["In another language; numbers and dates compared.", *([_sentence(told)] if told else [])])


def _of(changes: Sequence[Change], *kinds: ChangeKind) -> list[Change]:
    return [change for change in changes if change.kind in kinds]


def _sentence(clauses: Sequence[str]) -> str:
    joined = "; ".join(clauses)
    return joined[:1].upper() + joined[1:] + "."


def number(count: int) -> str:
    """A count in words up to twelve, in figures above."""
    return _WORDS[count] if count < len(_WORDS) else str(count)


def _counted(count: int, noun: str) -> str:
    return f"{number(count)} {noun}" if count == 1 else f"{number(count)} {noun}s"


def _values(changes: Sequence[Change]) -> list[str]:
    found = _of(changes, "number", "date", "name")
    told = [f"{change.before} becomes {change.after}" for change in found[: 2 * _SHOWN]]
    rest = len(found) - len(told)
    return [*told, *([f"{_counted(rest, 'more figure or name')} changed"] if rest else [])]


def _credits(changes: Sequence[Change]) -> list[str]:
    found = _of(changes, "attribution")
    told = [f"a claim {change.note}" for change in found[:_SHOWN] if change.note]
    rest = len(found) - len(told)
    return [*told, *([f"{_counted(rest, 'more claim')} credited otherwise"] if rest else [])]


def _quotations(changes: Sequence[Change], fate: Fate) -> list[str]:
    gone = _of(changes, "quote_dropped")
    shortened = sum(change.note.endswith(SHORTENED) for change in gone)
    counts = (
        (len(gone) - shortened, "drops {}"),
        (shortened, "shortens {}"),
        (len(_of(changes, "quote_indirect")), "turns {} into indirect speech"),
        (len(_of(changes, "quote_altered")), "rewords {}"),
    )
    return [clause.format(_share(count, fate.quotes.total)) for count, clause in counts if count]


def _share(count: int, total: int) -> str:
    if count >= total:
        return {1: "the only quotation", 2: "both quotations"}.get(total, f"all {number(total)} quotations")
    return f"{number(count)} of {number(total)} quotations"


def _doubt(changes: Sequence[Change]) -> list[str]:
    told = []
    verbs: tuple[tuple[ChangeKind, str], ...] = (("hedge_dropped", "drops"), ("hedge_added", "adds"))
    for kind, verb in verbs:
        found = _of(changes, kind)
        if found:
            words = ", ".join(dict.fromkeys(f"“{c.before or c.after}”" for c in found[:_SHOWN]))
            told.append(f"{verb} {_counted(len(found), 'hedge')} ({words})")
    return told


def _tone(changes: Sequence[Change]) -> list[str]:
    found = _of(changes, "loaded_word")
    if not found:
        return []
    words = ", ".join(f"“{change.after}”" for change in found[: _SHOWN + 1])
    return [f"adds {_counted(len(found), 'loaded word')} ({words})"]


def _arrangement(changes: Sequence[Change]) -> list[str]:
    told = ["opens with another fact"] if _of(changes, "lead") else []
    return [*told, *(["tells it in another order"] if _of(changes, "order") else [])]


def _extent(fate: Fate) -> list[str]:
    sentences = fate.kept + fate.changed + fate.dropped
    told = []
    if fate.dropped == sentences > 0:
        told.append("keeps no sentence")
    elif fate.dropped:
        told.append(f"leaves out {number(fate.dropped)} of {_counted(sentences, 'sentence')}")
    if fate.added:
        told.append(f"adds {_counted(fate.added, 'sentence')}")
    return told
