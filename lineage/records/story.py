"""A story: articles that share text, how they probably derive from one another, and what each rewrite changed."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

from lineage.records.article import Article, Span, Stamp
from lineage.records.comparison import Relation
from lineage.records.verdict import Verdict

if TYPE_CHECKING:
    import networkx

_START = 36  # letters of a headline that stands for an outlet
# Marks inside a headline that itself stands between marks; one that is left alone opens.
_QUOTED = re.compile(r'"([^"]*)"')
_SINGLE = str.maketrans('“”"', "‘’‘")

ChangeKind = Literal[
    "number",
    "date",
    "name",
    "attribution",
    "quote_dropped",
    "quote_altered",
    "quote_indirect",
    "hedge_added",
    "hedge_dropped",
    "fact_dropped",
    "fact_added",
    "loaded_word",
    "headline",
    "rounding",
    "lead",
    "order",
]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing the child says otherwise than the parent.

    `before` is the parent's wording, `after` the child's; one of them is empty where something was dropped or added.
    Spans point into the `text` of parent and child; None where that side has nothing, and for `headline`, which is
    not part of the text, and for `order`, which is about the whole. note: half a sentence for a reader, may be empty.
    """

    kind: ChangeKind
    before: str
    after: str
    before_span: Span | None = None
    after_span: Span | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """How many of the parent's facts of one kind the child still has: `kept` of `total`."""

    kept: int
    total: int


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the parent in the child, counted.

    kept, changed, dropped: sentences of the parent; added: sentences of the child that answer to nothing in the
    parent. The rest: the parent's facts of a kind that survive.
    """

    kept: int = 0
    changed: int = 0
    dropped: int = 0
    added: int = 0
    quotes: Kept = Kept(0, 0)
    numbers: Kept = Kept(0, 0)
    names: Kept = Kept(0, 0)
    attributions: Kept = Kept(0, 0)
    hedges: Kept = Kept(0, 0)


@dataclass(frozen=True, slots=True)
class Reframing:
    """The account of one edge: its changes, most material first, the counts, and one or two plain sentences."""

    changes: tuple[Change, ...] = ()
    fate: Fate = Fate()
    summary: str = ""


LifeKind = Literal["number", "date", "name", "quote", "hedge"]
LIFE_KINDS: tuple[LifeKind, ...] = get_args(LifeKind)
LifeEvent = Literal["born", "held", "inherited", "altered", "indirect", "dropped"]
LIFE_EVENTS: tuple[LifeEvent, ...] = get_args(LifeEvent)


@dataclass(frozen=True, slots=True)
class Station:
    """What one article did with a fact.

    event: `born` where no parent has it; `held` where it stands but its way there is open (an undirected edge, a
    posited parent); `inherited`; `altered` and `indirect` where a parent's wording became `text`; `dropped`.
    text: the wording of this article, empty where there is none.  parents: the articles it had the fact from.
    """

    article: str
    event: LifeEvent
    text: str = ""
    span: Span | None = None
    parents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """One fact along a derivation: where it was born, who inherited, altered or dropped it.

    fact: its wording where it first stood.  origin: the wording that was altered into it, empty where it was new.
    stations: the articles that had it or could have had it from a parent, parents before children.
    """

    kind: LifeKind
    fact: str
    stations: tuple[Station, ...]
    origin: str = ""

    def at(self, *events: LifeEvent) -> tuple[str, ...]:
        """The articles in which one of the events happened, in the order of the stations."""
        return tuple(station.article for station in self.stations if station.event in events)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against an edge, in nats of log-odds; positive speaks for parent → child.

    kind: the evidence module that spoke.  note: one sentence for a reader.
    spans: places that show it, as (article id, start, end).
    """

    kind: str
    log_odds: float
    note: str
    spans: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rival:
    """Another parent that was considered for the same child; `parent` is empty for "none of these articles"."""

    parent: str
    probability: float


@dataclass(frozen=True, slots=True)
class Edge:
    """`child` was probably derived from `parent`.

    probability: that this parent–child link is right, direction included; calibrated, 0 to 1.
    directed: False when the evidence for the direction is even; then `parent` and `child` are in sorted order and the
    link is read "either way".  direction: probability of this direction given that the two touch, 0.5 to 1.
    covers: spans of the child that this parent accounts for.
    """

    parent: str
    child: str
    probability: float
    directed: bool
    direction: float
    relation: Relation
    evidence: tuple[Evidence, ...] = ()
    rivals: tuple[Rival, ...] = ()
    covers: tuple[Span, ...] = ()
    reframing: Reframing = Reframing()

    def __post_init__(self) -> None:
        if self.parent == self.child:
            raise ValueError(f"{self.child!r} cannot be derived from itself")
        if not 0.0 <= self.probability <= 1.0 or not 0.0 <= self.direction <= 1.0:
            raise ValueError(f"edge {self.parent!r} to {self.child!r} has a probability outside 0 to 1")

    @property
    def probable(self) -> bool:
        """Whether the link may be called probable: it is at least as likely as not."""
        return self.probability >= 0.5


@dataclass(frozen=True, slots=True)
class Root:
    """An article without a parent among the others, and how probable that is."""

    article: str
    probability: float


@dataclass(frozen=True, slots=True)
class Posited:
    """A source that no article of the story is, inferred from wording its descendants share."""

    id: str
    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Where an article names a source."""

    article: str
    span: Span


@dataclass(frozen=True, slots=True)
class Named:
    """A source that articles name but that is not among them ("TASS reported")."""

    id: str
    name: str
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True, slots=True)
class Derivation:
    """How the articles of a story probably derive from one another: a directed acyclic graph.

    Nodes are the story's articles, posited and named sources. Undirected edges carry `directed=False`. Everything is
    sorted, so equal derivations are equal records.
    """

    articles: tuple[str, ...]
    roots: tuple[Root, ...] = ()
    posited: tuple[Posited, ...] = ()
    named: tuple[Named, ...] = ()
    edges: tuple[Edge, ...] = ()

    def __post_init__(self) -> None:
        known = {*self.articles, *(p.id for p in self.posited), *(n.id for n in self.named)}
        for edge in self.edges:
            if edge.parent not in known or edge.child not in known:
                raise ValueError(f"edge {edge.parent!r} to {edge.child!r} leaves the story")
        if self._has_cycle():
            raise ValueError("a derivation has no cycles: nothing is written from its own descendant")

    def _has_cycle(self) -> bool:
        parents: dict[str, set[str]] = {}
        for edge in self.edges:
            if edge.directed:
                parents.setdefault(edge.child, set()).add(edge.parent)
        left = set(parents)
        while left:
            free = {child for child in left if not parents[child] & left}
            if not free:
                return True
            left -= free
        return False

    @property
    def groups(self) -> int:
        """How many parts the linked articles fall into when named sources do not count as a tie."""
        import networkx

        graph: networkx.Graph[str] = networkx.Graph((edge.parent, edge.child) for edge in self.edges)
        graph.remove_nodes_from([named.id for named in self.named])
        return networkx.number_connected_components(graph)

    def to_networkx(self) -> "networkx.DiGraph[str]":
        """The derivation as a `networkx.DiGraph`, nodes and edges in sorted order.

        Node attributes: `kind` ("article", "posited", "named"), `label`, and where they apply `probability` (of being
        a root, or of having existed). Edge attributes: `probability`, `direction`, `directed`, `relation`, `summary`.
        Values are str, float and bool only, so every writer of networkx takes them.
        """
        import networkx

        graph: networkx.DiGraph[str] = networkx.DiGraph()
        roots = {root.article: root.probability for root in self.roots}
        for article in self.articles:
            chance = {"probability": roots[article]} if article in roots else {}
            graph.add_node(article, kind="article", label=article, **chance)
        for source in self.posited:
            graph.add_node(source.id, kind="posited", label=source.reason, probability=source.probability)
        for named in self.named:
            graph.add_node(named.id, kind="named", label=named.name)
        for edge in self.edges:
            attributes: dict[str, Any] = {
                "probability": edge.probability,
                "direction": edge.direction,
                "directed": edge.directed,
                "relation": str(edge.relation),
                "summary": edge.reframing.summary,
            }
            graph.add_edge(edge.parent, edge.child, **attributes)
        return graph

    def with_reframings(self, reframings: dict[tuple[str, str], Reframing]) -> "Derivation":
        """The same derivation with the account of each edge filled in, looked up by (parent, child)."""
        told = (
            replace(edge, reframing=reframings.get((edge.parent, edge.child), edge.reframing)) for edge in self.edges
        )
        return replace(self, edges=tuple(told))


@dataclass(frozen=True, slots=True)
class Headline:
    """What a drawing needs to know of an article: no text, only its outside.

    published: the stamp as written; earliest: its earliest instant in ISO 8601 UTC, or the latest where only that is
    known; empty without a date.
    """

    id: str
    title: str = ""
    source: str = ""
    published: str = ""
    earliest: str = ""
    precision: str = ""
    lang: str = ""
    words: int = 0

    @classmethod
    def of(cls, article: Article) -> "Headline":
        """The outside of an article."""
        stamp = article.published
        return cls(
            id=article.id,
            title=article.title,
            source=article.source,
            published="" if stamp is None else stamp.text,
            earliest="" if stamp is None else _drawn_at(stamp).isoformat(),
            precision="" if stamp is None else stamp.precision,
            lang=article.lang,
            words=len(article.text.split()),
        )


def called(articles: Iterable[str], headlines: Iterable[Headline]) -> dict[str, str]:
    """What a reader calls each article: its outlet, else the start of its headline; the id where there is neither.

    Where two share a name each has its id behind it.

    >>> called("abc", [Headline("a", "A ferry", "Echo"), Headline("b", source="Echo"), Headline("c", "Late ferry")])
    {'a': 'Echo (a)', 'b': 'Echo (b)', 'c': '“Late ferry”'}
    >>> called("d", [Headline("d", '"So late": ferry in')])
    {'d': '“‘So late’: ferry in”'}
    """
    known = {head.id: _name(head) for head in headlines}
    often = Counter(known.values())
    found = {id: known.get(id) or id for id in articles}
    return {id: f"{name} ({id})" if often[name] > 1 else name for id, name in found.items()}


def _name(head: Headline) -> str:
    source, title = " ".join(head.source.split()), " ".join(head.title.split())
    if source or not title:
        return source
    start = title if len(title) <= _START else title[:_START].rpartition(" ")[0] or title[:_START]
    inner = _QUOTED.sub(r"‘\1’", start).translate(_SINGLE)
    return f"“{inner}{'…' if len(start) < len(title) else ''}”"


def _drawn_at(stamp: Stamp) -> datetime:
    return stamp.latest if stamp.precision == "until" else stamp.earliest


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that share text, with their derivation.

    id: from the content, so the same articles get the same id in any order.  weakest: the least probable link that
    holds the story together, as (a, b, probability); None when the story was given or has one article.  lives: the
    facts that were passed on, most telling first.  summary: the whole in one paragraph.  verdicts: what a person has
    said of its links, and the derivation keeps to.
    """

    id: str
    articles: tuple[str, ...]
    derivation: Derivation
    headlines: tuple[Headline, ...] = ()
    weakest: tuple[str, str, float] | None = field(default=None)
    lives: tuple[Life, ...] = ()
    summary: str = ""
    verdicts: tuple[Verdict, ...] = ()

    def __post_init__(self) -> None:
        if self.articles != self.derivation.articles:
            raise ValueError(f"story {self.id!r} and its derivation name different articles")
        if list(self.articles) != sorted(set(self.articles)):
            raise ValueError(f"story {self.id!r} must list its articles once each, sorted")
