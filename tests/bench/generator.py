"""Corpora of any size whose copies and rewrites are known: made fast, the same on every machine.

Words are Zipfian and spelled from syllables, frequent ones short. Every story has subject words of its own, every
article sentences and paragraphs. Planted are exact copies, light edits, abridgements, rewrites (synonyms, other
function words, sentences in another order), independent reports of one event, outlets' footers below unrelated
articles, and notices that hundreds of articles hold with other figures: the hot buckets.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

WORDS = 120_000  # of the language
COMMON = 120  # function words: the most frequent ones
SUBJECT = 80  # words that belong to a story
FOOTERS, NOTICES = 400, 40
BATCH = 4096

ORIGINAL, COPY, LIGHT, ABRIDGED, REWRITE, EVENT, NOTICE, ALONE = range(8)
KINDS = ("original", "copy", "light edit", "abridged", "rewrite", "same event", "notice", "alone")


@dataclass(frozen=True, slots=True)
class Plan:
    """Which article is what.

    stories: int64, the story of each article.  kinds: uint8, see `KINDS`.  seeds: uint64, of each article's own dice.
    """

    stories: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    seeds: NDArray[np.uint64]

    def planted(self, *kinds: int) -> NDArray[np.int64]:
        """The pairs (original, article of one of these kinds) of one story, as rows."""
        first = np.full(self.stories.max() + 1, -1)
        originals = np.flatnonzero(self.kinds == ORIGINAL)
        first[self.stories[originals]] = originals
        others = np.flatnonzero(np.isin(self.kinds, kinds))
        return np.stack([first[self.stories[others]], others], axis=1)


def plan(articles: int, seed: int = 1) -> Plan:
    """A corpus of so many articles: four in five alone, the others in stories of two to nine, one in fifty a notice."""
    draw = np.random.Generator(np.random.PCG64(seed))
    sizes = np.where(draw.random(articles) < 0.93, 1, 2 + draw.geometric(0.4, articles).clip(max=7))
    sizes = sizes[: np.searchsorted(np.cumsum(sizes), articles) + 1]
    stories = np.repeat(np.arange(sizes.size), sizes)[:articles]
    place = np.arange(articles) - np.searchsorted(stories, stories)
    drawn = draw.choice([COPY, LIGHT, ABRIDGED, REWRITE, EVENT], articles, p=[0.15, 0.35, 0.1, 0.3, 0.1])
    kinds = np.where(place > 0, drawn, np.where(np.bincount(stories)[stories] > 1, ORIGINAL, ALONE))
    notices = (kinds == ALONE) & (draw.random(articles) < 0.025)
    kinds[notices] = NOTICE
    stories[notices] = sizes.size + draw.integers(0, NOTICES, notices.sum())
    mixed = draw.permutation(articles)
    seeds = draw.integers(0, 2**63, articles).astype(np.uint64)
    return Plan(stories[mixed], kinds[mixed].astype(np.uint8), seeds)


def batches(known: Plan, seed: int = 1) -> Iterator[pa.RecordBatch]:
    """The articles of a plan: columns `id` and `text`; the id of row 7 is `a0000007`."""
    language = _language(seed)
    for start in range(0, known.kinds.size, BATCH):
        rows = slice(start, start + BATCH)
        data, offsets = _written(known.stories[rows], known.kinds[rows], known.seeds[rows], language)
        texts = pa.StringArray.from_buffers(offsets.size - 1, pa.py_buffer(offsets), pa.py_buffer(data))
        ids = pa.array([f"a{row:07}" for row in range(start, start + offsets.size - 1)])
        yield pa.record_batch({"id": ids, "text": texts})


def write(path: Path, known: Plan) -> None:
    """The articles as `.parquet` or `.jsonl`."""
    if path.suffix == ".parquet":
        schema = pa.schema([("id", pa.string()), ("text", pa.string())])
        with pq.ParquetWriter(path, schema) as out:
            for batch in batches(known):
                out.write_batch(batch)
        return
    with path.open("w", encoding="utf-8") as lines:
        for batch in batches(known):
            lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in batch.to_pylist())


def row(id: str) -> int:
    """The row of an article in its plan."""
    return int(id[1:])


def _language(seed: int) -> tuple[Any, ...]:
    """Spellings end to end, their borders, and what Zipf's law is drawn from: Walker's alias table."""
    draw = np.random.Generator(np.random.PCG64(seed))
    onsets, vowels = [*"bcdfghklmnprstvwz", "st", "tr", "ch", "sh", "pl"], [*"aeiou", "ea", "ou", "é"]
    syllables = [onset + vowel for onset in onsets for vowel in vowels]
    spelled: dict[str, None] = {}
    while len(spelled) < WORDS:
        count = 1 + (len(spelled) > 400) + (len(spelled) > 40_000)
        word = "".join(syllables[at] for at in draw.integers(0, len(syllables), count))
        spelled[word + ("", "n", "r", "s", "t", "l")[draw.integers(0, 6)]] = None
    raw = [word.encode() for word in spelled]
    shares = (np.arange(WORDS) + 2.7) ** -1.07
    return np.frombuffer(b"".join(raw), np.uint8), np.cumsum([0, *map(len, raw)]), *_alias(shares / shares.sum())


@numba.njit(cache=True)
def _alias(shares: Any) -> Any:
    left, other = shares * shares.size, np.arange(shares.size).astype(np.int32)
    poor, rich = [at for at in range(left.size) if left[at] < 1], [at for at in range(left.size) if left[at] >= 1]
    while len(poor) > 0 and len(rich) > 0:
        low, high = poor.pop(), rich[-1]
        other[low] = high
        left[high] -= 1.0 - left[low]
        if left[high] < 1:
            poor.append(rich.pop())
    return left, other


@numba.njit(cache=True)
def _dice(state: Any) -> Any:
    """The next number of SplitMix64; `state` has one entry."""
    state[0] += np.uint64(0x9E3779B97F4A7C15)
    value = state[0]
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@numba.njit(cache=True)
def _share(state: Any) -> Any:
    return float(_dice(state) >> np.uint64(11)) / 9007199254740992.0


@numba.njit(cache=True)
def _drawn(state: Any, language: Any) -> Any:
    """A word by Zipf's law."""
    place = _share(state) * WORDS
    word = int(place)
    return word if place - word < language[2][word] else language[3][word]


@numba.njit(cache=True)
def _told(story: Any, language: Any, words: Any, sentences: Any, dice: Any) -> Any:
    """The words of a story's original and the sentence each belongs to; how many."""
    state = np.array([np.uint64(story) * np.uint64(0xD1342543DE82EF95) + np.uint64(7)])
    for _ in range(2):
        _dice(state)
    subject = np.empty(SUBJECT, np.int32)
    for at in range(SUBJECT):
        subject[at] = 1500 + int(_share(state) ** 1.5 * (WORDS - 1500))
    state[0] ^= np.uint64(dice)  # an independent report has the subject and its own words
    normal = -6.0
    for _ in range(12):
        normal += _share(state)
    count = min(max(int(330.0 * np.exp(0.6 * normal)), 60), words.size)
    sentence, left = 0, 12
    for at in range(count):
        if left == 0:
            sentence += 1
            left = 8 + int(_share(state) * 22)
        left -= 1
        own = _share(state) < 0.22
        words[at] = subject[int(_share(state) ** 2 * SUBJECT)] if own else _drawn(state, language)
        sentences[at] = sentence
    return count


@numba.njit(cache=True)
def _changed(kind: Any, state: Any, language: Any, words: Any, sentences: Any, count: Any) -> Any:
    """The words as an article of this kind has them; how many are left."""
    if kind == ABRIDGED:
        return max(60, int(count * (0.35 + 0.4 * _share(state))))
    if kind == LIGHT:
        rate = 0.005 + 0.04 * _share(state)
        for at in range(count):
            if _share(state) < rate:
                words[at] = _drawn(state, language)
    return _rewritten(state, words, sentences, count) if kind == REWRITE else count


@numba.njit(cache=True)
def _rewritten(state: Any, words: Any, sentences: Any, count: Any) -> Any:
    """Neighbouring sentences change places, other function words, synonyms, some words left out; how many are left."""
    order = np.arange(sentences[count - 1] + 1)
    for at in range(order.size - 1):
        if _share(state) < 0.3:
            order[at], order[at + 1] = order[at + 1], order[at]
    told, heads, out = words[:count].copy(), np.searchsorted(sentences[:count], np.arange(order.size + 1)), 0
    for sentence in order:
        for at in range(heads[sentence], heads[sentence + 1]):
            word = told[at]
            if word < COMMON and _share(state) < 0.5:
                word = int(_share(state) * COMMON)
            elif _share(state) < 0.35:
                word ^= 1  # its synonym
            if _share(state) < 0.93:
                words[out] = word
                out += 1
    sentences[:out] = np.arange(out) // 19
    return out


@numba.njit(cache=True)
def _spelled(words: Any, sentences: Any, count: Any, language: Any, out: Any, at: Any) -> Any:
    """The words written to `out` from `at` on, sentences with capital and stop, paragraphs of five; the place after."""
    letters, borders = language[0], language[1]
    for place in range(count):
        first = place == 0 or sentences[place] != sentences[place - 1]
        if first and place > 0:
            out[at] = 46
            out[at + 1] = 10 if sentences[place] % 5 == 0 else 32
            at += 2
        elif place > 0:
            out[at] = 32
            at += 1
        begin, end = borders[words[place]], borders[words[place] + 1]
        for letter in range(begin, end):
            out[at] = letters[letter] - 32 if first and letter == begin else letters[letter]
            at += 1
    out[at] = 46
    out[at + 1] = 10
    return at + 2


@numba.njit(cache=True, nogil=True)
def _written(stories: Any, kinds: Any, seeds: Any, language: Any) -> Any:
    """The texts of some articles as UTF-8 end to end, and their borders."""
    words, sentences = np.empty(3000, np.int32), np.empty(3000, np.int32)
    out = np.empty(1 << 20, np.uint8)
    offsets = np.zeros(stories.size + 1, np.int32)
    for row in range(stories.size):
        if out.size - offsets[row] < 1 << 17:
            larger = np.empty(2 * out.size, np.uint8)
            larger[: offsets[row]] = out[: offsets[row]]
            out = larger
        state = np.array([seeds[row]])
        kind = kinds[row]
        count = _told(stories[row], language, words, sentences, seeds[row] if kind == EVENT else np.uint64(0))
        if kind == NOTICE:
            count = min(count, 260)
            for _ in range(4):  # other figures
                words[int(_share(state) * count)] = _drawn(state, language)
        count = _changed(kind, state, language, words, sentences, count)
        at = _spelled(words, sentences, count, language, out, offsets[row])
        if kind != NOTICE and _share(state) < 0.3:  # the outlet's footer
            footer = 1_000_000_000 + int(_share(state) * FOOTERS)
            count = min(_told(footer, language, words, sentences, np.uint64(0)), 25 + footer % 30)
            at = _spelled(words, sentences, count, language, out, at)
        offsets[row + 1] = at
    return out[: offsets[-1]], offsets
