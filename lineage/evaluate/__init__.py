"""Results are scored against known truth: which articles share text, and who was written from whom."""

from lineage.evaluate.derivations import derivation
from lineage.evaluate.files import kind_of
from lineage.evaluate.pairs import pairs
from lineage.evaluate.scores import Bin, Scores, calibration
from lineage.evaluate.trees import ancestors, contracted, found_again, lost_sources, sign_similarity, tree_scores

__all__ = [
    "Bin",
    "Scores",
    "ancestors",
    "calibration",
    "contracted",
    "derivation",
    "found_again",
    "kind_of",
    "lost_sources",
    "pairs",
    "sign_similarity",
    "tree_scores",
]
