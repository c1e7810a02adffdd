"""Learning the voices from texts and their rewrites in the detection data.

What the sets of known derivation were made from is left aside, so that a voice is as new to them as to a user's
stories; and a story of rewritten news is measured in training by a voice that has not heard it.
"""

import collections
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from lineage import truth
from lineage.derive.examples import Known
from lineage.derive.readings import Array, Reading
from lineage.derive.rewritten import DETECTION
from lineage.derive.voice import MARKS, Voice, from_mapping, marks, to_mapping
from lineage.records import Article

# What a source in the detection data begins with, and the voice that its rewrites teach. Of the families not named here
# "sheepdog:", "llmfake:", "pfpp:" and "bbc:" were made from what sets of known derivation were made from.
FAMILIES = {
    "cnn:": "machine",
    "l2r:": "machine",
    "xsum:": "machine",
    "onestop:": "plain",
    "hart:": "disguised",
    "writing": "disguised",
    "news": "disguised",
    "arxiv": "disguised",
    "essay": "disguised",
}
VOICES = ("machine", "plain", "disguised")
FILES = ("news", "humanised")
FIRST = ("human", "llm")  # who wrote the first text: a person, or where no person did, a machine
LEFT_ASIDE = ("perturb", "human editor")  # writers that leave no voice
OPENING = 8  # words by which a text is known again
HALVES = 2
HELD_BACK = 0.1  # how strongly weights are drawn towards 0
ROUNDS = 200


@dataclass(frozen=True)
class Heard:
    """A group of the detection data: one text and what was written from it.

    steps: rewrites × marks, what each has that the first text lacks.
    """

    family: str
    group: str
    steps: Array


@dataclass(frozen=True)
class Voices:
    """The voice for users, and those for the stories that are trained on."""

    groups: tuple[Heard, ...]

    @cached_property
    def shipped(self) -> Voice:
        """The voice that has heard everything."""
        return learned(self.groups)

    @cached_property
    def _halves(self) -> tuple[Voice, ...]:
        return tuple(learned(one for one in self.groups if half(one.group) != part) for part in range(HALVES))

    def of(self, source: str, story: str) -> Voice:
        """The voice by which a story is measured in training; `source` is its set, or the detection data."""
        return self._halves[half(story)] if source.startswith(DETECTION) else self.shipped


def voices(data: Path, known: Iterable[Known]) -> Voices:
    """The voices of the detection data, where it is there, without the texts of stories of known derivation."""
    return Voices(tuple(heard(data, {opening(article.text) for story in known for article in story.articles})))


def opening(text: str) -> tuple[str, ...]:
    """The first words, by which a text is known again."""
    return tuple(text.lower().split()[:OPENING])


def heard(data: Path, known: Collection[tuple[str, ...]] = ()) -> list[Heard]:
    """The groups with one first text, in order of their names; none where the detection data is not there.

    known: how the texts begin that must not be heard; a group with one of them is left out.
    """
    found = []
    for file in FILES:
        place = data / "detection" / f"{file}.docs.jsonl"
        if not place.exists():
            continue
        texts = {row["id"]: row["text"] for row in truth.rows(place)}
        groups: dict[str, list[Mapping[str, Any]]] = collections.defaultdict(list)
        for row in truth.rows(truth.gold(place)):
            groups[row["group"]].append(row)
        for name in sorted(groups):
            new = not any(opening(texts[row["id"]]) in known for row in groups[name])
            if new and (one := _heard(name, groups[name], texts)) is not None:
                found.append(one)
    return found


def _heard(name: str, group: Sequence[Mapping[str, Any]], texts: Mapping[str, str]) -> Heard | None:
    first = next((own for who in FIRST if (own := [row for row in group if row["rewriter"] == who])), [])
    later = [row for row in group if row not in first and row["rewriter"] not in LEFT_ASIDE]
    families = {_family(row["source"]) for row in group}
    if len(first) != 1 or not later or len(families) > 1 or "" in families:
        return None
    before = _marks(texts[first[0]["id"]])
    ordered = sorted(later, key=lambda row: str(row["id"]))
    return Heard(families.pop(), name, np.stack([_marks(texts[row["id"]]) - before for row in ordered]))


def _family(source: str) -> str:
    return next((family for family in FAMILIES if source.startswith(family)), "")


def _marks(text: str) -> Array:
    return marks(Reading.of(Article(id="a", text=text)))


def half(group: str) -> int:
    """In which half of the groups one is, whatever the order."""
    return hashlib.md5(group.encode()).digest()[0] % HALVES


def learned(groups: Iterable[Heard]) -> Voice:
    """The voices under which it is most probable which text of each pair was written from the other, as stored.

    Every group counts the same within its voice.
    """
    of_voice: dict[str, list[Heard]] = collections.defaultdict(list)
    for one in groups:
        of_voice[FAMILIES[one.family]].append(one)
    found = np.stack([_fitted(of_voice[name]) for name in VOICES])
    return from_mapping(to_mapping(Voice(VOICES, found)))


def _fitted(groups: Sequence[Heard]) -> Array:
    from scipy.optimize import minimize

    if not groups:
        return np.zeros(MARKS)
    steps = np.concatenate([one.steps for one in groups])
    weight = np.concatenate([np.full(len(one.steps), 1.0 / len(one.steps) / len(groups)) for one in groups])

    def loss(weights: Array) -> tuple[float, Array]:
        nats = steps @ weights
        total = float(weight @ np.logaddexp(0.0, -nats)) + 0.5 * HELD_BACK * float(weights @ weights)
        return total, HELD_BACK * weights - steps.T @ (weight / (1.0 + np.exp(nats)))

    found: Array = minimize(loss, np.zeros(MARKS), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x
    return found
