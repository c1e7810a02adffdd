"""What holds of every derivation, whatever the texts."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lineage
from lineage import derive
from lineage.derive.decide import decide
from lineage.derive.measures import tables
from lineage.derive.scores import shipped
from lineage.records import Article

CORPUS = Path(__file__).parents[2] / "corpus"
VOCABULARY = [f"w{a}{b}" for a in "abcdefghij" for b in "klmnopqrst"]
TEXT = st.lists(st.sampled_from(VOCABULARY), min_size=0, max_size=40).map(lambda words: " ".join(words) + ".")
STORY = st.lists(TEXT, min_size=1, max_size=7)


def articles(texts: list[str]) -> list[Article]:
    return [Article(f"a{place}", text) for place, text in enumerate(texts)]


@settings(max_examples=25, deadline=None)
@given(STORY, st.randoms(use_true_random=False))
def test_order_of_input_never_matters(texts: list[str], rng: random.Random) -> None:
    """A shuffled story gives an equal record, evidence included."""
    story = articles(texts)
    shuffled = story[:]
    rng.shuffle(shuffled)
    assert derive.derivation(story) == derive.derivation(shuffled)


@pytest.mark.parametrize("story", ["bridge", "ferry", "slip", "wire"])
def test_names_of_articles_never_matter(story: str) -> None:
    """Articles whose ids sort the other way round are told alike, also where pairs are equally near."""
    told = sorted(lineage.read(CORPUS / story), key=lambda article: article.id)
    renamed = [replace(article, id=f"{len(told) - place:03}") for place, article in enumerate(told)]
    assert without_names(renamed) == without_names(told)


def without_names(story: list[Article]) -> tuple[list[tuple[Any, ...]], ...]:
    """What is said of a story by the texts of its articles; names tell which end of an undirected edge is first."""
    texts, found = {article.id: article.text for article in story}, derive.derivation(story)
    roots = sorted((texts[root.article], root.probability) for root in found.roots)
    edges = []
    for edge in found.edges:
        ends = [texts.get(edge.parent, "lost"), texts[edge.child]]
        told = edge.probability, edge.directed, edge.direction, edge.relation
        edges.append((*(ends if edge.directed else sorted(ends)), *told))
    return roots, sorted(edges)


@settings(max_examples=25, deadline=None)
@given(STORY)
def test_every_article_is_a_root_or_has_a_parent(texts: list[str]) -> None:
    """Nothing is lost: each article hangs from another, touches one either way, or is a root."""
    found = derive.derivation(articles(texts))
    touched = {edge.child for edge in found.edges} | {e.parent for e in found.edges if not e.directed}
    assert set(found.articles) == touched | {root.article for root in found.roots}


@settings(max_examples=25, deadline=None)
@given(STORY.filter(lambda texts: len(texts) > 1))
def test_probabilities_of_a_child_sum_to_one(texts: list[str]) -> None:
    """A text has one of its possible parents or none."""
    decision = decide(tables(articles(texts)), shipped(), 0.1)
    np.testing.assert_allclose(decision.links.sum(axis=0) + decision.roots, 1.0, atol=1e-6)
    assert np.all((decision.directions >= 0.0) & (decision.directions <= 1.0))


@settings(max_examples=25, deadline=None)
@given(STORY)
def test_spans_point_into_the_texts(texts: list[str]) -> None:
    """Every span of an edge or of its evidence is a piece of the text it names."""
    story = articles(texts)
    length = {article.id: len(article.text) for article in story}
    for edge in derive.derivation(story).edges:
        assert all(0 <= span.start < span.end <= length[edge.child] for span in edge.covers if edge.directed)
        for reason in edge.evidence:
            assert all(0 <= start < end <= length[name] for name, start, end in reason.spans)


def test_a_repeated_id_is_refused() -> None:
    """Two articles of one id cannot be told apart."""
    with pytest.raises(ValueError, match="twice"):
        derive.derivation([Article("a", "one text"), Article("a", "another text")])
