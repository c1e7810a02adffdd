"""What the page says of a story, gathered: one record a link, ready for the template."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup

from lineage.records import Article, Change, Edge, Evidence, Fate, Headline, Story, Verdict
from lineage.report import legend
from lineage.report.labels import clean, cut, instant, when
from lineage.report.page.life import Course, courses
from lineage.report.page.outline import title
from lineage.report.page.plain import shortened
from lineage.report.page.texts import Columns, columns
from lineage.report.page.words import duration, kind, names, percent
from lineage.report.scene import Scene, anchor, best_parents

if TYPE_CHECKING:
    from lineage.report.page.strip import Strip

SNIPPET, SNIPPETS = 140, 2
CLOCK, VERDICT = "dates", "verdict"  # kinds of evidence
# How long after the earliest instant an article may have appeared; a day without a zone lasts 50 hours round the world.
SLACK = {"until": timedelta.max, "year": timedelta(days=368), "month": timedelta(days=33), "day": timedelta(hours=50)}


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: its weight, and the passages that show it."""

    kind: str
    log_odds: float
    note: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One end of a link as the page names it; `article`: it is one, and no source; `at_hand`: its text is there."""

    id: str
    name: str
    outlet: str
    title: str
    time: str
    lang: str
    article: bool
    at_hand: bool
    moment: datetime | None
    slack: timedelta


@dataclass(frozen=True, slots=True)
class Link:
    """One link with everything the three panels and its row in the table say."""

    key: str
    edge: Edge
    judgeable: bool
    parent: Side
    child: Side
    second: bool
    reasons: tuple[Reason, ...]
    rivals: tuple[tuple[str, float], ...]
    clock: str
    text: Columns | None
    facts: tuple[tuple[str, tuple[Change, ...]], ...]
    survived: tuple[tuple[str, int, int], ...]
    lag: str
    lag_minutes: float | None
    kept: str
    date: str

    @property
    def settled(self) -> bool:
        """Whether a person has said that the link is right."""
        return any(reason.kind == VERDICT for reason in self.reasons)

    @property
    def said(self) -> str:
        """The link in words that claim no more than was found."""
        if not self.edge.directed:
            return f"{self.parent.name} and {self.child.name}: one from the other, either way"
        if not self.edge.probable:
            return f"Undetermined: {self.child.name} may be derived from {self.parent.name}"
        return f"{self.child.name} was probably derived from {self.parent.name}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A story on the page.

    aims: by the drawing's node id the link that a click on the box selects.  anchors: that node id by article.
    verdicts: what a person has said, in words, with the note.
    """

    key: str
    id: str
    title: str
    heading: tuple[str, str]
    links: tuple[Link, ...]
    names: Mapping[str, str]
    anchors: Mapping[str, str]
    aims: Mapping[str, str]
    verdicts: tuple[tuple[str, str], ...]
    outlets: tuple[str, ...]
    relations: tuple[str, ...]
    dated: bool
    posited: tuple[tuple[str, float, str], ...]
    unlinked: tuple[Side, ...]
    summary: str
    courses: tuple[Course, ...]
    svg: Markup = field(default=Markup(""))
    strip: "Strip | None" = None


def sheet(story: Story, articles: Mapping[str, Article], scene: Scene) -> Sheet:
    """The story as the page shows it, links by time of the child and then by id."""
    called = names(story)
    sides = _sides(story, articles, called)
    best = best_parents(story.derivation.edges)
    links = [_link(edge, sides, articles, best.get(edge.child) != edge) for edge in _in_order(story)]
    anchors = {id: anchor(id) for id in sides}
    linked = {end for edge in story.derivation.edges for end in (edge.parent, edge.child)}
    return Sheet(
        key=f"story-{story.id}",
        id=story.id,
        title=title(story),
        heading=legend.title(scene),
        links=tuple(links),
        names=called,
        anchors=anchors,
        aims=_aims(links, best, anchors),
        verdicts=tuple((_settled(verdict, called), verdict.note) for verdict in story.verdicts),
        outlets=tuple(sorted({side.outlet for link in links for side in (link.parent, link.child) if side.outlet})),
        relations=tuple(sorted({link.edge.relation for link in links})),
        dated=any(link.date for link in links),
        posited=tuple((called[s.id], s.probability, s.reason) for s in story.derivation.posited),
        unlinked=tuple(sides[id] for id in story.articles if id not in linked),
        summary=story.summary,
        courses=courses(story, called),
    )


def _settled(verdict: Verdict, called: Mapping[str, str]) -> str:
    """A verdict in words."""
    parent, child = called[verdict.parent], called[verdict.child]
    if verdict.verdict == "wrong direction":
        parent, child = child, parent
    if verdict.verdict == "wrong":
        return f"Neither of {parent} and {child} was written from the other"
    if not verdict.verdict:
        return f"On {parent} and {child}"
    return f"{child} was written from {parent}" if verdict.directed else f"{parent} and {child} are linked"


def _in_order(story: Story) -> list[Edge]:
    earliest = {head.id: head.earliest for head in story.headlines}
    undated = "~"  # sorts after every date
    return sorted(
        story.derivation.edges, key=lambda edge: (earliest.get(edge.child) or undated, edge.child, edge.parent)
    )


def _aims(links: Sequence[Link], best: Mapping[str, Edge], anchors: Mapping[str, str]) -> dict[str, str]:
    aims: dict[str, str] = {}
    for link in links:
        if best.get(link.edge.child) == link.edge:
            aims[anchors[link.edge.child]] = link.key
    for link in links:
        aims.setdefault(anchors[link.edge.parent], link.key)
        aims.setdefault(anchors[link.edge.child], link.key)
    return aims


def _sides(story: Story, articles: Mapping[str, Article], called: Mapping[str, str]) -> dict[str, Side]:
    heads = {head.id: head for head in story.headlines}
    sides = {}
    for id, name in called.items():
        found = side(heads.get(id, Headline(id)), name, id in articles)
        sides[id] = replace(found, article=id in story.articles)
    return sides


def side(head: Headline, name: str, at_hand: bool) -> Side:
    """An article as the page names it."""
    return Side(
        id=head.id,
        name=name,
        outlet=clean(head.source),
        title=clean(head.title),
        time=when(head, year=True),
        lang=head.lang if head.lang.isascii() and head.lang.replace("-", "").isalnum() else "",
        article=True,
        at_hand=at_hand,
        moment=instant(head),
        slack=SLACK.get(head.precision, timedelta(0)),
    )


def _link(edge: Edge, sides: Mapping[str, Side], articles: Mapping[str, Article], second: bool) -> Link:
    parent, child = sides[edge.parent], sides[edge.child]
    fate = edge.reframing.fate
    both = parent.at_hand and child.at_hand
    lag = _lag(parent, child)
    return Link(
        key=anchor(edge.parent, edge.child).partition("-")[2],
        edge=edge,
        judgeable=parent.article and child.article,
        parent=parent,
        child=child,
        second=second and edge.directed,
        reasons=tuple(_reason(reason, articles) for reason in edge.evidence),
        rivals=tuple(
            (sides[rival.parent].name if rival.parent in sides else "none of these articles", rival.probability)
            for rival in edge.rivals
        ),
        clock=_clock(edge),
        text=columns(articles[edge.parent], articles[edge.child]) if both else None,
        facts=by_kind(edge.reframing.changes),
        survived=survived(fate),
        lag="" if lag is None else _said(lag, coarse=bool(parent.slack or child.slack)),
        lag_minutes=None if lag is None else lag / timedelta(minutes=1),
        kept=percent(fate.kept, fate.kept + fate.changed + fate.dropped),
        date="" if child.moment is None else f"{child.moment:%Y-%m-%dT%H:%M}",
    )


def _lag(parent: Side, child: Side) -> timedelta | None:
    """The time between two articles; None where a date is missing or too coarse to tell."""
    if child.moment is None or parent.moment is None:
        return None
    lag = child.moment - parent.moment
    return None if abs(lag) < max(parent.slack, child.slack) else lag


def _said(lag: timedelta, coarse: bool) -> str:
    whole = timedelta(days=round(lag / timedelta(days=1)))
    return f"~{duration(whole)}" if coarse else duration(lag)


def _reason(reason: Evidence, articles: Mapping[str, Article]) -> Reason:
    passages = []
    for id, start, end in reason.spans[:SNIPPETS]:
        if id in articles:
            text = articles[id].text[start:end]
            passages.append(cut(text, SNIPPET))
    return Reason(reason.kind, reason.log_odds, reason.note, tuple(passages))


def _clock(edge: Edge) -> str:
    """What would become of the link if its dates were wrong; empty where no date spoke."""
    dates = sum(reason.log_odds for reason in edge.evidence if reason.kind == CLOCK)
    if not dates:
        return ""
    rest = sum(reason.log_odds for reason in edge.evidence) - dates
    verdict = "still speak for" if rest > 0 else "speak against" if rest < 0 else "say nothing about"
    weight = f"{rest:+.2f}".replace("-", "−")
    return f"If the dates were wrong, the other reasons shown here ({weight} together) would {verdict} this link."


def by_kind(changes: Sequence[Change]) -> tuple[tuple[str, tuple[Change, ...]], ...]:
    """Changes by kind, kinds in the order of their most material change."""
    kinds: dict[str, list[Change]] = {}
    for change in changes:
        kinds.setdefault(kind(change.kind), []).append(_brief(change))
    return tuple((kind, tuple(found)) for kind, found in kinds.items())


def _brief(change: Change) -> Change:
    """A whole sentence more or less cut short: it stands in full beside the other text."""
    if change.kind not in ("fact_added", "fact_dropped"):
        return change
    return replace(change, before=shortened(change.before, SNIPPET), after=shortened(change.after, SNIPPET))


def survived(fate: Fate) -> tuple[tuple[str, int, int], ...]:
    """How many of the parent's facts of each kind the child still has, and of how many."""
    counts = [(name, getattr(fate, name)) for name in ("quotes", "numbers", "names", "attributions", "hedges")]
    return tuple((name, count.kept, count.total) for name, count in counts if count.total)
