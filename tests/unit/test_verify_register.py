"""How two texts are written: words a sentence, different words, letters a word."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.verify.measures import EVEN, MEASURES, REGISTER, corpus, measures

PAIR = np.array([[0, 1]], np.int32)
COLUMNS = [f"{sign}_{which}" for sign in REGISTER for which in ("least", "ratio")]
SENTENCE = st.lists(st.sampled_from(["river", "bank", "water", "harbour", "fishing"]), min_size=1, max_size=6)
TEXT = st.lists(SENTENCE.map(lambda words: " ".join(words).capitalize() + "."), min_size=1, max_size=5).map(" ".join)

FULL = (
    "Nach Angaben der Wasserbehörde verzeichneten die Messstellen am Unterlauf des Flusses einen Anstieg um vier "
    "Meter, weshalb die Uferpromenade vorsorglich gesperrt und sämtliche Veranstaltungen abgesagt worden seien."
)
PLAIN = "Der Fluss hat viel Wasser. Das Wasser steigt. Darum ist der Weg zu. Der Weg ist zu. Es gibt kein Fest."


def measured(first: str, second: str) -> dict[str, float]:
    return dict(zip(MEASURES, measures(corpus([first, second]), PAIR)[0].tolist(), strict=True))


def slowly(text: str) -> dict[str, float]:
    words = re.findall(r"\w+", text.lower())
    sentences = [part for part in text.split(".") if part.strip()]
    stems = {word[:6] for word in words}
    return {
        "sentence": len(words) / len(sentences),
        "variety": len(stems) / len(words) ** EVEN,
        "letters": sum(map(len, words)) / len(words),
    }


@given(TEXT, TEXT)
def test_the_register_is_that_of_the_slow_twin(first: str, second: str) -> None:
    found, here, there = measured(first, second), slowly(first), slowly(second)
    for sign in REGISTER:
        low, high = sorted((here[sign], there[sign]))
        assert found[f"{sign}_least"] == pytest.approx(low)
        assert found[f"{sign}_ratio"] == pytest.approx(low / high)


def test_plain_language_is_told() -> None:
    """Short sentences of few and short words, beside a text that says the same at length."""
    found = measured(FULL, PLAIN)
    assert found["sentence_least"] < 6
    assert found["sentence_ratio"] < 0.3
    assert found["variety_ratio"] < 0.8
    assert found["letters_ratio"] < 0.8


@pytest.mark.parametrize(("first", "second"), [("", "Some words."), ("…", "—"), ("河水上涨了。", PLAIN)])
def test_whatever_is_written_can_be_measured(first: str, second: str) -> None:
    """Nothing at all, marks alone, a script without spaces: numbers, the same either way round."""
    found, turned = measured(first, second), measured(second, first)
    assert all(np.isfinite(found[name]) and found[name] >= 0.0 for name in COLUMNS)
    assert [found[name] for name in COLUMNS] == [turned[name] for name in COLUMNS]
