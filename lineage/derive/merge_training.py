"""Train the weights of the reasons for second parents, and print what they are worth on stories not seen."""

import collections
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lineage.derive.decide import Decision
from lineage.derive.examples import FOLDS, Example, folds
from lineage.derive.figures import Judged, Trainer, judged
from lineage.derive.linear import Linear
from lineage.derive.merge_fitting import Case, cases, fit
from lineage.derive.merges import Merge, merged
from lineage.derive.siblings import reconsidered


@dataclass(frozen=True)
class Worth:
    """Means over the stories of a set, without merges and with them, and the merges: right, claimed, true.

    edges: F1 of directed links.
    """

    without: float
    edges: float
    right: int
    claimed: int
    true: int


def learned(whole: Sequence[Example], made: Sequence[Example], blends: Sequence[Example], train: Trainer) -> Linear:
    """The weights of the shipped settings; the links that they stand on are those of models that knew no such story."""
    return fit(_cases(by_fold(whole, made, blends, train)))


def by_fold(
    whole: Sequence[Example], made: Sequence[Example], blends: Sequence[Example], train: Trainer
) -> list[Judged]:
    """Every story and every blend with what a model says of it that has seen neither it nor a part of it."""
    of_story = folds(whole)
    found: list[Judged] = []
    for fold in range(FOLDS):
        seen, parts = ([one for one in some if of_story.get(one.story) != fold] for some in (whole, made))
        scorer = train(seen, parts)
        stories, made_of = ([one for one in some if of_story[_origin(one)] == fold] for some in (whole, blends))
        found += judged(stories, scorer, made_of)
    return found


def _origin(entry: Example | Case) -> str:
    """The known story that a story was made of."""
    return entry.story.split("+")[0]


def _cases(decided: Sequence[Judged]) -> list[Case]:
    return [case for example, decision in decided for case in cases(example, decision)]


def worth(decided: Sequence[Judged], weights: Sequence[Linear]) -> dict[str, Worth]:
    """What merges add on these stories, by set; `weights` are those each story is judged by."""
    found: dict[str, list[tuple[float, float, int, int, int]]] = collections.defaultdict(list)
    for (example, first), weighed in zip(decided, weights, strict=True):
        decision, _ = reconsidered(example.tables, first)
        after, merges = merged(example.tables, decision, weighed)
        right = sum(example.truth[merge.parent, merge.child] > 0 for merge in merges)
        true = int(np.maximum(0.0, example.truth.sum(axis=0) - 1.0).sum())
        scores = (_edges(example, decision, []), _edges(example, after, merges))
        found[example.source].append((*scores, int(right), len(merges), true))
    return {source: _mean(rows) for source, rows in sorted(found.items())}


def _edges(example: Example, decision: Decision, merges: Sequence[Merge]) -> float:
    said = np.zeros(example.truth.shape, bool)
    for parent, child in decision.chosen():
        said[parent, child] = True
    for merge in merges:
        said[merge.parent, merge.child] = True
    true = example.truth > 0
    total = int(said.sum() + true.sum())
    return 2.0 * float((said & true).sum()) / total if total else 1.0


def _mean(rows: Sequence[tuple[float, float, int, int, int]]) -> Worth:
    table = np.array(rows)
    right, claimed, true = (int(number) for number in table[:, 2:].sum(axis=0))
    return Worth(float(table[:, 0].mean()), float(table[:, 1].mean()), right, claimed, true)


def tables(
    whole: Sequence[Example], made: Sequence[Example], blends: Sequence[Example], train: Trainer
) -> dict[str, dict[str, Worth]]:
    """Both tables: stories held out, and sets left out in turn, of links and of merges alike."""
    decided = by_fold(whole, made, blends, train)
    found, fold = _cases(decided), folds(whole)
    of_fold = [fit([case for case in found if fold[_origin(case)] != number]) for number in range(FOLDS)]
    real = [(story, decision) for story, decision in decided if story.story in fold]
    left: dict[str, Worth] = {}
    for source in sorted({story.source for story in whole}):
        weights = fit([case for case in found if case.source != source])
        scorer = train(*([story for story in some if story.source != source] for some in (whole, made)))
        of_source = judged([story for story in whole if story.source == source], scorer)
        left |= worth(of_source, [weights] * len(of_source))
    return {"by story": worth(real, [of_fold[fold[story.story]] for story, _ in real]), "left out": left}


def as_text(title: str, found: Mapping[str, Worth]) -> str:
    """A table, one line a set, and the mean of the sets."""
    lines = [title, f"{'set':<14}{'without':>9}{'edges':>8}{'right':>7}{'claimed':>9}{'true':>6}"]
    for source, row in found.items():
        lines.append(f"{source:<14}{row.without:>9.3f}{row.edges:>8.3f}{row.right:>7}{row.claimed:>9}{row.true:>6}")
    mean = [float(np.mean([getattr(row, name) for row in found.values()])) for name in ("without", "edges")]
    total = [sum(getattr(row, name) for row in found.values()) for name in ("right", "claimed", "true")]
    lines.append(f"{'mean, sum':<14}{mean[0]:>9.3f}{mean[1]:>8.3f}{total[0]:>7}{total[1]:>9}{total[2]:>6}")
    return "\n".join(lines)


def main() -> None:
    """Print both tables: `python -m lineage.derive.merge_training`."""
    from lineage.derive import train

    known = train.examples(train.data_folder())
    for title, found in tables(known.whole, known.made, known.blends, train.trainer).items():
        print(as_text(f"merges, {title}", found))


if __name__ == "__main__":
    main()
