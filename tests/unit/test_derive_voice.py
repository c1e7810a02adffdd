"""Voices: what they say of two texts, that they can be learned, and what they are not learned from."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage import truth
from lineage.derive import voice, voice_fitting
from lineage.derive.examples import known_stories
from lineage.derive.grid import Measures, Pairs
from lineage.derive.readings import Reading
from lineage.records import Article

PLAIN = "The man said that he was in the shop and it was on fire. He didn't know who did it, and that's all he'd say."
STIFF = (
    "Additionally, the individual highlighted that he was present in the establishment as the incident unfolded, "
    "emphasizing the significant challenges that are associated with the ongoing situation for the community."
)
GERMAN = "Der Mann sagte, er sei im Laden gewesen, als das Feuer ausbrach, und mehr wolle er dazu nicht sagen."

WORDS = st.sampled_from([*PLAIN.split(), *STIFF.split()])
TEXTS = st.lists(WORDS, min_size=1, max_size=40).map(" ".join)


def reading(name: str, text: str) -> Reading:
    return Reading.of(Article(name, text))


def measured(*texts: str) -> tuple[Measures, Pairs]:
    readings = [reading(f"t{place}", text) for place, text in enumerate(texts)]
    pairs = Pairs.among(np.ones((len(texts), len(texts))))
    return voice.voices(readings, pairs, voice.shipped()), pairs


def table(found: Measures, pairs: Pairs, name: str) -> voice.Array:
    out = np.zeros((pairs.texts, pairs.texts))
    out[pairs.parent, pairs.child] = found.pairs[name]
    return out


@given(st.lists(TEXTS, min_size=2, max_size=5))
def test_a_step_is_bounded_and_turns_with_the_pair(texts: list[str]) -> None:
    """What is said of B after A is the contrary of what is said of A after B, and never more than its bound."""
    found, pairs = measured(*texts)
    for name in found.pairs:
        steps = table(found, pairs, name)
        np.testing.assert_allclose(steps, -steps.T, atol=1e-12)
        assert np.abs(steps).max() <= (voice.FAR if "step" in name else voice.LOUDEST)


@given(TEXTS, TEXTS)
def test_equal_texts_sound_alike(text: str, other: str) -> None:
    """Between equal texts nothing is said, whatever else is in the story."""
    found, pairs = measured(text, text, other)
    for name in found.pairs:
        assert table(found, pairs, name)[0, 1] == 0.0


@given(st.lists(TEXTS, min_size=3, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(texts: list[str], random: object) -> None:
    """The measures of a text are the same wherever it stands."""
    turned = list(reversed(range(len(texts))))
    found, _ = measured(*texts)
    again, _ = measured(*(texts[place] for place in turned))
    for name, values in found.texts.items():
        np.testing.assert_allclose(values[turned], again.texts[name], atol=1e-9)


def test_a_stiff_rewrite_sounds_later_than_plain_speech() -> None:
    """Contractions on one side, "additionally", "highlighted", "emphasizing" on the other."""
    found, pairs = measured(PLAIN, STIFF)
    assert table(found, pairs, "voice.machine")[0, 1] > 1.0
    assert found.texts["voice.rank_machine"].tolist() == [1.0, 0.0]


def test_the_telling_words_are_the_childs_own() -> None:
    """Each is a word of the child that the parent lacks."""
    parent, child = reading("a", PLAIN), reading("b", STIFF)
    spans = voice.telling(voice.shipped(), "machine", parent, child, 4)
    said = {STIFF[span.start : span.end].lower() for span in spans}
    assert len(said) == 4
    assert not said & set(PLAIN.lower().replace(".", "").replace(",", "").split())


def test_of_other_languages_nothing_is_said() -> None:
    """A German text is not heard, nor is one without words, alone or beside an English one."""
    assert voice.english(reading("a", PLAIN)) == 1.0
    assert voice.english(reading("a", GERMAN)) == voice.english(reading("a", "...")) == 0.0
    found, _ = measured(GERMAN, STIFF, "")
    assert all(not values.any() for values in found.pairs.values())


def test_marks_are_what_they_are_called() -> None:
    """A slow obvious twin: every mark counted by hand, its rate a hundred words under a root, added up by place."""
    text = "Now then. It’s 25 miles!"
    slow: dict[tuple[str, ...], int] = {}
    words = [("now", True), ("then", False), ("it", True), ("s", False), ("0", False), ("miles", False)]
    spelled = text.lower().replace("’", "'").replace("2", "0").replace("5", "0")
    found = [("word", word) for word, _ in words] + [("opening", word) for word, first in words if first]
    found += [("short ending", "es")]
    found += [("letters", spelled[at : at + 3]) for at in range(len(spelled) - 2)]
    found += [("length", str(length)) for length in (3, 4, 2, 1, 2, 5)]
    found += [("mark", mark) for mark in ".'!"]
    for mark in found:
        slow[mark] = slow.get(mark, 0) + 1
    total = sum(np.sqrt(count * voice.BY_WORDS / len(words)) for count in slow.values())
    assert voice.marks(reading("a", text)).sum() == pytest.approx(total)


def test_a_text_without_words_has_no_marks() -> None:
    """And texts with the rarest characters are read."""
    assert not voice.marks(reading("a", " … ")).any()
    assert voice.marks(reading("a", "İstanbul \ud800 x")).any()


def test_what_is_stored_is_what_is_read() -> None:
    """One byte a mark: writing what was read changes nothing."""
    stored = voice.to_mapping(voice.shipped())
    again = voice.from_mapping(json.loads(json.dumps(stored)))
    np.testing.assert_allclose(again.weights, voice.shipped().weights, rtol=1e-6)
    assert again.names == voice_fitting.VOICES


def test_a_voice_is_learned_from_groups(tmp_path: Path) -> None:
    """From rewrites that say "moreover" for "and" the voice learns it; groups without one first text teach nothing."""
    pytest.importorskip("scipy")
    docs, gold = [], []
    for number in range(6):
        source = "cnn:x" if number < 5 else "elsewhere:x"
        for writer, word in (("human", "and"), ("llm", "moreover")):
            name = f"{number}{writer}"
            docs.append(
                {"id": name, "text": f"It rained {word} the match number {number} was off {word} all went home."}
            )
            gold.append({"id": name, "group": f"g{number}", "source": source, "rewriter": writer})
    (tmp_path / "detection").mkdir()
    for kind, lines in (("docs", docs), ("gold", gold)):
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (tmp_path / "detection" / f"news.{kind}.jsonl").write_text(text, encoding="utf-8")
    groups = voice_fitting.heard(tmp_path)
    assert [one.group for one in groups] == [f"g{number}" for number in range(5)]
    learned = voice_fitting.learned(groups)
    before, after = learned.of([reading("a", "He left and she stayed."), reading("b", "He left moreover she stayed.")])[
        0
    ]
    assert after > before
    assert not learned.of([reading("a", "He left and she stayed.")])[1:].any()


def test_no_text_of_a_known_story_teaches_a_voice(research: Callable[[str], Path]) -> None:
    """No text a voice learns from begins as a text of a set of known derivation does."""
    data = research("detection").parent
    known = known_stories(data)
    starts = {voice_fitting.opening(article.text) for story in known for article in story.articles}
    taught = {one.group for one in voice_fitting.voices(data, known).groups}
    for file in voice_fitting.FILES:
        place = data / "detection" / f"{file}.docs.jsonl"
        groups = {row["id"]: row["group"] for row in truth.rows(truth.gold(place))}
        for row in truth.rows(place):
            assert groups[row["id"]] not in taught or voice_fitting.opening(row["text"]) not in starts


def test_no_story_is_measured_by_a_voice_that_heard_it() -> None:
    """A rewritten story has the voice of the other half of the groups; all others have the whole."""
    rng = np.random.default_rng(1)
    groups = [voice_fitting.Heard("cnn:", f"g{number}", rng.normal(size=(2, voice.MARKS)) * 0.1) for number in range(8)]
    of = voice_fitting.Voices(tuple(groups)).of
    own = voice_fitting.half("g0")
    others = voice_fitting.learned(one for one in groups if voice_fitting.half(one.group) != own)
    np.testing.assert_array_equal(of("detection: x", "g0").weights, others.weights)
    np.testing.assert_array_equal(of("bible", "g0").weights, voice_fitting.learned(groups).weights)
