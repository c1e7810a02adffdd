"""Regimes: what tells them, whose opinion counts, and how opinions become one."""

import json
from pathlib import Path

import numpy as np
import pytest

from lineage import simulate
from lineage.derive import arborescence, regimes
from lineage.derive.descriptors import descriptors
from lineage.derive.examples import Example, Known
from lineage.derive.measures import Tables, tables
from lineage.derive.regime_fitting import banks
from lineage.derive.rewritten import rewritten
from lineage.derive.scores import Scorer, shipped
from lineage.records import Article


def measured(story: simulate.Simulated) -> Tables:
    return tables(story.articles)


def gate() -> regimes.Gate:
    middles = np.array([[-1.0, 0.0], [1.0, 0.0]])
    return regimes.Gate(("a", "b"), np.zeros(2), np.ones(2), np.array([4.0, 0.0]), middles, np.zeros(2))


def marginals(chance: float) -> arborescence.Marginals:
    links = np.array([[0.0, chance], [1.0 - chance, 0.0]])
    return arborescence.Marginals(links, 1.0 - links.sum(axis=0), 1.0)


def test_the_nearest_regime_is_heard_most() -> None:
    """Shares sum to 1, follow the descriptors that count and no others, and are even in the middle."""
    near = gate().shares({"a": 0.8, "b": 9.0})
    assert near.sum() == pytest.approx(1.0)
    assert near[1] > 0.9
    np.testing.assert_allclose(gate().shares({"a": 0.0, "b": -5.0}), 0.5)


def test_a_story_unlike_any_other_is_bounded() -> None:
    """A descriptor far outside tells no more than one at the border."""
    np.testing.assert_array_equal(gate().shares({"a": 3.0, "b": 0.0}), gate().shares({"a": 1e9, "b": 0.0}))


def test_the_mean_of_opinions_is_between_them() -> None:
    """Two that contradict one another leave the direction open; one alone is kept as it is."""
    one, other = marginals(0.9), marginals(0.1)
    free, single = arborescence.blended([0.5, 0.5], [(one, one), (other, other)])
    np.testing.assert_allclose(free.links, [[0.0, 0.5], [0.5, 0.0]])
    np.testing.assert_allclose(single.links.sum(axis=0) + single.roots, 1.0)
    kept, _ = arborescence.blended([1.0], [(one, one)])
    np.testing.assert_allclose(kept.links, one.links)


def test_sharpening_keeps_the_order_and_the_sum() -> None:
    """The likelier parent gains, the sum stays 1, and what is certain stays certain."""
    sharp = arborescence.sharpened(marginals(0.6), 2.0)
    assert sharp.links[0, 1] > 0.6
    np.testing.assert_allclose(sharp.links.sum(axis=0) + sharp.roots, 1.0)
    np.testing.assert_allclose(arborescence.sharpened(marginals(1.0), 2.0).links, marginals(1.0).links)


@pytest.mark.parametrize("story", [simulate.tree(6), simulate.star(3), simulate.tree(2)])
def test_the_shares_of_all_opinions_sum_to_one(story: list[simulate.Step]) -> None:
    """The general opinion and the regimes heard, on stories of several shapes."""
    opinions = shipped().opinions(measured(simulate.story(story, 2)))
    assert sum(one.share for one in opinions) == pytest.approx(1.0)
    assert all(np.isfinite(one.links).all() and np.isfinite(one.roots).all() for one in opinions)


def test_contributions_are_the_mean_of_the_regimes() -> None:
    """Nothing of what a bank says of a link is left unexplained."""
    found = measured(simulate.story(simulate.tree(6), 2))
    described = descriptors(found)
    for bank in shipped().banks:
        shares = bank.heard(described)
        mean = sum(one.share * one.links for one in bank.opinions(found, shares))
        np.testing.assert_allclose(bank.contributions(found, shares).sum(axis=1), mean, atol=1e-6)


def test_a_bank_survives_the_file() -> None:
    """What is written is what is read."""
    for bank in shipped().banks:
        back = regimes.from_mapping(json.loads(json.dumps(regimes.to_mapping(bank))))
        assert (back.regimes, back.pair_names, back.text_names) == (bank.regimes, bank.pair_names, bank.text_names)
        np.testing.assert_array_equal(back.links, bank.links)
        np.testing.assert_array_equal(back.gate.middles, bank.gate.middles)


def test_descriptors_of_poor_texts_are_finite() -> None:
    """Empty and equal texts are described, too."""
    found = descriptors(tables([Article("a", ""), Article("b", "word"), Article("c", "word")]))
    assert np.isfinite(list(found.values())).all()


def test_what_is_explained_is_what_decides() -> None:
    """The shares of all measures add up to the mean of the opinions, but for one number common to all links."""
    found = measured(simulate.story(simulate.tree(6, simulate.REWRITE), 2))
    mean = sum(one.share * one.links for one in shipped().opinions(found))
    rest = mean - shipped().contributions(found).sum(axis=1)
    np.testing.assert_allclose(rest, rest[0], atol=1e-6)


def test_regimes_are_learned_and_told_apart() -> None:
    """Of stars of near copies and lines of rewrites each story is told by its own regime, without seeing the truth."""
    pytest.importorskip("scipy")
    plans = {"copies": simulate.star(4), "rewrites": simulate.tree(5, simulate.REWRITE)}
    examples = [
        Example.of(_known(name, f"{name} {seed}", simulate.story(plan, seed)))
        for name, plan in plans.items()
        for seed in range(5)
    ]
    for bank in banks(examples):
        for example in examples:
            shares = bank.gate.shares(descriptors(example.tables))
            assert bank.regimes[int(shares.argmax())] == example.source


def _known(source: str, name: str, story: simulate.Simulated) -> Known:
    ids = {article.id for article in story.articles}
    parents = {child: frozenset(p for p, c in story.edges() if c == child) for child in ids}
    return Known(source, name, story.articles, parents)


def test_a_scorer_without_regimes_holds_one_opinion() -> None:
    """The general model alone is a whole."""
    whole = shipped()
    alone = Scorer(whole.links, whole.roots, whole.link_reasons, whole.root_reasons)
    assert [one.share for one in alone.opinions(measured(simulate.story(simulate.star(3), 2)))] == [1.0]


def test_groups_with_one_human_text_are_stars(tmp_path: Path) -> None:
    """One text by a person and its rewrites make a story; pairs, unknown sources and several persons do not."""
    groups = {
        "star": ("l2r:News", ["human", "m1", "m2"]),
        "pair": ("l2r:News", ["human", "m1"]),
        "many": ("l2r:News", ["human", "human", "m1"]),
        "unknown": ("elsewhere:x", ["human", "m1", "m2"]),
    }
    gold = [
        {"id": f"{group}{place}", "group": group, "source": source, "rewriter": writer}
        for group, (source, writers) in groups.items()
        for place, writer in enumerate(writers)
    ]
    (tmp_path / "detection").mkdir()
    for name, lines in (("docs", [{"id": row["id"], "text": "Text."} for row in gold]), ("gold", gold)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / "detection" / f"news.{name}.jsonl").write_text(text, encoding="utf-8")
    (story,) = rewritten(tmp_path)
    assert story.parents == {"star0": frozenset(), "star1": {"star0"}, "star2": {"star0"}}
    assert story.regime == "rewritten by four machines"
    assert rewritten(tmp_path / "nowhere") == []
