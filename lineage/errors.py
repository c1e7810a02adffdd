"""One family of errors. A message states the fact, the place and the remedy, in that order."""


class LineageError(Exception):
    """Anything that `lineage` refuses to do, said in one line that a user can act on."""


class InputError(LineageError, ValueError):
    """An input cannot be read, or holds something that is not an article."""


class MissingInput(InputError, FileNotFoundError):
    """A file or folder that was named does not exist."""

    # FileNotFoundError formats its arguments as errno and path; ours is one sentence.
    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class OutputError(LineageError, OSError):
    """A result cannot be written where it was asked for."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class SettingsError(LineageError, ValueError):
    """A setting has an unknown name or a value out of range."""


class UnknownArticle(LineageError, KeyError):
    """An article id that no input and no result knows."""

    # KeyError would print the repr of the sentence.
    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class IncompatibleSketches(LineageError, ValueError):
    """Two sketches were made under different schemes and cannot be compared."""


class IndexFormatError(LineageError, ValueError):
    """An index or a result folder was written by another version, or is damaged."""


class IndexLocked(LineageError, RuntimeError):
    """Another process is writing to the index."""


class DrawingError(LineageError, RuntimeError):
    """No renderer could draw, or the layout took too long."""


class MissingExtra(LineageError, ImportError):
    """An optional dependency is needed; the message says how to install it."""
