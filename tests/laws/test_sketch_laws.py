"""Sketches against their slow twin, against exact similarity, and cut into buckets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage import background, kernels, sketch, words
from lineage.kernels import spelling
from lineage.settings import SketchSettings
from tests import oracles

TEXT = st.text(st.sampled_from("abcde é中."), max_size=80) | st.text(
    st.sampled_from("aAéß.,5²½ ٣中文かゟไทย \u200b\u0301\u00adﬁﷺ𝔘𠀀'“”\n-"), max_size=60
)
HASHES = st.integers(0, 2**64 - 1)


@given(st.lists(TEXT, max_size=4), st.integers(1, 4), st.sampled_from([16, 17, 128]))
def test_a_sketch_is_that_of_the_slow_twin(texts: list[str], shingle: int, values: int) -> None:
    """Both ways to sketch a text, over its words and over its bytes, throw the balls that the definition says."""
    settings = SketchSettings(shingle=shingle, values=values, seed=3)
    split = words.split_batch(texts)
    encoded = [text.encode() for text in texts]
    borders = np.cumsum([0, *map(len, encoded)])
    data = np.frombuffer(b"".join(encoded), np.uint8)
    rules = (shingle, values, 3)
    found, lengths = kernels.text_sketches(data, borders[:-1], borders[1:], words.spelling_tables(), rules)

    assert np.array_equal(found, sketch.sketches(texts, settings).minhash)
    assert np.array_equal(lengths, np.diff(split.bounds))
    for row in range(len(texts)):
        hashes = split.hashes[split.bounds[row] : split.bounds[row + 1]].tolist()
        expected = oracles.similarity_sketch(oracles.shingle_hashes(hashes, shingle, 3), values)
        assert found[row].tolist() == expected


@given(st.lists(HASHES, max_size=40))
def test_repeats_and_order_change_nothing(elements: list[int]) -> None:
    """A sketch is of a set."""
    rows = [elements, elements[::-1] * 2]
    bounds = np.array([0, len(elements), 3 * len(elements)])
    first, second = kernels.minhash(np.array(rows[0] + rows[1], np.uint64), bounds, 64, 1)

    assert np.array_equal(first, second)


@pytest.mark.parametrize("size", [1, 3, 20, 100, 1000])
@pytest.mark.parametrize("similarity", [0.1, 0.5, 0.9])
def test_the_estimate_is_unbiased(size: int, similarity: float) -> None:
    """Over many pairs of sets of any size the share of equal bins is the exact similarity, and no bin stays empty."""
    shared = round(2 * size * similarity / (1 + similarity))
    truth = shared / (2 * size - shared)
    draw = np.random.default_rng(size)
    pool = draw.integers(0, 2**63, (400, 2 * size - shared), np.uint64)
    left, right = pool[:, :size].ravel(), pool[:, size - shared :].ravel()
    bounds = np.arange(401) * size
    first, second = (kernels.minhash(values, bounds, 128, 1) for values in (left, right))
    estimates = (first == second).mean(axis=1)

    assert abs(estimates.mean() - truth) <= 4 * np.sqrt(truth * (1 - truth) / min(size, 128) / 400) + 1e-3
    # No worse than 128 independent values, and better where the sets are small.
    assert estimates.std() <= 1.25 * np.sqrt(truth * (1 - truth) / 128) + 1e-9
    assert (first != kernels.EMPTY).all()


@given(st.lists(HASHES | st.integers(0, 3), max_size=200))
def test_the_order_of_keys(keys: list[int]) -> None:
    """Keys are put in order, equal ones as they come."""
    found = kernels.order_of(np.array(keys, np.uint64))

    assert found.tolist() == sorted(range(len(keys)), key=keys.__getitem__)


@given(st.lists(st.lists(st.integers(0, 2), min_size=6, max_size=6), max_size=20))
def test_every_band_is_sorted(rows: list[list[int]]) -> None:
    """Each band holds the keys of all articles, in order, with the article of each, equal ones as they come."""
    sketches = np.array(rows, np.uint32).reshape(-1, 6)
    sorted_, articles = kernels.sorted_bands(sketches, 3, 2)

    for band in range(3):
        made = kernels.band_keys(sketches, band, 2)
        order = np.argsort(made, kind="stable")
        assert articles[band].tolist() == order.tolist()
        assert sorted_[band].tolist() == made[order].tolist()


def test_shares_are_those_of_a_plain_table() -> None:
    """Looking a stem up among the background's keys gives what a dictionary would, its logarithm to the bit."""
    table = background.table()
    draw = np.random.default_rng(5)
    stems = draw.integers(0, 2**64, 5000, np.uint64)
    stems[::2] = table.keys[draw.integers(0, table.keys.size, 2500)].astype(np.uint64) << np.uint64(32)
    plain = dict(zip(table.keys.tolist(), table.shares.tolist(), strict=False))
    expected = np.array([plain.get(stem >> 32, background.UNKNOWN) for stem in stems.tolist()], np.float32)

    assert np.array_equal(table.share(stems), expected)
    assert np.array_equal(table.log_share(stems), np.log(expected))


@given(st.lists(st.text(max_size=60) | TEXT, max_size=5))
def test_words_of_bytes_are_the_words(texts: list[str]) -> None:
    """The passes that hash words alone hash those that the tokeniser finds, in any script."""
    encoded = [text.encode() for text in [*texts, " ".join(texts), "".join(texts)]]
    borders = np.cumsum([0, *map(len, encoded)])
    data = np.frombuffer(b"".join(encoded), np.uint8)
    split = words.split_bytes(data, borders)
    for row in range(len(encoded)):
        room = spelling.MOST_CODES * len(encoded[row]) + spelling.SLACK
        codes, ends = np.empty(room, np.uint32), np.empty(room, np.uint32)
        size = spelling.spelled(data, borders[row], borders[row + 1], words.spelling_tables(), (codes, ends))
        hashes = np.empty(room, np.uint64)
        spelling.word_hashes((codes, ends), size, np.empty(room, np.uint64), hashes)

        assert size[0] > 0
        assert np.array_equal(hashes[: size[1]], split.hashes[split.bounds[row] : split.bounds[row + 1]])


def test_no_character_is_spelled_with_more_codes_than_there_is_room_for() -> None:
    """Whatever a character folds to, and where it counts for its neighbour's word too, fits the room that is made."""
    tables = words.char_tables()
    lengths = np.diff(tables.rest_bounds)
    for point in np.flatnonzero(tables.first >= 0x110000).tolist():
        several = int(lengths[tables.first[point] - 0x110000])
        if tables.kind[point] == kernels.UNSPACED:
            several = 2 * several + 2
        assert several <= spelling.MOST_CODES * len(chr(point).encode())
        assert several < spelling.SLACK // 2
