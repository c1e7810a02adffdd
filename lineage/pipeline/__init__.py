"""The only room that knows the order of the stages."""

from typing import TYPE_CHECKING

from lineage import lazy

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

_NAMES = {
    "copying": ("Copies", "copies"),
    "hands": ("Hands",),
    "index": ("Added", "Index", "Match"),
    "local": ("Local",),
    "results": ("FORMATS", "export", "load_pairs", "load_stories", "load_traced", "pages"),
    "scanning": ("Manifest", "Run", "scan", "share"),
    "simulating": ("simulated",),
    "tracing": ("PairReading", "Result", "TracedStory", "articles", "compare", "judge", "story_id", "trace"),
    "training": ("train",),
    "without": ("missing",),
    "work": ("Shard",),
}
_HOMES = {
    **{name: f"lineage.pipeline.{home}" for home, names in _NAMES.items() for name in names},
    **{f"{name}_verdicts": f"lineage.pipeline.verdicts:{name}" for name in ("keep", "load", "tell")},
}
# A search for copies needs nothing that derives or draws.
__getattr__ = lazy.attribute(__name__, _HOMES)
