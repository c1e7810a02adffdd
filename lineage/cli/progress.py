"""Progress on stderr: a bar in a terminal, a line every half minute elsewhere, nothing where quiet was asked for."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lineage.cli.errors import one_line, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_EVERY = 30.0
_REDRAW = 0.1


class Hushed:
    """A watch that says nothing; the face of the others."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins."""

    def advance(self, count: int = 1) -> None:
        """So many more steps are done."""

    def note(self, message: str) -> None:
        """Something a user should know."""

    def done(self) -> None:
        """The run has ended."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.done()


class Lines(Hushed):
    """A watch for logs: one line every half minute, and the notes."""

    def __init__(self, every: float = _EVERY) -> None:
        self._every = every
        self._name = ""
        self._total: int | None = None
        self._count = 0
        self._begun = self._told = time.monotonic()

    def stage(self, name: str, total: int | None = None) -> None:
        """Begin to count anew."""
        self._name, self._total, self._count = name, total, 0
        self._begun = time.monotonic()

    def advance(self, count: int = 1) -> None:
        """Count on, and tell how far it is when half a minute has passed."""
        self._count += count
        now = time.monotonic()
        if now - self._told >= self._every:
            self._told = now
            say(account(self._name, self._count, self._total, now - self._begun))

    def note(self, message: str) -> None:
        """Say it."""
        say(message)


def account(name: str, count: int, total: int | None, seconds: float) -> str:
    """How far a stage is, in words: `compare: 300 of 1200 (25 %), 10.0/s, 90 s left`."""
    rate = count / seconds if seconds > 0 else 0.0
    if total is None:
        return f"{name}: {count}, {rate:.1f}/s"
    share = f" ({100 * count // total} %)" if total else ""
    left = f", {(total - count) / rate:.0f} s left" if rate else ""
    return f"{name}: {count} of {total}{share}, {rate:.1f}/s{left}"


class Bar(Hushed):
    """A watch for people: a bar with the rate and the time that remains."""

    def __init__(self) -> None:
        self._progress = _progress()
        self._task: TaskID | None = None
        self._waiting = 0
        self._moved = 0.0

    def stage(self, name: str, total: int | None = None) -> None:
        """Show the bar of this stage instead of the last one's."""
        self._progress.start()
        self._move()
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._task = self._progress.add_task(name, total=total, rate="")

    def advance(self, count: int = 1) -> None:
        """Move the bar, a few times a second: a million steps must not cost a million movements."""
        self._waiting += count
        if time.monotonic() - self._moved >= _REDRAW:
            self._move()

    def _move(self) -> None:
        count, self._waiting, self._moved = self._waiting, 0, time.monotonic()
        if self._task is None:
            return
        self._progress.advance(self._task, count)
        speed = self._progress.tasks[0].speed
        self._progress.update(self._task, rate=f"{speed:.0f}/s" if speed else "")

    def note(self, message: str) -> None:
        """Say it above the bar."""
        self._progress.console.print(f"lineage: {one_line(message)}", markup=False, highlight=False, soft_wrap=True)

    def done(self) -> None:
        """Take the bar away."""
        self._progress.stop()


def _progress() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


def watching(quiet: bool) -> Hushed:
    """The watch that suits where stderr goes; use it in a `with` block."""
    if quiet:
        return Hushed()
    shown = sys.stderr is not None and sys.stderr.isatty()  # a closed stream is None
    return Bar() if shown else Lines()
