"""Sketches handed to datasketch and back."""

import pickle

import numpy as np
import pytest
from datasketch import LeanMinHash, MinHash, MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

import lineage
from lineage import words
from lineage.errors import IncompatibleSketches
from lineage.settings import SketchSettings

SPELLED = [f"{a}{b}" for a in ("stone", "river", "house", "light", "paper") for b in ("", "s", "ly", "er", "man")]
TEXT = st.lists(st.sampled_from(SPELLED), min_size=5, max_size=60).map(" ".join)


def shingles(text: str) -> set[bytes]:
    """The 5-word shingles of a text, spelled out."""
    hashes = words.split(text).hashes.tolist()
    return {repr(hashes[at : at + 5]).encode() for at in range(len(hashes) - 4)}


def jaccard(a: str, b: str) -> float:
    """The exact similarity."""
    return len(shingles(a) & shingles(b)) / len(shingles(a) | shingles(b))


@given(TEXT, st.data())
def test_estimates_agree_with_datasketch_and_with_the_truth(text: str, data: st.DataObject) -> None:
    """For a text and an edit of it, ours, datasketch's of ours, and datasketch's own estimate are near the truth."""
    spelled = text.split()
    cut = data.draw(st.integers(0, len(spelled) - 5))
    edit = " ".join(spelled[cut:])
    ours = [lineage.Sketch.of(each) for each in (text, edit)]
    theirs = [MinHash(num_perm=128) for _ in range(2)]
    for made, each in zip(theirs, (text, edit), strict=True):
        made.update_batch(shingles(each))
    truth = jaccard(text, edit)
    error = 5 * np.sqrt(truth * (1 - truth) / 128) + 1e-9

    assert ours[0].jaccard(ours[1]) == ours[0].to_datasketch().jaccard(ours[1].to_datasketch())
    assert abs(ours[0].jaccard(ours[1]) - truth) <= error
    assert abs(ours[0].jaccard(ours[1]) - theirs[0].jaccard(theirs[1])) <= 2 * error


@given(TEXT)
def test_there_and_back(text: str) -> None:
    """What went to datasketch comes back equal, also made lean, also pickled."""
    made = lineage.Sketch.of(text)
    there = made.to_datasketch()

    for minhash in (there, LeanMinHash(there), pickle.loads(pickle.dumps(there))):
        assert np.array_equal(lineage.Sketch.from_datasketch(minhash).values, made.values)


@given(TEXT, TEXT)
def test_merged_sketches_are_the_sketch_of_the_union(a: str, b: str) -> None:
    """Merging in datasketch gives the sketch of both texts' shingles, where these are more than a handful."""
    long = " ".join([*SPELLED, *reversed(SPELLED)])
    first, second = f"{long} {a}", f"{long} {b}"
    merged = lineage.Sketch.of(first).to_datasketch()
    merged.merge(lineage.Sketch.of(second).to_datasketch())
    joined = lineage.Sketch.of(first).values, lineage.Sketch.of(second).values

    assert np.array_equal(merged.hashvalues, np.minimum(*joined))
    truth = len(shingles(first)) / len(shingles(first) | shingles(second))
    estimate = lineage.Sketch.from_datasketch(merged).jaccard(lineage.Sketch.of(first))
    assert abs(estimate - truth) <= 5 * np.sqrt(truth * (1 - truth) / 128) + 1e-9


def test_datasketch_indexes_our_sketches() -> None:
    """An LSH of datasketch finds the edited copy, and nothing else, by our sketches."""
    draw = np.random.default_rng(7)
    texts = {str(row): " ".join(map(str, draw.integers(0, 10**6, 300))) for row in range(50)}
    index = MinHashLSH(threshold=0.5, num_perm=128)
    for name, text in texts.items():
        index.insert(name, LeanMinHash(lineage.Sketch.of(text).to_datasketch()))
    edited = texts["17"].split()
    edited[100:120] = ["new"] * 20

    assert index.query(lineage.Sketch.of(" ".join(edited)).to_datasketch()) == ["17"]


def test_sketches_made_in_another_way_are_refused() -> None:
    """Neither side compares, adds to or takes over a sketch of another scheme or other settings."""
    ours, other = lineage.Sketch.of("a b c d e f"), MinHash(num_perm=128)
    fewer = lineage.Sketch.of("a b c d e f", SketchSettings(values=64))

    with pytest.raises(ValueError, match="seed"):
        ours.to_datasketch().jaccard(other)
    with pytest.raises(IncompatibleSketches, match="sketch the text again"):
        lineage.Sketch.from_datasketch(other)
    with pytest.raises(IncompatibleSketches, match="values=64"):
        lineage.Sketch.from_datasketch(ours.to_datasketch(), SketchSettings(values=64))
    with pytest.raises(IncompatibleSketches, match=r"values=64.*sketch both"):
        ours.jaccard(fewer)
    with pytest.raises(IncompatibleSketches, match="longer text"):
        ours.to_datasketch().update(b"word")


def test_texts_without_a_shingle_are_like_nothing() -> None:
    """Two empty sketches do not agree."""
    assert lineage.Sketch.of("one two").jaccard(lineage.Sketch.of("")) == 0.0
