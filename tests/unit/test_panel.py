"""Pairs are judged within a panel, so they can be judged in blocks, anywhere, with the same result."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lineage import candidates, sketch, verify
from lineage.records import Article
from lineage.settings import CandidateSettings, CompareSettings
from lineage.verify import measures

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    lines = [line for place in sorted(CORPUS.glob("*/articles.jsonl")) for line in place.read_bytes().splitlines()]
    rows = [json.loads(line) for line in lines]
    return sorted((Article(row["id"], row["text"]) for row in rows), key=lambda article: article.id)


def every(count: int) -> np.ndarray:
    return np.stack(np.triu_indices(count, 1), axis=1).astype(np.int32)


def test_a_small_corpus_is_its_own_panel(articles: list[Article]) -> None:
    """With every article in the panel nothing changes, to the last bit."""
    texts = [article.text for article in articles]
    hashed = verify.hashes(article.id for article in articles)
    panel = verify.sampled(texts, hashed)
    pairs = every(len(texts))

    alone = measures.alone(measures.corpus(texts), pairs)
    assert np.array_equal(alone, verify.measured(texts, panel.outside(hashed), pairs, panel))


def test_pairs_can_be_measured_in_any_blocks(articles: list[Article]) -> None:
    """A pair measured with only its own two texts at hand has the measures it has among all, to the last bit."""
    texts = [article.text for article in articles]
    hashed = verify.hashes(article.id for article in articles)
    inside = np.flatnonzero(np.isin(hashed, verify.members(hashed, 40)))
    panel = verify.sampled([texts[row] for row in inside], hashed[inside])
    outside = panel.outside(hashed)
    pairs = every(len(texts))[::37]

    together = verify.measured(texts, outside, pairs, panel)
    for pair, row in zip(pairs.tolist(), together, strict=True):
        apart = verify.measured([texts[at] for at in pair], outside[pair], np.array([[0, 1]], np.int32), panel)
        assert np.array_equal(apart[0], row)


def test_pairs_that_share_next_to_nothing_are_given_up(articles: list[Article]) -> None:
    """What is given up by one measure had less of it than asked for; all others have all measures, to the last bit."""
    texts = [article.text for article in articles]
    hashed = verify.hashes(article.id for article in articles)
    inside = np.flatnonzero(np.isin(hashed, verify.members(hashed, 40)))
    panel = verify.sampled([texts[row] for row in inside], hashed[inside])
    pairs = every(len(texts))[::7]
    glanced = verify.measured(texts, panel.outside(hashed), pairs, panel, glance=0.01)
    whole = verify.measured(texts, panel.outside(hashed), pairs, panel)
    poor = whole[:, measures.MEASURES.index(measures.GLANCE)] < 0.01

    assert 0 < poor.sum() < len(pairs)
    assert np.array_equal(measures.given_up(glanced), poor)
    assert np.array_equal(glanced[~poor], whole[~poor])


def test_who_is_given_up_is_related_to_nobody(articles: list[Article]) -> None:
    """Judged by one measure, hopeless pairs are never reported, and what is decided stays what it was."""
    texts = [article.text for article in articles]
    hashed = verify.hashes(article.id for article in articles)
    panel = verify.sampled(texts, hashed)
    pairs = candidates.pairs(sketch.sketches(texts), CandidateSettings(all_pairs=0)).pairs
    lengths = np.fromiter(map(len, texts), np.int64)

    def decided(glance: float) -> set[tuple[int, ...]]:
        def measure(some: np.ndarray) -> list[verify.Block]:
            rows = verify.measured(texts, panel.outside(hashed), some, panel, glance=glance)
            return [verify.Held(some, rows)]

        found = verify.found(verify.judged(pairs, measure, len(texts), CompareSettings()), lengths)
        assert (found.scores >= 0.0).all()
        return set(map(tuple, found.pairs[found.probabilities >= 0.5].tolist()))

    before, after = decided(0.0), decided(CompareSettings().glance)
    assert len(before ^ after) <= 0.001 * len(before)


def test_blocks_may_hold_pairs_in_any_order(articles: list[Article]) -> None:
    """However the pairs are laid into blocks, also those that only third articles reveal, they are judged alike."""
    texts = [article.text for article in articles]
    known = measures.corpus(texts)
    pairs = candidates.pairs(sketch.sketches(texts), CandidateSettings(all_pairs=0)).pairs[::2]
    lengths = np.fromiter(map(len, texts), np.int64)

    def judged(parts: int) -> tuple[verify.Found, int]:
        rounds = []

        def measure(some: np.ndarray) -> list[verify.Block]:
            rounds.append(len(some))
            blocks = [some[part::parts][::-1] for part in range(parts)] if parts > 1 else [some]
            return [verify.Held(block, measures.alone(known, block)) for block in blocks]

        found = verify.found(verify.judged(pairs, measure, len(texts), CompareSettings(report=0.0)), lengths)
        return found, len(rounds)

    (whole, rounds), (split, _) = judged(1), judged(3)
    assert rounds == 2
    for column in ("pairs", "probabilities", "scores"):
        assert np.array_equal(getattr(whole, column), getattr(split, column)), column


def test_the_panel_does_not_depend_on_order(articles: list[Article]) -> None:
    """The same pairs of the same articles in another order are judged alike, in a corpus larger than its panel."""
    settings = replace(CompareSettings(report=0.0), panel=40)
    pairs = every(len(articles))
    turned = len(articles) - 1 - pairs

    assert verify.comparisons(articles, pairs[:2000], settings) == verify.comparisons(
        articles[::-1], turned[:2000], settings
    )


def test_a_panel_is_enough(articles: list[Article]) -> None:
    """What a panel of half the articles says is near what all of them say: what is plain stays decided as it was."""
    pairs = every(len(articles))
    settings = CompareSettings(report=0.0)
    whole = {(pair.a, pair.b): pair.probability for pair in verify.comparisons(articles, pairs, settings)}
    sampled = verify.comparisons(articles, pairs, replace(settings, panel=len(articles) // 2))
    both = [(whole[pair.a, pair.b], pair.probability) for pair in sampled if whole[pair.a, pair.b] >= 0.05]

    assert sum(abs(here - there) for here, there in both) <= 0.05 * len(both)
    assert all((here >= 0.5) == (there >= 0.5) for here, there in both if not 0.25 < here < 0.75)
