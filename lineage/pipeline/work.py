"""Work that can be taken up again: each part of it is a file, and a part whose file is there is done.

The folder is named for what is worked on, inputs and settings, so parts of two different runs never meet. Several
processes, on several machines, may share it: each makes the parts that are its own and waits for those of the others.
"""

import multiprocessing
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any

import msgspec
import xxhash

from lineage.errors import OutputError
from lineage.ingest.source import STDIN, sources
from lineage.keys import KEY_BITS
from lineage.report import files
from lineage.settings import Settings, to_mapping
from lineage.store.folder import KEYS
from lineage.watch import Silent, Watch

NAME = ".work"
PARTS = 2  # how a scan is cut into parts; raised when what lies in them or their order changes
_POLL = 0.2  # seconds between two looks for a part that another process makes
_PATIENCE = 5.0  # seconds of waiting after which it is said


@dataclass(frozen=True, slots=True)
class Shard:
    """Which of how many processes this is, counted from 0."""

    number: int = 0
    of: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.number < self.of:
            raise ValueError(f"shard {self.number} of {self.of}; shards are counted from 0")


@dataclass(frozen=True, slots=True)
class Work:
    """A folder of parts, and who makes which of them."""

    folder: Path
    shard: Shard = Shard()
    watch: Watch = Silent()

    def path(self, name: str) -> Path:
        """Where the part of this name is, or will be."""
        return self.folder / name

    def done(self, name: str) -> bool:
        """Whether the part is there."""
        return self.path(name).exists()

    def mine(self, number: int) -> bool:
        """Whether this process makes the part with this number."""
        return number % self.shard.of == self.shard.number

    def each(self, stage: str, names: Sequence[str], make: Callable[[int], Any], pool: Executor | None = None) -> None:
        """Make all parts that are ours and not there yet, in a pool if given, and wait for those of others.

        make: is given the number of a part and makes its file, in one step.
        """
        ours = [number for number in range(len(names)) if self.mine(number)]
        left = [number for number in ours if not self.done(names[number])]
        self.watch.stage(stage, len(ours))
        self.watch.advance(len(ours) - len(left))
        if pool is None:
            for number in left:
                make(number)
                self.watch.advance()
        else:
            crew = Crew(pool, self.watch, 1 << 30)
            for number in left:
                crew.submit(1, make, number)
            crew.join()
        self.wait(names)

    def wait(self, names: Sequence[str]) -> None:
        """Return when all parts are there.  Raises OutputError where the folder is taken away meanwhile."""
        began, told = time.monotonic(), False
        for name in names:
            while not self.done(name):
                if not self.folder.is_dir():
                    raise OutputError(f"{self.folder} is gone: another run ended this work; look for its results")
                if not told and time.monotonic() - began > _PATIENCE:
                    self.watch.note(
                        f"waiting for another shard to make {self.path(name)}; if not all {self.shard.of} are running, "
                        "start those missing, or end this one and scan without --shard"
                    )
                    told = True
                time.sleep(_POLL)

    def note(self, name: str, content: Any) -> None:
        """Make a part that is a small record."""
        files.write(self.path(name), msgspec.json.encode(content))

    def leave(self) -> None:
        """Say that this process needs the parts of the others no longer."""
        self.note(_left(self.shard.number), None)

    def clear(self) -> None:
        """The work is done: when the other processes have left, take its parts away, and those of earlier runs."""
        self.wait([_left(number) for number in range(self.shard.of) if not self.mine(number)])
        shutil.rmtree(self.folder.parent, ignore_errors=True)


def _left(number: int) -> str:
    return f"{number}.left"


@dataclass(slots=True)
class Crew:
    """Tasks in a pool, so many at a time that their inputs never fill the memory."""

    pool: Executor
    watch: Watch
    most: int
    _running: dict["Future[Any]", int] | None = None

    def submit(self, worth: int, task: Callable[..., Any], *given: Any) -> None:
        """Start a task, after waiting for another where too many run; worth: what it counts for when it is done."""
        self._running = self._running if self._running is not None else {}
        while len(self._running) >= self.most:
            self._reap()
        self._running[self.pool.submit(task, *given)] = worth

    def join(self) -> None:
        """Wait for all tasks; the first failure is raised, and what has not begun by then never does."""
        while self._running:
            self._reap()

    def _reap(self) -> None:
        assert self._running is not None
        done, _ = wait(self._running, return_when=FIRST_COMPLETED)
        for future in done:
            worth = self._running.pop(future)
            try:
                future.result()
            except BaseException:
                for other in self._running:
                    other.cancel()
                raise
            self.watch.advance(worth)


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """A pool of threads that does not keep anybody waiting who has been interrupted."""
    pool = ThreadPoolExecutor(count)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


@contextmanager
def processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes that end with this one, also where it is killed, and keep nobody waiting."""
    helpers = _Helpers()
    pool = ProcessPoolExecutor(count, helpers, initializer=_follow)
    try:
        yield pool
    except BaseException:
        for helper in helpers.started:
            helper.terminate()
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class _Helper(SpawnProcess):
    """A process that does not hear Ctrl-C, which a terminal sends to all of them: it would tell of it on its own."""

    def start(self) -> None:
        """Start it with the signal blocked, as a process inherits what is blocked where it is started."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Helpers(SpawnContext):
    """Fresh processes, for a fork would copy the locks of threads that other libraries hold; and which they are."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[_Helper] = []

    def Process(self, *args: Any, **named: Any) -> _Helper:  # type: ignore[override]  # noqa: N802 - the name it has
        """A process to be started."""
        self.started.append(_Helper(*args, **named))
        return self.started[-1]


def _follow() -> None:
    """End this process when the one that started it does: it would wait for its next task for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(other: Any) -> None:
    other.join()
    os._exit(1)


def open_work(out: Path, key: str, shard: Shard, watch: Watch) -> Work:
    """The work on `key` in the folder of a scan: what an interrupted run left is taken up."""
    home = out / NAME
    folder = home / key
    others = [path for path in home.iterdir() if path.name != key] if home.is_dir() else []
    if folder.is_dir() and any(folder.iterdir()):
        watch.note(f"going on where an earlier run stopped, in {folder}")
    elif others and shard.of == 1:
        watch.note(f"the inputs or settings are not those of the interrupted run in {home}; starting over")
    try:
        if shard.of == 1:
            for path in others:
                shutil.rmtree(path, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write to {folder} ({error.strerror}); choose another folder with -o") from error
    opened = Work(folder, shard, watch)
    opened.path(_left(shard.number)).unlink(missing_ok=True)
    return opened


def key_of(read: Sequence[str | Path], settings: Settings, index: str = "") -> str:
    """What names a work: the inputs with their sizes and times, the settings, the version of what is computed.

    index: the state of the index that is scanned, if it is one.  Standard input is never the same again.
    """
    state = xxhash.xxh3_64()
    told = {name: table for name, table in to_mapping(settings).items() if name != "draw"}
    state.update(msgspec.json.encode((version("article-lineage"), PARTS, KEYS, KEY_BITS, told, index), order="sorted"))
    for source in () if index else sources(read, lambda skipped: None):
        if source.path == STDIN:
            state.update(str(time.time_ns()).encode())
            continue
        stat = Path(source.path).stat()
        state.update(msgspec.json.encode((source.path, stat.st_size, stat.st_mtime_ns)))
    return state.hexdigest()
