"""Files and rows become articles; what cannot be taken is named, counted and never fatal.

Reasons for which something is skipped: `unknown format`, `unreadable`, `damaged file`, `empty file`, `binary`,
`broken JSON`, `broken row`, `not an object`, `no text field`, `empty text`, `too short`, `duplicate id`; and `cut`,
which names an article that was taken with its end missing.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xxhash

from lineage.errors import InputError
from lineage.ingest import fields, rows, table, text
from lineage.ingest.fields import Row
from lineage.ingest.source import OnSkip, Source, sources
from lineage.records import Article, Skipped
from lineage.settings import ReadSettings

__all__ = ["OnSkip", "articles", "from_rows", "ignore"]

DEFAULT = ReadSettings()

_Reader = Callable[[Source, ReadSettings, OnSkip], Iterator[Row]]
_READERS: Mapping[str, _Reader] = {
    "txt": text.plain,
    "md": text.markdown,
    "json": rows.document,
    "jsonl": rows.lined,
    "csv": table.comma_separated,
    "tsv": table.tab_separated,
    "parquet": table.parquet,
}


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
    intake = _Intake(settings, on_skip)
    return (article for source in found for article in intake.read(source))


def from_rows(data: Any, settings: ReadSettings = DEFAULT, on_skip: OnSkip = ignore) -> Iterator[Article]:
    """The articles of dicts, of a pandas or polars DataFrame, or of an Arrow table; ids default to `rows#1` onwards.

    Raises InputError where every row lacks the text field, and where something is not a row at all.
    """
    fields.check(settings)
    made = (Row(f"rows#{number}", f"rows#{number}", _mapping(row)) for number, row in enumerate(_rows(data), 1))
    return _Intake(settings, on_skip).take(made, _File("rows", True, on_skip))


@dataclass(slots=True)
class _File:
    """One file while it is read: passes on what is skipped, and remembers why and how often."""

    path: str
    named: bool
    on_skip: OnSkip
    reasons: Counter[str] = field(default_factory=Counter)
    details: dict[str, str] = field(default_factory=dict)

    def __call__(self, skipped: Skipped) -> None:
        self.reasons[skipped.reason] += 1
        self.details.setdefault(skipped.reason, skipped.detail)
        self.on_skip(skipped)

    def close(self, rows: int) -> None:
        """Raise InputError where the user named this very file and it was not what the user meant."""
        useless = [reason for reason in ("unreadable", "damaged file") if self.reasons[reason] and not rows]
        if rows and self.reasons["no text field"] == rows:
            useless.append("no text field")
        if useless and self.named:
            fact, _, remedy = self.details[useless[0]].partition("; ")
            raise InputError(f"{fact}; {self.path}; {remedy}")


@dataclass(slots=True)
class _Intake:
    """What one call reads: the settings, and the ids so far, each with a digest of its content."""

    settings: ReadSettings
    on_skip: OnSkip
    contents: dict[str, int] = field(default_factory=dict)

    def read(self, source: Source) -> Iterator[Article]:
        """The articles of one source."""
        file = _File(source.path, source.named, self.on_skip)
        return self.take(_READERS[source.format](source, self.settings, file), file)

    def take(self, found: Iterable[Row], file: _File) -> Iterator[Article]:
        """The articles of the rows of one file, each id once."""
        rows = 0
        for row in found:
            rows += 1
            article = fields.article(row, self.settings, file)
            if article is not None and self._is_new(article, row.where, file):
                yield article
        file.close(rows)

    def _is_new(self, article: Article, where: str, file: _File) -> bool:
        digest = xxhash.xxh3_64_intdigest(f"{article.title}\n\n{article.text}".encode())
        known = self.contents.get(article.id)
        if known is None:
            self.contents[article.id] = digest
            return True
        same = "the same article again" if known == digest else "another text under an id already read; rename one"
        file(Skipped(where, "duplicate id", f"{article.id}: {same}"))
        return False


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
