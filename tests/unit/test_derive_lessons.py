"""Lessons: what the decisions on other stories of a corpus move, and what they do not."""

import json
import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage import simulate
from lineage.derive import lessons
from lineage.derive.decide import decide
from lineage.derive.examples import Example, Known
from lineage.derive.grid import Pairs
from lineage.derive.lesson_fitting import school as learned
from lineage.derive.lessons import COUNTS, ENOUGH, HELD_BACK, UNIT, Lesson, School
from lineage.derive.measures import Tables, tables
from lineage.derive.regimes import Opinion
from lineage.derive.scores import expected, shipped

SEVER = 0.3
LESSON = st.builds(Lesson, st.tuples(*[st.floats(-50, 50)] * 3), st.floats(1, 8))
PAIRS, TEXTS = ("plain", "silent"), ("root",)


def measured(seed: int = 2) -> Tables:
    return tables(simulate.story(simulate.tree(6, simulate.REWRITE), seed).articles)


def small(curvature: float = 1.0) -> School:
    """Two reasons of links, one of roots, of different spreads."""
    return School(PAIRS, TEXTS, np.array([1.0, 2.0, 4.0]), curvature * np.eye(3))


def three(plain: list[float], silent: list[float]) -> Tables:
    """Three texts: the reasons of their six links, parents before children in order."""
    readings = measured().readings[:3]
    pairs = Pairs.among(np.zeros((3, 3)))
    return Tables(readings, pairs, PAIRS, np.column_stack([plain, silent]), TEXTS, np.zeros((3, 1)))


@given(st.lists(LESSON, min_size=1, max_size=8), st.randoms())
def test_lessons_come_in_any_order(given: list[Lesson], draw: random.Random) -> None:
    """To the last bit."""
    turned = draw.sample(given, len(given))
    first, second = small().step(given), small().step(turned)
    np.testing.assert_array_equal(first.links, second.links)
    np.testing.assert_array_equal(first.roots, second.roots)


@given(LESSON, st.integers(1, 60))
def test_more_of_the_same_teaches_more_up_to_a_measure(lesson: Lesson, times: int) -> None:
    """Few lessons are believed in proportion; from `ENOUGH` on only their mean counts."""
    step = small().step([lesson] * times)
    whole = min(1.0, times * lesson.weight / ENOUGH)
    pull = np.array(lesson.pull) / lesson.weight * UNIT / (1.0 + HELD_BACK) / small().spread
    np.testing.assert_allclose(np.concatenate([step.links, step.roots]), whole * pull, rtol=1e-9, atol=1e-9)


def test_a_lesson_counts_chosen_links_against_expected_ones() -> None:
    """The slow way: every link and every root by itself."""
    school, found = shipped().school, measured()
    assert school
    decision = decide(found, shipped(), SEVER)
    chances = expected(shipped(), found)
    pull = {("pair", name): 0.0 for name in school.pair_names} | {("text", name): 0.0 for name in school.text_names}
    for row, (parent, child) in enumerate(zip(found.pairs.parent, found.pairs.child, strict=True)):
        for name in school.pair_names:
            value = found.of_pairs[row, found.pair_names.index(name)]
            pull["pair", name] += ((decision.parents[child] == parent) - chances[row]) * value
    for text in range(len(found.readings)):
        for name in school.text_names:
            value = found.of_texts[text, found.text_names.index(name)]
            pull["text", name] += ((decision.parents[text] < 0) - chances[len(found.pairs) + text]) * value
    lesson = shipped().lesson(found, decision.parents.tolist())
    assert lesson
    assert lesson.weight == pytest.approx(math.sqrt(6))
    np.testing.assert_allclose(lesson.pull, np.array([*pull.values()]) / school.spread / math.sqrt(6), rtol=1e-5)


def test_what_comes_as_expected_teaches_nothing() -> None:
    """A decision that leaves no doubt has no surplus, and no step is made."""
    found = three([0.0] * 6, [0.0] * 6)
    lesson = small().lesson(found, np.zeros(9))
    assert not np.any(small().step([lesson] * 40).links)


def test_plain_links_of_others_decide_doubtful_ones() -> None:
    """In all other stories a silent reason stands beside a plain one; where the plain one fails, it now tells."""
    school = small()
    draw = random.Random(1)
    told = []
    for _ in range(60):
        true = draw.sample(range(6), 2)
        plain = [3.0 * (row in true) for row in range(6)]
        silent = [float(row in true) + 0.2 * draw.random() for row in range(6)]
        surplus = np.array([*((row in true) - 0.33 for row in range(6)), 0.0, 0.0, 0.0])
        told.append(school.lesson(three(plain, silent), surplus))
    step = school.step(told)
    doubtful = three([0.0] * 6, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    [before, after] = step.beside([Opinion(1.0, np.zeros(6), np.zeros(3))], doubtful, COUNTS)
    assert before.share == pytest.approx(1.0 - COUNTS)
    assert after.links[0] > after.links[1:].max()
    assert step.contributions(doubtful)[0, 1] == pytest.approx(after.links[0])


def test_the_better_a_kind_is_known_the_less_it_is_taught() -> None:
    """The shares of all opinions stay a whole, and what is taught counts for what is not known."""
    found = measured()
    lesson = shipped().lesson(found, decide(found, shipped(), SEVER).parents.tolist())
    assert lesson
    taught = replace(shipped(), step=small_step([lesson]))
    opinions = taught.opinions(found)
    assert sum(one.share for one in opinions) == pytest.approx(1.0)
    assert opinions[-1].share == pytest.approx(COUNTS * (1.0 - shipped().known(found)))


def test_what_is_taught_is_explained() -> None:
    """The shares of all measures add up to the mean of the opinions, but for one number common to all links."""
    found = measured()
    lesson = shipped().lesson(found, decide(found, shipped(), SEVER).parents.tolist())
    assert lesson
    taught = replace(shipped(), step=small_step([lesson] * 30))
    rest = lessons.mean(taught.opinions(found))[0] - taught.contributions(found).sum(axis=1)
    np.testing.assert_allclose(rest, rest[0], atol=1e-6)
    assert not np.allclose(taught.contributions(found), shipped().contributions(found))


def small_step(told: list[Lesson]) -> lessons.Step:
    school = shipped().school
    assert school
    return school.step(told)


def test_a_school_survives_the_file() -> None:
    """What is written is what is read."""
    school = shipped().school
    assert school
    back = lessons.from_mapping(json.loads(json.dumps(lessons.to_mapping(school))))
    assert (back.pair_names, back.text_names) == (school.pair_names, school.text_names)
    np.testing.assert_array_equal(back.spread, school.spread)
    np.testing.assert_array_equal(back.curvature, school.curvature)


def test_the_curvature_is_how_reasons_vary_among_possible_parents() -> None:
    """The slow way: text by text, the covariance of its possible parents' reasons under their probabilities."""
    made = [simulate.story(simulate.tree(5, simulate.REWRITE), seed) for seed in range(3)]
    examples = [Example.of(_known(f"story {seed}", story)) for seed, story in enumerate(made)]
    school = learned(examples, shipped())
    total, weight = np.zeros_like(school.curvature), 0.0
    for example in examples:
        reasons, chances = school.reasons(example.tables), expected(shipped(), example.tables)
        child = [*example.tables.pairs.child.tolist(), *range(example.size)]
        weight += math.sqrt(example.size)
        for text in range(example.size):
            rows = [row for row, of in enumerate(child) if of == text]
            usual = sum(chances[row] * reasons[row] for row in rows)
            for row in rows:
                apart = reasons[row] - usual
                total += chances[row] * np.outer(apart, apart) / math.sqrt(example.size)
    np.testing.assert_allclose(school.curvature, total * UNIT / weight, rtol=1e-6, atol=1e-9)
    assert np.linalg.eigvalsh(school.curvature).min() > -1e-9


def _known(name: str, story: simulate.Simulated) -> Known:
    ids = {article.id for article in story.articles}
    parents = {child: frozenset(p for p, c in story.edges() if c == child) for child in ids}
    return Known("made", name, story.articles, parents)
