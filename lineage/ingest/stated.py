"""What a web page says of itself: JSON-LD (schema.org), `meta` elements, and marks of HTML.

Each field comes from the surest place that has it, and that place is told with it. A date is evidence later, so none is
taken that might be another article's: not a teaser's, not a related story's.
"""

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from lineage.ingest.dates import stamp
from lineage.ingest.fields import line

Told = tuple[str, str]  # a value, and the place that stated it
Object = Mapping[str, Any]

_ARTICLE = re.compile(r"article|posting|report", re.I)
_PAGE = re.compile(r"webpage", re.I)
_PARTS = ("@graph", "mainEntity")
_WRAPPED = re.compile(r"^\s*(?://)?\s*<!\[CDATA\[|(?://)?\s*\]\]>\s*$|;\s*$")
_SAVED = re.compile(r"<!--\s*(?:saved from url=\(\d+\)|Page saved with SingleFile\s+url:\s*)(\S+)", re.I)
_HEAD = 8192
_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[/-](\d\d?)[/-](\d\d?)(?!\d)")
_TIMES = "//article//time[not(contains(@class, 'updated') or contains(@class, 'modified'))]/@datetime"
_WEB = ("http", "https")

_LINKED = {"title": ("headline", "name"), "modified": ("dateModified",), "author": ("author", "creator")}
_META = {
    "title": ("og:title", "twitter:title", "dc.title"),
    "modified": ("article:modified_time", "og:updated_time", "datemodified", "last-modified"),
    "author": ("author", "parsely-author", "dc.creator", "byl"),
}
_PUBLISHED = ("article:published_time", "og:published_time", "parsely-pub-date", "dc.date.issued", "datepublished")


@dataclass(frozen=True, slots=True)
class Stated:
    """fields: each with its value and the place that stated it.  headings: the lines that are the headline."""

    fields: Mapping[str, Told]
    headings: frozenset[str]


def stated(tree: Any, text: str, fetched: str = "") -> Stated:
    """What a parsed page says of itself.  text: its source; fetched: the address it came from."""
    metas = _metas(tree)
    places = [told for told in _addresses(tree, text, metas, fetched) if told[0]]
    # Careless templates name the front page everywhere.
    url = next((told for told in places if urlsplit(told[0]).path.strip("/")), _first(places))
    headings = frozenset(plain(one.text_content()) for one in tree.iter("h1")) - {""}
    titles = headings | {plain(one) for name in _META["title"] for one in metas.get(name, ())}
    linked, known = _own(_objects(tree), url[0] if url else fetched, titles)
    found = {"url": url, "published": _published(tree, metas, linked, url), **_outlet(tree, metas, linked, known)}
    for field, names in _LINKED.items():
        places = [(_spoken(linked[name], known), f"JSON-LD {name}") for name in names if name in linked]
        places += [
            (", ".join(_once(map(plain, metas[name]))), f"meta {name}") for name in _META[field] if name in metas
        ]
        found[field] = _first(places)
    kept = {field: told for field, told in found.items() if told is not None}
    title = {kept["title"][0]} if "title" in kept else set()
    return Stated(kept, frozenset(even(one) for one in headings | title))


def plain(text: str) -> str:
    """Text on one line, entities as letters."""
    return " ".join(html.unescape(text).split())


def even(text: str) -> str:
    """A headline as it is compared: quotation marks alike."""
    return re.sub("[“”„«»\"‘’‚']", "'", plain(text))


def _first(places: Iterable[Told]) -> Told | None:
    return next(((value, place) for value, place in places if value), None)


def _once(parts: Iterable[str]) -> Sequence[str]:
    return list(dict.fromkeys(part for part in parts if part))


def _addresses(tree: Any, text: str, metas: Mapping[str, Sequence[str]], fetched: str) -> Iterator[Told]:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            yield address(link.get("href"), fetched), "link canonical"
    saved = _SAVED.search(text[:_HEAD])
    if saved is not None:
        yield address(saved[1], fetched), "saved from"
    for one in metas.get("og:url", ()):
        yield address(one, fetched), "meta og:url"


def address(value: str | None, fetched: str = "") -> str:
    """An address of the web made whole; empty where it is none."""
    try:
        whole = urljoin(fetched, (value or "").strip())
        parts = urlsplit(whole)
        return whole if parts.scheme in _WEB and parts.hostname else ""
    except ValueError:
        return ""


def _outlet(
    tree: Any, metas: Mapping[str, Sequence[str]], linked: Object, known: Mapping[str, Object]
) -> dict[str, Told | None]:
    """The outlet and the language. A publisher is a company; the name of the site is the outlet."""
    named = [
        (_spoken(linked[name], known), f"JSON-LD {name}")
        for name in ("publisher", "sourceOrganization")
        if name in linked
    ]
    sites = [(plain(one), f"meta {name}") for name in ("og:site_name",) for one in metas.get(name, ())]
    spoken = [
        (line(tree.get(name)), "html lang")
        for name in ("lang", "{http://www.w3.org/XML/1998/namespace}lang", "xml:lang")
    ]
    spoken += [
        (one, f"meta {name}")
        for name in ("content-language", "dc.language", "og:locale")
        for one in metas.get(name, ())
    ]
    spoken += [(_spoken(linked["inLanguage"], known), "JSON-LD inLanguage")] if "inLanguage" in linked else []
    tags = [(value.replace("_", "-"), place) for value, place in spoken]
    last = [(plain(one), "meta dc.publisher") for one in metas.get("dc.publisher", ())]
    return {"source": _first([*sites, *named, *last]), "lang": _first(tags)}


def _published(tree: Any, metas: Mapping[str, Sequence[str]], linked: Object, url: Told | None) -> Told | None:
    """When the page says it was published: the surest place that holds a date, and the time of that day from any."""
    places = [(_spoken(linked.get("datePublished", ""), {}), "JSON-LD datePublished")]
    places += [(one, f"meta {name}") for name in _PUBLISHED for one in metas.get(name, ())[:1]]
    marked = [("//head//*[@itemprop='datePublished']/@content", "itemprop"), (_TIMES, "time")]
    for path, place in marked:
        values = _once(line(one) for one in tree.xpath(path))
        places += [(values[0], place)] if len(values) == 1 else []  # of several most are of other articles
    places += [(_spoken(linked.get("dateCreated", ""), {}), "JSON-LD dateCreated")]
    places += [(one, f"meta {name}") for name in ("dc.date", "date") for one in metas.get(name, ())[:1]]
    places += [("-".join((day[1], f"{day[2]:0>2}", f"{day[3]:0>2}")), "url") for day in _days(url)]
    dated = [(value, place, when) for value, place in places if (when := stamp(value)) is not None]
    if not dated:
        return None
    value, place, day = dated[0]
    if day.precision != "day":
        return value, place
    within = (
        (v, p)
        for v, p, when in dated[1:]
        if when.precision != "day" and day.earliest <= when.earliest < when.latest <= day.latest
    )
    return next(within, (value, place))


def _days(url: Told | None) -> Iterator[re.Match[str]]:
    """The day in an address; of all guesses at a date the only one that is made."""
    found = _DAY.search(urlsplit(url[0]).path) if url else None
    if found is not None:
        yield found


def _metas(tree: Any) -> dict[str, list[str]]:
    """What the `meta` elements say, by their names in small letters; those that belong to a part of the page apart."""
    found: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("http-equiv")
        content = line(element.get("content"))
        if name and content:
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _objects(tree: Any) -> list[Object]:
    """All objects of the page's JSON-LD."""
    found: list[Object] = []
    for script in tree.iter("script"):
        if not (script.get("type") or "").strip().lower().startswith("application/ld+json"):
            continue
        text = script.text_content()
        for _ in range(3):  # what wraps the JSON may itself be wrapped
            text = _WRAPPED.sub("", text)
        try:
            found += _within(json.loads(text, strict=False))
        except (ValueError, RecursionError):
            continue  # what is not JSON states nothing
    return found


def _within(value: Any) -> Iterator[Object]:
    if isinstance(value, list):
        for part in value:
            yield from _within(part)
    elif isinstance(value, dict):
        yield value
        for name in _PARTS:
            yield from _within(value.get(name, []))


def _own(objects: Sequence[Object], url: str, titles: frozenset[str]) -> tuple[Object, Mapping[str, Object]]:
    """The object that describes the page's own article, {} where that cannot be told; all objects by their `@id`.

    Pages list related stories in the same way: the one with the page's address is meant, else the one with its
    headline, else the only one.
    """
    known = {line(one["@id"]): one for one in objects if "@id" in one and len(one) > 1}
    articles = [one for one in objects if _ARTICLE.search(line(one.get("@type")))]
    there = [one for one in articles if url and url in _places(one)]
    headed = [one for one in articles if _spoken(one.get("headline", ""), {}) in titles - {""}]
    if there or headed:
        return (there or headed)[0], known
    only = articles or [one for one in objects if _PAGE.search(line(one.get("@type")))]
    return (only[0] if len(only) == 1 else {}), known


def _places(one: Object) -> set[str]:
    return {_address_in(one.get(name)).partition("#")[0] for name in ("url", "mainEntityOfPage", "@id")}


def _address_in(value: Any) -> str:
    return line(value.get("@id") or value.get("url")) if isinstance(value, Mapping) else line(value)


def _spoken(value: Any, known: Mapping[str, Object]) -> str:
    """A property of JSON-LD as one line: the names of persons and organisations; an address is no name."""
    if isinstance(value, list):
        return ", ".join(_once(_spoken(part, known) for part in value))
    if isinstance(value, Mapping):
        named = value.get("name") or known.get(line(value.get("@id")), {}).get("name", "")
        return "" if isinstance(named, Mapping) else _spoken(named, {})
    said = plain(line(value))
    return "" if said.startswith(("http:", "https:", "#")) else said
