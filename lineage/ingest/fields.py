"""Rows become articles: names mapped, values made plain, and what is unfit is named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from lineage.errors import SettingsError
from lineage.ingest import dates
from lineage.ingest.source import OnSkip
from lineage.ingest.streams import decoded
from lineage.records import Article, Skipped
from lineage.settings import ReadSettings

FIELDS = ("id", "text", "title", "published", "source", "author", "url", "lang")
_LINES = ("title", "source", "author", "url", "lang")
_USUAL_TEXT = ("body", "content", "article", "articlebody", "maintext", "fulltext", "full_text", "document")

# Scripts without spaces count by the sign: Thai, Lao, Burmese, Khmer, kana and Chinese characters.
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)
_NAME = 200  # no name of a field is longer: what stands there is a text
_TAGS = re.compile(r"</(?:p|div|span|a|li|h[1-6]|em|strong|b|i|td|blockquote)>|<br ?/?>", re.I)
_TAGGED = 3  # so many tags are not there to be read
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One article as its file has it.

    where: `path`, `path:line` or `path#row`.  name: the id of a row that has none.  values: under the input's own
    names.  own: what the format itself gives, under our names.  others: ids for it where an article with another text
    has its own.
    """

    where: str
    name: str
    values: Mapping[str, Any]
    own: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()


def check(settings: ReadSettings) -> None:
    """Raise SettingsError where the field map names a field that an article does not have."""
    unknown = sorted(set(settings.map) - set(FIELDS))
    if unknown:
        raise SettingsError(f"unknown field {unknown[0]!r} in the map; known are {', '.join(FIELDS)}")


def words(text: str, limit: int) -> int:
    """How many words a text has, counted up to `limit`; every Chinese character is one."""
    return sum(1 for _ in islice(_WORD.finditer(text), limit))


def article(row: Row, settings: ReadSettings, on_skip: OnSkip) -> Article | None:
    """The article of a row, or None after saying why there is none."""
    ours, extra = _named(row, settings)
    text = ours.get("text")
    if isinstance(text, bytes):
        text = decoded(text)
    problem = _unfit(row, text, settings)
    if problem is not None:
        on_skip(problem)
        return None
    text = clean(str(text))
    if len(text) > settings.max_chars:
        on_skip(Skipped(row.where, "cut", f"{len(text)} characters, {settings.max_chars} kept; see read.max_chars"))
        text = text[: settings.max_chars]
    published = dates.stamp(ours.get("published"))
    if published is None and line(ours.get("published")):
        extra["published"] = plain(ours["published"])
    rest = {name: line(ours.get(name)) for name in _LINES}
    story = line(row.values.get(settings.story_field)) if settings.story_field else ""
    return Article(line(ours.get("id")) or clean(row.name), text, published=published, story=story, extra=extra, **rest)


def unread_date(row: Row, article: Article, settings: ReadSettings) -> str:
    """The date that the row states, if it is one that cannot be read or could be two; empty otherwise."""
    if article.published is not None:
        return ""
    return line(row.own.get("published") or row.values.get(settings.map.get("published", "published")))


def markup(text: str) -> str:
    """A tag of a text that is HTML; empty where the text has none, or so few that it may only speak of them."""
    tags = list(islice(_TAGS.finditer(text), _TAGGED)) if "<" in text else []
    return tags[0][0] if len(tags) == _TAGGED else ""


def _named(row: Row, settings: ReadSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values under our names, and the columns that are none of ours."""
    theirs = {name: settings.map.get(name, name) for name in FIELDS}
    # One column may serve several fields: a url is a good id.
    ours = {name: row.values[their] for name, their in theirs.items() if not missing(row.values.get(their))}
    used = {*theirs.values(), settings.story_field}
    rest = {name: value for name, value in row.values.items() if name not in used and not missing(value)}
    ours.update(row.own)
    return ours, {clean(str(name)): plain(value) for name, value in rest.items()}


def _unfit(row: Row, text: Any, settings: ReadSettings) -> Skipped | None:
    name = settings.map.get("text", "text")
    if text is None and name not in row.values:
        return Skipped(row.where, "no text field", _advice(name, row.values))
    if text is None or (isinstance(text, str) and not text.strip()):
        return Skipped(row.where, "empty text", "nothing to compare")
    if not isinstance(text, str):
        return Skipped(row.where, "no text field", f'"{name}" holds {type(text).__name__}, not text; give a string')
    count = words(text, settings.min_words)
    if count < settings.min_words:
        return Skipped(row.where, "too short", f"fewer than {settings.min_words} words; see read.min_words")
    return None


def _advice(name: str, values: Mapping[str, Any]) -> str:
    found = [key for key, value in values.items() if isinstance(value, str) and 0 < len(key) <= _NAME]
    if not found and any(len(str(key)) > _NAME for key in values):
        return f'no field "{name}"; a text stands where the name of a field should; put a line with names above it'
    if not found:
        return f'no field "{name}"; found {", ".join(map(repr, values)) or "nothing"}; name it with --map text=FIELD'
    usual = [key for word in ("text", *_USUAL_TEXT) for key in found if key.lower() == word]
    best = usual[0] if usual else max(found, key=lambda key: (len(values[key]), key))
    return f'no field "{name}"; found "{best}": try --map text={best}'


def missing(value: Any) -> bool:
    """Whether a value stands for none: None, NaN, NaT, pandas' NA."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float) and value != value


def line(value: Any) -> str:
    """A value as the text of one field: trimmed, lists joined by commas, whole floats as integers, none as empty."""
    value = plain(value)
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return ", ".join(part for part in map(line, value) if part)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def plain(value: Any) -> Any:
    """A value without what JSON and UTF-8 cannot hold: numpy scalars, NaN, lone surrogates, NUL."""
    if missing(value):
        return None
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bytes):
        return decoded(value)
    if isinstance(value, Mapping):
        return {clean(str(key)): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(part) for part in value]
    if hasattr(value, "tolist") and hasattr(value, "dtype"):
        return plain(value.tolist())
    return value


def clean(text: str) -> str:
    """The text with NUL and lone surrogates, which UTF-8 and the file formats refuse, replaced one for one."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _UNWRITABLE.sub("\ufffd", text)
    return text.replace("\0", "\ufffd") if "\0" in text else text
