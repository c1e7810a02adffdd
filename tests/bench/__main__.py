"""Prints the figures of docs/benchmarks.md: `python -m tests.bench [PART]...`.

Every figure comes from the command line as a user runs it, with default settings, on the sets below LINEAGE_DATA
(default ../shared/data). `learning` trains again with parts left out, which takes some minutes.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from lineage import evaluate, pipeline
from tests.bench import designs, learning, page, reframing, relations, two

DATA = Path(os.environ.get("LINEAGE_DATA", "../shared/data"))
UNSEEN = Path(__file__).parents[2] / "corpus" / "unseen"
PAIR_FIGURES = ("precision", "recall", "f1", "same_event_false_rate", "recall_at_1pct_same_event")
TREE_FIGURES = ("edges", "roots", "skeleton", "leaves", "ancestry", "brier", "precision", "precision_top_half")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a Markdown table; floats with three digits."""
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        cells = (f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in row)
        print("| " + " | ".join(cells) + " |", flush=True)
    print()


def scanned(source: Path, out: Path, *options: str) -> float:
    """Scan `source` into `out` through the command line; seconds it took."""
    began = time.monotonic()
    command = [sys.executable, "-m", "lineage", "scan", str(source), "-o", str(out), "--quiet", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def detection(sets: Path) -> None:
    """Every set of a folder, scanned as one corpus."""
    rows = []
    for docs in sorted(sets.glob("*.docs.jsonl")):
        name = docs.name.split(".")[0]
        with tempfile.TemporaryDirectory() as folder:
            seconds = scanned(docs, Path(folder))
            ignored = docs.with_name(f"{name}.ignore.tsv")
            doubted = ignored if ignored.exists() else None
            figures = evaluate.pairs(docs.with_name(f"{name}.gold.jsonl"), Path(folder), doubted).figures
        rows.append((name, *(figures.get(figure, "–") for figure in PAIR_FIGURES), f"{seconds:.1f}"))
    table(("detection set", *PAIR_FIGURES, "seconds"), rows)


def derivation(sets: Path) -> None:
    """Every set of a folder, with the stories given and no dates but those in the set."""
    rows, totals = [], []
    for docs in sorted(sets.glob("*.docs.jsonl")):
        name = docs.name.split(".")[0]
        with tempfile.TemporaryDirectory() as folder:
            seconds = scanned(docs, Path(folder), "--story-field", "story")
            figures = evaluate.derivation(docs.with_name(f"{name}.gold.jsonl"), Path(folder)).figures
        totals.append([figures.get(figure, 0.0) for figure in TREE_FIGURES])
        rows.append((name, *(figures.get(figure, "–") for figure in TREE_FIGURES), f"{seconds:.1f}"))
    means = (sum(column) / len(totals) for column in zip(*totals, strict=True))
    table(("derivation set", *TREE_FIGURES, "seconds"), [*rows, ("mean", *means, "")])


def unseen() -> None:
    """Stories written after the models were trained, both ways."""
    detection(UNSEEN)
    derivation(UNSEEN)


def seeds() -> None:
    """The five real articles: which pairs are reported."""
    with tempfile.TemporaryDirectory() as folder:
        scanned(DATA / "seeds", Path(folder), "--jsonl")
        pairs = sorted(pipeline.load_pairs(Path(folder)), key=lambda pair: -pair.probability)
    table(("a", "b", "probability", "relation"), [(p.a[:3], p.b[:3], p.probability, p.relation) for p in pairs])


PARTS = {
    "detection": lambda: detection(DATA / "detection"),
    "derivation": lambda: derivation(DATA / "derivation"),
    "unseen": unseen,
    "seeds": seeds,
    "designs": lambda: designs.figures(DATA),
    "usual": lambda: designs.usual(DATA),
    "learning": lambda: learning.held_out(DATA),
    "sources": lambda: learning.sources(DATA),
    "ablation": lambda: learning.ablation(DATA),
    "reframing": lambda: reframing.figures(DATA, table),
    "page": lambda: page.figures(table),
    "relations": lambda: relations.figures(DATA, table),
    "two": lambda: two.figures(DATA, table),
}


def main(parts: Sequence[str]) -> None:
    if set(parts or PARTS) - {"page", "unseen"} and not DATA.is_dir():
        sys.exit(f"no research data in {DATA}; set LINEAGE_DATA to the folder that has them")
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        sys.exit(f"unknown part {unknown[0]!r}; known are {', '.join(PARTS)}")
    for part in parts or PARTS:
        PARTS[part]()


if __name__ == "__main__":
    main(sys.argv[1:])
