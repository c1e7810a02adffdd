"""How the verification does on stories, and on sources, that it was not trained on."""

import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lineage.pipeline import training
from lineage.verify import train as verification

FOLDS = 3
SOURCES = ("bbc", "xsum", "l2r", "sheepdog")  # of the news set, left out in turn: the largest

HEAD = "| set | precision | recall | same event accepted | Brier |\n|---|---|---|---|---|"

Mask = NDArray[np.bool_]


def figures(data: Path) -> None:
    """Print both tables: stories held out, and sources left out of training in turn."""
    corpora = verification.labelled(data)
    cases = verification.cases(corpora, training.candidates_of)
    whole = _whole(cases)
    true = {known.name: _pairs(known.group) for known in corpora}
    fold = np.array([zlib.crc32(story.encode()) % FOLDS for story in cases.story])
    chances = np.zeros(len(fold))
    for number in range(FOLDS):
        chances[fold == number] = _judged_without(cases, fold == number)[fold == number]
    print("Stories held out, three folds:\n")
    print(HEAD)
    for name in dict.fromkeys(cases.name.tolist()):
        print(_row(name, cases, (cases.name == name) & whole, chances, true[name]), flush=True)
    print("\nSources of the news set left out in turn:\n")
    print(HEAD.replace("set", "source", 1))
    for source in SOURCES:
        held = np.char.startswith(cases.source.astype(str), source) & (cases.name == "news")
        chosen = held & whole
        chances = _judged_without(cases, held)
        print(_row(source, cases, chosen, chances, int((cases.same_text & chosen).sum())), flush=True)
    print()


def _judged_without(cases: verification.Cases, held: Mask) -> NDArray[np.float64]:
    judges = verification.train(cases, {}, held)
    return verification.judged(judges, cases, np.ones(len(held), bool))


def _whole(cases: verification.Cases) -> Mask:
    """The cases of whole corpora, not of the handfuls drawn from them."""
    first = {int(cases.batch[cases.name == name].min()) for name in set(cases.name.tolist())}
    return np.isin(cases.batch, sorted(first))


def _pairs(group: NDArray[np.str_]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(group.tolist()).values())


def _row(name: str, cases: verification.Cases, chosen: Mask, chances: NDArray[np.float64], true: int) -> str:
    counted = chosen & (cases.weight > 0)
    said, right = chances[counted] >= 0.5, cases.same_text[counted]
    hits = int((said & right).sum())
    event = cases.same_event[counted]
    accepted = f"{int((said & event).sum())} of {int(event.sum())}"
    brier = float(np.mean((chances[counted] - right) ** 2))
    return f"| {name} | {hits / max(1, said.sum()):.3f} | {hits / max(1, true):.3f} | {accepted} | {brier:.4f} |"
