"""Files become columns of ids and texts: no record for an article, for searches that need no more than its words.

Regular rows of Parquet and JSON Lines are taken as they lie there. Whatever is out of the ordinary (no id, another
type, a short or an overlong text, a broken line, another format) is read as everywhere else, so the articles are the
same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import methodcaller
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from lineage.ingest import fields, rows, table
from lineage.ingest.fields import Row
from lineage.ingest.intake import SOURCES, File, Intake
from lineage.ingest.source import OnSkip, Source, sources
from lineage.ingest.streams import HEAD, LineDecoder, guarded, opened, wide_encoding
from lineage.records import Skipped
from lineage.settings import ReadSettings

ROWS = 1024  # of a column: some megabytes of text
_BUFFER = 1 << 20  # bytes of a packed column that are read at a time
PLAIN = 256  # bytes from which a text certainly has words enough to be looked at


@dataclass(frozen=True, slots=True)
class Column:
    """Some articles: their ids, and their texts as UTF-8, each `data[starts[i]:stops[i]]`.  data: uint8."""

    ids: Sequence[str]
    data: NDArray[np.uint8]
    starts: NDArray[np.int64]
    stops: NDArray[np.int64]


def columns(inputs: Sequence[str | Path], settings: ReadSettings, on_skip: OnSkip) -> Iterator[Column]:
    """The articles of all inputs that `ingest.articles` reads, each id once; raises as it does."""
    fields.check(settings)
    intake = Intake(settings, on_skip)
    for source in sources(inputs, on_skip):
        if source.format == "parquet" and _is_regular(source, settings):
            yield from _parquet(source, intake, File(source.path, source.named, on_skip))
        elif source.format == "jsonl":
            yield from _packed(_lined(source, intake, File(source.path, source.named, on_skip)))
        else:
            yield from _packed((article.id, article.text) for article in intake.read(source))


def _packed(articles: Iterable[tuple[str, str]]) -> Iterator[Column]:
    """Articles, id and text, gathered into columns."""
    ids: list[str] = []
    texts: list[bytes] = []
    for id, text in articles:
        ids.append(id)
        texts.append(text.encode())
        if len(ids) == ROWS:
            yield _column(ids, texts)
            ids, texts = [], []
    if ids:
        yield _column(ids, texts)


def _column(ids: Sequence[str], texts: Sequence[bytes]) -> Column:
    borders = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=borders[1:])
    return Column(ids, np.frombuffer(b"".join(texts), np.uint8), borders[:-1], borders[1:])


def _lined(source: Source, intake: Intake, file: File) -> Iterator[tuple[str, str]]:
    """The articles of JSON Lines."""
    count = 0
    for row in guarded(_lines(source, intake, file), source, file):
        count += 1
        if isinstance(row, Row):
            article = intake.article(row, file)
            if article is not None:
                yield article.id, article.text
        elif row[0] not in intake.contents or intake.is_new(row[0], 0, f"{source.path}, {row[0]}", file):
            intake.contents[row[0]] = 0
            yield row
    file.close(count)


def _lines(source: Source, intake: Intake, file: File) -> Iterator[Row | tuple[str, str]]:
    """Id and text of regular lines, rows of others."""
    settings = intake.settings
    names = {"id": settings.map.get("id", "id"), "text": settings.map.get("text", "text")}
    decode = msgspec.json.Decoder(msgspec.defstruct("Line", [("id", str), ("text", str)], rename=names)).decode
    with opened(source) as stream:
        head = bytes(stream.peek(HEAD)[:HEAD])
        if rows.nothing(source, head, file):
            return
        if wide_encoding(head) is not None:
            yield from rows.lined(source, settings, file)
            return
        spelled = LineDecoder(head)
        for number, raw in enumerate(stream):
            try:
                line: Any = decode(raw)
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                yield from rows.row(source, number + 1, spelled(number, raw), file)
                continue
            long = PLAIN <= len(line.text) <= settings.max_chars
            if long and line.id and line.id == line.id.strip() and not line.id.startswith(SOURCES):
                yield line.id, line.text
            else:
                yield from rows.row(source, number + 1, spelled(number, raw), file)


def _is_regular(source: Source, settings: ReadSettings) -> bool:
    """Whether a Parquet file has ids and texts that are strings."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(source.path)
    except (pa.ArrowException, OSError, ValueError):
        return False
    found = [schema.field(name).type for name in _names(settings) if schema.get_field_index(name) >= 0]
    return len(found) == 2 and all(type == pa.string() for type in found)


def _names(settings: ReadSettings) -> tuple[str, str]:
    return settings.map.get("id", "id"), settings.map.get("text", "text")


def _parquet(source: Source, intake: Intake, file: File) -> Iterator[Column]:
    """The articles of a Parquet file."""
    count = 0
    for batch in guarded(_batches(source, intake.settings, file), source, file):
        for some in table.filled(batch, _names(intake.settings)[1], count, source, file):
            yield from _taken(some.rows, some.first - 1, source, intake, file)
        count += batch.num_rows
    file.close(count)


def _batches(source: Source, settings: ReadSettings, file: File) -> Iterator[Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        # The sketches are made in threads of their own meanwhile; a whole row group is never held packed.
        with pq.ParquetFile(source.path, pre_buffer=False, buffer_size=_BUFFER) as parquet:
            if not parquet.metadata.num_rows:
                file(Skipped(source.path, "empty file", "a table without rows"))
            for batch in parquet.iter_batches(ROWS, columns=list(_names(settings)), use_threads=False):
                batch.validate(full=True)
                number += batch.num_rows
                yield batch
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise OSError(f"not readable as Parquet after row {number}: {str(error).splitlines()[0]}") from error


def _taken(batch: Any, before: int, source: Source, intake: Intake, file: File) -> Iterator[Column]:
    """The articles of a batch: regular rows as they lie, the others one by one."""
    id_name, text_name = _names(intake.settings)
    texts, ids = batch.column(text_name), batch.column(id_name).to_pylist()
    data, borders = texts.buffers()[2], table.borders(texts)
    sizes = np.diff(borders)
    plain = (sizes >= PLAIN) & (sizes <= intake.settings.max_chars)
    plain &= table.filled_in(texts)
    if plain.all() and _are_new(ids, intake):
        yield Column(ids, np.frombuffer(data, np.uint8), borders[:-1], borders[1:])
        return
    kept, others = [], []
    for row, (id, regular) in enumerate(zip(ids, plain.tolist(), strict=True)):
        where = before + row + 1
        if not (regular and id and id == id.strip() and not id.startswith(SOURCES)):
            values = {id_name: id, text_name: texts[row].as_py()}
            article = intake.article(Row(f"{source.path}#{where}", f"{source.name}#{where}", values), file)
            if article is not None:
                others.append((article.id, article.text))
        elif id not in intake.contents or intake.is_new(id, 0, f"{source.path}#{where}", file):
            intake.contents[id] = 0
            kept.append(row)
    if kept:
        yield Column([ids[row] for row in kept], np.frombuffer(data, np.uint8), borders[:-1][kept], borders[1:][kept])
    yield from _packed(others)


def _are_new(ids: list[Any], intake: Intake) -> bool:
    """Whether all are regular ids that were not read before, quickly told of all together; if so they are noted."""
    if not all(ids) or list(map(str.strip, ids)) != ids or any(map(methodcaller("startswith", SOURCES), ids)):
        return False
    fresh = dict.fromkeys(ids, 0)
    if len(fresh) < len(ids) or not intake.contents.keys().isdisjoint(fresh):
        return False
    intake.contents.update(fresh)
    return True
