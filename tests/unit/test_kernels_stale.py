"""A compiled loop is not kept when a loop that it calls has changed."""

import subprocess
import sys
from pathlib import Path

import pytest

from lineage import kernels
from lineage.kernels.stale import STAMP, forget_stale

CALLED = "import numba\n@numba.njit(cache=True)\ndef called(x):\n    return x + {}\n"
CALLER = """\
import numba
from pathlib import Path
from lineage.kernels.stale import forget_stale
if {}:
    forget_stale(Path(__file__).parent)
from loops.called import called
@numba.njit(cache=True)
def caller(x):
    return called(x)
"""


def said(folder: Path, number: int, forgetting: bool) -> str:
    """What the calling loop returns for 1 after the called one was changed to add `number`."""
    loops = folder / "loops"
    loops.mkdir(exist_ok=True)
    (loops / "called.py").write_text(CALLED.format(number), "utf-8")
    caller = CALLER.format(forgetting)
    if not (loops / "caller.py").exists():
        (loops / "caller.py").write_text(caller, "utf-8")
    code = "from loops.caller import caller; print(caller(1))"
    path = f"import sys; sys.path.insert(0, {str(folder)!r}); "
    done = subprocess.run([sys.executable, "-c", path + code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(("forgetting", "second"), [(True, "11"), (False, "2")])
def test_a_changed_callee_is_compiled_into_its_caller(tmp_path: Path, forgetting: bool, second: str) -> None:
    """With us; numba alone goes on with the old one, which is why this exists."""
    assert said(tmp_path, 1, forgetting) == "2"
    assert said(tmp_path, 10, forgetting) == second


def test_loops_are_kept_while_nothing_changes(tmp_path: Path) -> None:
    """What was compiled of these sources stays; of others it goes; where nothing can be written nothing happens."""
    source, kept = tmp_path / "a.py", tmp_path / "__pycache__"
    source.write_text("x = 1\n", "utf-8")
    forget_stale(tmp_path)
    (kept / "a.f-1.py311.nbi").touch()
    forget_stale(tmp_path)
    assert {place.name for place in kept.iterdir()} == {STAMP, "a.f-1.py311.nbi"}
    source.write_text("x = 2\n", "utf-8")
    forget_stale(tmp_path)
    assert {place.name for place in kept.iterdir()} == {STAMP}
    other = tmp_path / "other"
    other.mkdir()
    (other / "__pycache__").write_text("a file in its place", "utf-8")
    forget_stale(other)


def test_the_loops_of_the_scanning_path_are_watched() -> None:
    """Importing them leaves the stamp, where their folder can be written."""
    folder = Path(kernels.__file__).parent / "__pycache__"
    assert not folder.exists() or (folder / STAMP).exists()
