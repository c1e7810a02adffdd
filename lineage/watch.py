"""How a long run tells what it is doing, without knowing who listens."""

from typing import Protocol


class Watch(Protocol):
    """What a stage may say while it works; every call returns at once and changes no result."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins; `total` is the number of steps, None where it cannot be known."""

    def advance(self, count: int = 1) -> None:
        """So many more steps of the current stage are done."""

    def note(self, message: str) -> None:
        """Something a user should know, in one line."""

    def done(self) -> None:
        """The run has ended; called once, also after a failure."""


class Silent:
    """A watch that says nothing."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, count: int = 1) -> None:
        """Say nothing."""

    def note(self, message: str) -> None:
        """Say nothing."""

    def done(self) -> None:
        """Say nothing."""
