"""Frozen forests."""

from dataclasses import replace

import lightgbm
import numpy as np
import pytest

from lineage import model
from lineage.errors import IndexFormatError


@pytest.fixture(scope="module")
def trained() -> tuple[lightgbm.Booster, np.ndarray]:
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(400, 4))
    truth = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0).astype(float)
    settings = {"objective": "binary", "num_leaves": 7, "verbose": -1, "num_threads": 1, "seed": 1}
    return lightgbm.train(settings, lightgbm.Dataset(rows, truth), 30), rows


def test_a_frozen_forest_says_what_was_trained(trained: tuple[lightgbm.Booster, np.ndarray]) -> None:
    """Through JSON and back, the log-odds are those of LightGBM."""
    booster, rows = trained
    frozen = model.from_mapping(model.to_mapping(model.from_lightgbm(booster, "abcd", {})))

    assert np.allclose(frozen.log_odds(rows), booster.predict(rows, raw_score=True), atol=1e-4)


def test_turns_lead_where_going_down_leads(trained: tuple[lightgbm.Booster, np.ndarray]) -> None:
    """Told by turns, feature by feature, log-odds are those of going down each tree, to the bit, at borders too.

    Of many cases the trees are turned about their middle, of few they are taken as they are.
    """
    booster, rows = trained
    forests = [model.from_lightgbm(booster, "abcd", {}), model.load("pair"), model.load("pair-together")]
    for frozen in forests:
        draw = np.random.default_rng(2)
        cases = draw.choice(
            np.append(frozen.threshold[frozen.split >= 0], [-9.0, 9.0]), (3 * model.MANY, len(frozen.features))
        )
        assert frozen.turns is not None
        for some in (cases[:50], cases):
            assert np.array_equal(frozen.log_odds(some), replace(frozen, turns=None).log_odds(some))
    assert np.array_equal(forests[0].log_odds(rows), replace(forests[0], turns=None).log_odds(rows))


def test_trees_of_many_leaves_are_gone_down() -> None:
    """A tree with more leaves than a number has bits gives the same as LightGBM."""
    draw = np.random.default_rng(3)
    rows = draw.normal(size=(3000, 2))
    settings = {"objective": "binary", "num_leaves": 90, "min_data_in_leaf": 5, "verbose": -1, "num_threads": 1}
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, (rows.sum(axis=1) > 0).astype(float)), 3)
    frozen = model.from_lightgbm(booster, "ab", {})

    assert frozen.turns is None
    assert np.allclose(frozen.log_odds(rows), booster.predict(rows, raw_score=True))


def test_contributions_add_up(trained: tuple[lightgbm.Booster, np.ndarray]) -> None:
    """What each feature adds, with the trees' own means, is the log-odds."""
    booster, rows = trained
    frozen = model.from_lightgbm(booster, "abcd", {})
    means = frozen.base + frozen.value[frozen.first].sum()

    shares = frozen.contributions(rows[:20])
    assert shares.shape == rows[:20].shape
    assert np.allclose(means + shares.sum(axis=1), frozen.log_odds(rows[:20]))


def test_probability_of_extreme_odds() -> None:
    """No overflow at the ends."""
    assert model.probability(np.array([-1e9, 0.0, 1e9])).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("name", ["pair", "pair-together"])
def test_shipped_models_say_what_they_were_trained_on(name: str) -> None:
    """Every shipped forest carries the digest of its training data."""
    card = model.load(name).card

    assert len(card["digest"]) == 32
    assert "news" in card["trained_on"]


def test_a_missing_model_is_said_in_one_line() -> None:
    """A damaged installation is told with a remedy."""
    with pytest.raises(IndexFormatError, match="install lineage again"):
        model.load("absent")


@pytest.mark.parametrize("name", ["absent", "pair"])
def test_a_model_that_is_not_there_or_another_is_told(name: str) -> None:
    """In one line, with its name and what to do."""
    with pytest.raises(IndexFormatError, match=f"model '{name}' cannot be read.*install lineage again"):
        model.shipped(name, lambda stored: stored["nothing of the kind"])
