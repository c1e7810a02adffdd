"""Learns the two forests of `judgement` from articles whose groups are known. Needs the extra `train`.

Beside each corpus as a whole, many handfuls drawn from it are trained on, because five articles are compared as often
as five thousand.
"""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import features, model
from lineage.errors import MissingExtra
from lineage.features import Sketches
from lineage.settings import SketchSettings
from lineage.verify import judgement
from lineage.verify.labelled import Labelled, digest, labelled
from lineage.verify.measures import MEASURES, corpus, measures

FOLDS = 3
BAGS = 2  # first-pass forests that are averaged: where texts resemble no training corpus, single ones differ widely
HANDFULS = 240  # drawn from each corpus
SIZES = (2, 3, 4, 5, 6, 8, 12, 20, 30)
SAME_EVENT_WEIGHT = 3.0  # a wrongly joined report of the same event costs more than a stranger
CORPUS_WEIGHT = 100.0  # times the root of its true pairs: a large corpus counts for more, but drowns no other
TREES: dict[str, dict[str, float]] = {
    "alone": {
        "rounds": 500,
        "learning_rate": 0.05,
        "num_leaves": 40,
        "feature_fraction": 0.2,
        "min_child_samples": 30,
    },
    "together": {
        "rounds": 160,
        "learning_rate": 0.06,
        "num_leaves": 5,
        "feature_fraction": 0.7,
        "min_child_samples": 40,
    },
}

__all__ = ["Cases", "Labelled", "cases", "digest", "judged", "labelled", "train"]

Candidates = Callable[[Sketches], NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class Cases:
    """Compared pairs with their truth; parallel arrays, one corpus or handful after the other.

    batch: number of the corpus or handful, within which third articles are looked up.  far: as in `Labelled`.
    """

    name: NDArray[np.str_]
    rows: NDArray[np.float64]
    pairs: NDArray[np.int32]
    batch: NDArray[np.int64]
    same_text: NDArray[np.bool_]
    same_event: NDArray[np.bool_]
    story: NDArray[np.str_]
    source: NDArray[np.str_]
    weight: NDArray[np.float64]
    far: NDArray[np.bool_]


def cases(corpora: Sequence[Labelled], candidates: Candidates) -> Cases:
    """All candidate pairs of every corpus, and all pairs of the handfuls drawn from it."""
    parts: list[Cases] = []
    for known in corpora:
        everything = np.arange(len(known.texts))
        whole = [_batch(known, everything, candidates, len(parts), 1.0)]
        drawn = _handfuls(known)
        few = [_batch(known, chosen, _every, len(parts) + 1 + at, 0.5) for at, chosen in enumerate(drawn)]
        parts += [*_weighed(whole), *_weighed(few)]
    columns = (np.concatenate([getattr(part, name) for part in parts]) for name in Cases.__dataclass_fields__)
    return Cases(*columns)


def _every(sketches: Sketches) -> NDArray[np.int32]:
    return np.stack(np.triu_indices(len(sketches), 1), axis=1).astype(np.int32)


def _handfuls(known: Labelled) -> list[NDArray[np.int64]]:
    """Small corpora as users bring them: some versions of one text, some of its event, some strangers."""
    generator = np.random.Generator(np.random.PCG64(zlib.crc32(known.name.encode())))
    stories, place, sizes = np.unique(known.story, return_inverse=True, return_counts=True)
    busy = np.flatnonzero(sizes > 1)
    found = []
    for _ in range(HANDFULS):
        size = int(generator.choice(SIZES))
        near = np.flatnonzero(place == generator.choice(busy if len(busy) else np.arange(len(stories))))
        taken = generator.choice(near, min(len(near), max(2, int(size * 0.7))), replace=False)
        strangers = generator.choice(len(place), max(0, size - len(taken)), replace=False)
        found.append(np.unique(np.concatenate([taken, strangers])))
    return [chosen for chosen in found if len(chosen) > 1]


def _batch(known: Labelled, chosen: NDArray[np.int64], candidates: Candidates, number: int, weight: float) -> Cases:
    texts = [known.texts[row] for row in chosen]
    tables = corpus(texts)
    pairs = candidates(_sketches(texts))
    left, right = chosen[pairs[:, 0]], chosen[pairs[:, 1]]
    rows = [(min(a, b), max(a, b)) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
    doubted, far = (np.array([pair in some for pair in rows], bool) for some in (known.unsure, known.far))
    same_text = known.group[left] == known.group[right]
    return Cases(
        np.full(len(pairs), known.name),
        measures(tables, pairs),
        pairs,
        np.full(len(pairs), number),
        same_text,
        (known.story[left] == known.story[right]) & ~same_text,
        known.story[left],
        known.source[left],
        np.where(doubted, 0.0, weight * known.weight),
        far,
    )


def _sketches(texts: list[str]) -> Sketches:
    # The sketch stage may not be imported here, and only the skip pairs matter for meeting as candidates.
    from lineage import words

    settings = SketchSettings()
    split = words.split_batch(texts, settings.stem)
    empty = np.full((len(texts), settings.values), 0xFFFFFFFF, np.uint32)
    return Sketches(settings, empty, features.skips(split, settings.window), np.diff(split.bounds))


def _weighed(parts: Sequence[Cases]) -> list[Cases]:
    """The parts with weights scaled by the root of their true pairs, see `CORPUS_WEIGHT`."""
    true = sum(float(part.weight[part.same_text].sum()) for part in parts)
    scale = CORPUS_WEIGHT / max(true, 1.0) ** 0.5
    scaled = []
    for part in parts:
        weight = part.weight * scale * np.where(part.same_event, SAME_EVENT_WEIGHT, 1.0)
        fields = {name: getattr(part, name) for name in Cases.__dataclass_fields__}
        scaled.append(Cases(**{**fields, "weight": weight}))
    return scaled


def train(known: Cases, card: dict[str, Any], left_out: NDArray[np.bool_] | None = None) -> judgement.Judges:
    """Both forests, learned from all cases but those left out.

    The second pass is trained on first-pass odds of cases the first pass had not seen, as it will meet in use.
    """
    used = known.weight > 0
    if left_out is not None:
        used &= ~left_out
    unseen = np.zeros(len(known.weight))
    fold = np.array([zlib.crc32(story.encode()) % FOLDS for story in known.story])
    for number in range(FOLDS):
        part = _fit("alone", known.rows, known, used & ~known.far & (fold != number))
        unseen[fold == number] = _log_odds(part, known.rows[fold == number])
    inputs = _second(known, unseen)
    alone = [_fit("alone", known.rows, known, used & ~known.far, seed) for seed in range(1, BAGS + 1)]
    # What a same event costs is settled by the first pass; weighed twice, the probabilities would all be too low.
    plain = known.weight / np.where(known.same_event, SAME_EVENT_WEIGHT, 1.0)
    together = _fit("together", inputs, replace(known, weight=plain), used)
    return judgement.Judges(
        model.averaged(alone, MEASURES, card), model.from_lightgbm(together, judgement.SECOND, card)
    )


def judged(judges: judgement.Judges, known: Cases, chosen: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Probabilities of the chosen cases, whose batches must be chosen whole."""
    alone = np.full(len(known.weight), -14.0)
    alone[chosen] = judges.alone.log_odds(known.rows[chosen])
    odds = np.zeros(len(alone))
    odds[chosen] = judges.together.log_odds(_second(known, alone, chosen)[chosen])
    for part in _batches(known):
        if chosen[part.start]:
            odds[part] = judgement.in_company(known.pairs[part], odds[part], int(known.pairs[part].max()) + 1)
    return model.probability(odds[chosen])


def _second(known: Cases, alone: NDArray[np.float64], chosen: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
    inputs = np.zeros((len(alone), len(judgement.SECOND)))
    for part in _batches(known):
        if chosen is None or chosen[part.start]:
            pairs = known.pairs[part]
            inputs[part] = judgement.second_inputs(alone[part], pairs, int(pairs.max()) + 1)
    return inputs


def _batches(known: Cases) -> list[slice]:
    """Where the pairs of each batch lie."""
    edges = np.flatnonzero(np.diff(known.batch, prepend=-1, append=-1))
    return [slice(start, stop) for start, stop in pairwise(edges.tolist())]


def _fit(which: str, rows: NDArray[np.float64], known: Cases, used: NDArray[np.bool_], seed: int = 1) -> Any:
    try:
        import lightgbm
    except ImportError as error:
        raise MissingExtra("training needs LightGBM; pip install 'article-lineage[train]'") from error
    shape: dict[str, Any] = dict(TREES[which])
    rounds = shape.pop("rounds")
    settings = {
        "objective": "binary",
        **shape,
        "bagging_fraction": 0.7,
        "bagging_freq": 1,
        "lambda_l2": 10.0,
        "max_bin": 63,
        "num_threads": 1,  # with more, sums depend on their order
        "deterministic": True,
        "seed": seed,
        "verbose": -1,
    }
    if which == "together":
        settings["monotone_constraints"] = list(judgement.RISING)
    truth = known.same_text[used].astype(np.float64)
    return lightgbm.train(settings, lightgbm.Dataset(rows[used], truth, weight=known.weight[used]), rounds)


def _log_odds(booster: Any, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = booster.predict(rows, raw_score=True)
    return found
