"""Claims that another says now, that nobody says any more, or that somebody is made to say."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from rapidfuzz.fuzz import ratio

from lineage.align.similarity import Stems, stems
from lineage.facts import Fact, same_name
from lineage.facts.names import is_person
from lineage.records import Change, Span
from lineage.reframe.side import Facing, Side

# Share of a claim's content that a sentence of the other side must hold to be the same claim.
_SAME_CLAIM = 0.3
# The same where both hold a figure that nothing else holds.
_ANCHORED = 0.15
# A claim that lost its speaker must be found again with more certainty than one that kept a speaker.
_FLAT_SHARE = 0.34
_FLAT_STEMS = 2
# The same outside the block that the sentences were aligned in.
_ACROSS = 0.3
_ACROSS_STEMS = 2
# Enough of a claim that two stems are no chance.
_MOST = 0.5
_LEAST_STEMS = 2
_LEAST_QUOTED = 3
_SPLIT = 2
_NEAR = 50
# A name this near the beginning of a sentence is its subject.
_SUBJECT = 24
_MISSPELT = 80.0

# A question states nothing.
_ASKING = ("?", "？", "؟")
_CLAUSE = re.compile(r"[^\s,;](?:[^,;]|(?<=\d),(?=\d))*")
# A description of a speaker ends, for its head noun, where a preposition of two letters or a comma stands.
_BEHIND = re.compile(r"\s\w{1,2}\s|,|\sfor\s|\sfrom\s")

# Where the parent says it, where the child does, and what happened.
Finding = tuple[Span, Span, str]


def attribution_changes(facing: Facing) -> list[Change]:
    """Claims of the parent whose speaker the child exchanges, drops, makes nameless, or adds."""
    changes: dict[tuple[int, int], Change] = {}
    parent, child = facing.parent, facing.child
    for before, after, note in [*_of_quotations(facing), *_from_attributed(facing), *_from_flat(facing)]:
        place = parent.at(before.start), child.at(after.start)
        if place not in changes:
            wording = parent.text[slice(*before)], child.text[slice(*after)]
            changes[place] = Change("attribution", *wording, before, after, note)
    return list(changes.values())


def attribution_survives(attribution: Fact, facing: Facing) -> bool:
    """Whether somebody in the child says anything under the same name."""
    return any(_same_voice(attribution, other, facing) for other in facing.child.of("attribution"))


def _of_quotations(facing: Facing) -> Iterator[Finding]:
    """Quotations that stand in both texts with two different speakers."""
    for before in facing.parent.of("quote"):
        for after in facing.child.of("quote"):
            shorter, longer = sorted((before.value, after.value), key=len)
            if len(shorter.split()) < _LEAST_QUOTED or shorter not in longer:
                continue
            if before.speaker and after.speaker and not _same_voice(before, after, facing):
                note = f"said by {_name(before, facing)}, now by {_name(after, facing)}"
                yield (
                    facing.parent.sentences[facing.parent.at(before.span.start)],
                    facing.child.sentences[facing.child.at(after.span.start)],
                    note,
                )


def _from_attributed(facing: Facing) -> Iterator[Finding]:
    acts = facing.language.words("attribution", "acts")
    for told in facing.parent.of("attribution"):
        if not told.speaker or told.claim is None or _is_vague(told, facing) or told.verb in acts:
            continue
        row = facing.parent.at(told.claim.start)
        content = _content(facing, facing.parent, told.claim)
        for column, share, shared in _counterparts(facing, row, content):
            if column not in facing.partners[row] and (share < _ACROSS or len(shared) < _ACROSS_STEMS):
                continue
            note = _judged(facing, told, column, (share, shared))
            if note:
                yield facing.parent.sentences[row], _stretch(facing, column, shared), note


def _judged(facing: Facing, told: Fact, column: int, match: tuple[float, set[str]]) -> str:
    """What happened to the speaker, in half a sentence; empty where nothing certain did."""
    share, shared = match
    voices = _voices(facing, facing.child, column, shared)
    if not voices:
        if _is_of_speaker(facing, column, shared) or _is_between_marks(facing, column, shared):
            return ""
        certain = share >= _FLAT_SHARE and (len(shared) >= _FLAT_STEMS or share >= _MOST)
        certain = certain and told.verb not in facing.language.words("attribution", "announcing")
        return f"no longer attributed to {_name(told, facing)}" if certain and _is_flat(facing, told, column) else ""
    if any(_same_voice(told, voice, facing) or _may_mean(voice, told, facing, column) for voice in voices):
        return ""
    voice = voices[0]
    if _is_unnamed(voice, facing):
        if _is_unnamed(told, facing):
            return ""  # opponents before, critics now: nobody was named by either
        return f"said by {_name(told, facing)}, now by nobody named"
    if _is_vague(told, facing) or _is_vague(voice, facing):
        return ""
    if _is_name(told, facing) and _is_name(voice, facing):
        return f"said by {_name(told, facing)}, now by {_name(voice, facing)}"
    impersonal = _is_name(voice, facing) or _head(voice) in facing.language.words("attribution", "inanimate")
    if impersonal and is_person(told.value, facing.language) and not _mentioned_near(facing, told.value, column):
        return f"said by {_name(told, facing)}, now by {_name(voice, facing)}"
    return ""


def _may_mean(voice: Fact, told: Fact, facing: Facing, column: int) -> bool:
    """Whether a pronoun of the child's sentence may stand for the parent's speaker, who is named in the same one."""
    here = facing.child.within("name", facing.child.sentences[column])
    pronoun = voice.speaker.casefold() in facing.language.words("attribution", "pronouns")
    return pronoun and any(same_name(_speaker(told), name.value) for name in here)


def _is_of_speaker(facing: Facing, column: int, shared: set[str]) -> bool:
    """Whether a child's sentence shares with a claim only what it calls a speaker of its own."""
    here = facing.child.spoken_in(facing.child.sentences[column])
    return any(shared <= _content(facing, facing.child, fact.span).keys() for fact in here)


def _is_between_marks(facing: Facing, column: int, shared: set[str]) -> bool:
    """Whether a child's sentence has a claim as somebody's own words, whose they are being said elsewhere."""
    quotes = facing.child.within("quote", facing.child.sentences[column])
    return any(shared <= _content(facing, facing.child, quote.span).keys() for quote in quotes)


def _from_flat(facing: Facing) -> Iterator[Finding]:
    distancing = facing.language.words("attribution", "distancing")
    for told in facing.child.of("attribution"):
        if told.claim is None or not (_is_unnamed(told, facing) or told.verb in distancing):
            continue
        column = facing.child.at(told.claim.start)
        content = _content(facing, facing.child, told.claim)
        scored = [
            (
                _share(content, other := _sentence_content(facing, facing.parent, row)),
                row,
                content.keys() & other.keys(),
            )
            for row in range(len(facing.parent.sentences))
            if facing.related(row, column)
        ]
        share, row, shared = max(scored, key=lambda entry: entry[:2], default=(0.0, 0, set()))
        if not _is_same_claim(facing, share, shared) or len(shared) < _LEAST_STEMS:
            continue
        if (
            _is_vague(told, facing)
            or _speaks(facing.parent, facing.parent.sentences[row])
            or _continues(facing, facing.parent, row, told)
        ):
            continue
        yield (
            facing.parent.sentences[row],
            facing.child.sentences[column],
            f"stated before, now attributed to {_name(told, facing) or 'nobody named'}",
        )


def _stretch(facing: Facing, column: int, shared: set[str]) -> Span:
    """The part of a child's sentence that holds the claim; the whole sentence where somebody speaks in it."""
    span = facing.child.sentences[column]
    if _speaks(facing.child, span) and _voices(facing, facing.child, column, shared):
        return span
    text = facing.child.sentence(column)
    clauses = [match.span() for match in _CLAUSE.finditer(text)]
    holding = [n for n, (s, e) in enumerate(clauses) if shared & stems(text[s:e], facing.language.code).keys()]
    if not holding:
        return span
    return Span(span.start + clauses[holding[0]][0], span.start + clauses[holding[-1]][1])


def _is_same_claim(facing: Facing, share: float, shared: Iterable[str]) -> bool:
    if facing.loose:
        return share >= _MOST and len(list(shared)) > _LEAST_STEMS
    anchored = any(stem.startswith("#") and facing.rarity.get(stem, 0.0) > 0.9 for stem in shared)
    return share >= (_ANCHORED if anchored else _SAME_CLAIM)


def _counterparts(facing: Facing, row: int, content: dict[str, float]) -> list[tuple[int, float, set[str]]]:
    """The child's sentences that hold a claim, most of it first, with the share they hold and the stems in common.

    More than one only where the parent's sentence was split: then each half may have lost the speaker.
    """
    found = []
    for column in range(len(facing.child.sentences)):
        if not facing.related(row, column):
            continue
        other = _sentence_content(facing, facing.child, column)
        share = max(_share(content, other), _share(other, content) * 0.8)
        shared = content.keys() & other.keys()
        if len(shared) >= _LEAST_STEMS and _is_same_claim(facing, share, shared):
            found.append((column, share, set(shared)))
    found.sort(key=lambda entry: (-entry[1], entry[0]))
    return found[:1] if len(facing.partners[row]) < _SPLIT else found[:_SPLIT]


def _content(facing: Facing, side: Side, span: Span) -> dict[str, float]:
    return _rare(facing, stems(side.text[span.start : span.end], facing.language.code))


def _sentence_content(facing: Facing, side: Side, number: int) -> dict[str, float]:
    return _rare(facing, side.stems[number])


def _rare(facing: Facing, found: Stems) -> dict[str, float]:
    return {stem: weight * facing.rarity.get(stem, 1.0) for stem, weight in found.items() if weight >= 1.0}


def _share(content: dict[str, float], other: dict[str, float]) -> float:
    total = sum(content.values())
    # In the order of the text: a sum in the order of a set would differ in its last digit from run to run.
    return sum(weight for stem, weight in content.items() if stem in other) / total if total else 0.0


def _voices(facing: Facing, side: Side, number: int, shared: set[str]) -> list[Fact]:
    """Who says the shared words in a sentence: the attributions and quotations that cover most of them."""
    span = side.sentences[number]
    here = side.spoken_in(span)
    spoken = [q for q in side.of("quote") if q.span.start < span.end and span.start < q.span.end and q.speaker]
    covering = [f for f in here if f.claim is not None and shared & _content(facing, side, f.claim).keys()]
    return covering or [q for q in spoken if shared & _content(facing, side, q.span).keys()]


def _speaks(side: Side, span: Span) -> bool:
    """Whether a sentence has any attribution or quotation."""
    if side.spoken_in(span):
        return True
    return any(quote.span.start < span.end and span.start < quote.span.end for quote in side.of("quote"))


def _continues(facing: Facing, side: Side, number: int, told: Fact) -> bool:
    """Whether the same speaker speaks in the sentence before, in the same paragraph: reported speech goes on."""
    if not number or "\n" in side.text[side.sentences[number - 1].end : side.sentences[number].start]:
        return False
    before = side.sentences[number - 1]
    return any(_same_voice(told, fact, facing) for fact in side.spoken_in(before))


def _mentioned_near(facing: Facing, name: str, column: int) -> bool:
    first, last = facing.child.sentences[max(0, column - 2)].start, facing.child.sentences[column].end
    return name.split()[-1] in facing.child.text[first:last].casefold()


def _is_flat(facing: Facing, told: Fact, column: int) -> bool:
    """Whether the child's sentence gives no sign of the parent's speaker: no name, no pronoun, no speech going on."""
    side = facing.child
    span = side.sentences[column]
    if side.text[span.start : span.end].endswith(_ASKING):
        return False
    here = side.spoken_in(span)
    if any(_same_voice(told, fact, facing) for fact in here) or _continues(facing, side, column, told):
        return False
    documents = set(facing.language.words("attribution", "documents"))
    if documents & set(told.value.split()) and documents & _words_near(side, column):
        return False
    sentence = side.sentence(column).casefold()
    words = set(sentence.replace("’", "'").split())
    if words & set(facing.language.words("attribution", "people")):
        return False
    if _sayings(facing, sentence) > len(here):
        return False
    return not any(word in sentence for word in (told.value or told.speaker.casefold()).split() if len(word) > 3)


def _sayings(facing: Facing, sentence: str) -> int:
    """How many verbs of a folded sentence can only report speech; where one stands somebody speaks, known or not."""
    words = facing.language.words
    verbs = {*words("attribution", "verbs"), *words("attribution", "participles")} - {*words("attribution", "weak")}
    silent = {*words("attribution", "bare"), *words("attribution", "passive"), *words("attribution", "determiners")}
    run = re.findall(r"\w+", sentence)
    return sum(word in verbs and before not in silent for before, word in pairwise(["", *run]))


def _words_near(side: Side, number: int) -> set[str]:
    """The words of a sentence and of its two neighbours."""
    around = range(max(0, number - 1), min(len(side.sentences), number + 2))
    return {word.strip(".,;:") for n in around for word in side.sentence(n).casefold().split()}


def _is_vague(fact: Fact, facing: Facing) -> bool:
    """Whether the speaker was only guessed from "it" or "they", with no clearer mention in the same sentence."""
    things = facing.language.words("attribution", "things")
    if fact.speaker.casefold() not in things:
        return False
    sides = (facing.parent, facing.child)
    others = [other for side in sides for other in side.of("attribution")]
    subjects = [name for side in sides for name in side.of("name")]
    clear = any(o.scope == fact.scope and o.value == fact.value and o.speaker.casefold() not in things for o in others)
    start = fact.scope.start if fact.scope is not None else 0
    return not clear and not any(n.value == fact.value and 0 <= n.span.start - start <= _SUBJECT for n in subjects)


def _same_voice(a: Fact, b: Fact, facing: Facing) -> bool:
    """Whether two attributions can be to the same speaker; a speaker who cannot be resolved may be anyone."""
    x, y = _speaker(a), _speaker(b)
    if not x or not y:
        return a.kind == "quote" or b.kind == "quote" or bool(a.speaker and b.speaker)
    named = _is_name(a, facing), _is_name(b, facing)
    if (any(named) and same_name(x, y)) or _head(a) == _head(b):
        return True
    if max(ratio(x, y), ratio(x.split()[-1], y.split()[-1])) >= _MISSPELT:
        return True
    if named == (True, True):
        return False
    documents = set(facing.language.words("attribution", "documents"))
    if documents & set(x.split()) and documents & set(y.split()):
        return True
    heads = set(stems(_head(b) if named[0] else _head(a), facing.language.code))
    return any(named) and bool(heads & _aliases(facing, x if named[0] else y))


def _aliases(facing: Facing, value: str) -> frozenset[str]:
    """The words a named speaker goes by: the own ones and those in apposition to a mention of the name."""
    if value not in facing.known:
        facing.known[value] = _named_beside(facing, value)
    return facing.known[value]


def _named_beside(facing: Facing, value: str) -> frozenset[str]:
    words = set(stems(value, facing.language.code))
    for side in (facing.parent, facing.child):
        for name in side.of("name"):
            if same_name(name.value, value):
                found = stems(_beside(side, name, facing), facing.language.code)
                words |= {stem for stem, weight in found.items() if weight >= 1.0}
    return frozenset(words)


def _beside(side: Side, name: Fact, facing: Facing) -> str:
    """What stands before a name and, behind a comma, after it, as far as no verb of saying comes between."""
    verbs = set(facing.language.words("attribution", "verbs"))
    before = re.split(r'[.;:"“”\n]', side.text[max(0, name.span.start - _NEAR) : name.span.start])[-1].split()
    after = side.text[name.span.end : name.span.end + _NEAR]
    behind = re.split(r'[.;:"“”\n]', after)[0].split() if after.startswith((",", " of ")) else []
    near: list[str] = []
    for words in (before[::-1], behind):
        for word in words:
            if word.casefold() in verbs:
                break
            near.append(word)
    return " ".join(near)


def _head(fact: Fact) -> str:
    """The noun that a description of a speaker turns on: "two officials of the Alliance" gives "officials"."""
    words = _speaker(fact).split()
    written = {word.strip(",.'’") for word in _BEHIND.split(fact.speaker.casefold())[0].split()}
    near = [word for word in words if word in written]
    return (near or words or [""])[-1]


def _speaker(fact: Fact) -> str:
    """The resolved speaker; of a quotation it is the speaker, of an attribution the value."""
    return fact.speaker if fact.kind == "quote" else fact.value


def _is_name(fact: Fact, facing: Facing) -> bool:
    value = _speaker(fact)
    return value in facing.parent.named or value in facing.child.named


def _is_unnamed(fact: Fact, facing: Facing) -> bool:
    if fact.kind == "attribution" and not fact.speaker:
        return True
    if _is_name(fact, facing):
        return False
    words = set(_speaker(fact).casefold().split())
    return bool(words & set(facing.language.words("attribution", "unnamed")))


def _name(fact: Fact, facing: Facing) -> str:
    """The speaker for a reader: as written, but the resolved name behind a pronoun or a quotation."""
    words = facing.language.words
    if fact.kind == "quote" or fact.speaker.casefold() in words("attribution", "pronouns"):
        value = _speaker(fact)
        return value.title() if _is_name(fact, facing) else value
    first, *rest = fact.speaker.split() or [""]
    return " ".join([first.lower() if first.casefold() in words("attribution", "determiners") else first, *rest])
