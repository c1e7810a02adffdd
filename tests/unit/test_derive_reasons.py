"""The few reasons, their weights for rewrites and for copies, and the sums over many stories at once."""

import numpy as np
import pytest

from lineage import simulate
from lineage.derive import arborescence, linear
from lineage.derive.batches import Batches
from lineage.derive.examples import Example, Known
from lineage.derive.fitting import fit
from lineage.derive.measures import Tables, tables
from lineage.derive.printed import printed
from lineage.derive.rows import Rows
from lineage.derive.scores import dense, shipped
from lineage.errors import IndexFormatError
from lineage.records import Article


def example(story: simulate.Simulated, name: str = "story") -> Example:
    ids = {article.id for article in story.articles}
    parents = {child: frozenset(p for p, c in story.edges() if c == child) for child in ids}
    return Example.of(Known("made", name, story.articles, parents))


def measured() -> Tables:
    return tables(simulate.story(simulate.tree(6), 2).articles)


def test_reasons_are_bounded_and_finite() -> None:
    """Empty, equal and wildly unlike texts give moderate values, so that no text is decided by one of them."""
    found = tables([Article("a", ""), Article("b", "word"), Article("c", "word"), Article("d", "A few words. " * 99)])
    of_pairs = np.stack([found.column(name) for name in linear.OF_PAIRS])
    assert np.isfinite(of_pairs).all()
    assert np.abs(of_pairs).max() < 12


def test_a_direction_turns_round_with_the_pair() -> None:
    """What speaks for a → b speaks as much against b → a."""
    found = measured()
    there = {(p, c): row for row, (p, c) in enumerate(zip(found.pairs.parent, found.pairs.child, strict=True))}
    back = [there[c, p] for p, c in zip(found.pairs.parent, found.pairs.child, strict=True)]
    for name in ("third.all.side", "third.all.lost", "length.all.growth", "names.balance", "style.all.word_length"):
        np.testing.assert_allclose(found.column(name), -found.column(name)[back], atol=1e-6)


def test_contributions_and_constants_are_the_score() -> None:
    """Nothing of a score is left unexplained."""
    found, weighed = measured(), shipped().link_reasons
    shares = weighed.contributions(found.pair_names, found.of_pairs)
    names, cases = found.pair_names, found.of_pairs
    np.testing.assert_allclose(shares.sum(axis=1), weighed.scores(names, cases), atol=1e-9)
    assert weighed.constant == (0.0, 0.0, 0.0)


def test_copies_and_rewrites_are_told_apart() -> None:
    """Texts that keep their runs of words are copies, texts with every third word replaced are not."""
    copies = tables(simulate.story(simulate.tree(6, simulate.Operation(reword=0.01)), 2).articles)
    rewrites = tables(simulate.story(simulate.tree(6, simulate.REWRITE), 2).articles)
    assert linear.share_of_copies(copies.pair_names, copies.of_pairs).min() > 0.9
    assert linear.share_of_copies(rewrites.pair_names, rewrites.of_pairs).max() < 0.1


def test_weights_keep_their_sign_where_the_reason_has_one() -> None:
    """Among rewrites no weight says that what third texts side with is the copy."""
    weighed = shipped().link_reasons
    for name, weight in zip(weighed.features, weighed.rewrites.tolist(), strict=True):
        assert weight >= 0.0 or name not in linear.FOR
        assert weight <= 0.0 or name not in linear.AGAINST


def test_weights_survive_the_file() -> None:
    """What is written is what is read."""
    weighed = shipped().root_reasons
    back = linear.from_mapping(linear.to_mapping(weighed))
    assert back.features == weighed.features
    np.testing.assert_array_equal(back.copies, weighed.copies)


def test_a_measure_that_is_not_taken_is_named() -> None:
    """Weights for an unknown measure are refused in words."""
    weighed = linear.Linear(("no.such",), np.ones(1), np.ones(1), (0.0, 0.0, 0.0))
    with pytest.raises(IndexFormatError, match=r"no\.such"):
        weighed.scores(measured().pair_names, measured().of_pairs)


def test_many_stories_at_once_are_the_stories_one_by_one() -> None:
    """Probabilities of stories of several sizes, in one go and singly."""
    examples = [example(simulate.story(simulate.tree(size), size), str(size)) for size in (4, 6, 4)]
    rng = np.random.default_rng(3)
    batches = Batches(examples)
    links, roots = rng.normal(size=batches.links), rng.normal(size=batches.texts)
    found, starts, sums = batches.expected(links, roots)
    at, text = 0, 0
    for one in examples:
        pairs = one.tables.pairs
        here, there = slice(at, at + len(pairs)), slice(text, text + one.size)
        alone = arborescence.marginals(dense(pairs, links[here]), roots[there])
        np.testing.assert_allclose(found[here], pairs.of(alone.links))
        np.testing.assert_allclose(starts[there], alone.roots)
        at, text = here.stop, there.stop
    assert sums.size == batches.texts


def test_fitting_learns_what_the_stories_show() -> None:
    """On stars of abridged copies the true links become far likelier than chance."""
    pytest.importorskip("scipy")
    seen = [example(simulate.story(simulate.star(4), seed), str(seed)) for seed in range(6)]
    rows = Rows.of(seen)
    links, roots = fit(rows)
    found, starts, _ = rows.batches.expected(
        links.scores(rows.pair_names, rows.links), roots.scores(rows.text_names, rows.texts)
    )
    assert found[rows.true_links > 0].mean() > 0.6
    assert starts[rows.true_roots > 0].mean() > 0.6


def test_printed_copies_are_near_and_have_the_truth_they_were_made_with() -> None:
    """Much of every copy stands in its parent, one text is first, and all is as before when made again."""
    stories = [example(simulate.story(simulate.star(4), seed), f"s{seed}") for seed in range(12)]
    made = printed(stories, seed=1)
    assert made
    assert made == printed(stories, seed=1)
    for story in made:
        texts = {article.id: set(article.text.split()) for article in story.articles}
        for child, parents in story.parents.items():
            for parent in parents:
                assert len(texts[child] & texts[parent]) > 0.3 * len(texts[child])
        assert sum(not parents for parents in story.parents.values()) == 1
