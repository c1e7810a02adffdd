"""Batches of articles become sketches: fixed-size stand-ins and rare features, no text and no object per word."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from lineage import features, kernels, words
from lineage.errors import IncompatibleSketches
from lineage.features import Sketches
from lineage.settings import SketchSettings


def sketches(texts: Sequence[str], settings: SketchSettings = SketchSettings()) -> Sketches:
    """The sketches of a batch of texts, in their order."""
    split = words.split_batch(texts, settings.stem)
    shingles = features.runs(split, settings.shingle)
    multipliers, offsets = hash_family(settings)
    minhash = kernels.minhash(shingles.values, shingles.bounds, multipliers, offsets)
    return Sketches(settings, minhash, features.sets(split, "skip", settings.window), np.diff(split.bounds))


def joined(parts: Iterable[Sketches]) -> Sketches:
    """The sketches of several batches, one after the other.  Raises IncompatibleSketches on mixed settings."""
    batches = list(parts)
    if not batches:
        return sketches([])
    for batch in batches[1:]:
        if batch.settings != batches[0].settings:
            raise IncompatibleSketches(
                f"cannot join sketches made with {batches[0].settings} and {batch.settings}; sketch both with one"
            )
    return Sketches(
        batches[0].settings,
        np.concatenate([batch.minhash for batch in batches]),
        features.joined([batch.skips for batch in batches]),
        np.concatenate([batch.lengths for batch in batches]),
    )


def hash_family(settings: SketchSettings) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Multipliers (odd) and offsets of `settings.values` multiply-shift hash functions, drawn from the seed.

    Wrapping at 64 bits is the definition of multiply-shift (Dietzfelbinger et al. 1997), not an accident.
    """
    generator = np.random.Generator(np.random.PCG64(settings.seed))
    multipliers = generator.integers(0, 2**64, settings.values, np.uint64, endpoint=False) | np.uint64(1)
    offsets = generator.integers(0, 2**64, settings.values, np.uint64, endpoint=False)
    return multipliers, offsets
