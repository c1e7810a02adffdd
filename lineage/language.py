"""What is known of a language: read once from its data file, never written into code."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

_EMPTY: Mapping[str, Any] = MappingProxyType({})
_WORD = re.compile(r"[^\W\d_]+")
# An unstated language is told by the beginning of the text, which is prose enough to be sure of.
_BEGINNING = 2000
_ENOUGH_WORDS = 12
# The share of commonest words that prose of a language has, and by how much it must lead the next language.
_COMMON = 0.12
_LEAD = 1.3


@dataclass(frozen=True, slots=True)
class Pack:
    """The knowledge of one language; everything is empty for a language without a data file.

    The English file has every field but `endings`, the case endings of a language that has them, longest first. Words
    are as written in the file, matched without case except `abbreviations`.
    """

    code: str = ""
    abbreviations: tuple[str, ...] = ()
    stopwords: frozenset[str] = frozenset()
    nouns_capitalised: bool = False
    endings: tuple[str, ...] = ()
    names: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    numbers: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    dates: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    attribution: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    sources: Mapping[str, Any] = field(default_factory=lambda: _EMPTY)
    hedges: tuple[str, ...] = ()
    softeners: tuple[str, ...] = ()
    loaded: tuple[str, ...] = ()

    def words(self, table: str, name: str) -> tuple[str, ...]:
        """The list `name` of a table, lower-cased; empty where the file has none."""
        return _folded_words(self.code, table, name)

    def mapping(self, table: str, name: str) -> Mapping[str, Any]:
        """The table `name` of a table with lower-cased keys; empty where the file has none."""
        return _folded_keys(self.code, table, name)


@cache
def pack(lang: str) -> Pack:
    """The knowledge of a language by its code (`en`, `en-GB`); an empty code is read as English.

    A stated language without a data file gets an empty pack: its numbers and quotations are still found.
    """
    code = (lang or "en").replace("_", "-").split("-")[0].casefold()
    path = resources.files("lineage") / "data" / "lang" / f"{code}.toml"
    if not code.isalpha() or not path.is_file():
        return Pack(code=code)
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Pack(
        code=code,
        abbreviations=_listed(table.get("abbreviations", ())),
        stopwords=frozenset(word.casefold() for word in _listed(table.get("stopwords", ()))),
        endings=tuple(sorted(_listed(table.get("endings", ())), key=len, reverse=True)),
        nouns_capitalised=bool(table.get("nouns_capitalised", False)),
        hedges=_listed(table.get("hedges", ())),
        softeners=_listed(table.get("softeners", ())),
        loaded=_listed(table.get("loaded", ())),
        **{name: table.get(name, {}) for name in ("names", "numbers", "dates", "attribution", "sources")},
    )


def language_of(text: str, stated: str = "") -> str:
    """The language of a text: as stated, else told by its commonest words and its letters, else empty.

    A code of a data file, or `und` for a script that no data file is written in. Empty where the words do not settle
    it, as in a headline; such a text is read as English.
    """
    return stated or _guess(text[:_BEGINNING])


@lru_cache(4096)
def _guess(text: str) -> str:
    words = _WORD.findall(text.casefold())
    foreign = sum(_is_foreign(word[0]) for word in words)
    if foreign > len(words) / 2:
        return "und"
    if len(words) < _ENOUGH_WORDS:
        return ""
    shares = sorted((-sum(map(pack(code).stopwords.__contains__, words)) / len(words), code) for code in _codes())
    (best, code), (second, _) = shares[:2]
    return code if best <= -_COMMON and best <= second * _LEAD else ""


def _is_foreign(letter: str) -> bool:
    """Whether a letter is neither Latin, Greek nor Cyrillic."""
    return letter > "\u052f" and not "\u1e00" <= letter <= "\u1fff"


@cache
def _codes() -> tuple[str, ...]:
    """The languages with a data file."""
    files = (resources.files("lineage") / "data" / "lang").iterdir()
    names = sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml"))
    return tuple(name for name in names if len(name) == 2)


@cache
def _folded_words(code: str, table: str, name: str) -> tuple[str, ...]:
    values = getattr(pack(code), table).get(name, ())
    return tuple(word.casefold() for word in _listed(values))


@cache
def _folded_keys(code: str, table: str, name: str) -> Mapping[str, Any]:
    values = getattr(pack(code), table).get(name, {})
    return MappingProxyType({str(key).casefold(): value for key, value in values.items()})


@cache
def media() -> Mapping[str, tuple[str, ...]]:
    """Well-known agencies and outlets: canonical key to the forms their name takes in any language and script."""
    path = resources.files("lineage") / "data" / "lang" / "media.toml"
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return MappingProxyType({key: tuple(forms) for key, forms in table["media"].items()})


def _listed(values: str | Iterable[str]) -> tuple[str, ...]:
    """A list, or one string of words parted by white space or, for phrases, by commas and line ends."""
    if isinstance(values, str):
        parts = values.replace("\n", ",").split(",") if "," in values else values.split()
        return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    return tuple(values)
