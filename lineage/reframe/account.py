"""The account of one edge."""

from lineage.records import Article, Change, ChangeKind, Fate, Kept, Reframing, Span
from lineage.reframe.content import added_facts, dropped_facts, headline_change
from lineage.reframe.crediting import attribution_changes, attribution_survives
from lineage.reframe.doubt import hedge_changes, hedges_surviving, loaded_changes
from lineage.reframe.naming import name_changes, name_survives
from lineage.reframe.order import lead_change, order_change
from lineage.reframe.side import Facing, face
from lineage.reframe.speech import Told, quote_changes, quote_fates
from lineage.reframe.summary import in_another_language, summary
from lineage.reframe.values import date_changes, number_changes, survives

# What makes a rewrite wrong comes before what makes it partial, and that before what makes it shorter.
_MATERIALITY: tuple[ChangeKind, ...] = (
    "number",
    "date",
    "name",
    "attribution",
    "quote_altered",
    "hedge_dropped",
    "hedge_added",
    "headline",
    "quote_dropped",
    "quote_indirect",
    "rounding",
    "lead",
    "order",
    "fact_added",
    "fact_dropped",
    "loaded_word",
)
_NOWHERE = Span(1 << 60, 1 << 60)


def reframing(parent: Article, child: Article) -> Reframing:
    """What `child` changed of `parent`: every change with its exact spans, the counts, and the editor's sentence.

    An identical text gives no change. A claim that stands in the child in another form (figures for words, another
    scale, another title) is no change; where the two sides cannot be matched with some certainty nothing is claimed.
    """
    facing = face(parent, child)
    fates = quote_fates(facing)
    changes = [] if parent.text == child.text else _changes(facing, fates)
    changes += headline_change(parent, child)
    ordered = tuple(sorted(changes, key=_order))
    fate = _fate(facing, fates)
    if facing.translated:
        fate = Fate(numbers=fate.numbers, names=fate.names)
        return Reframing(ordered, fate, in_another_language(ordered))
    return Reframing(ordered, fate, summary(ordered, fate))


def _changes(facing: Facing, fates: list[Told]) -> list[Change]:
    values = [*number_changes(facing), *date_changes(facing)]
    if facing.translated:
        return values  # words of two languages say nothing about each other
    return [
        *values,
        *name_changes(facing),
        *attribution_changes(facing),
        *quote_changes(facing, fates),
        *hedge_changes(facing),
        *loaded_changes(facing),
        *lead_change(facing),
        *order_change(facing),
        *added_facts(facing),
        *dropped_facts(facing),
    ]


def _order(change: Change) -> tuple[int, Span, Span, str]:
    before = change.before_span or _NOWHERE
    return _MATERIALITY.index(change.kind), before, change.after_span or _NOWHERE, change.after


def _fate(facing: Facing, fates: list[Told]) -> Fate:
    named = facing.parent.of("name")
    counted = [*facing.parent.of("number"), *facing.parent.of("date")]
    credited = [fact for fact in facing.parent.of("attribution") if fact.speaker]
    hedged = facing.parent.of("hedge")
    sentences = {"kept": 0, "changed": 0, "dropped": 0, "added": 0}
    for block in facing.blocks:
        if block.a is None:
            sentences["added"] += 1
        else:
            verdict = "dropped" if block.b is None else "kept" if block.similarity == 1.0 else "changed"
            sentences[verdict] += len(facing.parent.rows(block.a))
    return Fate(
        **sentences,
        quotes=_quotations(facing, fates),
        numbers=Kept(sum(survives(fact, facing) for fact in counted), len(counted)),
        names=Kept(sum(name_survives(fact, facing.child, facing.language) for fact in named), len(named)),
        attributions=Kept(sum(attribution_survives(fact, facing) for fact in credited), len(credited)),
        hedges=Kept(hedges_surviving(facing), len(hedged)),
    )


def _quotations(facing: Facing, fates: list[Told]) -> Kept:
    """Quotations of which the child keeps at least a part between its marks."""
    kept = [told.quote.span for told in fates if told.fate == "kept"]
    quotes = facing.parent.of("quote")
    return Kept(sum(any(q.span.start <= s.start < q.span.end for s in kept) for q in quotes), len(quotes))
