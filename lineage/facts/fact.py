"""One thing a text states, and where."""

from dataclasses import dataclass
from typing import Literal, get_args

from lineage.records import Span

FactKind = Literal["number", "date", "name", "quote", "attribution", "hedge", "loaded"]
FACT_KINDS: tuple[FactKind, ...] = get_args(FactKind)
REMEMBERED = 128  # texts whose facts are remembered: the articles of a story are read for several purposes


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a text states; `text` is exactly what stands at `span`.

    value: what to compare, independent of form. number: a plain decimal ("2400000000"); date: `YYYY-MM-DD` with `*`
    for what is not stated, or `w1` to `w7` for a weekday; name: folded, the longest form the text gives; quote: its
    folded words; attribution: the folded speaker, resolved where it is a pronoun or a short form, empty where nobody
    is named; hedge and loaded: the folded phrase.
    unit: of a number: a currency code, `%`, `ordinal`, or the word that follows.
    rounding: the word that makes a number inexact ("about"), else empty.
    speaker: of a quotation or an attribution, as the text writes it, else empty.  verb: of an attribution.
    scope: of an attribution, its sentence.  claim: the stretch of the sentence that is being attributed.
    """

    kind: FactKind
    text: str
    span: Span
    value: str
    unit: str = ""
    rounding: str = ""
    speaker: str = ""
    verb: str = ""
    scope: Span | None = None
    claim: Span | None = None
