"""The only room that knows the order of the stages."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lineage.pipeline.copying import Copies, copies
    from lineage.pipeline.hands import Hands
    from lineage.pipeline.index import Added, Index, Match
    from lineage.pipeline.local import Local
    from lineage.pipeline.results import FORMATS, export, load_pairs, load_stories, load_traced, pages
    from lineage.pipeline.scanning import Manifest, Run, scan, share
    from lineage.pipeline.simulating import simulated
    from lineage.pipeline.tracing import PairReading, Result, TracedStory, articles, compare, judge, story_id, trace
    from lineage.pipeline.training import train
    from lineage.pipeline.verdicts import keep as keep_verdicts
    from lineage.pipeline.verdicts import load as load_verdicts
    from lineage.pipeline.verdicts import tell as tell_verdicts
    from lineage.pipeline.without import missing
    from lineage.pipeline.work import Shard

__all__ = [
    "FORMATS",
    "Added",
    "Copies",
    "Hands",
    "Index",
    "Local",
    "Manifest",
    "Match",
    "PairReading",
    "Result",
    "Run",
    "Shard",
    "TracedStory",
    "articles",
    "compare",
    "copies",
    "export",
    "judge",
    "keep_verdicts",
    "load_pairs",
    "load_stories",
    "load_traced",
    "load_verdicts",
    "missing",
    "pages",
    "scan",
    "share",
    "simulated",
    "story_id",
    "tell_verdicts",
    "trace",
    "train",
]

_HOMES = {
    "copying": ("Copies", "copies"),
    "hands": ("Hands",),
    "index": ("Added", "Index", "Match"),
    "local": ("Local",),
    "results": ("FORMATS", "export", "load_pairs", "load_stories", "load_traced", "pages"),
    "scanning": ("Manifest", "Run", "scan", "share"),
    "simulating": ("simulated",),
    "tracing": ("PairReading", "Result", "TracedStory", "articles", "compare", "judge", "story_id", "trace"),
    "training": ("train",),
    "verdicts": ("keep_verdicts", "load_verdicts", "tell_verdicts"),
    "without": ("missing",),
    "work": ("Shard",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """A public name, imported on first use: a search for copies needs nothing that derives or draws."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'lineage.pipeline' has no attribute {name!r}")
    # `keep`, `load` and `tell` are those of verdicts, and called so there.
    return getattr(import_module(f"lineage.pipeline.{_HOME_OF[name]}"), name.removesuffix("_verdicts"))
