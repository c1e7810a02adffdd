"""How the second text of a pair relates to the first, in one word; one rule for pairs and for edges."""

from dataclasses import dataclass

from lineage.records import Relation

COPY, LIGHT = 0.9, 0.25  # Jaccard of 5-word shingles: nothing but slips differ; most sentences stand as they were
WHOLE, MOST = 0.85, 0.4  # share of the shorter text's 5-word shingles that stand in the longer one
EQUAL, SHORT, BRIEF = 0.9, 0.75, 0.55  # shorter to longer: about equal; shortened; a brief of a full article
PART = 0.4  # share of the shorter text's content stems found in the other: below, only a part was taken


@dataclass(frozen=True, slots=True)
class Overlap:
    """What the rule reads; shares from 0 to 1.

    same: Jaccard similarity of 5-word shingles.  verbatim: share of the shorter text's that stand in the longer.
    taken: share of the shorter text's content stems that stand in the longer.  growth: words of the second text for
    each word of the first.
    """

    same: float
    verbatim: float
    taken: float
    growth: float


def relation(overlap: Overlap) -> Relation:
    """The relation of the second text to the first, given that one derives from the other or from its source.

    The borders lie in the gaps between the editing styles of the stories in `corpus/`; docs/reference/scores.md says
    how they were chosen. Never `same event`, which is no derivation.

    >>> relation(Overlap(same=0.3, verbatim=0.75, taken=0.99, growth=0.45))
    'abridged'
    """
    length = min(overlap.growth, 1.0 / overlap.growth) if overlap.growth > 0 else 0.0
    resized: Relation = "expanded" if overlap.growth >= 1.0 else "abridged"
    if overlap.same >= COPY:
        return "copy"
    if (length < EQUAL and overlap.verbatim >= WHOLE) or (length < SHORT and overlap.verbatim >= MOST):
        return resized
    if overlap.same >= LIGHT:
        return "light edit"
    if overlap.taken < PART:
        return "partial"
    return resized if length < BRIEF else "rewrite"
