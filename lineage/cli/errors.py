"""Failures become one line on stderr and an exit status."""

import errno
import os
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from lineage.errors import LineageError

DONE, FAILED, USAGE, SKIPPED, NOTHING, INTERRUPTED = 0, 1, 2, 3, 4, 130
TRACEBACK = "--traceback"
_TRACEBACK_VARIABLE = "LINEAGE_TRACEBACK"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def say(message: str) -> None:
    """One line on stderr."""
    typer.echo(f"lineage: {one_line(message)}", err=True)


def one_line(message: str) -> str:
    """The message without line breaks, and without the control characters that a file name can smuggle in."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in message).split())


class Commands(TyperGroup):
    """The group of commands; whatever fails in one of them ends here."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take `--traceback` wherever it stands, so that it can be added at the end of a line that failed."""
        before = args[: args.index("--")] if "--" in args else args
        if TRACEBACK in before:
            args = [TRACEBACK, *(word for word in before if word != TRACEBACK), *args[len(before) :]]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; every failure is one line, and a traceback only where it was asked for."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say("interrupted; what was written so far is whole, run again to go on")
            raise typer.Exit(INTERRUPTED) from None
        except BrokenPipeError:
            raise typer.Exit(_reader_left()) from None
        except Exception as error:
            # Exits and wrong usage carry their own status and are shown by typer.
            if hasattr(error, "exit_code") or ctx.params.get("traceback") or os.environ.get(_TRACEBACK_VARIABLE):
                raise
            say(_told(error))
            raise typer.Exit(FAILED) from error


def _told(error: Exception) -> str:
    if isinstance(error, LineageError):
        return str(error)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return f"no room ({error.strerror}); {error.filename or 'standard output'}; make room and run again"
    return f"unexpected {type(error).__name__}: {error}; run with {TRACEBACK} and report it"


def _reader_left() -> int:
    """Point stdout at nothing, so that the flush at exit does not fail once more; the status of a finished run."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
    return DONE
