"""One of the two texts of an edge with its sentences and facts, and how the two sides answer to each other."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lineage.align import Affinity, Block, affinity, blocks, sentences
from lineage.align.similarity import rarity
from lineage.facts import Fact, FactKind, facts
from lineage.language import Pack, pack
from lineage.records import Article, Span

_WORD = re.compile(r"\w+(?:['’‐-]\w+)*")
_POSSESSIVE = re.compile(r"['’]s?$")


@dataclass(frozen=True, slots=True)
class Side:
    """A text read once: its sentences and its facts."""

    text: str
    sentences: tuple[Span, ...]
    facts: tuple[Fact, ...]
    vocabulary: frozenset[str]

    def of(self, kind: FactKind) -> list[Fact]:
        """The facts of one kind, in the order of the text."""
        return [fact for fact in self.facts if fact.kind == kind]

    def within(self, kind: FactKind, span: Span) -> list[Fact]:
        """The facts of one kind that begin inside a span."""
        return [fact for fact in self.facts if fact.kind == kind and span.start <= fact.span.start < span.end]

    def at(self, place: int) -> int:
        """The number of the sentence that holds a place of the text."""
        return max(0, bisect_right([span.start for span in self.sentences], place) - 1)

    def rows(self, span: Span) -> range:
        """The numbers of the sentences that a span touches."""
        return range(self.at(span.start), self.at(max(span.start, span.end - 1)) + 1)

    def has_word(self, word: str) -> bool:
        """Whether a folded word stands in the text."""
        return word in self.vocabulary

    def has_stem(self, stem: str) -> bool:
        """Whether a word of the text begins with a folded stem."""
        return any(word.startswith(stem) for word in self.vocabulary)

    def sentence(self, number: int) -> str:
        """A sentence as written."""
        return self.text[slice(*self.sentences[number])]


@dataclass(frozen=True, slots=True)
class Facing:
    """Parent and child held against each other.

    partners: for each sentence of the parent the sentences of the child in the same block; `answers` the other way.
    """

    parent: Side
    child: Side
    blocks: tuple[Block, ...]
    affinity: Affinity
    partners: tuple[tuple[int, ...], ...]
    answers: tuple[tuple[int, ...], ...]
    rarity: Mapping[str, float]
    language: Pack

    def related(self, row: int, column: int, least: float = 0.15) -> bool:
        """Whether two sentences stand in one block or share enough content to speak of the same thing."""
        return column in self.partners[row] or bool(self.affinity.cosine[row, column] >= least)


def face(parent: Article, child: Article) -> Facing:
    """Read both articles and align them; the parent's language serves for both where the child states none."""
    lang = child.lang or parent.lang
    left, right = _side(parent.text, parent.lang or lang), _side(child.text, lang)
    found = blocks(parent.text, child.text, lang)
    partners, answers = _links(left, right, found)
    measures = affinity(_texts(left), _texts(right), lang)
    return Facing(
        left, right, found, measures, partners, answers, rarity(_texts(left), _texts(right), lang), pack(lang)
    )


def _side(text: str, lang: str) -> Side:
    vocabulary = frozenset(_POSSESSIVE.sub("", word.casefold()) for word in _WORD.findall(text))
    return Side(text, sentences(text, lang), facts(text, lang), vocabulary)


def _texts(side: Side) -> list[str]:
    return [side.text[start:end] for start, end in side.sentences]


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
