"""Who is said to have said it."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from lineage.facts.claims import with_claims
from lineage.facts.clauses import Piece, pieces
from lineage.facts.fact import Fact
from lineage.facts.names import is_person
from lineage.facts.rules import Rules, rules_of
from lineage.facts.vocabulary import beginnings
from lineage.language import Pack, pack
from lineage.records import Span

_LONGEST_SUBJECT = 9
_LONGEST_APPOSITION = 30
_LONGEST_REST = 4
_SENTENCES_BACK = 4
# A name this near the beginning of a sentence is its subject; before it stand at most an article and a title.
_TITLE_LENGTH = 24
# Behind these marks "he said" trails what was said, and "he" is seldom somebody named in it.
_CLOSING = frozenset(',”"’»')


@dataclass(frozen=True, slots=True)
class _Found:
    """An attribution before its speaker is resolved; pieces by index, `subject` half-open."""

    subject: tuple[int, int]
    cue: tuple[int, int]


def attributions(
    text: str, lang: str, sentences: Sequence[Span], quoted: Sequence[Span], names: Sequence[Fact]
) -> list[Fact]:
    """The attributions of a text outside its quotations, in order; the scope of each is its sentence.

    The speaker of "he said" is looked for backwards. An attribution to nobody ("it is said", "reportedly") has an
    empty speaker.
    """
    known = pack(lang)
    rules = rules_of(known.code)
    told: list[Fact] = []
    claimed: list[Fact] = []
    speech = _Speech(text, known, tuple(sentences), names)
    cues = beginnings(text, rules.openings)
    for number, sentence in enumerate(sentences):
        cue = bisect_left(cues, sentence.start)
        if cue == len(cues) or cues[cue] >= sentence.end:
            continue
        parts = pieces(text, sentence, quoted)
        before = len(told)
        for found in sorted(_in_sentence(parts, rules), key=lambda f: f.cue):
            fact = speech.fact(parts, found, number, told)
            if fact is not None:
                told.append(fact)
        claimed += with_claims(text, sentence, told[before:], known)
    return claimed


def _in_sentence(parts: list[Piece], rules: Rules) -> list[_Found]:
    found: list[_Found] = []
    next_at = 0
    for at, piece in enumerate(parts):
        if at >= next_at and piece.lower in rules.starts:
            hit = _cue_at(parts, at, rules)
            # Right behind a verb of saying stands what was said: "he urged caution".
            if hit is not None and not (found and found[-1].cue[1] == hit.cue[0] == hit.subject[1]):
                found.append(hit)
                next_at = hit.cue[1]
    return found


def _cue_at(parts: list[Piece], at: int, rules: Rules) -> _Found | None:
    length = _phrase_at(parts, at, rules.according)
    if length:
        subject = _right_subject(parts, at + length, rules)
        return _Found(subject, (at, at + length)) if subject[0] < subject[1] else None
    length = _loose_phrase_at(parts, at, rules.anonymous, rules.between)
    if length:
        return _Found((at, at), (at, at + length))
    length = _phrase_at(parts, at, rules.reported_speech)
    if length:
        subject = _left_subject(parts, at, rules)
        return _Found(subject, (at, at + length)) if subject[0] < subject[1] else None
    length = _phrase_at(parts, at, rules.trailing)
    if length and at > 0 and parts[at - 1].kind != "word":
        return _trailing(parts, at, length, rules)
    length = _phrase_at(parts, at, rules.participles)
    if length and at > 0 and parts[at - 1].lower not in rules.bare:
        return _Found((-1, -1), (at, at + length))
    return _verb_at(parts, at, rules)


def _trailing(parts: list[Piece], at: int, length: int, rules: Rules) -> _Found | None:
    """The speaker alone behind what was said, as in ", so Hartwig." """
    start, end = _right_subject(parts, at + length, rules)
    closed = end == len(parts) or parts[end].kind == "mark"
    named = any(piece.capital for piece in parts[start:end])
    return _Found((start, end), (at, at + length)) if closed and named else None


def _phrase_at(parts: list[Piece], at: int, phrases: tuple[tuple[str, ...], ...]) -> int:
    """The length of the longest of the phrases that begins here, or 0."""
    for phrase in phrases:
        if parts[at].lower == phrase[0] and tuple(p.lower for p in parts[at : at + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _loose_phrase_at(parts: list[Piece], at: int, phrases: tuple[tuple[str, ...], ...], between: frozenset[str]) -> int:
    """The same with adverbs allowed inside the phrase ("is even said to")."""
    length = _phrase_at(parts, at, phrases)
    if length or all(parts[at].lower != phrase[0] for phrase in phrases):
        return length
    places = [n for n in range(at, min(len(parts), at + _LONGEST_SUBJECT)) if n == at or parts[n].lower not in between]
    words = tuple(parts[n].lower for n in places)
    fitting = [len(phrase) for phrase in phrases if words[: len(phrase)] == phrase]
    return places[max(fitting) - 1] - at + 1 if fitting else 0


def _verb_at(parts: list[Piece], at: int, rules: Rules) -> _Found | None:
    verb = parts[at].lower
    length = _phrase_at(parts, at, rules.phrasal)
    if (verb not in rules.verbs and not length) or parts[at].kind != "word":
        return None
    before = parts[at - 1] if at > 0 else None
    if before is not None and before.lower in rules.determiners | rules.bare | rules.passive:
        return None
    if verb in rules.weak and not _clause_follows(parts, at, rules):
        return None
    if before is not None and before.lower in rules.conjunctions:
        return _Found((-1, -1), (at, at + max(1, length)))
    subject = (0, 0)
    if _is_inverted(parts, at, rules):
        subject = _right_subject(parts, at + 1, rules)
    if subject[0] >= subject[1]:
        subject = _left_subject(parts, at, rules)
    if subject[0] >= subject[1]:
        return None
    return _Found(subject, (at, at + max(1, length)))


def _is_inverted(parts: list[Piece], at: int, rules: Rules) -> bool:
    """Whether the verb stands before its subject: behind a quotation, in some languages behind any comma."""
    at -= 1
    while rules.inversion and at >= 0 and parts[at].lower in rules.between:
        at -= 1
    if at < 0:
        return rules.inversion
    if parts[at].kind == "quote":
        return True
    if parts[at].kind != "mark":
        return False
    return rules.inversion or (at > 0 and parts[at - 1].kind == "quote")


def _clause_follows(parts: list[Piece], at: int, rules: Rules) -> bool:
    """Whether what is said follows a verb that may also mean an act: a "that", a quotation or a colon."""
    near = parts[at + 1 : at + 7]
    if parts[at].lower not in rules.acts and any(p.kind == "quote" or p.lower == ":" for p in near):
        return True
    return any(p.lower in rules.openers for p in near[:3])


def _left_subject(parts: list[Piece], at: int, rules: Rules) -> tuple[int, int]:
    """The noun phrase left of a verb, over adverbs, auxiliaries and an apposition between commas."""
    end = at
    while end > 0 and (parts[end - 1].lower in rules.between or _is_adverb(parts[end - 1])):
        end -= 1
    if end == 0:
        return (0, 0)
    last = parts[end - 1]
    if last.lower in rules.relatives:
        end -= 1
        end -= 1 if end > 0 and parts[end - 1].lower == "," else 0
    elif last.lower == ",":
        return _over_apposition(parts, end - 1, rules)
    return _phrase_ending(parts, end, rules)


def _over_apposition(parts: list[Piece], comma: int, rules: Rules) -> tuple[int, int]:
    """The subject of "X, a lawyer, said" and of "the lawyer, X, said", `comma` being the one before the verb.

    Of several pieces between commas the first that is a noun phrase is the subject; a name right behind a description
    is the better one.
    """
    commas = [comma]
    for i in range(comma - 1, max(-1, comma - _LONGEST_APPOSITION), -1):
        if parts[i].kind == "quote" or parts[i].lower in {";", ":"}:
            break
        if parts[i].lower == ",":
            commas.append(i)
    if len(commas) == 1:
        return (0, 0)
    for opening, closing in zip(commas[:0:-1], commas[-2::-1], strict=True):
        subject = _phrase_ending(parts, opening, rules)
        if subject[0] >= subject[1]:
            continue
        if any(piece.capital for piece in parts[subject[0] + 1 : subject[1]]) or not parts[opening + 1].capital:
            return subject
        return (opening + 1, closing)
    return (0, 0)


def _is_adverb(piece: Piece) -> bool:
    return piece.kind == "word" and piece.lower.endswith("ly") and not piece.capital


def _phrase_ending(parts: list[Piece], end: int, rules: Rules) -> tuple[int, int]:
    """The noun phrase whose last piece stands before `end`."""
    start = end
    while start > 0 and end - start < _LONGEST_SUBJECT:
        piece = parts[start - 1]
        if piece.kind != "word":
            break
        if piece.lower in rules.pronouns:
            return (start - 1, start) if start == end else (start, end)
        linked = start < end and piece.lower in rules.links and start > 1 and parts[start - 2].kind == "word"
        if piece.lower in rules.breaks and not linked:
            break
        if piece.lower in rules.determiners and not (start > 1 and parts[start - 2].lower in rules.links):
            return (start - 1, end) if start < end else (start, end)
        start -= 1
    return (start, end)


def _right_subject(parts: list[Piece], start: int, rules: Rules) -> tuple[int, int]:
    """The noun phrase that begins at `start`, through "of" and "for", to the next mark or break; a pronoun is whole."""
    if start < len(parts) and parts[start].lower in rules.pronouns:
        return (start, start + 1)
    end = start
    while end < len(parts) and end - start < _LONGEST_SUBJECT:
        piece = parts[end]
        if piece.kind != "word" or (end == start and piece.lower in rules.breaks):
            break
        if end > start and piece.lower in rules.breaks and piece.lower not in rules.links:
            break
        if end > start and _ends_phrase(parts[end - 1], piece, rules):
            break
        end += 1
    while end > start and parts[end - 1].lower in rules.links | rules.breaks:
        end -= 1
    return (start, _with_apposed_name(parts, start, end, rules))


def _ends_phrase(before: Piece, piece: Piece, rules: Rules) -> bool:
    """Whether a new phrase begins behind a name or, where nouns have capitals, a verb behind a noun."""
    if piece.lower in rules.determiners and before.lower not in rules.links and piece.lower not in rules.links:
        return True
    return (
        rules.capital_nouns
        and before.capital
        and not piece.capital
        and piece.lower not in rules.links | rules.determiners
    )


def _with_apposed_name(parts: list[Piece], start: int, end: int, rules: Rules) -> int:
    """The end of "its chief executive, Colin Strand" where the name follows a description.

    The description may go on for a few words ("the investigator in charge, Tomas Reik"); then the name has two.
    """
    if end == start or (parts[start].capital and not rules.capital_nouns):
        return end
    comma = end
    while comma < len(parts) - 1 and comma - end < _LONGEST_REST and _is_plain(parts[comma]):
        comma += 1
    named = comma + 1
    while named < len(parts) and parts[named].capital:
        named += 1
    least = 1 if comma == end else 2
    return named if parts[min(comma, len(parts) - 1)].lower == "," and named > comma + least else end


def _is_plain(piece: Piece) -> bool:
    return piece.kind == "word" and not piece.capital


class _Speech:
    """Turns found attributions into facts, resolving who speaks."""

    def __init__(self, text: str, known: Pack, sentences: tuple[Span, ...], names: Sequence[Fact]) -> None:
        self.text = text
        self.known = known
        self.sentences = sentences
        self.names = sorted(names, key=lambda fact: fact.span)
        self.starts = [fact.span.start for fact in self.names]
        self.humans = set(known.words("attribution", "humans"))
        self.things = set(known.words("attribution", "things"))
        self.pronouns = set(known.words("attribution", "pronouns"))
        times = {*known.mapping("dates", "weekdays"), *known.mapping("dates", "months")}
        self.dull = known.stopwords | times

    def fact(self, parts: list[Piece], found: _Found, number: int, told: list[Fact]) -> Fact | None:
        """The fact, or None where the speaker is the text itself or cannot be seen."""
        cue = Span(parts[found.cue[0]].start, parts[found.cue[1] - 1].end)
        scope = self.sentences[number]
        verb = self.text[cue.start : cue.end].casefold()
        if found.subject == (-1, -1):
            value, speaker = self._same_speaker(scope, cue.start, told)
            return self._made(cue, value, speaker, verb, scope) if value else None
        if found.subject[0] >= found.subject[1]:
            return self._made(cue, "", "", verb, scope)
        subject = Span(parts[found.subject[0]].start, parts[found.subject[1] - 1].end)
        written = self.text[subject.start : subject.end]
        span = Span(min(subject.start, cue.start), max(subject.end, cue.end))
        resolved = self._value(subject, written, number, told)
        return self._made(span, resolved, written, verb, scope) if resolved is not None else None

    def _made(self, span: Span, value: str, speaker: str, verb: str, scope: Span) -> Fact:
        text = self.text[span.start : span.end]
        return Fact("attribution", text, span, value, speaker=speaker, verb=verb, scope=scope)

    def _same_speaker(self, scope: Span, before: int, told: list[Fact]) -> tuple[str, str]:
        """Who speaks on in "…, adding that": the sentence's last speaker, else its first person."""
        if told and told[-1].scope == scope and told[-1].value:
            return told[-1].value, told[-1].speaker
        for name in self._names_in(Span(scope.start, before))[:1]:
            if name.span.start - scope.start <= _TITLE_LENGTH:
                return name.value, name.text
        opening = self.text[scope.start : before].split(maxsplit=1)
        if opening and opening[0].casefold() in self.humans | self.things:
            return self._behind_pronoun(opening[0].casefold(), self.sentences.index(scope), scope.start, told), opening[
                0
            ]
        return "", ""

    def _value(self, subject: Span, written: str, number: int, told: list[Fact]) -> str | None:
        word = written.casefold()
        if word in self.humans | self.things:
            return self._behind_pronoun(word, number, subject.start, told)
        if word in self.pronouns:
            return None
        inside = self._names_in(subject)
        persons = [name for name in inside if is_person(name.value, self.known) and not self._owns(name, subject)]
        if persons:
            return persons[-1].value
        words = [w.casefold() for w in re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", written))]
        content = [w for w in words if w not in self.dull and not w[0].isdigit()]
        if inside and all(w in inside[-1].value.split() or w in inside[-1].text.casefold() for w in content):
            return inside[-1].value
        return " ".join(content) or None

    def _owns(self, name: Fact, subject: Span) -> bool:
        """Whether the name only says whose: "Arnholm's office"."""
        return self.text[name.span.end : name.span.end + 2] in {"'s", "’s"} and name.span.end + 3 < subject.end

    def _names_in(self, span: Span) -> list[Fact]:
        first = bisect_right(self.starts, span.start - 1)
        found = []
        for name in self.names[first:]:
            if name.span.end > span.end:
                break
            found.append(name)
        return found

    def _behind_pronoun(self, word: str, number: int, before: int, told: list[Fact]) -> str:
        """The last one who can be meant: in this sentence first, then the speakers and persons before it."""
        human = word in self.humans
        trailing = self.text[self.sentences[number].start : before].rstrip()[-1:] in _CLOSING
        inanimate = set(self.known.words("attribution", "inanimate"))
        here = self._names_in(Span(self.sentences[number].start, before))
        fitting = [name.value for name in here if is_person(name.value, self.known) == human]
        if fitting and not trailing:
            return fitting[0]
        oldest = self.sentences[max(0, number - _SENTENCES_BACK)].start
        earlier = [fact for fact in told if fact.scope is not None and fact.scope.start >= oldest and fact.value]
        for back in range(number - 1, max(-1, number - _SENTENCES_BACK), -1):
            speakers = [fact for fact in earlier if fact.scope == self.sentences[back]]
            for fact in reversed(speakers):
                if is_person(fact.value, self.known) == human or fact.value.split()[-1] not in inanimate:
                    return fact.value
            for name in self._names_in(self.sentences[back]):
                if is_person(name.value, self.known) == human and human:
                    return name.value
        return fitting[0] if fitting else ""
