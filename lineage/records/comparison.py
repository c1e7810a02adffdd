"""Two articles held side by side."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Relation = Literal["copy", "light edit", "abridged", "expanded", "rewrite", "partial", "same event"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the comparison of two articles found; `a` sorts before `b`.

    probability: that the two share text by derivation, in either direction or from a common written source, rather
    than being independent; 0 to 1, calibrated, 0.5 is the decision.
    relation: how `b` relates to `a` (`abridged`: `b` is the shorter); `same event` exactly when probability < 0.5.
    scores: the named measures behind the probability, see docs/reference/scores.md.
    """

    a: str
    b: str
    probability: float
    relation: Relation
    scores: Mapping[str, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not self.a < self.b:
            raise ValueError(f"a pair is ordered: {self.a!r} must sort before {self.b!r}")
        if not 0.0 <= self.probability <= 1.0:
            raise ValueError(f"probability {self.probability} of {self.a!r} and {self.b!r} is outside 0 to 1")
        if (self.relation == "same event") != (self.probability < 0.5):
            raise ValueError(
                f"{self.relation!r} at probability {self.probability:.2f}: 'same event' means below one half"
            )
