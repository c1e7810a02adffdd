"""Batches of articles become sketches: fixed-size stand-ins and rare features, no text and no object per word."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
import xxhash
from numpy.typing import NDArray

from lineage import features, kernels, words
from lineage.errors import IncompatibleSketches
from lineage.features import SCHEME, Sketches
from lineage.settings import SketchSettings


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """A fixed-size stand-in for one text, by which its likeness to another is estimated.

    values: uint32, `settings.values` of them; each agrees with that of another text with the probability of the
    Jaccard similarity of their 5-word shingles.
    """

    settings: SketchSettings
    values: NDArray[np.uint32]

    @classmethod
    def of(cls, text: str, settings: SketchSettings = SketchSettings()) -> "Sketch":
        """The sketch of a text."""
        split = words.split(text, settings.stem)
        shape = (settings.shingle, settings.values, settings.seed)
        return cls(settings, kernels.shingle_sketches(split.hashes, split.bounds, *shape)[0])

    def jaccard(self, other: "Sketch") -> float:
        """Estimated Jaccard similarity, 0 to 1, with a standard error of at most .5 / √values; symmetric.

        0 where a text is too short for a shingle.  Raises IncompatibleSketches on mixed settings.
        """
        _alike(self.settings, other.settings)
        return float(((self.values == other.values) & (self.values != kernels.EMPTY)).mean())

    def to_datasketch(self) -> Any:
        """A `datasketch.MinHash` with the same values: to be compared, indexed, merged and made lean there.

        It refuses to be updated, and datasketch refuses to compare it with a sketch made in another way.
        """
        from datasketch import MinHash

        return MinHash(seed=mark(self.settings), hashvalues=self.values.copy(), scheme="affine32", hashfunc=_no_updates)

    @classmethod
    def from_datasketch(cls, minhash: Any, settings: SketchSettings = SketchSettings()) -> "Sketch":
        """The sketch that `to_datasketch` made a MinHash of; a LeanMinHash will do.

        Raises IncompatibleSketches where it was made in another way or with other settings.
        """
        if minhash.seed != mark(settings) or len(minhash.hashvalues) != settings.values:
            raise IncompatibleSketches(
                f"a MinHash of {len(minhash.hashvalues)} values with seed {minhash.seed} is no sketch of {SCHEME} with "
                f"{settings}, whose seed is {mark(settings)}; sketch the text again with lineage.Sketch.of"
            )
        return cls(settings, np.array(minhash.hashvalues, np.uint32))


def mark(settings: SketchSettings) -> int:
    """The number, 32 bits, that sets sketches of one scheme and settings apart; datasketch knows it as their seed."""
    return xxhash.xxh32_intdigest(f"{SCHEME} {settings}".encode())


def _no_updates(data: bytes) -> NoReturn:
    raise IncompatibleSketches("datasketch cannot add to a sketch of a text; sketch the longer text with Sketch.of")


def _alike(one: SketchSettings, other: SketchSettings) -> None:
    if one != other:
        raise IncompatibleSketches(f"sketches made with {one} and {other} do not compare; sketch both with one")


def sketches(texts: Sequence[str], settings: SketchSettings = SketchSettings()) -> Sketches:
    """The sketches of a batch of texts, in their order."""
    split = words.split_batch(texts, settings.stem)
    minhash = kernels.shingle_sketches(split.hashes, split.bounds, settings.shingle, settings.values, settings.seed)
    return Sketches(settings, minhash, features.skips(split, settings.window), np.diff(split.bounds))


def of_bytes(
    data: NDArray[np.uint8],
    starts: NDArray[np.int64],
    stops: NDArray[np.int64],
    settings: SketchSettings = SketchSettings(),
) -> Sketches:
    """The sketches, without skip pairs, of texts that lie in `data` as UTF-8; holds no lock of the interpreter."""
    rules = (settings.shingle, settings.values, settings.seed)
    minhash, lengths = kernels.text_sketches(data, starts, stops, words.spelling_tables(), rules)
    return Sketches(settings, minhash, features.none(len(lengths)), lengths)


def joined(parts: Iterable[Sketches]) -> Sketches:
    """The sketches of several batches, one after the other.  Raises IncompatibleSketches on mixed settings."""
    batches = list(parts)
    if not batches:
        return sketches([])
    for batch in batches[1:]:
        _alike(batches[0].settings, batch.settings)
    return Sketches(
        batches[0].settings,
        np.concatenate([batch.minhash for batch in batches]),
        features.joined_values([batch.skips for batch in batches]),
        np.concatenate([batch.lengths for batch in batches]),
    )
