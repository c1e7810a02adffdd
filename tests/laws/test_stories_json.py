"""Laws of the story record: what is written is read back, in the same bytes every time."""

import math
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage.errors import IndexFormatError
from lineage.records import (
    CHANGE_KINDS,
    LIFE_EVENTS,
    LIFE_KINDS,
    RELATIONS,
    Change,
    Derivation,
    Edge,
    Evidence,
    Fate,
    Headline,
    Kept,
    Life,
    Mention,
    Named,
    Posited,
    Reframing,
    Rival,
    Root,
    Span,
    Station,
    Story,
)
from lineage.report import stories_json

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
# Six digits are what the record keeps, so only such numbers can come back equal.
shares = st.integers(0, 1_000_000).map(lambda millionths: millionths / 1_000_000)
nats = st.integers(-40_000_000, 40_000_000).map(lambda millionths: round(millionths / 1_000_000, 6))
spans = st.tuples(st.integers(0, 90), st.integers(0, 90)).map(lambda pair: Span(min(pair), max(pair) + 1))
kepts = st.builds(Kept, st.integers(0, 9), st.integers(0, 9))
counts = st.integers(0, 40)
fates = st.builds(Fate, counts, counts, counts, counts, kepts, kepts, kepts, kepts, kepts)
changes = st.builds(Change, st.sampled_from(CHANGE_KINDS), words, words, st.none() | spans, st.none() | spans, words)
evidence = st.builds(Evidence, words, nats, words, st.lists(st.tuples(words, counts, counts), max_size=2).map(tuple))
stations = st.builds(
    Station, words, st.sampled_from(LIFE_EVENTS), words, st.none() | spans, st.lists(words, max_size=2).map(tuple)
)
lives = st.builds(Life, st.sampled_from(LIFE_KINDS), words, st.lists(stations, max_size=3).map(tuple), words)
reframings = st.builds(Reframing, st.lists(changes, max_size=3).map(tuple), fates, words)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    ids = tuple(sorted(draw(st.sets(words.filter(bool), min_size=1, max_size=4))))
    posited = tuple(draw(st.lists(st.builds(Posited, st.just("posited:1"), shares, words), max_size=1)))
    mentions = st.lists(st.builds(Mention, st.sampled_from(ids), spans), max_size=2).map(tuple)
    named = tuple(draw(st.lists(st.builds(Named, st.just("named:tass"), words, mentions), max_size=1)))
    sources = [node.id for node in (*posited, *named) if node.id not in ids]
    links = [(parent, child) for at, child in enumerate(ids) for parent in [*ids[:at], *sources]]
    edges = [draw(edge_between(*link)) for link in links if draw(st.booleans())]
    roots = tuple(draw(st.lists(st.builds(Root, st.sampled_from(ids), shares), max_size=2)))
    derivation = Derivation(ids, roots, posited, named, tuple(edges))
    titles = st.builds(Headline, st.sampled_from(ids), words, words, words, words, words, words, counts)
    weakest = st.none() | st.tuples(st.sampled_from(ids), st.sampled_from(ids), shares)
    headlines = tuple(draw(st.lists(titles, max_size=2)))
    told = tuple(draw(st.lists(lives, max_size=2)))
    return Story(draw(words), ids, derivation, headlines, draw(weakest), told, draw(words))


def edge_between(parent: str, child: str) -> st.SearchStrategy[Edge]:
    return st.builds(
        Edge,
        parent=st.just(parent),
        child=st.just(child),
        probability=shares,
        directed=st.booleans(),
        direction=shares,
        relation=st.sampled_from(RELATIONS),
        evidence=st.lists(evidence, max_size=2).map(tuple),
        rivals=st.lists(st.builds(Rival, words, shares), max_size=2).map(tuple),
        covers=st.lists(spans, max_size=2).map(tuple),
        reframing=reframings,
    )


@given(stories())
@settings(max_examples=60, deadline=None)
def test_a_story_comes_back(story: Story) -> None:
    """decode(encode(story)) is the story, and the bytes are one line of valid UTF-8."""
    line = stories_json.encode(story)
    assert b"\n" not in line
    assert stories_json.decode(line, "here") == story
    assert stories_json.encode(stories_json.decode(line, "here")) == line


@given(stories())
@settings(max_examples=20, deadline=None)
def test_the_line_has_the_published_keys(story: Story) -> None:
    """The keys that interface.md fixes come first and in its order; additions follow."""
    row = msgspec.json.decode(stories_json.encode(story))
    assert list(row)[:7] == ["schema", "id", "articles", "roots", "posited", "named", "edges"]
    assert row["schema"] == "lineage.story/1"
    for edge in row["edges"]:
        assert list(edge)[:9] == [
            *("parent", "child", "probability", "directed", "direction"),
            *("relation", "evidence", "rivals", "changes"),
        ]


def small(probability: float = 0.5) -> Story:
    edge = Edge("a", "б", probability, True, 0.9, "rewrite")
    return Story("s", ("a", "б"), Derivation(("a", "б"), edges=(edge,)))


def test_floats_have_six_digits_and_letters_stay_letters() -> None:
    """A float is rounded to six digits; a letter outside ASCII is not escaped."""
    line = stories_json.encode(small(0.123456789))
    assert b"0.123457" in line
    assert "б".encode() in line


def test_an_infinite_number_is_refused() -> None:
    """JSON has no infinity, and silently writing null would lose a finding."""
    edge = Edge("a", "b", 0.5, True, 0.9, "rewrite", evidence=(Evidence("clock", math.inf, ""),))
    story = Story("s", ("a", "b"), Derivation(("a", "b"), edges=(edge,)))
    with pytest.raises(ValueError, match="finite"):
        stories_json.encode(story)


def test_half_a_surrogate_pair_does_not_stop_the_line() -> None:
    """What no UTF-8 can hold becomes one replacement character, so that spans still fit."""
    story = replace(small(), headlines=(Headline("a", title="x\ud800y"),))
    assert stories_json.decode(stories_json.encode(story), "").headlines[0].title == "x\ufffdy"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{",
        b"[]",
        b'{"schema": "lineage.story/1"}',
        b"\xff\xfe",
        stories_json.encode(small()).replace(b"story/1", b"story/9"),
        stories_json.encode(small()).replace(b'"rewrite"', b'"theft"'),
        stories_json.encode(small()).replace(b'"parent":"a"', b'"parent":"z"'),
        stories_json.encode(small())[:-20],
    ],
)
def test_damage_is_named_with_its_place(line: bytes) -> None:
    """Another schema, a cut line, an unknown relation or a foreign parent raise IndexFormatError with the place."""
    with pytest.raises(IndexFormatError, match=r"out/stories\.jsonl:7"):
        stories_json.decode(line, "out/stories.jsonl:7")
