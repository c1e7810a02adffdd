"""Web pages: the article of a page without what stands around it, and what the page says of itself.

The text is found by trafilatura; what a page states is read by `stated`, as that library drops press agencies among the
authors and the time of day.
"""

import codecs
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from lineage.errors import MissingExtra
from lineage.ingest.fields import Row
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.stated import address, even, plain, stated
from lineage.ingest.streams import contents, decoded, opened, whole, wide_encoding
from lineage.records import Skipped
from lineage.settings import ReadSettings

LIBRARIES = ("trafilatura", "warcio", "feedparser", "webencodings", "brotli")
REMEDY = "pip install 'article-lineage[web]'"
READ = 64_000_000  # bytes of a page with the pictures that were saved inside it
LARGEST = 10_000_000  # bytes without them
MOST_TAGS = 25_000  # a page of more takes many seconds, and is a list of something
_HEAD = 4096  # bytes within which a page states its encoding
_CHARSET = re.compile(
    rb"<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I
)
_INSIDE = re.compile(rb"data:[\w/+.-]*(?:;[\w=.-]+)*;base64,[A-Za-z0-9+/=%\s]*")


@dataclass(frozen=True, slots=True)
class Found:
    """What a page holds: the text of its article, its fields, and for each the place that stated it."""

    text: str
    fields: Mapping[str, str]
    provenance: Mapping[str, str]

    def row(self, where: str, name: str, **more: Any) -> Row:
        """The row of the article; `modified`, `provenance` and `more` become columns beside ours."""
        own = {field: value for field, value in self.fields.items() if field != "modified"}
        beside = {field: value for field, value in (("modified", self.fields.get("modified")), *more.items()) if value}
        return Row(where, name, {**beside, "provenance": dict(self.provenance)}, {**own, "text": self.text})


def page(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The article of a .html file.

    Raises MissingExtra where the user named the file and the extra `web` is not installed.
    """
    if not ready(source, on_skip):
        return
    raw = contents(_pieces(source), source, on_skip)
    if not raw.strip():
        if raw:
            on_skip(Skipped(source.path, "empty file", "nothing to compare"))
        return
    found = found_in(raw, source.path, on_skip)
    if found is not None:
        yield found.row(source.path, source.name)


def _pieces(source: Source) -> Iterator[bytes]:
    with opened(source) as stream:
        yield from whole(stream, READ + 1)


def ready(source: Source, on_skip: OnSkip) -> bool:
    """Whether a page, feed or archive can be read; says why where it cannot.

    Raises MissingExtra where the user named this very file.
    """
    if all(find_spec(name) is not None for name in LIBRARIES):
        return True
    if source.named:
        raise MissingExtra(f"web pages, feeds and archives need more; {source.path}; {REMEDY}")
    on_skip(Skipped(source.path, "needs an extra", REMEDY))
    return False


@cache
def library() -> ModuleType:
    """Trafilatura, which takes a third of a second to load."""
    import trafilatura

    # Without a handler its complaints about a page would go to standard error, past our own account of it.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return trafilatura


def found_in(raw: bytes, where: str, on_skip: OnSkip, charset: str = "", url: str = "") -> Found | None:
    """What a page holds, or None after saying why nothing was found.

    charset: the encoding that came with the page.  url: where it was fetched.
    """
    bare = _INSIDE.sub(b"data:,", raw)
    if len(raw) > READ or len(bare) > LARGEST or bare.count(b"<") > 2 * MOST_TAGS:
        told = f"a page of more than {LARGEST // 1_000_000} MB or {MOST_TAGS} elements; save its article as text"
        on_skip(Skipped(where, "too large", told))
        return None
    try:
        text = spelled(bare, charset)
        tree = library().load_html(text)
        found = None if tree is None else _read(tree, text, url)
    except Exception as error:  # whatever a parser makes of a stranger's page, the others are read
        on_skip(Skipped(where, "damaged file", f"not readable as HTML: {type(error).__name__}; save it as text"))
        return None
    if found is None:
        on_skip(Skipped(where, "no article text", "no article was found on the page; save its text as .txt"))
    return found


def spelled(raw: bytes, charset: str = "") -> str:
    """The text of a page as browsers read it: by its mark, by what came with it, by what it states, else what fits."""
    import webencodings

    if raw.startswith(codecs.BOM_UTF8) or wide_encoding(raw) is not None:
        return decoded(raw)
    stated = _CHARSET.search(raw[:_HEAD])
    # A saved page has lost what the server said, and latin-1 can spell anything: what is UTF-8 is that, first of all.
    for name in (charset, "utf-8", stated[1].decode("ascii", "replace") if stated else ""):
        known = webencodings.lookup(name)
        # A statement that could be read byte by byte is in no encoding of two bytes a letter.
        if known is None or known.name.startswith("utf-16"):
            continue
        try:
            return str(known.codec_info.decode(raw, "strict")[0])
        except UnicodeError:
            continue
    return decoded(raw)


def _read(tree: Any, text: str, url: str) -> Found | None:
    told = stated(tree, text, url)
    document = library().bare_extraction(tree, url=url or None, with_metadata=True, include_comments=False)
    body = (document.text or "").strip() if document is not None else ""
    if not body:
        return None
    places = dict(told.fields)
    for field, value in _guessed(document, places["url"][0] if "url" in places else address(url), told.headings):
        if value:
            places.setdefault(field, (value, "guessed"))
    fields = {field: value for field, (value, _) in places.items()}
    return Found(_below(body, told.headings), fields, {field: place for field, (_, place) in places.items()})


def _guessed(document: Any, url: str, headings: frozenset[str]) -> Iterator[tuple[str, str]]:
    """What a page does not state: no dates, of which its text is full."""
    yield "title", plain(document.title or "")
    yield "author", plain(document.author or "")
    site = plain(document.sitename or "")
    # Of "Headline | Outlet" the library may take the wrong part.
    site = "" if even(site) in headings else site
    yield "source", site or (urlsplit(url).hostname or "").removeprefix("www.")
    yield "url", url


def _below(text: str, headings: frozenset[str]) -> str:
    """The text without the headline on top of it, which is a field of its own."""
    first, newline, rest = text.partition("\n")
    return rest.lstrip("\n") if newline and even(first) in headings else text
