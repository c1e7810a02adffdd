"""Stories of known derivation as training examples, and smaller stories cut out of them."""

import collections
import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lineage import truth
from lineage.derive.measures import Tables, tables
from lineage.derive.readings import Array
from lineage.derive.voice import Voice
from lineage.errors import MissingInput
from lineage.records import Article

FOLDS = 4
FEWEST = 4  # texts of a written story; smaller ones are of pairs
FOR_PAIRS = frozenset({"series"})
"""Sets of our own that tell which texts are no versions of one another, and no more."""
MANNER = {"answered": "answers"}
"""Sets of our own written in the manner of a set that has few stories; they teach one regime together."""
LEARNED_FROM = ("derivation/*.jsonl", "detection/news.*.jsonl", "detection/humanised.*.jsonl")

Parents = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Known:
    """A story whose derivation is known: its articles, and the nearest observed ancestors of each.

    regime: how it was written, where it was not written as the others of its set; such a story teaches the regimes
    alone.
    """

    source: str
    story: str
    articles: tuple[Article, ...]
    parents: Parents
    regime: str = ""


@dataclass(frozen=True)
class Example:
    """A known story with its measures.  truth: parents × children, 1 where the link is right."""

    source: str
    story: str
    tables: Tables
    truth: Array
    regime: str = ""

    @property
    def size(self) -> int:
        """The number of texts."""
        return len(self.tables.readings)

    @property
    def manner(self) -> str:
        """Its set, or the one in whose manner the set was written."""
        return MANNER.get(self.source, self.source)

    @property
    def kind(self) -> str:
        """The regime that it teaches."""
        return self.regime or self.manner

    @classmethod
    def of(cls, known: Known, heard: Voice | None = None) -> "Example":
        """The example of a known story; heard: the voices to listen for, by default the shipped ones."""
        measured = tables(known.articles, heard)
        ids = [reading.article.id for reading in measured.readings]
        right = np.array([[float(parent in known.parents[child]) for child in ids] for parent in ids])
        return cls(known.source, known.story, measured, right, known.regime)


def known_stories(data: Path) -> list[Known]:
    """The stories of `data/derivation`, sorted by set and name.  Raises MissingInput where there are none."""
    found = stories_in(data / "derivation")
    if not found:
        raise MissingInput(f"no *.docs.jsonl in {data / 'derivation'}; set LINEAGE_DATA to the development data")
    return found


def written_stories() -> list[Known]:
    """The stories that were written for this project to learn from.

    Raises MissingInput where they are not there.
    """
    found = [story for story in stories_in(truth.OWN) if story.source not in FOR_PAIRS]
    if not found:
        raise MissingInput(f"no *.docs.jsonl in {truth.OWN}; training needs the project's source, not only the package")
    return found


def stories_in(folder: Path) -> list[Known]:
    """The stories of every set in a folder, `<set>.docs.jsonl` with `<set>.gold.jsonl`, sorted by set and name."""
    found: list[Known] = []
    for place in sorted(folder.glob("*.docs.jsonl")):
        source = place.name.removesuffix(".docs.jsonl")
        texts = {row["id"]: row["text"] for row in truth.rows(place)}
        parents: dict[str, dict[str, list[str]]] = collections.defaultdict(dict)
        for row in truth.rows(truth.gold(place)):
            parents[row["story"]][row["id"]] = row["parents"]
        for story in sorted(parents):
            seen = sorted(set(parents[story]) & set(texts))
            articles = tuple(Article(id=name, text=texts[name]) for name in seen)
            found.append(Known(source, story, articles, contracted(parents[story], seen)))
    return found


def digest(data: Path) -> str:
    """A digest of every file that is learned from, in order of name."""
    total = hashlib.sha256()
    places = [place for part in LEARNED_FROM for place in sorted(data.glob(part))]
    own = (place for place in sorted(truth.OWN.glob("*.jsonl")) if place.name.split(".")[0] not in FOR_PAIRS)
    for place in [*places, *own]:
        total.update(place.name.encode())
        total.update(place.read_bytes())
    return total.hexdigest()[:16]


def contracted(parents: Mapping[str, Iterable[str]], observed: Iterable[str]) -> dict[str, frozenset[str]]:
    """The nearest observed ancestors of each observed text: a lost text is replaced by its own parents."""
    kept = frozenset(observed)

    def seen_above(text: str, passed: frozenset[str]) -> frozenset[str]:
        out: frozenset[str] = frozenset()
        for parent in parents.get(text, ()):
            if parent not in passed:
                out |= {parent} if parent in kept else seen_above(parent, passed | {parent})
        return out

    return {text: seen_above(text, frozenset({text})) for text in kept}


def smaller_stories(known: Known, seed: int) -> list[Known]:
    """Up to three stories that could have been observed instead: a star, a line of descent, and a thinner tree.

    They keep the source, so what a set of stories looks like (all stars, all chains) is not learned as a rule.
    """
    rng = random.Random(f"{seed}:{known.story}")
    ids = sorted(known.parents)
    roots = [text for text in ids if not known.parents[text]]
    if len(ids) < 5:
        return []
    if len(roots) != 1:
        return [_only(known, set(rng.sample(ids, 2 * len(ids) // 3)))]
    children: dict[str, list[str]] = collections.defaultdict(list)
    for text in ids:
        for parent in sorted(known.parents[text]):
            children[parent].append(text)
    others = [text for text in ids if text != roots[0]]
    thin = {roots[0], *rng.sample(others, rng.randint(max(2, len(others) // 3), len(others) - 1))}
    chosen = [_star(roots[0], children, rng), _line(roots[0], children, rng), thin]
    return [_only(known, part) for part in chosen if 4 <= len(part) < len(ids)]


def _star(root: str, children: Mapping[str, Sequence[str]], rng: random.Random) -> set[str]:
    """The root and one text of every branch below it."""
    part = {root}
    for branch in children.get(root, ()):
        below, todo = [], [branch]
        while todo:
            text = todo.pop()
            below.append(text)
            todo += children.get(text, ())
        part.add(rng.choice(sorted(set(below))))
    return part


def _line(root: str, children: Mapping[str, Sequence[str]], rng: random.Random) -> set[str]:
    """One line of descent from the root to a text that nobody copied."""
    part, text = {root}, root
    while children.get(text):
        text = rng.choice(list(children[text]))
        part.add(text)
    return part


def with_strangers(stories: Sequence[Known], seed: int) -> list[Known]:
    """Every second story with one or two texts of another story of its set and fold, unrelated to it.

    A story may hold articles that only seem to belong; they must be left without parent and child.
    """
    fold = folds(stories)
    together: dict[tuple[str, int], list[Known]] = collections.defaultdict(list)
    for known in stories:
        together[known.source, fold[known.story]].append(known)
    out = []
    for key in sorted(together):
        for known in together[key][::2]:
            others = [other for other in together[key] if other.story != known.story]
            if others:
                out.append(_with_stranger(known, others, random.Random(f"{seed}:{known.story}")))
    return out


def folds(stories: Iterable[Known | Example]) -> dict[str, int]:
    """The fold of each story, 0 to `FOLDS` - 1, spread evenly within every set, whatever the order."""
    by_source: dict[str, list[str]] = collections.defaultdict(list)
    for entry in stories:
        by_source[entry.source].append(entry.story)
    out: dict[str, int] = {}
    for names in by_source.values():
        ordered = sorted(names, key=lambda story: hashlib.md5(story.encode()).hexdigest())
        out |= {story: place % FOLDS for place, story in enumerate(ordered)}
    return out


def _with_stranger(known: Known, others: Sequence[Known], rng: random.Random) -> Known:
    count = rng.choice((1, 1, 2)) if len(others) > 1 else 1
    strangers = tuple(rng.choice(other.articles) for other in rng.sample(list(others), count))
    parents = {**known.parents, **{stranger.id: frozenset[str]() for stranger in strangers}}
    return Known(known.source, known.story, (*known.articles, *strangers), parents)


def _only(known: Known, part: set[str]) -> Known:
    articles = tuple(article for article in known.articles if article.id in part)
    return Known(known.source, known.story, articles, contracted(known.parents, part))
