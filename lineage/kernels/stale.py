"""Compiled loops of an older source are thrown away.

numba keeps a compiled loop for as long as the file it stands in is the same. But loops call loops of other files, whose
code is compiled into them: after an update that changed only the called ones the kept loop would go on with the old
code, and may read beyond its arrays. So the kept loops of this folder are valid for all of its files together.
"""

import contextlib
import hashlib
import os
from pathlib import Path

STAMP = "kernels.stamp"
KEPT = "*.nbi"  # numba's index of what it has kept of a loop; without it the loop is compiled again


def forget_stale(folder: Path) -> None:
    """Forget the compiled loops in `folder/__pycache__` unless they were made of the sources that are there now.

    Does nothing where nothing may be written: numba keeps its loops elsewhere then, or not at all.
    """
    kept = folder / "__pycache__"
    now = _digest(folder)
    with contextlib.suppress(OSError):
        stamp = kept / STAMP
        if stamp.exists() and stamp.read_text("utf-8") == now:
            return
        kept.mkdir(exist_ok=True)
        for index in kept.glob(KEPT):
            index.unlink(missing_ok=True)
        fresh = kept / f"{STAMP}.{os.getpid()}"
        fresh.write_text(now, "utf-8")
        fresh.replace(stamp)


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for source in sorted(folder.glob("*.py")):
        total.update(source.name.encode())
        total.update(source.read_bytes())
    return total.hexdigest()
