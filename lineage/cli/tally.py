"""What was skipped, counted while it happens and told at the end."""

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import typer

from lineage.cli.errors import NOTHING, SKIPPED

if TYPE_CHECKING:
    from lineage.records import Skipped
    from lineage.watch import Watch

# What is told though it was not skipped.
_TAKEN = {
    "cut": "cut short",
    "duplicate column": "with a duplicate column",
    "unknown column": "without a column that was asked for",
    "markup": "with tags of HTML in the text",
    "unread date": "with a date that cannot be read",
}


def sort_of(reason: str) -> str:
    """What became of the inputs that a reason stands for: skipped, or taken all the same."""
    return _TAKEN.get(reason, f"skipped, {reason}")


@dataclass(slots=True)
class Tally:
    """How many inputs were skipped for which reason, with the first example of each."""

    reasons: Counter[str] = field(default_factory=Counter)
    examples: "dict[str, Skipped]" = field(default_factory=dict)

    def __call__(self, skipped: "Skipped") -> None:
        """Count one."""
        self.reasons[skipped.reason] += skipped.times
        self.examples.setdefault(skipped.reason, skipped)

    def tell(self, watch: "Watch") -> None:
        """One line a reason."""
        for reason, count in sorted(self.reasons.items()):
            first = self.examples[reason]
            more = "" if count == 1 else "for example "
            watch.note(f"{count} {sort_of(reason)}: {more}{first.where} ({first.detail})")


def counted(count: int, name: str) -> str:
    """A count with its noun: `1 story`, `2 stories`.

    >>> counted(1, "story"), counted(2, "story"), counted(0, "article")
    ('1 story', '2 stories', '0 articles')
    """
    plural = f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"
    return f"{count} {name if count == 1 else plural}"


def leave(stories: int, skipped: int, fail_empty: bool, strict: bool) -> None:
    """End with the exit status that the outcome and the two options ask for."""
    if fail_empty and not stories:
        raise typer.Exit(NOTHING)
    if strict and skipped:
        raise typer.Exit(SKIPPED)
