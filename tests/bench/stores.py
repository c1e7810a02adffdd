"""Where an index could keep its keys: `python -m tests.bench.stores [ARTICLES]`, figures of decision 5.

The same keys, 100 of each article, go into SQLite, DuckDB, LMDB, one sorted Parquet file and sorted arrays in mapped
files; then single articles are looked up by all their keys. SQLite is Python's own; DuckDB and LMDB are used where they
are installed. One process, one thread as far as each allows; every store commits to the disk.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

KEYS, BATCHES, ASKED = 100, 10, 100

Batch = tuple[NDArray[np.uint64], NDArray[np.int32]]
Ask = Callable[[NDArray[np.uint64]], int]


def batches(articles: int) -> list[Batch]:
    """Keys and rows of each batch; every third key is had by several articles."""
    draw = np.random.default_rng(1)
    found = []
    for rows in np.array_split(np.arange(articles, dtype=np.int32), BATCHES):
        keys = draw.integers(0, 1 << 40, (len(rows), KEYS), np.uint64)
        keys[:, ::3] %= np.uint64(articles * KEYS // 8)
        found.append((keys.ravel(), np.repeat(rows, KEYS)))
    return found


def sqlite(made: list[Batch], folder: Path) -> Ask:
    """A table without row ids, keyed by (key, row)."""
    base = sqlite3.connect(folder / "keys.sqlite")
    base.execute("CREATE TABLE keys (key INTEGER, row INTEGER, PRIMARY KEY (key, row)) WITHOUT ROWID")
    for keys, rows in made:
        order = np.argsort(keys)
        pairs = zip(keys[order].tolist(), rows[order].tolist(), strict=True)
        base.executemany("INSERT OR IGNORE INTO keys VALUES (?, ?)", pairs)
        base.commit()

    def ask(wanted: NDArray[np.uint64]) -> int:
        query = f"SELECT row FROM keys WHERE key IN ({','.join(map(str, wanted.tolist()))})"
        return len(base.execute(query).fetchall())

    return ask


def duckdb(made: list[Batch], folder: Path) -> Ask:
    """A table, sorted by key when it is written."""
    import duckdb as engine

    base = engine.connect(str(folder / "keys.duckdb"), config={"threads": 1})
    base.execute("CREATE TABLE keys (key UBIGINT, row INTEGER)")
    for keys, rows in made:
        batch = pa.table({"key": keys, "row": rows})  # noqa: F841 - read by name
        base.execute("INSERT INTO keys SELECT * FROM batch ORDER BY key")
    base.execute("CHECKPOINT")

    def ask(wanted: NDArray[np.uint64]) -> int:
        asked = pa.table({"key": np.unique(wanted)})  # noqa: F841 - read by name
        return len(base.execute("SELECT row FROM keys SEMI JOIN asked USING (key)").fetchall())

    return ask


def lmdb(made: list[Batch], folder: Path) -> Ask:
    """A B+ tree with several rows under one key."""
    import lmdb as engine

    base = engine.open(str(folder / "lmdb"), map_size=1 << 36, max_dbs=1)
    names = base.open_db(b"keys", dupsort=True, dupfixed=True)
    for keys, rows in made:
        order = np.argsort(keys)
        with base.begin(write=True, db=names) as writing, writing.cursor() as cursor:
            told = zip(keys[order].astype(">u8"), rows[order].astype(">i4"), strict=True)
            cursor.putmulti([(key.tobytes(), row.tobytes()) for key, row in told], dupdata=True)

    def ask(wanted: NDArray[np.uint64]) -> int:
        with base.begin(db=names) as reading, reading.cursor() as cursor:
            return len(cursor.getmulti([key.tobytes() for key in wanted.astype(">u8")], dupdata=True))

    return ask


def parquet(made: list[Batch], folder: Path) -> Ask:
    """One file a batch, sorted by key, in small row groups."""
    paths = []
    for number, (keys, rows) in enumerate(made):
        order = np.argsort(keys)
        paths.append(folder / f"{number}.parquet")
        pq.write_table(pa.table({"key": keys[order], "row": rows[order]}), paths[-1], row_group_size=1 << 14)
    tables = [pq.ParquetFile(path) for path in paths]

    def ask(wanted: NDArray[np.uint64]) -> int:
        values, count = pa.array(np.unique(wanted)), 0
        for table in tables:
            found = table.read(use_threads=False)  # keys are spread as hashes are: every row group is touched
            count += found.filter(pc.is_in(found["key"], values)).num_rows
        return count

    return ask


def arrays(made: list[Batch], folder: Path) -> Ask:
    """Sorted arrays in mapped files: 5 bytes of key and 4 of row, as `lineage.keys` has them."""
    parts = []
    for number, (keys, rows) in enumerate(made):
        order = np.argsort(keys)
        high, low = (keys[order] >> np.uint64(8)).astype(np.uint32), keys[order].astype(np.uint8)
        for name, column in (("high", high), ("low", low), ("rows", rows[order])):
            np.save(folder / f"{number}.{name}.npy", column)
        parts.append([np.load(folder / f"{number}.{name}.npy", mmap_mode="r") for name in ("high", "low", "rows")])

    def ask(wanted: NDArray[np.uint64]) -> int:
        count, top = 0, (wanted >> np.uint64(8)).astype(np.uint32)
        for high, low, _ in parts:
            start, stop = np.searchsorted(high, top), np.searchsorted(high, top, "right")
            many = stop - start
            at = np.repeat(start - np.cumsum(many) + many, many) + np.arange(many.sum())
            count += int((low[at] == np.repeat(wanted.astype(np.uint8), many)).sum())
        return count

    return ask


def main(articles: int) -> None:
    """Print the table."""
    made = batches(articles)
    print(f"{articles} articles, {KEYS} keys each, in {BATCHES} batches\n")
    print("| store | added a second | bytes an article | a query | found |\n|---|---|---|---|---|")
    stores: dict[str, Callable[[list[Batch], Path], Ask]] = {
        "SQLite": sqlite,
        "DuckDB": duckdb,
        "LMDB": lmdb,
        "Parquet": parquet,
        "sorted arrays": arrays,
    }
    for name, store in stores.items():
        with tempfile.TemporaryDirectory() as place:
            print(_row(name, store, made, articles, Path(place)), flush=True)


def _row(name: str, store: Any, made: list[Batch], articles: int, folder: Path) -> str:
    began = time.process_time()
    try:
        ask = store(made, folder)
    except ImportError:
        return f"| {name} | not installed | | | |"
    seconds = time.process_time() - began
    size = sum(path.stat().st_blocks * 512 for path in folder.rglob("*") if path.is_file())
    wanted = made[BATCHES // 2][0].reshape(-1, KEYS)[:ASKED]
    count, began = ask(wanted[0]), time.process_time()
    slow = name == "Parquet"
    for row in wanted[1:3] if slow else wanted[1:]:
        count += ask(row)
    asked = 1e3 * (time.process_time() - began) / (2 if slow else ASKED - 1)
    return f"| {name} | {articles / seconds:.0f} | {size / articles:.0f} | {asked:.2f} ms | {count} |"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
