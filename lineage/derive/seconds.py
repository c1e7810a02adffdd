"""What speaks for a second parent: what the first leaves unexplained and the second has, and what both explain alone.

In a merge the child has of each parent what the other lacks, next to nothing that neither has, and all that both have.
Counted are wording and facts, and only where the three texts differ, so that the reasons have no scale. A line of
descent looks alike where its middle is taken for a merge of its ends; there a fourth text tells: in a merge the source
of both parents has the old wording on either side, and none of the new.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.derive.decide import Decision
from lineage.derive.family import Family
from lineage.derive.linear import COPIED, SIZE
from lineage.derive.measures import Tables
from lineage.derive.passages import common_words, passages
from lineage.derive.readings import Array, Hashes, Ints, Reading

KINDS = ("three", "stem", "skip", "fact")
CONSIDERED = 16  # texts closest to the child
SMALL = 48  # texts of a story whose features are numbered together
LEAST = 1e-6
FAINT = 0.01  # added to probabilities before their logarithm is taken
LAW = 4.0  # nats from which a law counts as kept


@dataclass(frozen=True)
class Choice:
    """A child with its first parent, the texts that could be its second, and the reasons: others × columns."""

    child: int
    first: int
    others: tuple[int, ...]
    names: tuple[str, ...]
    reasons: Array


class Seconds:
    """The choices of a story's texts; what does not depend on the tree is measured once."""

    def __init__(self, tables: Tables, decision: Decision) -> None:
        self._tables, self._decision = tables, decision
        pairs = tables.pairs
        # Texts × texts, how close they are in word pairs; symmetric.
        self.near = np.zeros(decision.links.shape)
        self.near[pairs.parent, pairs.child] = tables.column("wording.near.two")
        story = [float(tables.of_texts[0, tables.text_names.index(name)]) for name in (COPIED, SIZE)]
        self._story = dict(zip((COPIED, SIZE), story, strict=True))
        self._features: dict[str, tuple[list[Ints], int]] = {}
        self._shared: dict[tuple[int, int], tuple[Shared, ...]] = {}
        self._alone: dict[tuple[int, int, int], tuple[float, float, float]] = {}

    def choice(self, family: Family, child: int) -> Choice | None:
        """The choice of one text; None where it has two parents already or there is nothing to choose from."""
        if family.merged(child):
            return None
        first = family.parents[child] if family.parents[child] >= 0 else self._likeliest(family, child)
        timely = self._decision.timely[:, child]
        closest = np.argsort(-self.near[:, child], kind="stable").tolist()
        others = tuple(text for text in closest if text not in (child, first) and timely[text])[:CONSIDERED]
        if first < 0 or not others:
            return None
        columns = self._columns(family, child, first, others)
        names = tuple(sorted(columns))
        return Choice(child, first, others, names, np.stack([columns[name] for name in names], axis=1))

    def _likeliest(self, family: Family, child: int) -> int:
        """Of a text without a parent: the likeliest one, or the likeliest of its children; -1 where none can be."""
        children = np.array(family.parents) == child
        chances = self._decision.links[:, child] + np.where(children, self._decision.links[child], 0.0)
        chances = np.where(self._decision.timely[:, child], chances, -1.0)
        chances[child] = -1.0
        likeliest = int(np.argmax(chances))
        return likeliest if chances[likeliest] >= 0 else -1

    def _columns(self, family: Family, child: int, first: int, others: tuple[int, ...]) -> dict[str, Array]:
        if (child, first) not in self._shared:
            self._shared[child, first] = self._counted(child, first, others)
        relations = Relations.of(family, child, first, others)
        out: dict[str, Array] = {}
        for kind, shared in zip(KINDS, self._shared[child, first], strict=True):
            out |= {f"{kind}.{name}": values for name, values in _wording(shared, relations).items()}
        story = {name: np.full(len(others), value) for name, value in self._story.items()}
        return out | self._places(child, first, others) | self._links(family, child, first, others, relations) | story

    def _counted(self, child: int, first: int, others: tuple[int, ...]) -> tuple["Shared", ...]:
        texts = (child, first, *others)
        return tuple(Shared.of(*self._numbers(kind, texts)) for kind in KINDS)

    def _numbers(self, kind: str, texts: Sequence[int]) -> tuple[list[Ints], int]:
        """The features of some texts as numbers, and how many numbers there are; in a small story once for all."""
        readings = self._tables.readings
        if len(readings) > SMALL:
            return _numbered([readings[text].features(kind) for text in texts])
        if kind not in self._features:
            self._features[kind] = _numbered([reading.features(kind) for reading in readings])
        own, numbers = self._features[kind]
        return [own[text] for text in texts], numbers

    def _places(self, child: int, first: int, others: Sequence[int]) -> dict[str, Array]:
        """The passages that the other has alone: how many, the longest, and their share of the child's words."""
        fresh = [other for other in others if (child, first, other) not in self._alone]
        if fresh:
            reading = self._tables.readings[child]
            known = common_words(reading, self._tables.readings[first].features("three"))
            for other in fresh:
                alone = common_words(reading, self._tables.readings[other].features("three")) & ~known
                self._alone[child, first, other] = _extent(reading, alone)
        found = np.array([self._alone[child, first, other] for other in others])
        return dict(zip(("passages.count", "passages.longest", "passages.share"), found.T, strict=True))

    def _links(
        self, family: Family, child: int, first: int, others: Sequence[int], relations: "Relations"
    ) -> dict[str, Array]:
        """The model's opinion of the other as a single parent, how near the three are, and where they stand."""
        links, near, at = self._decision.links, self.near, list(others)
        parents = np.array(family.parents)
        closer = np.maximum(LEAST, np.minimum(near[first, child], near[at, child]))
        above = set(family.above(first))
        return {
            "link.other": np.log(links[at, child] + FAINT),
            "link.against_first": np.log((links[at, child] + FAINT) / (links[first, child] + FAINT)),
            "link.back": links[child, at],
            "link.between": links[first, at] + links[at, first],
            "link.first": np.full(len(at), links[first, child]),
            "near.parents": near[first, at] / closer,
            "near.other": near[at, child] / max(LEAST, near[first, child]),
            "tree.above": np.array([float(other in above and parents[child] >= 0) for other in at]),
            "tree.sibling": (parents[at] == first).astype(float),
            "tree.below": relations.below.astype(float),
            "tree.child": (parents[at] == child).astype(float),
            "tree.root": (parents[at] < 0).astype(float),
            "tree.orphan": np.full(len(at), float(parents[child] < 0)),
            "tree.apart": relations.apart.astype(float),
            "rank": np.log1p(np.arange(len(at), dtype=float)),
        }


def _numbered(sets: Sequence[Hashes]) -> tuple[list[Ints], int]:
    every = np.unique(np.concatenate(sets))
    return [np.searchsorted(every, own) for own in sets], every.size


def _extent(reading: Reading, inside: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Of the marked words of a text: how many passages they are, the longest, and their share of all words."""
    lengths = [span.end - span.start for span in passages(reading, inside)]
    return (
        float(np.log1p(len(lengths))),
        float(np.log1p(max(lengths, default=0) / 6)),
        float(inside.sum()) / max(1, inside.size),
    )


@dataclass(frozen=True)
class Relations:
    """How the texts in question stand to one another in the tree.

    below: whether each is below the child.  apart: whether each shares no ancestor with the first parent.
    background: others × others, whether the column's text tells what the row's explains by chance: it is neither below
    the child nor on the row's line.  sources: others × others, whether the column's text may be the source of both
    parents: it is below neither them nor the child.
    """

    below: NDArray[np.bool_]
    apart: NDArray[np.bool_]
    background: NDArray[np.bool_]
    sources: NDArray[np.bool_]

    @classmethod
    def of(cls, family: Family, child: int, first: int, others: Sequence[int]) -> "Relations":
        """The relations of one choice."""
        under = family.below(child)
        below = np.array([other in under for other in others])
        lines = {other: {other, *family.above(other)} for other in others}
        same_line = np.array([[a in lines[b] or b in lines[a] for b in others] for a in others])
        of_first = family.below(first) if first not in under else frozenset[int]()
        free = np.array([other not in of_first for other in others]) & ~below
        not_below = np.array(
            [[b != a and (a in under or b not in family.below(a)) for b in others] for a in others], bool
        )
        upper = {first, *family.above(first)}
        apart = np.array([not upper & lines[other] for other in others])
        return cls(below, apart, ~below[None, :] & ~same_line, free[None, :] & not_below)


@dataclass(frozen=True)
class Shared:
    """How many features of one kind two of the other texts share, by who else has them; others × others each.

    The diagonal is what one of them has.  both: child and first parent have it too.  new: the child has it and the
    first parent has not.  dropped: the other way round.  foreign: neither has it.  totals: of `both`, `new` and
    `dropped` whoever has it.
    """

    both: Array
    new: Array
    dropped: Array
    foreign: Array
    totals: tuple[float, float, float]

    @classmethod
    def of(cls, features: Sequence[Ints], numbers: int) -> "Shared":
        """The counts for the features of the child, of its first parent and of the others, in this order.

        Features are numbers below `numbers`.
        """
        had = np.zeros(numbers, bool)
        had[np.concatenate(features)] = True
        column = np.cumsum(had) - 1
        table = np.zeros((len(features), int(had.sum())), np.float32)
        for row, own in zip(table, features, strict=True):
            row[column[own]] = 1.0
        child, first, others = table[0] > 0, table[1] > 0, table[2:]
        both, new, dropped, foreign = child & first, child & ~first, first & ~child, ~child & ~first
        totals = (float(both.sum()), float(new.sum()), float(dropped.sum()))
        common = [_in_common(others[:, mask]) for mask in (both, new, dropped, foreign)]
        return cls(common[0], common[1], common[2], common[3], totals)

    @property
    def known(self) -> tuple[Array, Array, Array, Array]:
        """What each of the others has of `both`, `new`, `dropped` and `foreign`."""
        return np.diag(self.both), np.diag(self.new), np.diag(self.dropped), np.diag(self.foreign)


def _wording(shared: Shared, relations: Relations) -> dict[str, Array]:
    """The reasons of one kind of feature; see the head of the module."""
    both, new, dropped, foreign = shared.known
    all_both, all_new, _ = shared.totals
    first_alone, nobody = all_both - both, all_new - new
    least = np.minimum(new, first_alone)
    covered, own = _odds(new, nobody), _odds(first_alone, nobody)
    kept = _odds(least, dropped)
    law = np.clip(np.minimum(np.minimum(covered, own), kept), -LAW, LAW)
    share = new / (all_new + 1.0)
    sharer, usual = _background(shared, relations.background)
    return {
        "covered": covered,
        "own": own,
        "kept": kept,
        "law": law,
        "square": np.minimum(law, LAW + 2.0 * _common_source(shared, relations.sources)),
        "lead": share - sharer / (all_new + 1.0),
        "alone": (new - usual) / (new + 1.0),
        "least": np.log1p(least),
        "share": new / max(1.0, all_both + all_new),
        "share_first": first_alone / max(1.0, all_both + all_new),
        "unlike": (both + dropped) / (np.minimum(all_both, both + new) + 1.0),
        "left": np.log((dropped + foreign + 1.0) / (new + 1.0)),
    }


def _in_common(table: NDArray[np.float32]) -> Array:
    return (table @ table.T).astype(np.float64)


def _odds(part: Array, rest: Array) -> Array:
    odds: Array = np.log((part + 0.5) / (rest + 0.5))
    return odds


def _background(shared: Shared, background: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Of the child's new features, the most that any text of the background has, and has of those the other has."""
    most = np.where(background, np.diag(shared.new)[None, :], 0.0).max(axis=1)
    same: Array = np.where(background, shared.new, 0.0).max(axis=1)
    return most, same


def _common_source(shared: Shared, sources: NDArray[np.bool_]) -> Array:
    """Nats, at most 0, by which the best source of both parents falls short of having all that is old and nothing new.

    Old is what the other or the first parent has and the child has not; new is what the child has from one of them.
    """
    both, new, dropped, foreign = shared.known
    all_both, _, all_dropped = shared.totals
    parts = (
        (shared.foreign, foreign),
        (dropped[None, :] - shared.dropped, all_dropped - dropped),
        (new[:, None] - shared.new, new),
        ((all_both - both)[:, None] - (both[None, :] - shared.both), all_both - both),
    )
    short = sum(
        (np.log((had + 0.5) / (whole[:, None] + 0.5)) for had, whole in parts), start=np.zeros(shared.new.shape)
    )
    found: Array = np.maximum(-6.0, np.where(sources, short, -np.inf).max(axis=1))
    return found
