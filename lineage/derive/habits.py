"""A second look: every link weighed again by the derivation that the first look found around it.

A first look weighs each link by itself, and a tree is worth the sum of its links. So it cannot know that a text which
already has six children is likelier than others to have a seventh, or that nothing in this story ever branched. A small
forest reads the first probabilities together with what they say of the texts at both ends of a link and of the whole
story, and moves them by some nats (stacking: Martins, Das, Smith and Xing 2008). It sees no words, no names, no dates:
what it learns is how derivations look, and how first looks at them err.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import model
from lineage.derive.arborescence import Marginals
from lineage.derive.readings import Array, Ints

HABITS = "derive_habits"
FEWEST = 3  # texts of a story that is looked at twice: two alone have nothing around them
LEAST = 1e-6  # a probability below this is as good as none
PASSED_ON = 0.999  # of a probability, from a parent to its parent: keeps the sum over all lines of descent finite
DECIMALS = 6  # sums in another order differ in the last bits; ties between equal texts must stay ties

OF_LINKS = (
    "chance.log",  # of the link, or of having no parent
    "chance.lead",  # over the best other parent
    "chance.turned",  # of the link turned round
    "source.parent",  # that the parent has none itself
    "source.child",
    "children.parent",  # expected without this child
    "children.share",  # the same, of all that could be
    "children.child",
    "kin.ancestor",  # that the parent is above the child by way of another text
    "kin.descendant",
    "kin.sibling",
    "kin.grandparent",
    "tree.children.parent",  # in the likeliest tree, without this child
    "tree.children.child",
    "tree.sibling",
    "tree.grandparent",
    "none",  # 1 for having no parent, 0 for links
)
OF_STORY = (
    "story.texts",
    "story.sources",
    "story.known",
    "story.widest",
    "story.leaves",
    "story.children",
    "story.single",
    "story.deepest",
    "story.depth",
    "story.below_sources",
)
NAMES = OF_LINKS + OF_STORY


@dataclass(frozen=True)
class FirstLook:
    """What is known after the first look.

    links, roots: probabilities, parents × children and texts.  parents: of the likeliest tree, -1 for none.  known: how
    well the kind of the story is known, from 0 to 1.
    """

    links: Array
    roots: Array
    parents: Ints
    known: float

    def measures(self) -> Array:
        """What the second look reads: (texts + 1) × texts × `NAMES`; the last row stands for having no parent.

        The diagonal means nothing.
        """
        size = self.parents.size
        out = np.zeros((size + 1, size, len(NAMES)))
        for name, table in itertools.chain(self._of_links(), self._of_story()):
            out[:, :, NAMES.index(name)] = table
        return np.round(out, DECIMALS, out=out)

    def _of_links(self) -> Iterator[tuple[str, Array]]:
        links, roots, size = self.links, self.roots, self.roots.size
        logs, none = in_logs(links), in_logs(roots)
        best = np.sort(logs + np.where(np.eye(size, dtype=bool), -np.inf, 0.0), axis=0)
        rival = np.where(logs == best[-1], best[-2], best[-1])
        children = links.sum(axis=1)
        others = children[:, None] - links
        between = np.clip(np.linalg.inv(np.eye(size) - PASSED_ON * links) - np.eye(size), 0.0, 1.0)
        number, tree = self._tree()
        across = np.broadcast_to
        yield "chance.log", _below(logs, none)
        yield "chance.lead", _below(logs - rival, none - best[-1])
        yield "chance.turned", _below(logs.T)
        yield "source.parent", _below(across(none[:, None], links.shape))
        yield "source.child", _below(across(none, links.shape), none)
        yield "children.parent", _below(others)
        yield "children.share", _below(others / max(1, size - 2))
        yield "children.child", _below(others.T, children)
        yield "kin.ancestor", _below(between - links)
        yield "kin.descendant", _below(between.T)
        yield "kin.sibling", _below(links.T @ links)
        yield "kin.grandparent", _below(links @ links)
        yield "tree.children.parent", _below(number[:, None] - tree)
        yield "tree.children.child", _below(across(number, links.shape), number)
        yield "tree.sibling", _below(np.where(tree.any(axis=0), tree.T @ tree, 0.0))
        yield "tree.grandparent", _below(tree @ tree)
        yield "none", _below(np.zeros(links.shape), np.ones(size))

    def _of_story(self) -> Iterator[tuple[str, Array]]:
        number, _ = self._tree()
        depth = _depths(self.parents)
        some, sources = number > 0, self.parents < 0
        yield "story.texts", np.array(np.log(number.size))
        yield "story.sources", np.array(self.roots.sum())
        yield "story.known", np.array(self.known)
        yield "story.widest", np.array(number.max() / max(1, number.size - 1))
        yield "story.leaves", np.array(1.0 - some.mean())
        yield "story.children", np.array(number[some].mean() if some.any() else 0.0)
        yield "story.single", np.array((number == 1).sum() / max(1, some.sum()))
        yield "story.deepest", np.array(depth.max())
        yield "story.depth", np.array(depth.mean())
        yield "story.below_sources", np.array(number[sources].mean())

    def _tree(self) -> tuple[Array, Array]:
        """The number of each text's children in the likeliest tree, and the tree, parents × children."""
        tree = np.zeros(self.links.shape)
        children = np.flatnonzero(self.parents >= 0)
        tree[self.parents[children], children] = 1.0
        return tree.sum(axis=1), tree


@dataclass(frozen=True)
class Habits:
    """forest: nats that a link, or having no parent, is likelier than its first probability says."""

    forest: model.Forest

    def nats(self, look: FirstLook) -> Array:
        """(texts + 1) × texts; the last row stands for having no parent, the diagonal is 0."""
        measures = look.measures()
        rows, columns, count = measures.shape
        found = self.forest.log_odds(measures.reshape(-1, count)).reshape(rows, columns)
        np.fill_diagonal(found[:-1], 0.0)
        return found


def moved(found: Marginals, nats: Array, possible: NDArray[np.bool_], free: NDArray[np.bool_]) -> Marginals:
    """The probabilities moved by so many nats; what is not possible stays at 0, each text's parents sum to 1."""
    scores = np.vstack([in_logs(found.links), in_logs(found.roots)]) + nats
    scores[~np.vstack([possible & ~np.eye(free.size, dtype=bool), free])] = -np.inf
    chances = np.exp(scores - scores.max(axis=0))
    chances /= chances.sum(axis=0)
    return Marginals(chances[:-1], chances[-1], found.alone)


def in_logs(chances: Array) -> Array:
    """Probabilities in nats, not below that of `LEAST`."""
    logs: Array = np.log(np.clip(chances, LEAST, 1.0))
    return logs


def load(name: str) -> Habits:
    """The forest shipped as `lineage/data/models/<name>.json`.  Raises IndexFormatError."""
    return Habits(model.load(name))


def _below(links: Array, roots: Array | float = 0.0) -> Array:
    """A table of links with what holds of having no parent as its last row."""
    return np.vstack([links, np.broadcast_to(roots, (1, links.shape[1]))])


def _depths(parents: Ints) -> Array:
    """How many links each text is below its source."""
    depth = np.zeros(parents.size)
    above = parents.copy()
    while (above >= 0).any():
        depth += above >= 0
        above = np.where(above >= 0, parents[above], -1)
    return depth
