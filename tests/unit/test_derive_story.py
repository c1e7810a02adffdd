"""What a derivation says beyond its tree: merges, lost and named sources, relations, evidence."""

import re
from dataclasses import replace

import pytest

from lineage import derive, simulate
from lineage.derive.passages import common_words, passages
from lineage.derive.readings import Reading
from lineage.derive.relation import relation
from lineage.records import Article
from lineage.settings import DeriveSettings


def reading(text: str) -> Reading:
    return Reading.of(Article("x", text))


LONG = " ".join(f"word{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(120)) + "."


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        (LONG, "copy"),
        (" ".join(word if at % 12 else f"{word}new" for at, word in enumerate(LONG.split())), "light edit"),
        (" ".join(LONG.split()[:50]), "abridged"),
        (LONG + " " + " ".join(f"extra{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(110)), "expanded"),
    ],
)
def test_relation_follows_lengths_and_shares(child: str, expected: str) -> None:
    """Equal, nearly equal, a part, and more than the whole."""
    assert relation(reading(LONG), reading(child)) == expected


def test_two_lines_of_near_copies_are_merged() -> None:
    """A text with the edits of two lines has two parents, and each says what it accounts for."""
    base = simulate.story([simulate.Step("base")], 3, sentences=30).articles[0].text
    first = base.replace(". ", ". Something was added early in this line of copies here. ", 1)
    cut = base.rindex(". ")
    tail = " Near the end another hand inserted quite different material."
    second = base[: cut + 1] + tail + base[cut + 1 :]
    both = first.replace(base[cut - 30 : cut + 1], base[cut - 30 : cut + 1] + tail)
    stamps = [a.published for a in simulate.story(simulate.chain(4), 1, dated=True).articles]
    story = [
        Article(name, text, published=stamp)
        for name, text, stamp in zip(["a", "b", "c", "d"], [base, first, second, both], stamps, strict=True)
    ]
    found = derive.derivation(story)
    assert {edge.parent for edge in found.edges if edge.child == "d"} == {"b", "c"}
    assert all(edge.covers for edge in found.edges if edge.child == "d")


def test_a_single_article_is_its_own_root() -> None:
    """One text has nothing to come from."""
    found = derive.derivation([Article("a", "Only one text.")])
    assert [root.article for root in found.roots] == ["a"]
    assert found.edges == ()


def test_named_sources_are_grouped() -> None:
    """A source that two articles cite is one node with two mentions."""
    text = "The minister resigned on Monday, Reuters reported. Nobody expected it."
    found = derive.derivation([Article("a", text, lang="en"), Article("b", text + " Really.", lang="en")])
    assert [(source.id, len(source.mentions)) for source in found.named] == [("named:reuters", 2)]
    mention = found.named[0].mentions[0]
    assert text[mention.span.start : mention.span.end] == "Reuters"


def test_evidence_is_said_in_figures() -> None:
    """Every directed edge has reasons, with a kind, a weight and a sentence."""
    truth = simulate.story(simulate.tree(6), 2, dated=True)
    for edge in derive.derivation(truth.articles).edges:
        assert edge.evidence
        assert all(reason.note and reason.kind for reason in edge.evidence)
        assert any(reason.kind == "dates" for reason in edge.evidence)
        assert edge.probability + sum(rival.probability for rival in edge.rivals) <= 1.0 + 1e-3


def test_everything_may_be_undirected() -> None:
    """The threshold decides: at 1 no undated direction is certain enough, at 0.5 all are stated."""
    story = simulate.story(simulate.tree(6), 2).articles
    strict = derive.derivation(story, DeriveSettings(undirected=1.0))
    loose = derive.derivation(story, DeriveSettings(undirected=0.5))
    assert sum(edge.directed for edge in strict.edges) <= sum(edge.directed for edge in loose.edges)
    assert all(edge.parent < edge.child for edge in strict.edges if not edge.directed)


def test_a_date_that_forbids_the_other_way_keeps_the_arrow() -> None:
    """Where the parent is dated before its child, no link between articles is drawn either way, however even it is."""
    story = simulate.story(simulate.tree(6, simulate.REWRITE), 2, dated=True).articles
    order = [article.id for article in story]
    for edge in derive.derivation(story, DeriveSettings(undirected=1.0)).edges:
        assert edge.directed or order.index(edge.parent) > order.index(edge.child)


def test_severing_leaves_more_roots() -> None:
    """A higher threshold never gives an article a parent."""
    story = simulate.story([*simulate.tree(6), simulate.Step("other")], 2).articles
    few = derive.derivation(story, replace(DeriveSettings(), sever=0.0))
    many = derive.derivation(story, replace(DeriveSettings(), sever=0.9))
    assert len(many.roots) >= len(few.roots)


def test_passages_read_over_short_interruptions() -> None:
    """Two common stretches two words apart are one passage; spans are those of the text."""
    child = reading("one two three four NEW WORDS five six seven eight")
    known = reading("one two three four five six seven eight").features("three")
    spans = passages(child, common_words(child, known))
    assert [child.article.text[s.start : s.end] for s in spans] == [child.article.text]


def test_notes_count_in_plain_english() -> None:
    """No "1 other articles", no "0 runs"."""
    truth = simulate.story(simulate.tree(6, simulate.REWRITE), 2)
    notes = [item.note for edge in derive.derivation(truth.articles).edges for item in edge.evidence]
    assert notes
    assert not [note for note in notes if re.search(r"\b([01] other articles|0 runs)\b", note)]
