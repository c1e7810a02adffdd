"""A story in one line of a list: how big, from when, where it probably begins, what was changed most."""

from dataclasses import dataclass

from lineage.records import CHANGE_KINDS, Change, Story
from lineage.report.labels import clean, cut, period
from lineage.report.page.words import names

# A reader of a list wants the change of a fact before the change of a headline or a sentence more or less.
_LAST = ("rounding", "lead", "order", "headline", "fact_dropped", "fact_added")
_RANK = {kind: position for position, kind in enumerate((*(k for k in CHANGE_KINDS if k not in _LAST), *_LAST))}
SHORT = 90
HEADING = 200  # letters of a headline above a page


@dataclass(frozen=True, slots=True)
class Line:
    """What the list says of a story; `begins` sorts by time, `root` is empty where the origin is undetermined."""

    id: str
    place: str
    title: str
    articles: int
    span: str
    begins: str
    root: str
    probability: float
    posited: int
    change: str
    shift: str


def line(story: Story, place: str) -> Line:
    """The line of a story whose page stands at `place`."""
    roots = sorted(story.derivation.roots, key=lambda root: (-root.probability, root.article))
    sure = bool(roots) and roots[0].probability >= 0.5
    change = _strongest(story)
    return Line(
        id=story.id,
        place=place,
        title=title(story),
        articles=len(story.articles),
        span=period(story.headlines),
        begins=min((head.earliest for head in story.headlines if head.earliest), default=""),
        root=names(story)[roots[0].article] if sure else "",
        probability=roots[0].probability if roots else 0.0,
        posited=len(story.derivation.posited),
        change="" if change is None else change.kind.replace("_", " "),
        shift="" if change is None else _shift(change),
    )


def title(story: Story) -> str:
    """The headline of the probable root, else of the first article that has one, else the story's id; never long."""
    heads = {head.id: cut(head.title, HEADING) for head in story.headlines}
    roots = sorted(story.derivation.roots, key=lambda root: (-root.probability, root.article))
    first = [heads.get(root.article, "") for root in roots]
    return next((text for text in (*first, *heads.values()) if text), story.id)


def _strongest(story: Story) -> Change | None:
    found = [
        (_RANK[change.kind], -edge.probability, position, change)
        for edge in story.derivation.edges
        for position, change in enumerate(edge.reframing.changes)
    ]
    return min(found, key=lambda entry: entry[:3])[3] if found else None


def _shift(change: Change) -> str:
    before, after = cut(change.before, SHORT), cut(change.after, SHORT)
    if before and after:
        return f"{before} → {after}"
    return f"− {before}" if before else f"+ {after}" if after else clean(change.note)
