"""Web archives: every page of a WARC file that was fetched whole is one article."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from lineage.ingest import page
from lineage.ingest.fields import Row
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.streams import Unpacked, guarded
from lineage.records import Skipped
from lineage.settings import ReadSettings

_HTML = ("text/html", "application/xhtml+xml")
_FETCHED = "200"
_END = b"\r\n\r\n"  # of every record
_CHUNK = 1 << 16


def archive(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The pages of a .warc file, by their addresses; what came before damage is kept.

    A page that states no date was there when it was fetched: that is the latest it can be of. An address that was
    fetched again with another article gets the time of that behind it.  Raises MissingExtra where the user named the
    file and the extra `web` is not installed.
    """
    if page.ready(source, on_skip):
        yield from guarded(_pages(source, on_skip), source, on_skip)


class _Followed:
    """A stream as the library reads it, which takes EOFError for an ordinary end; remembers how it ended."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._last = b""

    def read(self, size: int = -1) -> bytes:
        try:
            found: bytes = self._stream.read(size)
        except EOFError as error:
            raise OSError(str(error)) from error
        self._last = (self._last + found)[-len(_END) :]
        return found

    def whole(self) -> bool:
        """Whether what was read ends as a record does."""
        return self._last in (b"", _END)


def _pages(source: Source, on_skip: OnSkip) -> Iterator[Row]:
    number = 0
    with Path(source.path).open("rb") as packed:
        for record in _records(Unpacked(packed, source.packing) if source.packing else packed):
            number += 1
            where = f"{source.path}#{number}"
            raw = _content(record, where, on_skip)
            if raw is not None:
                yield from _row(record, raw, where, on_skip)
    if not number:
        on_skip(Skipped(source.path, "empty file", "an archive without records"))


def _records(stream: Any) -> Iterator[Any]:
    """The records of a stream.  Raises OSError where one cannot be made out or is cut off."""
    from warcio.archiveiterator import ArchiveIterator

    number = 0
    followed = _Followed(stream)
    found = iter(ArchiveIterator(followed))
    while True:
        try:
            record = next(found, None)
        except OSError:
            raise
        except Exception as error:  # the library fails in many ways on what is none of its format
            told = " ".join(ascii(str(error)).split())[:80]
            raise OSError(f"not readable as WARC after record {number}: {told}") from error
        if record is None:
            break
        number += 1
        if not (record.rec_headers.get_header("Content-Length") or "").strip().isdigit():
            raise OSError(f"record {number} has no length")
        yield record
        while record.raw_stream.limit > 0 and record.raw_stream.read(_CHUNK):
            pass
        if record.raw_stream.limit > 0:
            raise OSError(f"record {number} is cut off")
    if not followed.whole():
        raise OSError(f"what follows record {number} is cut off")


def _content(record: Any, where: str, on_skip: OnSkip) -> bytes | None:
    """The page of a record; None where it holds none."""
    told = record.http_headers
    if record.rec_type == "resource":
        kind = record.rec_headers.get_header("Content-Type") or ""
        return record.raw_stream.read(page.READ + 1) if kind.lower().startswith(_HTML) else None
    if record.rec_type != "response" or told is None:
        return None
    kind = (told.get_header("Content-Type") or "").lower()
    if kind and not kind.startswith(_HTML):
        return None
    if told.get_statuscode() != _FETCHED:
        on_skip(Skipped(where, "not fetched", f"answered {told.get_statuscode()}; an article would be 200"))
        return None
    packing = (told.get_header("Content-Encoding") or "").strip().lower()
    if packing in ("br", "zstd"):
        told.remove_header("Content-Encoding")  # the library cannot unpack it
    try:
        raw = bytes(record.content_stream().read(page.READ + 1))
        raw = _unpacked(raw, packing)
    except Exception as error:  # of one page; the next record can still be read
        on_skip(Skipped(where, "damaged file", f"not readable ({type(error).__name__}); fetch it again"))
        return None
    return raw if kind or raw.lstrip()[:1] == b"<" else None


def _unpacked(raw: bytes, packing: str) -> bytes:
    if packing == "br":
        import brotli

        return bytes(brotli.decompress(raw))
    if packing == "zstd":
        import zstandard

        return zstandard.ZstdDecompressor().decompressobj().decompress(raw)
    return raw


def _row(record: Any, raw: bytes, where: str, on_skip: OnSkip) -> Iterator[Row]:
    url = record.rec_headers.get_header("WARC-Target-URI") or where
    fetched = record.rec_headers.get_header("WARC-Date") or ""
    kind = (record.http_headers or record.rec_headers).get_header("Content-Type") or ""
    charset = kind.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    found = page.found_in(raw, where, on_skip, charset, url)
    if found is None:
        return
    if fetched and "published" not in found.fields:
        fields = {**found.fields, "published": f"≤ {fetched}"}
        found = page.Found(found.text, fields, {**found.provenance, "published": "WARC-Date"})
    again = f"{url} {fetched}".strip()
    yield replace(found.row(where, url, captured=fetched), others=(again, f"{again} {where.rpartition('#')[2]}"))
