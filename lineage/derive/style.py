"""Length and register: how a text is written, whatever it says. Differences between two texts, and from the story."""

import re
from collections.abc import Sequence

import numpy as np

from lineage import kernels
from lineage.derive.grid import Measures, Pairs, column_ranks, text_ranks
from lineage.derive.readings import Array, Reading

_CONTRACTION = re.compile(r"\b\w+['’](?:t|s|re|ve|ll|d|m)\b", re.IGNORECASE)
_AND = re.compile(r"\band\b")
_PARTICIPLE = re.compile(r"ing\b")
LONG_WORD = 9


def register(reading: Reading) -> dict[str, float]:
    """Rates a word of what marks a register, and the logarithms of the lengths of sentences and paragraphs."""
    text, words = reading.article.text, reading.words
    count = max(1, len(words))
    lengths = words.ends - words.starts
    sentences = max(1, int(((words.flags & kernels.INITIAL) > 0).sum()))
    paragraphs = max(1, sum(1 for line in text.split("\n") if line.strip()))
    capital = ((words.flags & kernels.CAPITAL) > 0) & ((words.flags & kernels.INITIAL) == 0)
    distinct = max(1, np.unique(words.hashes).size)
    return {
        "word_length": float(lengths.sum()) / count,
        "long_words": float((lengths >= LONG_WORD).sum()) / count,
        "content": float(words.content.sum()) / count,
        "capitals": float(capital.sum()) / count,
        "figures": float(((words.flags & kernels.FIGURE) > 0).sum()) / count,
        "quoted": float(((words.flags & kernels.QUOTED) > 0).sum()) / count,
        "sentence_length": float(np.log(count / sentences)),
        "paragraph_length": float(np.log(count / paragraphs)),
        "variety": float(np.log(distinct) / np.log(max(2, count))),
        **_punctuation(text, count),
    }


def _punctuation(text: str, count: int) -> dict[str, float]:
    marks = {
        "commas": ",",
        "dashes": "-–—",
        "brackets": "(",
        "calls": "!?",
        "colons": ":;",
        "straight_quotes": "'\"",
        "curly_quotes": "’“”‘",
    }
    rates = {name: sum(text.count(mark) for mark in chars) / count for name, chars in marks.items()}
    rates["contractions"] = len(_CONTRACTION.findall(text)) / count
    rates["and"] = len(_AND.findall(text)) / count
    rates["participles"] = len(_PARTICIPLE.findall(text)) / count
    rates["double_spaces"] = text.count("  ") / count
    return rates


def style(readings: Sequence[Reading], pairs: Pairs) -> Measures:
    """Signed and absolute differences of register (child minus parent) and of length, and each text's own place."""
    rows = [register(reading) for reading in readings]
    columns: dict[str, Array] = {}
    texts: dict[str, Array] = {}
    deviations = []
    for name in rows[0]:
        values = np.array([row[name] for row in rows])
        differences = pairs.of(values[None, :] - values[:, None])
        columns[f"style.{name}"] = differences
        columns[f"style.abs_{name}"] = np.abs(differences)
        spread = float(values.std())
        deviations.append((values - values.mean()) / spread if spread > 1e-12 else np.zeros(values.size))
        texts[f"style.{name}"] = deviations[-1]
    _add_distance(np.stack(deviations, axis=1), pairs, columns, texts)
    _add_length(readings, pairs, columns, texts)
    return Measures(columns, texts)


def _add_distance(deviations: Array, pairs: Pairs, columns: dict[str, Array], texts: dict[str, Array]) -> None:
    squares = (deviations**2).sum(axis=1)
    inner = deviations @ deviations.T
    apart = np.sqrt(np.maximum(0.0, squares[:, None] + squares[None, :] - 2.0 * inner) / deviations.shape[1])
    ranks = column_ranks(-apart)
    columns["style.distance"] = pairs.of(apart)
    columns["style.rank_child"] = pairs.of(ranks)
    columns["style.rank_parent"] = pairs.of(ranks.T)
    texts["style.odd"] = np.sqrt(squares / deviations.shape[1])
    texts["style.rank_odd"] = text_ranks(texts["style.odd"])


def _add_length(readings: Sequence[Reading], pairs: Pairs, columns: dict[str, Array], texts: dict[str, Array]) -> None:
    length = np.log([max(1, len(reading.words)) for reading in readings])
    growth = pairs.of(length[None, :] - length[:, None])
    columns["length.growth"] = growth
    columns["length.abs_growth"] = np.abs(growth)
    texts["length.against_mean"] = length - length.mean()
    texts["length.against_longest"] = length - length.max()
    texts["length.against_shortest"] = length - length.min()
    texts["length.rank"] = text_ranks(length)
