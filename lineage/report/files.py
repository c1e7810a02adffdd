"""A file appears whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lineage.errors import LineageError, OutputError


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to; when the block ends well, the file takes the place of `path`, durably.

    Raises OutputError where the folder is missing or cannot be written; an old file is then still whole.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield beside
        _settle(beside)  # a power cut may otherwise leave the name, and nothing under it
        beside.replace(path)
        _settle(path.parent)
    except LineageError:  # some of them are OSErrors and already say what they have to
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write ({reason}); {path}; choose a folder that exists and is writable") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk, not only in memory."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all.  Raises OutputError."""
    with replacing(path) as beside:
        beside.write_bytes(content)


def make(folder: Path) -> None:
    """Make a folder with those above it; one that exists is fine.  Raises OutputError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make the folder ({error.strerror}); {folder}; give another with -o") from error
