"""Wording that many unrelated stories of a corpus share: wire headers, agency paragraphs, notices, templates.

It is found and reported, never taken away: its runs of words are common, so they weigh little where pairs are
compared, and the reader sees what they are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lineage import features, words
from lineage.records import Article, Boilerplate, Span
from lineage.settings import BoilerplateSettings

_MANY = 512  # texts that are split at once
_SURPRISE = 30.0  # times the articles that ordinary use of its words would give: an idiom is no boilerplate


@dataclass(frozen=True, slots=True)
class _Passage:
    """A maximal run of common wording in one article: row of the article, first and last word, its shingles."""

    row: int
    first: int
    last: int
    shingles: NDArray[np.int64]


def boilerplate(
    articles: Sequence[Article],
    story_of: Mapping[str, str],
    settings: BoilerplateSettings = BoilerplateSettings(),
) -> tuple[Boilerplate, ...]:
    """The passages of `articles` whose wording stands in many stories, the most repeated first.

    story_of: the story of an article; one that is in none counts as a story of its own. Of overlapping passages the
    longest is told; its `articles` and `stories` are those that have every run of words in it.
    """
    known = sorted(articles, key=lambda article: article.id)
    stories = np.unique([story_of.get(article.id, f"\0{article.id}") for article in known], return_inverse=True)[1]
    runs = _runs(known, settings.run)
    common, in_articles, in_stories = _common(runs, stories, settings)
    found = sorted(
        _passages(runs, common),
        key=lambda passage: (-len(passage.shingles), known[passage.row].id, passage.first),
    )
    told = np.zeros(common.size, bool)
    kept = []
    for passage in found:
        if told[passage.shingles].all():
            continue
        told[passage.shingles] = True
        counts = int(in_articles[passage.shingles].min()), int(in_stories[passage.shingles].min())
        kept.append(_told(known[passage.row], passage, settings, counts))
    return tuple(sorted(kept, key=lambda entry: (-entry.articles * entry.words, entry.article, entry.span)))


@dataclass(frozen=True, slots=True)
class _Runs:
    """Every run of words: its hash, expected share of articles, row of its article, the word it begins with."""

    values: NDArray[np.uint64]
    expected: NDArray[np.float32]
    owners: NDArray[np.int64]
    places: NDArray[np.int32]


def _runs(known: Sequence[Article], size: int) -> _Runs:
    sets = features.joined(
        [
            features.runs(words.split_batch([article.text for article in known[start : start + _MANY]]), size)
            for start in range(0, max(len(known), 1), _MANY)
        ]
    )
    return _Runs(sets.values, sets.shares, np.repeat(np.arange(len(known)), np.diff(sets.bounds)), sets.places)


def _common(
    runs: _Runs, stories: NDArray[np.int64], settings: BoilerplateSettings
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """The runs that enough articles of enough stories have, sorted; how many articles and stories have each."""
    values, first, counts = np.unique(runs.values, return_index=True, return_counts=True)
    usual = runs.expected[first] * max(stories.size, 1)
    often = (counts >= settings.articles) & (counts >= _SURPRISE * usual)
    known, inside = _places(values[often], runs.values)
    couples = np.unique(np.stack([known[inside], stories[runs.owners[inside]]], axis=1), axis=0)
    spread = np.bincount(couples[:, 0], minlength=int(often.sum()))
    enough = spread >= settings.stories
    return values[often][enough], counts[often][enough], spread[enough]


def _places(known: NDArray[np.uint64], values: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where each value stands in `known`, which is sorted; the rows of those that do."""
    if not known.size:
        return np.zeros(values.size, np.int64), np.empty(0, np.int64)
    place = np.minimum(np.searchsorted(known, values), known.size - 1)
    return place, np.flatnonzero(known[place] == values)


def _passages(runs: _Runs, common: NDArray[np.uint64]) -> Iterator[_Passage]:
    """The maximal runs of common wording, article by article."""
    place, inside = _places(common, runs.values)
    if not inside.size:
        return
    owners, places = runs.owners[inside], runs.places[inside]
    order = np.lexsort((places, owners))
    breaks = np.flatnonzero((np.diff(owners[order]) != 0) | (np.diff(places[order]) != 1)) + 1
    for part in np.split(order, breaks):
        yield _Passage(int(owners[part[0]]), int(places[part[0]]), int(places[part[-1]]), place[inside[part]])


def _told(article: Article, passage: _Passage, settings: BoilerplateSettings, counts: tuple[int, int]) -> Boilerplate:
    split = words.split(article.text)
    last = passage.last + settings.run - 1
    span = Span(int(split.starts[passage.first]), int(split.ends[last]))
    return Boilerplate(
        text=article.text[span.start : span.end],
        articles=counts[0],
        stories=counts[1],
        words=last - passage.first + 1,
        article=article.id,
        span=span,
    )
