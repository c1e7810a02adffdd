"""Merges: texts with a second parent, and what must then hang elsewhere in the tree.

A tree has one parent for each text, so it hangs the other parent of a merge where it can: often below the merge, whose
wording it shares. Every text near enough is therefore asked whether it is a second parent, those below the child too;
where one is, it is freed from there. Of one child the possible second parents and "none" are alternatives.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from lineage import model
from lineage.derive import linear
from lineage.derive.decide import Decision
from lineage.derive.family import Family, freed, settled
from lineage.derive.linear import Linear
from lineage.derive.measures import Tables
from lineage.derive.passages import common_words, passages
from lineage.derive.readings import Array, among
from lineage.derive.seconds import Choice, Seconds
from lineage.derive.verdicts import Link
from lineage.records import Span

MERGES = "derive_merges"
CLAIMED = 0.6  # from this probability a second parent is claimed; on sets left out they are too high
ROUNDS = 4  # a merge can show another one


@dataclass(frozen=True)
class Merge:
    """A second parent: how probable, why in one sentence, and the spans of the child that it alone accounts for."""

    parent: int
    child: int
    probability: float
    note: str
    covers: tuple[Span, ...]


@cache
def shipped() -> Linear:
    """The weights of the reasons for second parents that come with the package.  Raises IndexFormatError."""
    return model.shipped(MERGES, lambda stored: linear.from_mapping(stored["seconds"]))


def probabilities(weights: Linear, choice: Choice) -> Array:
    """For each text in question the probability that it is the second parent; what is missing to 1 is for none."""
    scores = weights.scores(choice.names, choice.reasons)
    top = max(0.0, float(scores.max()))
    odds = np.exp(scores - top)
    chances: Array = odds / (np.exp(-top) + odds.sum())
    return chances


def merged(tables: Tables, decision: Decision, weights: Linear | None = None) -> tuple[Decision, list[Merge]]:
    """The decision with room for its merges, and at most one second parent for each text; without cycles.

    The likeliest merge comes first; one that would have to tear apart what a person has required is not claimed.
    """
    family = Family.of(decision)
    chances: dict[Link, float] = {}
    if len(tables.readings) > 2:
        seconds = Seconds(tables, decision)
        for _ in range(ROUNDS):
            found = _claimed(seconds, family, weights or shipped())
            changed = _accepted(decision, seconds.near, family, found, chances)
            if changed.seconds == family.seconds:
                break
            family = changed
    out = settled(decision, family)
    seen = [(parent, child) for parent, child in family.seconds if (parent, child) in chances]
    for second, child in seen:
        _believe(out, child, second, chances[second, child])
    return out, [_merge(tables, family, link, chances[link]) for link in sorted(seen, key=lambda link: link[::-1])]


@dataclass(frozen=True)
class _Claim:
    probability: float
    child: int
    first: int
    second: int


def _claimed(seconds: Seconds, family: Family, weights: Linear) -> list[_Claim]:
    """The second parents that are probable enough, the likeliest first."""
    found = []
    for child in range(len(family.parents)):
        choice = seconds.choice(family, child)
        if choice is not None:
            chances = probabilities(weights, choice)
            place = int(np.argmax(chances))
            if chances[place] >= CLAIMED:
                found.append(_Claim(float(chances[place]), child, choice.first, choice.others[place]))
    return sorted(found, key=lambda claim: (-claim.probability, claim.child))


def _accepted(
    decision: Decision, near: Array, family: Family, claims: Sequence[_Claim], chances: dict[Link, float]
) -> Family:
    """The family with those claims that it has room for; one whose ground an earlier one has moved must wait."""
    start = family
    for claim in claims:
        moved = any(start.parents[text] != family.parents[text] for text in (claim.child, claim.first, claim.second))
        if not moved:
            changed = _with(decision, near, family, claim)
            if changed is not None:
                chances[claim.second, claim.child] = claim.probability
                family = changed
    return family


def _with(decision: Decision, near: Array, family: Family, claim: _Claim) -> Family | None:
    """The family with one merge more; None where it would need a cycle or a link that cannot be."""
    found: Family | None = family
    for text in (claim.first, claim.second):
        found = None if found is None else freed(decision, near, found, text, claim.child)
    if found is None:
        return None
    if found.parents[claim.child] < 0:
        found = found.with_parent(claim.child, claim.first)
    if found.parents[claim.child] != claim.first or claim.second in found.below(claim.child):
        return None
    return found.with_second(claim.second, claim.child)


def _believe(decision: Decision, child: int, second: int, chance: float) -> None:
    """Where there is a merge its first parent is one for certain; the others share what is left."""
    first, links, roots = int(decision.parents[child]), decision.links, decision.roots
    before = float(links[first, child])
    now = chance + (1.0 - chance) * before
    rest = (1.0 - now) / max(1e-9, 1.0 - before)
    links[:, child] *= rest
    roots[child] *= rest
    links[second, child] = 0.0
    links[first, child] = now
    decision.directions[child] = decision.oriented[child] = 1.0


def _merge(tables: Tables, family: Family, link: Link, chance: float) -> Merge:
    second, child = link
    reading, other = tables.readings[child], tables.readings[second]
    first = tables.readings[family.parents[child]]
    left = reading.features("three")
    left = left[~among(left, first.features("three"))]
    share = float(among(left, other.features("three")).mean()) if left.size else 0.0
    note = f"has {share:.0%} of the wording that the other parent, {first.article.id}, lacks"
    alone = common_words(reading, other.features("three")) & ~common_words(reading, first.features("three"))
    return Merge(second, child, round(chance, 4), note, passages(reading, alone))
