"""An article as a row again: what is written of it is read back as the same article."""

from typing import Any

from lineage.ingest.fields import FIELDS
from lineage.records import Article


def record(article: Article) -> dict[str, Any]:
    """The fields that an article has, under our names, then its other columns; the date as it was stated."""
    values = {name: getattr(article, name) for name in FIELDS}
    values["published"] = article.published.text if article.published is not None else ""
    known = {name: value for name, value in values.items() if value}
    return known | {name: value for name, value in article.extra.items() if name not in known}
