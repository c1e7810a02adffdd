"""Why an edge: what each kind of evidence adds over the other parents that could have been, with figures and spans."""

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np

from lineage.derive import particulars, times, voice
from lineage.derive.decide import Decision, clock
from lineage.derive.measures import Tables
from lineage.derive.passages import common_words, passages, private_runs
from lineage.derive.readings import Hashes, Reading, among
from lineage.derive.scores import Scorer
from lineage.records import Evidence, Span

KINDS = {
    "wording": "shared wording",
    "private": "private agreement",
    "third": "third texts",
    "order": "word order",
    "length": "length",
    "style": "style",
    "voice": "voice",
    "numbers": "numbers",
    "names": "names",
    "quotations": "quotations",
    "lives": "lives of facts",
    "times": "times named",
}
REST = "rest of the story"
VOICES = {
    "machine": "a machine's rewriting",
    "plain": "a retelling in plain words",
    "disguised": "a paraphraser's rewording",
}
TIMES = {
    "year": "the latest year it names is {}, the parent's {}",
    "version": "its opening says {}, the parent's {}",
}
SHOWN = 6
LEAST = 0.05
FEW_SPANS = 8
NAMED = 3


class Explainer:
    """The evidence of single edges of one story; what all edges need is computed once."""

    def __init__(self, tables: Tables, scorer: Scorer, decision: Decision | None = None) -> None:
        self._tables = tables
        self._decision = decision
        self._row = {pair: row for row, pair in enumerate(zip(tables.pairs.parent, tables.pairs.child, strict=True))}
        self._columns: dict[str, list[int]] = {}
        for place, name in enumerate(tables.pair_names):
            self._columns.setdefault(name.split(".")[0], []).append(place)
        self._shares = scorer.contributions(tables)
        self._clock = clock(tables.readings)
        self._private: Hashes = private_runs(tables.readings)
        self._told = Counter(fact for reading in tables.readings for fact in reading.facts)

    def evidence(self, parent: int, child: int) -> tuple[Evidence, ...]:
        """The strongest evidence first; log-odds are against the mean of the child's other possible parents."""
        row = self._row.get((parent, child))
        found = [] if row is None else self._of_model(row, parent, child)
        if self._clock[child, parent] < 0:
            found.append(Evidence("dates", -float(self._clock[child, parent]), "was published after the parent"))
        if self._clock[parent, child] < 0:
            found.append(Evidence("dates", float(self._clock[parent, child]), "is dated before the parent"))
        found += self._of_the_rest(parent, child)
        found.sort(key=lambda entry: (-abs(entry.log_odds), entry.kind))
        return tuple(found[:SHOWN])

    def _of_model(self, row: int, parent: int, child: int) -> list[Evidence]:
        rivals = np.flatnonzero((self._tables.pairs.child == child) & (self._tables.pairs.parent != parent))
        usual = self._shares[rivals].mean(axis=0) if rivals.size else np.zeros(self._shares.shape[1])
        over = (self._shares[row] - usual).tolist()
        found = []
        for group, kind in KINDS.items():
            weight = float(sum(over[place] for place in self._columns.get(group, ())))
            if abs(weight) >= LEAST:
                note, spans = NOTES[group](self, row, parent, child)
                found.append(Evidence(kind, round(weight, 3), note, spans))
        return found

    def _of_the_rest(self, parent: int, child: int) -> list[Evidence]:
        """What the second look adds: where the two stand in the rest of the story."""
        if self._decision is None or self._decision.habits is None:
            return []
        nats = self._decision.habits[:, child]
        rivals = np.delete(nats, [parent, child])
        over = round(float(nats[parent] - (rivals.mean() if rivals.size else 0.0)), 3)
        others = [at for at, above in enumerate(self._decision.parents.tolist()) if above == parent and at != child]
        note = f"{_others(len(others))} probably derived from the parent in the rest of the story"
        return [Evidence(REST, over, note)] if abs(over) >= LEAST else []

    def value(self, name: str, row: int) -> float:
        """One measure of one pair."""
        return float(self._tables.of_pairs[row, self._tables.pair_names.index(name)])

    def reading(self, text: int) -> Reading:
        """The reading of a text."""
        return self._tables.readings[text]

    def private(self, parent: int, child: int) -> tuple[int, "Places"]:
        """How many runs of three words only these two have, and where they stand in the child."""
        reading = self.reading(child)
        own = reading.features("three")
        only = own[among(own, self.reading(parent).features("three")) & among(own, self._private)]
        spans = passages(reading, common_words(reading, only))[:FEW_SPANS]
        return int(only.size), tuple((reading.article.id, span.start, span.end) for span in spans)

    def regained(self, parent: int, child: int) -> list[Span]:
        """Where the child first states what the parent lacks and a third text has; one span for each fact."""
        known, own = self.reading(parent).facts, self.reading(child).facts
        return [spans[0] for fact, spans in own.items() if fact not in known and self._told[fact] > 1]

    def told_by_two(self, parent: int, child: int) -> list[Span]:
        """Where the child first states what only these two state; one span for each fact."""
        known, own = self.reading(parent).facts, self.reading(child).facts
        return [spans[0] for fact, spans in own.items() if fact in known and self._told[fact] == 2]


Places = tuple[tuple[str, int, int], ...]
Note = Callable[[Explainer, int, int, int], tuple[str, Places]]


def _wording(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    covered = of.value("wording.covered.stem", row)
    ahead = of.value("wording.rank_child.two", row)
    place = _closer(ahead)
    reading = of.reading(child)
    spans = passages(reading, common_words(reading, of.reading(parent).features("three")))
    longest = sorted(spans, key=lambda span: (span.start - span.end, span.start))[:FEW_SPANS]
    places = tuple((reading.article.id, span.start, span.end) for span in sorted(longest))
    return f"{covered:.0%} of its content words, by weight, are in the parent; {place}", places


def _private(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    count, places = of.private(parent, child)
    said = "run of three words" if count == 1 else "runs of three words"
    return f"{count or 'no'} {said} that no third article has", places


def _third(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    conflict = of.value("third.conflict.two", row)
    side = of.value("third.side.two", row)
    if side == 0.0:
        return "where the two differ, other articles agree with neither more than with the other", ()
    stand = "the parent" if side > 0 else "the child"
    return f"where the two differ, other articles mostly agree with {stand} ({conflict:.0%} contradictory)", ()


def _order(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    return f"{of.value('order.same', row):.0%} of the words they share stand in the same order", ()


def _length(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    return f"is {np.exp(of.value('length.growth', row)):.2f} times as long as the parent", ()


def _style(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    ahead = of.value("style.rank_child", row)
    return f"{_closer(ahead)} in style (sentences, punctuation, words)", ()


def _closer(ahead: float) -> str:
    return f"{_others(round(ahead))} closer"


def _others(count: int) -> str:
    if count <= 1:
        return "one other article is" if count == 1 else "no other article is"
    return f"{count} other articles are"


def _voice(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    steps = {name: of.value(f"voice.{name}", row) for name in VOICES}
    name = max(steps, key=lambda voice: abs(steps[voice]))
    later, earlier = (child, parent) if steps[name] > 0 else (parent, child)
    spans = voice.telling(voice.shipped(), name, of.reading(earlier), of.reading(later), FEW_SPANS)
    article = of.reading(later).article.id
    stand = "more" if steps[name] > 0 else "less"
    return f"sounds {stand} like {VOICES[name]} than the parent", tuple((article, s.start, s.end) for s in spans)


def _lives(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    article = of.reading(child).article
    alone, elsewhere = of.told_by_two(parent, child), of.regained(parent, child)
    told = [f"in these two articles alone: {_listed(article.text, alone)}"] if alone else []
    if elsewhere:
        told.append(f"told again though the parent lacks it: {_listed(article.text, elsewhere)}")
    return "; ".join(told) or "no fact is in these two articles alone, none told again", tuple(
        (article.id, span.start, span.end) for span in sorted([*alone, *elsewhere])[:FEW_SPANS]
    )


def _times(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
    above, below = (of.reading(text).article for text in (parent, child))
    known, own = times.where(above.text), times.where(below.text)
    said, places = [], []
    for name, claim in TIMES.items():
        if of.value(f"times.{name}", row):
            said.append(claim.format(_listed(below.text, [own[name]]), _listed(above.text, [known[name]])))
            places.append((below.id, *own[name]))
    return "; ".join(said) or "no year or version tells which of the two is later", tuple(places)


def _listed(text: str, spans: Sequence[Span]) -> str:
    """The first facts in the words of the text, and how many there are."""
    words = [" ".join(text[span.start : span.end].split()) for span in spans[:NAMED]]
    return ", ".join(words) + (f" and {len(spans) - NAMED} more" if len(spans) > NAMED else "")


def _kept(kind: str) -> Note:
    def note(of: Explainer, row: int, parent: int, child: int) -> tuple[str, Places]:
        wanted = particulars.of_text(of.reading(parent), kind)
        there = particulars.everything(of.reading(child), kind)
        kept = int(among(wanted, there).sum())
        what = "runs of quoted words" if kind == "quotations" else kind
        if not wanted.size:
            return f"the parent has no {what}", ()
        return f"keeps {kept} of {wanted.size} {what} of the parent", ()

    return note


NOTES: dict[str, Note] = {
    "wording": _wording,
    "private": _private,
    "third": _third,
    "order": _order,
    "length": _length,
    "style": _style,
    "voice": _voice,
    "lives": _lives,
    "times": _times,
    **{kind: _kept(kind) for kind in particulars.KINDS},
}
