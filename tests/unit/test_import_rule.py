"""The arrow of imports: cli → pipeline → stages → kernels → settings → records → errors."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "lineage"

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "lazy"}),
    frozenset({"records", "watch"}),
    frozenset({"settings"}),
    frozenset(
        {
            "words",
            "kernels",
            "lsh",
            "language",
            "align",
            "facts",
            "model",
            "background",
            "features",
            "relation",
            "keys",
            "truth",
        }
    ),
    frozenset(
        {
            "ingest",
            "sketch",
            "store",
            "candidates",
            "verify",
            "cluster",
            "boilerplate",
            "derive",
            "reframe",
            "report",
            "evaluate",
            "simulate",
            "train",
        }
    ),
    frozenset({"pipeline"}),
    frozenset({"cli"}),
)
HEIGHT = {room: height for height, rooms in enumerate(LAYERS) for room in rooms}
KERNELS, STAGES = 3, 4


def rooms_imported(source: str) -> Iterator[str]:
    """The rooms of `lineage` that a module's text imports, wherever in the file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            parts = node.module.split(".")
            if parts[0] == "lineage":
                yield from [parts[1]] if len(parts) > 1 else [alias.name for alias in node.names]
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[0] == "lineage" and len(parts) > 1:
                    yield parts[1]


def breaches(room: str, source: str) -> list[str]:
    """Imports of `source`, a module of `room`, that do not point downwards or inside the room."""
    found = []
    for target in rooms_imported(source):
        if target == room:
            continue
        sideways_in_kernels = HEIGHT[room] == HEIGHT[target] == KERNELS
        if HEIGHT[target] < HEIGHT[room] or sideways_in_kernels:
            continue
        found.append(f"{room} imports {target}")
    return found


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or not path.name.startswith("__"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    """No module imports a layer above its own, nor another stage."""
    assert room_of(path) in HEIGHT, f"{room_of(path)} stands in no layer; add it to LAYERS"
    assert breaches(room_of(path), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("records", "from lineage.settings import Settings"),
        ("words", "from lineage import verify"),
        ("verify", "from lineage.cluster import stories"),
        ("verify", "import lineage.pipeline"),
        ("pipeline", "def later():\n    from lineage.cli import main"),
    ],
)
def test_a_broken_rule_is_seen(room: str, line: str) -> None:
    """The check fails when the rule is broken on purpose."""
    assert breaches(room, line)
