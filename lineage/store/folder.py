"""A folder of segments, and the manifest that says which of them count.

Files are never changed, only added, and the manifest is replaced in one step: whoever reads it holds a whole state,
and a writer that is killed leaves the last one. Files that no manifest names any more go when the next writer begins;
a reader that has them mapped keeps them.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from lineage.errors import IncompatibleSketches, IndexFormatError, IndexLocked, MissingInput, OutputError
from lineage.features import SCHEME
from lineage.settings import SketchSettings
from lineage.store import container
from lineage.store.lock import held
from lineage.store.segment import Segment

SCHEMA = "lineage.index/1"
KEYS = f"{SCHEME} 1"  # the sketches, and the number of `lineage.keys`: another way to make them is another number
MANIFEST, LOCK, PANEL = "index.json", "lock", "panel"
_OWN = (".segment", ".removed", ".panel", ".part")
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Scheme:
    """What keys depend on; keys of two schemes cannot be joined.

    sketch: its settings.  similarity: from which copies meet in a band.  sample: share of the skip pairs that is kept.
    """

    sketch: SketchSettings
    similarity: float
    sample: float
    keys: str = KEYS

    def require(self, wanted: "Scheme", where: Path) -> None:
        """Raise IncompatibleSketches, naming what differs, where `wanted` is another than this one of `where`."""
        if self == wanted:
            return
        here, there = self.settings(), wanted.settings()
        other = [name for name in here if here[name] != there[name]]
        raise IncompatibleSketches(
            f"the index was made with {_listed(here, other)}, not {_listed(there, other)}; {where}; "
            "take the settings it was made with, or make another index"
        )

    def settings(self) -> dict[str, str | float]:
        """What it consists of, by the names the settings have."""
        sketch: dict[str, str | float] = {f"sketch.{name}": value for name, value in asdict(self.sketch).items()}
        return sketch | {
            "candidates.similarity": self.similarity,
            "candidates.sample": self.sample,
            "keys": self.keys,
        }


@dataclass(frozen=True, slots=True)
class Member:
    """One segment of a state: its file, how many articles it holds, and the file that says which were removed."""

    file: str
    articles: int
    removed: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One state of an index.

    generation: counts states.  members: the segments, oldest first.  panel: the file of the panel, empty where there
    is none yet.  drawn: how many articles it was drawn from.
    """

    scheme: Scheme
    generation: int = 0
    members: tuple[Member, ...] = ()
    panel: str = ""
    drawn: int = 0
    schema: str = SCHEMA


@dataclass(frozen=True)
class State:
    """A manifest with its files open: the segments, each with which of its rows count, the panel, the bytes of each."""

    manifest: Manifest
    parts: list[tuple[Segment, NDArray[np.bool_]]]
    panel: container.Container | None = None
    sizes: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def articles(self) -> int:
        """How many articles count."""
        return sum(int(keep.sum()) for _, keep in self.parts)

    @cached_property
    def places(self) -> list[NDArray[np.int32]]:
        """A place for each row of each segment, in the order of segments; -1 for a removed one."""
        places, start = [], 0
        for _, keep in self.parts:
            own = np.arange(start, start + keep.size, dtype=np.int32)
            own[~keep] = -1
            places.append(own)
            start += keep.size
        return places


@dataclass(frozen=True, slots=True)
class Folder:
    """The folder at `path`."""

    path: Path

    def manifest(self) -> Manifest | None:
        """The present state; None where there is no index.

        Raises IndexFormatError where it is of another version or damaged.
        """
        path = self.path / MANIFEST
        try:
            read = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            told = msgspec.json.decode(read)
            _expect("schema", told.get("schema"), SCHEMA, path)
            found = msgspec.convert(told, Manifest)
        except (msgspec.MsgspecError, AttributeError) as error:
            raise IndexFormatError(f"not the manifest of an index ({error}); {path}; make the index again") from error
        _expect("keys", found.scheme.keys, KEYS, path)
        return found

    def holds_index(self) -> bool:
        """Whether this is an index, of whatever version; `index.json` is also a usual name for a list of articles."""
        if (self.path / LOCK).exists():
            return (self.path / MANIFEST).exists()
        try:
            told = msgspec.json.decode((self.path / MANIFEST).read_bytes())
        except (OSError, msgspec.DecodeError, UnicodeError, RecursionError):
            return False
        return isinstance(told, dict) and str(told.get("schema")).startswith(SCHEMA.rstrip("0123456789"))

    def snapshot(self) -> "State":
        """The present state, opened: nothing that a writer does later takes it away.

        Raises MissingInput where there is no index, IndexFormatError where it is damaged.
        """
        for last_try in [False] * _TRIES + [True]:
            found = self.manifest()
            if found is None:
                raise MissingInput(f"no index; {self.path}; make one with `lineage index create {self.path}`")
            try:
                return self.opened(found)
            except FileNotFoundError as error:  # a writer went on meanwhile; its manifest names other files
                if last_try:
                    raise IndexFormatError(f"{error.filename} is missing; {self.path}; make the index again") from error
        raise AssertionError

    def opened(self, manifest: Manifest) -> "State":
        """A state whose files are there, be it committed or not.  Raises FileNotFoundError, IndexFormatError."""
        panel = container.read(self.path / manifest.panel, PANEL) if manifest.panel else None
        parts = [self._opened(member) for member in manifest.members]
        sizes = {name: (self.path / name).stat().st_size for name in _files(manifest)}
        return State(manifest, parts, panel, sizes)

    def _opened(self, member: Member) -> tuple[Segment, NDArray[np.bool_]]:
        segment = Segment.open(self.path / member.file)
        if not member.removed:
            return segment, np.ones(len(segment), np.bool_)
        removed = container.read(self.path / member.removed, "removed")
        return segment, ~removed["removed"]

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Have no file taken away meanwhile: for who opens those of one state again and again."""
        handle = os.open(self.path, os.O_RDONLY)
        try:
            held(handle, shared=True)
            yield
        finally:
            os.close(handle)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer.

        Raises IndexLocked where there is one, OutputError where nobody can write or the folder is no index's.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._require_own()
            lock = (self.path / LOCK).open("w")
        except OutputError:
            raise
        except OSError as error:
            raise OutputError(f"cannot write ({error.strerror}); {self.path}; choose another place") from error
        with lock:
            if not held(lock.fileno()):
                raise IndexLocked(f"another process is writing to the index; {self.path}; wait until it has ended")
            self._tidy()
            yield

    def _require_own(self) -> None:
        """Raise OutputError where the folder holds what is no index's: an index in it would hide its articles."""
        found = () if self.holds_index() else sorted(self.path.iterdir())
        others = [path.name for path in found if path.suffix not in _OWN and path.name != LOCK]
        if others:
            raise OutputError(f"a folder with files of its own, such as {others[0]}; {self.path}; name a new one")

    def commit(self, manifest: Manifest) -> None:
        """Make `manifest` the present state; all its files must be there.  Raises OutputError."""
        with container.replacing(self.path / MANIFEST) as stream:
            stream.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")

    def _tidy(self) -> None:
        """Remove what a killed writer left, and what the last states needed and this one does not.

        As long as somebody is `reading`, all of it stays; the next writer sees to it.
        """
        found = self.manifest()
        named = set(_files(found)) if found is not None else set()
        handle = os.open(self.path, os.O_RDONLY)
        try:
            for path in sorted(self.path.iterdir()) if held(handle) else ():
                if path.suffix in _OWN and path.name not in named:
                    with suppress(OSError):
                        path.unlink()
        finally:
            os.close(handle)


def _files(manifest: Manifest) -> list[str]:
    """The files that a state consists of."""
    named = [name for member in manifest.members for name in (member.file, member.removed)]
    return [name for name in [*named, manifest.panel] if name]


def _listed(settings: dict[str, str | float], names: list[str]) -> str:
    return ", ".join(f"{name} {settings[name]}" for name in names)


def _expect(what: str, stored: object, own: str, path: Path) -> None:
    """Raise IndexFormatError where another version wrote it."""
    if stored != own:
        raise IndexFormatError(
            f"{what} {stored!r} instead of {own!r}; {path}; make the index again with this version, "
            "or use the version that made it"
        )
