"""What became of the parent's quotations: kept, reworded inside the marks, turned into indirect speech, dropped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import LCSseq

from lineage.align import sentences
from lineage.align.similarity import stems
from lineage.facts import Fact, same_name
from lineage.facts.quotes import WORD, fold_quote, without_inserts
from lineage.records import Change, ChangeKind, Span
from lineage.reframe.side import Facing
from lineage.reframe.summary import SHORTENED

QuoteFate = Literal["kept", "altered", "indirect", "dropped"]

# Share of a quotation's words that must stand inside the child's marks for it to count as kept.
_KEPT = 0.75
_REWORDED = 0.6
_SCARE_WORDS = 2
_PIECE_WORDS = 3
_TELLING = 3  # words of content by which a rest of a quotation could be known again
_WHO_SAID = 4  # words: "she said", "Peder Quill told reporters"
# Shares of a quotation's content that the child's sentence must hold to be its retelling: where the child retells
# nearly everything little is needed, where it cuts much is.
_RETOLD_IN_FULL = 0.12
_RETOLD_IN_PART = 0.45
_UNALIGNED = 0.12
_SAME_SPEAKER = 0.15
_SAME_FIGURE = 0.3
_NEARLY_ALL = 0.85
_MUCH_CUT = 0.4
_VERBATIM = 0.7
# A child's quotation with this share of a quotation's words is the same one in other words.
_SAME_SPEECH = 0.4
_HARDLY_CUT = 0.08
# The same where the speaker speaks in the aligned sentence.
_LITTLE_CUT = 0.3


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a quotation of the parent, what became of it, and the place in the child that shows it.

    shortened: it went, but another part of the same quotation stands in the child between marks.
    """

    quote: Fact
    fate: QuoteFate
    place: Span | None
    shortened: bool = False


def quote_fates(facing: Facing) -> list[Told]:
    """What became of each quotation of the parent, in order; one whose sentences fared differently is told in parts."""
    cut = _cut(facing)
    cited = [(quote, _sentences_of(facing, quote)) for quote in facing.parent.of("quote")]
    spoken = _Spoken.of(facing.child.of("quote"))
    places = [[spoken.taken(sentence) for sentence in parts] for _, parts in cited]
    left = spoken.left()
    fates: list[list[Told]] = []
    for (_, parts), stand in zip(cited, places, strict=True):
        found: list[Told] = []
        for sentence, place in zip(parts, stand, strict=True):
            found += _fates(facing, sentence, left, cut) if place is None else [Told(sentence, "kept", place)]
        fates.append(found)
    heard = [part for found in fates for part in found]
    told: list[Told] = []
    for (quote, _), found in zip(cited, fates, strict=True):
        joined = _joined(facing, quote, [_unheard(facing, part, heard) for part in found])
        kept = any(part.fate == "kept" for part in joined)
        told += [replace(part, shortened=kept and part.fate == "dropped") for part in joined]
    return told


def quote_changes(facing: Facing, fates: Sequence[Told]) -> list[Change]:
    """The changes that the fates of the quotations amount to."""
    changes = []
    for told in fates:
        if told.fate == "kept":
            continue
        after = facing.child.text[slice(*told.place)] if told.place is not None else ""
        note = f"said by {_as_written(facing, told.quote.speaker)}" if told.quote.speaker else ""
        note = "; ".join(filter(None, (note, SHORTENED if told.shortened else "")))
        changes.append(Change(_KINDS[told.fate], told.quote.text, after, told.quote.span, told.place, note))
    return changes


@dataclass(frozen=True, slots=True)
class _Spoken:
    """All that a text has between marks: its quotations, their words one behind the other, of which quotation each
    word is, and which of them answer to a sentence that is kept to the letter."""

    quotes: Sequence[Fact]
    words: list[str]
    owners: list[int]
    answered: set[int]

    @classmethod
    def of(cls, quotes: Sequence[Fact]) -> "_Spoken":
        parts = [quote.value.split() for quote in quotes]
        owners = [number for number, part in enumerate(parts) for _ in part]
        return cls(quotes, [word for part in parts for word in part], owners, set())

    def taken(self, sentence: Fact) -> Span | None:
        """Where a sentence stands word for word between marks, those of neighbours too ("Yes," she said, "but"): the
        quotation it begins in."""
        words = sentence.value.split()
        starts = [at for at, word in enumerate(self.words) if word == words[0]] if words else []
        fitting = [at for at in starts if self.words[at : at + len(words)] == words]
        if not fitting:
            return None
        if len(words) >= _PIECE_WORDS:
            self.answered.update(range(fitting[0], fitting[0] + len(words)))
        return self.quotes[self.owners[fitting[0]]].span

    def left(self) -> list[Fact]:
        """The quotations with those words alone that answer to nothing yet."""
        parts: list[list[str]] = [[] for _ in self.quotes]
        for at, (word, owner) in enumerate(zip(self.words, self.owners, strict=True)):
            if at not in self.answered:
                parts[owner].append(word)
        return [replace(quote, value=" ".join(part)) for quote, part in zip(self.quotes, parts, strict=True) if part]


_KINDS: dict[QuoteFate, ChangeKind] = {
    "altered": "quote_altered",
    "indirect": "quote_indirect",
    "dropped": "quote_dropped",
}


def _as_written(facing: Facing, speaker: str) -> str:
    """A speaker as the parent writes the name, not in the small letters it is compared by."""
    forms = [name.text for name in facing.parent.of("name") if name.value == speaker]
    return max(forms, key=len, default=speaker)


def _cut(facing: Facing) -> float:
    """How much the child is an abridgement rather than a retelling, 0 to 1; 1 where the two are only loosely related.

    The share of the parent's plain sentences that went, weighed by how literally the others stayed: an editor who cuts
    and copies drops a quotation, one who rewords everything turns it into indirect speech.
    """
    if facing.loose:
        return 1.0
    quoted = {row for quote in facing.parent.of("quote") for row in facing.parent.rows(quote.span)}
    plain = [bool(partners) for row, partners in enumerate(facing.partners) if row not in quoted]
    coverage = sum(plain) / len(plain) if plain else 1.0
    paired = [block.similarity for block in facing.blocks if block.a is not None and block.b is not None]
    literal = sum(paired) / len(paired) if paired else 1.0
    return min(1.0, max(0.0, (_NEARLY_ALL - coverage) / _MUCH_CUT)) * min(1.0, literal / _VERBATIM)


def _sentences_of(facing: Facing, quote: Fact) -> list[Fact]:
    """A quotation cut at the ends of its sentences."""
    parts = []
    spoken = without_inserts(quote.text)
    for start, end in sentences(quote.text, facing.language.code):
        words = fold_quote(spoken[start:end])
        if words:
            span = Span(quote.span.start + start, quote.span.start + end)
            parts.append(replace(quote, text=quote.text[start:end], span=span, value=words))
    return parts or [quote]


def _unheard(facing: Facing, part: Told, parts: Sequence[Told]) -> Told:
    """The part as dropped where its seeming retelling is no more than another part between marks, and who said it."""
    place = part.place
    if part.fate != "indirect" or place is None:
        return part
    said = facing.child.text[slice(*place)]
    for other in parts:
        if other.fate == "kept" and other.place is not None:
            said = said.replace(facing.child.text[slice(*other.place)], " ")
    alone = len(said) < place.end - place.start and len(fold_quote(said).split()) <= _WHO_SAID
    return Told(part.quote, "dropped", None) if alone else part


def _joined(facing: Facing, quote: Fact, parts: list[Told]) -> list[Told]:
    """Neighbouring parts of one fate as one."""
    joined: list[Told] = []
    for fate, told in groupby(parts, key=lambda part: part.fate):
        run = list(told)
        if len(run) > 1:
            whole = _part(facing, quote, Span(run[0].quote.span.start, run[-1].quote.span.end))
            run = [Told(whole, fate, _around(facing, [part.place for part in run if part.place is not None]))]
        joined += run
    return joined


def _around(facing: Facing, places: Sequence[Span]) -> Span | None:
    """From the first to the last of the places where one quotation of the child holds them all, else the first."""
    if not places:
        return None
    whole = Span(min(place.start for place in places), max(place.end for place in places))
    quotes = facing.child.of("quote")
    return whole if any(q.span.start <= whole.start and whole.end <= q.span.end for q in quotes) else places[0]


def _answer(facing: Facing, words: Sequence[str], best: Fact) -> Span:
    """The sentence of a child's quotation that a sentence became; all of it where more than one holds its words."""
    whole = LCSseq.similarity(words, fold_quote(best.text).split())
    parts = _sentences_of(facing, best)
    closest = max(parts, key=lambda part: LCSseq.similarity(words, part.value.split()))
    return closest.span if LCSseq.similarity(words, closest.value.split()) >= _KEPT * whole else best.span


def _part(facing: Facing, quote: Fact, span: Span) -> Fact:
    text = facing.parent.text[slice(*span)]
    return replace(quote, text=text, span=span, value=fold_quote(text))


def _fates(facing: Facing, quote: Fact, child_quotes: Sequence[Fact], cut: float) -> list[Told]:
    """The fate of one sentence of a quotation; two parts where the child keeps a piece of it between its marks."""
    words = quote.value.split()
    best, share = _closest(words, child_quotes)
    if best is not None and share >= _REWORDED and len(words) > _SCARE_WORDS and _is_altered(words, best.value.split()):
        return [Told(quote, "altered", _answer(facing, words, best))]
    if best is not None and share >= _KEPT:
        return [Told(quote, "kept", best.span)]
    piece = _piece(words, child_quotes)
    if piece is not None:
        return _pieces(facing, quote, *piece)
    place = _retold(facing, quote, cut)
    if place is None:
        return [Told(quote, "dropped", None)]
    within = _marked(facing, quote, place, child_quotes)
    return [Told(quote, "indirect", place) if within is None else Told(quote, "altered", within)]


def _marked(facing: Facing, quote: Fact, place: Span, candidates: Sequence[Fact]) -> Span | None:
    """Where a retelling itself stands between quotation marks: the words were changed, the speech is direct still.

    Either much of the quotation stands there, or nothing that it says stands outside the marks.
    """
    code = facing.language.code
    wanted = stems(quote.text, code)
    plain = facing.child.text[slice(*place)]
    inside = [fact for fact in candidates if place.start <= fact.span.start and fact.span.end <= place.end]
    for fact in inside:
        plain = plain.replace(fact.text, " ")
    left = wanted.keys() & stems(plain, code).keys()
    is_outside = any(wanted[stem] >= 1.0 for stem in left)
    shared = {fact: len(wanted.keys() & stems(fact.text, code).keys()) for fact in inside}
    best = max(inside, key=shared.__getitem__, default=None)
    if best is None or shared[best] <= len(left):
        return None
    alone = not is_outside and len(best.value.split()) > _SCARE_WORDS
    return best.span if alone or shared[best] >= _SAME_SPEECH * len(wanted) else None


def _piece(words: list[str], candidates: Sequence[Fact]) -> tuple[int, int, Fact] | None:
    """The longest run of the quotation's words that is, almost alone, a quotation of the child."""
    best: tuple[int, int, Fact] | None = None
    for candidate in candidates:
        other = candidate.value.split()
        for step in LCSseq.opcodes(words, other):
            length = step.src_end - step.src_start
            if step.tag != "equal" or length < _PIECE_WORDS or length < _KEPT * len(other):
                continue
            if best is None or length > best[1] - best[0]:
                best = (step.src_start, step.src_end, candidate)
    return best


def _pieces(facing: Facing, quote: Fact, first: int, last: int, kept: Fact) -> list[Told]:
    """The kept piece, and the longer rest of the sentence around it: retold, or dropped where nothing answers it."""
    places = [match.span() for match in WORD.finditer(quote.text)]
    origin = quote.span.start
    inside = Span(origin + places[first][0], origin + places[last - 1][1])
    told = [Told(_part(facing, quote, inside), "kept", kept.span)]
    rests = [(0, first), (last, len(places))]
    start, end = max(rests, key=lambda rest: rest[1] - rest[0])
    if end - start >= _PIECE_WORDS:
        rest = Span(origin + places[start][0], origin + places[end - 1][1])
        part = _part(facing, quote, rest)
        sentence = facing.child.sentences[facing.child.at(kept.span.start)]
        retold = _is_retold_beside(facing, part, sentence, kept)
        told.append(Told(part, "indirect", sentence) if retold else Told(part, "dropped", None))
    return sorted(told, key=lambda part: part.quote.span)


def _is_retold_beside(facing: Facing, part: Fact, sentence: Span, kept: Fact) -> bool:
    """Whether a sentence says anything of the rest of a quotation outside the piece it kept between its marks.

    A rest of few words of content ("There was no siren, only") is retold in words that share nothing with it.
    """
    said = facing.child.text[slice(*sentence)].replace(kept.text, " ")
    wanted = {stem for stem, weight in stems(part.text, facing.language.code).items() if weight >= 1.0}
    return len(wanted) < _TELLING or bool(wanted & stems(said, facing.language.code).keys())


def _closest(words: list[str], candidates: Sequence[Fact]) -> tuple[Fact | None, float]:
    """The child's quotation that has the largest share of the words in their order."""
    best, most = None, 0.0
    for candidate in candidates:
        share = LCSseq.similarity(words, candidate.value.split()) / max(1, len(words))
        if share > most:
            best, most = candidate, share
    return best, most


def _is_altered(words: list[str], other: list[str]) -> bool:
    """Whether words inside the child's marks were exchanged, not only cut off, cut out or joined to others.

    Looked at where the two meet: from the first to the last shared word.
    """
    steps = [s for s in LCSseq.opcodes(words, other) if s.tag != "equal"]
    inner = [
        s for s in steps if s.src_start > 0 and s.src_end < len(words) and s.dest_start > 0 and s.dest_end < len(other)
    ]
    return any(s.dest_end > s.dest_start for s in inner)


def _retold(facing: Facing, quote: Fact, cut: float) -> Span | None:
    """The child's sentence that says what the quotation said, or None."""
    speech = _Speech.of(facing, quote)
    needed = _RETOLD_IN_FULL + cut * (_RETOLD_IN_PART - _RETOLD_IN_FULL)
    scored = [
        (_likeness(facing, speech, column) + (_UNALIGNED if column in speech.aligned else 0.0), -column)
        for column in range(len(facing.child.sentences))
    ]
    score, column = max(scored, default=(0.0, 0))
    voiced = any(_is_voiced(facing, quote, n) for n in speech.aligned)
    if score >= needed + _UNALIGNED or (cut < _HARDLY_CUT and score > 0) or (voiced and cut < _LITTLE_CUT):
        if voiced and not _is_telling(facing, speech, -column, score):
            _, column = max(entry for entry in scored if _is_voiced(facing, quote, -entry[1]))
        return facing.child.sentences[-column]
    place = facing.child.text.casefold().find(quote.text.casefold())
    return (
        Span(place, place + len(quote.text)) if place >= 0 and len(quote.text) == len(quote.text.casefold()) else None
    )


@dataclass(frozen=True, slots=True)
class _Speech:
    """A sentence of a quotation as it is looked for in the child.

    rows: the parent's sentences it stands in.  aligned: the child's sentences that answer to those.  weights: its
    content stems; total: their sum.  figures: the values of its numbers.
    """

    quote: Fact
    rows: range
    aligned: frozenset[int]
    weights: Mapping[str, float]
    total: float
    figures: frozenset[str]

    @classmethod
    def of(cls, facing: Facing, quote: Fact) -> "_Speech":
        rows = facing.parent.rows(quote.span)
        wanted = stems(quote.text, facing.language.code)
        weights = {stem: w * facing.rarity.get(stem, 1.0) for stem, w in wanted.items() if w >= 1.0}
        return cls(
            quote=quote,
            rows=rows,
            aligned=frozenset(column for row in rows for column in facing.partners[row]),
            weights=weights,
            total=sum(weights.values()),
            figures=frozenset(fact.value for fact in facing.parent.within("number", quote.span)),
        )


def _likeness(facing: Facing, speech: _Speech, column: int) -> float:
    """How much of a quotation a sentence of the child holds: rare stems, figures, the same speaker."""
    stems_there = facing.child.stems[column]
    have = [stem for stem in speech.weights if stem in stems_there]
    others = [row for row in facing.answers[column] if row not in speech.rows]
    if others and have and column not in speech.aligned:
        # What the sentence says after another sentence of the parent it does not say after the quotation.
        have = [stem for stem in have if all(stem not in facing.parent.stems[row] for row in others)]
    share = sum(speech.weights[stem] for stem in have) / speech.total if speech.total else 0.0
    if speech.figures:
        numbers = facing.child.within("number", facing.child.sentences[column])
        share += _SAME_FIGURE if any(fact.value in speech.figures for fact in numbers) else 0.0
    return share + (_SAME_SPEAKER if share > 0 and _is_voiced(facing, speech.quote, column) else 0.0)


def _is_telling(facing: Facing, speech: _Speech, column: int, score: float) -> bool:
    """Whether a sentence of the child holds so much of a quotation that it tells it, whoever speaks there.

    One word in common is by chance.
    """
    return score >= _RETOLD_IN_PART and len(speech.weights.keys() & facing.child.stems[column].keys()) > 1


def _is_voiced(facing: Facing, quote: Fact, column: int) -> bool:
    """Whether the speaker of a quotation speaks in a sentence of the child, or stands in it by name."""
    span = facing.child.sentences[column]
    voices = (*facing.child.spoken_in(span), *facing.child.within("name", span))
    return any(same_name(quote.speaker, voice.value) for voice in voices)
