"""Stories whose derivation is known because they were made here: pseudo-words, edits, cuts, blends, lost texts.

Sentences are strings of pseudo-words drawn by Zipf's law, so that texts share common words by chance as real ones do.
A child is made from its parents by operations of a stated strength; nothing else in it comes from elsewhere.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from lineage.records import Article, Stamp

ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "br", "st", "tr", "kl")
VOWELS = ("a", "e", "i", "o", "u", "ai", "ou")
START = datetime(2026, 1, 1, 12, tzinfo=UTC)

Sentences = list[list[str]]


@dataclass(frozen=True, slots=True)
class Operation:
    """How a child is made. All strengths are shares, 0 to 1.

    reword: words replaced by others.  drop: sentences left out.  add: new sentences, against the parent's number.
    reorder: sentences moved.  swap: neighbouring words exchanged.
    """

    reword: float = 0.0
    drop: float = 0.0
    add: float = 0.0
    reorder: float = 0.0
    swap: float = 0.0


COPY = Operation()
LIGHT_EDIT = Operation(reword=0.04)
ABRIDGED = Operation(reword=0.02, drop=0.5)
EXPANDED = Operation(reword=0.02, add=0.5)
REWRITE = Operation(reword=0.35, drop=0.1, reorder=0.1, swap=0.05)


@dataclass(frozen=True, slots=True)
class Step:
    """One text to make: its name, its parents (none for a source), how, and whether it is lost afterwards."""

    name: str
    parents: tuple[str, ...] = ()
    operation: Operation = LIGHT_EDIT
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Simulated:
    """The articles that were kept, and the true parents of every text, lost ones included."""

    articles: tuple[Article, ...]
    parents: Mapping[str, tuple[str, ...]] = field(hash=False)

    def edges(self) -> frozenset[tuple[str, str]]:
        """The true (parent, child) pairs among kept articles; a lost text is replaced by its own parents."""
        kept = {article.id for article in self.articles}
        return frozenset((parent, child) for child in kept for parent in self._above(child, kept))

    def roots(self) -> frozenset[str]:
        """The kept articles without a kept ancestor."""
        kept = {article.id for article in self.articles}
        return frozenset(name for name in kept if not self._above(name, kept))

    def _above(self, name: str, kept: set[str]) -> set[str]:
        out: set[str] = set()
        for parent in self.parents[name]:
            out |= {parent} if parent in kept else self._above(parent, kept)
        return out


class Writer:
    """Makes up words and sentences; everything it writes follows from its seed."""

    def __init__(self, seed: int, vocabulary: int = 4000) -> None:
        self._random = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < vocabulary:
            words[self._word()] = None
        self._words = list(words)
        self._weights = [1.0 / (rank + 10) for rank in range(vocabulary)]

    def _word(self) -> str:
        syllables = self._random.randint(1, 3)
        return "".join(self._random.choice(ONSETS) + self._random.choice(VOWELS) for _ in range(syllables))

    def sentence(self) -> list[str]:
        """A sentence of 6 to 20 words."""
        return self._random.choices(self._words, self._weights, k=self._random.randint(6, 20))

    def article(self, sentences: int) -> Sentences:
        """A text that nothing was copied into."""
        return [self.sentence() for _ in range(sentences)]

    def rewritten(self, text: Sentences, operation: Operation) -> Sentences:
        """A child of one text."""
        chance = self._random.random
        kept = [list(sentence) for sentence in text if chance() >= operation.drop] or [list(text[0])]
        changed = [self._reworded(sentence, operation) for sentence in kept]
        for _ in range(round(operation.reorder * len(changed))):
            changed.insert(self._random.randrange(len(changed)), changed.pop(self._random.randrange(len(changed))))
        for _ in range(round(operation.add * len(text))):
            changed.insert(self._random.randint(0, len(changed)), self.sentence())
        return changed

    def _reworded(self, sentence: list[str], operation: Operation) -> list[str]:
        chance = self._random.random
        words = [self.sentence()[0] if chance() < operation.reword else word for word in sentence]
        for place in range(len(words) - 1):
            if chance() < operation.swap:
                words[place], words[place + 1] = words[place + 1], words[place]
        return words

    def merged(self, texts: Sequence[Sentences]) -> Sentences:
        """Alternate thirds of several texts, in their order."""
        out: Sentences = []
        for part in range(3):
            for text in texts:
                third = max(1, len(text) // 3)
                out += [list(sentence) for sentence in text[part * third : (part + 1) * third][: third // 2 + 1]]
        return out


def story(steps: Iterable[Step], seed: int = 1, sentences: int = 25, dated: bool = False) -> Simulated:
    """The texts of these steps, made in order; a parent must stand before its children.

    dated: each text carries the minute it was made.  Raises KeyError on a parent that is not made yet.
    """
    writer = Writer(seed)
    texts: dict[str, Sentences] = {}
    articles: list[Article] = []
    parents: dict[str, tuple[str, ...]] = {}
    for minute, step in enumerate(steps):
        above = [texts[parent] for parent in step.parents]
        base = writer.article(sentences) if not above else above[0] if len(above) == 1 else writer.merged(above)
        texts[step.name] = writer.rewritten(base, step.operation) if above else base
        parents[step.name] = step.parents
        if not step.lost:
            article = Article(step.name, as_text(texts[step.name]))
            articles.append(replace(article, published=_stamp(minute)) if dated else article)
    return Simulated(tuple(articles), parents)


def as_text(sentences: Sentences) -> str:
    """Sentences with a capital and a full stop, five a paragraph."""
    written = [" ".join([words[0].capitalize(), *words[1:]]) + "." for words in sentences]
    paragraphs = [" ".join(written[start : start + 5]) for start in range(0, len(written), 5)]
    return "\n\n".join(paragraphs)


def chain(length: int, operation: Operation = LIGHT_EDIT) -> list[Step]:
    """Each text made from the one before: t00 → t01 → …"""
    return [Step(f"t{n:02}", (f"t{n - 1:02}",) if n else (), operation) for n in range(length)]


def star(arms: int, operation: Operation = ABRIDGED) -> list[Step]:
    """One source, and `arms` texts made from it."""
    return [Step("source"), *(Step(f"t{n:02}", ("source",), operation) for n in range(arms))]


def tree(size: int, operation: Operation = LIGHT_EDIT, seed: int = 1) -> list[Step]:
    """Each text made from one of those before, chosen at random."""
    rng = random.Random(seed)
    return [Step(f"t{n:02}", (f"t{rng.randrange(n):02}",) if n else (), operation) for n in range(size)]


WAYS = (COPY, LIGHT_EDIT, ABRIDGED, EXPANDED, REWRITE)


def mixed(seed: int = 1, most: int = 12) -> list[Step]:
    """A story as they come: 3 to `most` texts made in different ways, some from two others, some lost since."""
    rng = random.Random(seed)
    steps = [Step("t00")]
    for n in range(1, rng.randint(3, max(3, most))):
        above = rng.sample([step.name for step in steps], 2 if n > 2 and rng.random() < MERGED else 1)
        lost = n > 1 and rng.random() < LOST
        steps.append(Step(f"t{n:02}", tuple(sorted(above)), rng.choice(WAYS), lost))
    return steps


MERGED, LOST = 0.12, 0.12  # shares of texts


def corpus(stories: int, seed: int = 1, most: int = 12, wrong_dates: float = 0.0) -> list[Simulated]:
    """Stories that have nothing to do with one another; everything follows from the seed.

    Ids are `s0001-t00` and so on, in an order that tells nothing of who wrote from whom, as do the articles of a story.
    wrong_dates: share of articles whose date is off by some days, 0 to 1; with 0 the articles have no date at all.
    """
    made = []
    for number in range(1, stories + 1):
        prefix, own_seed = f"s{number:04}-", seed * 100_003 + number
        told = story(_named_anyhow(prefix, mixed(own_seed, most), own_seed), own_seed, dated=wrong_dates > 0)
        rng = random.Random(seed + number)
        dated = (_misdated(article, rng) if rng.random() < wrong_dates else article for article in told.articles)
        articles = sorted((replace(article, story=prefix[:-1]) for article in dated), key=lambda article: article.id)
        made.append(Simulated(tuple(articles), told.parents))
    return made


def _named_anyhow(prefix: str, steps: list[Step], seed: int) -> list[Step]:
    """The same steps under the same names, dealt out at random: who wins a tie by name must not win by knowledge."""
    names = [step.name for step in steps]
    dealt = dict(zip(names, random.Random(seed).sample(names, len(names)), strict=True))
    return [
        replace(step, name=prefix + dealt[step.name], parents=tuple(prefix + dealt[parent] for parent in step.parents))
        for step in steps
    ]


def _misdated(article: Article, rng: random.Random) -> Article:
    return replace(article, published=_stamp(rng.randint(-3, 3) * 24 * 60 + rng.randint(-60, 60)))


def _stamp(minute: int) -> Stamp:
    at = START + timedelta(minutes=minute)
    return Stamp.of(at.isoformat(), at, timedelta(minutes=1), "minute")
