"""Web pages: the article of a page without what stands around it, and what the page says about it.

The text is found by trafilatura. What a page states about itself is read here first, as that library drops press
agencies among the authors and the time of day: JSON-LD (schema.org), then `meta` elements (Open Graph), then what was
guessed.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from lineage.errors import MissingExtra
from lineage.ingest.fields import Row, line
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.streams import decoded, guarded, opened, whole, wide_encoding
from lineage.records import Skipped
from lineage.settings import ReadSettings

LIBRARIES = ("trafilatura", "warcio", "feedparser")
REMEDY = "pip install 'article-lineage[web]'"
LARGEST = 10_000_000  # bytes of a page; none that people read is larger
_HEAD = 4096  # bytes within which a page states its encoding
_CHARSET = re.compile(
    rb"<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,100}?\bencoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I
)
_SAVED = re.compile(r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->", re.I)
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?!\d)")
_NEWS = re.compile(r"article|posting|report|webpage", re.I)

# Where a page states a field, the surest place first: properties of the JSON-LD of its article, then names of `meta`.
_LINKED = {
    "title": ("headline", "name"),
    "published": ("datePublished", "dateCreated"),
    "modified": ("dateModified",),
    "author": ("author", "creator"),
    "source": ("publisher", "sourceOrganization"),
    "url": ("url", "mainEntityOfPage"),
    "lang": ("inLanguage",),
}
_META = {
    "title": ("og:title", "twitter:title", "dc.title"),
    "published": (
        "article:published_time",
        "og:published_time",
        "datepublished",
        "parsely-pub-date",
        "dc.date.issued",
        "dc.date",
        "date",
    ),
    "modified": ("article:modified_time", "og:updated_time", "datemodified", "last-modified"),
    "author": ("author", "parsely-author", "dc.creator", "byl"),
    "source": ("og:site_name", "application-name", "dc.publisher"),
    "url": ("og:url",),
    "lang": ("og:locale", "content-language", "dc.language"),
}
_FIELDS = tuple(_LINKED)
_META_FIRST = frozenset({"source"})  # a publisher is a company, the name of the site the outlet


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
    raw = b"".join(guarded(_pieces(source), source, on_skip))
    if not raw.strip():
        on_skip(Skipped(source.path, "empty file", "nothing to compare"))
        return
    found = found_in(raw, source.path, on_skip)
    if found is not None:
        yield found.row(source.path, source.name)


def _pieces(source: Source) -> Iterator[bytes]:
    with opened(source) as stream:
        yield from whole(stream, LARGEST + 1)


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
    if len(raw) > LARGEST:
        told = f"a page of more than {LARGEST // 1_000_000} MB; save its article as text"
        on_skip(Skipped(where, "too large", told))
        return None
    text = spelled(raw, charset)
    try:
        tree = library().load_html(text)
        found = None if tree is None else _read(tree, text, url)
    except Exception as error:  # whatever a parser makes of a stranger's page, the others are read
        on_skip(Skipped(where, "damaged file", f"not readable as HTML: {type(error).__name__}; save it as text"))
        return None
    if found is None:
        on_skip(Skipped(where, "no article text", "no article was found on the page; save its text as .txt"))
    return found


def spelled(raw: bytes, charset: str = "") -> str:
    """The text of a page: by its mark, by what came with it, by what it states, else by what fits."""
    stated = _CHARSET.search(raw[:_HEAD])
    for name in (charset, stated[1].decode("ascii", "replace") if stated else ""):
        if name and wide_encoding(raw) is None:
            try:
                return raw.decode(name)
            except (LookupError, UnicodeDecodeError):
                continue
    return decoded(raw)


def _read(tree: Any, text: str, url: str) -> Found | None:
    stated = dict(_stated(tree, text))
    document = library().bare_extraction(tree, url=url or None, with_metadata=True, include_comments=False)
    body = (document.text or "").strip() if document is not None else ""
    if not body:
        return None
    for field, value in _guessed(document, stated["url"][0] if "url" in stated else url):
        stated.setdefault(field, (value, "guessed"))
    fields = {field: value for field, (value, _) in stated.items()}
    places = {field: place for field, (_, place) in stated.items()}
    return Found(_without_title(body, fields.get("title", "")), fields, places)


def _guessed(document: Any, stated: str) -> Iterator[tuple[str, str]]:
    """What a page does not state, guessed with care: of dates only a day that stands in its address.

    A wrong date would be taken for evidence, and the text of a page is full of other days.
    """
    url = stated or document.url or ""
    address = urlsplit(url)
    day = _DAY.search(address.path)
    date = f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}" if day else ""
    source = document.sitename or (address.hostname or "").removeprefix("www.")
    for field, value in (("title", document.title), ("published", date), ("author", document.author)):
        if value:
            yield field, " ".join(value.split())
    yield from ((field, value) for field, value in (("source", source), ("url", url)) if value)


def _without_title(text: str, title: str) -> str:
    """The text without the headline on top of it, which is a field of its own."""
    first, newline, rest = text.partition("\n")
    return rest.lstrip("\n") if newline and " ".join(first.split()) == title else text


def _stated(tree: Any, text: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each field that a page states, with its value and the place that stated it."""
    objects = list(_objects(tree))
    metas = dict(reversed(list(_metas(tree))))
    for field in _FIELDS:
        linked = [(_spoken(one[name]), f"JSON-LD {name}") for name in _LINKED[field] for one in objects if name in one]
        meta = [(metas[name], f"meta {name}") for name in _META[field] if name in metas]
        places = [*_marked(tree, field, text), *(meta + linked if field in _META_FIRST else linked + meta)]
        if field == "published":
            places += [
                (line(one), "time") for one in tree.xpath("(//article//time/@datetime | //time[@pubdate]/@datetime)")
            ]
        best = next(((value, place) for value, place in places if value), None)
        if best is not None:
            yield field, best


def _marked(tree: Any, field: str, text: str) -> Iterator[tuple[str, str]]:
    """What elements of HTML itself state."""
    if field == "url":
        yield from ((line(href), "link canonical") for href in tree.xpath("//link[@rel='canonical']/@href"))
        saved = _SAVED.search(text[: 2 * _HEAD])
        if saved is not None:
            yield saved[1], "saved from"
    if field == "lang":
        yield from ((line(lang), "html lang") for lang in tree.xpath("/html/@lang"))


def _metas(tree: Any) -> Iterator[tuple[str, str]]:
    for element in tree.iter("meta", "time"):
        content = line(element.get("content") or element.get("datetime"))
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        if name and content:
            yield name.strip().lower(), content


def _objects(tree: Any) -> list[Mapping[str, Any]]:
    """The objects of the page's JSON-LD that describe an article, then those that describe the page."""
    found: list[Mapping[str, Any]] = []
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            found += _within(json.loads(script.text_content(), strict=False))
        except (ValueError, RecursionError):
            continue  # what is not JSON states nothing
    kinds = [(one, line(one.get("@type"))) for one in found]
    described = [(one, kind) for one, kind in kinds if _NEWS.search(kind)]
    return [one for one, _ in sorted(described, key=lambda told: "webpage" in told[1].lower())]


def _within(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, list):
        for part in value:
            yield from _within(part)
    elif isinstance(value, dict):
        yield value
        yield from _within(value.get("@graph", []))


def _spoken(value: Any) -> str:
    """A property of JSON-LD as one line: the names of persons and organisations, the address of a page."""
    if isinstance(value, list):
        return ", ".join(_once(_spoken(part) for part in value))
    if isinstance(value, Mapping):
        return _spoken(value.get("name") or value.get("@id") or value.get("url") or "")
    return " ".join(line(value).split())


def _once(parts: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(part for part in parts if part))
