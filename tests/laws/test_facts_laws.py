"""Laws of the facts: every span is exact, whatever the text and the language."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from text_to_num import find_numbers

from lineage.facts import (
    FACT_KINDS,
    attributions,
    dates,
    facts,
    named_sources,
    numbers,
    phrases,
    same_date,
    same_name,
    sources,
)
from lineage.facts.numbers import parse_figures
from lineage.language import pack
from lineage.reframe.side import reading

LANGUAGES = ["", "en", "de", "fr", "es", "ru", "ja", "zz"]
PIECES = st.sampled_from(
    [
        "about 2.4 billion crowns ",
        "Aug. 22 ",
        "“never,” ",
        "‘the boys’ toys’ ",
        '"',
        "'",
        "said Minister Arvid Stenmar. ",
        "according to ",
        "TASS reported ",
        "he said ",
        "\n",
        "\n\n",
        "$1.2m ",
        "half a million ",
        "twenty-one ",
        "12:30 ",
        "「はい」",
        "３４人",
        "2024-02-30 ",
        "may ",
        "May 5th, ",
        "«так» ",
        "сказал ",
        "laut dpa ",
        "1.270,50 ",
        "1,2,3 ",
        "٣٤ ",
        "²",
    ]
)
CITING = st.sampled_from(
    [
        "the Harrow Echo newspaper reported ",
        "The agency Delta said. ",
        "Local media reports said ",
        "AGENCE FRANCE-PRESSE reports, ",
        "(Reuters) - ",
        "told Der Spiegel journalists ",
        "on MONDAY ",
        "in august 2019 ",
        "3 Março, 5 mai ",
        "laut Medienberichten ",
        "сообщает ТАСС ",
        "reportedly ",
        "perhaps a brutal ",
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=14).map("".join), st.text(max_size=150))


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_every_span_is_exact(lang: str, text: str) -> None:
    found = facts(text, lang)
    assert list(found) == sorted(found, key=lambda fact: (fact.span, fact.kind))
    for fact in found:
        assert fact.kind in FACT_KINDS
        assert text[fact.span.start : fact.span.end] == fact.text
        assert fact.text.strip()
    for key, span in named_sources(text, lang):
        assert key.startswith("named:")
        assert text[span.start : span.end].strip()


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_numbers_and_dates_do_not_overlap(text: str) -> None:
    last = 0
    for fact in facts(text, "en"):
        if fact.kind in {"number", "date"}:
            assert fact.span.start >= last
            last = fact.span.end


@given(st.integers(0, 10**12))
def test_grouping_does_not_change_a_number(value: int) -> None:
    for written in (str(value), f"{value:,}", f"{value:_}".replace("_", "\u202f"), f"{value:_}".replace("_", "'")):
        parsed = parse_figures(written, "en")
        assert parsed == value
    assert parse_figures(f"{value:,}".replace(",", "."), "de") == value


DATES = st.sampled_from(["*-08-22", "2023-08-22", "2023-*-*", "*-08-*", "2024-08-*", "w3", "w4"])


@given(DATES, DATES)
def test_same_date_is_symmetric(a: str, b: str) -> None:
    assert same_date(a, b) == same_date(b, a)
    assert same_date(a, a)


NAMES = st.lists(st.sampled_from(["arvid", "stenmar", "union", "news"]), max_size=3).map(" ".join)


@given(NAMES, NAMES)
def test_same_name_is_symmetric(a: str, b: str) -> None:
    assert same_name(a, b) == same_name(b, a)


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=40, deadline=None)
@given(text=st.lists(PIECES | CITING, max_size=14).map("".join))
def test_a_rule_whose_words_a_text_lacks_would_find_nothing(lang: str, text: str) -> None:
    found = facts(text, lang), named_sources(text, lang)
    with pytest.MonkeyPatch.context() as patch:
        for module in (attributions, dates, phrases, sources):
            patch.setattr(module, "beginnings", lambda text, first: range(len(text)))
        patch.setattr(sources, "may_hold", lambda text, first: True)
        dates._dates.cache_clear()
        tried = facts(text, lang), named_sources(text, lang)
    dates._dates.cache_clear()
    assert found == tried


@given(
    text=st.lists(st.sampled_from(["Ann Lee", "Lee", "Bank of Oslo", "Oslo", "Mr Ann Ray", "said.", "in"]), max_size=9)
)
def test_a_side_knows_a_name_in_every_form(text: list[str]) -> None:
    side = reading(" ".join(["they", *text]), "en")
    for value in ("", "ann", "lee", "ann lee", "oslo bank", "bank of oslo", "ray", "of", "ann lee ray"):
        assert side.is_named(value) == any(value == name or same_name(value, name) for name in side.named)


@given(words=st.lists(st.text("ab", min_size=1, max_size=4), max_size=6), asked=st.text("abc", min_size=1, max_size=3))
def test_a_side_knows_its_words_and_their_beginnings(words: list[str], asked: str) -> None:
    side = reading(" ".join(words), "en")
    assert side.has_word(asked) == (asked in words)
    assert side.has_stem(asked) == any(word.startswith(asked) for word in words)


NUMBER_WORDS = {
    "en": "one two twenty hundred million and a point zero first second the of half ninety in five",
    "fr": "un une deux vingt cent cents mille et virgule zéro premier neuf quatre dix le soixante",
    "de": "ein eine zwei hundert tausend und komma null erste zweite die einundzwanzig",
    "es": "un uno dos veinte cien ciento mil millones y coma cero primero el de",
}


@pytest.mark.parametrize("lang", sorted(NUMBER_WORDS))
@given(data=st.data())
def test_numbers_in_words_are_those_of_the_whole_text(lang: str, data: st.DataObject) -> None:
    word = st.sampled_from([*NUMBER_WORDS[lang].split(), *["walk", "lake", "tree"] * 5])
    words = data.draw(st.lists(word, max_size=40))
    between = [" " if data.draw(st.booleans()) else ", " for _ in words]
    tokens = [numbers._Token(word, at == 0 or between[at] != " ") for at, word in enumerate(words)]
    whole = [(hit.start, hit.end) for hit in find_numbers(tokens, lang, threshold=0.0)]
    found = numbers._spelled(words, [*between, ""], pack(lang))
    assert [entry[:2] for entry in found if entry[:2] in whole] == whole
