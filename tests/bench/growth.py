"""How work grows with the corpus: `python -m tests.bench.growth [ARTICLES]...`, by default 10,000 to 1,000,000.

The near-copy job at each size in a process of its own: processor seconds, the most memory, copies found; then the
exponent of the time, and the memory an article adds. For sizes up to 100,000 also what the search for rewrites has to
join: keys an article, and pairs by keys before they are summed, which is what a cluster shuffles.
"""

import json
import math
import subprocess
import sys
from collections.abc import Sequence

import numpy as np

from lineage import candidates, keys
from lineage.pipeline import tracing
from lineage.settings import Settings
from tests.bench import generator, peers

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
JOINED = 100_000  # articles up to which the keys of rewrites are joined here


def figures(sizes: Sequence[int] = SIZES) -> None:
    """Print the tables."""
    peers.CACHE.mkdir(exist_ok=True)
    generator.write(peers.CACHE / "few.jsonl", generator.plan(50))
    rows = [_copies(size) for size in sizes]
    print("| articles | s | CPU s | µs an article | peak MB | groups | recall | strangers |\n|" + "---|" * 8)
    for size, (job, used, _, memory), (groups, recall, strangers) in rows:
        told = f"{job:.2f} | {used:.2f} | {used / size * 1e6:.1f} | {memory / 2**20:,.0f}"
        print(f"| {size:,} | {told} | {groups:,} | {recall:.4f} | {strangers} |")
    first, last = rows[0], rows[-1]
    if last[0] > first[0]:
        exponent = math.log(last[1][1] / first[1][1]) / math.log(last[0] / first[0])
        kilobytes = (last[1][3] - first[1][3]) / (last[0] - first[0]) / 1000
        print(f"\nTime grows with the power {exponent:.2f}; memory by {kilobytes:.2f} kB an article.\n")
    print(
        "| articles | sample | cap | skip pairs | keys looked up | found in 2 to cap | pairs by keys |\n|" + "---|" * 7
    )
    for size in sizes:
        if size <= JOINED:
            print(f"| {size:,} | {' | '.join(_keys(size))} |", flush=True)
    print()


def _copies(size: int) -> tuple[int, Sequence[float], tuple[int, float, int]]:
    """Size; seconds, processor seconds, seconds of the process, bytes; groups, recall, strangers."""
    known = generator.plan(size)
    source = peers.CACHE / f"corpus-{size}.parquet"
    if not source.exists():
        generator.write(source, known)
    target = peers.CACHE / "growth.groups"
    job = [sys.executable, "-c", peers.OURS, str(source), str(target), "2"]
    told = subprocess.run([sys.executable, "-S", "-c", peers.LAUNCHER, *job], stdout=subprocess.PIPE, check=True).stdout
    exact = known.planted(generator.COPY)
    recall, strangers = peers.quality(target, known, exact)
    return size, json.loads(told), (len(target.read_bytes().splitlines()), recall, strangers)


def _keys(size: int) -> list[str]:
    """What the search for rewrites joins, an article."""
    settings = Settings()
    limits = candidates.limits(size, 1.0, settings.candidates)
    found, sizes = [], []
    for batch in generator.batches(generator.plan(size)):
        sketches = tracing.sketched(batch.column("text").to_pylist(), settings)
        made = keys.keys(sketches, settings.candidates, limits.sample)
        found.append(made.part(0, keys.last(limits.sample))[0])
        sizes.append(made.sizes)
    counts = np.unique(np.concatenate(found), return_counts=True)[1].astype(np.int64)
    kept = counts[(counts >= 2) & (counts <= limits.rare)]
    told = (counts.sum() / size, kept.sum() / size, (kept * (kept - 1) // 2).sum() / size)
    mean = np.concatenate(sizes).mean()
    return [f"{limits.sample}", f"{limits.rare}", f"{mean:,.0f}", *(f"{value:,.0f}" for value in told)]


if __name__ == "__main__":
    figures([int(part) for part in sys.argv[1:]] or SIZES)
