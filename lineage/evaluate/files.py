"""Files of known truth and of results, read line by line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from lineage.errors import InputError, MissingInput

T = TypeVar("T")


def kind_of(gold: Path) -> Literal["pairs", "derivation"]:
    """What a file of known truth is about, by the columns of its first line.  Raises InputError, MissingInput."""
    first = next(rows(gold, dict[str, Any]), {})
    if "parents" in first:
        return "derivation"
    if "group" in first:
        return "pairs"
    raise InputError(f"{gold} has neither `parents` nor `group`; give one line a node, or one line an article")


def inside(out: Path, name: str) -> Path:
    """The file of a scan's folder, or the file itself where one was given."""
    return out / name if out.is_dir() else out


def opened(path: Path) -> Any:
    """The file, open for reading bytes.  Raises MissingInput where it cannot be read."""
    try:
        return path.open("rb")
    except OSError as error:
        raise MissingInput(
            f"cannot read {path}: {error.strerror}; name a gold file and the folder of a scan"
        ) from error


def rows(path: Path, kind: type[T]) -> Iterator[T]:
    """Each line that is not empty, decoded; fields that `kind` has not are passed over.  Raises InputError."""
    decoder = msgspec.json.Decoder(kind)
    with opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, UnicodeError) as error:
                remedy = "give one JSON object a line, with the fields of docs/reference/commands.md"
                raise InputError(f"not what is wanted here ({error}); {path}:{number}; {remedy}") from error
