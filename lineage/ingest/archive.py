"""Web archives: every page of a WARC file that was fetched whole is one article."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from lineage.ingest import page
from lineage.ingest.fields import Row
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.streams import guarded, opened
from lineage.records import Skipped
from lineage.settings import ReadSettings

_HTML = ("text/html", "application/xhtml+xml")
_FETCHED = "200"


def archive(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The pages of a .warc file, by their addresses; what came before damage is kept.

    A page that states no date was there when it was fetched: that is the latest it can be of. An address that was
    fetched again with another article gets the time of that behind it.  Raises MissingExtra where the user named the
    file and the extra `web` is not installed.
    """
    if page.ready(source, on_skip):
        yield from guarded(_pages(source, on_skip), source, on_skip)


def _pages(source: Source, on_skip: OnSkip) -> Iterator[Row]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    known: dict[str, set[bytes]] = {}
    number = 0
    # Each record is packed by itself, and the library unpacks them one by one: what precedes damage is not lost.
    packed = source if source.packing == "zst" else replace(source, packing="")
    with opened(packed) as stream:
        try:
            for record in ArchiveIterator(stream):
                number += 1
                if _is_page(record):
                    yield from _row(record, f"{source.path}#{number}", known, on_skip)
        except ArchiveLoadFailed as error:
            raise OSError(f"not readable as WARC after record {number}: {error}") from error
    if not number:
        on_skip(Skipped(source.path, "empty file", "an archive without records"))


def _is_page(record: Any) -> bool:
    if record.rec_type == "resource":
        return str(record.rec_headers.get_header("Content-Type")).startswith(_HTML)
    told = record.http_headers
    if record.rec_type != "response" or told is None or told.get_statuscode() != _FETCHED:
        return False
    return (told.get_header("Content-Type") or "").lower().startswith(_HTML)


def _row(record: Any, where: str, known: dict[str, set[bytes]], on_skip: OnSkip) -> Iterator[Row]:
    url = record.rec_headers.get_header("WARC-Target-URI") or where
    fetched = record.rec_headers.get_header("WARC-Date") or ""
    raw = record.content_stream().read(page.LARGEST + 1)
    if len(raw) <= page.LARGEST and record.raw_stream.limit > 0:
        raise EOFError("the last record is cut off")
    kind = (record.http_headers or record.rec_headers).get_header("Content-Type") or ""
    charset = kind.lower().partition("charset=")[2].partition(";")[0].strip(" \"'")
    found = page.found_in(raw, where, on_skip, charset, url)
    if found is None:
        return
    digest = hashlib.blake2b(found.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    again = url in known and digest not in known[url]
    known.setdefault(url, set()).add(digest)
    if fetched and "published" not in found.fields:
        fields = {**found.fields, "published": f"≤ {fetched}"}
        found = page.Found(found.text, fields, {**found.provenance, "published": "WARC-Date"})
    yield found.row(where, f"{url} {fetched}".strip() if again else url, captured=fetched)
