"""Feeds: every entry of an RSS or Atom file that carries its text is one article."""

import io
from collections.abc import Iterator
from typing import Any

from lineage.ingest import page
from lineage.ingest.fields import Row, words
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.stated import plain
from lineage.ingest.streams import FETCH, contents, opened, whole
from lineage.records import Skipped
from lineage.settings import ReadSettings

SUMMARY = 80  # words: what has fewer, and is not said to be the content, only announces an article


def feed(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The entries of an .rss, .atom or .xml file, by their addresses.

    Raises MissingExtra where the user named the file and the extra `web` is not installed.
    """
    if not page.ready(source, on_skip):
        return
    import feedparser

    raw = contents(_pieces(source), source, on_skip)
    if not raw.strip():
        if raw:
            on_skip(Skipped(source.path, "empty file", "nothing to compare"))
        return
    if len(raw) > page.READ:
        on_skip(Skipped(source.path, "too large", f"a feed of more than {page.READ // 1_000_000} MB; divide it"))
        return
    told = feedparser.parse(io.BytesIO(raw))  # of bytes the library would first ask whether they name a file
    if not told.version:
        on_skip(Skipped(source.path, "unknown format", "neither an RSS nor an Atom feed; save its articles as text"))
        return
    trouble = told.get("bozo_exception")
    if told.bozo and not isinstance(trouble, feedparser.ThingsNobodyCaresAboutButMe):
        fact = " ".join(ascii(str(trouble)).split())[:80]
        on_skip(Skipped(source.path, "damaged file", f"not whole: {fact}; what could be read is kept, {FETCH}"))
    elif not told.entries:
        on_skip(Skipped(source.path, "empty file", "a feed without entries"))
    for number, entry in enumerate(told.entries, 1):
        row = _row(source, number, entry, told.feed)
        if words(row.own["text"], SUMMARY) >= SUMMARY or entry.get("content"):
            yield row
        else:
            told_of = f"a summary of fewer than {SUMMARY} words; save the page it leads to"
            on_skip(Skipped(row.where, "no article text", told_of))


def _pieces(source: Source) -> Iterator[bytes]:
    with opened(source) as stream:
        yield from whole(stream, page.READ + 1)


def _row(source: Source, number: int, entry: Any, about: Any) -> Row:
    own = {name: value for name, value in _fields(entry, about) if value}
    parts = [part.get("value", "") for part in entry.get("content", [])]
    html = max(parts, key=len, default="") or entry.get("summary", "")
    name = own.get("url") or entry.get("id") or f"{source.name}#{number}"
    provenance = dict.fromkeys(own, "feed")
    return Row(f"{source.path}#{number}", name, {"provenance": provenance}, {**own, "text": _text(html)})


def _fields(entry: Any, about: Any) -> Iterator[tuple[str, str]]:
    yield "title", plain(entry.get("title", ""))
    updated = entry.get("updated", "")
    yield "published", entry.get("published") or (f"≤ {updated}" if updated else "")
    names = [plain(one.get("name", "")) for one in entry.get("authors", [])]
    yield "author", ", ".join(dict.fromkeys(filter(None, names)))
    yield "url", entry.get("link", "")
    yield "source", plain(entry.get("source", {}).get("title", "") or about.get("title", ""))
    yield "lang", about.get("language", "")


def _text(html: str) -> str:
    """The text of an entry, a line a paragraph."""
    if not html.strip():
        return ""
    whole = f"<html><body><article>{html}</article></body></html>"
    library = page.library()
    found = library.bare_extraction(whole, include_comments=False, favor_recall=True)
    return (found.text if found is not None else "") or str(library.html2txt(whole))
