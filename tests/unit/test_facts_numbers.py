"""Numbers and dates: one value for every form, one table a language."""

import pytest

from lineage.facts import facts, same_date

NUMBERS = [
    ("en", "It cost 2.4 billion crowns.", "2400000000", "crown"),
    ("en", "It cost 2,400 million crowns.", "2400000000", "crown"),
    ("en", "It cost $1.2m.", "1200000", "USD"),
    ("en", "It cost US$1.2 million.", "1200000", "USD"),
    ("en", "Some 3,900 soldiers fell.", "3900", "soldiers"),
    ("en", "Eighteen men fell.", "18", "men"),
    ("en", "Two hundred and five cows.", "205", "cows"),
    ("en", "Half a million left.", "500000", "left"),
    ("en", "It took two and a half years.", "2.5", "years"),
    ("en", "A rise of 12 per cent.", "12", "%"),
    ("en", "A rise of 6.8 percent.", "6.8", "%"),
    ("en", "A rise of 6.8%.", "6.8", "%"),
    ("en", "The 41-page report.", "41", "page"),
    ("en", "A three-year slide.", "3", "year"),
    ("en", "The third year of war.", "3", "ordinal"),
    ("en", "The 22nd Rifle Brigade.", "22", "ordinal"),
    ("en", "A dozen boats.", "12", "boats"),
    ("en", "They met at 10:30.", "10:30", "time"),
    ("de", "Es kostete 2,4 Milliarden Kronen.", "2400000000", "crown"),
    ("de", "Etwa 1.270 Menschen.", "1270", "menschen"),
    ("de", "Es gab einundzwanzig Tote.", "21", "tote"),
    ("fr", "Elle coûte 2,4 milliards d’euros.", "2400000000", "EUR"),
    ("fr", "Les quatre-vingt-dix-sept maisons.", "97", "maisons"),
    ("fr", "Il y a 1 270 personnes.", "1270", "personnes"),
    ("es", "Hubo 1.270 personas.", "1270", "personas"),
    ("es", "Hubo treinta y dos casas.", "32", "casas"),
    ("ru", "Ущерб 2,4 млрд рублей.", "2400000000", "RUB"),
    ("ru", "Погибли восемнадцать человек.", "18", "человек"),
    ("ru", "Погибли двадцать пять человек.", "25", "человек"),
    ("ja", "３４人が死亡。", "34", "人"),
    ("ja", "損害は2億円。", "200000000", "円"),
    ("it", "Circa 1.270 persone.", "1270", "persone"),
    ("zz", "Xyz 12.5% qrs.", "12.5", "%"),
]

NO_NUMBERS = [
    ("en", "No one came; one of them slept."),
    ("en", "He came second, a second later."),
    ("en", "Several million and thousands more."),
    ("en", "HLT-2207 c and MH-17."),
]

DATES = [
    ("en", "On Aug. 22 it rained.", "*-08-22"),
    ("en", "On August 22 it rained.", "*-08-22"),
    ("en", "On 22 August it rained.", "*-08-22"),
    ("en", "On July 10th, 2023 it rained.", "2023-07-10"),
    ("en", "On 2023-07-10 it rained.", "2023-07-10"),
    ("en", "On 7/10/2023 it rained.", "2023-07-10"),
    ("en", "In 1993 it rained.", "1993-*-*"),
    ("en", "It rained on Thursday.", "w4"),
    ("en", "In June 2019 it rained.", "2019-06-*"),
    ("en", "It rained in May.", "*-05-*"),
    ("de", "Am 22. August regnete es.", "*-08-22"),
    ("de", "Am 10.7.2023 regnete es.", "2023-07-10"),
    ("de", "Am Donnerstag regnete es.", "w4"),
    ("fr", "Le 22 août 2023, il pleut.", "2023-08-22"),
    ("fr", "Le 1er mai, il pleut.", "*-05-01"),
    ("es", "El 22 de agosto de 2023 llovió.", "2023-08-22"),
    ("ru", "Это было 22 августа 2023 года.", "2023-08-22"),
    ("ja", "2023年8月22日のこと。", "2023-08-22"),
]


@pytest.mark.parametrize(("lang", "text", "value", "unit"), NUMBERS)
def test_a_number_has_one_value_whatever_its_form(lang: str, text: str, value: str, unit: str) -> None:
    found = [fact for fact in facts(text, lang) if fact.kind == "number"]
    assert [(fact.value, fact.unit) for fact in found] == [(value, unit)]


@pytest.mark.parametrize(("lang", "text"), NO_NUMBERS)
def test_words_that_only_look_like_numbers(lang: str, text: str) -> None:
    assert [fact.text for fact in facts(text, lang) if fact.kind == "number"] == []


@pytest.mark.parametrize(("lang", "text", "value"), DATES)
def test_a_date_has_one_value_whatever_its_form(lang: str, text: str, value: str) -> None:
    assert [fact.value for fact in facts(text, lang) if fact.kind == "date"] == [value]


@pytest.mark.parametrize("word", ["about", "almost", "more than", "up to", "nearly"])
def test_rounding_is_noted(word: str) -> None:
    [fact] = [fact for fact in facts(f"It hit {word} 4 billion crowns.") if fact.kind == "number"]
    assert fact.rounding == word
    assert fact.text == "4 billion crowns"


def test_a_modal_verb_is_no_month() -> None:
    assert [fact for fact in facts("They may march. He may go.") if fact.kind == "date"] == []


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("*-08-22", "2023-08-22", True),
        ("*-11-*", "*-11-08", True),
        ("*-08-22", "*-08-23", False),
        ("1993-*-*", "*-08-22", False),
        ("w3", "w4", False),
        ("w3", "*-08-22", False),
    ],
)
def test_dates_agree_in_what_both_state(a: str, b: str, same: bool) -> None:
    assert same_date(a, b) is same
