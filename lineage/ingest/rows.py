"""JSON and JSON Lines: one object, one article."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from lineage.ingest.fields import Row
from lineage.ingest.source import STDIN, OnSkip, Source
from lineage.ingest.streams import HEAD, contents, decoded, guarded, is_binary, lines, opened, whole
from lineage.records import Skipped
from lineage.settings import ReadSettings

_DECODER = msgspec.json.Decoder()
_UNLIMITED = 1 << 62


class _Broken(Exception):
    """Text that is not JSON; the message says where."""


def lined(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The rows of a .jsonl file, one line at a time; a broken line is said and passed over."""
    yield from guarded(_lines(source, on_skip), source, on_skip)


def _lines(source: Source, on_skip: OnSkip) -> Iterator[Row]:
    with opened(source) as stream:
        head = stream.peek(HEAD)[:HEAD]
        if nothing(source, head, on_skip):
            return
        for number, line in enumerate(lines(stream), 1):
            yield from row(source, number, line, on_skip)


def row(source: Source, number: int, line: str, on_skip: OnSkip) -> Iterator[Row]:
    """The row of a line, unless it is blank, broken or no object."""
    if not line.strip():
        return
    where = f"{source.path}:{number}"
    try:
        value = parsed(line)
    except _Broken as error:
        remedy = "standard input is read as one JSON object a line" if source.path == STDIN else "mend the line"
        on_skip(Skipped(where, "broken JSON", f"{error}; {remedy}"))
        return
    yield from _row(value, where, f"{source.name}#{number}", on_skip)


def document(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The rows of a .json file: one object, a list of objects, or an object that holds such a list."""
    raw = contents(_pieces(source), source, on_skip)
    if not raw or nothing(source, raw[:HEAD], on_skip):
        return
    text = decoded(raw)
    if not text.strip():
        on_skip(Skipped(source.path, "empty file", "nothing to compare"))
        return
    try:
        value = parsed(text)
    except _Broken as error:
        on_skip(Skipped(source.path, "damaged file", f"not JSON: {error}; for one object a line name it .jsonl"))
        return
    listed = _listed(value)
    if listed is None:
        yield from _row(value, source.path, source.name, on_skip)
        return
    for number, entry in enumerate(listed, 1):
        yield from _row(entry, f"{source.path}#{number}", f"{source.name}#{number}", on_skip)


def _pieces(source: Source) -> Iterator[bytes]:
    with opened(source) as stream:
        yield from whole(stream, _UNLIMITED)


def nothing(source: Source, head: bytes, on_skip: OnSkip) -> bool:
    """Whether the beginning of a file shows that it holds no JSON; says so."""
    if not head:
        on_skip(Skipped(source.path, "empty file", "nothing to compare"))
    elif is_binary(head):
        on_skip(Skipped(source.path, "binary", "not JSON; a compressed file needs its .gz or .zst suffix"))
    else:
        return False
    return True


def _row(value: Any, where: str, name: str, on_skip: OnSkip) -> Iterator[Row]:
    if isinstance(value, dict):
        yield Row(where, name, value)
    else:
        on_skip(Skipped(where, "not an object", f"{type(value).__name__}; give an object with a field for the text"))


def _listed(value: Any) -> list[Any] | None:
    """The list of articles in a document: itself, or the longest list of objects in an object without a text."""
    if isinstance(value, list):
        return value
    if not isinstance(value, Mapping):
        return None
    lists = [part for part in value.values() if isinstance(part, list) and part and isinstance(part[0], dict)]
    # An article may well carry a list of objects, its authors or pictures; then it has strings beside it.
    longest = max((len(part) for part in value.values() if isinstance(part, str)), default=0)
    return max(lists, key=len) if lists and "text" not in value and longest <= 200 else None


def parsed(text: str) -> Any:
    """The value of a JSON text; what strict JSON refuses but writers produce (NaN, lone surrogates) is taken."""
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        told = str(error)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _Broken(told) from error
