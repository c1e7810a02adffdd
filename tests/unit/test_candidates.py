"""Candidate pairs: copies by bands, rewrites by rare skip pairs."""

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage import candidates, features, kernels, keys, sketch
from lineage.kernels.asking import meeting, sharing, spans, spans_headed, spans_of_each
from lineage.kernels.closest import closest, counted
from lineage.kernels.joining import placed, rare_groups
from lineage.settings import CandidateSettings
from tests import oracles

SOME = CandidateSettings(all_pairs=0)


def article(seed: int, length: int = 120) -> list[str]:
    """Words whose stems no other seed has, so two articles share nothing by chance."""
    draw = random.Random(seed)
    return [_spelled(seed * 100 + draw.randrange(100)) + "word" for _ in range(length)]


def _spelled(number: int) -> str:
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:05}")


def found(texts: list[list[str]], settings: CandidateSettings = SOME) -> set[tuple[int, int]]:
    made = sketch.sketches([" ".join(words) for words in texts])
    return set(map(tuple, candidates.pairs(made, settings).pairs.tolist()))


def test_strangers_are_no_candidates() -> None:
    """Articles without common words never meet."""
    assert found([article(seed) for seed in range(30)]) == set()


def test_a_copy_and_a_light_edit_meet() -> None:
    """A copy, and a copy with one word in twenty changed, are candidates."""
    text = article(1)
    edited = [word if at % 20 else f"{word}new" for at, word in enumerate(text)]

    assert found([article(2), text, list(text), article(3), edited]) == {(1, 2), (1, 4), (2, 4)}


def test_a_brief_inside_a_long_article_meets() -> None:
    """Thirty words taken from the middle of an article of a thousand are found."""
    long = article(4, 1000)

    assert (0, 1) in found([long, long[500:530], article(5), article(6)])


def test_a_quotation_alone_is_found() -> None:
    """Two different articles with one quotation of twelve words in common meet."""
    quotation = article(7, 12)
    first = [*article(8, 90), *quotation, *article(9, 90)]
    second = [*article(10, 90), *quotation, *article(11, 90)]

    assert (0, 1) in found([first, second, article(12), article(13)], CandidateSettings(all_pairs=0, share=0.005))


def test_a_hot_bucket_is_a_chain_and_is_counted() -> None:
    """A thousand equal articles are linked with a thousand links a band, not with half a million."""
    made = sketch.sketches([" ".join(article(14))] * 1000)
    result = candidates.pairs(made, SOME)

    assert len(result.pairs) == 999
    assert result.hot_buckets > 0


def test_few_articles_are_compared_in_full() -> None:
    """A handful is not searched but compared in full."""
    assert len(found([article(seed) for seed in range(6)], CandidateSettings())) == 15


def test_texts_without_words_do_no_harm() -> None:
    """Empty texts meet nobody, not even each other."""
    assert found([[], [], article(15), article(15)]) == {(2, 3)}


def test_sketches_of_batches_join() -> None:
    """Sketching in batches gives the sketches of the whole."""
    texts = [" ".join(article(seed, 40)) for seed in range(7)]
    whole = sketch.sketches(texts)
    parts = sketch.joined([sketch.sketches(texts[:3]), sketch.sketches(texts[3:])])

    assert np.array_equal(whole.minhash, parts.minhash)
    assert np.array_equal(whole.skips.values, parts.skips.values)
    assert np.array_equal(whole.skips.bounds, parts.skips.bounds)


def dealt(texts: list[str], sizes: tuple[int, ...], settings: CandidateSettings, sample: float = 1.0) -> np.ndarray:
    """The candidate pairs when articles are dealt to parts of these sizes, in a shuffled order."""
    order = np.random.default_rng(5).permutation(len(texts)).astype(np.int32)
    parts, places = [], []
    for rows in np.split(order, np.cumsum(sizes)):
        parts.append(keys.keys(sketch.sketches([texts[row] for row in rows]), settings, sample))
        places.append(rows)
    return candidates.among(parts, places, len(texts), settings).pairs


@pytest.mark.parametrize("large", [20_000, 10], ids=["small", "large"])
def test_parts_and_their_order_do_not_matter(large: int) -> None:
    """However articles are dealt to parts, the pairs are the same; also where the search is bounded."""
    settings = replace(SOME, large=large)
    texts = [" ".join(article(seed % 9) + article(100 + seed)) for seed in range(40)]
    whole = candidates.pairs(sketch.sketches(texts), settings).pairs

    assert len(whole) > 20
    for sizes in ((13,), (1, 5, 20), (39,)):
        assert np.array_equal(dealt(texts, sizes, settings), whole)
    if large == 10:  # a part that has only the sample is enough
        assert np.array_equal(dealt(texts, (20,), settings, settings.sample), whole)


def test_a_large_corpus_keeps_the_closest() -> None:
    """Every article of a large corpus keeps its closest few, and a rewrite is among them."""
    settings = replace(SOME, large=10, best=2)
    texts = [" ".join(article(seed // 2) + article(500 + seed, 60)) for seed in range(60)]
    found = set(map(tuple, candidates.pairs(sketch.sketches(texts), settings).pairs.tolist()))

    assert found >= {(row, row + 1) for row in range(0, 60, 2)}
    assert len(found) <= 60 * 2


def test_the_closest_are_those_of_the_slow_twin() -> None:
    """The compiled search picks what sorting all others by their share picks."""
    draw = np.random.default_rng(3)
    rows = [set(draw.integers(0, 30, 9).tolist()) for _ in range(25)]
    ids, bounds = oracles.compressed(rows)
    heads, members = kernels.postings(ids, bounds, 30)
    sizes = np.array([len(row) for row in rows], np.int32)
    found = closest((0, 25), (bounds, ids), (heads, members), sizes, (2, 0.2, 3))

    expected = set()
    for a, row in enumerate(rows):
        others = [(len(row & other) / min(len(row), len(other)), b) for b, other in enumerate(rows) if b != a]
        near = sorted((-share, b) for share, b in others if share >= 0.2 and len(row & rows[b]) >= 2)
        expected |= {(min(a, b), max(a, b)) for _, b in near[:3]}
    assert set(map(tuple, found.tolist())) == expected


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(-1, 6)), max_size=40), st.integers(2, 4))
def test_rare_keys_are_joined(postings: list[tuple[int, int, int]], rare: int) -> None:
    """Keys that 2 to so many articles have are found with these, increasing; more common ones are counted."""
    high, low, place = np.array(sorted(postings), np.int64).reshape(-1, 3).T
    columns = (high.astype(np.uint32) + np.uint32(7), low.astype(np.uint8), np.arange(high.size, dtype=np.int32))
    packed = np.empty(high.size, np.uint64)
    count = placed(columns, place.astype(np.int32), 7, 3, packed)
    counts, members, hot = rare_groups(np.sort(packed[:count]), 3, rare)

    known: dict[tuple[int, int], list[int]] = {}
    for *key, where in sorted(postings):
        if where >= 0:
            known.setdefault((key[0], key[1]), []).append(where)
    found = [where for key, where in sorted(known.items()) if 2 <= len(where) <= rare]
    assert counts.tolist() == [len(where) for where in found]
    assert members.tolist() == [one for where in found for one in where]
    assert hot == sum(len(where) > rare for where in known.values())


@pytest.mark.parametrize("large", [20_000, 10], ids=["small", "large"])
def test_one_article_finds_what_it_is_from(large: int) -> None:
    """An article that is asked about finds copies and rewrites among the known ones; a removed one is not found."""
    settings = replace(SOME, large=large)
    texts = [" ".join(article(seed) + article(100 + seed)) for seed in range(40)]
    parts = [keys.keys(sketch.sketches(texts[:25]), settings), keys.keys(sketch.sketches(texts[25:]), settings)]
    places = [np.arange(25, dtype=np.int32), np.arange(25, 40, dtype=np.int32)]
    asked = keys.keys(sketch.sketches([" ".join(article(31) + article(700))]), settings)
    same = keys.keys(sketch.sketches([texts[7]]), settings)

    assert candidates.near(asked, parts, places, 40, settings).tolist() == [31]
    assert candidates.near(same, parts, places, 40, settings).tolist() == [7]
    places[0][7] = -1
    assert candidates.near(same, parts, places, 40, settings).tolist() == []


def test_counts_are_looked_up_by_hash() -> None:
    """The count of every value of a panel is found, and strangers have none; also in an empty panel."""
    draw = np.random.default_rng(6)
    for size in (0, 1, 1000, 70_000):
        values = draw.integers(0, 1 << 63, size, np.uint64) << np.uint64(1)
        known, counts = np.unique(values, return_counts=True)
        tally = features.Tally.made(known, counts.astype(np.int32), 10)
        asked = np.concatenate([known[::3], draw.integers(0, 1 << 63, 50, np.uint64)])
        table = dict(zip(known.tolist(), counts.tolist(), strict=True))

        assert counted(asked, *tally.asked, 0).tolist() == [table.get(value, 0) for value in asked.tolist()]
        sieved = replace(tally, sieve=tally.marks)
        assert counted(asked[-3:], *sieved.asked, -7).tolist() == [
            table.get(value, -7) for value in asked[-3:].tolist()
        ]


def test_features_of_several_articles_are_a_tally_of_their_own() -> None:
    """Looked up among them, what one article has or none is a stranger, and all else has its count."""
    draw = np.random.default_rng(8)
    known = np.unique(draw.integers(0, 1 << 63, 5000, np.uint64) << np.uint64(1))
    counts = draw.integers(1, 4, known.size).astype(np.int32)
    tally = features.Tally.made(known, counts, 10)
    asked = np.concatenate([known, draw.integers(0, 1 << 63, 50, np.uint64)])

    assert counted(asked, *tally.often.asked, -1).tolist() == [*np.where(counts > 1, counts, -1).tolist(), *[-1] * 50]


@given(st.lists(st.integers(0, 2**32 - 1), max_size=300), st.integers(0, 24), st.lists(st.integers(0, 2**32 - 1)))
def test_spans(column: list[int], shift: int, strangers: list[int]) -> None:
    """A value begins and ends in a sorted column where bisection says, however the values are spread."""
    ordered = np.sort(np.array(column, np.uint64) >> np.uint64(shift)).astype(np.uint32)
    wanted = np.concatenate([ordered[::2], np.array(strangers, np.uint32)])
    starts, stops = spans(ordered, wanted)

    assert np.array_equal(starts, np.searchsorted(ordered, wanted))
    assert np.array_equal(stops, np.searchsorted(ordered, wanted, "right"))


@given(st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=300), st.integers(0, 24), st.integers(1, 90))
def test_spans_by_leading_bits(column: list[int], shift: int, often: int) -> None:
    """The same with a list of where each slot of leading bits begins, for values beyond its end as well."""
    ordered = np.sort(np.repeat(np.array(column, np.uint64) >> np.uint64(shift), often)).astype(np.uint32)
    wanted = np.sort(np.append(ordered[::2], np.array([0, 2**31, 2**32 - 1], np.uint32)))
    starts, stops = spans_headed(ordered, keys.headed(ordered), keys.slot_shift(ordered.size), wanted)

    assert np.array_equal(starts, np.searchsorted(ordered, wanted))
    assert np.array_equal(stops, np.searchsorted(ordered, wanted, "right"))


@given(st.lists(st.lists(st.integers(0, 5), max_size=6), min_size=1, max_size=5), st.integers(1, 4))
def test_meetings_in_bands_are_counted(bands: list[list[int]], bucket: int) -> None:
    """Whoever stands in the span of a band is found once, with the number of bands; of a full span the first few."""
    rows = np.array([band + [0] * (6 - len(band)) for band in bands], np.int32)
    spans = np.zeros(len(bands), np.int64), np.array([len(band) for band in bands])
    found, count = meeting(rows, spans, bucket)
    met = [row for band in bands for row in band[:bucket]]

    assert dict(zip(found.tolist(), count.tolist(), strict=True)) == {row: met.count(row) for row in set(met)}
    assert found.tolist() == sorted(set(met))


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=60), st.integers(0, 60))
def test_spans_in_several_columns(column: list[int], shift: int) -> None:
    """Each value is found in a column of its own, the first, the last and a stranger among them."""
    ordered = np.sort(np.array(column, np.uint64) >> np.uint64(shift))
    columns = np.stack([ordered, ordered, ordered])
    wanted = np.array([ordered[0], ordered[-1], 2**63 >> shift], np.uint64)
    starts, stops = spans_of_each(columns, wanted)

    assert np.array_equal(starts, np.searchsorted(ordered, wanted))
    assert np.array_equal(stops, np.searchsorted(ordered, wanted, "right"))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=30), st.integers(1, 3))
def test_shared_keys_are_counted(postings: list[tuple[int, int]], least: int) -> None:
    """Who has so many of the asked keys, by all their bits, is found with how many; the others are not."""
    known, rows = np.array(postings, np.int64).reshape(-1, 2).T
    zeros = np.zeros(6, np.int32)
    low = np.array([1, 2, 9], np.uint8)
    spans = (np.array([0, 2]), np.zeros(3, np.int64), np.full(3, len(postings), np.int64))
    found, shared = sharing((known.astype(np.uint8), rows.astype(np.int32)), low, spans, zeros, least)

    assert not zeros.any()
    counts = [sum(key == 1 and row == wanted for key, row in postings) for wanted in range(6)]
    assert found.tolist() == [row for row in range(6) if counts[row] >= least]
    assert shared.tolist() == [count for count in counts if count >= least]
