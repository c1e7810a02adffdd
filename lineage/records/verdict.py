"""What a person has said of a link."""

from dataclasses import dataclass
from typing import Literal, get_args

Judgement = Literal["right", "wrong", "wrong direction", ""]
JUDGEMENTS: tuple[Judgement, ...] = get_args(Judgement)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A person's verdict on the link from `parent` to `child`, by which a derivation is inferred anew.

    verdict: `right`, the child is derived from the parent; `wrong`, neither is derived from the other; `wrong
    direction`, the parent is derived from the child; empty for a note alone.  at: when it was said, ISO 8601; of two
    verdicts on the same two articles the later counts.  directed: False where the link was drawn without a direction;
    `right` then leaves the direction open.
    """

    parent: str
    child: str
    verdict: Judgement
    note: str = ""
    at: str = ""
    story: str = ""
    directed: bool = True

    def __post_init__(self) -> None:
        if not self.parent or not self.child or self.parent == self.child:
            raise ValueError(f"a verdict is on two articles, not on {self.parent!r} and {self.child!r}")
        if self.verdict == "wrong direction" and not self.directed:
            raise ValueError(f"the link of {self.parent!r} and {self.child!r} has no direction that could be wrong")
