"""How the verification does on stories, and on sources, that it was not trained on; and what each part adds."""

import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lineage import model
from lineage.features import KINDS
from lineage.pipeline import training
from lineage.verify import judgement
from lineage.verify import train as verification
from lineage.verify.measures import MEASURES

FOLDS = 3
SOURCES = ("bbc", "xsum", "l2r", "sheepdog", "onestop", "guardian", "reuters", "llmfake", "pfpp", "hart", "cnn")
"""Sources of the news set, by the beginning of their names, left out in turn."""

HEAD = (
    "| set | precision | recall | F1 | same event accepted | recall at 1 % of same event | recall at .97 precision "
    "| Brier |\n|---|---|---|---|---|---|---|---|"
)

Mask = NDArray[np.bool_]
Chances = NDArray[np.float64]


def held_out(data: Path) -> None:
    """Print every set with its stories held out in turn, three folds."""
    corpora = verification.labelled(data)
    cases = verification.cases(corpora, training.candidates_of)
    true = {known.name: _pairs(known.group) for known in corpora}
    chances = _folded(cases, verification.train)
    print("Stories held out, three folds:\n")
    print(HEAD)
    for name in dict.fromkeys(cases.name.tolist()):
        print(_row(name, cases, (cases.name == name) & _whole(cases), chances, true[name]), flush=True)
    print("\nCandidates of whole sets:\n\n| set | recall | candidates an article |\n|---|---|---|")
    for known in corpora:
        chosen = (cases.name == known.name) & _whole(cases)
        recall = int((cases.same_text & chosen).sum()) / true[known.name]
        print(f"| {known.name} | {recall:.3f} | {2 * int(chosen.sum()) / len(known.texts):.1f} |")
    print()


def sources(data: Path) -> None:
    """Print every source of the news set, left out of training in turn."""
    cases = verification.cases(verification.labelled(data), training.candidates_of)
    print("Sources of the news set left out in turn; recall is of pairs that were candidates:\n")
    print(HEAD.replace("set", "source", 1))
    for source in SOURCES:
        held = np.char.startswith(cases.source.astype(str), source)  # in every corpus: some are made of the others
        chosen = held & _whole(cases) & (cases.name == "news")
        chances = _judged(verification.train(cases, {}, held | _retold(cases, source)), cases)
        print(_row(source, cases, chosen, chances, int((cases.same_text & chosen).sum())), flush=True)
    print()


def ablation(data: Path) -> None:
    """Print what news loses without a kind of measure, or without third articles; one of three folds held out."""
    cases = verification.cases(verification.labelled(data), training.candidates_of)
    held = _folds(cases) == 0
    chosen = held & _whole(cases) & (cases.name == "news")
    true = int((cases.same_text & chosen).sum())
    print("News without one part, a third of the stories held out; recall is of pairs that were candidates:\n")
    print(HEAD.replace("set", "without", 1))
    judges = verification.train(cases, {}, held)
    print(_row("nothing", cases, chosen, _judged(judges, cases), true), flush=True)
    alone = model.probability(judges.alone.log_odds(cases.rows))
    print(_row("third articles (the second pass)", cases, chosen, alone, true), flush=True)
    for title, without in _PARTS.items():
        gone = [at for at, name in enumerate(MEASURES) if without(name)]
        rows = cases.rows.copy()
        rows[:, gone] = 0.0
        blind = replace(cases, rows=rows)
        chances = _judged(verification.train(blind, {}, held), blind)
        print(_row(f"{title} ({len(gone)} measures)", blind, chosen, chances, true), flush=True)
    print()


_PARTS: dict[str, Callable[[str], bool]] = {
    **{f"kind `{kind}`": (lambda name, kind=kind: name.startswith(f"{kind}_")) for kind in KINDS},  # type: ignore[misc]
    "aligned passages": lambda name: name.startswith("passages_"),
    "order": lambda name: "order" in name,
    "private and scarce features": lambda name: "private" in name or "scarce" in name,
    "ranks": lambda name: name.endswith(("of_best", "of_lesser_best")),
    "weights by rarity": lambda name: "weighted" in name,
    "lengths": lambda name: name.startswith("length_"),
    "register": lambda name: name.startswith(("sentence_", "variety_", "letters_")),
}


def _folds(cases: verification.Cases) -> NDArray[np.int64]:
    return np.array([zlib.crc32(story.encode()) % FOLDS for story in cases.story])


def _folded(
    cases: verification.Cases, train: Callable[[verification.Cases, dict[str, object], Mask], judgement.Judges]
) -> Chances:
    fold = _folds(cases)
    chances = np.zeros(len(fold))
    for number in range(FOLDS):
        chances[fold == number] = _judged(train(cases, {}, fold == number), cases)[fold == number]
    return chances


def _judged(judges: judgement.Judges, cases: verification.Cases) -> Chances:
    return verification.judged(judges, cases, np.ones(len(cases.weight), bool))


def _retold(cases: verification.Cases, source: str) -> Mask:
    """Corpora made of the same articles as a source of the news set."""
    return np.isin(cases.name, ("telephone", "translation")) & (source == "bbc")


def _whole(cases: verification.Cases) -> Mask:
    """The cases of whole corpora, not of the handfuls drawn from them."""
    first = {int(cases.batch[cases.name == name].min()) for name in set(cases.name.tolist())}
    return np.isin(cases.batch, sorted(first))


def _pairs(group: NDArray[np.str_]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(group.tolist()).values())


def _row(name: str, cases: verification.Cases, chosen: Mask, chances: Chances, true: int) -> str:
    counted = chosen & (cases.weight > 0)
    said, right = chances[counted] >= 0.5, cases.same_text[counted]
    hits, event = int((said & right).sum()), cases.same_event[counted]
    precision, recall = hits / max(1, said.sum()), hits / max(1, true)
    cells = (
        f"{precision:.3f}",
        f"{recall:.3f}",
        f"{2 * precision * recall / max(1e-9, precision + recall):.3f}",
        f"{int((said & event).sum())} of {int(event.sum())}" if event.any() else "none",
        _recall_at_one_percent(chances[counted], right, event, true),
        f"{_recall_at_precision(chances[counted], right, true):.3f}",
        f"{float(np.mean((chances[counted] - right) ** 2)):.4f}",
    )
    return f"| {name} | " + " | ".join(cells) + " |"


def _recall_at_one_percent(chances: Chances, right: Mask, event: Mask, true: int) -> str:
    """Recall at the threshold that one in a hundred same-event pairs passes."""
    if event.sum() < 20:
        return "–"
    border = np.sort(chances[event])[::-1][int(0.01 * event.sum())]
    return f"{(chances[right] > border).sum() / max(1, true):.3f}"


def _recall_at_precision(chances: Chances, right: Mask, true: int, precision: float = 0.97) -> float:
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(right[order])
    enough = np.flatnonzero(hits / np.arange(1, len(hits) + 1) >= precision)
    return float(hits[enough[-1]]) / max(1, true) if enough.size else 0.0
