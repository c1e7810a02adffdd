"""Names that the child misspells or replaces."""

from collections.abc import Sequence

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from lineage.facts import Fact
from lineage.facts.names import is_generic, is_person
from lineage.language import Pack
from lineage.records import Change
from lineage.reframe.side import Facing, Side

_MISSPELT = 65.0
_SLIPS = 3
# Two forms of one word ("Ostmara", "Ostmaran") share at least this many letters from the front.
_SAME_STEM = 4
_REPLACED = 0.25
_ENDING = 2  # letters: "Brodersens", "Haßlauer"


def name_changes(facing: Facing) -> list[Change]:
    """Names of the parent that stand otherwise in the child: misspelt, or replaced in the same sentence.

    Only names of the child that the parent has in no form are looked at. A misspelling may stand beside the right
    form; a replaced name must be gone.
    """
    lost = {name.value for name in _unplaced(facing.parent, facing.child, facing.language)}
    new = _unplaced(facing.child, facing.parent, facing.language)
    found: dict[tuple[str, str], tuple[float, Fact, Fact]] = {}
    for after in new:
        for value, mentions in _by_value(facing.parent.of("name")).items():
            spelling = _misspelling(value, after.value, facing.language)
            if spelling is None and value not in lost:
                continue
            for before in mentions:
                slip = _slip(facing, before, after, spelling)
                strength = slip if slip or value not in lost else _replacement(facing, before, after)
                if strength > 0 and ((value, after.value) not in found or found[value, after.value][0] < strength):
                    found[value, after.value] = (strength, before, after)
    return [_change(before, after) for before, after in _best(list(found.values()))]


def name_survives(name: Fact, child: Side, known: Pack) -> bool:
    """Whether the child still has a name of the parent, in any form."""
    return child.is_named(name.value) or _occurs(name, child, known)


def _unplaced(side: Side, other: Side, known: Pack) -> list[Fact]:
    gone = (name for name in side.of("name") if not name_survives(name, other, known))
    there = {name.value for name in other.of("name")}
    return [name for name in gone if not any(_holds(name.value, it) or _holds(it, name.value) for it in there)]


def _holds(longer: str, shorter: str) -> bool:
    """Whether a name of more words has all words of another, with or without an ending ("Lasse Brodersens Foul")."""
    words, wanted = longer.split(), shorter.split()
    return len(words) > len(wanted) and all(
        any(word.startswith(part) and len(word) - len(part) <= _ENDING for word in words) for part in wanted
    )


def _occurs(name: Fact, side: Side, known: Pack) -> bool:
    """Whether a person's last word, or a word that tells another name apart, stands in the text.

    A one-word name may stand in another form of the word ("Ostmara", "Ostmaran").
    """
    words = name.value.split()
    if is_person(name.value, known) and not known.names.get("inflected", False):
        return side.has_word(words[-1])
    telling = [word for word in words if not is_generic(word, known)] or words
    return any(side.has_word(word) or side.has_stem(_stem(word, known)) for word in telling)


def _stem(word: str, known: Pack) -> str:
    """The part of a name that its other forms begin with; longer where names have no cases."""
    ending = 2 if known.names.get("inflected", False) else 1
    return word[: max(_SAME_STEM, len(word) - ending)]


def _is_other_form(a: str, b: str, known: Pack) -> bool:
    """Whether two words can be forms of one ("Ostmara", "Ostmaran"); of one length only where names have cases."""
    if len(a) == len(b) and a[-1] == b[-1] and not known.names.get("inflected", False):
        return False
    return _stem(a, known) == _stem(b, known) or _is_of_place(a, b, known) or _is_of_place(b, a, known)


def _is_of_place(word: str, place: str, known: Pack) -> bool:
    """Whether a word says of people or things where they are from ("Canadian", "Canada"; "Polish", "Poles")."""
    if any({word, place} <= set(forms.split()) for forms in known.words("names", "peoples")):
        return True
    bases = (word.removesuffix(ending) for ending in known.words("names", "demonyms") if word.endswith(ending))
    return any(len(base) >= max(_SAME_STEM, len(place) - 1) and place.startswith(base) for base in bases)


def _by_value(names: Sequence[Fact]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for name in names:
        found.setdefault(name.value, []).append(name)
    return found


def _misspelling(before: str, after: str, known: Pack) -> tuple[float, bool] | None:
    """How alike two folded names are that differ in the spelling of one word, and whether that needs no other sign."""
    a, b = before.split(), after.split()
    if len(b) == 1:
        a = a[-1:]
    rest_a, rest_b = [w for w in a if w not in b], [w for w in b if w not in a]
    if len(rest_a) != 1 or len(rest_b) != 1:
        return None
    alike, slips = ratio(rest_a[0], rest_b[0]), OSA.distance(rest_a[0], rest_b[0])
    if alike < _MISSPELT or slips > _SLIPS or (len(a) == len(b) == 1 and _is_other_form(a[0], b[0], known)):
        return None
    return float(alike), len(a) == len(b) > 1 or slips == 1


def _slip(facing: Facing, before: Fact, after: Fact, spelling: tuple[float, bool] | None) -> float:
    """How alike two mentions of such names are, 0 where they are two names."""
    if spelling is None:
        return 0.0
    alike, sure = spelling
    row, column = facing.parent.at(before.span.start), facing.child.at(after.span.start)
    return alike if sure or facing.related(row, column) else 0.0


def _replacement(facing: Facing, before: Fact, after: Fact) -> float:
    """How much speaks for one person's name standing in the place of another's."""
    row, column = facing.parent.at(before.span.start), facing.child.at(after.span.start)
    close = column in facing.partners[row] and facing.affinity.cosine[row, column] >= _REPLACED
    if not close or not (is_person(before.value, facing.language) and is_person(after.value, facing.language)):
        return 0.0
    return 1.0 + float(ratio(before.value, after.value)) / 2 if _alone(facing, before, after) else 0.0


def _alone(facing: Facing, before: Fact, after: Fact) -> bool:
    """Whether each is the only unplaced name of its sentence."""
    left = facing.parent.within("name", facing.parent.sentences[facing.parent.at(before.span.start)])
    right = facing.child.within("name", facing.child.sentences[facing.child.at(after.span.start)])
    lost = {n.value for n in left if not name_survives(n, facing.child, facing.language)}
    new = {n.value for n in right if not name_survives(n, facing.parent, facing.language)}
    return len(lost) == 1 and len(new) == 1


def _best(found: list[tuple[float, Fact, Fact]]) -> list[tuple[Fact, Fact]]:
    pairs: list[tuple[Fact, Fact]] = []
    for _, before, after in sorted(found, key=lambda entry: (-entry[0], entry[1].span, entry[2].span)):
        if all(before.value != b.value and after.value != a.value for b, a in pairs):
            pairs.append((before, after))
    return sorted(pairs, key=lambda pair: pair[1].span)


def _change(before: Fact, after: Fact) -> Change:
    return Change("name", before.text, after.text, before.span, after.span)
