"""Plain text and Markdown: one file, one article."""

import re
from collections.abc import Iterator

from lineage.ingest.fields import Row, words
from lineage.ingest.source import OnSkip, Source
from lineage.ingest.streams import HEAD, contents, decoded, is_binary, opened, whole
from lineage.records import Skipped
from lineage.settings import ReadSettings

_TITLE_CHARS, _TITLE_WORDS = 200, 30
_FENCE = "---"
_ENTRY = re.compile(r"([^\s:#][^:]*):(?:\s+(.*))?$")
_HEADING = re.compile(r"#\s+(.+?)\s*#*\s*$")
_BLANK_LINES = re.compile(r"(?:[^\S\n]*\n)+")


def plain(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The article of a .txt file: a short first line followed by a blank line is its title."""
    for text in _contents(source, settings, on_skip):
        title, body = titled(text)
        yield Row(source.path, source.name, {}, {"title": title, "text": body})


def markdown(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[Row]:
    """The article of a .md file: front matter gives fields, a first `# heading` the title."""
    for text in _contents(source, settings, on_skip):
        fields, body = front_matter(text)
        title, rest = headed(body)
        stated = fields.get(settings.map.get("title", "title"))
        if stated is None:
            yield Row(source.path, source.name, fields, {"title": title, "text": rest})
        else:
            yield Row(source.path, source.name, fields, {"text": rest if title == stated else body})


def _contents(source: Source, settings: ReadSettings, on_skip: OnSkip) -> Iterator[str]:
    """The text of the file with newlines as `\\n`; nothing, after saying why, where it holds none."""
    # No encoding of a character takes more than four bytes; the longer text is cut, and said to be, later.
    limit = 4 * (settings.max_chars + 1)
    raw = contents(_pieces(source, limit), source, on_skip)
    if not raw:
        return
    if is_binary(raw[:HEAD]):
        on_skip(Skipped(source.path, "binary", "not text; convert it to text first"))
    else:
        yield decoded(_whole_signs(raw, limit)).replace("\r\n", "\n").replace("\r", "\n")


def _pieces(source: Source, limit: int) -> Iterator[bytes]:
    with opened(source) as stream:
        yield from whole(stream, limit)


def _whole_signs(raw: bytes, limit: int) -> bytes:
    """The bytes without a character that the limit cut in two."""
    if len(raw) < limit:
        return raw
    end = len(raw)
    while end > len(raw) - 4 and raw[end - 1] & 0xC0 == 0x80:
        end -= 1
    return raw[: end - 1] if raw[end - 1] >= 0xC0 else raw


def titled(text: str) -> tuple[str, str]:
    """Title and text of a plain text; the title is empty where the first line is not followed by a blank one."""
    first, newline, rest = text.lstrip("\n").partition("\n")
    blank = _BLANK_LINES.match(rest)
    short = len(first) <= _TITLE_CHARS and words(first, _TITLE_WORDS + 1) <= _TITLE_WORDS
    if not (first.strip() and newline and blank and short and rest[blank.end() :].strip()):
        return "", text
    return first.strip(), rest[blank.end() :]


def headed(text: str) -> tuple[str, str]:
    """Title and text of a Markdown text; the title is empty where it does not begin with a first-level heading."""
    first, _, rest = text.lstrip("\n").partition("\n")
    heading = _HEADING.match(first)
    if heading is None:
        return "", text
    blank = _BLANK_LINES.match(rest)
    return heading[1], rest[blank.end() :] if blank else rest


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The `key: value` lines between two `---` at the very beginning, and the text after them."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return {}, text
    ends = [number for number, line in enumerate(lines[1:], 1) if line.rstrip() in {_FENCE, "..."}]
    if not ends:
        return {}, text
    entries = (_ENTRY.match(line) for line in lines[1 : ends[0]])
    fields = {entry[1].strip(): _unquoted(entry[2] or "") for entry in entries if entry is not None}
    return fields, "\n".join(lines[ends[0] + 1 :]).lstrip("\n")


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value
