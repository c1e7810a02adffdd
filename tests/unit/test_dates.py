"""Stated dates claim no more than was stated."""

import time
from datetime import UTC, date, datetime, timedelta, timezone

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage.ingest.dates import stamp
from lineage.records import Article, Headline
from lineage.records.article import Precision
from lineage.report.labels import when

EAST, WEST = timedelta(hours=14), timedelta(hours=12)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "precision", "start", "end"),
    [
        ("2024", "year", utc(2024, 1, 1), utc(2025, 1, 1)),
        (2024, "year", utc(2024, 1, 1), utc(2025, 1, 1)),
        ("2024-03", "month", utc(2024, 3, 1), utc(2024, 4, 1)),
        ("2024-12", "month", utc(2024, 12, 1), utc(2025, 1, 1)),
        ("March 2024", "month", utc(2024, 3, 1), utc(2024, 4, 1)),
        ("2024年3月", "month", utc(2024, 3, 1), utc(2024, 4, 1)),
        ("2024-03-05", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("2024/3/5", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("20240305", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("5.3.2024", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("5 March 2024", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("Tuesday, March 5, 2024", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("25/03/2024", "day", utc(2024, 3, 25), utc(2024, 3, 26)),
        ("5. März 2024", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("12 марта 2024 г.", "day", utc(2024, 3, 12), utc(2024, 3, 13)),
        ("5 de marzo de 2024", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("mars 2024", "month", utc(2024, 3, 1), utc(2024, 4, 1)),
        ("Dienstag, 5. März 2024 um 10:20 Uhr", "minute", utc(2024, 3, 5, 10, 20), utc(2024, 3, 5, 10, 21)),
        ("05 Mar 2024 10:20 IST", "minute", utc(2024, 3, 5, 10, 20), utc(2024, 3, 5, 10, 21)),
        ("2024年3月5日", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("2024年3月5日 10:20", "minute", utc(2024, 3, 5, 10, 20), utc(2024, 3, 5, 10, 21)),
        ("2024-03-05 7:40", "minute", utc(2024, 3, 5, 7, 40), utc(2024, 3, 5, 7, 41)),
        ("2024/03/05 07:40 PM", "minute", utc(2024, 3, 5, 19, 40), utc(2024, 3, 5, 19, 41)),
        ("20240305102030", "second", utc(2024, 3, 5, 10, 20, 30), utc(2024, 3, 5, 10, 20, 31)),
        (202403051020, "minute", utc(2024, 3, 5, 10, 20), utc(2024, 3, 5, 10, 21)),
        ("5 March 2024 00:00", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("05.03.2024 00:00", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("5 March 2024 3 PM", "minute", utc(2024, 3, 5, 15), utc(2024, 3, 5, 16)),
        (date(2024, 3, 5), "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("2024-03-05T00:00:00", "day", utc(2024, 3, 5), utc(2024, 3, 6)),
        ("2024-03-05T10:20", "minute", utc(2024, 3, 5, 10, 20), utc(2024, 3, 5, 10, 21)),
        ("2024-03-05 10", "minute", utc(2024, 3, 5, 10), utc(2024, 3, 5, 11)),
        ("10 March 2024 10:20 BST", "minute", utc(2024, 3, 10, 10, 20), utc(2024, 3, 10, 10, 21)),
        (datetime(2024, 3, 5, 10, 20, 30), "second", utc(2024, 3, 5, 10, 20, 30), utc(2024, 3, 5, 10, 20, 31)),
        (pd.Timestamp("2024-03-05"), "day", utc(2024, 3, 5), utc(2024, 3, 6)),
    ],
)
def test_without_a_zone_the_range_of_civil_time_stays_open(
    value: object, precision: Precision, start: datetime, end: datetime
) -> None:
    """A period of the stated precision, widened by every zone there is."""
    found = stamp(value)
    assert found is not None
    assert (found.precision, found.zone_known) == (precision, False)
    assert (found.earliest, found.latest) == (start - EAST, end + WEST)


@pytest.mark.parametrize(
    ("value", "precision", "start"),
    [
        (1709650000, "second", utc(2024, 3, 5, 14, 46, 40)),
        (1709650000.75, "second", utc(2024, 3, 5, 14, 46, 40)),
        ("1709650000123", "second", utc(2024, 3, 5, 14, 46, 40)),
        ("2024-03-05T10:20:30.123Z", "second", utc(2024, 3, 5, 10, 20, 30)),
        ("2024-03-05 10:20:30 UTC", "second", utc(2024, 3, 5, 10, 20, 30)),
        ("2024-03-05T10:20:30+02:00", "second", utc(2024, 3, 5, 8, 20, 30)),
        ("2024-03-05 10:20 +0200", "minute", utc(2024, 3, 5, 8, 20)),
        ("5 March 2024 10:20 GMT+2", "minute", utc(2024, 3, 5, 8, 20)),
        ("Tue, 05 Mar 2024 10:00:01 GMT", "second", utc(2024, 3, 5, 10, 0, 1)),
        ("Mar 5, 2024 10:30 PM EST", "minute", utc(2024, 3, 6, 3, 30)),
        (datetime(2024, 3, 5, 10, tzinfo=timezone(timedelta(hours=2))), "second", utc(2024, 3, 5, 8)),
    ],
)
def test_with_a_zone_the_instant_is_known(value: object, precision: Precision, start: datetime) -> None:
    """The bounds are one minute or one second apart."""
    found = stamp(value)
    assert found is not None
    assert (found.precision, found.zone_known, found.earliest) == (precision, True, start)
    assert found.latest - start == timedelta(seconds=60 if precision == "minute" else 1)


OPEN = (None, "", "  ", True, 0, 99, float("nan"), float("inf"), "9" * 60, pd.NaT, pd.NA, b"2024", [2024], {})
OPEN_TEXTS = (
    *("yesterday", "Monday", "10", "12:30", "March 5", "05/03/2024", "5/3/24", "~2024-03-01"),
    *("2024-13", "2024-02-30", "0000", "0001-01-01", "Spring 2024", "5 listopad 2024"),
)


@pytest.mark.parametrize("value", [*OPEN, *OPEN_TEXTS], ids=repr)
def test_what_is_open_stays_open(value: object) -> None:
    """No year, no order of day and month, no meaning: no stamp, and no error."""
    assert stamp(value) is None


def test_the_text_is_kept_as_written() -> None:
    """What was stated can be shown."""
    for text in ("2024/3/5", "5 March 2024"):
        found = stamp(f" {text} ")
        assert found is not None
        assert found.text == text


def test_the_local_zone_plays_no_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stamp is the same on every machine, also where the text names the machine's own zone."""
    texts = ["5 March 2024 10:20 NZDT", "5 March 2024 10:20", "1709650000"]
    here = [stamp(text) for text in texts]
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    try:
        assert [stamp(text) for text in texts] == here
    finally:
        monkeypatch.undo()
        time.tzset()


@given(st.text(max_size=40))
def test_no_text_raises(text: str) -> None:
    """Any text at all gives a stamp or None."""
    found = stamp(text)
    assert found is None or found.earliest < found.latest


@given(st.from_regex(r"[0-9]{1,4}[-/. :T]{1,2}[0-9A-Za-z]{1,8}[-/. :T]{0,2}[0-9+Z:. ]{0,12}", fullmatch=True))
def test_nothing_that_looks_like_a_date_raises(text: str) -> None:
    """Near misses are where parsers fall over."""
    stamp(text)


INSTANTS = st.datetimes(datetime(1500, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC))


@given(INSTANTS)
def test_the_instant_lies_within_its_stamp(instant: datetime) -> None:
    """However an instant is written, and however coarsely, the stamp holds it."""
    local = instant.astimezone(timezone(timedelta(hours=5, minutes=30)))
    forms = [f"{instant:%Y}", f"{instant:%Y-%m}", f"{instant:%Y-%m-%d}", instant.isoformat(), local.isoformat()]
    forms += [f"{local:%Y-%m-%dT%H:%M}", f"{instant:%d %B %Y}", f"{instant:%a, %d %b %Y %H:%M:%S} GMT"]
    for form in forms:
        found = stamp(form)
        assert found is not None, form
        assert found.earliest <= instant < found.latest, form


@pytest.mark.parametrize("text", ["≤ 2024-03-03", "<= 2024-03-03", "≤2024-03-03"])
def test_an_upper_bound_is_by_then(text: str) -> None:
    """The date of a crawl says by when, never since when; a later article is certainly later, an earlier one is not."""
    found = stamp(text)
    assert found is not None
    assert (found.precision, found.text) == ("until", text)
    later, earlier = stamp("2024-03-09"), stamp("2024-02-01")
    assert later is not None
    assert earlier is not None
    assert found.before(later)
    assert not earlier.before(found)
    assert not found.before(earlier)


def test_an_upper_bound_is_shown_as_one() -> None:
    """`≤ 3 Mar` in a drawing, with its year where a story spans two."""
    head = Headline.of(Article("a", "text", published=stamp("≤ 2024-03-03T10:00:00+01:00")))
    assert (when(head), when(head, year=True)) == ("≤ 3 Mar", "≤ 3 Mar 2024")
    assert head.earliest.startswith("2024-03-03T09:0")
    assert when(Headline.of(Article("a", "text", published=stamp("2024-03-01")))) == "~1 Mar"


@pytest.mark.parametrize("text", ["≤", "<= soon", "≤ 05/03/2024"])
def test_an_upper_bound_without_a_date_is_none(text: str) -> None:
    """What cannot be told stays untold."""
    assert stamp(text) is None
