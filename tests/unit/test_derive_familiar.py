"""Familiar stories: how near a story is to the regimes that are known, and what their habits count."""

import json

import numpy as np
import pytest

from lineage import simulate
from lineage.derive import familiar
from lineage.derive.descriptors import descriptors
from lineage.derive.examples import Example, Known
from lineage.derive.familiar_fitting import familiar as learned
from lineage.derive.measures import Tables, tables
from lineage.derive.scores import Scorer, shipped


def two_regimes() -> familiar.Familiar:
    """Two regimes a hundred spreads within apart, told by the first of two descriptors."""
    middles = np.array([[-1.0, 0.0], [1.0, 0.0]])
    return familiar.Familiar(("a", "b"), np.zeros(2), np.ones(2), middles, np.diag([50.0, 1.0]), {})


def measured(seed: int = 2) -> Tables:
    return tables(simulate.story(simulate.tree(6, simulate.REWRITE), seed).articles)


def test_a_story_like_a_regime_is_judged_by_it() -> None:
    """In the middle of a regime it has all that regimes of familiar stories may have."""
    shares = two_regimes().shares({"a": 1.0, "b": 0.0})
    assert shares.sum() == pytest.approx(familiar.MOST, abs=1e-3)
    assert shares[1] == pytest.approx(shares.sum())


def test_a_story_unlike_all_regimes_is_nobodys() -> None:
    """The farther from the nearest regime, the less any of them counts."""
    told = [two_regimes().shares({"a": 1.0, "b": away}).sum() for away in (0.0, 1.0, 2.0, 3.0)]
    assert told == sorted(told, reverse=True)
    assert told[-1] < 0.1


def test_the_others_decide_between_two_regimes() -> None:
    """A story between two regimes is of that of the stories it was found with."""
    told = two_regimes().among([{"a": -1.0, "b": 0.1 * place} for place in range(-4, 5)]).shares({"a": 0.0, "b": 0.0})
    assert told[0] > 4 * told[1]


def test_an_odd_story_among_familiar_ones_is_familiar() -> None:
    """What one story scatters says little where the others lie around the middle of a regime, and a lot alone."""
    odd = {"a": 1.0, "b": 2.0}
    others = [{"a": 1.0, "b": b} for b in (-1.2, -0.8, -0.3, 0.0, 0.1, 0.4, 0.7, 1.1)]
    assert two_regimes().among(others).shares(odd).sum() > 2 * two_regimes().shares(odd).sum()


def test_a_near_story_among_strange_ones_is_not_familiar() -> None:
    """All others lie off the middle on the same side: this kind is not known, however near one story of it comes."""
    near = {"a": 1.0, "b": 0.3}
    others = [{"a": 1.0, "b": 1.9 + 0.1 * place} for place in range(9)]
    assert two_regimes().among(others).shares(near).sum() < 0.7 * two_regimes().shares(near).sum()


def test_a_few_of_another_kind_change_little() -> None:
    """In a corpus of many kinds a story is judged by itself."""
    near = {"a": 1.0, "b": 0.0}
    alone, among = (known.shares(near) for known in (two_regimes(), two_regimes().among([{"a": -1.0, "b": 0.0}])))
    assert among[1] == pytest.approx(alone[1], rel=0.05)
    assert two_regimes().among([]).shares(near).tolist() == alone.tolist()


def test_between_two_regimes_both_are_heard() -> None:
    """Equal distances are equal shares."""
    shares = two_regimes().shares({"a": 0.0, "b": 0.0})
    assert shares[0] == pytest.approx(shares[1])


def test_among_many_equal_regimes_all_are_heard() -> None:
    """However many regimes are equally near, none is too small a part to be heard."""
    many = familiar.Familiar(("a",), np.zeros(1), np.ones(1), np.zeros((80, 1)), np.eye(1), {})
    assert many.shares({"a": 0.0}) == pytest.approx(np.full(80, familiar.MOST / 80))


def test_forests_have_their_part_of_the_shares() -> None:
    """Only regimes that count and have a forest; the rest is left to the weights."""
    known = shipped().familiar
    assert known is not None
    names = shipped().banks[-1].regimes
    shares = known.shares(descriptors(measured()))
    of_forests = known.of_forests(names, shares)
    assert set(of_forests) <= set(known.forests)
    assert all(
        share == pytest.approx(familiar.FOREST * shares[names.index(name)]) for name, share in of_forests.items()
    )


def test_the_inverse_is_a_distance() -> None:
    """Symmetric and positive: no story is nearer to a regime than its middle."""
    known = shipped().familiar
    assert known is not None
    np.testing.assert_allclose(known.inverse, known.inverse.T, rtol=1e-4, atol=1e-4)
    assert np.linalg.eigvalsh(known.inverse).min() > 0


def test_what_is_known_survives_the_file() -> None:
    """What is written is what is read, forests and all."""
    known = shipped().familiar
    assert known is not None
    back = familiar.from_mapping(json.loads(json.dumps(familiar.to_mapping(known))))
    np.testing.assert_array_equal(back.inverse, known.inverse)
    found = measured()
    for name, own in known.forests.items():
        other = back.forests[name]
        np.testing.assert_array_equal(other.links.log_odds(found.of_pairs), own.links.log_odds(found.of_pairs))
        np.testing.assert_array_equal(other.roots.log_odds(found.of_texts), own.roots.log_odds(found.of_texts))


def test_the_regimes_are_those_of_the_banks() -> None:
    """One middle for each regime of a bank."""
    known = shipped().familiar
    assert known is not None
    for bank in shipped().banks:
        assert len(known.middles) == len(bank.regimes)
        assert set(known.forests) <= set(bank.regimes)


def test_stories_are_known_again() -> None:
    """Taught stars of near copies and trees of rewrites, it tells which a new one is; forests grow for sets alone."""
    pytest.importorskip("lightgbm")
    plans = {"copies": simulate.star(4), "rewrites": simulate.tree(5, simulate.REWRITE)}
    stories = {name: [_example(name, plan, seed) for seed in range(14)] for name, plan in plans.items()}
    known = learned([story for own in stories.values() for story in own[:12]])
    assert set(known.forests) == set(plans)
    for place, name in enumerate(sorted(plans)):
        for story in stories[name][12:]:
            assert int(known.shares(descriptors(story.tables)).argmax()) == place


def _example(source: str, plan: list[simulate.Step], seed: int) -> Example:
    story = simulate.story(plan, seed)
    ids = {article.id for article in story.articles}
    parents = {child: frozenset(p for p, c in story.edges() if c == child) for child in ids}
    return Example.of(Known(source, f"{source} {seed}", story.articles, parents))


def test_without_it_the_other_opinions_are_a_whole() -> None:
    """A scorer of banks alone still says one thing altogether."""
    whole = shipped()
    alone = Scorer(whole.links, whole.roots, whole.link_reasons, whole.root_reasons, whole.banks)
    assert sum(one.share for one in alone.opinions(measured())) == pytest.approx(1.0)
