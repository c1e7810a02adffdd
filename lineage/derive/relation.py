"""What kind of rewrite an edge is: what `lineage.relation` reads, taken from two readings."""

from lineage import relation as rule
from lineage.derive.readings import Hashes, Reading, among
from lineage.records import Relation


def relation(parent: Reading, child: Reading) -> Relation:
    """How the child relates to the parent; never `same event`, which is no derivation."""
    same, verbatim = _shares(parent.features("five"), child.features("five"))
    _, taken = _shares(parent.features("stem"), child.features("stem"))
    growth = max(1, len(child.words)) / max(1, len(parent.words))
    return rule.relation(rule.Overlap(same, verbatim, taken, growth))


def _shares(parent: Hashes, child: Hashes) -> tuple[float, float]:
    """Jaccard similarity, and the share of the smaller set that is in the other; both 1 where both are empty."""
    both = float(among(child, parent).sum())
    either, smaller = parent.size + child.size - both, min(parent.size, child.size)
    return (both / either if either else 1.0, both / smaller if smaller else 1.0)
