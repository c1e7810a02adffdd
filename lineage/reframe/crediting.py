"""Claims that another says now, that nobody says any more, or that somebody is made to say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lineage.align.similarity import stems
from lineage.facts import Fact, same_name
from lineage.facts.names import is_person
from lineage.records import Change, Span
from lineage.reframe.side import Facing, Side

# Share of a claim's content that a sentence of the other side must hold to be the same claim.
_SAME_CLAIM = 0.3
_LEAST_STEMS = 3
_NEAR = 50


@dataclass(frozen=True, slots=True)
class _Claim:
    """A stretch of one sentence, its rare stems, and who is said to say it."""

    sentence: int
    stems: dict[str, float]
    voices: tuple[Fact, ...]


def attribution_changes(facing: Facing) -> list[Change]:
    """Claims of the parent whose speaker the child exchanges, drops, makes nameless, or adds."""
    changes: dict[tuple[int, int], Change] = {}
    for row, column, note in [*_from_attributed(facing), *_from_flat(facing)]:
        if (row, column) not in changes:
            before, after = facing.parent.sentences[row], facing.child.sentences[column]
            changes[row, column] = Change(
                "attribution", facing.parent.sentence(row), facing.child.sentence(column), before, after, note
            )
    return list(changes.values())


def attribution_survives(attribution: Fact, facing: Facing) -> bool:
    """Whether somebody in the child says anything under the same name."""
    return any(_same_voice(attribution, other, facing) for other in facing.child.of("attribution"))


def _from_attributed(facing: Facing) -> Iterator[tuple[int, int, str]]:
    for told in facing.parent.of("attribution"):
        if not told.speaker or told.claim is None:
            continue
        row = facing.parent.at(told.claim.start)
        found = _counterpart(facing, row, _content(facing, facing.parent, told.claim))
        if found is None:
            continue
        column, shared = found
        voices = _voices(facing, facing.child, column, shared)
        note = _judged(facing, told, column, voices)
        if note:
            yield row, column, note


def _judged(facing: Facing, told: Fact, column: int, voices: list[Fact]) -> str:
    """What happened to the speaker, in half a sentence; empty where nothing certain did."""
    if not voices:
        return f"{_name(told)} is no longer named as the source" if _is_flat(facing, told, column) else ""
    if any(_same_voice(told, voice, facing) for voice in voices):
        return ""
    voice = voices[0]
    if _is_unnamed(voice, facing):
        return f"said by {_name(told)}, now by nobody named"
    if _is_name(told, facing) and _is_name(voice, facing):
        return f"said by {_name(told)}, now by {_name(voice)}"
    return ""


def _from_flat(facing: Facing) -> Iterator[tuple[int, int, str]]:
    for told in facing.child.of("attribution"):
        if told.claim is None:
            continue
        column = facing.child.at(told.claim.start)
        content = _content(facing, facing.child, told.claim)
        rows = [row for row in range(len(facing.parent.sentences)) if facing.related(row, column, 0.25)]
        scored = [(_share(content, _sentence_content(facing, facing.parent, row)), row) for row in rows]
        best = max(scored, default=(0.0, 0))
        if best[0] < _SAME_CLAIM or len(content) < _LEAST_STEMS:
            continue
        row = best[1]
        if _voiced(facing, facing.parent, row) or not _is_unnamed(told, facing):
            continue
        yield row, column, f"stated before, now attributed to {told.speaker or 'nobody named'}"


def _counterpart(facing: Facing, row: int, content: dict[str, float]) -> tuple[int, set[str]] | None:
    """The child's sentence that holds most of a claim, and the stems it shares with it."""
    if len(content) < _LEAST_STEMS:
        return None
    best: tuple[float, int, set[str]] | None = None
    for column in range(len(facing.child.sentences)):
        if not facing.related(row, column):
            continue
        other = _sentence_content(facing, facing.child, column)
        share = _share(content, other)
        if best is None or share > best[0]:
            best = (share, column, content.keys() & other.keys())
    if best is None or best[0] < _SAME_CLAIM:
        return None
    return best[1], best[2]


def _content(facing: Facing, side: Side, span: Span) -> dict[str, float]:
    found = stems(side.text[span.start : span.end], facing.language.code)
    return {stem: weight * facing.rarity.get(stem, 1.0) for stem, weight in found.items() if weight >= 1.0}


def _sentence_content(facing: Facing, side: Side, number: int) -> dict[str, float]:
    return _content(facing, side, side.sentences[number])


def _share(content: dict[str, float], other: Iterable[str]) -> float:
    total = sum(content.values())
    return sum(content[stem] for stem in content.keys() & set(other)) / total if total else 0.0


def _voices(facing: Facing, side: Side, number: int, shared: set[str]) -> list[Fact]:
    """The attributions of a sentence that cover the shared words; all of them where none does."""
    span = side.sentences[number]
    here = [fact for fact in side.of("attribution") if fact.scope == span]
    covering = [f for f in here if f.claim is not None and shared & _content(facing, side, f.claim).keys()]
    spoken = [q for q in side.of("quote") if q.span.start < span.end and span.start < q.span.end and q.speaker]
    return covering or ([] if here and not spoken else spoken)


def _voiced(facing: Facing, side: Side, number: int) -> bool:
    """Whether anybody speaks in a sentence or in the one before it in the same paragraph."""
    spans = [side.sentences[number]]
    if number and "\n" not in side.text[side.sentences[number - 1].end : side.sentences[number].start]:
        spans.append(side.sentences[number - 1])
    return any(fact.scope in spans for fact in side.of("attribution")) or any(
        quote.span.start < span.end and span.start < quote.span.end for quote in side.of("quote") for span in spans[:1]
    )


def _is_flat(facing: Facing, told: Fact, column: int) -> bool:
    """Whether the child's sentence gives no sign of the parent's speaker: no name, no pronoun, no speech going on."""
    side = facing.child
    if _voiced(facing, side, column):
        return False
    sentence = side.sentence(column).casefold()
    words = set(sentence.replace("’", "'").split())
    if words & set(facing.language.words("attribution", "humans")):
        return False
    return not any(word in sentence for word in (told.value or told.speaker.casefold()).split() if len(word) > 3)


def _same_voice(a: Fact, b: Fact, facing: Facing) -> bool:
    """Whether two attributions can be to the same speaker; a speaker who cannot be resolved may be anyone."""
    x, y = a.value or (a.speaker if a.kind == "quote" else ""), b.value if b.kind != "quote" else b.speaker
    if not x or not y:
        return bool(a.speaker and b.speaker)
    if same_name(x, y) or set(x.split()) & set(y.split()):
        return True
    if _is_name(a, facing) and _is_name(b, facing):
        return False
    return bool(_aliases(facing, x) & _aliases(facing, y))


def _aliases(facing: Facing, value: str) -> set[str]:
    """The words a speaker goes by: the own ones and, of a name, those around its mentions."""
    words = set(stems(value, facing.language.code))
    for side in (facing.parent, facing.child):
        for name in side.of("name"):
            if same_name(name.value, value):
                stretch = side.text[max(0, name.span.start - _NEAR) : name.span.end + _NEAR]
                found = stems(stretch, facing.language.code)
                words |= {stem for stem, weight in found.items() if weight >= 1.0}
    return words


def _is_name(fact: Fact, facing: Facing) -> bool:
    value = fact.speaker if fact.kind == "quote" else fact.value
    names = {name.value for side in (facing.parent, facing.child) for name in side.of("name")}
    return value in names


def _is_unnamed(fact: Fact, facing: Facing) -> bool:
    if fact.kind == "attribution" and not fact.speaker:
        return True
    if _is_name(fact, facing):
        return False
    words = set((fact.value or fact.speaker).casefold().split())
    return bool(words & set(facing.language.words("attribution", "unnamed")))


def _name(fact: Fact) -> str:
    return fact.speaker


def is_person_speaking(fact: Fact, facing: Facing) -> bool:
    """Whether the resolved speaker looks like a person."""
    return is_person(fact.value, facing.language)
