"""CSV, TSV and Parquet: one row, one article."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from lineage.ingest.fields import Row
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.streams import HEAD, guarded, is_binary, lines, opened
from lineage.records import Skipped
from lineage.settings import ReadSettings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_BATCH = 1024
_SHORT = 64  # bytes of a text that is looked at, whether there is anything in it
_STRETCH = 16  # rows without a text, one after the other, that are told together
# Spreadsheets of several countries separate by semicolons, because the comma is their decimal point.
_SEPARATORS = ",;\t|"


def comma_separated(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The rows of a .csv file with a header; the separator is the one the header has most of."""
    yield from guarded(_delimited(source, "", settings, on_skip), source, on_skip)


def tab_separated(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The rows of a .tsv file with a header."""
    yield from guarded(_delimited(source, "\t", settings, on_skip), source, on_skip)


def _delimited(source: Source, separator: str, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    # The limit is the module's own global state and made for short cells; an unclosed quote must still end somewhere.
    csv.field_size_limit(max(csv.field_size_limit(), 16 * settings.max_chars))
    with opened(source) as stream:
        head = stream.peek(HEAD)[:HEAD]
        if not head.strip():
            on_skip(Skipped(source.path, "empty file", "nothing to compare"))
            return
        if is_binary(head):
            on_skip(Skipped(source.path, "binary", "not a table; a compressed file needs its .gz or .zst suffix"))
            return
        text = lines(stream)
        first = next(text)
        separator = separator or max(_SEPARATORS, key=first.count)
        ended: list[bool] = []
        table = csv.reader(_to_the_end(chain([first], text), ended), delimiter=separator)
        yield from _cells(source, table, ended, on_skip)


def _to_the_end(given: Iterable[str], ended: list[bool]) -> Iterator[str]:
    """The lines, and into `ended` that there are no more."""
    yield from given
    ended.append(True)


def _cells(source: Source, table: Any, ended: list[bool], on_skip: OnSkip) -> Iterator[Row]:
    try:
        names = next(table)
    except csv.Error as error:
        raise OSError(f"no header in the first line: {error}") from error
    header = [name.strip() or f"column {place}" for place, name in enumerate(names, 1)]
    for name in dict.fromkeys(name for name in header if header.count(name) > 1):
        told = f"{name!r} stands {header.count(name)} times in the header, the last one counts; rename the others"
        on_skip(Skipped(source.path, "duplicate column", told))
    number = 0
    while True:
        number += 1
        where, begin = f"{source.path}#{number}", table.line_num + 1
        try:
            cells = next(table)
        except StopIteration:
            if number == 1:
                on_skip(Skipped(source.path, "empty file", "a table without rows"))
            return
        except csv.Error as error:
            on_skip(Skipped(where, "broken row", f"{error}; quote cells that hold quotes or newlines"))
            continue
        if not cells:
            number -= 1
            continue
        # The reader asks for more lines than there are in an open quotation alone: all that followed would be one text.
        if ended and table.line_num > begin:
            told = f"an open quotation mark joins lines {begin} to {table.line_num}; close it, or double it"
            on_skip(Skipped(where, "broken row", told))
            return
        if len(cells) > len(header):
            told = f"{len(cells)} cells under {len(header)} names; quote cells that hold the separator"
            on_skip(Skipped(where, "broken row", told))
            continue
        filled = {name: cell or None for name, cell in zip(header, cells, strict=False)}
        yield Row(where, f"{source.name}#{number}", dict.fromkeys(header) | filled)


def parquet(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The rows of a .parquet file, a batch at a time."""
    yield from guarded(_batches(source, settings.map.get("text", "text"), on_skip), source, on_skip)


def _batches(source: Source, text: str, on_skip: OnSkip) -> Iterator[Row]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(source.path, pre_buffer=False) as file:
            if not file.metadata.num_rows:
                on_skip(Skipped(source.path, "empty file", "a table without rows"))
            for batch in file.iter_batches(batch_size=_BATCH):
                for some in filled(batch, text, number, source, on_skip):
                    for at, values in enumerate(_microseconds(some.rows).to_pylist(), some.first):
                        yield Row(f"{source.path}#{at}", f"{source.name}#{at}", values)
                number += batch.num_rows
    except (pa.ArrowException, ValueError, OverflowError) as error:
        raise OSError(f"not readable as Parquet after row {number}: {str(error).splitlines()[0]}") from error


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of a batch that are looked at one by one; first: the number of the first of them in the table, from 1."""

    rows: Any
    first: int


def filled(batch: Any, text: str, before: int, source: Source, on_skip: OnSkip) -> Iterator[Stretch]:
    """The rows of a batch without those stretches where no row has a text, which are told as one each.

    text: the column of texts.  before: rows of the table before the batch.
    """
    start = 0
    for first, stop in _void(batch, text):
        if first > start:
            yield Stretch(batch.slice(start, first - start), before + start + 1)
        where = f"{source.path}#{before + first + 1}-{before + stop}"
        on_skip(Skipped(where, "empty text", "nothing to compare", stop - first))
        start = stop
    if start < batch.num_rows:
        yield Stretch(batch.slice(start), before + start + 1)


def _void(batch: Any, text: str) -> list[tuple[int, int]]:
    """Where in a batch stretches of at least `_STRETCH` rows without a text begin and end."""
    import numpy as np
    import pyarrow as pa

    place = batch.schema.get_field_index(text)
    if place < 0:
        return []
    column = batch.column(place)
    if column.null_count == batch.num_rows:
        return [(0, batch.num_rows)]
    empty = ~filled_in(column)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        short = np.flatnonzero(empty | (np.diff(borders(column)) < _SHORT))
        if short.size < _STRETCH:
            return []
        empty[short] = [not (text or "").strip() for text in column.take(pa.array(short)).to_pylist()]
    marked = np.concatenate([[False], empty, [False]])
    turns = np.flatnonzero(marked[1:] != marked[:-1]).reshape(-1, 2)
    return [(first, stop) for first, stop in turns.tolist() if stop - first >= _STRETCH]


def filled_in(column: Any) -> "NDArray[np.bool_]":
    """Which entries of an Arrow column are not null, read as they lie: its own `to_numpy` loads pandas if it can."""
    import numpy as np

    bits = column.buffers()[0]
    if bits is None or not column.null_count:
        return np.ones(len(column), np.bool_)
    marked = np.unpackbits(np.frombuffer(bits, np.uint8), count=column.offset + len(column), bitorder="little")
    return marked[column.offset :].astype(np.bool_)


def borders(column: Any) -> "NDArray[np.int64]":
    """Where the texts of an Arrow column of strings begin in its data, and the last one's end."""
    import numpy as np
    import pyarrow as pa

    kind = np.int64 if pa.types.is_large_string(column.type) else np.int32
    return np.frombuffer(column.buffers()[1], kind)[column.offset : column.offset + len(column) + 1].astype(np.int64)


def _microseconds(batch: Any) -> Any:
    """The batch with its nanosecond columns in microseconds, the finest that Python's datetime holds."""
    import pyarrow as pa

    for place, column in enumerate(batch.schema):
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            finest = batch.column(place).cast(pa.timestamp("us", column.type.tz), safe=False)
            batch = batch.set_column(place, column.name, finest)
    return batch
