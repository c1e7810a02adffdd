"""The only room that knows the order of the stages."""

from lineage.pipeline.results import FORMATS, export, load_pairs, load_stories, load_traced, pages
from lineage.pipeline.scanning import Manifest, scan
from lineage.pipeline.tracing import PairReading, Result, TracedStory, articles, compare, story_id, trace
from lineage.pipeline.training import train

__all__ = [
    "FORMATS",
    "Manifest",
    "PairReading",
    "Result",
    "TracedStory",
    "articles",
    "compare",
    "export",
    "load_pairs",
    "load_stories",
    "load_traced",
    "pages",
    "scan",
    "story_id",
    "trace",
    "train",
]
