"""Names and amounts as the page says them."""

import unicodedata
from datetime import timedelta

from lineage.records import Story, called
from lineage.report.cards import greek
from lineage.report.labels import clean

LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"

KINDS = {
    "number": "Number",
    "date": "Date",
    "name": "Name",
    "attribution": "Attribution",
    "quote_dropped": "Quotation dropped",
    "quote_altered": "Quotation altered",
    "quote_indirect": "Quotation made indirect",
    "hedge_added": "Hedge added",
    "hedge_dropped": "Hedge dropped",
    "fact_dropped": "Statement dropped",
    "fact_added": "Statement added",
    "loaded_word": "Loaded word",
    "headline": "Headline",
    "order": "Order",
    "rounding": "Rounding",
    "lead": "Opening",
}


def names(story: Story) -> dict[str, str]:
    """What each node is called: articles by outlet, headline or id, posited sources by their letter.

    Behind a name written from right to left stands a mark, or a figure that follows would be read before the name.
    """
    found = {id: _ended(clean(name)) or "article" for id, name in called(story.articles, story.headlines).items()}
    for position, source in enumerate(sorted(story.derivation.posited, key=lambda source: source.id)):
        found[source.id] = f"posited source {greek(position)}"
    return found | {named.id: _ended(clean(named.name)) for named in story.derivation.named}


def _ended(name: str) -> str:
    turned = any(unicodedata.bidirectional(char) in ("R", "AL") for char in name)
    return f"{name}{LEFT_TO_RIGHT}" if turned else name


def kind(name: str) -> str:
    """A kind of change in words; one without words of its own by its name."""
    return KINDS.get(name, name.replace("_", " ").capitalize())


def duration(length: timedelta) -> str:
    """A time between two articles in its two largest units; a minus where the child is the earlier.

    >>> duration(timedelta(hours=2, minutes=10)), duration(timedelta(days=-3))
    ('2 h 10 min', '−3 d')
    """
    minutes = round(abs(length.total_seconds()) / 60)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    units = [f"{amount} {unit}" for amount, unit in ((days, "d"), (hours, "h"), (rest, "min")) if amount]
    sign = "−" if length < timedelta(0) else ""
    return sign + " ".join(units[:2]) if units else "0 min"


def percent(part: float, whole: float) -> str:
    """A share in whole percent; empty where there is nothing to share."""
    return f"{part / whole:.0%}" if whole else ""
