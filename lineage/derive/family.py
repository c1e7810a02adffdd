"""A derivation in the making: a tree, the second parents beside it, and what it takes to hang a text elsewhere."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from lineage.derive.decide import Decision
from lineage.derive.readings import Array
from lineage.derive.verdicts import Link

UNLIKE = 0.5  # as near as this to another text, against the child, a text must be to be hung there


@dataclass(frozen=True)
class Family:
    """parents: the first parent of each text, -1 for none.  seconds: second parents, as (parent, child)."""

    parents: tuple[int, ...]
    seconds: tuple[Link, ...] = ()
    _known: dict[int, frozenset[int]] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, decision: Decision) -> "Family":
        """The tree of a decision, and the links beside it that a person has required."""
        parents = tuple(int(parent) for parent in decision.parents)
        return cls(parents, tuple(decision.limits.beside(parents)))

    def below(self, text: int) -> frozenset[int]:
        """All texts that go back to this one, by first or second parents."""
        if text not in self._known:
            children: dict[int, list[int]] = {}
            for above, child in self._links():
                children.setdefault(above, []).append(child)
            found, todo = set(), [text]
            while todo:
                fresh = [child for child in children.get(todo.pop(), ()) if child not in found]
                found.update(fresh)
                todo += fresh
            self._known[text] = frozenset(found)
        return self._known[text]

    def above(self, text: int) -> list[int]:
        """The first parents over a text, the nearest first."""
        out: list[int] = []
        while (text := self.parents[text]) >= 0:
            out.append(text)
        return out

    def merged(self, text: int) -> bool:
        """Whether the text has a second parent."""
        return any(child == text for _, child in self.seconds)

    def with_parent(self, child: int, parent: int) -> "Family":
        """The same with another first parent of one text."""
        changed = (*self.parents[:child], parent, *self.parents[child + 1 :])
        return Family(changed, self.seconds)

    def with_second(self, parent: int, child: int) -> "Family":
        """The same with one second parent more."""
        return Family(self.parents, (*self.seconds, (parent, child)))

    def _links(self) -> Iterator[Link]:
        for child, parent in enumerate(self.parents):
            if parent >= 0:
                yield parent, child
        yield from self.seconds


def freed(decision: Decision, near: Array, family: Family, text: int, child: int) -> Family | None:
    """The family with `text` no longer below `child`, as near to the probable links as can be; None where it is bound.

    A link on the way down from `child` is given up, and what hangs below it is hung elsewhere by one of its texts, or
    stands alone with that text as its root; links within are turned where the new root asks for it.  near: texts ×
    texts, how close they are.
    """
    if text not in family.below(child):
        return family
    if child not in family.above(text):
        return None  # it hangs there by a second parent
    best: tuple[float, Family] | None = None
    line = [text, *family.above(text)]
    for lower, upper in itertools.pairwise(line[: line.index(child) + 1]):
        if (upper, lower) not in decision.limits.required:
            found = _hung_elsewhere(decision, near, family, lower, child)
            if found is not None and (best is None or found[0] > best[0] + 1e-9):
                best = found
    return None if best is None else best[1]


def _hung_elsewhere(
    decision: Decision, near: Array, family: Family, top: int, child: int
) -> tuple[float, Family] | None:
    """The best place for all that hangs from `top` by first parents, and the probability of links won by it."""
    inside = [text for text in range(len(family.parents)) if text == top or top in family.above(text)]
    # What is near the child alone is no text of the same line: the model gave it a parent because it had to have one.
    allowed = decision.timely & (near >= UNLIKE * near[child][None, :])
    allowed[[*inside, child, *family.below(child)], :] = False
    links = np.where(allowed, decision.links, -1.0)
    best: tuple[float, Family] | None = None
    for root in inside:
        turned = _turned(decision, family, root, top)
        if turned is None:
            continue
        place = int(np.argmax(links[:, root]))
        if decision.roots[root] >= links[place, root]:
            place = -1
        worth = turned[0] + float(decision.roots[root] if place < 0 else links[place, root])
        if best is None or worth > best[0] + 1e-9:
            best = worth, turned[1].with_parent(root, place)
    lost = 0.0 if best is None else float(decision.links[family.parents[top], top])
    return None if best is None else (best[0] - lost, best[1])


def _turned(decision: Decision, family: Family, root: int, top: int) -> tuple[float, Family] | None:
    """The family with the links from `top` down to `root` turned round, and what that is worth; None where barred."""
    worth, parents = 0.0, list(family.parents)
    while root != top:
        upper = family.parents[root]
        if not decision.timely[root, upper] or (upper, root) in decision.limits.required:
            return None
        worth += float(decision.links[root, upper] - decision.links[upper, root])
        parents[upper] = root
        root = upper
    return worth, replace(family, parents=tuple(parents), _known={})


def settled(decision: Decision, family: Family) -> Decision:
    """The decision with the parents of this family; a text that was hung elsewhere has what is left of its chances."""
    links, oriented = decision.links.copy(), decision.oriented.copy()
    roots, directions = decision.roots.copy(), decision.directions.copy()
    for text, parent in enumerate(family.parents):
        if parent == decision.parents[text]:
            continue
        gone = [*sorted(family.below(text)), text]
        links[gone, text] = 0.0
        left = max(1e-9, float(links[:, text].sum() + roots[text]))
        links[:, text] /= left
        roots[text] /= left
        directions[text] = oriented[text] = 1.0 if parent < 0 else _direction(links, parent, text)
    return replace(
        decision,
        parents=np.array(family.parents, np.int64),
        links=links,
        roots=roots,
        directions=directions,
        oriented=oriented,
    )


def _direction(links: Array, parent: int, child: int) -> float:
    there, back = float(links[parent, child]), float(links[child, parent])
    return there / max(1e-9, there + back)
