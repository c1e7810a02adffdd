"""DOT text becomes SVG, PNG or PDF, in a child process that may be stopped."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from lineage.errors import DrawingError

IMAGES = ("svg", "png", "pdf")
PNG_DPI = 144  # twice the screen's 72, so that a picture in a notebook or an article stays sharp
INSTALL = "install Graphviz (https://graphviz.org/download), or `pip install pygraphviz`, or ask for -f dot"

Renderer = Literal["dot", "pygraphviz"]

# Cairo writes the time of making into a PDF; a date of the same length keeps the file's table of places right.
_DATE, _NO_DATE = re.compile(rb"/CreationDate \(D:\d{14}"), b"/CreationDate (D:19700101000000"

# The wheel of pygraphviz carries Graphviz as a library and no executable, so the layout runs inside Python: in a child,
# because a C library can neither be stopped nor kept from writing to stderr.
_IN_PROCESS = """
import sys
import pygraphviz
graph = pygraphviz.AGraph(string=open(sys.argv[1], encoding="utf-8").read())
if sys.argv[2] == "png":
    graph.graph_attr["dpi"] = sys.argv[4]
graph.draw(sys.argv[3], format=sys.argv[2], prog="dot")
"""
_PROBE = "import pygraphviz; print(pygraphviz.__graphviz_version__, 'in pygraphviz', pygraphviz.__version__)"


def render(dot: str, format: str, timeout: float, renderer: Renderer | None = None) -> bytes:
    """The drawing as SVG, PNG or PDF: by `dot` where one is installed, else by the Graphviz that pygraphviz carries.

    timeout: seconds after which the layout is stopped.  renderer: forces one of the two.  `$LINEAGE_DOT` names a
    `dot` that is not on the path. The same DOT text gives the same bytes with the same Graphviz and the same fonts.
    Raises DrawingError where nothing can draw, the layout fails, or time is up.
    """
    if format not in IMAGES:
        raise DrawingError(f"cannot draw as {format!r}; render; give one of {', '.join(IMAGES)}")
    program = None if renderer == "pygraphviz" else dot_program()
    if renderer == "dot" and program is None:
        raise DrawingError(f"no `dot` on the path; render; {INSTALL}")
    if program is not None:
        return _drawn([program, "-Kdot"], dot, format, timeout)
    if not _has_pygraphviz():
        raise DrawingError(f"nothing here can draw {format}; render; {INSTALL}")
    return _drawn([sys.executable, "-P", "-c", _IN_PROCESS], dot, format, timeout)


def renderers() -> list[tuple[str, str]]:
    """What can draw on this machine, the preferred one first, each with its version, or with what is wrong with it."""
    found = []
    try:
        program = dot_program()
    except DrawingError as error:
        program = None
        found.append(("LINEAGE_DOT", str(error)))
    if program is not None:
        found.append((program, _version([program, "-V"])))
    if _has_pygraphviz():
        found.append(("pygraphviz", _version([sys.executable, "-P", "-c", _PROBE])))
    return found


def dot_program() -> str | None:
    """The `dot` executable: `$LINEAGE_DOT`, else the one on the path, else None.

    Raises DrawingError where `$LINEAGE_DOT` is set and names no program.
    """
    named = os.environ.get("LINEAGE_DOT")
    if not named:
        return shutil.which("dot")
    program = shutil.which(named)
    if program is None:
        raise DrawingError(f"LINEAGE_DOT names no program; {named}; unset it or name a `dot`")
    return program


def _has_pygraphviz() -> bool:
    # Imported nowhere in this process: only the child loads the library.
    from importlib.util import find_spec

    return find_spec("pygraphviz") is not None


def _drawn(command: Sequence[str], dot: str, format: str, timeout: float) -> bytes:
    with tempfile.TemporaryDirectory(prefix="lineage-") as folder:
        source, target = Path(folder, "story.dot"), Path(folder, f"story.{format}")
        source.write_text(dot, encoding="utf-8")
        if command[0] == sys.executable:
            arguments = [*command, str(source), format, str(target), str(PNG_DPI)]
        else:
            sharp = [f"-Gdpi={PNG_DPI}"] if format == "png" else []
            arguments = [*command, *sharp, f"-T{format}", "-o", str(target), str(source)]
        status, said = _run(arguments, timeout)
        drawn = target.read_bytes() if target.is_file() else b""
    if status != 0 or not drawn:
        raise DrawingError(f"Graphviz could not lay the drawing out ({_last(said)}); status {status}; try -f dot")
    return _DATE.sub(_NO_DATE, drawn) if format == "pdf" else drawn


def _run(command: Sequence[str], timeout: float) -> tuple[int, str]:
    """Exit status and stderr of a child that is dead when this returns, its own children with it."""
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "TZ": "UTC"},
        start_new_session=True,
    )
    try:
        _, said = child.communicate(timeout=timeout)
    except subprocess.TimeoutExpired as error:
        advice = "give more with draw.timeout, or draw less with --detail row"
        raise DrawingError(f"the layout took more than {timeout:g} s; render; {advice}") from error
    finally:
        _stop(child)
    return child.returncode, said.decode("utf-8", "replace")


def _stop(child: "subprocess.Popen[bytes]") -> None:
    if child.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)  # its session is its own, so this ends what it started as well
    else:
        child.kill()
    child.communicate()


def _last(said: str) -> str:
    lines = [line.strip() for line in said.splitlines() if line.strip() and "Fontconfig" not in line]
    return lines[-1][:200] if lines else "it did not say why"


def _version(command: Sequence[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "does not start"
    said = (done.stdout + done.stderr).decode("utf-8", "replace")
    lines = [line.strip() for line in said.splitlines() if line.strip() and "Fontconfig" not in line]
    if done.returncode != 0 or not lines:
        return "does not start"
    return lines[0].removeprefix("dot - ").removeprefix("graphviz version ")
