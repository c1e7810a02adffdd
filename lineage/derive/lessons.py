"""What the stories of a corpus teach of one another: self-training (Scudder 1965), for kinds that no model has seen.

There the reasons do not count as they do elsewhere, and nobody says how. But in most stories some links are plain. What
the chosen links of the other stories have of each reason, beyond what was expected of them, moves the weight of that
reason here: one Newton step, with the curvature of the stories of training. No story teaches of itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from lineage import model
from lineage.derive.linear import places, short
from lineage.derive.measures import Tables
from lineage.derive.readings import Array
from lineage.derive.regimes import Opinion, row, rows

LESSONS = "derive_lessons"
COUNTS = 0.6  # what the opinion that is taught counts where nothing else is known of the kind of story
HELD_BACK = 10.0  # how strongly a step is drawn to 0, for lessons that weigh UNIT
UNIT = 20.0
ENOUGH = 100.0  # weight from which lessons count in full: some thirty stories of ten texts


@dataclass(frozen=True, slots=True)
class Lesson:
    """What the decision on one story shows.

    pull: of each reason, how much more the chosen links and roots have than was expected, in spreads; links first.
    weight: of the story, the root of its number of texts.
    """

    pull: tuple[float, ...]
    weight: float


@dataclass(frozen=True)
class Step:
    """Nats that are added for a unit of each reason; links, roots: of pairs and of texts."""

    pair_names: tuple[str, ...]
    text_names: tuple[str, ...]
    links: Array
    roots: Array

    def beside(self, opinions: Sequence[Opinion], tables: Tables, share: float) -> list[Opinion]:
        """The opinions, and beside them their mean after this step, which counts as much as `share` tells."""
        links, roots = mean(opinions)
        of_pairs = tables.of_pairs[:, places(tables.pair_names, self.pair_names)]
        of_texts = tables.of_texts[:, places(tables.text_names, self.text_names)]
        taught = Opinion(share, links + of_pairs @ self.links, roots + of_texts @ self.roots)
        return [*(Opinion(one.share * (1.0 - share), one.links, one.roots) for one in opinions), taught]

    def contributions(self, tables: Tables) -> Array:
        """Nats that each measure adds to each link; pairs × all pair measures."""
        at = places(tables.pair_names, self.pair_names)
        out = np.zeros(tables.of_pairs.shape)
        out[:, at] = tables.of_pairs[:, at] * self.links
        return out


@dataclass(frozen=True)
class School:
    """How steps are learned from lessons.

    pair_names, text_names: the reasons.  spread: of each in training, links first.  curvature: reasons × reasons, how
    what a text's possible parents have of them varies, in the mean of the stories of training, for a weight of UNIT.
    """

    pair_names: tuple[str, ...]
    text_names: tuple[str, ...]
    spread: Array
    curvature: Array

    def lesson(self, tables: Tables, surplus: Array) -> Lesson:
        """A story's lesson; surplus: of every link and then of every text, whether chosen, less the probability."""
        weight = float(len(tables.readings) ** 0.5)
        pull = surplus @ self.reasons(tables) / weight
        return Lesson(tuple(short(value) for value in pull.tolist()), short(weight))

    def step(self, lessons: Sequence[Lesson]) -> Step:
        """What lessons teach, the same in any order: the more of them, up to `ENOUGH`, the more."""
        ordered = sorted(lessons, key=lambda lesson: (lesson.weight, lesson.pull))
        pull = np.sum([lesson.pull for lesson in ordered], axis=0)
        weight = max(sum(lesson.weight for lesson in ordered), ENOUGH)
        taught = self._damped @ (pull * UNIT / weight) / self.spread
        cut = len(self.pair_names)
        return Step(self.pair_names, self.text_names, taught[:cut], taught[cut:])

    def reasons(self, tables: Tables) -> Array:
        """What every link, and then every text, of a story has of the reasons, in spreads; rows × reasons."""
        of_pairs = tables.of_pairs[:, places(tables.pair_names, self.pair_names)]
        of_texts = tables.of_texts[:, places(tables.text_names, self.text_names)]
        links, cut = of_pairs.shape
        out = np.zeros((links + len(of_texts), self.spread.size))
        out[:links, :cut], out[links:, cut:] = of_pairs, of_texts
        whole: Array = out / self.spread
        return whole

    @cached_property
    def _damped(self) -> Array:
        return np.asarray(np.linalg.inv(self.curvature + HELD_BACK * np.eye(len(self.curvature))), np.float64)


def mean(opinions: Sequence[Opinion]) -> tuple[Array, Array]:
    """The mean scores of links and of roots, as the opinions count."""
    shares = [one.share for one in opinions]
    links, roots = ([getattr(one, of) for one in opinions] for of in ("links", "roots"))
    return np.tensordot(shares, links, 1), np.tensordot(shares, roots, 1)


def to_mapping(school: School) -> dict[str, Any]:
    """All of it as plain lists, to seven significant digits."""
    return {
        "pair_names": list(school.pair_names),
        "text_names": list(school.text_names),
        "spread": row(school.spread),
        "curvature": rows(school.curvature),
    }


def from_mapping(stored: Mapping[str, Any]) -> School:
    """The same of a decoded JSON object, as `to_mapping` writes it."""
    spread, curvature = (np.array(stored[name], np.float64) for name in ("spread", "curvature"))
    return School(tuple(stored["pair_names"]), tuple(stored["text_names"]), spread, curvature)


def load(name: str) -> School:
    """What is shipped as `lineage/data/models/<name>.json`.  Raises IndexFormatError."""
    return model.shipped(name, from_mapping)
