"""All measures of a story in two tables: one row an ordered pair, one row a text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from lineage.derive import between, lives, order, particulars, reasons, style, times, voice, wording
from lineage.derive.grid import Measures, Pairs
from lineage.derive.readings import KINDS, Array, Postings, Reading
from lineage.records import Article

WITNESSED = ("stem", "two", "skip")


@dataclass(frozen=True)
class Tables:
    """What the model reads of a story.

    pair_names, text_names: the columns.  of_pairs: pairs × columns.  of_texts: texts × columns.
    """

    readings: tuple[Reading, ...]
    pairs: Pairs
    pair_names: tuple[str, ...]
    of_pairs: Array
    text_names: tuple[str, ...]
    of_texts: Array

    def column(self, name: str) -> Array:
        """One measure of every pair."""
        return self.of_pairs[:, self.pair_names.index(name)]


def tables(articles: Iterable[Article], heard: voice.Voice | None = None) -> Tables:
    """The measures of a story's articles, taken in the order of what they say, equal ones in that of their ids.

    Where two are equally likely the first is taken, and an article's name is no reason to be first.

    heard: the voices to listen for, by default the shipped ones.
    """
    readings = tuple(sorted(map(Reading.of, articles), key=lambda reading: (reading.says(), reading.article.id)))
    postings = {kind: Postings.of([reading.features(kind) for reading in readings]) for kind in KINDS}
    near = {kind: wording.closeness(postings[kind]) for kind in WITNESSED}
    pairs = Pairs.among(sum((near[kind] for kind in WITNESSED), start=np.zeros((len(readings), len(readings)))))
    found: list[Measures] = []
    for kind in KINDS:
        found += [wording.shares(kind, postings[kind], pairs), wording.private(kind, postings[kind], pairs)]
    for kind in WITNESSED:
        found.append(wording.regained(kind, postings[kind], pairs))
        found.append(between.third_texts(kind, postings[kind], pairs, near[kind]))
    ordered = order.closeness(readings, pairs)
    found += [
        order.order(readings, pairs, ordered),
        style.style(readings, pairs),
        voice.voices(readings, pairs, heard or voice.shipped()),
        particulars.particulars(readings, pairs),
        lives.lives(readings, pairs),
        times.times(readings, pairs),
    ]
    return _joined(readings, pairs, found)


def _joined(readings: tuple[Reading, ...], pairs: Pairs, found: Sequence[Measures]) -> Tables:
    columns = {name: values for part in found for name, values in part.pairs.items()}
    texts = {name: values for part in found for name, values in part.texts.items()}
    few = reasons.reasons(columns, texts, pairs)
    columns |= few.pairs
    texts |= few.texts
    story = _story(readings, columns)
    columns |= {name: np.full(len(pairs), value) for name, value in story.items()}
    texts |= {name: np.full(len(readings), value) for name, value in story.items()}
    pair_names, text_names = tuple(sorted(columns)), tuple(sorted(texts))
    return Tables(
        readings,
        pairs,
        pair_names,
        np.stack([columns[name] for name in pair_names], axis=1).astype(np.float32).astype(np.float64),
        text_names,
        np.stack([texts[name] for name in text_names], axis=1).astype(np.float32).astype(np.float64),
    )


def _story(readings: Sequence[Reading], columns: dict[str, Array]) -> dict[str, float]:
    """What kind of story this is, so that evidence that turns round between kinds can be weighed by it."""
    length = np.log([max(1, len(reading.words)) for reading in readings])
    closest = {kind: _of_closest(columns, kind) for kind in ("five", "three", "stem")}
    usual = float(np.median(columns["wording.near.stem"]))
    return {
        "story.texts": float(np.log(len(readings))),
        "story.closest_five": closest["five"],
        "story.closest_three": closest["three"],
        "story.closest_stem": closest["stem"],
        "story.usual_stem": usual,
        "story.contrast": closest["stem"] / max(1e-6, usual),
        "story.length": float(length.mean()),
        "story.length_spread": float(length.std()),
        "story.style_spread": float(columns["style.distance"].mean()),
        "story.order": float(np.median(columns["order.same"])),
        "story.conflict": float(columns["third.conflict.two"].mean()),
    }


def _of_closest(columns: dict[str, Array], kind: str) -> float:
    """The mean similarity of a text to its most similar other one."""
    closest = columns[f"wording.near.{kind}"][columns[f"wording.rank_child.{kind}"] < 1.0]
    return float(closest.mean()) if closest.size else 0.0
