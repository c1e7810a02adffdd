"""Failures become one line on stderr and an exit status."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from typer.core import TyperGroup

from lineage.errors import LineageError

DONE, FAILED, USAGE, SKIPPED, NOTHING, INTERRUPTED = 0, 1, 2, 3, 4, 130
_INTERRUPTED = "interrupted; what was written so far is whole, run again to go on"
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
        with _ending(ctx):
            if len(args) > 1 and args[-1] in ctx.help_option_names:
                self._help(ctx, args[:-1])
            return super().parse_args(ctx, args)

    def _help(self, ctx: Any, names: list[str]) -> None:
        """Show the help of the command with these names, if there is one, and leave.

        Typer would check the options before it looks for `--help`, and loads for that more than all else takes.
        """
        command: Any = self
        for name in names:
            command = getattr(command, "commands", {}).get(name)
            if command is None:
                return
            ctx = type(ctx)(command, info_name=name, parent=ctx, **command.context_settings)
        typer.echo(command.get_help(ctx))
        raise typer.Exit(DONE)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; every failure is one line, and a traceback only where it was asked for."""
        with _ending(ctx):
            return super().invoke(ctx)


@contextmanager
def _ending(ctx: Any) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        say(_INTERRUPTED)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        raise typer.Exit(_reader_left()) from None
    except Exception as error:
        if _interrupted(error):
            say(_INTERRUPTED)
            raise typer.Exit(INTERRUPTED) from None
        if _wrong_usage(error):
            say(_usage(error))
            raise typer.Exit(USAGE) from error
        # Exits carry their own status; so does the help that is shown where no command was given.
        if hasattr(error, "exit_code") or ctx.params.get("traceback") or os.environ.get(_TRACEBACK_VARIABLE):
            raise
        say(_told(error))
        raise typer.Exit(FAILED) from error


def _interrupted(error: BaseException | None) -> bool:
    """Whether Ctrl-C is behind it: a signal that comes in a compiled function is told as a fault of its result."""
    while isinstance(error, SystemError):
        error = error.__cause__ or error.__context__
    return isinstance(error, KeyboardInterrupt)


def _wrong_usage(error: Any) -> bool:
    # Told by what it has, not by its class, which moved from click into typer. Of many lines is only a help.
    return hasattr(error, "format_message") and error.exit_code == USAGE and "\n" not in error.format_message().strip()


def _usage(error: Any) -> str:
    """Fact and remedy of wrong usage, which typer would spread over four lines."""
    fact = error.format_message().strip().rstrip(".").replace("Value error, ", "")
    command = error.ctx.command_path if error.ctx is not None else "lineage"
    if fact.endswith((" is not readable", " is not writable")):
        return f"{fact[:1].lower()}{fact[1:]}; check its permissions"
    return f"{fact[:1].lower()}{fact[1:]}; see `{command} --help`"


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
