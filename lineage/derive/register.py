"""Register: how a text is written, whatever it says."""

import re

import numpy as np

from lineage import kernels
from lineage.words import Words

_CONTRACTION = re.compile(r"\b\w++['’](?:t|s|re|ve|ll|d|m)\b", re.IGNORECASE)
_AND = re.compile(r"\band\b")
_PARTICIPLE = re.compile(r"ing\b")
LONG_WORD = 9


def register(text: str, words: Words) -> dict[str, float]:
    """Rates a word of what marks a register, and the logarithms of the lengths of sentences and paragraphs."""
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
