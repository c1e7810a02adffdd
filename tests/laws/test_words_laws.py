"""What is a word: the compiled tokeniser against the slow obvious one, over every script."""

import unicodedata

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from lineage import words
from tests import oracles

TEXT = st.text(max_size=60) | st.text(st.sampled_from("aAéß.,5 ٣中文かﾞがไทย \u200b\u0301\u00adﬁ'“”\n-"), max_size=40)


def test_the_shipped_tables_are_those_of_unicode() -> None:
    """The shipped character tables fold and sort characters as Python does, where both know a character."""
    shipped, made = words.char_tables(), words.make_char_tables()
    known = np.array([unicodedata.category(chr(point)) not in {"Cn", "Co", "Cs"} for point in range(0x110000)])
    differing = np.flatnonzero(known & (shipped.kind != made.kind))

    # Unicode versions differ between Pythons by newly assigned characters only.
    assert len(differing) < 12_000
    ascii_and_more = slice(0, 0x2FF0)
    assert (shipped.kind[ascii_and_more] == made.kind[ascii_and_more]).mean() > 0.999


@given(TEXT)
@example("2.4 billion, 1,000.")
@example("e\u0301té ﬁn.5,5. 5.")
@example("日本語です。Ab1")
def test_words_equal_the_slow_twin(text: str) -> None:
    """Kernel and twin cut the same words; words fold alike exactly when their hashes agree."""
    found = words.split(text)
    slow = oracles.split(text)

    assert list(zip(found.starts.tolist(), found.ends.tolist(), strict=True)) == [(s, e) for s, e, _ in slow]
    spelling_of: dict[int, str] = {}
    for hashed, (_, _, spelling) in zip(found.hashes.tolist(), slow, strict=True):
        assert spelling_of.setdefault(hashed, spelling) == spelling
    assert len(set(found.hashes.tolist())) == len({spelling for _, _, spelling in slow})


@given(st.lists(TEXT, max_size=5))
def test_a_batch_is_its_texts_one_by_one(texts: list[str]) -> None:
    """Splitting a batch gives the words of each text, in order."""
    batch = words.split_batch(texts)

    for row, text in enumerate(texts):
        alone = words.split(text)
        part = slice(batch.bounds[row], batch.bounds[row + 1])
        for name in ("starts", "ends", "hashes", "stems", "flags"):
            assert np.array_equal(getattr(batch, name)[part], getattr(alone, name)), name


def test_spellings_of_one_word_meet() -> None:
    """Case, accents, ligatures, full-width forms, invisible characters and points within words tell no words apart."""
    for a, b in [
        ("Café", "cafe\u0301"),
        ("STRASSE", "straße"),
        ("ﬁnance", "finance"),
        ("Ｆｕｌｌ", "full"),
        ("co\u00adoperate", "cooperate"),
        ("word\ufe0f", "word"),
        ("ЁЛКА", "елка"),
        ("Bundes·tag", "Bundestag"),
    ]:
        assert words.split(a).hashes.tolist() == words.split(b).hashes.tolist(), (a, b)


def test_quotations_and_figures_are_flagged() -> None:
    """Words between quotation marks, figures, capitals and first words of a sentence carry their flags."""
    from lineage import kernels

    text = "Prices rose. “Very fast”, said Smith on 5 May."
    found = words.split(text)
    flags = {text[s:e]: int(f) for s, e, f in zip(found.starts, found.ends, found.flags, strict=True)}

    assert flags["fast"] & kernels.QUOTED and not flags["said"] & kernels.QUOTED
    assert flags["5"] & kernels.FIGURE
    assert flags["Prices"] & kernels.INITIAL and flags["Smith"] & kernels.CAPITAL
    assert not flags["Smith"] & kernels.INITIAL
