"""Quotations, who speaks, names, hedges, and the sources a text names."""

import pytest

from lineage.facts import Fact, FactKind, facts, named_sources

QUOTES = [
    ('"I know," he said.', ["I know"]),
    ("“I know,” he said. “So do you.”", ["I know", "So do you."]),
    ("‘The boys’ toys aren’t here,’ she said.", ["The boys’ toys aren’t here"]),
    ("‘I don’t know,’ he said, ‘the rockers’ view won’t do.’", ["I don’t know", "the rockers’ view won’t do."]),
    ("It’s the ’90s and the boys’ club isn’t open.", []),
    ("'It was late,' she said. 'We don't know.'", ["It was late", "We don't know."]),
    ("It's the dogs' dinner and that isn't good.", []),
    ("„Nein“, sagte er.", ["Nein"]),
    ("»Nein«, sagte er.", ["Nein"]),
    ("« C’est faux », a-t-il dit.", ["C’est faux"]),
    ("«Так», — сказал он.", ["Так"]),
    ("彼は「行く」と言った。", ["行く"]),
    ("“He told me ‘never again’ and left,” she said.", ["He told me ‘never again’ and left"]),
    ("“First part of it.\n\n“Second part,” he said.", ["First part of it.", "Second part"]),
    ('He said: "This never ends', ["This never ends"]),
]  # fmt: skip

SPEAKERS = [
    ("en", '"I know nothing," Finance Minister Arvid Stenmar said.', "arvid stenmar"),
    ("en", '"I know nothing," said the minister, Arvid Stenmar.', "arvid stenmar"),
    ("en", "The union's secretary, Ilse Corvin, said it rained.", "ilse corvin"),
    ("en", "Ilse Corvin, a lawyer in Pelnik who represents 14 men, said it rained.", "ilse corvin"),
    ("en", "According to Ilse Corvin, it rained all night.", "ilse corvin"),
    ("en", "It rained all night, according to its director, Ilse Corvin.", "ilse corvin"),
    ("en", 'Ilse Corvin, a lawyer in Pelnik, urged caution: it might rain. "We wait," she said.', "ilse corvin"),
    ("en", "Ilse Corvin came. It rained all night, she said.", "ilse corvin"),
    ("en", "Ilse Corvin was quoted as saying that it rained.", "ilse corvin"),
    ("en", "A ministry spokesman later said it rained.", "ministry spokesman"),
    ("en", '"It rained," said Sen. Ilse Corvin.', "ilse corvin"),
    ("en", '"It rained," said Mr. Corvin on Friday.', "corvin"),
    ("en", "According to Dr. Ilse Corvin, it rained all night.", "ilse corvin"),
    ("de", "Es habe geregnet, sagte Ministerin Ilse Corvin.", "ilse corvin"),
    ("de", "„Es hat geregnet“, sagte Dr. Ilse Corvin am Montag.", "ilse corvin"),
    ("de", "Ilse Corvin erklärte, dass es geregnet habe.", "ilse corvin"),
    ("de", "Es habe die ganze Nacht geregnet, so Ilse Corvin.", "ilse corvin"),
    ("de", "„Es hat geregnet“, so Ministerin Ilse Corvin, „und zwar die ganze Nacht.“", "ilse corvin"),
    ("fr", "« Il pleut », a déclaré Ilse Corvin.", "ilse corvin"),
    ("fr", "Selon Ilse Corvin, il pleut.", "ilse corvin"),
    ("es", "«Llueve», dijo Ilse Corvin.", "ilse corvin"),
    ("es", "Según Ilse Corvin, llueve.", "ilse corvin"),
    ("ru", "«Идет дождь», — сказал Иван Петров.", "иван петров"),
    ("ru", "По словам Иван Петров, идет дождь.", "иван петров"),
]

SOURCES = [
    ("en", "Losses were heavy, TASS reported.", ["named:tass"]),
    ("en", "He told Reuters that it rained.", ["named:reuters"]),
    ("en", "It rained, according to Ria Novosti.", ["named:ria-novosti"]),
    ("en", "It rained, he told TASS journalists.", ["named:tass"]),
    ("en", "Citing the state news agency DTA, he said it rained.", ["named:dta"]),
    ("en", "It rained, local media reported.", ["named:local-media"]),
    ("en", "KYIV (Reuters) - It rained.", ["named:reuters"]),
    ("en", "SELMA GORA, March 14 (Meridian Wire) - It rained.", ["named:meridian-wire"]),
    ("en", "The Harrow Echo newspaper said it rained.", ["named:harrow-echo"]),
    ("en", "Analyst Tomas Verhelm said it rained.", []),
    ("en", "The Guardian of the gate slept.", []),
    ("de", "Es regnete, meldete die Nachrichtenagentur Tass.", ["named:tass"]),
    ("de", "Laut dpa regnete es.", ["named:dpa"]),
    ("fr", "Selon l’AFP, il pleut.", ["named:afp"]),
    ("es", "Según la agencia EFE, llueve.", ["named:efe"]),
    ("ru", "Как сообщает РИА Новости, идет дождь.", ["named:ria-novosti"]),
    ("ru", "По данным ТАСС, идет дождь.", ["named:tass"]),
]


def of(kind: FactKind, text: str, lang: str = "en") -> list[Fact]:
    return [fact for fact in facts(text, lang) if fact.kind == kind]


@pytest.mark.parametrize(("text", "quotes"), QUOTES)
def test_quotations_in_every_style(text: str, quotes: list[str]) -> None:
    assert [fact.text for fact in of("quote", text)] == quotes


@pytest.mark.parametrize(("lang", "text", "speaker"), SPEAKERS)
def test_the_speaker_is_found(lang: str, text: str, speaker: str) -> None:
    assert speaker in {fact.value for fact in of("attribution", text, lang)}
    assert all(quote.speaker == speaker for quote in of("quote", text, lang))


@pytest.mark.parametrize("text", ["It is said that it rained.", "We are told that it rained."])
def test_an_attribution_to_nobody_has_no_speaker(text: str) -> None:
    assert [fact.speaker for fact in of("attribution", text)] == [""]


@pytest.mark.parametrize(("lang", "text", "keys"), SOURCES)
def test_named_sources_have_one_key(lang: str, text: str, keys: list[str]) -> None:
    assert [key for key, _ in named_sources(text, lang)] == keys


def test_a_title_and_a_short_form_are_one_name() -> None:
    text = "Finance Minister Arvid Stenmar came. Later Stenmar, or Mr Stenmar, left for Brensk."
    assert [(f.text, f.value) for f in of("name", text)] == [
        ("Arvid Stenmar", "arvid stenmar"),
        ("Stenmar", "arvid stenmar"),
        ("Stenmar", "arvid stenmar"),
        ("Brensk", "brensk"),
    ]


def test_an_organisation_keeps_its_of() -> None:
    text = "He joined the Union of Hydraulic Engineers, said Tomas Verhelm of the Lindqvist Centre."
    assert [f.text for f in of("name", text)] == ["Union of Hydraulic Engineers", "Tomas Verhelm", "Lindqvist Centre"]


def test_the_first_word_of_a_sentence_is_no_name_by_its_capital() -> None:
    assert of("name", "Shelling resumed. Talks failed. The rain stopped.") == []


def test_hedges_are_the_writers_not_the_speakers() -> None:
    assert [f.text for f in of("hedge", 'He reportedly left. "It may rain," she said.')] == ["reportedly"]


@pytest.mark.parametrize(
    ("lang", "text"), [("de", "Angeblich kam er."), ("fr", "Il serait parti."), ("ru", "Якобы ушел.")]
)
def test_hedges_in_other_languages(lang: str, text: str) -> None:
    assert len(of("hedge", text, lang)) == 1


def test_loaded_words_are_the_writers() -> None:
    assert [f.value for f in of("loaded", "A squalid deal. “A shameful deal,” he said.")] == ["squalid"]
