"""Names that the child misspells or replaces."""

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from lineage.facts import Fact, same_name
from lineage.facts.names import is_person
from lineage.records import Change
from lineage.reframe.side import Facing, Side

_MISSPELT = 70.0
# Two forms of one word ("Ostmara", "Ostmaran") share at least this many letters from the front.
_SAME_STEM = 4
_REPLACED = 0.25


def name_changes(facing: Facing) -> list[Change]:
    """Names of the parent that stand otherwise in the child: misspelt, or replaced in the same sentence.

    Only a name that its own side has and the other side has in no form is looked at.
    """
    lost = _unplaced(facing.parent, facing.child)
    new = _unplaced(facing.child, facing.parent)
    found: dict[tuple[str, str], tuple[float, Fact, Fact]] = {}
    for before in lost:
        for after in new:
            strength = _strength(facing, before, after)
            key = (before.value, after.value)
            if strength > 0 and (key not in found or found[key][0] < strength):
                found[key] = (strength, before, after)
    return [_change(before, after) for before, after in _best(list(found.values()))]


def name_survives(name: Fact, child: Side) -> bool:
    """Whether the child still has a name of the parent, in any form."""
    return any(same_name(name.value, other.value) for other in child.of("name")) or _occurs(name, child)


def _unplaced(side: Side, other: Side) -> list[Fact]:
    return [name for name in side.of("name") if not name_survives(name, other)]


def _occurs(name: Fact, side: Side) -> bool:
    """Whether the name's last word, or another form of it, stands in the text."""
    last = name.value.split()[-1]
    stem = last[: max(_SAME_STEM, len(last) - 2)]
    text = side.text.casefold()
    return last in text or (len(last) >= _SAME_STEM and f" {stem}" in text)


def _strength(facing: Facing, before: Fact, after: Fact) -> float:
    row, column = facing.parent.at(before.span.start), facing.child.at(after.span.start)
    if not facing.related(row, column):
        return 0.0
    a, b = before.value, after.value
    if _differ_in_form_only(a, b):
        return 0.0
    alike = ratio(a, b)
    words_a, words_b = a.split(), b.split()
    shared = len(words_a) == len(words_b) > 1 and sum(x == y for x, y in zip(words_a, words_b, strict=True)) >= 1
    if alike >= _MISSPELT and (shared or OSA.distance(a, b) <= 3):
        return alike
    both_persons = is_person(a, facing.language) and is_person(b, facing.language)
    close = column in facing.partners[row] and facing.affinity.cosine[row, column] >= _REPLACED
    if close and both_persons and _alone(facing, before, after):
        return alike / 2 + 1.0
    return 0.0


def _differ_in_form_only(a: str, b: str) -> bool:
    x, y = a.split()[-1], b.split()[-1]
    return x.startswith(y[:-1]) or y.startswith(x[:-1])


def _alone(facing: Facing, before: Fact, after: Fact) -> bool:
    """Whether each is the only unplaced name of its sentence."""
    left = facing.parent.within("name", facing.parent.sentences[facing.parent.at(before.span.start)])
    right = facing.child.within("name", facing.child.sentences[facing.child.at(after.span.start)])
    lost = {n.value for n in left if not name_survives(n, facing.child)}
    new = {n.value for n in right if not name_survives(n, facing.parent)}
    return len(lost) == 1 and len(new) == 1


def _best(found: list[tuple[float, Fact, Fact]]) -> list[tuple[Fact, Fact]]:
    pairs: list[tuple[Fact, Fact]] = []
    for _, before, after in sorted(found, key=lambda entry: (-entry[0], entry[1].span, entry[2].span)):
        if all(before.value != b.value and after.value != a.value for b, a in pairs):
            pairs.append((before, after))
    return sorted(pairs, key=lambda pair: pair[1].span)


def _change(before: Fact, after: Fact) -> Change:
    return Change("name", before.text, after.text, before.span, after.span)
