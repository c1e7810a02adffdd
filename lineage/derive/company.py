"""The company of a story: what the other stories of the corpus look like.

How texts were written from one another is told by a story's descriptors, and a story of three texts tells little. But
whoever collects stories has mostly collected one kind: the editions of one paper, the versions of one set of licences.
So the stories that are found together are looked at together before any of them is derived.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import xxhash

from lineage.derive.decide import decide
from lineage.derive.descriptors import Described, descriptors
from lineage.derive.lessons import Lesson
from lineage.derive.linear import short
from lineage.derive.measures import Tables, tables
from lineage.derive.scores import Scorer, shipped
from lineage.records import Article
from lineage.settings import DeriveSettings

MOST = 96  # stories that are looked at: more would tell no more, and each is measured once more for it
SIZES = range(3, 49)  # texts they have: two do not show how third texts agree, very many take long


@dataclass(frozen=True, slots=True)
class Look:
    """One story of a corpus, judged by itself; all figures to seven significant digits.

    articles: their ids, sorted.  described: its descriptors.  lesson: what its links show of the reasons for them; None
    where an earlier release looked.
    """

    articles: tuple[str, ...]
    described: Described = field(hash=False)
    lesson: Lesson | None = None

    @classmethod
    def at(cls, measured: Tables, scorer: Scorer) -> "Look":
        """The look of a measured story."""
        ids = tuple(reading.article.id for reading in measured.readings)
        described = {name: short(value) for name, value in sorted(descriptors(measured).items())}
        decision = decide(measured, scorer, DeriveSettings().sever)
        return cls(ids, described, scorer.lesson(measured, decision.parents.tolist()))


@dataclass(frozen=True, slots=True)
class Company:
    """What some stories of one corpus look like; none where a story is alone."""

    looks: tuple[Look, ...] = ()

    @classmethod
    def of(cls, looks: Iterable[Look]) -> "Company":
        """The company of stories, in whatever order they come."""
        return cls(tuple(sorted(looks, key=lambda look: look.articles)))

    def without(self, articles: Iterable[str]) -> "Company":
        """The company of the stories that have none of these articles."""
        own = frozenset(articles)
        return Company(tuple(look for look in self.looks if own.isdisjoint(look.articles)))

    def heard_by(self, scorer: Scorer) -> Scorer:
        """The scorer for a story that is found in this company."""
        lessons = [look.lesson for look in self.looks if look.lesson]
        return scorer.among([look.described for look in self.looks], lessons)


ALONE = Company()


def look(articles: Iterable[Article]) -> Look:
    """What a story looks like, whatever the order of its articles."""
    return Look.at(tables(articles), shipped())


def looked_at(stories: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """Those stories, given by the ids of their articles, by which the company is told: the same ones in any order.

    At most `MOST`, all of a size among `SIZES`; none where there is but one.
    """
    told = sorted((_digest(articles), articles) for articles in stories if len(articles) in SIZES)
    return [articles for _, articles in told[:MOST]] if len(told) > 1 else []


def _digest(articles: Sequence[str]) -> int:
    return xxhash.xxh3_64_intdigest("\x1f".join(sorted(articles)).encode("utf-8", "surrogatepass"))
