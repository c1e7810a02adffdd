"""Bytes become text: unpacked, decoded, and told from what is not text at all."""

import codecs
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import IO, Any, TypeVar

from lineage.errors import InputError
from lineage.ingest.source import STDIN, OnSkip, Source
from lineage.records import Skipped

T = TypeVar("T")

HEAD = 65536
FETCH = "fetch the file again"
_CHUNK = 1 << 18
_DAMAGE = (EOFError, OSError, zlib.error)

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1b")
_SIGNS = "“”„‘’‚«»–—…€§°áéíóúýäöüß"
_WESTERN = frozenset(_SIGNS + "àâæçèêëìîïñòôœøùûåãõÿ£·¿¡©®½")
_CENTRAL = frozenset(_SIGNS + "ąćęłńśźżčďěňřšťůžőűăâîşţđ")


class Unpacked(io.RawIOBase):
    """The bytes behind a gzip or Zstandard stream, as far as it goes; then EOFError where the stream ends early."""

    def __init__(self, packed: IO[bytes], packing: str) -> None:
        import zstandard

        self._packed = packed
        self._open: Callable[[], Any] = zstandard.ZstdDecompressor().decompressobj
        self._failure: type[Exception] = zstandard.ZstdError
        if packing == "gz":
            self._open, self._failure = partial(zlib.decompressobj, zlib.MAX_WBITS | 16), zlib.error
        self._frame: Any = None
        self._ready = b""

    def readable(self) -> bool:
        """Yes."""
        return True

    def readinto(self, buffer: Any) -> int:
        """How many bytes were put into the buffer; 0 at the end.  Raises EOFError, OSError."""
        while not self._ready:
            if not self._more():
                return 0
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _more(self) -> bool:
        left = self._frame.unused_data if self._frame is not None and self._frame.eof else b""
        packed = left.lstrip(b"\0") or self._packed.read(16384)  # gzip streams may be padded
        if not packed:
            if self._frame is not None and not self._frame.eof:
                raise EOFError("the compressed stream ends early")
            return False
        if self._frame is None or self._frame.eof:
            self._frame = self._open()
        try:
            self._ready = self._frame.decompress(packed)
        except self._failure as error:
            raise OSError(str(error)) from error
        return True

    def close(self) -> None:
        """Close the packed file."""
        self._packed.close()
        super().close()


def opened(source: Source) -> Any:
    """The unpacked bytes of a source: a context whose stream has `peek`, `read1` and lines."""
    if source.path == STDIN:
        if sys.stdin is None:
            raise InputError("standard input is closed; -; name a file, or pipe JSONL into the command")
        stream: Any = sys.stdin.buffer
        # Standard input is only borrowed: closing it would take it from the caller.
        return nullcontext(stream if hasattr(stream, "peek") else io.BufferedReader(stream))
    if source.packing == "gz":
        return gzip.open(source.path, "rb")
    if source.packing == "zst":
        return io.BufferedReader(Unpacked(Path(source.path).open("rb"), source.packing), _CHUNK)
    return Path(source.path).open("rb", buffering=_CHUNK)


def guarded(found: Iterable[T], source: Source, on_skip: OnSkip) -> Iterator[T]:
    """What `found` yields until the file fails; then the failure is said and what was read stays."""
    try:
        yield from found
    except PermissionError as error:
        on_skip(Skipped(source.path, "unreadable", f"{error.strerror}; check its permissions"))
    except _DAMAGE as error:
        told = " ".join(str(error).split()) or type(error).__name__
        on_skip(Skipped(source.path, "damaged file", f"{told}; what came before is kept, {FETCH}"))


def contents(pieces: Iterable[bytes], source: Source, on_skip: OnSkip) -> bytes:
    """All bytes of a file, as far as it can be read; none after saying why: it is empty, or it failed at once."""
    said: list[Skipped] = []
    raw = b"".join(guarded(pieces, source, said.append))
    for skipped in said:
        on_skip(skipped)
    # Of a file that could not be read nobody knows that it is empty.
    if not raw and not said:
        on_skip(Skipped(source.path, "empty file", "nothing to compare"))
    return raw


def whole(stream: Any, limit: int) -> Iterator[bytes]:
    """At most `limit` bytes of a stream in pieces, so that what precedes damage is not lost."""
    left = limit
    while left > 0:
        piece = stream.read1(min(left, _CHUNK))
        if not piece:
            return
        left -= len(piece)
        yield piece


def is_binary(head: bytes) -> bool:
    """Whether the beginning of a file is no text: more than one control character in fifty bytes."""
    if wide_encoding(head) is not None:
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    return controls * 50 > len(head)


def wide_encoding(head: bytes) -> str | None:
    """The encoding of two or four bytes a character that a byte-order mark names."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), None)


def decoded(raw: bytes) -> str:
    """The text of some bytes: by their byte-order mark, as UTF-8, else in the encoding that fits best."""
    wide = wide_encoding(raw)
    if wide is not None:
        return raw.decode(wide, errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode(guessed(raw), errors="replace")


def guessed(raw: bytes) -> str:
    """The encoding that fits bytes which are not UTF-8; `utf-8` where none does."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(raw[:HEAD]).best()
    if best is None:
        return "utf-8"
    # Short western texts fit both code pages alike, and the library then takes the central European one.
    if best.encoding in {"cp1250", "iso8859_2"} and _share(raw, "cp1252", _WESTERN) >= _share(raw, "cp1250", _CENTRAL):
        return "cp1252"
    return best.encoding


def _share(raw: bytes, encoding: str, usual: frozenset[str]) -> float:
    foreign = [sign for sign in raw[:HEAD].decode(encoding, errors="replace").lower() if not sign.isascii()]
    return sum(sign in usual for sign in foreign) / max(1, len(foreign))


def lines(stream: Any) -> Iterator[str]:
    """The lines of a text, newlines kept, in an encoding found once for the whole file."""
    head = bytes(stream.peek(HEAD)[:HEAD])
    wide = wide_encoding(head)
    if wide is not None:
        yield from io.TextIOWrapper(stream, wide, errors="replace", newline="\n")
        return
    decode = LineDecoder(head)
    for number, raw in enumerate(stream):
        yield decode(number, raw)


class LineDecoder:
    """Decodes the lines of a file of bytes: as UTF-8, and those that are not in one encoding found by the first."""

    def __init__(self, head: bytes) -> None:
        self._head = head
        self._fallback = ""

    def __call__(self, number: int, raw: bytes) -> str:
        """The text of line `number`, from 0."""
        try:
            return raw.decode("utf-8-sig" if number == 0 else "utf-8")
        except UnicodeDecodeError:
            self._fallback = self._fallback or guessed(self._head if not _is_utf8(self._head) else raw)
            return raw.decode(self._fallback, errors="replace")


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=False)
    except UnicodeDecodeError:
        return False
    return True
