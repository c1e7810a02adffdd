"""How far two derivations of the same texts agree."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
Parents = Mapping[str, Iterable[str]]
Pair = frozenset[str]
Links = Mapping[str, Iterable[str]]

SAME_CHILDREN = 0.5  # of the children of two lost texts that are taken for one


def contracted(parents: Parents, observed: set[str]) -> dict[str, set[str]]:
    """Parents of each observed text, with those that are not observed replaced by their own parents."""
    return {id: _resolved(parents, observed, id) for id in observed}


def _resolved(parents: Parents, observed: set[str], id: str) -> set[str]:
    found: set[str] = set()
    passed = {id}
    todo = list(parents.get(id, ()))
    while todo:
        parent = todo.pop()
        if parent == id:
            continue
        if parent in observed:
            found.add(parent)
        elif parent not in passed:
            passed.add(parent)
            todo += parents.get(parent, ())
    return found


def ancestors(parents: Parents, id: str) -> set[str]:
    """All texts that a text goes back to."""
    found: set[str] = set()
    todo = list(parents.get(id, ()))
    while todo:
        parent = todo.pop()
        if parent not in found:
            found.add(parent)
            todo += parents.get(parent, ())
    return found


def tree_scores(
    ids: set[str], true: Mapping[str, set[str]], said: Mapping[str, set[str]], undirected: set[Pair]
) -> dict[str, float]:
    """Agreement of two derivations of the same texts, each figure 0 to 1; symmetric but for `undirected`.

    parents: the mean over the texts of the F1 of its set of parents, which is 1 where both sets are empty.
    """
    true_edges = {(parent, child) for child in ids for parent in true[child]}
    said_edges = {(parent, child) for child in ids for parent in said[child]}
    true_line = {(above, child) for child in ids for above in ancestors(true, child)}
    said_line = {(above, child) for child in ids for above in ancestors(said, child)}
    skeleton = {frozenset(edge) for edge in said_edges} | undirected
    return {
        "roots": _jaccard({id for id in ids if not true[id]}, {id for id in ids if not said[id]}),
        "edges": _f1(true_edges, said_edges),
        "skeleton": _f1({frozenset(edge) for edge in true_edges}, skeleton),
        "parents": sum(_f1(true[id], said[id]) for id in sorted(ids)) / max(1, len(ids)),
        "leaves": _jaccard(ids - {parent for parent, _ in true_edges}, ids - {parent for parent, _ in said_edges}),
        "ancestry": _jaccard(true_line, said_line),
    }


def _jaccard(a: set[T], b: set[T]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def _f1(true: set[T], said: set[T]) -> float:
    return 2 * len(true & said) / (len(true) + len(said)) if true or said else 1.0


def sign_similarity(ids: Iterable[str], true: Links, said: Links) -> float:
    """Whether two graphs agree on which of two texts is nearer to a third; 0 to 1, over all triples of `ids`.

    The measure for hand-made stemmata (Roos & Heikkilä 2009): for each text a and each pair b, c the signs of
    d(a, b) - d(a, c) are compared, equal 1, opposite 0, and one half where one of them is a tie. d counts links,
    whatever their direction, through lost and posited texts too. 1 for fewer than three texts.
    """
    order = sorted(ids)
    if len(order) < 3:
        return 1.0
    total, size = 0.0, len(order)
    for place, (one, other) in enumerate(zip(_distances(order, true), _distances(order, said), strict=True)):
        rest = np.delete(np.stack([one, other]), place, axis=1)
        signs = np.sign(rest[:, :, None] - rest[:, None, :])
        total += float((1.0 - 0.5 * np.abs(signs[0] - signs[1])).sum()) - (size - 1)
    return total / (size * (size - 1) * (size - 2))


def _distances(order: Sequence[str], links: Links) -> list[NDArray[np.float64]]:
    """Links between each text and all others; as many as there are texts and more where there is no way."""
    near: dict[str, set[str]] = {}
    for a, others in links.items():
        for b in others:
            near.setdefault(a, set()).add(b)
            near.setdefault(b, set()).add(a)
    far = float(len(near) + 1)
    return [np.array([steps.get(id, far) for id in order]) for steps in (_steps(near, id) for id in order)]


def _steps(near: Mapping[str, set[str]], start: str) -> dict[str, float]:
    steps, todo = {start: 0.0}, deque([start])
    while todo:
        text = todo.popleft()
        for other in near.get(text, ()):
            if other not in steps:
                steps[other] = steps[text] + 1.0
                todo.append(other)
    return steps


def lost_sources(parents: Parents, observed: set[str]) -> set[frozenset[str]]:
    """The children of every text that is not observed, where two observed ones or more come from it.

    A child is an observed text that goes back to it through lost texts alone.
    """
    below: dict[str, set[str]] = {}
    for id in observed:
        passed: set[str] = set()
        todo = [parent for parent in parents.get(id, ()) if parent not in observed]
        while todo:
            lost = todo.pop()
            if lost not in passed:
                passed.add(lost)
                below.setdefault(lost, set()).add(id)
                todo += [parent for parent in parents.get(lost, ()) if parent not in observed]
    return {frozenset(children) for children in below.values() if len(children) > 1}


def found_again(true: Iterable[frozenset[str]], said: Iterable[frozenset[str]]) -> int:
    """How many lost sources were posited: one for one, those with the most children in common first."""
    ranked = sorted(
        ((_jaccard(set(a), set(b)), sorted(a), sorted(b)) for a in true for b in said),
        key=lambda entry: (-entry[0], entry[1], entry[2]),
    )
    taken: set[tuple[bool, Pair]] = set()
    found = 0
    for share, a, b in ranked:
        ends = {(True, frozenset(a)), (False, frozenset(b))}
        if share >= SAME_CHILDREN and not ends & taken:
            taken |= ends
            found += 1
    return found
