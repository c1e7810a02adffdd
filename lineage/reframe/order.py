"""What the child opens with, and in which order it tells what both tell."""

from lineage.records import Change
from lineage.reframe.side import Facing
from lineage.reframe.summary import number

# The child's opening answers to a sentence this far down in the parent, and to it by so much more than to the opening.
_FURTHER = 3
_SURE = 0.25
_MARGIN = 0.1
# Aligned sentences that left the common order: so many, and such a share.
_LEAST_MOVED = 3
_MOVED = 0.3


def lead_change(facing: Facing) -> list[Change]:
    """The opening, where the child begins with what stood well down in the parent.

    Nothing is said where the opening answers to nothing, and where it also takes up the parent's opening.
    """
    if facing.loose or not facing.answers or not facing.answers[0]:
        return []
    closeness = facing.affinity.cosine[:, 0]
    row = max(facing.answers[0], key=lambda n: float(closeness[n]))
    opening = float(closeness[: min(2, len(closeness))].max())
    if row < _FURTHER or closeness[row] < _SURE or closeness[row] < opening + _MARGIN:
        return []
    before, after = facing.parent.sentences[0], facing.child.sentences[0]
    note = f"opens with what was sentence {row + 1}"
    return [Change("lead", facing.parent.sentence(0), facing.child.sentence(0), before, after, note)]


def order_change(facing: Facing) -> list[Change]:
    """One change where much of what both tell stands in another order."""
    if facing.loose:
        return []
    shared = [block for block in facing.blocks if block.a is not None and block.b is not None]
    moved = [block for block in shared if block.kind == "moved"]
    if len(moved) < _LEAST_MOVED or len(moved) < _MOVED * len(shared):
        return []
    return [Change("order", "", "", note=f"{number(len(moved))} of {number(len(shared))} shared sentences moved")]
