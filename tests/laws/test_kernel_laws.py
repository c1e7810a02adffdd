"""The compiled loops against their slow twins."""

from collections import Counter
from itertools import combinations
from unittest.mock import patch

import numpy as np
from datasketch import MinHashLSH
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage import features, kernels, lsh, words
from lineage.kernels.components import components
from lineage.verify import judgement
from tests import oracles

ROWS = st.lists(st.sets(st.integers(0, 12), max_size=8), min_size=1, max_size=7)


@given(ROWS, st.integers(1, 5), st.integers(1, 3))
def test_co_occurrences(rows: list[set[int]], cap: int, least: int) -> None:
    """Pairs by rare features are those that counting every pair finds, in sorted order."""
    ids, bounds = oracles.compressed(rows)
    heads, articles = kernels.postings(ids, bounds, 13)
    first, second, shared = kernels.co_occurrences(ids, bounds, heads, articles, (cap, least))

    found = list(zip(first.tolist(), second.tolist(), strict=True))
    assert dict(zip(found, shared.tolist(), strict=True)) == oracles.co_occurrences(rows, cap, least)
    assert found == sorted(found)


def in_rows(rows: list[set[int]], scale: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Rows of features as (values, bounds); scale: what spreads the values, as hashes are spread."""
    ids, bounds = oracles.compressed(rows)
    return ids.astype(np.uint64) * np.uint64(scale), bounds


def every_pair(count: int) -> np.ndarray:
    return np.array([(a, b) for a in range(count) for b in range(count) if a != b], np.int32).reshape(-1, 2)


@given(ROWS, st.sampled_from([1, 0x0B4F_11D3_9A7C_55E1]))
def test_meetings(rows: list[set[int]], scale: int) -> None:
    """What two articles share is found whatever the values are, in increasing order, with its place in either."""
    values, bounds = in_rows(rows, scale)
    pairs = every_pair(len(rows))
    found, left, right = kernels.meetings(pairs, values, bounds)

    assert found[-1] == left.size == right.size
    for at, (a, b) in enumerate(pairs.tolist()):
        span = slice(found[at], found[at + 1])
        common = sorted(rows[a] & rows[b])
        assert [sorted(rows[a])[place] for place in left[span]] == common
        assert [sorted(rows[b])[place] for place in right[span]] == common


@given(ROWS, st.sets(st.integers(0, 6)))
def test_overlaps(rows: list[set[int]], outsiders: set[int]) -> None:
    """Shared, weighed, private and scarce features are those of the sets, with a pair's own articles counted in."""
    values, bounds = in_rows(rows)
    panel = [row for at, row in enumerate(rows) if at not in outsiders]
    counts = np.array([sum(feature in row for row in panel) for feature in range(13)], np.int32)
    shares = (np.arange(13) / 200).astype(np.float32)
    outside = np.array([at in outsiders for at in range(len(rows))], np.uint8)
    pairs = every_pair(len(rows))
    features_ = (counts[values], shares[values], bounds, len(panel))
    met = kernels.meetings(pairs, values, bounds)
    single, total = kernels.weights(features_, outside)
    shared = (met, kernels.shared_weights(pairs, met, features_, outside, single))

    def weigh(feature: int, count: int) -> float:
        return float(kernels.information(count, float(shares[feature]), len(panel)))

    every = kernels.overlaps(pairs, shared, (counts[values], single, total, bounds), outside)
    for (a, b), found in zip(pairs.tolist(), every, strict=True):
        common = rows[a] & rows[b]
        beside = [row for at, row in enumerate(rows) if at in outsiders & {a, b}]
        count = {feature: int(counts[feature]) + sum(feature in row for row in beside) for feature in range(13)}
        expected = [
            len(common),
            sum(weigh(feature, count[feature]) for feature in common),
            sum(count[feature] <= 2 for feature in common),
            sum(count[feature] <= kernels.SCARCE_ARTICLES for feature in common),
            sum(weigh(feature, count[feature]) for feature in rows[a]),
            sum(weigh(feature, count[feature]) for feature in rows[b]),
        ]
        assert np.allclose(found, expected, atol=1e-5)

    ratios = np.zeros((len(pairs), 7))
    kernels.ratios(pairs, every, bounds, ratios)
    for (a, b), (shared_, weight, private, scarce, *own), found in zip(
        pairs.tolist(), every.tolist(), ratios.tolist(), strict=True
    ):
        least = min(len(rows[a]), len(rows[b]))
        wholes = (len(rows[a] | rows[b]), least, sum(own) - weight, min(own), max(own), least, least)
        parts = (shared_, shared_, weight, weight, weight, private, scarce)
        assert np.allclose(found, [part / whole if whole > 0 else 0 for part, whole in zip(parts, wholes, strict=True)])


@given(ROWS, st.lists(st.integers(-1, 1), min_size=13, max_size=13))
def test_unsettled(rows: list[set[int]], known: list[int]) -> None:
    """Shared features of unknown count are named where they stand in the first article, each once, and marked."""
    values, bounds = in_rows(rows)
    counts = np.array(known, np.int32)[values]
    pairs = every_pair(len(rows))
    shared = [set().union(*(row & other for b, other in enumerate(rows) if a != b)) for a, row in enumerate(rows)]
    asked = [bounds[a] + sorted(row).index(f) for a, row in enumerate(rows) for f in shared[a] if known[f] < 0]
    places = kernels.unsettled(pairs, kernels.meetings(pairs, values, bounds), counts, bounds)

    assert sorted(places.tolist()) == sorted(asked)
    assert (counts[places] == 0).all()


@given(ROWS, st.lists(st.integers(1, 3), min_size=13, max_size=13), st.sets(st.integers(0, 6)))
def test_counts_that_are_looked_up_late(rows: list[set[int]], known: list[int], outsiders: set[int]) -> None:
    """With counts below two looked up only where pairs share them, every sum is what it is with all of them known."""
    values, bounds = in_rows(rows, 0x0B4F_11D3_9A7C_55E1)
    every, ids = np.unique(values, return_inverse=True)
    counts = np.array(known, np.int32)[: every.size]
    tally = features.Tally.made(every, counts, 40)
    shares = (np.arange(values.size) / 900).astype(np.float32)
    outside = np.array([at in outsiders for at in range(len(rows))], np.uint8)
    pairs = every_pair(len(rows))
    sets = (values, shares, bounds)

    late, *own = kernels.weighed(sets, tally.often.asked, 40, outside)
    exact = counts[ids].astype(np.int32)
    single, total = kernels.weights((exact, shares, bounds, 40), outside)
    assert np.array_equal(own[0], single)
    assert np.array_equal(own[1], total)
    met, shared, found = kernels.in_common(
        pairs, (values, (late, shares, bounds, 40)), (own[0], own[1]), tally.asked, outside
    )
    weights = kernels.shared_weights(pairs, met, (exact, shares, bounds, 40), outside, single)
    assert np.array_equal(shared, weights)
    assert np.array_equal(found, kernels.overlaps(pairs, (met, weights), (exact, single, total, bounds), outside))


@given(ROWS, st.integers(1, 3))
def test_best_overlaps_and_ranks(rows: list[set[int]], kinds: int) -> None:
    """The best of each article is the greatest of its pairs; a rank is the share of it, 0 where there is none."""
    pairs = np.array([(a, b) for a in range(len(rows)) for b in range(a)], np.int32).reshape(-1, 2)
    overlaps = np.array([[len(rows[a] & rows[b]) / (k + 1) for k in range(kinds)] for a, b in pairs.tolist()])
    overlaps = overlaps.reshape(-1, kinds)
    found = np.zeros((kinds, len(rows)))
    kernels.bests(pairs, overlaps, found)
    measured = np.concatenate([overlaps, np.zeros((len(pairs), 2 * kinds))], axis=1)
    kernels.ranks(pairs, measured, found, np.array([[k, kinds + 2 * k, kinds + 2 * k + 1] for k in range(kinds)]))

    for kind in range(kinds):
        best = [
            max((o for p, o in zip(pairs.tolist(), overlaps[:, kind].tolist(), strict=True) if a in p), default=0)
            for a in range(len(rows))
        ]
        assert found[kind].tolist() == best
        for (a, b), own, row in zip(pairs.tolist(), overlaps[:, kind].tolist(), measured.tolist(), strict=True):
            high, low = max(best[a], best[b]), min(best[a], best[b])
            assert row[kinds + 2 * kind] == (own / high if high else 0)
            assert row[kinds + 2 * kind + 1] == (own / low if low else 0)


@given(st.integers(0, 6000), st.floats(0, 1), st.integers(1, 5000))
def test_information(count: int, share: float, panel: int) -> None:
    """Rare features say more than common ones, and none says less than nothing."""
    said = [kernels.information(number, share, panel) for number in (count, count + 1)]
    assert said[0] >= said[1] >= 0.0


LINKS = st.dictionaries(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]),
    st.sampled_from([0.1, 0.7, 0.8, 0.9]),
    max_size=30,
)


@given(LINKS, st.integers(1, 5), st.integers(1, 5))
def test_third_articles_reveal_pairs(links: dict[tuple[int, int], float], most: int, crowd: int) -> None:
    """Two of the closest neighbours of one article that never met are found, each once, unless both have many."""
    pairs = np.array(list(links), np.int32).reshape(-1, 2)
    ties = np.array(list(links.values()))
    expected = set()
    degree = Counter(article for pair, tie in links.items() if tie >= 0.7 for article in pair)
    for article in range(9):
        tied = [(-tie, (set(pair) - {article}).pop()) for pair, tie in links.items() if article in pair and tie >= 0.7]
        expected |= {(min(a, b), max(a, b)) for (_, a), (_, b) in combinations(sorted(tied)[:most], 2)}

    with patch.object(judgement, "NEIGHBOURS", most), patch.object(judgement, "CROWD", crowd):
        found = judgement.missed_pairs(pairs, ties, 9, 0.7)
    asked = {(a, b) for a, b in expected - links.keys() if min(degree[a], degree[b]) <= crowd}
    assert list(map(tuple, found.tolist())) == sorted(asked)


@given(LINKS)
def test_third_articles_speak_for_and_against(links: dict[tuple[int, int], float]) -> None:
    """Paths over one other article tie two together; articles closer to one, and not kin of the other, are rivals."""
    tie = {**links, **{(b, a): value for (a, b), value in links.items()}}
    pairs = np.array(list(links), np.int32).reshape(-1, 2)
    if not links:
        return

    def rivals(near: int, other: int) -> float:
        closer = [third for third in range(9) if third != other and tie.get((near, third), 0) > tie[near, other]]
        return sum(tie[near, third] * (1 - tie.get((other, third), 0)) for third in closer)

    found = judgement.third_articles(pairs, np.array(list(links.values())), 9)
    for (a, b), (path, second, paths, one_sided, met, most, least) in zip(links, found.tolist(), strict=True):
        both = [sorted((tie[a, t], tie[b, t])) for t in range(9) if (a, t) in tie and (b, t) in tie]
        weaker = [0.0, 0.0, *sorted(weak for weak, _ in both)]
        assert (path, second) == (weaker[-1], weaker[-2])
        assert np.isclose(paths, sum(weak * strong for weak, strong in both))
        assert np.isclose(one_sided, sum(strong * (1 - weak) for weak, strong in both))
        assert np.isclose(met, np.log(min(sum(end in pair for pair in links) for end in (a, b))))
        assert np.allclose([most, least], sorted([rivals(a, b), rivals(b, a)], reverse=True))


@given(st.integers(2, 12), st.floats(0.1, 1.0), st.integers(0, 1 << 32))
def test_pairs_are_told_in_company(articles: int, share: float, seed: int) -> None:
    """Half of what is said of a pair is the mean of the pairs between the clusters that unite its two articles."""
    random = np.random.default_rng(seed)
    pairs = np.array([pair for pair in combinations(range(articles), 2) if random.random() < share], np.int32)
    pairs = pairs.reshape(-1, 2)
    odds = random.normal(0.0, 3.0, len(pairs))
    near = {(a, b): value for (a, b), value in zip(pairs.tolist(), odds.tolist(), strict=True)}
    met = oracles.linked(near, articles, judgement.STRANGE)
    tied = components(pairs[odds > judgement.STRANGE], articles, articles)
    seen = [(value + met[a, b]) / 2 if tied[a] == tied[b] else value for (a, b), value in near.items()]
    assert np.allclose(judgement.in_company(pairs, odds, articles), seen)


def test_what_two_clusters_say_outweighs_one_pair() -> None:
    """Of two families of three, one pair that says they are one is not believed; of a family, one that says no is."""
    one, other = (0, 1, 2), (3, 4, 5)
    pairs = np.array(list(combinations(range(6), 2)), np.int32)
    odds = np.array([4.0 if {a, b} <= set(one) or {a, b} <= set(other) else -3.0 for a, b in pairs.tolist()])
    told = dict(zip(map(tuple, pairs.tolist()), range(len(pairs)), strict=True))
    odds[told[0, 3]], odds[told[0, 2]] = 1.0, -0.5
    found = judgement.in_company(pairs, odds, 6)
    assert found[told[0, 3]] < 0 < found[told[0, 2]]
    assert list(judgement.in_company(pairs[:1], odds[:1], 2)) == [4.0]


@given(st.permutations(range(9)), st.permutations(range(9)), st.sets(st.integers(0, 8)))
def test_same_order(here: list[int], there: list[int], dropped: set[int]) -> None:
    """The longest run in the same order is the longest rising subsequence, and is symmetric."""
    left = {feature: place for place, feature in enumerate(here)}
    right = {feature: place for place, feature in enumerate(there) if feature not in dropped}
    values = np.array([*sorted(left), *sorted(right)], np.uint64)
    places = np.array([*(left[f] for f in sorted(left)), *(right[f] for f in sorted(right))], np.int32)
    bounds = np.array([0, len(left), len(left) + len(right)], np.int64)
    pairs = np.array([[0, 1], [1, 0]], np.int32)

    found = kernels.same_order(pairs, kernels.meetings(pairs, values, bounds), places, bounds)
    expected = oracles.longest_rising([right[feature] for feature in here if feature in right])
    assert found.tolist() == [expected, expected]


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(2, 6))
def test_bucket_pairs(keys: list[int], limit: int) -> None:
    """Every bucket is paired in full up to the limit, linked as a chain above it, and counted."""
    found, hot = kernels.bucket_pairs(np.array(keys, np.uint64), limit)
    expected = set()
    for key in set(keys):
        rows = [row for row, value in enumerate(keys) if value == key]
        full = len(rows) > limit
        expected |= {(a, b) for at, a in enumerate(rows) for b in (rows[at + 1 : at + 2] if full else rows[at + 1 :])}

    assert sorted(map(tuple, found.tolist())) == sorted(expected)
    assert hot == sum(keys.count(key) > limit for key in set(keys))


@given(st.text(st.sampled_from("abcdef ."), max_size=80), st.integers(2, 3))
def test_runs_are_shingles(text: str, size: int) -> None:
    """There is one feature for each distinct run of words, at its first place."""
    split = words.split(text)
    spelled = [spelling for _, _, spelling in oracles.split(text)]
    first: dict[tuple[str, ...], int] = {}
    for at in range(len(spelled) - size + 1):
        first.setdefault(tuple(spelled[at : at + size]), at)

    found = features.runs(split, size)
    assert sorted(found.places.tolist()) == sorted(first.values())
    assert found.values.tolist() == sorted(found.values.tolist())


@given(st.lists(st.sampled_from(["alpha", "bravo", "carol", "delta", "eagle", "to"]), max_size=14), st.integers(1, 4))
def test_skip_pairs(spelled: list[str], window: int) -> None:
    """Skip pairs are the unordered pairs of different content words at most a window apart."""
    content = [word for word in spelled if len(word) >= kernels.CONTENT_LETTERS]
    expected = {
        frozenset((content[a], content[b]))
        for a in range(len(content))
        for b in range(a + 1, min(a + window + 1, len(content)))
        if content[a] != content[b]
    }

    split = words.split_batch([" ".join(spelled), "", " ".join(spelled[::-1] * 40)])
    pairs, bare = features.sets(split, "skip", window), features.skips(split, window)
    assert pairs.bounds[1] == pairs.bounds[2] == len(expected)
    assert np.array_equal(pairs.values, bare.values)
    assert np.array_equal(pairs.bounds, bare.bounds)


@settings(deadline=None, max_examples=25)
@given(st.floats(0.0, 1.0), st.integers(0, 10_000))
def test_sketches_estimate_jaccard(similarity: float, seed: int) -> None:
    """Two sketches agree in about as many values as their sets have in common: within five standard errors."""
    generator = np.random.default_rng(seed)
    shared = int(400 * similarity)
    pool = generator.integers(0, 2**63, 800 - shared, np.uint64)
    left, right = np.sort(pool[:400]), np.sort(pool[400 - shared :])
    values = np.concatenate([left, right])
    bounds = np.array([0, len(left), len(values)])
    first, second = kernels.minhash(values, bounds, 512, 1)
    truth = shared / (800 - shared)

    assert abs(float((first == second).mean()) - truth) <= 5 * np.sqrt(truth * (1 - truth) / 512) + 1e-9


def test_bands_are_those_of_datasketch() -> None:
    """The choice of bands and rows separates as well as datasketch's own."""
    for similarity in (0.3, 0.5, 0.7, 0.9):
        reference = MinHashLSH(threshold=similarity, num_perm=128)
        bands, rows = lsh.bands_and_rows(similarity, 128)
        ours, theirs = (
            [1.0 - (1.0 - alike**long) ** many for alike in (0.2, 0.4, 0.6, 0.8)]
            for many, long in ((bands, rows), (reference.b, reference.r))
        )
        assert np.allclose(ours, theirs, atol=0.06), similarity
