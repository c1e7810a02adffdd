"""One of the two texts of an edge with its sentences and facts, and how the two sides answer to each other."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from lineage.align import Affinity, Block, Stems, of_stems, tiling
from lineage.align.sentences import of_article
from lineage.align.similarity import rarity, stems
from lineage.facts import Fact, FactKind, facts
from lineage.language import Pack, language_of, pack
from lineage.records import Article, Span

# Paraphrased and slanted rewrites lie above (0.07 and more), articles that only share a matter below.
_LOOSE = 0.065
# Articles whose reading is kept: those of a story and of the next ones.
_REMEMBERED = 128
_MOST_SENTENCES = 500  # of one text
_WORD = re.compile(r"\w+(?:['’‐-]\w+)*")
_POSSESSIVES = ("'s", "’s")


@dataclass(frozen=True, slots=True)
class Side:
    """A text read once: its sentences with their stems, and its facts by kind.

    starts: where each sentence begins.  begins: where each fact begins, by kind.  said: the attributions of each
    sentence that has any.  named: the values of its names, each once.  forms: the same, parted into words, by each of
    the words.  vocabulary: its folded words, sorted.
    """

    text: str
    sentences: tuple[Span, ...]
    starts: tuple[int, ...]
    stems: tuple[Stems, ...]
    facts: Mapping[FactKind, tuple[Fact, ...]]
    begins: Mapping[FactKind, tuple[int, ...]]
    said: Mapping[Span, tuple[Fact, ...]]
    named: frozenset[str]
    forms: Mapping[str, tuple[frozenset[str], ...]]
    vocabulary: tuple[str, ...]

    def of(self, kind: FactKind) -> tuple[Fact, ...]:
        """The facts of one kind, in the order of the text."""
        return self.facts.get(kind, ())

    def within(self, kind: FactKind, span: Span) -> tuple[Fact, ...]:
        """The facts of one kind that begin inside a span."""
        begins = self.begins.get(kind, ())
        return self.of(kind)[bisect_left(begins, span.start) : bisect_left(begins, span.end)]

    def spoken_in(self, sentence: Span) -> tuple[Fact, ...]:
        """The attributions whose scope is this sentence."""
        return self.said.get(sentence, ())

    def is_named(self, value: str) -> bool:
        """Whether a folded name is one of the text's, or a shorter or longer form of one."""
        if value in self.named:
            return True
        words = frozenset(value.split())
        return any(words <= form or form <= words for word in words for form in self.forms.get(word, ()))

    def at(self, place: int) -> int:
        """The number of the sentence that holds a place of the text."""
        return max(0, bisect_right(self.starts, place) - 1)

    def rows(self, span: Span) -> range:
        """The numbers of the sentences that a span touches."""
        return range(self.at(span.start), self.at(max(span.start, span.end - 1)) + 1)

    def has_word(self, word: str) -> bool:
        """Whether a folded word stands in the text."""
        return self._next(word) == word

    def has_stem(self, stem: str) -> bool:
        """Whether a word of the text begins with a folded stem."""
        return self._next(stem).startswith(stem)

    def _next(self, word: str) -> str:
        """The first word of the vocabulary that does not stand before this one; empty behind the last."""
        place = bisect_left(self.vocabulary, word)
        return self.vocabulary[place] if place < len(self.vocabulary) else ""

    def sentence(self, number: int) -> str:
        """A sentence as written."""
        return self.text[slice(*self.sentences[number])]


@dataclass(frozen=True, slots=True)
class Facing:
    """Parent and child held against each other.

    partners: for each sentence of the parent the sentences of the child in the same block; `answers` the other way.
    loose: what is aligned shares so little that the two rather speak of one matter than retell one another; then a
    claim needs more to be taken for the same one.  translated: the two state different languages.  known: what
    `crediting` has found out about names.
    """

    parent: Side
    child: Side
    blocks: tuple[Block, ...]
    affinity: Affinity
    partners: tuple[tuple[int, ...], ...]
    answers: tuple[tuple[int, ...], ...]
    rarity: Mapping[str, float]
    language: Pack
    loose: bool
    translated: bool
    known: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def related(self, row: int, column: int, least: float = 0.15) -> bool:
        """Whether two sentences stand in one block or share enough content to speak of the same thing."""
        return column in self.partners[row] or bool(self.affinity.cosine[row, column] >= least)


def face(parent: Article, child: Article) -> Facing:
    """Read both articles and align them; the parent's language serves for both where the child states none."""
    stated = spoken(parent)
    lang = spoken(child) or stated
    left, right = reading(parent.text, stated or lang), reading(child.text, lang)
    measures = of_stems(left.stems, right.stems)
    found = tiling((parent.text, child.text), left.sentences, right.sentences, measures)
    partners, answers = _links(left, right, found)
    return Facing(
        parent=left,
        child=right,
        blocks=found,
        affinity=measures,
        partners=partners,
        answers=answers,
        rarity=rarity(left.stems, right.stems),
        language=pack(lang),
        loose=_is_loose(measures, partners),
        translated=translated(parent, child),
    )


def translated(parent: Article, child: Article) -> bool:
    """Whether the two are known to be in different languages."""
    stated = spoken(parent)
    return bool(stated) and stated != (spoken(child) or stated)


def spoken(article: Article) -> str:
    """The code of the language an article states, else of the one its text is seen to be in; may be empty."""
    return language_of(article.text, article.lang).replace("_", "-").split("-")[0].casefold()


def _is_loose(measures: Affinity, partners: Sequence[tuple[int, ...]]) -> bool:
    """Whether the aligned sentences are few and far apart: how close the middle one is, times how much is covered."""
    found = {columns: row for row, columns in enumerate(partners) if columns}
    closest = [float(measures.cosine[row, list(columns)].max()) for columns, row in found.items()]
    covered = sum(closest) / max(1, min(measures.cosine.shape))
    return not closest or float(np.median(closest)) * covered < _LOOSE


@lru_cache(_REMEMBERED)
def reading(text: str, lang: str) -> Side:
    """A text read into sentences and facts; remembered, since an article stands on several edges."""
    folded = set(map(str.casefold, _WORD.findall(text)))
    vocabulary = {word[:-2] if word.endswith(_POSSESSIVES) else word for word in folded}
    found = _joined(of_article(text, lang))
    told: dict[FactKind, list[Fact]] = {}
    for fact in facts(text, lang):
        told.setdefault(fact.kind, []).append(fact)
    named = frozenset(fact.value for fact in told.get("name", ()))
    return Side(
        text=text,
        sentences=found,
        starts=tuple(span.start for span in found),
        stems=tuple(stems(text[start:end], lang) for start, end in found),
        facts={kind: tuple(members) for kind, members in told.items()},
        begins={kind: tuple(fact.span.start for fact in members) for kind, members in told.items()},
        said=_by_scope(told.get("attribution", ())),
        named=named,
        forms=_by_word(named),
        vocabulary=tuple(sorted(vocabulary)),
    )


def _by_scope(attributions: Sequence[Fact]) -> dict[Span, tuple[Fact, ...]]:
    found: dict[Span, list[Fact]] = {}
    for fact in attributions:
        if fact.scope is not None:
            found.setdefault(fact.scope, []).append(fact)
    return {scope: tuple(members) for scope, members in found.items()}


def _by_word(named: Collection[str]) -> dict[str, tuple[frozenset[str], ...]]:
    found: dict[str, list[frozenset[str]]] = {}
    for name in sorted(named):
        form = frozenset(name.split())
        for word in sorted(form):
            found.setdefault(word, []).append(form)
    return {word: tuple(forms) for word, forms in found.items()}


def _joined(found: Sequence[Span]) -> tuple[Span, ...]:
    """The sentences; of a very long text several at a time, for aligning costs the square of their number."""
    size = max(1, -(-len(found) // _MOST_SENTENCES))
    parts = (found[at : at + size] for at in range(0, len(found), size))
    return tuple(Span(part[0].start, part[-1].end) for part in parts)


def _links(
    left: Side, right: Side, found: Sequence[Block]
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    partners: list[tuple[int, ...]] = [()] * len(left.sentences)
    answers: list[tuple[int, ...]] = [()] * len(right.sentences)
    for block in found:
        if block.a is None or block.b is None:
            continue
        rows, columns = tuple(left.rows(block.a)), tuple(right.rows(block.b))
        for row in rows:
            partners[row] = columns
        for column in columns:
            answers[column] = rows
    return tuple(partners), tuple(answers)
