"""The frozen records that cross a stage border; docs/reference/data-model.md says what each promises."""

from lineage.records.article import Article, Precision, Skipped, Span, Stamp
from lineage.records.comparison import RELATIONS, Comparison, Relation
from lineage.records.story import (
    CHANGE_KINDS,
    Change,
    ChangeKind,
    Derivation,
    Edge,
    Evidence,
    Fate,
    Headline,
    Kept,
    Mention,
    Named,
    Posited,
    Reframing,
    Rival,
    Root,
    Story,
)

__all__ = [
    "CHANGE_KINDS",
    "RELATIONS",
    "Article",
    "Change",
    "ChangeKind",
    "Comparison",
    "Derivation",
    "Edge",
    "Evidence",
    "Fate",
    "Headline",
    "Kept",
    "Mention",
    "Named",
    "Posited",
    "Precision",
    "Reframing",
    "Relation",
    "Rival",
    "Root",
    "Skipped",
    "Span",
    "Stamp",
    "Story",
]
