"""What one call reads: rows of any source become articles, each id once, and what is passed over is remembered."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import xxhash

from lineage.errors import InputError
from lineage.ingest import archive, feed, fields, page, rows, table, text
from lineage.ingest.fields import Row
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.streams import FETCH
from lineage.records import Article, Skipped
from lineage.settings import ReadSettings

_Reader = Callable[[Source, ReadSettings, OnSkip], Iterator[Row]]
_READERS: Mapping[str, _Reader] = {
    "txt": text.plain,
    "md": text.markdown,
    "json": rows.document,
    "jsonl": rows.lined,
    "csv": table.comma_separated,
    "tsv": table.tab_separated,
    "parquet": table.parquet,
    "html": page.page,
    "feed": feed.feed,
    "warc": archive.archive,
}

_NAMES = 20  # columns that a message names
_SHOWN = 40  # letters of a date that cannot be read
SOURCES = ("named:", "posited:")  # what the ids of sources that are no article begin with


@dataclass(slots=True)
class File:
    """One file while it is read: passes on what is skipped, and remembers why and how often."""

    path: str
    named: bool
    on_skip: OnSkip
    reasons: Counter[str] = field(default_factory=Counter)
    details: dict[str, str] = field(default_factory=dict)
    unseen: int = 0  # rows that were skipped together, without being looked at one by one

    def __call__(self, skipped: Skipped) -> None:
        """Pass it on."""
        self.reasons[skipped.reason] += skipped.times
        self.unseen += skipped.times if skipped.times > 1 else 0
        self.details.setdefault(skipped.reason, skipped.detail)
        self.on_skip(skipped)

    def close(self, rows: int) -> None:
        """Raise InputError where the user named this very file and it was not what the user meant."""
        rows += self.unseen
        useless = [reason for reason in ("unreadable", "damaged file") if self.reasons[reason] and not rows]
        if rows and self.reasons["no text field"] == rows:
            useless.append("no text field")
        if useless and self.named:
            fact, _, remedy = self.details[useless[0]].partition("; ")
            remedy = FETCH if remedy.endswith(FETCH) else remedy  # nothing came before that could have been kept
            raise InputError(f"{fact}; {self.path}; {remedy}")


@dataclass(slots=True)
class Intake:
    """The settings of a call, and the ids so far, each with a digest of its content; 0 where that was not kept."""

    settings: ReadSettings
    on_skip: OnSkip
    contents: dict[str, int] = field(default_factory=dict)

    def read(self, source: Source) -> Iterator[Article]:
        """The articles of one source."""
        file = File(source.path, source.named, self.on_skip)
        return self.take(_READERS[source.format](source, self.settings, file), file)

    def take(self, found: Iterable[Row], file: File) -> Iterator[Article]:
        """The articles of the rows of one file, each id once."""
        rows, asked, names = 0, set(self.settings.map.values()), dict[str, None]()
        undated, example = 0, ""
        tagged, tag = 0, ""
        for row in found:
            rows += 1
            if asked:
                asked.difference_update(row.values)
                names |= dict.fromkeys(list(row.values)[: _NAMES - len(names)])
            article = self.article(row, file)
            if article is not None:
                stated = fields.unread_date(row, article, self.settings)
                undated, example = undated + bool(stated), example or stated
                mark = fields.markup(article.text)
                tagged, tag = tagged + bool(mark), tag or mark
                yield article
        for name in sorted(asked) if names and not file.reasons["no text field"] else ():
            told = f'"{name}" is named by --map, and no row has it; found {", ".join(sorted(names))}'
            file(Skipped(file.path, "unknown column", told))
        file.close(rows)
        if undated:
            told = f'"{example[:_SHOWN]}" counts as no date; write 2024-03-05, with a time and its zone where known'
            self.on_skip(Skipped(file.path, "unread date", told, undated))
        if tagged:
            told = f"{tag} and others are read as words, and hide quotations; take them out, or give the pages as .html"
            self.on_skip(Skipped(file.path, "markup", told, tagged))

    def article(self, row: Row, file: File) -> Article | None:
        """The article of a row, or None after saying why there is none."""
        article = fields.article(row, self.settings, file)
        if article is None:
            return None
        if article.id.startswith(SOURCES):
            file(Skipped(row.where, "reserved id", f"{article.id}: sources of a derivation are named so; rename it"))
            return None
        digest = _digest(article)
        taken = self.contents.get(article.id, digest)
        if taken != digest and row.others:
            free = next((name for name in row.others if self.contents.get(name, digest) == digest), row.others[-1])
            article = replace(article, id=free)
        return article if self.is_new(article.id, digest, row.where, file) else None

    def made(self, articles: Iterable[Any], file: File) -> Iterator[Article]:
        """Articles that are none of ours to make, each id once.  Raises InputError where one is no article."""
        for number, article in enumerate(articles, 1):
            if not isinstance(article, Article):
                raise InputError(f"articles and {type(article).__name__} together; {file.path}; give one or the other")
            if self.is_new(article.id, _digest(article), f"{file.path}#{number}", file):
                yield article

    def is_new(self, id: str, digest: int, where: str, file: File) -> bool:
        """Whether the id was not read before; says so where it was."""
        known = self.contents.get(id)
        if known is None:
            self.contents[id] = digest
            return True
        same = "the same article again" if known == digest else "another text under an id already read; rename one"
        file(Skipped(where, "duplicate id", f"{id}: {same if known and digest else 'read before'}"))
        return False


def _digest(article: Article) -> int:
    return xxhash.xxh3_64_intdigest(f"{article.title}\n\n{article.text}".encode("utf-8", "surrogatepass"))
