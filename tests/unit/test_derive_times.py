"""What texts tell of the time they were written, and what follows for who came first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.derive.explain import NOTES, Explainer
from lineage.derive.measures import Tables, tables
from lineage.derive.scores import shipped
from lineage.derive.times import latest_year, name, version
from lineage.records import Article

NOTICE = (
    "{} of the notice. Copyright {} by the harbour board of Varro. All boats of the board keep to the eastern quay."
)


def story(*notices: tuple[str, str]) -> Tables:
    return tables([Article(f"a{place}", NOTICE.format(*told)) for place, told in enumerate(notices)])


def rows(found: Tables) -> dict[tuple[str, str], int]:
    """The row of each pair, by the ids of parent and child."""
    ids = [reading.article.id for reading in found.readings]
    return {(ids[p], ids[c]): row for row, (p, c) in enumerate(zip(found.pairs.parent, found.pairs.child, strict=True))}


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Founded in 1898, closed in 2004.", (2004,)),
        ("It cost $2000 and 1,998 people came.", ()),
        ("In 2004, 31 men; in 1999.", (2004,)),
        ("12004 and 20045 and 1,998", ()),
        ("2010%", ()),
        ("", ()),
    ],
)
def test_years_are_not_sums(text: str, year: tuple[int, ...]) -> None:
    """Money, shares, decimals and long numbers are no years."""
    assert latest_year(text) == year


def test_the_numbersstands_in_the_opening() -> None:
    """What the text says of other versions further down is about them; numbers are compared as numbers."""
    assert version("PUBLIC LICENSE\nVersion 1.10, of May") == (1, 10)
    assert version("PUBLIC LICENSE v2") == (2,)
    assert version("A notice. " * 100 + "Version 3.0") == ()
    assert version("Version 1.9") < version("Version 1.10")


def test_the_later_year_and_numbersare_the_child() -> None:
    """Signs are antisymmetric; a text that tells nothing has none."""
    found = story(("Version 1.0", "1999"), ("Version 1.1", "2003"), ("A copy", "by law"))
    row = rows(found)
    for sign in ("times.year", "times.version"):
        column = found.column(sign)
        assert column[row["a0", "a1"]] == 1.0
        assert column[row["a1", "a0"]] == -1.0
        assert column[row["a0", "a2"]] == column[row["a2", "a1"]] == 0.0
    first = found.of_texts[:, found.text_names.index("times.first_year")].tolist()
    said = {reading.article.id: value for reading, value in zip(found.readings, first, strict=True)}
    assert said == {"a0": 0.5, "a1": -0.5, "a2": 0.0}


def test_versions_of_one_name_are_editions() -> None:
    """Numbers order the documents of one name; who took one over under another name counts anew."""
    licence = "{} Public License\n      Version {}\n\nEverybody may moor here who pays the board what it asks for."
    told = [licence.format(*one) for one in (("Varro", "1.1"), ("VARRO", "2.0"), ("Ostrand Harbour", "1.0"))]
    found = tables([Article(f"a{place}", text) for place, text in enumerate(told)])
    row = rows(found)
    numbers, edition = found.column("times.version"), found.column("times.edition")
    assert numbers[row["a0", "a1"]] == edition[row["a0", "a1"]] == 1.0
    assert numbers[row["a0", "a2"]] == -1.0
    assert edition[row["a0", "a2"]] == edition[row["a1", "a2"]] == 0.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Varro Licence, version 3.01", ("the", "varro", "licence")),
        ("-----\n The VARRO Licence\n ===\n  Version 3, of May", ("the", "varro", "licence")),
        ("Version 3", ()),
        ("The Varro Licence", ()),
    ],
)
def test_the_name_stands_before_the_version(text: str, words: tuple[str, ...]) -> None:
    """On the line of the version, or on the nearest above that has words."""
    assert name(text) == words


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    """No text breaks either sign."""
    assert all(1800 <= year < 2100 for year in latest_year(text))
    assert all(number >= 0 for number in version(text))
    assert all(name(text))


def test_the_times_are_named() -> None:
    """The note gives both years and both versions as they stand in the texts, and shows those of the child."""
    found = story(("Version 1.0", "1999"), ("Version 1.1", "2003"), ("Version 2.0", "2004"))
    row = list(zip(found.pairs.parent, found.pairs.child, strict=True)).index((0, 1))
    note, places = NOTES["times"](Explainer(found, shipped()), row, 0, 1)
    assert "is 2003, the parent's 1999" in note
    assert "says Version 1.1, the parent's Version 1.0" in note
    text = found.readings[1].article.text
    assert [(id, text[start:end]) for id, start, end in places] == [("a1", "2003"), ("a1", "Version 1.1")]


@pytest.mark.parametrize("second", [("A copy", "by law"), ("Version 1.0", "1999")])
def test_what_is_not_told_is_not_claimed(second: tuple[str, str]) -> None:
    """Of texts that tell the same, or of which one tells nothing, neither is said to be later."""
    found = story(("Version 1.0", "1999"), second, ("Version 2.0", "2004"))
    row = list(zip(found.pairs.parent, found.pairs.child, strict=True)).index((0, 1))
    note, places = NOTES["times"](Explainer(found, shipped()), row, 0, 1)
    assert note.startswith("no year or version")
    assert not places


def test_two_articles_alone_have_no_third() -> None:
    """Where nobody else speaks, nobody is said to agree."""
    found = story(("Version 1.0", "1999"), ("Version 1.1", "2003"))
    note, _ = NOTES["third"](Explainer(found, shipped()), 0, 0, 1)
    assert "neither" in note


def test_nothing_is_counted_of_nothing() -> None:
    """A parent without quotations keeps none back, and where no fact is told none is named."""
    found = story(("A copy", "by law"), ("A copy", "by law"), ("Another", "by right"))
    of = Explainer(found, shipped())
    row = list(zip(found.pairs.parent, found.pairs.child, strict=True)).index((0, 1))
    assert NOTES["quotations"](of, row, 0, 1)[0] == "the parent has no runs of quoted words"
    assert NOTES["lives"](of, row, 0, 1)[0].startswith("no fact is in these two articles alone")
