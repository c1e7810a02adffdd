"""Wording that unrelated stories share."""

from dataclasses import dataclass

from lineage.records.article import Span


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A passage that stands in many stories: a header, a notice, an agency's paragraph, a template.

    text: as it stands in `article` at `span`.  articles, stories: in how many it was found, at least; an article in no
    story counts as one.  words: its length.
    """

    text: str
    articles: int
    stories: int
    words: int
    article: str
    span: Span

    def __post_init__(self) -> None:
        if not 0 < self.stories <= self.articles:
            raise ValueError(f"boilerplate in {self.stories} stories of {self.articles} articles; each story has one")
