"""Which articles are rewrites of one another, who was probably written from whom, and what each rewrite changed.

import lineage
result = lineage.trace(lineage.read("articles/"))
result.stories[0].derivation.to_networkx()
lineage.compare(a, b).probability
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lineage.errors import LineageError
    from lineage.pipeline import Copies, Index, PairReading, Result, TracedStory, compare, copies, scan, trace
    from lineage.pipeline import articles as read
    from lineage.records import Article, Comparison, Derivation, Edge, Story, Verdict
    from lineage.settings import Settings
    from lineage.sketch import Sketch

__all__ = [
    "Article",
    "Comparison",
    "Copies",
    "Derivation",
    "Edge",
    "Index",
    "LineageError",
    "PairReading",
    "Result",
    "Settings",
    "Sketch",
    "Story",
    "TracedStory",
    "Verdict",
    "compare",
    "copies",
    "read",
    "scan",
    "trace",
]

_HOMES = {
    **dict.fromkeys(
        ("Copies", "Index", "PairReading", "Result", "TracedStory", "compare", "copies", "scan", "trace"),
        "lineage.pipeline",
    ),
    **dict.fromkeys(("Article", "Comparison", "Derivation", "Edge", "Story", "Verdict"), "lineage.records"),
    "LineageError": "lineage.errors",
    "Settings": "lineage.settings",
    "Sketch": "lineage.sketch",
    "read": "lineage.pipeline",
}
_INSIDE = {"read": "articles"}


def __getattr__(name: str) -> Any:
    """A public name, imported on first use: `import lineage` and `lineage --help` stay quick."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'lineage' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), _INSIDE.get(name, name))


def __dir__() -> list[str]:
    """The public names."""
    return __all__
