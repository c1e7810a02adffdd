"""How sure two texts alone may be of their direction: true links of known stories, told as stories of two texts."""

import collections
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lineage.derive import train
from lineage.derive.decide import decide
from lineage.derive.examples import FOLDS, Example, folds
from lineage.derive.measures import tables
from lineage.derive.scores import Scorer
from lineage.settings import DeriveSettings

OF_EACH = 2  # links of one story
SURE = 0.75
Row = tuple[str, float]  # the set of a link, and the probability said of its true direction


def figures(data: Path, table: Callable[[Sequence[str], Any], None]) -> None:
    """Print what is said of such links on stories held out of training, and on sets left out."""
    known = train.examples(data)
    fold = folds(known.whole)
    held = {str(number): (lambda one, number=number: fold.get(one.story) == number) for number in range(FOLDS)}
    left = {name: (lambda one, name=name: one.source == name) for name in sorted({one.source for one in known.whole})}
    rows = []
    for title, tests in (("stories held out", held), ("sets left out", left)):
        said = [row for hidden in tests.values() for row in _told(known, hidden)]
        by_set: dict[str, list[float]] = collections.defaultdict(list)
        for name, right in said:
            by_set[name].append(right)
        rows.append((title, *_figures([right for _, right in said], by_set)))
    table(("", "links", "right", "said", "Brier", "mean of sets", f"said at {SURE} or more", "right"), rows)


def _told(known: train.Examples, hidden: Callable[[Example], bool]) -> list[Row]:
    scorer = train.first_look(
        [one for one in known.whole if not hidden(one)], [one for one in known.made if not hidden(one)]
    )
    return [row for one in known.whole if hidden(one) for row in _of_story(one, scorer)]


def _of_story(story: Example, scorer: Scorer) -> list[Row]:
    links = [(p, c) for p, c in zip(*np.nonzero(story.truth), strict=True) if story.truth[:, c].sum() == 1]
    found = []
    for parent, child in random.Random(story.story).sample(links, min(OF_EACH, len(links))):
        two = [story.tables.readings[at].article for at in (parent, child)]
        measured = tables(two)
        first = [reading.article.id for reading in measured.readings].index(two[0].id)
        chances = decide(measured, scorer, DeriveSettings().sever).links
        there, back = float(chances[first, 1 - first]), float(chances[1 - first, first])
        found.append((story.source, there / (there + back)))
    return found


def _figures(said: Sequence[float], by_set: dict[str, list[float]]) -> tuple[object, ...]:
    right = np.array(said)
    sure = right[np.maximum(right, 1.0 - right) >= SURE]
    brier = [float(np.mean((1.0 - np.array(own)) ** 2)) for own in by_set.values()]
    return (
        len(right),
        float((right > 0.5).mean()),
        float(np.maximum(right, 1.0 - right).mean()),
        float(np.mean((1.0 - right) ** 2)),
        float(np.mean(brier)),
        len(sure),
        float((sure > 0.5).mean()),
    )
