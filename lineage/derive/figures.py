"""How good the derivation model is on stories it has not seen: by story within all sets, and on sets left out."""

import collections
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage.derive.company import ALONE, SIZES, Company, Look
from lineage.derive.decide import Decision, decide
from lineage.derive.examples import FOLDS, Example, folds
from lineage.derive.readings import Array
from lineage.derive.scores import Scorer
from lineage.settings import DeriveSettings

SURE = 0.9


@dataclass(frozen=True)
class _Fold:
    """Stories of one fold, and what was made of them; stories that are only for training belong to none."""

    folds: Mapping[str, int]
    fold: int

    def __call__(self, example: Example) -> bool:
        return self.folds.get(example.story) == self.fold


@dataclass(frozen=True)
class _Source:
    """Stories of one set."""

    source: str

    def __call__(self, example: Example) -> bool:
        return example.source == self.source


Trainer = Callable[[Sequence[Example], Sequence[Example]], Scorer]
Judged = tuple[Example, Decision]


@dataclass(frozen=True)
class Figures:
    """Means over the stories of a set, 0 to 1.

    edges: F1 of directed links.  roots: Jaccard of the texts without a parent.  skeleton: F1 whatever the direction.
    brier: mean squared error of the links' probabilities.  sure: number of links said at 0.9 or more, and
    right: the share of them that is right.
    """

    stories: int
    edges: float
    roots: float
    skeleton: float
    brier: float
    sure: int
    right: float


def by_story(examples: Sequence[Example], smaller: Sequence[Example], train: Trainer) -> dict[str, Figures]:
    """Figures of each set when every story is judged by a model that saw neither it nor a part of it."""
    return _by_source(held_out(examples, smaller, train))


def held_out(examples: Sequence[Example], smaller: Sequence[Example], train: Trainer) -> list[Judged]:
    """Every story with what a model says of it that saw neither it nor a part of it."""
    of_story = folds(examples)
    return _crossed(examples, smaller, train, [_Fold(of_story, fold) for fold in range(FOLDS)])


def left_out(examples: Sequence[Example], smaller: Sequence[Example], train: Trainer) -> dict[str, Figures]:
    """Figures of each set when it is judged by a model that saw no story of that set."""
    sources = sorted({entry.source for entry in examples})
    return _by_source(_crossed(examples, smaller, train, [_Source(source) for source in sources]))


def _by_source(found: Sequence[Judged]) -> dict[str, Figures]:
    of_source: dict[str, list[Judged]] = collections.defaultdict(list)
    for entry, decision in found:
        of_source[entry.source].append((entry, decision))
    return {source: measure(of_source[source]) for source in sorted(of_source)}


def _crossed(
    examples: Sequence[Example],
    smaller: Sequence[Example],
    train: Trainer,
    tests: Sequence[Callable[[Example], bool]],
) -> list[Judged]:
    found: list[Judged] = []
    for test in tests:
        scorer = train(*([entry for entry in some if not test(entry)] for some in (examples, smaller)))
        found += judged([entry for entry in examples if test(entry)], scorer)
    return found


def judged(stories: Sequence[Example], scorer: Scorer, more: Sequence[Example] = ()) -> list[Judged]:
    """The decisions on stories, and on more made of them, each in the company of the other stories of its set."""
    looks: dict[str, list[Look]] = collections.defaultdict(list)
    for story in stories:
        if story.size in SIZES:
            looks[story.source].append(Look.at(story.tables, scorer))
    company = {source: Company.of(some) for source, some in looks.items()}
    found = []
    for entry in [*stories, *more]:
        ids = (reading.article.id for reading in entry.tables.readings)
        others = company.get(entry.source, ALONE).without(ids)
        found.append((entry, decide(entry.tables, others.heard_by(scorer), DeriveSettings().sever)))
    return found


def measure(decided: Sequence[Judged]) -> Figures:
    """The figures of decisions against the truth."""
    rows = [_story(example, decision) for example, decision in decided]
    said = np.concatenate([_said(example, decision) for example, decision in decided])
    sure = said[said[:, 0] >= SURE]
    edges, roots, skeleton = (float(np.mean([row[place] for row in rows])) for place in range(3))
    return Figures(
        stories=len(rows),
        edges=edges,
        roots=roots,
        skeleton=skeleton,
        brier=float(((said[:, 0] - said[:, 1]) ** 2).mean()) if len(said) else 0.0,
        sure=len(sure),
        right=float(sure[:, 1].mean()) if len(sure) else 1.0,
    )


def _story(example: Example, decision: Decision) -> tuple[float, float, float]:
    truth = example.truth > 0
    said = _chosen(decision)
    true_roots, said_roots = ~truth.any(axis=0), ~said.any(axis=0)
    roots = float((true_roots & said_roots).sum() / max(1, (true_roots | said_roots).sum()))
    upper = np.triu(np.ones(truth.shape, bool))
    return _f1(truth, said), roots, _f1((truth | truth.T) & upper, (said | said.T) & upper)


def _chosen(decision: Decision) -> NDArray[np.bool_]:
    said = np.zeros(decision.links.shape, bool)
    children = np.flatnonzero(decision.parents >= 0)
    said[decision.parents[children], children] = True
    return said


def _said(example: Example, decision: Decision) -> Array:
    chosen = _chosen(decision)
    return np.stack([decision.links[chosen], example.truth[chosen]], axis=1)


def _f1(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> float:
    total = int(truth.sum() + said.sum())
    return 2.0 * float((truth & said).sum()) / total if total else 1.0


def as_text(title: str, figures: Mapping[str, Figures]) -> str:
    """A table, one line a set and the mean of the sets."""
    lines = [
        title,
        f"{'set':<14}{'stories':>8}{'edges':>8}{'roots':>8}{'skeleton':>10}{'brier':>8}{'>=0.9':>7}{'right':>7}",
    ]
    for source, row in figures.items():
        lines.append(
            f"{source:<14}{row.stories:>8}{row.edges:>8.3f}{row.roots:>8.3f}{row.skeleton:>10.3f}"
            f"{row.brier:>8.3f}{row.sure:>7}{row.right:>7.2f}"
        )
    mean = [
        float(np.mean([getattr(row, name) for row in figures.values()]))
        for name in ("edges", "roots", "skeleton", "brier")
    ]
    lines.append(f"{'mean':<22}{mean[0]:>8.3f}{mean[1]:>8.3f}{mean[2]:>10.3f}{mean[3]:>8.3f}")
    return "\n".join(lines)
