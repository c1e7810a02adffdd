"""What a story looks like before anything is derived: by this the regime is told in which its texts were written.

Nothing here says which of two texts is the source. Told are how near the texts are, how unlike in length, style and
facts, what the widest tree of closeness looks like, and which of the signs of direction agree with one another.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from lineage.derive.linear import SIZE
from lineage.derive.measures import Tables
from lineage.derive.readings import Array

Described = Mapping[str, float]
LEVEL = "level."  # the domain, not the regime: what only a set that is known has in common
OF_EDGES = (
    "length.abs_growth",
    "order.same",
    "third.conflict.two",
    "wording.near.two",
    "wording.near.five",
    "private.share.two",
    "style.distance",
    "style.abs_word_length",
    "lives.near",
    "lives.conflict",
)
VOICES = ("machine", "plain", "disguised")
OF_REGISTER = (
    "word_length",
    "sentence_length",
    "contractions",
    "quoted",
    "capitals",
    "figures",
    "variety",
    "paragraph_length",
    "content",
    "commas",
    "participles",
    "and",
    "brackets",
    "colons",
)


def descriptors(tables: Tables) -> dict[str, float]:
    """The descriptors of a story by name; those under `LEVEL` tell the kind of prose, the others the regime."""
    texts = {name: tables.of_texts[:, place] for place, name in enumerate(tables.text_names)}
    # How many texts there are is a habit of a set, not a way of writing.
    shared = [name for name in tables.text_names if name.startswith("story.") and name != SIZE]
    story = {name: float(texts[name][0]) for name in shared}
    return {**story, **_spreads(texts), **_tree(tables), **_agreements(tables), **_registers(tables)}


def _spreads(texts: Mapping[str, Array]) -> dict[str, float]:
    """How unlike the texts are in length, style, wording and facts."""
    length, odd = texts["length.against_mean"], texts["style.odd"]
    unique, best = texts["wording.unique.two"], texts["wording.best_near.two"]
    found = {
        "length.skew": np.cbrt((length**3).mean()),
        "length.longest": length.max(),
        "length.shortest": length.min(),
        "odd.most": odd.max(),
        "odd.spread": odd.std(),
        "unique.mean": unique.mean(),
        "unique.most": unique.max(),
        "unique.least": unique.min(),
        "unique.fives": texts["wording.unique.five"].mean(),
        "best.spread": best.std(),
        "best.least": best.min(),
        "facts.spread": texts["lives.count"].std(),
    }
    for voice in VOICES:
        found[f"voice.spread_{voice}"] = texts[f"voice.{voice}"].std()
        found[f"voice.apart_{voice}"] = texts[f"voice.first_{voice}"].max()
    for kind in ("names", "numbers", "quotations"):
        found[f"{kind}.kept"] = texts[f"{kind}.kept"].mean()
        found[f"{kind}.spread"] = texts[f"{kind}.count"].std()
    return {name: float(value) for name, value in found.items()}


def _tree(tables: Tables) -> dict[str, float]:
    """The shape of the widest tree, and how its branches differ from the other pairs."""
    inside: NDArray[np.bool_] = tables.column("wording.in_tree.two") > 0
    branches = np.bincount(tables.pairs.child[inside], minlength=tables.pairs.texts)
    found = {
        "tree.hub": float(branches.max()) / max(1, tables.pairs.texts - 1),
        "tree.leaves": float((branches == 1).mean()),
    }
    for name in OF_EDGES:
        values = tables.column(name)
        rest = values[~inside]
        found[f"edge.{name}"] = float(values[inside].mean())
        found[f"rest.{name}"] = float(rest.mean()) if rest.size else found[f"edge.{name}"]
    return found


def _agreements(tables: Tables) -> dict[str, float]:
    """Correlations, -1 to 1, of signs of direction over all pairs: do the longer texts have the longer words?"""
    words, growth = tables.column("style.word_length"), tables.column("length.growth")
    machine = tables.column("voice.machine")
    side, facts = tables.column("third.all.side"), tables.column("lives.lost") - tables.column("lives.regained")
    return {
        "agree.words_length": _correlation(words, growth),
        "agree.names_length": _correlation(tables.column("names.more"), growth),
        "agree.facts_length": _correlation(facts, -growth),
        "agree.side_length": _correlation(side, growth),
        "agree.side_facts": _correlation(side, tables.column("lives.side")),
        "agree.side_words": _correlation(side, words),
        "agree.voice_length": _correlation(machine, growth),
        "agree.voice_words": _correlation(machine, words),
        "agree.voice_side": _correlation(machine, side),
        "agree.voice_facts": _correlation(machine, facts),
        "agree.voice_plain": _correlation(machine, tables.column("voice.plain")),
    }


def _correlation(a: Array, b: Array) -> float:
    spread = float(np.sqrt((a * a).mean() * (b * b).mean()))
    return float((a * b).mean()) / spread if spread > 1e-9 else 0.0


def _registers(tables: Tables) -> dict[str, float]:
    rows = [reading.register for reading in tables.readings]
    found = {}
    for name in OF_REGISTER:
        values = np.array([row[name] for row in rows])
        found[f"{LEVEL}{name}"] = float(values.mean())
        found[f"spread.{name}"] = float(values.std())
    return found
