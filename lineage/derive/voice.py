"""How machines and teachers sound when they rewrite a person's text: learned marks of who wrote after whom.

A text is read as the rates of its marks: words, endings, how sentences open, runs of three letters, punctuation. A
voice has a weight for every mark, learned from thousands of pairs of a text and what was written from it. Only what
one of two texts has and the other lacks tells them apart; whatever a text is about averages out over the pairs, and
what stays is what rewriters like. Voices were learned from English, and of other languages they say nothing.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import kernels, model
from lineage.derive.grid import Measures, Pairs, text_ranks
from lineage.derive.readings import Array, Hashes, Reading, among, mixed
from lineage.records import Span
from lineage.words import Words, split

VOICE = "derive_voice"
MARKS = 1 << 14  # places of marks; several marks may share one
BY_WORDS = 100.0  # rates are taken a hundred words
DECIMALS = 9
LOUDEST = 3.0  # nats a voice may say of two texts
ENGLISH = "the of to and a in is that for was on with as by it at from be are this have not but they his"
FEW, MANY = 0.12, 0.22  # shares of such words in a text that is hardly and that is certainly English

LONG, LONGEST = 5, 12  # letters of a word whose ending is read; lengths beyond are one
FINEST = 127
QUIET, FAR = 0.15, 4.0  # nats by which texts differ that sound alike; spreads a measure may have
SPACE = 32

_STRAIGHT: Hashes = np.arange(0x2020, dtype=np.uint64)  # code points, those of figures and quotation marks made one
_STRAIGHT[list(map(ord, "’‘“”0123456789"))] = list(map(ord, "''\"\"0000000000"))
_STRAIGHT.flags.writeable = False
_KINDS = {"word": 1, "ending": 2, "short ending": 3, "opening": 4, "letters": 5, "length": 6, "mark": 7}
_STEP = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True)
class Voice:
    """names: the voices.  weights: voices × `MARKS`, nats for one unit of each mark."""

    names: tuple[str, ...]
    weights: Array

    def of(self, readings: Sequence[Reading]) -> Array:
        """How strongly each text sounds of each voice, in nats against any other text; voices × texts."""
        # Text by text, so that equal texts get equal sums and a large story takes no more memory.
        heard = np.stack([self.weights @ marks(reading) for reading in readings], axis=1)
        found: Array = np.round(heard, DECIMALS)  # another processor adds in another order
        return found


def marks(reading: Reading) -> Array:
    """The square roots of the rates of a text's marks, by place; all 0 for a text without words."""
    words = reading.words
    if not len(words):
        return np.zeros(MARKS)
    points = _points(reading.article.text)
    letters = words.ends - words.starts
    plain = _word_marks(reading)
    last = [points[np.maximum(words.ends - back, 0)] for back in (1, 2, 3)]
    found = [
        plain,
        _kind("ending", last[2], last[1], last[0])[letters > LONG],
        _kind("short ending", last[1], last[0])[letters >= LONG],
        _kind("opening", plain)[(words.flags & kernels.INITIAL) > 0],
        _kind("letters", points[:-2], points[1:-1], points[2:]),
        _kind("length", np.minimum(letters, LONGEST).astype(np.uint64)),
        _kind("mark", points[_outside(words, points.size) & (points != SPACE)]),
    ]
    distinct, counts = np.unique(np.concatenate(found), return_counts=True)
    rates = np.sqrt(counts * (BY_WORDS / len(words)))
    by_place: Array = np.bincount((distinct % np.uint64(MARKS)).astype(np.int64), rates, minlength=MARKS).astype(
        np.float64
    )
    return by_place


def telling(voice: Voice, name: str, parent: Reading, child: Reading, most: int) -> list[Span]:
    """The first place of up to `most` words of the child that the parent lacks, those that sound most of a voice."""
    own, first = np.unique(_word_marks(child), return_index=True)
    weights = voice.weights[voice.names.index(name)][(own % np.uint64(MARKS)).astype(np.int64)]
    weights = np.where(among(own, np.unique(_word_marks(parent))), 0.0, weights)
    chosen = [at for at in np.argsort(-weights, kind="stable")[:most].tolist() if weights[at] > 0]
    places = sorted(int(first[at]) for at in chosen)
    return [Span(int(child.words.starts[at]), int(child.words.ends[at])) for at in places]


def _word_marks(reading: Reading) -> Hashes:
    figures = (reading.words.flags & kernels.FIGURE) > 0
    return _kind("word", np.where(figures, np.uint64(0), reading.words.hashes))


def _points(text: str) -> Hashes:
    """The code points of the text as it is compared: small letters, straight quotation marks, all digits alike."""
    small = text.replace("İ", "i").lower()
    points = np.frombuffer(small.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    return np.where(points < _STRAIGHT.size, _STRAIGHT[np.minimum(points, _STRAIGHT.size - 1)], points)


def _kind(name: str, *parts: Hashes) -> Hashes:
    """One hash for every mark of a kind."""
    out = np.full(parts[0].size, _KINDS[name], np.uint64)
    for part in parts:
        out = mixed(out * _STEP + part)
    return out


def _outside(words: Words, size: int) -> NDArray[np.bool_]:
    """Where no word is."""
    steps = np.zeros(size + 1, np.int64)
    steps[words.starts] += 1
    steps[words.ends] -= 1
    outside: NDArray[np.bool_] = np.cumsum(steps[:-1]) == 0
    return outside


def english(reading: Reading) -> float:
    """How certainly a text is English, 0 to 1, by the share of common English words in it."""
    if not len(reading.words):
        return 0.0
    share = float(among(reading.words.hashes, _common()).mean())
    return min(1.0, max(0.0, (share - FEW) / (MANY - FEW)))


@cache
def _common() -> Hashes:
    return np.unique(split(ENGLISH).hashes)


def voices(readings: Sequence[Reading], pairs: Pairs, voice: Voice) -> Measures:
    """How much more each child sounds of each voice than its parent does, and where each text stands in the story.

    Bounded by `LOUDEST`; antisymmetric; 0 for equal texts and where one of the two is not English.
    """
    heard = voice.of(readings)
    known = np.array([english(reading) for reading in readings])
    both = np.minimum(known[:, None], known[None, :])
    columns: dict[str, Array] = {}
    texts: dict[str, Array] = {}
    for name, own in zip(voice.names, heard, strict=True):
        step = both * LOUDEST * np.tanh((own[None, :] - own[:, None]) / LOUDEST)
        mean = step.sum(axis=0) / max(1, len(own) - 1)
        usual = float(mean.std()) + QUIET
        columns[f"voice.{name}"] = pairs.of(step)
        columns[f"voice.step_{name}"] = np.clip(pairs.of(step) / usual, -FAR, FAR)
        texts[f"voice.{name}"] = mean
        texts[f"voice.rank_{name}"] = text_ranks(mean)
        texts[f"voice.place_{name}"] = np.clip(mean / usual, -FAR, FAR)
        texts[f"voice.first_{name}"] = np.clip(_first(step) / usual, -FAR, FAR)
    return Measures(columns, texts)


def _first(step: Array) -> Array:
    """How much less each text sounds of a voice than any other text does; negative where another does less."""
    if len(step) < 2:
        return np.zeros(len(step))
    free = step.copy()
    np.fill_diagonal(free, np.inf)
    least: Array = free.min(axis=1)
    return least


def to_mapping(voice: Voice) -> dict[str, Any]:
    """The voices as one byte a mark."""
    units = np.maximum(np.abs(voice.weights).max(axis=1), 1e-9) / FINEST
    coarse = np.rint(voice.weights / units[:, None]).astype(np.int8)
    return {
        "names": list(voice.names),
        "units": [float(f"{unit:.7g}") for unit in units.tolist()],
        "weights": [base64.b64encode(row.tobytes()).decode("ascii") for row in coarse],
    }


def from_mapping(stored: dict[str, Any]) -> Voice:
    """The voices of a decoded JSON object, as `to_mapping` writes it."""
    rows = [np.frombuffer(base64.b64decode(row), np.int8) for row in stored["weights"]]
    units = np.array(stored["units"], np.float64)
    return Voice(tuple(stored["names"]), np.stack(rows).astype(np.float64) * units[:, None])


@cache
def shipped() -> Voice:
    """The voices that come with the package.  Raises IndexFormatError."""
    return model.shipped(VOICE, from_mapping)
