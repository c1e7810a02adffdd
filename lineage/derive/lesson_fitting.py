"""Learning how lessons are learned from: how far the reasons spread, and how they vary among possible parents."""

import collections
from collections.abc import Sequence

import numpy as np

from lineage.derive.examples import Example
from lineage.derive.fitting import spreads
from lineage.derive.lessons import UNIT, School
from lineage.derive.linear import OF_PAIRS, OF_TEXTS, places
from lineage.derive.readings import Array
from lineage.derive.rows import Rows
from lineage.derive.scores import Scorer, expected

STORIES = 8  # of each set: the curvature is a mean, and a few stories tell it


def school(examples: Sequence[Example], scorer: Scorer) -> School:
    """What the stories of known sets teach under a scorer that knows them; every set counts the same."""
    of_set: dict[str, list[Example]] = collections.defaultdict(list)
    for example in examples:
        if not example.regime:
            of_set[example.manner].append(example)
    rows = Rows.of([example for name in sorted(of_set) for example in of_set[name]])
    spread = [
        spreads(rows.links[:, places(rows.pair_names, OF_PAIRS)]),
        spreads(rows.texts[:, places(rows.text_names, OF_TEXTS)]),
    ]
    plain = School(OF_PAIRS, OF_TEXTS, np.concatenate(spread), np.zeros((0, 0)))
    each = [_of_set(of_set[name][:STORIES], plain, scorer) for name in sorted(of_set)]
    return School(OF_PAIRS, OF_TEXTS, plain.spread, np.mean(each, axis=0))


def _of_set(stories: Sequence[Example], school: School, scorer: Scorer) -> Array:
    """The curvature of some stories, for a weight of `UNIT` of them."""
    total = sum(_curvature(story, school, scorer) / story.size**0.5 for story in stories)
    weight = sum(story.size**0.5 for story in stories)
    curvature: Array = np.asarray(total) * UNIT / weight
    return curvature


def _curvature(story: Example, school: School, scorer: Scorer) -> Array:
    """The covariance of the reasons among the possible parents of each text, none included, summed over the texts."""
    reasons, chances = school.reasons(story.tables), expected(scorer, story.tables)
    child = np.concatenate([story.tables.pairs.child, np.arange(story.size)])
    usual = np.zeros((story.size, reasons.shape[1]))
    np.add.at(usual, child, chances[:, None] * reasons)
    covariance: Array = (reasons * chances[:, None]).T @ reasons - usual.T @ usual
    return covariance
