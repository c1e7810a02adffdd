"""The life of a fact along a derivation: where it was born, who inherited, altered or dropped it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lineage.records import Article, Change, Derivation, Life, LifeEvent, LifeKind, Reframing, Span, Station
from lineage.reframe.bearers import Bearer, bearers, counterparts, is_hidden, place_in
from lineage.reframe.side import spoken

_MOST = 60
_ORDER: tuple[LifeKind, ...] = ("number", "date", "name", "hedge", "quote")
_TURNS: Mapping[str, LifeEvent] = {
    "number": "altered",
    "date": "altered",
    "name": "altered",
    "quote_altered": "altered",
    "quote_indirect": "indirect",
}
_KIND: Mapping[str, LifeKind] = {
    "number": "number",
    "date": "date",
    "name": "name",
    "quote_altered": "quote",
    "quote_indirect": "quote",
    "quote_dropped": "quote",
    "hedge_dropped": "hedge",
}
Link = tuple[str, str]


@dataclass(slots=True)
class _Family:
    """The story as lives see it: links between articles, what changed on each, and every fact with its kin.

    groups: for each fact the set of facts that are the same one passed on; shared, so that joining two is seen by all.
    """

    articles: Mapping[str, Article]
    order: Sequence[str]
    parents: Mapping[str, tuple[str, ...]]
    open: frozenset[str]
    changes: Mapping[Link, Sequence[Change]]
    facts: dict[str, tuple[Bearer, ...]] = field(default_factory=dict)
    groups: dict[Bearer, set[Bearer]] = field(default_factory=dict)
    heirs: set[tuple[str, Bearer]] = field(default_factory=set)


def lives(
    derivation: Derivation, articles: Mapping[str, Article], reframings: Mapping[Link, Reframing]
) -> tuple[Life, ...]:
    """The facts that articles of a story passed on, altered or dropped, most telling first.

    Followed are numbers, dates, names, quotations, and the hedges that some rewrite dropped. Where the direction of a
    link is open, or a parent is only posited, a fact is `held`, not born.
    """
    family = _family(derivation, articles, reframings)
    for child in family.order:
        for parent in family.parents.get(child, ()):
            _pass_on(family, parent, child)
    _join_equal_errors(family)
    for edge in derivation.edges:
        if not edge.directed and edge.parent in articles and edge.child in articles:
            _join(family, edge.parent, edge.child)
    seen: set[int] = set()
    told: list[Life] = []
    for name in family.order:
        for bearer in family.facts[name]:
            group = family.groups[bearer]
            if id(group) not in seen:
                seen.add(id(group))
                told.append(_life(family, group))
    return tuple(sorted(filter(_is_telling, told), key=_rank)[:_MOST])


def _family(derivation: Derivation, articles: Mapping[str, Article], reframings: Mapping[Link, Reframing]) -> _Family:
    parents: dict[str, list[str]] = {}
    unsure: set[str] = set()
    for edge in derivation.edges:
        if edge.directed and edge.parent in articles:
            parents.setdefault(edge.child, []).append(edge.parent)
        elif edge.directed:
            unsure.add(edge.child)
        else:
            unsure |= {edge.parent, edge.child}
    settled = {child: tuple(sorted(found)) for child, found in parents.items()}
    directed = {(parent, child) for child, found in settled.items() for parent in found}
    changes = {link: told.changes for link, told in reframings.items() if link in directed}
    known = [id for id in derivation.articles if id in articles]
    family = _Family(articles, _in_order(known, settled), settled, frozenset(unsure), changes)
    doubts = frozenset(
        " ".join(c.before.casefold().split()) for told in changes.values() for c in told if c.kind == "hedge_dropped"
    )
    for id in known:
        touched = [c for link, told in changes.items() if id in link for c in _seen_from(told, link, id)]
        family.facts[id] = bearers(articles[id], touched, doubts)
        family.groups |= {bearer: {bearer} for bearer in family.facts[id]}
    return family


def _seen_from(told: Sequence[Change], link: Link, id: str) -> Iterator[Change]:
    """The changes with only the span of one of the two articles left in."""
    for change in told:
        if change.kind in _TURNS:
            before, after = (change.before_span, None) if link[0] == id else (None, change.after_span)
            yield Change(change.kind, change.before, change.after, before, after)


def _in_order(known: Sequence[str], parents: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The articles, parents before children, by how many generations they are away from the first."""
    depth: dict[str, int] = {}
    waiting = list(known)
    while waiting:
        ready = [id for id in waiting if all(p in depth for p in parents.get(id, ()))]
        for id in ready or waiting:
            depth[id] = 1 + max((depth.get(p, 0) for p in parents.get(id, ())), default=0)
        waiting = [id for id in waiting if id not in depth]
    return sorted(known, key=lambda id: (depth[id], id))


def _pass_on(family: _Family, parent: str, child: str) -> None:
    lang = spoken(family.articles[child]) or spoken(family.articles[parent])
    for bearer in family.facts[parent]:
        for heir in counterparts(bearer, family.facts[child], lang):
            family.heirs.add((parent, heir))
            _unite(family, bearer, heir)


def _join(family: _Family, a: str, b: str) -> None:
    """The same across a link of open direction: one fact, but nobody's heir."""
    for bearer in family.facts[a]:
        for other in counterparts(bearer, family.facts[b], spoken(family.articles[a])):
            _unite(family, bearer, other)


def _join_equal_errors(family: _Family) -> None:
    """What two articles made of the same wording in the same way is one fact with two births.

    It seldom happens twice by chance: one probably had it from the other, although the derivation does not say so.
    """
    made = [(b, _origin(family, b)) for id in family.order for b in family.facts[id]]
    errors = [(bearer, origin) for bearer, origin in made if origin]
    for place, (bearer, origin) in enumerate(errors):
        for other, same in errors[place + 1 :]:
            lang = spoken(family.articles[other.article])
            if origin.casefold() == same.casefold() and list(counterparts(bearer, [other], lang)):
                _unite(family, bearer, other)


def _unite(family: _Family, a: Bearer, b: Bearer) -> None:
    left, right = family.groups[a], family.groups[b]
    if left is right:
        return
    left |= right
    for bearer in right:
        family.groups[bearer] = left


def _life(family: _Family, group: set[Bearer]) -> Life:
    held: dict[str, Bearer] = {}
    for bearer in sorted(group, key=lambda b: (b.article, b.fact.span)):
        held.setdefault(bearer.article, bearer)
    first = next(id for id in family.order if id in held)
    stations = []
    for id in family.order:
        station = _held(family, held[id], group) if id in held else _lost(family, held, group, id)
        if station is not None:
            stations.append(station)
    return Life(held[first].kind, held[first].fact.text, tuple(stations), _origin(family, held[first]))


def _held(family: _Family, bearer: Bearer, group: set[Bearer]) -> Station:
    mine = [other for other in group if other.article == bearer.article]
    givers = tuple(p for p in family.parents.get(bearer.article, ()) if any((p, b) in family.heirs for b in mine))
    event: LifeEvent = "inherited"
    if not givers:
        event = "held" if bearer.article in family.open and not _origin(family, bearer) else "born"
    elif bearer.kind == "quote" and all(_altered(family, giver, bearer) for giver in givers):
        event = "altered"  # most words are the same, so it is the same quotation
    return Station(bearer.article, event, bearer.fact.text, bearer.fact.span, givers)


def _lost(family: _Family, held: Mapping[str, Bearer], group: set[Bearer], id: str) -> Station | None:
    """What became of a fact in an article that does not have it, though a parent does."""
    givers = tuple(p for p in family.parents.get(id, ()) if p in held)
    if not givers:
        return None
    places = [place for bearer in group if bearer.article in givers for place in bearer.places]
    for giver in givers:
        for change in family.changes.get((giver, id), ()):
            event = _TURNS.get(change.kind, "dropped")
            if change.kind in _KIND and _KIND[change.kind] == held[giver].kind and _lies_in(change.before_span, places):
                return Station(id, event, change.after, change.after_span, (giver,))
    if held[givers[0]].kind == "hedge":
        return None  # the claim went with its hedge
    article = family.articles[id]
    translated = any(spoken(family.articles[p]) != spoken(article) for p in givers)
    if translated and held[givers[0]].kind not in {"number", "date"}:
        return None  # in another language it would read otherwise
    stands = next((place for p in givers if (place := place_in(held[p], article)) is not None), None)
    if stands is not None:
        return Station(id, "inherited", article.text[slice(*stands)], stands, givers)
    if any(is_hidden(held[p], article) for p in givers) or not all(held[p].sure for p in givers):
        return None
    return Station(id, "dropped", parents=givers)


def _lies_in(span: Span | None, places: Sequence[Span]) -> bool:
    return span is not None and any(place.start <= span.start < place.end for place in places)


def _origin(family: _Family, bearer: Bearer) -> str:
    """The wording of a parent that was altered into this fact, else empty."""
    wordings = (_altered(family, parent, bearer) for parent in family.parents.get(bearer.article, ()))
    return next(filter(None, wordings), "")


def _altered(family: _Family, parent: str, bearer: Bearer) -> str:
    """The wording of one parent that was altered into this fact, else empty."""
    for change in family.changes.get((parent, bearer.article), ()):
        altered = _TURNS.get(change.kind) == "altered" and _KIND[change.kind] == bearer.kind
        if altered and _lies_in(change.after_span, bearer.places):
            return change.before
    return ""


def _is_telling(life: Life) -> bool:
    """Whether anything but its birth is to be told."""
    if life.origin or life.at("altered", "indirect"):
        return True
    holders = life.at("born", "held", "inherited")
    if life.kind in {"hedge", "quote"}:
        return len(life.stations) > 1
    return len(holders) > 1 and (life.kind != "name" or bool(life.at("dropped")))


def _rank(life: Life) -> tuple[bool, int, int, str, str, int]:
    altered = bool(life.origin or life.at("altered"))
    first = life.stations[0]
    place = first.span.start if first.span is not None else 0
    return not altered, _ORDER.index(life.kind), -len(life.stations), first.article, life.fact, place
