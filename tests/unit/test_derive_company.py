"""The company of a story: which stories are looked at, and that a story is judged by the others alone."""

import random
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage import derive, pipeline, simulate
from lineage.derive.company import ALONE, MOST, SIZES, Company, look, looked_at
from lineage.records import Article, Reframing, Verdict
from lineage.settings import ReadSettings, Settings

GIVEN = Settings(read=ReadSettings(story_field="story"))
STORIES = st.lists(
    st.lists(st.text("abc", min_size=1), min_size=1, max_size=6, unique=True).map(tuple), max_size=12, unique=True
)


def story(seed: int, texts: int = 5) -> list[Article]:
    """A simulated story with ids and a name of its own."""
    made = simulate.story(simulate.tree(texts, simulate.REWRITE), seed).articles
    return [replace(article, id=f"{seed}-{article.id}", story=f"story {seed}") for article in made]


@given(STORIES, st.randoms())
def test_the_same_stories_are_looked_at_in_any_order(stories: list[tuple[str, ...]], draw: random.Random) -> None:
    """Neither the order of the stories nor that of the articles in them counts."""
    turned = [tuple(reversed(one)) for one in stories]
    draw.shuffle(turned)
    assert [sorted(one) for one in looked_at(stories)] == [sorted(one) for one in looked_at(turned)]


def test_stories_of_a_middling_size_are_looked_at() -> None:
    """No pairs, no crowds, no more than `MOST`; and a single story makes no company."""
    stories = [tuple(f"{number}-{at}" for at in range(number % 60 + 1)) for number in range(400)]
    chosen = looked_at(stories)
    assert len(chosen) == MOST
    assert all(len(one) in SIZES for one in chosen)
    assert looked_at([("a", "b", "c"), ("d", "e")]) == []


def test_a_story_is_not_its_own_company() -> None:
    """With itself among the looks it is judged as with the others alone."""
    stories = [story(seed) for seed in range(4)]
    looks = [look(one) for one in stories]
    whole, others = Company.of(looks), Company.of(looks[1:])
    assert derive.derivation(stories[0], company=whole) == derive.derivation(stories[0], company=others)
    assert derive.derivation(stories[0], company=Company.of(looks[:1])) == derive.derivation(stories[0])


def test_looks_come_back_from_a_file_as_they_were() -> None:
    """A scan that is taken up again reads what it wrote."""
    company = Company.of(look(story(seed)) for seed in range(2))
    assert msgspec.json.decode(msgspec.json.encode(company), type=Company) == company


def test_the_company_of_an_earlier_release_is_read() -> None:
    """Its looks taught nothing; they still tell the kind."""
    company = Company.of(look(story(seed)) for seed in range(3))
    stored = msgspec.json.decode(msgspec.json.encode(company))
    for one in stored["looks"]:
        assert len(one.pop("lesson")["pull"]) > 20
    (first, *_) = msgspec.json.decode(msgspec.json.encode(stored), type=Company).looks
    assert first == replace(company.looks[0], lesson=None)
    assert derive.derivation(story(7), company=Company((first,)))


@pytest.fixture(scope="module")
def found() -> pipeline.Result:
    return pipeline.trace([article for seed in range(6) for article in story(seed)], GIVEN)


def test_a_trace_tells_stories_in_company(found: pipeline.Result) -> None:
    """All stories are told in the same company, each by the others."""
    (company,) = {one.company for one in found.stories}
    assert len(company.looks) == 6
    for one in found.stories:
        again = derive.derivation(list(one.articles.values()), company=company)
        assert again.edges == tuple(replace(edge, reframing=Reframing()) for edge in one.derivation.edges)
        assert one.company is not ALONE


def test_a_verdict_leaves_the_company_as_it_was(found: pipeline.Result) -> None:
    """What is inferred anew is inferred in the same company: only what the verdict touches changes."""
    edge = found.stories[0].derivation.edges[0]
    said = [Verdict(edge.parent, edge.child, "right")]
    (first, *rest) = pipeline.judge(found.stories, said, GIVEN)
    story = list(found.stories[0].articles.values())
    again = derive.derivation(story, verdicts=said, company=found.stories[0].company)
    assert [(e.parent, e.child, e.probability) for e in first.derivation.edges] == [
        (e.parent, e.child, e.probability) for e in again.edges
    ]
    assert rest == list(found.stories[1:])
