"""Figures, and how well stated probabilities agree with what is true."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Confidence = tuple[float, bool]

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims whose probability lies in [low, high): how many, their mean probability, and the share that is true."""

    low: float
    high: float
    count: int
    claimed: float
    true: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Named figures, most of them 0 to 1 with 1 the best (`brier`: 0 the best), and the calibration behind them."""

    figures: Mapping[str, float]
    calibration: tuple[Bin, ...] = ()


def judged(confidences: Sequence[Confidence]) -> dict[str, float]:
    """Brier score and precision, of all and of the surer half; nothing where nothing was claimed."""
    if not confidences:
        return {}
    shuffled = list(confidences)
    # Equal probabilities must not be ranked by being right.
    random.Random(0).shuffle(shuffled)
    best = sorted(shuffled, key=lambda entry: -entry[0])[: max(1, len(shuffled) // 2)]
    return {
        "brier": round(sum((chance - right) ** 2 for chance, right in shuffled) / len(shuffled), 3),
        "precision": round(sum(right for _, right in shuffled) / len(shuffled), 3),
        "precision_top_half": round(sum(right for _, right in best) / len(best), 3),
    }


def calibration(confidences: Iterable[Confidence]) -> tuple[Bin, ...]:
    """Probabilities in ten equal bins, against how often they were right; empty bins are left out."""
    bins: dict[int, list[Confidence]] = defaultdict(list)
    for chance, right in confidences:
        bins[min(BINS - 1, int(chance * BINS))].append((chance, right))
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=len(held),
            claimed=round(sum(chance for chance, _ in held) / len(held), 4),
            true=round(sum(right for _, right in held) / len(held), 4),
        )
        for number, held in sorted(bins.items())
    )
