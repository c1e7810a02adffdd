"""Designs of the candidate stage on one set, side by side: recall of true pairs, and candidates an article."""

import itertools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
from datasketch import MinHash, MinHashLSH
from numpy.typing import NDArray

from lineage import candidates, features, kernels, sketch, words
from lineage.settings import CandidateSettings

Pairs = NDArray[np.int32]
RARE = 48


def figures(data: Path, name: str = "news") -> None:
    """Print the table for one detection set."""
    texts, true = _known(data / "detection", name)
    print(f"Candidate designs on {name}: {len(texts)} articles, {len(true)} true pairs\n")
    print("| design | recall | candidates an article |\n|---|---|---|")
    for title, found in _designs(texts):
        hits = sum(tuple(pair) in true for pair in found.tolist())
        print(f"| {title} | {hits / len(true):.4f} | {2 * len(found) / len(texts):.1f} |", flush=True)
    print()


def usual(data: Path) -> None:
    """Print what the usual tool finds of every detection set."""
    print("| set | datasketch, 5 words at 0.5: recall, precision | 3 words at 0.1: recall, precision |\n|---|---|---|")
    for docs in sorted((data / "detection").glob("*.docs.jsonl")):
        name = docs.name.split(".")[0]
        texts, true = _known(data / "detection", name)
        cells = []
        for size, similarity in ((5, 0.5), (3, 0.1)):
            found = {(a, b) for a, b in _datasketch(texts, size, similarity).tolist()}
            cells.append(f"{len(found & true) / len(true):.3f}, {len(found & true) / max(1, len(found)):.3f}")
        print(f"| {name} | {cells[0]} | {cells[1]} |", flush=True)
    print()


def _known(folder: Path, name: str) -> tuple[list[str], set[tuple[int, int]]]:
    decode = msgspec.json.decode
    docs = [decode(line) for line in (folder / f"{name}.docs.jsonl").read_bytes().splitlines()]
    gold = {row["id"]: row for row in map(decode, (folder / f"{name}.gold.jsonl").read_bytes().splitlines())}
    groups: dict[str, list[int]] = defaultdict(list)
    for row, doc in enumerate(docs):
        groups[gold[doc["id"]]["group"]].append(row)
    true = {pair for rows in groups.values() for pair in itertools.combinations(rows, 2)}
    return [doc["text"] for doc in docs], true


def _designs(texts: list[str]) -> Iterator[tuple[str, Pairs]]:
    yield "datasketch, 5-word shingles, LSH at 0.5", _datasketch(texts, 5, 0.5)
    yield "datasketch, 3-word shingles, LSH at 0.1", _datasketch(texts, 3, 0.1)
    split = words.split_batch(texts)
    for kind in ("skip", "stem"):
        table = features.table(features.sets(split, kind))  # type: ignore[arg-type]
        for bands, rows in ((64, 2), (128, 1)):
            yield (
                f"MinHash of {kind}s, {bands} bands of {rows}",
                _banded(_minhash(features.sets(split, kind)), bands, rows),
            )  # type: ignore[arg-type]
            yield f"weighted MinHash of {kind}s, {bands} bands of {rows}", _banded(_weighted(table), bands, rows)
    for kind, least in (("stem", 2), ("stem", 3), ("pair", 4), ("triple", 2), ("five", 1), ("quiet", 4)):
        yield f"{least} rare {kind}s", _shared(features.sets(split, kind), least)  # type: ignore[arg-type]
    for fraction, least in ((1, 5), (2, 3), (4, 2), (8, 2)):
        yield (
            f"{least} rare skip pairs of a fraction 1/{fraction}",
            _shared(_sampled(features.sets(split, "skip"), fraction), least),
        )
    for share in (0.012, 0.016, 0.02, 0.03):
        settings = CandidateSettings(share=share)
        yield (
            f"3 rare skip pairs and {share} of the smaller's; or a band",
            candidates.pairs(sketch.sketches(texts), settings).pairs,
        )


def _datasketch(texts: list[str], size: int, similarity: float) -> Pairs:
    index = MinHashLSH(threshold=similarity, num_perm=128)
    sketches = []
    for row, text in enumerate(texts):
        spelled = text.lower().split()
        made = MinHash(num_perm=128)
        made.update_batch([" ".join(spelled[at : at + size]).encode() for at in range(len(spelled) - size + 1)])
        index.insert(str(row), made)
        sketches.append(made)
    met = {
        (min(row, int(other)), max(row, int(other)))
        for row, made in enumerate(sketches)
        for other in index.query(made)
        if int(other) != row
    }
    alike = [pair for pair in sorted(met) if sketches[pair[0]].jaccard(sketches[pair[1]]) >= similarity]
    return np.array(alike, np.int32).reshape(-1, 2)


def _minhash(sets: features.Sets) -> NDArray[np.uint32]:
    return kernels.minhash(sets.values, sets.bounds, 128, 1)


def _weighted(table: features.Table) -> NDArray[np.uint32]:
    """Sketches that agree with the probability of the weighted Jaccard similarity: exponential races (P-MinHash)."""
    draw = np.random.default_rng(1)
    known, ids = np.unique(table.values, return_inverse=True)
    out = np.empty((table.bounds.size - 1, 128), np.uint32)
    for value in range(128):
        times = draw.exponential(size=known.size)[ids] / np.maximum(table.weights, 1e-6)
        for row in range(len(out)):
            span = slice(table.bounds[row], table.bounds[row + 1])
            out[row, value] = ids[span][np.argmin(times[span])] if span.stop > span.start else row
    return out


def _banded(sketches: NDArray[np.uint32], bands: int, rows: int) -> Pairs:
    found = [kernels.bucket_pairs(kernels.band_keys(sketches, band, rows), 64)[0] for band in range(bands)]
    return np.unique(np.sort(np.concatenate(found), axis=1), axis=0)


def _sampled(sets: features.Sets, fraction: int) -> features.Sets:
    kept = sets.values % np.uint64(fraction) == 0
    bounds = np.concatenate([[0], np.cumsum(kept)])[sets.bounds].astype(np.int64)
    return features.Sets(sets.values[kept], sets.shares[kept], sets.places[kept], bounds)


def _shared(sets: features.Sets, least: int) -> Pairs:
    known, numbers = np.unique(sets.values, return_inverse=True)
    ids = numbers.astype(np.int32)
    heads, articles = kernels.postings(ids, sets.bounds, known.size)
    first, second, _ = kernels.co_occurrences(ids, sets.bounds, heads, articles, (RARE, least))
    return np.stack([first, second], axis=1)
