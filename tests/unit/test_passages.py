"""Passages of two texts held against one another: the kernel means what its slow twin means, and what it claims."""

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lineage import features, kernels, words
from lineage.verify import passages as stage
from lineage.verify.measures import MEASURES, corpus, measures
from tests import oracles

FLAGS = st.lists(st.sampled_from([0, 1, 16, 17, 1, 1]), min_size=0, max_size=120)
PASSAGE = st.dictionaries(st.integers(0, 12), st.sampled_from([0.5, 1.0, 2.0, 4.0]), min_size=1, max_size=6)
TEXT = st.lists(PASSAGE, min_size=1, max_size=5)


@given(st.lists(FLAGS, min_size=1, max_size=4))
def test_passages_are_those_of_the_slow_twin(texts: list[list[int]]) -> None:
    flags = np.array([flag for text in texts for flag in text], np.uint8)
    bounds = np.cumsum([0, *(len(text) for text in texts)]).astype(np.int64)
    numbers, counts = kernels.passages(flags, bounds)
    wanted = [oracles.passages(text, kernels.LEAST_WORDS, 4) for text in texts]
    assert numbers.tolist() == [number for text in wanted for number in text]
    assert counts.tolist() == [max(text, default=0) + 1 for text in wanted]


@given(TEXT, TEXT)
def test_alignment_is_that_of_the_slow_twin(here: list[dict[int, float]], there: list[dict[int, float]]) -> None:
    weight = {feature: 0.5 + feature for feature in range(13)}
    texts = [
        [dict.fromkeys(passage, 0.0) | {f: weight[f] for f in passage} for passage in text] for text in (here, there)
    ]
    # Every passage is a run of words; a word is its feature, so the stems are 0 to 12.
    spoken = [[(f, at) for at, passage in enumerate(text) for f in passage] for text in texts]
    stems = np.array([f for row in spoken for f, _ in row], np.uint64)
    numbers = np.array([at for row in spoken for _, at in row], np.int16)
    word_bounds = np.cumsum([0, *map(len, spoken)]).astype(np.int64)
    sets = [sorted({f for f, _ in row}) for row in spoken]
    values = np.array([f for row in sets for f in row], np.uint64)
    bounds = np.cumsum([0, *map(len, sets)]).astype(np.int64)
    weights = np.array([weight[f] for row in sets for f in row], np.float32)
    cut = (numbers, np.array(list(map(len, texts)), np.int64))
    chosen = np.ones(stems.size, np.bool_)
    standing = kernels.standing(stems, chosen, cut, word_bounds, (values, weights, bounds))
    np.testing.assert_allclose(standing[2], [sum(passage.values()) for text in texts for passage in text])
    pair = np.array([[0, 1]], np.int32)
    met = kernels.meetings(pair, values, bounds)
    found = kernels.aligned(pair, (met, weights[met[1]]), bounds, standing)[0]
    np.testing.assert_allclose(found, oracles.aligned(*texts), atol=1e-6)


def _prose(draw: random.Random, sentences: int) -> list[str]:
    def word() -> str:
        return "".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(7))

    return [" ".join(word() for _ in range(12)).capitalize() + "." for _ in range(sentences)]


def _measured(first: str, second: str) -> dict[str, float]:
    rows = measures(corpus([first, second]), np.array([[0, 1]], np.int32))
    return dict(zip(MEASURES, rows[0].tolist(), strict=True))


def test_a_text_and_its_copy_answer_one_another_in_order() -> None:
    text = " ".join(_prose(random.Random(1), 12))
    found = _measured(text, text)
    assert found["passages_stem_cover_least"] == found["passages_stem_mutual"] == 1.0
    assert found["passages_stem_order"] > 0.9


def test_turned_round_the_passages_still_answer_but_not_in_order() -> None:
    sentences = _prose(random.Random(2), 12)
    found = _measured(" ".join(sentences), " ".join(sentences[::-1]))
    assert found["passages_stem_mutual"] == 1.0
    assert found["passages_stem_order"] < -0.9


def test_names_that_stand_in_every_sentence_do_not_make_a_peak() -> None:
    draw = random.Random(3)
    first, second = (" ".join(f"Governor Kalvenholm said {line}" for line in _prose(draw, 10)) for _ in range(2))
    found = _measured(first, second)
    assert found["passages_stem_cover_least"] > 0.05 > found["passages_stem_peak_most"]


def test_any_length_has_a_bounded_number_of_passages() -> None:
    split = words.split_batch([" ".join(_prose(random.Random(4), 4000)), "", "One."])
    _, counts = kernels.passages(split.flags, split.bounds)
    assert counts[0] <= kernels.MOST_PASSAGES + 1
    assert counts[1:].tolist() == [1, 1]
    table = features.table(features.sets(split, "stem"))
    *_, mass, heads = stage.passages(split, table)["stem"]
    assert mass.size == heads[-1] == counts.sum()
