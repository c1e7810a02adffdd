"""Feeds: every entry of an RSS or Atom file that carries its text is one article."""

from collections.abc import Iterator
from typing import Any

from lineage.ingest import page
from lineage.ingest.fields import Row
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.streams import guarded, opened, whole
from lineage.records import Skipped
from lineage.settings import ReadSettings

_FIELDS = {"title": "title", "published": "published", "author": "author", "link": "url"}


def feed(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The entries of an .rss, .atom or .xml file, by their addresses.

    Raises MissingExtra where the user named the file and the extra `web` is not installed.
    """
    if not page.ready(source, on_skip):
        return
    import feedparser

    raw = b"".join(guarded(_pieces(source), source, on_skip))
    if not raw.strip():
        on_skip(Skipped(source.path, "empty file", "nothing to compare"))
        return
    told = feedparser.parse(raw)
    if not told.version:
        on_skip(Skipped(source.path, "unknown format", "neither an RSS nor an Atom feed; save its articles as text"))
        return
    if not told.entries:
        on_skip(Skipped(source.path, "empty file", "a feed without entries"))
    for number, entry in enumerate(told.entries, 1):
        yield _row(source, number, entry, told.feed)


def _pieces(source: Source) -> Iterator[bytes]:
    with opened(source) as stream:
        yield from whole(stream, page.LARGEST)


def _row(source: Source, number: int, entry: Any, about: Any) -> Row:
    html = max((part.get("value", "") for part in entry.get("content", [])), key=len, default="") or entry.get(
        "summary", ""
    )
    own = {ours: str(entry[theirs]) for theirs, ours in _FIELDS.items() if entry.get(theirs)}
    own |= {"source": str(about["title"])} if about.get("title") else {}
    own |= {"lang": str(about["language"])} if about.get("language") else {}
    text = page.library().html2txt(f"<html><body>{html}</body></html>") if html else ""
    name = own.get("url") or entry.get("id") or f"{source.name}#{number}"
    return Row(f"{source.path}#{number}", name, {"provenance": dict.fromkeys(own, "feed")}, {**own, "text": text})
