"""What kind of rewrite an edge is, from the lengths and the wording shared."""

from lineage.derive.readings import Hashes, Reading, among
from lineage.records import Relation

COPY, LIGHT = 0.97, 0.6
SHORTER, LONGER = 0.75, 4 / 3
MOST = 0.6
LITTLE = 0.35


def relation(parent: Reading, child: Reading) -> Relation:
    """How the child relates to the parent; never `same event`, which is no derivation."""
    runs_same, runs_covered, runs_kept = _shares(parent.features("three"), child.features("three"))
    if runs_same >= COPY:
        return "copy"
    if runs_same >= LIGHT:
        return "light edit"
    _, covered, kept = _shares(parent.features("stem"), child.features("stem"))
    growth = max(1, len(child.words)) / max(1, len(parent.words))
    if growth <= SHORTER and max(covered, runs_covered) >= MOST:
        return "abridged"
    if growth >= LONGER and max(kept, runs_kept) >= MOST:
        return "expanded"
    return "partial" if covered < LITTLE else "rewrite"


def _shares(parent: Hashes, child: Hashes) -> tuple[float, float, float]:
    """Jaccard, share of the child found in the parent, share of the parent kept by the child."""
    both = float(among(child, parent).sum())
    either = parent.size + child.size - both
    return (
        both / either if either else 1.0,
        both / child.size if child.size else 0.0,
        both / parent.size if parent.size else 0.0,
    )
