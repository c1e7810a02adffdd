"""Batches of articles become sketches: fixed-size stand-ins and rare features, no text and no object per word."""

from collections.abc import Iterable, Sequence

import numpy as np

from lineage import features, kernels, words
from lineage.errors import IncompatibleSketches
from lineage.features import Sketches
from lineage.settings import SketchSettings


def sketches(texts: Sequence[str], settings: SketchSettings = SketchSettings()) -> Sketches:
    """The sketches of a batch of texts, in their order."""
    split = words.split_batch(texts, settings.stem)
    minhash = kernels.shingle_sketches(split.hashes, split.bounds, settings.shingle, settings.values, settings.seed)
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
