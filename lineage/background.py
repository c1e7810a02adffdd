"""How common a word stem is in the world's texts: the rarity of a word when only a few articles are at hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import kernels, words

# As wordfreq names them.
LANGUAGES = (
    *("en", "de", "fr", "es", "ru", "it", "pt", "nl", "sv", "pl", "uk", "ar", "zh", "ja", "ko"),
    *("tr", "fi", "da", "nb", "cs", "el", "he", "hi", "id", "ca", "ro", "hu", "bg", "fa", "vi"),
)
WORDS_A_LANGUAGE = 20_000
ARTICLE_WORDS = 400  # the length of article for which shares are stated
UNKNOWN = 2e-5  # share of articles that hold a stem the table does not know
_STEP = 8  # shares are stored as -log2 in eighths


@dataclass(frozen=True, slots=True)
class Background:
    """Stems and the share of articles that hold them.

    keys: uint32, sorted, the upper half of each stem's hash.  shares: float32, 0 to 1, and `UNKNOWN` as the last, for
    a stem that is not listed.  logs: their logarithms.  heads: int32, where the keys with the same leading 19 bits
    begin.
    """

    keys: NDArray[np.uint32]
    shares: NDArray[np.float32]
    logs: NDArray[np.float32]
    heads: NDArray[np.int32]

    def share(self, stems: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Share of ordinary articles of `ARTICLE_WORDS` words that hold each stem; `UNKNOWN` for one never seen."""
        return kernels.looked_up(stems, self.keys, self.heads, self.shares)

    def log_share(self, stems: NDArray[np.uint64]) -> NDArray[np.float32]:
        """The logarithm of `share`."""
        return kernels.looked_up(stems, self.keys, self.heads, self.logs)


@cache
def table() -> Background:
    """The table shipped with the package, made by `make` from the word lists of wordfreq (Speer 2022)."""
    with resources.files("lineage").joinpath("data/background.npz").open("rb") as stream:
        loaded: Any = np.load(stream)
        keys, rarity = loaded["keys"], loaded["rarity"]
    keys = np.cumsum(keys, dtype=np.uint32)  # stored as gaps, which are small and compress well
    shares = np.append(np.exp2(-rarity.astype(np.float32) / _STEP), np.float32(UNKNOWN))
    heads = np.searchsorted(keys, np.arange((1 << 19) + 1) << 13).astype(np.int32)
    return Background(keys, shares, np.log(shares), heads)


def make(path: Path, languages: Sequence[str] = LANGUAGES) -> int:
    """Compute the table and write it; the number of stems in it.  Needs the extra `train`."""
    import wordfreq

    rates: dict[int, float] = {}
    for language in languages:
        listed = sorted(wordfreq.get_frequency_dict(language).items(), key=lambda entry: (-entry[1], entry[0]))
        entries = [entry for entry, _ in listed[:WORDS_A_LANGUAGE]]
        split = words.split_batch(entries)
        owner = np.repeat(np.arange(len(entries)), np.diff(split.bounds))
        local: dict[int, float] = {}
        for stem, entry in zip((split.stems >> np.uint64(32)).tolist(), owner.tolist(), strict=True):
            local[stem] = local.get(stem, 0.0) + listed[entry][1]
        for stem, rate in local.items():
            rates[stem] = max(rate, rates.get(stem, 0.0))
    keys = np.array(sorted(rates), np.uint32)
    share = 1.0 - np.exp(-ARTICLE_WORDS * np.array([rates[int(key)] for key in keys]))
    rarity = np.clip(np.round(-np.log2(share) * _STEP), 0, 255).astype(np.uint8)
    gaps = np.diff(keys, prepend=np.uint32(0)).astype(np.uint32)
    np.savez_compressed(path, keys=gaps, rarity=rarity)
    return int(keys.size)
