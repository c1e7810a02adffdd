"""Laws of the words in a drawing: they fit, they are harmless, and nothing is lost without a sign."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.ingest.dates import stamp
from lineage.records import Article, Headline
from lineage.report import labels

texts = st.text(max_size=120)
widths = st.integers(4, 40)


@given(texts)
def test_clean_text_stays_clean(text: str) -> None:
    """Cleaning twice is cleaning once, and leaves one line without controls or overrides."""
    once = labels.clean(text)
    assert labels.clean(once) == once
    assert not any(char < " " or char in "\u202e\u2066\u200b\ufeff\u2028" for char in once)


@given(texts)
def test_an_escaped_label_is_xml_that_says_the_same(text: str) -> None:
    """An HTML-like label parses to the cleaned text, every backslash of it twice, as Graphviz wants it."""
    escaped = labels.html(text)
    shown = ElementTree.fromstring(f"<a>{escaped}</a>").text or ""
    assert shown.replace("\\\\", "\\") == labels.clean(text)
    assert shown.count("\\") == 2 * labels.clean(text).count("\\")


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("2024-03-04", "2024-03-04"),
        ("4 March 2024", "2024-03-04"),
        ("2024-03-04T00:30:00+09:00", "2024-03-04"),
        ("2024-03", "2024-03"),
        ("2024", "2024"),
        ("<= 2024-03-04", "≤ 2024-03-04"),
        ("", ""),
    ],
)
def test_a_date_in_a_table_is_the_stated_one(stated: str, told: str) -> None:
    """Not the day on which its first instant lies in UTC, and no more precise than it was stated."""
    assert labels.date(Headline.of(Article("a", "Some text.", published=stamp(stated)))) == told


@given(texts, widths, st.integers(1, 4))
def test_wrapped_text_fits_and_is_whole_or_marked(text: str, width: int, lines: int) -> None:
    """Every line fits, but for a sign that may not begin one; without "…" at the end nothing is missing."""
    found = labels.wrapped(text, width, lines)
    assert len(found) <= lines
    assert all(labels.columns(line) <= width + 2 for line in found)
    if not found or not found[-1].endswith(labels.ELLIPSIS):
        assert "".join(found).replace(" ", "") == labels.clean(text).replace(" ", "")


@given(texts, widths)
def test_a_cut_text_fits(text: str, width: int) -> None:
    """A cut text is no wider than asked, and begins as the text does."""
    found = labels.cut(text, width)
    assert labels.columns(found) <= width
    assert labels.clean(text).startswith(found.removesuffix(labels.ELLIPSIS))


@given(st.floats(0, 1))
def test_a_chance_is_never_certain(probability: float) -> None:
    """No probability is written as 0 or 1."""
    assert labels.chance(probability) not in (".00", "1.00", "0", "1")


def head(published: str, precision: str, earliest: str = "2024-03-03T00:00:00+00:00") -> Headline:
    return Headline("a", published=published, earliest=earliest, precision=precision)


@pytest.mark.parametrize(
    ("stated", "precision", "shown"),
    [
        ("2024-03-03T09:10:00+03:00", "second", "3 Mar, 09:10 +03:00"),
        ("2024-03-03T09:10Z", "minute", "3 Mar, 09:10 UTC"),
        ("2024-03-03T09:10", "minute", "3 Mar, 09:10"),
        ("Sun, 03 Mar 2024 09:10:11 -0530", "second", "3 Mar, 09:10 -05:30"),
        ("2024-03-03", "day", "~3 Mar"),
        ("March 2024", "month", "~Mar 2024"),
        ("2024", "year", "~2024"),
        ("", "", ""),
    ],
)
def test_a_time_is_shown_as_stated(stated: str, precision: str, shown: str) -> None:
    """Local time and zone as stated; "~" where the hour is unknown; no zone where none was given."""
    assert labels.when(head(stated, precision, "2024-03-03T00:00:00+00:00" if stated else "")) == shown


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        (["2024-03-03T09:10+00:00", "2024-03-03T11:30+00:00"], "3 Mar 2024, 09:10–11:30 UTC"),
        (["2024-03-03T09:10", "2024-03-03T11:30+00:00"], "3 Mar 2024"),
        (["2024-03-03T09:10+00:00", "2024-03-04T11:30+00:00"], "3–4 Mar 2024"),
        (["2024-02-03T09:10+00:00", "2024-03-04T11:30+00:00"], "3 Feb – 4 Mar 2024"),
        (["2023-12-31T09:10+00:00", "2024-01-04T11:30+00:00"], "31 Dec 2023 – 4 Jan 2024"),
        ([], ""),
    ],
)
def test_a_period_says_nothing_twice(stated: list[str], shown: str) -> None:
    """Hours only where every zone is known and all is on one day."""
    assert labels.period(head(published, "minute") for published in stated) == shown


def test_an_instant_is_utc_or_none() -> None:
    """A headline without a date has no instant."""
    assert labels.instant(head("", "", "2024-03-03T10:00:00+02:00")) == datetime(2024, 3, 3, 8, tzinfo=UTC)
    assert labels.instant(head("", "", "")) is None
