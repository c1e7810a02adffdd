"""One near-copy job by another tool, in its own environment: `python contestant.py TOOL INPUT OUTPUT`.

Reads Parquet or JSON Lines, finds near copies (5-word shingles, about 128 values, 25 bands of 5 rows), writes the
groups as JSON lines, and prints the seconds from the first byte read to the last group known. Imports nothing of this
project.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

WORD = re.compile(r"\w+")
CHUNK = 5000


def read(path: str) -> tuple[list[str], list[str]]:
    """Ids and texts."""
    if path.endswith(".jsonl"):
        with Path(path).open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        return [row["id"] for row in rows], [row["text"] for row in rows]
    import pyarrow.parquet as pq

    table = pq.read_table(path, columns=["id", "text"])
    return table.column("id").to_pylist(), table.column("text").to_pylist()


def shingles(text: str) -> list[str]:
    """Every five words in a row, joined."""
    words = WORD.findall(text.lower())
    return [" ".join(words[at : at + 5]) for at in range(len(words) - 4)]


def grouped(count: int, pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Rows tied directly or through others."""
    roots = list(range(count))

    def root(row: int) -> int:
        while roots[row] != row:
            roots[row] = roots[roots[row]]
            row = roots[row]
        return row

    for a, b in pairs:
        roots[root(a)] = root(b)
    groups: dict[int, list[int]] = {}
    for row in range(count):
        groups.setdefault(root(row), []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def datasketch(texts: list[str]) -> list[list[int]]:
    """As its documentation shows: update_batch, an LSH in memory, candidates kept from an estimate of .5."""
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(num_perm=128, params=(25, 5))
    made = []
    for row, text in enumerate(texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        index.insert(row, sketch)
        made.append(sketch)
    found = ((row, other) for row, sketch in enumerate(made) for other in index.query(sketch) if other < row)
    return grouped(len(texts), ((a, b) for a, b in found if made[a].jaccard(made[b]) >= 0.5))


def rensa(texts: list[str]) -> list[list[int]]:
    """Its batch calls over token lists, candidates kept from an estimate of .5."""
    from rensa import RMinHash, RMinHashLSH

    index, made = RMinHashLSH(0.5, 125, 25), []
    for start in range(0, len(texts), CHUNK):
        made += RMinHash.from_token_sets([shingles(text) for text in texts[start : start + CHUNK]], 125, 1)
    index.insert_many(made)
    found = ((row, other) for row, others in enumerate(index.query_all(made)) for other in others if other < row)
    return grouped(len(texts), ((a, b) for a, b in found if made[a].jaccard(made[b]) >= 0.5))


def gaoya(texts: list[str]) -> list[list[int]]:
    """Its string index with its own word analyser, in as many threads as RAYON_NUM_THREADS says."""
    from gaoya.minhash import MinHashStringIndex

    index = MinHashStringIndex(32, 0.5, 25, 5, None, "word", True, (5, 5))
    for start in range(0, len(texts), CHUNK):
        part = texts[start : start + CHUNK]
        index.par_bulk_insert_docs(list(range(start, start + len(part))), part)
    pairs = []
    for start in range(0, len(texts), CHUNK):
        for row, others in enumerate(index.par_bulk_query(texts[start : start + CHUNK]), start):
            pairs += [(row, other) for other in others if other < row]
    return grouped(len(texts), pairs)


TOOLS: dict[str, Callable[[list[str]], list[list[int]]]] = {
    "datasketch": datasketch,
    "rensa": rensa,
    "gaoya": gaoya,
}


def main(tool: str, source: str, target: str) -> None:
    """Run one tool."""
    __import__(tool)
    began, used = time.perf_counter(), time.process_time()
    ids, texts = read(source)
    groups = TOOLS[tool](texts)
    print(time.perf_counter() - began, time.process_time() - used)
    with Path(target).open("w", encoding="utf-8") as out:
        out.writelines(json.dumps([ids[row] for row in group]) + "\n" for group in groups)


if __name__ == "__main__":
    main(*sys.argv[1:])
