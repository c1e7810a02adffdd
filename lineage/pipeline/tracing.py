"""The order of the stages: articles → candidate pairs → comparisons → stories → derivations → reframings → results."""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xxhash

from lineage import candidates, cluster, derive, ingest, reframe, sketch, verify
from lineage.errors import InputError
from lineage.features import Sketches
from lineage.pipeline import twins
from lineage.pipeline import verdicts as judged
from lineage.pipeline.work import processes
from lineage.records import (
    Article,
    Comparison,
    Derivation,
    Edge,
    Headline,
    Reframing,
    Relation,
    Skipped,
    Story,
    Verdict,
)
from lineage.report import formats, notebook, page
from lineage.settings import DrawSettings, ReadSettings, Settings
from lineage.watch import Silent, Watch

PAGE = "html"
FORMATS = (*formats.FORMATS, PAGE)
MANY = 48  # stories from which starting processes pays
_MIRRORED: Mapping[Relation, Relation] = {"abridged": "expanded", "expanded": "abridged"}  # read the other way round
BATCH = 512  # articles sketched at once: enough to keep the compiled loops busy, small in memory

Rows = Any  # articles, dicts, a DataFrame or an Arrow table: whatever `read` takes


@dataclass(frozen=True, slots=True)
class TracedStory:
    """A story with its articles at hand, and the company it was found in; draws itself in a notebook."""

    record: Story
    articles: Mapping[str, Article] = field(hash=False, repr=False)
    draw: DrawSettings = DrawSettings()
    company: derive.Company = field(default=derive.ALONE, hash=False, repr=False)

    @property
    def id(self) -> str:
        """The story's id, from its articles' ids."""
        return self.record.id

    @property
    def derivation(self) -> Derivation:
        """How the articles probably derive from one another."""
        return self.record.derivation

    def export(self, format: str) -> bytes:
        """The story in one of `FORMATS`.  Raises DrawingError."""
        if format == PAGE:
            return page.page([page.Told(self.record, self.articles)], self.draw)
        return formats.export([self.record], format, self.draw)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str | bytes]:
        return notebook.bundle(self.record, self.draw)


@dataclass(frozen=True, slots=True)
class Result:
    """What `trace` found.

    stories: largest first.  comparisons: compared pairs at or above `settings.compare.report`.  articles: how many
    were read.  skipped: what was not taken, and why.
    """

    stories: tuple[TracedStory, ...]
    comparisons: tuple[Comparison, ...]
    articles: int
    skipped: tuple[Skipped, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class PairReading:
    """Two articles held side by side: the comparison, and what the second changed of the first.

    relation: how the second stands to the first; that of the comparison goes from the id that sorts first.
    """

    comparison: Comparison
    reframing: Reframing
    relation: Relation

    @property
    def probability(self) -> float:
        """That the two share text by derivation or from a common written source, from 0 to 1."""
        return self.comparison.probability


def articles(
    source: Rows, settings: Settings = Settings(), on_skip: ingest.OnSkip = ingest.ignore
) -> Iterator[Article]:
    """Articles from paths (or "-"), or from dicts, a DataFrame, an Arrow table; articles as they are, each id once."""
    if isinstance(source, str | os.PathLike):
        return ingest.articles([Path(source)] if str(source) != "-" else ["-"], settings.read, on_skip)
    if isinstance(source, Sequence) and source and all(isinstance(entry, str | os.PathLike) for entry in source):
        return ingest.articles(source, settings.read, on_skip)
    if hasattr(source, "columns") or hasattr(source, "to_batches"):
        return ingest.from_rows(source, settings.read, on_skip)
    return _mixed(source, settings, on_skip)


def _mixed(source: Iterable[Any], settings: Settings, on_skip: ingest.OnSkip) -> Iterator[Article]:
    rows = iter(source)
    first = next(rows, None)
    if first is None:
        return
    again = (entry for part in ((first,), rows) for entry in part)
    if isinstance(first, Article):
        yield from ingest.from_articles(again, on_skip)
    else:
        yield from ingest.from_rows(again, settings.read, on_skip)


def trace(
    source: Rows,
    settings: Settings = Settings(),
    watch: Watch = Silent(),
    jobs: int = 1,
    verdicts: Sequence[Verdict] = (),
) -> Result:
    """The stories among `source`, each with its derivation and the changes along every edge.

    `source` is whatever `articles` takes. The same articles in any order, with any number of processes (`jobs`), give
    the same result. Derivations keep to the `verdicts`; raises InputError where these contradict one another.
    """
    said = derive.agreed(verdicts)
    skipped: list[Skipped] = []
    watch.stage("reading")
    known = sorted(_counted(articles(source, settings, skipped.append), watch), key=lambda article: article.id)
    grouped = any(article.story for article in known)
    if known and not grouped:
        tell_ungrouped(settings, watch)
    by_id = {article.id: article for article in known}
    comparisons, counts = (_within_given if grouped else compared)(known, settings, watch)
    linked = judged.held(comparisons, said, by_id.keys())
    groups = _given(known) if grouped else cluster.groups(linked, settings.cluster)
    watch.stage("deriving", len(groups))
    stories = []
    members = [([by_id[id] for id in group.articles], group, judged.within(group.articles, said)) for group in groups]
    some = derive.looked_at([group.articles for group in groups])
    company = derive.Company.of(derive.look(by_id[id] for id in ids) for ids in some)
    for record in _told(members, partial(story_of, company=company, settings=settings), jobs):
        stories.append(TracedStory(record, {id: by_id[id] for id in record.articles}, settings.draw, company))
        watch.advance()
    judged.tell(said, (story.record for story in stories), watch)
    return Result(tuple(stories), comparisons, len(known), tuple(skipped), counts)


def tell_ungrouped(settings: Settings, watch: Watch) -> None:
    """Say that a story field was asked for which no article has: stories are then searched for after all."""
    if settings.read.story_field:
        watch.note(
            f"no article has the field {settings.read.story_field!r}, so stories are searched for; check its name"
        )


def judge(stories: Iterable[TracedStory], verdicts: Sequence[Verdict], settings: Settings) -> Iterator[TracedStory]:
    """The stories inferred anew under verdicts and those they had; where none is on its articles, a story stays.

    A story without the texts of its articles stays, too. Raises InputError where verdicts contradict one another.
    """
    for story in stories:
        said = derive.agreed([*story.record.verdicts, *judged.within(story.record.articles, verdicts)])
        if said == story.record.verdicts or len(story.articles) < len(story.record.articles):
            yield story
            continue
        group = cluster.Group(story.record.articles, story.record.weakest)
        told = story_of(([story.articles[id] for id in story.record.articles], group, said), story.company, settings)
        yield replace(story, record=told)


Members = tuple[list[Article], cluster.Group, tuple[Verdict, ...]]


def _told(groups: Sequence[Members], tell: Callable[[Members], Story], jobs: int) -> Iterator[Story]:
    """The stories in the order of `groups`, told in `jobs` processes where there are many."""
    if jobs == 1 or len(groups) < MANY:
        yield from map(tell, groups)
        return
    with processes(jobs) as pool:
        yield from pool.map(tell, groups, chunksize=4)


def compare(a: Rows, b: Rows, settings: Settings = Settings()) -> PairReading:
    """Two articles (or texts) side by side; the changes are those from `a` to `b`, whatever the direction."""
    first, second = as_article(a, "a"), as_article(b, "b")
    if first.id == second.id:
        first, second = as_article(first.text, "a"), as_article(second.text, "b")
    ordered = sorted((first, second), key=lambda article: article.id)
    exhaustive = np.array([[0, 1]], np.int32)
    everything = _reporting_all(settings)
    comparison = verify.comparisons(ordered, exhaustive, everything.compare, everything.sketch)[0]
    turned = comparison.a != first.id
    relation = _MIRRORED.get(comparison.relation, comparison.relation) if turned else comparison.relation
    return PairReading(comparison, reframe.reframing(first, second), relation)


def story_id(ids: Iterable[str]) -> str:
    """The id of the story of these articles: a digest of their sorted ids."""
    return "s" + xxhash.xxh3_64_hexdigest("\x1f".join(sorted(ids)).encode("utf-8", "surrogatepass"))


def as_article(given: Rows, id: str) -> Article:
    """An article, a dict or a text as an article; a text gets this id.  Raises InputError, TypeError."""
    if isinstance(given, Article):
        return given
    if not isinstance(given, str | Mapping):
        raise TypeError(f"an article is an Article, a dict or a text, not {type(given).__name__}")
    row = {"id": id, "text": given} if isinstance(given, str) else {"id": id, **given}
    article = next(ingest.from_rows([row], ReadSettings(min_words=1)), None)
    if article is None:
        which = str(row["id"])
        raise InputError(f"no words; {which if which.isprintable() else 'the text'}; give a text that has some")
    return article


def _reporting_all(settings: Settings) -> Settings:
    return replace(settings, compare=replace(settings.compare, report=0.0))


def _counted(known: Iterable[Article], watch: Watch) -> Iterator[Article]:
    for article in known:
        watch.advance()
        yield article


def compared(
    known: Sequence[Article], settings: Settings, watch: Watch
) -> tuple[tuple[Comparison, ...], dict[str, int]]:
    """The compared pairs of articles, all in memory, and how much was looked at."""
    watch.stage("sketching", len(known))
    sketches = sketched([article.text for article in known], settings, watch)
    watch.stage("looking for candidate pairs")
    found = candidates.pairs(sketches, settings.candidates)
    watch.stage("comparing")
    comparisons = verify.comparisons(known, found.pairs, settings.compare, settings.sketch)
    counts = {
        "articles": len(known),
        "candidate_pairs": len(found.pairs),
        "hot_buckets": found.hot_buckets,
        "hot_features": found.hot_features,
        "reported_pairs": len(comparisons),
        "related_pairs": sum(comparison.probability >= 0.5 for comparison in comparisons),
    }
    return comparisons, counts


def sketched(texts: Sequence[str], settings: Settings, watch: Watch = Silent(), threads: int = 1) -> Sketches:
    """The sketches of texts, made batch by batch."""
    batches = (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))
    made = partial(sketch.sketches, settings=settings.sketch)
    parts = []
    with nullcontext() if threads == 1 else ThreadPoolExecutor(threads) as pool:
        for part in map(made, batches) if pool is None else pool.map(made, batches):
            parts.append(part)
            watch.advance(len(part))
    return sketch.joined(parts)


def _members(known: Sequence[Article]) -> dict[str, list[Article]]:
    """The articles of each story that the input names."""
    members: dict[str, list[Article]] = {}
    for article in known:
        if article.story:
            members.setdefault(article.story, []).append(article)
    return members


def _given(known: Sequence[Article]) -> tuple[cluster.Group, ...]:
    """The stories that the input names."""
    parts = _members(known).values()
    groups = (cluster.Group(tuple(article.id for article in part), None) for part in parts if len(part) > 1)
    return tuple(sorted(groups, key=lambda group: (-len(group.articles), group.articles)))


def _within_given(
    known: Sequence[Article], settings: Settings, watch: Watch
) -> tuple[tuple[Comparison, ...], dict[str, int]]:
    """Comparisons within the stories that the input names."""
    members = _members(known)
    watch.stage("comparing", len(members))
    comparisons: list[Comparison] = []
    totals: Counter[str] = Counter()
    for story in sorted(members):
        found, counts = compared(members[story], settings, Silent())
        comparisons += found
        totals.update(counts)
        watch.advance()
    return tuple(sorted(comparisons, key=lambda entry: (entry.a, entry.b))), dict(totals)


def story_of(told: Members, company: derive.Company, settings: Settings) -> Story:
    """The story of articles that belong together: who was probably written from whom, and what each changed."""
    members, group, said = told
    found = twins.apart(members, said)
    derivation = derive.derivation(found.kept, settings.derive, said, company)
    by_id = {article.id: article for article in found.kept}
    accounts = {
        (edge.parent, edge.child): reframe.reframing(by_id[edge.parent], by_id[edge.child])
        for edge in derivation.edges
        if _between_articles(edge, by_id)
    }
    headlines = tuple(map(Headline.of, members))
    derivation = derivation.with_reframings(accounts)
    lives = reframe.lives(derivation, by_id, accounts)
    derivation = twins.together(derivation, members, found)
    summary = reframe.paragraph(derivation, headlines, lives)
    return Story(
        id=story_id(group.articles),
        articles=group.articles,
        derivation=derivation,
        headlines=headlines,
        weakest=group.weakest,
        lives=lives,
        summary=summary,
        verdicts=said,
    )


def _between_articles(edge: Edge, known: Mapping[str, Article]) -> bool:
    return edge.parent in known and edge.child in known
