"""A batch of articles on disk: their texts packed one by one, and their keys ready to be joined with others'."""

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import xxhash
import zstandard
from numpy.typing import NDArray

from lineage.errors import IndexFormatError
from lineage.keys import Keys, headed, id_hash
from lineage.records import Article
from lineage.store import container

KIND = "segment"
_LEVEL = 3
_KEYS = ("bands", "band_rows", "high", "low", "rows", "sizes")
_HEADS = "heads"


class _Text(msgspec.Struct):
    """What is needed of an article that is only compared."""

    text: str


_ENCODER = msgspec.msgpack.Encoder(enc_hook=str)
_DECODER = msgspec.msgpack.Decoder(Article)
_TEXT = msgspec.msgpack.Decoder(_Text)
_OWN = threading.local()
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Segment:
    """The articles of one file; rows count from 0.

    digests: uint64, articles × 2, of title and text.  lengths: int64, characters of each text.  hashes: uint64, the
    sorted hashes of the ids; hash_rows: int32, the row of each.  The rest is packed: use the methods.
    """

    path: Path
    keys: Keys
    digests: NDArray[np.uint64]
    lengths: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    hash_rows: NDArray[np.int32]
    _names: tuple[NDArray[np.uint8], NDArray[np.int64]]
    _stories: NDArray[np.uint8]
    _texts: tuple[NDArray[np.uint8], NDArray[np.int64]]

    def __len__(self) -> int:
        return len(self.digests)

    @classmethod
    def open(cls, path: Path) -> "Segment":
        """The segment of a file.  Raises IndexFormatError, FileNotFoundError."""
        stored = container.read(path, KIND)
        bands, band_rows, high, low, rows, sizes = (stored[name] for name in _KEYS)
        keys = Keys(bands, band_rows, high, low, rows, sizes, stored.meta["sample"], stored.release, stored[_HEADS])
        names, texts = (stored["names"], stored["name_heads"]), (stored["texts"], stored["text_heads"])
        own = stored["digests"], stored["lengths"], stored["hashes"], stored["hash_rows"]
        return cls(path, keys, own[0], own[1], own[2], own[3], names, stored["stories"], texts)

    @property
    def ids(self) -> list[str]:
        """The id of every article, decoded anew each time."""
        data, heads = self._names[0].tobytes(), self._names[1].tolist()
        return [data[start:stop].decode() for start, stop in pairwise(heads)]

    @property
    def stories(self) -> list[str]:
        """The value of the story field of every article, empty where none was named."""
        named: list[str] = msgspec.msgpack.decode(self._stories.tobytes())
        return named or [""] * len(self)

    @property
    def text_bytes(self) -> int:
        """Bytes that the packed articles take."""
        return int(self._texts[0].nbytes)

    def release(self) -> None:
        """Let go of the memory that what was read of the file takes; it can be read again at any time."""
        self.keys.release()

    def id(self, row: int) -> str:
        """The id of one article."""
        data, heads = self._names
        return data[heads[row] : heads[row + 1]].tobytes().decode()

    def find(self, hashed: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The row of the article whose id has each of these hashes, -1 where there is none."""
        if not len(self):
            return np.full(hashed.size, -1, np.int32)
        at = np.minimum(np.searchsorted(self.hashes, hashed), len(self) - 1)
        return np.where(self.hashes[at] == hashed, self.hash_rows[at], np.int32(-1))

    def article(self, row: int) -> Article:
        """One article, as it was put in."""
        found: Article = _DECODER.decode(self._unpacked(row))
        return found

    def text(self, row: int) -> str:
        """The text of one article."""
        return _TEXT.decode(self._unpacked(row)).text

    def blob(self, row: int) -> NDArray[np.uint8]:
        """One article as it lies in the file, packed."""
        data, heads = self._texts
        return data[heads[row] : heads[row + 1]]

    def _unpacked(self, row: int) -> bytes:
        try:
            unpacked: bytes = _unpacker().decompress(self.blob(row).data)
        except zstandard.ZstdError as error:
            raise IndexFormatError(f"article {row + 1} is damaged; {self.path}; make the index again") from error
        return unpacked


def _unpacker() -> zstandard.ZstdDecompressor:
    """That of this thread: making one takes longer than unpacking an article."""
    if not hasattr(_OWN, "unpacker"):
        _OWN.unpacker = zstandard.ZstdDecompressor()
    found: zstandard.ZstdDecompressor = _OWN.unpacker
    return found


def make(path: Path, articles: Sequence[Article], keys: Keys) -> Segment:
    """Write a segment of articles and their keys, and open it.  Raises OutputError."""
    pack = zstandard.ZstdCompressor(level=_LEVEL).compress
    made = _Rows(
        [article.id for article in articles],
        [article.story for article in articles],
        np.array([digest(article) for article in articles], np.uint64).reshape(-1, 2),
        np.fromiter((len(article.text) for article in articles), np.int64),
        [np.frombuffer(pack(_encoded(article)), np.uint8) for article in articles],
    )
    return _written(path, made, keys)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The articles of a segment before it is written."""

    ids: list[str]
    stories: list[str]
    digests: NDArray[np.uint64]
    lengths: NDArray[np.int64]
    blobs: list[NDArray[np.uint8]]


def _written(path: Path, made: _Rows, keys: Keys) -> Segment:
    names = [_HALVES.sub("\ufffd", id).encode() for id in made.ids]
    hashed = np.fromiter(map(id_hash, made.ids), np.uint64)
    order = np.argsort(hashed, kind="stable")
    arrays = {
        "names": np.frombuffer(b"".join(names), np.uint8),
        "name_heads": np.cumsum([0, *map(len, names)]).astype(np.int64),
        "stories": np.frombuffer(msgspec.msgpack.encode(made.stories if any(made.stories) else []), np.uint8),
        "digests": made.digests,
        "lengths": made.lengths,
        "hashes": hashed[order],
        "hash_rows": order.astype(np.int32),
        "texts": np.concatenate([np.empty(0, np.uint8), *made.blobs]),
        "text_heads": np.cumsum([0, *map(len, made.blobs)]).astype(np.int64),
        **{name: getattr(keys, name) for name in _KEYS},
        _HEADS: headed(keys.high),
    }
    container.write(path, KIND, {"sample": keys.sample}, arrays)
    return Segment.open(path)


def digest(article: Article) -> tuple[int, int]:
    """A digest of what an article says: 128 bits of title and text."""
    content = f"{article.title}\x1f{article.text}".encode("utf-8", "surrogatepass")
    whole = xxhash.xxh3_128_intdigest(content)
    return whole >> 64, whole & (1 << 64) - 1


def merged(path: Path, parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> Segment:
    """Write the kept articles of several segments as one, without unpacking a text.  Raises OutputError."""
    kept = [(segment, np.flatnonzero(keep).tolist()) for segment, keep in parts]
    names = [(segment.ids, segment.stories, rows) for segment, rows in kept]
    made = _Rows(
        [ids[row] for ids, _, rows in names for row in rows],
        [stories[row] for _, stories, rows in names for row in rows],
        np.concatenate([segment.digests[rows] for segment, rows in kept]),
        np.concatenate([segment.lengths[rows] for segment, rows in kept]),
        [segment.blob(row) for segment, rows in kept for row in rows],
    )
    return _written(path, made, _joined(kept))


def _joined(kept: Sequence[tuple[Segment, list[int]]]) -> Keys:
    """The keys of the kept rows of several segments, sorted together."""
    places, start = [], 0
    for segment, rows in kept:
        place = np.full(len(segment), -1, np.int32)
        place[rows] = np.arange(start, start + len(rows), dtype=np.int32)
        places.append(place)
        start += len(rows)
    return Keys.joined([segment.keys for segment, _ in kept], places)


def _encoded(article: Article) -> bytes:
    try:
        return _ENCODER.encode(article)
    except (UnicodeEncodeError, OverflowError):  # half a surrogate pair, a number of more than 64 bits
        return _ENCODER.encode(_storable(msgspec.to_builtins(article, enc_hook=str)))


def _storable(value: Any) -> Any:
    """The value with what MessagePack cannot hold replaced, code point for code point."""
    if isinstance(value, str):
        return _HALVES.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_storable(key): _storable(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(entry) for entry in value]
    return str(value) if isinstance(value, int) and value.bit_length() > 63 else value
