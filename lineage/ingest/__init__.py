"""Files and rows become articles; what cannot be taken is named, counted and never fatal.

Reasons for which something is skipped: `unknown format`, `needs an extra`, `unreadable`, `damaged file`, `empty file`,
`binary`, `too large`, `part of a page`, `own results`, `not fetched`, `broken JSON`, `broken row`, `not an object`,
`no text field`, `no article text`, `empty text`, `too short`, `duplicate id`, `reserved id`; and `cut`, which names an
article that was taken with its end missing, `duplicate column`, a table of whose equal columns one was taken, `unknown
column`, a file in which nothing is called as the field map says, `unread date`, articles whose date cannot be read, and
`markup`, articles whose text is HTML.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lineage.errors import InputError
from lineage.ingest import fields
from lineage.ingest.fields import Row
from lineage.ingest.intake import File, Intake
from lineage.ingest.source import OnSkip, sources
from lineage.records import Article, Skipped
from lineage.settings import ReadSettings

__all__ = ["OnSkip", "articles", "from_articles", "from_rows", "ignore"]

DEFAULT = ReadSettings()


def ignore(skipped: Skipped) -> None:
    """Do nothing about what was skipped."""


def articles(
    inputs: str | Path | Sequence[str | Path], settings: ReadSettings = DEFAULT, on_skip: OnSkip = ignore
) -> Iterator[Article]:
    """The articles of folders, files and `-` (JSONL on standard input), each id once.

    Ids and articles are the same in whatever order the inputs are given. Every input that is not taken is told to
    `on_skip`. Raises MissingInput where an input does not exist, before anything is read, and InputError where a file
    that was itself named has an unknown format or yields nothing because it is damaged or has no text field.
    """
    fields.check(settings)
    named = [inputs] if isinstance(inputs, str | os.PathLike) else list(inputs)
    found = sources(named, on_skip)
    intake = Intake(settings, on_skip)
    return (article for source in found for article in intake.read(source))


def from_rows(data: Any, settings: ReadSettings = DEFAULT, on_skip: OnSkip = ignore) -> Iterator[Article]:
    """The articles of dicts, of a pandas or polars DataFrame, or of an Arrow table; ids default to `rows#1` onwards.

    Raises InputError where every row lacks the text field, and where something is not a row at all.
    """
    fields.check(settings)
    made = (Row(f"rows#{number}", f"rows#{number}", _mapping(row)) for number, row in enumerate(_rows(data), 1))
    return Intake(settings, on_skip).take(made, File("rows", True, on_skip))


def from_articles(made: Iterable[Any], on_skip: OnSkip = ignore) -> Iterator[Article]:
    """Articles as they are, each id once; one that comes again is told.  Raises InputError where one is no article."""
    return Intake(DEFAULT, on_skip).made(made, File("articles", True, on_skip))


def _rows(data: Any) -> Iterator[Any]:
    """The rows of whatever holds rows, without importing the library it comes from."""
    if hasattr(data, "itertuples"):
        names = [str(name) for name in data.columns]
        return (dict(zip(names, values, strict=True)) for values in data.itertuples(index=False, name=None))
    if hasattr(data, "iter_rows"):
        return iter(data.iter_rows(named=True))
    if hasattr(data, "to_batches"):
        return (row for batch in data.to_batches() for row in batch.to_pylist())
    return iter(data)


def _mapping(row: Any) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise InputError(f"a row is {type(row).__name__}, not a mapping; give dicts with a field for the text")
    return row
