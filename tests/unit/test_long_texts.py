"""Very long texts: what costs the square of their length is bounded, and means what it means of short ones."""

import random
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pytest import MonkeyPatch

from lineage import derive, reframe
from lineage.derive import order
from lineage.derive.grid import Pairs
from lineage.derive.readings import Reading
from lineage.facts.taken import Taken
from lineage.records import Article, Span
from lineage.reframe import side

SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(1, 9)).map(lambda at: Span(at[0], at[0] + at[1])), max_size=6
)


def prose(sentences: int, seed: int = 1) -> list[str]:
    draw = random.Random(seed)
    words = ["".join(draw.choices("abcdefghijklmnopqrstuvwxyz", k=7)) for _ in range(3000)]
    return [" ".join(draw.choices(words, k=12)).capitalize() + "." for _ in range(sentences)]


def test_long_texts_are_aligned_by_fewer_larger_parts() -> None:
    """No text has more parts than the limit, and together they still hold all of it, in order."""
    text = " ".join(prose(3 * side._MOST_SENTENCES))
    read = side.reading(text, "en")

    assert len(read.sentences) <= side._MOST_SENTENCES
    assert read.sentences[0].start == 0
    assert read.sentences[-1].end == len(text)
    assert all(text[a.end : b.start].isspace() for a, b in pairwise(read.sentences))


def test_a_change_in_a_long_text_is_found() -> None:
    """One changed figure among thousands of sentences is a change, where it stands."""
    told = prose(2 * side._MOST_SENTENCES)
    told[700] = "The ministry counted 4,150 ships in the harbour of Aldvik."
    parent, child = " ".join(told), " ".join(told).replace("4,150", "5,140")
    found = reframe.reframing(Article("a", parent, lang="en"), Article("b", child, lang="en"))

    (change,) = [change for change in found.changes if change.kind == "number"]
    assert "4,150" in change.before
    assert "5,140" in change.after


def test_order_of_long_texts_is_estimated(monkeypatch: MonkeyPatch) -> None:
    """Of texts beyond the limit some words are compared, and the answer is about that of all words."""
    told = prose(300)
    turned = [*told[150:], *told[:150]]
    readings = [Reading.of(Article(id, " ".join(lines))) for id, lines in (("a", told), ("b", turned))]
    pairs = Pairs.among(np.ones((2, 2)))
    exact = order.closeness(readings, pairs)
    monkeypatch.setattr(order, "_MOST", 1 << 18)

    assert np.allclose(order.closeness(readings, pairs), exact, atol=0.05)


@given(SPANS, st.integers(0, 35), st.integers(1, 6))
def test_what_is_taken(spans: list[Span], start: int, length: int) -> None:
    """A stretch is taken where it has a place in common with any of the spans."""
    end = start + length
    assert Taken(spans).touches(start, end) == any(start < span.end and span.start < end for span in spans)


def test_a_story_of_long_texts_is_told() -> None:
    """A copy of a long text with a few sentences changed has it as its parent or its child, for sure."""
    told = prose(1500)
    changed = [line if at % 50 else "Something else stands here now." for at, line in enumerate(told)]
    found = derive.derivation([Article("a", " ".join(told)), Article("b", " ".join(changed))])
    assert [(edge.parent, edge.child) for edge in found.edges] in ([("a", "b")], [("b", "a")])
