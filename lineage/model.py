"""A forest of small decision trees, frozen in a JSON file that says what it was trained on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from lineage import kernels
from lineage.errors import IndexFormatError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Forest:
    """An additive model: the log-odds of a case is the base plus one leaf of every tree.

    features: the names of the columns, in order.  split: int32 per tree node, the feature tested, -1 in a leaf.
    threshold: float64, go left when the value is at most this.  left, right: int32, nodes of the children.  value:
    float64, in nats, of every node (in an inner node: the mean of what lies below, so that a path can be explained
    step by step).  first: int32, the root of each tree.  card: training digest, figures, date of the format.  turns:
    the same trees, ready to be asked quickly; None where one has too many leaves for that.
    """

    features: tuple[str, ...]
    split: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    first: NDArray[np.int32]
    base: float
    card: Mapping[str, Any]
    turns: "Turns | None" = field(default=None, compare=False)

    def log_odds(self, cases: NDArray[np.float64]) -> NDArray[np.float64]:
        """Log-odds in nats of each row of `cases` (rows × features); missing values are not allowed."""
        rows = np.ascontiguousarray(cases, np.float64)
        if self.turns is None:
            return kernels.forest(rows, self._trees, self.first, self.base)
        turns = (
            self.turns if len(rows) < MANY else self.turns.about(self, np.median(rows[:: len(rows) // MANY], axis=0))
        )
        return kernels.marked_forest(rows, turns.ordered, turns.values, turns.heads, self.base)

    def contributions(self, cases: NDArray[np.float64]) -> NDArray[np.float64]:
        """Nats each feature adds to the log-odds of each case, along the path through every tree (Saabas 2014).

        Together with the base and the values of the trees' roots they sum to `log_odds`; rows × features.
        """
        return kernels.contributions(np.ascontiguousarray(cases, np.float64), self._trees, self.first)

    @property
    def _trees(self) -> tuple[NDArray[Any], ...]:
        return self.split, self.threshold, self.left, self.right, self.value


MANY = 128  # cases from which laying the trees out anew for them pays; by about so many it is told what is usual


@dataclass(frozen=True, slots=True)
class Turns:
    """Trees as `kernels.marked_forest` takes them, nodes by feature and threshold, leaves tree by tree.

    nodes: the inner nodes in that order.
    """

    nodes: NDArray[np.int64]
    ordered: kernels.Ordered
    values: NDArray[np.float64]
    heads: NDArray[np.int32]

    @classmethod
    def of(cls, forest: Forest) -> "Turns | None":
        """Those of a forest; None where a tree has more than `kernels.MOST_LEAVES` leaves."""
        inner = np.flatnonzero(forest.split >= 0)
        nodes = inner[np.lexsort((forest.threshold[inner], forest.split[inner]))]
        found = cls._laid(forest, nodes, np.full(len(forest.features), -np.inf))
        return found if np.diff(found.heads).max(initial=0) <= kernels.MOST_LEAVES else None

    def about(self, forest: Forest, centre: NDArray[np.float64]) -> "Turns":
        """The same trees, turned so that a case with these values always goes left: others turn from its way seldom."""
        return self._laid(forest, self.nodes, centre)

    @classmethod
    def _laid(cls, forest: Forest, nodes: NDArray[np.int64], centre: NDArray[np.float64]) -> "Turns":
        split, threshold = forest.split[nodes], forest.threshold[nodes]
        above = centre[split] > threshold
        left, right = forest.left.copy(), forest.right.copy()
        mirrored = nodes[above]
        left[mirrored], right[mirrored] = forest.right[mirrored], forest.left[mirrored]
        tree, mask, ends, heads = kernels.leaves(forest.split, left, right, forest.first)
        begins = np.searchsorted(split, np.arange(len(forest.features) + 1))
        middles = begins[:-1] + np.bincount(split[above], minlength=len(forest.features))
        ordered = begins, middles, threshold, tree[nodes].astype(np.uint32), mask[nodes]
        return cls(nodes, ordered, forest.value[ends], heads)


def probability(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """The logistic function, without overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * log_odds))


@cache
def load(name: str) -> Forest:
    """The forest shipped as `lineage/data/models/<name>.json`.  Raises IndexFormatError where it is damaged."""
    return shipped(name, from_mapping)


def shipped(name: str, made: Callable[[Any], T]) -> T:
    """What `made` makes of what is in `lineage/data/models/<name>.json`.  Raises IndexFormatError where it cannot."""
    place = resources.files("lineage").joinpath(f"data/models/{name}.json")
    try:
        return made(msgspec.json.decode(place.read_bytes()))
    except (OSError, msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise IndexFormatError(f"model {name!r} cannot be read from {place}: {error}; install lineage again") from error


def from_mapping(stored: Mapping[str, Any]) -> Forest:
    """The forest of a decoded JSON object, as `to_mapping` writes it."""
    forest = Forest(
        features=tuple(stored["features"]),
        split=np.array(stored["split"], np.int32),
        threshold=np.array(stored["threshold"], np.float64),
        left=np.array(stored["left"], np.int32),
        right=np.array(stored["right"], np.int32),
        value=np.array(stored["value"], np.float64),
        first=np.array(stored["first"], np.int32),
        base=float(stored["base"]),
        card=stored["card"],
    )
    for array in (forest.split, forest.threshold, forest.left, forest.right, forest.value, forest.first):
        array.flags.writeable = False
    return replace(forest, turns=Turns.of(forest))


def to_mapping(forest: Forest) -> dict[str, Any]:
    """The forest as plain lists and numbers, ready for JSON; values to seven significant digits."""
    return {
        "schema": "lineage.forest/1",
        "card": dict(forest.card),
        "features": list(forest.features),
        "base": float(f"{forest.base:.7g}"),
        "first": forest.first.tolist(),
        "split": forest.split.tolist(),
        "threshold": [float(f"{number:.7g}") for number in forest.threshold],
        "left": forest.left.tolist(),
        "right": forest.right.tolist(),
        "value": [float(f"{number:.7g}") for number in forest.value],
    }


def from_lightgbm(booster: Any, features: Sequence[str], card: Mapping[str, Any]) -> Forest:
    """The forest equal to a trained LightGBM booster of the binary objective."""
    return averaged([booster], features, card)


def averaged(boosters: Sequence[Any], features: Sequence[str], card: Mapping[str, Any]) -> Forest:
    """The forest whose log-odds are the mean of those of trained LightGBM boosters of the binary objective."""
    rows: list[tuple[int, float, int, int, float]] = []
    trees = (tree["tree_structure"] for booster in boosters for tree in booster.dump_model()["tree_info"])
    first = [_add_tree(tree, rows) for tree in trees]
    split, threshold, left, right, sums = (list(column) for column in zip(*rows, strict=True))
    value = [number / len(boosters) for number in sums]
    stored = {"features": features, "split": split, "threshold": threshold, "left": left, "right": right}
    return from_mapping({**stored, "value": value, "first": first, "base": 0.0, "card": card})


def _add_tree(node: Mapping[str, Any], rows: list[tuple[int, float, int, int, float]]) -> int:
    place = len(rows)
    if "leaf_value" in node:
        rows.append((-1, 0.0, place, place, float(node["leaf_value"])))
        return place
    rows.append((0, 0.0, 0, 0, 0.0))
    left = _add_tree(node["left_child"], rows)
    right = _add_tree(node["right_child"], rows)
    counts = [_count(node[side]) for side in ("left_child", "right_child")]
    value = (rows[left][4] * counts[0] + rows[right][4] * counts[1]) / max(1, sum(counts))
    rows[place] = (int(node["split_feature"]), float(node["threshold"]), left, right, value)
    return place


def _count(node: Mapping[str, Any]) -> int:
    return int(node.get("internal_count", node.get("leaf_count", 1)))
