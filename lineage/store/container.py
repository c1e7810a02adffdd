"""A file of named arrays: written once, whole or not at all; read by mapping it, without copying anything.

Eight bytes of magic, the length of a header, the header in MessagePack (kind, meta, and of each array its name, type,
shape and place), then the arrays, each on a border of 64 bytes.
"""

import mmap
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from lineage.errors import IndexFormatError, OutputError

MAGIC = b"LINEAGE\x01"
_BORDER = 64


@dataclass(frozen=True, slots=True)
class Container:
    """The arrays of a file, mapped; they live as long as anybody holds one of them, even if the file is removed."""

    meta: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]
    mapped: mmap.mmap

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]

    def release(self) -> None:
        """Have the pages that were read count as memory of this process no longer; the arrays stay as they are."""
        self.mapped.madvise(mmap.MADV_DONTNEED)


def write(path: Path, kind: str, meta: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> int:
    """Write a container; it is on the disk when this returns. The bytes it has.

    Raises OutputError where it cannot be written; then nothing is left of it.
    """
    described, place = [], 0
    for name, array in arrays.items():
        described.append((name, array.dtype.str, array.shape, place))
        place += -(-array.nbytes // _BORDER) * _BORDER
    header = msgspec.msgpack.encode({"kind": kind, "meta": meta, "arrays": described, "bytes": place})
    begin = -(-(len(MAGIC) + 8 + len(header)) // _BORDER) * _BORDER
    with replacing(path) as stream:
        stream.write((MAGIC + len(header).to_bytes(8, "little") + header).ljust(begin, b"\0"))
        for array in arrays.values():
            stream.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
            stream.write(b"\0" * (-array.nbytes % _BORDER))
    return begin + place


def read(path: Path, kind: str) -> Container:
    """The container that `write` made.  Raises IndexFormatError where it is another file, or not whole."""
    with path.open("rb") as stream:
        head = stream.read(len(MAGIC) + 8)
        size = os.fstat(stream.fileno()).st_size
        if head[: len(MAGIC)] != MAGIC or len(head) < len(MAGIC) + 8:
            raise IndexFormatError(f"not a file of this version of lineage; {path}; {_REMEDY}")
        header = stream.read(int.from_bytes(head[len(MAGIC) :], "little"))
        try:
            told = msgspec.msgpack.decode(header)
            begin = -(-(len(MAGIC) + 8 + len(header)) // _BORDER) * _BORDER
            whole = told["kind"] == kind and begin + told["bytes"] == size
        except (msgspec.DecodeError, KeyError, TypeError) as error:
            raise IndexFormatError(f"a damaged header ({error}); {path}; {_REMEDY}") from error
        if not whole:
            raise IndexFormatError(f"{size} bytes are not a whole {kind}; {path}; {_REMEDY}")
        mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    arrays = {
        name: np.frombuffer(mapped, kind, int(np.prod(shape)), begin + place).reshape(shape)
        for name, kind, shape, place in told["arrays"]
    }
    return Container(told["meta"], arrays, mapped)


_REMEDY = "make it again"


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A stream whose content takes the place of `path`, durably, when the block ends well.  Raises OutputError."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
        settle(path.parent)
    except OutputError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write ({reason}); {path}; make room and run again, what was done is kept") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def settle(folder: Path) -> None:
    """Have the names in a folder on the disk, not only in memory."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
