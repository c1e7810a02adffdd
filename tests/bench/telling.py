"""The time and memory that one story takes: `python -m tests.bench.telling [TEXTS]...`.

Simulated rewrites of some 400 words in a tree, one thread, a process for each size.
"""

import resource
import subprocess
import sys
import time

from lineage import derive, simulate

SIZES = (10, 100, 1000)


def tell(texts: int) -> None:
    """Derive one story of so many texts, after a small one for which everything was loaded."""
    derive.derivation(simulate.story(simulate.tree(4, simulate.REWRITE)).articles)
    made = simulate.story(simulate.tree(texts, simulate.REWRITE), sentences=35)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, spent = time.monotonic(), time.process_time()
    derive.derivation(made.articles)
    seconds, used = time.monotonic() - began, time.process_time() - spent
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(f"| {texts} | {seconds:.2f} s | {used:.2f} s | {grown / 1e3:.0f} MB |", flush=True)


def main(words: list[str]) -> None:
    """Print a row for every size."""
    print("| texts | by the clock | processor time | memory beyond a story of four |\n|---|---|---|---|", flush=True)
    for texts in words or [str(size) for size in SIZES]:
        again = f"from tests.bench import telling; telling.tell({int(texts)})"
        subprocess.run([sys.executable, "-c", again], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
