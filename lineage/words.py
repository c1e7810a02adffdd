"""What a word is, and its place in the text: one definition for single texts and for whole batches.

A word is a maximal run of letters, marks and digits; a point or comma between two digits belongs to it. In scripts
written without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) every character is a word, read together with
its right neighbour. Words are compared after folding: compatibility forms, case and accents are dropped, invisible
characters are passed over. Folding never touches the text itself, so every word keeps its span.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import kernels
from lineage.kernels import spelling, tokens

# Scripts whose words are not separated: (first, last) code points.
UNSPACED: tuple[tuple[int, int], ...] = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark, zero
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana extensions
    (0x3400, 0x4DBF),  # CJK extension A
    (0x4E00, 0x9FFF),  # CJK ideographs
    (0xF900, 0xFAFF),  # CJK compatibility ideographs
    (0x20000, 0x323AF),  # CJK extensions B to H
)
_VOICING = (7, 8, 9)  # combining classes that tell letters apart (nukta, kana voicing, virama), unlike accents


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a batch of texts as parallel arrays, in order.

    starts, ends: int64, code-point offsets into the word's own text.  hashes: uint64 of the folded word.  stems:
    uint64 of its first letters.  flags: uint8 bits, see `kernels`.  bounds: int64 of length texts + 1; the words of
    text `i` are `bounds[i]:bounds[i + 1]`.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    hashes: NDArray[np.uint64]
    stems: NDArray[np.uint64]
    flags: NDArray[np.uint8]
    bounds: NDArray[np.int64]

    @property
    def content(self) -> NDArray[np.bool_]:
        """True where the word is long enough, or a figure, to say something about the subject."""
        return self.having(kernels.CONTENT)

    def having(self, bit: int) -> NDArray[np.bool_]:
        """True where the word carries this bit of `kernels`' flags."""
        found: NDArray[np.bool_] = np.bitwise_and(self.flags, np.uint8(bit)).astype(np.bool_)
        return found

    def some(self, texts: NDArray[np.bool_]) -> "Words":
        """Those of some of the texts."""
        lengths = np.diff(self.bounds)
        kept = np.repeat(texts, lengths)
        bounds = np.append(0, np.cumsum(lengths[texts]))
        starts, ends = self.starts[kept], self.ends[kept]
        return Words(starts, ends, self.hashes[kept], self.stems[kept], self.flags[kept], bounds)

    def __len__(self) -> int:
        return int(self.bounds[-1])


def fold(text: str) -> str:
    """`text` as it is compared: compatibility forms resolved, case, accents and invisible characters dropped.

    >>> fold("Ｆｕｌｌ ﬁnancial Café")
    'full financial cafe'
    """
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return unicodedata.normalize("NFC", "".join(char for char in spread if not _passed_over(char)))


def _passed_over(char: str) -> bool:
    """Whether a character is neither read nor ends a word: accents, format characters, variation selectors, and the
    point within words (plain German writes Bundes·tag, Catalan col·lecció)."""
    accent = unicodedata.combining(char) not in (0, *_VOICING)
    selector = "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"
    return accent or selector or char in "·‧" or unicodedata.category(char) == "Cf"


def split(text: str, stem: int = 6) -> Words:
    """The words of one text; `stem` is the number of folded letters a stem has."""
    return split_batch([text], stem)


def split_batch(texts: Sequence[str], stem: int = 6) -> Words:
    """The words of many texts in one compiled pass; equal to `split` of each, one after the other."""
    # surrogatepass: a lone surrogate is not a word, but it must not stop a batch either.
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    borders = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=borders[1:])
    return split_bytes(np.frombuffer(b"".join(encoded), np.uint8), borders, stem)


def split_bytes(data: NDArray[np.uint8], borders: NDArray[np.int64], stem: int = 6) -> Words:
    """The words of texts that lie end to end as UTF-8, as in an Arrow column, with `borders` between them."""
    return Words(*kernels.tokenise(data, borders, reading_tables(), stem))


@dataclass(frozen=True, slots=True)
class CharTables:
    """What the tokeniser knows of each code point.

    kind: uint8, see `kernels`.  first: uint32, the first folded code point, or for an expansion 0x110000 plus its
    number.  rest, rest_bounds: the expansions, flat.
    """

    kind: NDArray[np.uint8]
    first: NDArray[np.uint32]
    rest: NDArray[np.uint32]
    rest_bounds: NDArray[np.int64]


@cache
def char_tables() -> CharTables:
    """The tables shipped with the package, made once by `make_char_tables` so every Python reads text alike."""
    with resources.files("lineage").joinpath("data/characters.npz").open("rb") as stream:
        loaded: Any = np.load(stream)
        arrays = {name: loaded[name] for name in ("kind", "first", "rest", "rest_bounds")}
    # Stored as the distance to the code point itself: mostly zeros, so the file stays small.
    arrays["first"] = arrays["first"] + np.arange(arrays["first"].size, dtype=np.uint32)
    for array in arrays.values():
        array.flags.writeable = False
    return CharTables(**arrays)


@cache
def reading_tables() -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """The shipped tables as the kernels read them: one entry a character, see `kernels.tokens`; the expansions."""
    tables = char_tables()
    letter = (tables.kind == kernels.LETTER) | (tables.kind == kernels.UPPER)
    plain = (letter & (tables.first < tokens.POINTS)) * tokens.PLAIN
    entries = (tables.first | (tables.kind.astype(np.uint32) << tokens.KIND) | plain).astype(np.uint32)
    entries.flags.writeable = False
    return entries, tables.rest, tables.rest_bounds


@cache
def spelling_tables() -> tuple[NDArray[np.uint32], NDArray[np.uint32], NDArray[np.uint32], NDArray[np.int64]]:
    """What `kernels.spelled` spells characters with: a code each, and what `reading_tables` says of the odd ones."""
    characters, rest, rest_bounds = reading_tables()
    kind, folded = (characters >> tokens.KIND) & tokens.KINDS, characters & tokens.FOLDED
    lettered = (kind == kernels.LETTER) | (kind == kernels.UPPER) | (kind == kernels.DIGIT)
    several = lettered & (folded >= tokens.POINTS)
    odd = several | (kind == kernels.UNSPACED) | (kind == kernels.IGNORED) | (kind == kernels.JOINER)
    codes = np.where(odd, spelling.ODD, np.where(lettered, folded, 0)).astype(np.uint32)
    codes.flags.writeable = False
    return codes, characters, rest, rest_bounds


def save_char_tables(path: Path) -> None:
    """Write the tables of this Python's Unicode database where `char_tables` will find them."""
    tables = make_char_tables()
    shift = tables.first - np.arange(tables.first.size, dtype=np.uint32)
    np.savez_compressed(path, kind=tables.kind, first=shift, rest=tables.rest, rest_bounds=tables.rest_bounds)


def make_char_tables() -> CharTables:
    """The tables computed from this Python's Unicode database."""
    size = 0x110000
    kind = np.zeros(size, np.uint8)
    first = np.arange(size, dtype=np.uint32)
    expansions: list[str] = []
    for point in range(size):
        char = chr(point)
        category = unicodedata.category(char)
        if category in {"Cn", "Co", "Cs"}:
            continue
        kind[point] = _kind(char, category)
        folded = fold(char)
        if len(folded) == 1:
            first[point] = ord(folded)
        elif folded:
            first[point] = size + len(expansions)
            expansions.append(folded)
    bounds = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(text) for text in expansions], dtype=np.int64)])
    rest = np.array([ord(char) for text in expansions for char in text], np.uint32)
    return CharTables(kind, first, rest, bounds)


def _kind(char: str, category: str) -> int:
    if _passed_over(char):
        return kernels.IGNORED
    if any(low <= ord(char) <= high for low, high in UNSPACED) and category[0] in "LMN":
        return kernels.UNSPACED
    if category == "Nd":
        return kernels.DIGIT
    if category == "Lu" or category == "Lt":
        return kernels.UPPER
    if category[0] in "LMN":
        return kernels.LETTER
    return _mark_kind(char)


def _mark_kind(char: str) -> int:
    if char in ".,":
        return kernels.JOINER
    if char in "“«„「『《":
        return kernels.QUOTE_OPEN
    if char in "”»」』》":
        return kernels.QUOTE_CLOSE
    if char in '"＂':
        return kernels.QUOTE_EITHER
    if char in "\n\r\u2028\u2029":
        return kernels.NEWLINE
    if char in "!?。！？…؟۔।":
        return kernels.STOP
    return kernels.BREAK
