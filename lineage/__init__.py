"""Which articles are rewrites of one another, who was probably written from whom, and what each rewrite changed.

import lineage
result = lineage.trace(lineage.read("articles/"))
result.stories[0].derivation.to_networkx()
lineage.compare(a, b).probability
"""

from typing import TYPE_CHECKING

from lineage import lazy

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
    "read": "lineage.pipeline:articles",
}
# `import lineage` and `lineage --help` stay quick.
__getattr__ = lazy.attribute(__name__, _HOMES)


def __dir__() -> list[str]:
    """The public names."""
    return __all__
