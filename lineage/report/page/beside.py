"""Two articles held side by side, as the page shows them."""

from dataclasses import dataclass

from lineage.records import Article, Change, Headline, Reframing
from lineage.report.labels import clean
from lineage.report.page.texts import Columns, columns
from lineage.report.page.view import Side, by_kind, side, survived


@dataclass(frozen=True, slots=True)
class Pair:
    """Two articles, called A and B, with what B says otherwise than A.

    verdict: a sentence on whether they share text.  facts: changes by kind, the most material first.
    """

    title: str
    a: Side
    b: Side
    verdict: str
    reframing: Reframing
    survived: tuple[tuple[str, int, int], ...]
    facts: tuple[tuple[str, tuple[Change, ...]], ...]
    text: Columns

    @property
    def lang(self) -> str:
        """The language of both, where they have one."""
        return self.a.lang if self.a.lang == self.b.lang else ""


def pair(a: Article, b: Article, verdict: str, reframing: Reframing) -> Pair:
    """The two as the page shows them; changes and alignment are from `a` to `b`, whatever the direction."""
    first, second = _name(a), _name(b)
    if first == second:
        first, second = clean(a.id), clean(b.id)
    return Pair(
        title=f"{first} and {second}",
        a=side(Headline.of(a), f"A · {first}", at_hand=True),
        b=side(Headline.of(b), f"B · {second}", at_hand=True),
        verdict=verdict,
        reframing=reframing,
        survived=survived(reframing.fate),
        facts=by_kind(reframing.changes),
        text=columns(a, b),
    )


def _name(article: Article) -> str:
    return clean(article.source) or clean(article.id) or "article"
