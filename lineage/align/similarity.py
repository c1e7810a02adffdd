"""How much two sentences say the same, robust to paraphrase."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lineage.language import pack

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
# Inflection mostly lives behind the fifth letter in the languages we serve; a stemmer per language buys little here.
_STEM = 5
_SHORTEST = 3
_STOP_WEIGHT = 0.05
_NUMBER_BONUS = 1.6
_NAME_BONUS = 1.3


# Stem to weight.
Stems = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Affinity:
    """Pairwise measures of the sentences of two texts, rows for `a`, columns for `b`.

    cosine: 0 to 1, symmetric.  of_a: share of the row's weight found in the column.  of_b: share of the column's
    weight found in the row.
    """

    cosine: NDArray[np.float64]
    of_a: NDArray[np.float64]
    of_b: NDArray[np.float64]


def stems(sentence: str, lang: str = "") -> dict[str, float]:
    """The stems of a sentence with their weight before rarity: numbers and names above plain words above stop words."""
    known = pack(lang)
    found: dict[str, float] = {}
    for position, word in enumerate(_WORD.findall(sentence)):
        for stem, weight in _stems_of_word(word, position > 0, known.code):
            if weight > found.get(stem, 0.0):
                found[stem] = weight
    return found


@lru_cache(65_536)
def _stems_of_word(word: str, inside: bool, code: str) -> tuple[tuple[str, float], ...]:
    """The stems of a word; inside: it does not begin its sentence."""
    known = pack(code)
    if word[0].isdigit():
        return (("#" + unicodedata.normalize("NFKC", word).replace(",", "").rstrip("."), _NUMBER_BONUS),)
    folded = unicodedata.normalize("NFKC", word).casefold().replace("’", "'").removesuffix("'s")
    if _WIDE.search(folded):
        return tuple((folded[i : i + 2], 1.0) for i in range(max(1, len(folded) - 1)))
    if folded in known.stopwords:
        return ((folded, _STOP_WEIGHT),)
    named = inside and word[0].isupper()
    folded = _without_ending(folded, known.endings)
    stem = folded[:_STEM] if len(folded) > _STEM else folded.removesuffix("s")
    return ((stem, _NAME_BONUS if named else 1.0),)


def _without_ending(folded: str, endings: tuple[str, ...]) -> str:
    for ending in endings:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST:
            return folded[: -len(ending)]
    return folded


def affinity(a: Sequence[str], b: Sequence[str], lang: str = "") -> Affinity:
    """The measures of every sentence of `a` against every sentence of `b`.

    Words are weighted by their rarity among the sentences of both texts, so what the whole story shares counts little
    and what one sentence has to itself counts much.
    """
    return of_stems([stems(sentence, lang) for sentence in a], [stems(sentence, lang) for sentence in b])


def of_stems(rows: Sequence[Stems], columns: Sequence[Stems]) -> Affinity:
    """The same from sentences that are already read into their stems."""
    left, right = _weighted(rows, columns)
    shared = left @ right.T
    norm_a = np.maximum((left * left).sum(axis=1), 1e-12)
    norm_b = np.maximum((right * right).sum(axis=1), 1e-12)
    return Affinity(
        cosine=np.minimum(shared / np.sqrt(np.outer(norm_a, norm_b)), 1.0),
        of_a=np.minimum(shared / norm_a[:, None], 1.0),
        of_b=np.minimum(shared / norm_b[None, :], 1.0),
    )


def rarity(a: Sequence[Stems], b: Sequence[Stems]) -> dict[str, float]:
    """How much each stem says, 1 for one that stands in a single sentence of each text, towards 0 for one in all."""
    every = [*a, *b]
    frequency = Counter(stem for sentence in every for stem in sentence)
    rarest = float(np.log(1.0 + len(every) / 2)) or 1.0
    rare = {n: float(np.log(1.0 + len(every) / max(2, n))) / rarest for n in set(frequency.values())}
    return {stem: rare[n] for stem, n in frequency.items()}


def _weighted(rows: Sequence[Stems], columns: Sequence[Stems]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two matrices, sentences by stems, each cell the square root of weight times rarity."""
    frequency = Counter(stem for sentence in (*rows, *columns) for stem in sentence)
    index = {stem: i for i, stem in enumerate(frequency)}
    total = len(rows) + len(columns)
    # A stem in one sentence of each text is as rare as a shared stem can be; it must not count as half common.
    rare = {n: np.log(1.0 + total / max(2, n)) for n in set(frequency.values())}
    rarity = np.array([rare[n] for n in frequency.values()] or [0.0])
    matrices = []
    for side in (rows, columns):
        matrix = np.zeros((len(side), max(1, len(index))))
        across = [index[stem] for sentence in side for stem in sentence]
        down = np.repeat(np.arange(len(side)), [len(sentence) for sentence in side])
        weights = np.array([weight for sentence in side for weight in sentence.values()])
        matrix[down, across] = np.sqrt(weights * rarity[across]) if across else 0.0
        matrices.append(matrix)
    return matrices[0], matrices[1]
