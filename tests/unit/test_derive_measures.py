"""The measures of pairs: what they say of texts made for the purpose."""

import numpy as np
import pytest

from lineage.derive import particulars
from lineage.derive.between import third_texts
from lineage.derive.grid import FEW, Pairs, column_gaps, column_ranks, in_widest_tree, nearest
from lineage.derive.measures import Tables, tables
from lineage.derive.readings import RARE, Postings, Reading, occurrences, runs, skips
from lineage.records import Article


def measured(**texts: str) -> Tables:
    return tables([Article(name, text) for name, text in texts.items()])


def value(found: Tables, name: str, parent: str, child: str) -> float:
    ids = [reading.article.id for reading in found.readings]
    row = [(ids[p], ids[c]) for p, c in zip(found.pairs.parent, found.pairs.child, strict=True)].index((parent, child))
    return float(found.column(name)[row])


def postings(*texts: str) -> Postings:
    return Postings.of([Reading.of(Article(str(n), text)).features("stem") for n, text in enumerate(texts)])


def test_containment_has_a_direction() -> None:
    """A cut is covered by its source; the source is not kept whole."""
    found = measured(a="alpha bravo charlie delta echo foxtrot golf hotel", b="alpha bravo charlie delta", c="zulu")
    assert value(found, "wording.covered.stem", "a", "b") == pytest.approx(1.0)
    assert value(found, "wording.kept.stem", "a", "b") < 0.6
    assert value(found, "wording.covered.stem", "b", "a") == value(found, "wording.kept.stem", "a", "b")


def test_private_agreement_is_of_exactly_two() -> None:
    """Wording of three texts is not private to any two."""
    common = "alpha bravo charlie delta"
    found = measured(a=f"{common} golf hotel india", b=f"{common} golf hotel india", c=common)
    assert value(found, "private.share.stem", "a", "b") > 0
    assert value(found, "private.share.stem", "a", "c") == 0


def test_a_middle_text_is_inner() -> None:
    """In a chain a, b, c the third text c stands with b against a, and contradicts nothing."""
    found = measured(
        a="alpha bravo charlie delta echo foxtrot",
        b="alpha bravo charlie delta golf hotel",
        c="alpha bravo india juliett golf hotel",
    )
    assert value(found, "third.side.stem", "b", "a") == 1.0
    assert value(found, "third.side.stem", "a", "b") == -1.0
    assert value(found, "third.conflict.stem", "a", "b") == 0.0


def test_two_copies_of_a_third_text_contradict_each_other() -> None:
    """Siblings each keep what the other has lost, so the source agrees with either against the other."""
    found = measured(
        source="alpha bravo charlie delta echo foxtrot golf hotel",
        x="alpha bravo charlie delta echo kilos",
        y="charlie delta echo foxtrot golf hotel",
    )
    assert value(found, "third.conflict.stem", "x", "y") > 0.3
    assert value(found, "third.conflict.stem", "source", "x") == 0.0


def test_numbers_lost_on_the_way() -> None:
    """One of two numbers is kept; none is known only to the child."""
    found = measured(a="The fire of 1999 destroyed 250 houses.", b="The fire destroyed 250 houses.")
    assert value(found, "numbers.kept", "a", "b") == pytest.approx(0.5)
    assert value(found, "numbers.known", "a", "b") == pytest.approx(1.0)
    assert value(found, "quotations.kept", "a", "b") == pytest.approx(particulars.NONE)


def test_every_measure_is_finite() -> None:
    """Empty, short and equal texts give numbers, never nan."""
    found = measured(a="", b="word", c="word", d="Another, longer sentence stands here; it is 7 words.")
    assert np.isfinite(found.of_pairs).all()
    assert np.isfinite(found.of_texts).all()


def test_rare_and_frequent_features_are_counted_alike() -> None:
    """Above `RARE` texts features are counted pair by pair; the sums are those of the product of tables."""
    rng = np.random.default_rng(1)
    vocabulary = [f"word{letter}{other}" for letter in "abcdefghij" for other in "klmnopqrst"]
    texts = [" ".join(rng.choice(vocabulary, 30)) for _ in range(RARE + 12)]
    found = Postings.of([Reading.of(Article(str(n), text)).features("skip") for n, text in enumerate(texts)])
    table = found.incidence(found.held >= 2).astype(np.float64)
    np.testing.assert_allclose(found.shared, table @ table.T)


def test_ranks_count_the_better_ones() -> None:
    """Rank 0 is the best of the column; equal entries share a rank; the gap is to the best other."""
    table = np.array([[9.0, 1.0, 2.0], [5.0, 9.0, 2.0], [5.0, 3.0, 9.0]])
    assert column_ranks(table)[1:, 0].tolist() == [0.5, 0.5]
    assert column_ranks(table)[[0, 2], 1].tolist() == [1.0, 0.0]
    assert column_gaps(table)[2, 1] == 2.0
    assert column_gaps(table)[1, 0] == 0.0


def test_the_widest_tree_has_one_branch_less_than_texts() -> None:
    """A chain of similarities is its own maximum spanning tree."""
    table = np.array([[1.0, 0.9, 0.1], [0.9, 1.0, 0.8], [0.1, 0.8, 1.0]])
    assert in_widest_tree(table).tolist() == [[0, 1, 0], [1, 0, 1], [0, 1, 0]]


def test_large_stories_weigh_near_pairs_only() -> None:
    """Above a hundred texts each has its nearest as possible parents, both ways."""
    rng = np.random.default_rng(2)
    closeness = rng.random((120, 120))
    pairs = Pairs.among(closeness + closeness.T)
    assert 120 * 6 <= len(pairs) < 120 * 119
    assert nearest(closeness + closeness.T, 5).any(axis=1).all()
    both = set(zip(pairs.parent.tolist(), pairs.child.tolist(), strict=True))
    assert all((child, parent) in both for parent, child in both)


def test_witnesses_do_not_change_what_all_texts_say() -> None:
    """Testimony over every pair is antisymmetric in its side."""
    found = postings(
        "alpha bravo charlie delta", "alpha bravo charlie echos", "alpha bravo foxtrot", "delta echos golfs"
    )
    pairs = Pairs.among(np.ones((4, 4)))
    said = third_texts("stem", found, pairs, np.ones((4, 4))).pairs["third.side.stem"]
    table = np.zeros((4, 4))
    table[pairs.parent, pairs.child] = said
    np.testing.assert_allclose(table, -table.T)


def test_hashes_of_runs_and_pairs() -> None:
    """Runs depend on the order of words, skip pairs do not; a bag counts every occurrence."""
    forth = Reading.of(Article("a", "alpha bravo charlie")).words
    back = Reading.of(Article("b", "charlie bravo alpha")).words
    assert runs(forth.hashes, 2).size == 2
    assert not set(runs(forth.hashes, 2)) & set(runs(back.hashes, 2))
    assert set(skips(forth.stems)) == set(skips(back.stems))
    assert occurrences(Reading.of(Article("c", "so so so")).words.hashes).size == 3
    assert np.unique(occurrences(Reading.of(Article("c", "so so so")).words.hashes)).size == 3


def test_ranks_of_few_and_of_many_texts_are_counted_alike() -> None:
    closeness = np.random.default_rng(4).integers(0, 5, (FEW + 3, FEW + 3)).astype(float)
    for texts in (1, 2, FEW, FEW + 1, FEW + 3):
        table = closeness[:texts, :texts]
        slow = np.zeros((texts, texts))
        for column in range(texts):
            for row in range(texts):
                others = [table[at, column] for at in range(texts) if at not in (row, column)]
                if row != column:
                    slow[row, column] = sum(o > table[row, column] for o in others)
                    slow[row, column] += 0.5 * sum(o == table[row, column] for o in others)
        off = ~np.eye(texts, dtype=bool)
        assert (column_ranks(table)[off] == slow[off]).all()


def test_postings_are_those_of_the_joined_sets() -> None:
    random = np.random.default_rng(5)
    sets = [np.unique(random.integers(0, 40, size).astype(np.uint64)) for size in (20, 0, 7, 30)]
    for some in (sets, [np.zeros(0, np.uint64)] * 2):
        found = Postings.of(some)
        entries = [(value, row) for row, own in enumerate(some) for value in own.tolist()]
        values = sorted({value for value, _ in entries})
        assert found.order.tolist() == values
        assert found.held.tolist() == [sum(value == one for one, _ in entries) for value in values]
        assert list(zip(found.columns.tolist(), found.rows.tolist(), strict=True)) == [
            (values.index(value), row) for value, row in sorted(entries)
        ]
