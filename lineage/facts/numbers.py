"""Numbers in figures and in words, with their unit."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from itertools import accumulate, pairwise

from babel import Locale, UnknownLocaleError
from babel.numbers import get_decimal_symbol, get_group_symbol
from text_to_num import find_numbers

from lineage.facts.fact import REMEMBERED, Fact
from lineage.facts.taken import Taken
from lineage.language import Pack, pack
from lineage.records import Span

_SPACES = "\u0020\u00a0\u202f\u2009"
_FIGURES = re.compile(rf"\d{{1,3}}(?:[.,'’٬{_SPACES}]\d{{3}})+(?!\d)(?:[.,٫]\d+)?|\d+(?:[.,٫]\d+)*")
# What may not stand before is looked for behind the first figure: so only figures are stopped at.
_CLOCK = re.compile(
    r"(\d(?<![\d:.]\d)\d?)(?::(\d{2})(?![\d:])|\.(\d{2})(?=\s?(?:[ap]\.?\s?m\b|Uhr\b)))",
    re.IGNORECASE,
)
_DESIGNATION = re.compile(r"\b[^\W\d_a-z]\w*[-‐]$")
_SIGN = re.compile(r"(?:(?:US|A|C|HK|NZ)?[$€£¥₽₴₹₩₺]|\b(?:USD|EUR|GBP|CHF|RUB|JPY|CNY))\s?$")
_CURRENCY_SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₽": "RUB",
    "₴": "UAH",
    "₹": "INR",
    "₩": "KRW",
    "₺": "TRY",
}
_WORD = re.compile(r"([^\W\d_]+(?:[-‐][^\W\d_]+)*)")
_PART = re.compile(r"([^\W\d_]+)")
_NEXT = re.compile(r"[\s\u00a0-]*(?:[^\W\d_]?['’])?(%|[^\W\d_]+(?:['’][^\W\d_]+)?\.?)")
_WIDE_SCALES = {"万": 10**4, "萬": 10**4, "億": 10**8, "亿": 10**8, "兆": 10**12}
_SPELLED = frozenset({"en", "fr", "es", "pt", "de", "nl", "it", "da"})
_MAX_DIGITS = 40
_NOON = 12
_AROUND = 4  # words on either side of a number that may belong to it: "and", "point", "virgule"
_WORDS = 1 << 16  # of which it is remembered whether they are numbers


class _Token:
    """A word as `text_to_num.find_numbers` wants it."""

    __slots__ = ("broken", "word")

    def __init__(self, word: str, broken: bool) -> None:
        self.word = word
        self.broken = broken

    def text(self) -> str:
        return self.word

    def nt_separated(self, previous: "_Token") -> bool:
        return self.broken

    def not_a_number_part(self) -> bool:
        return False


def numbers(text: str, lang: str, taken: list[Span]) -> list[Fact]:
    """The numbers of a text outside the spans already `taken` (dates), in order.

    A scale word belongs to its number ("2.4 billion"), and so do a currency sign and a percent sign. The word "one"
    and the ordinals "first" and "second" are not taken for numbers: they mostly are something else.
    """
    return list(_numbers(text, pack(lang).code, tuple(taken)))


@lru_cache(REMEMBERED)
def _numbers(text: str, code: str, dated: tuple[Span, ...]) -> tuple[Fact, ...]:
    known = pack(code)
    clock = _clock(text, list(dated), known)
    taken = [*dated, *(fact.span for fact in clock)]
    others = Taken(taken)
    free = [match for match in _FIGURES.finditer(text) if not others.touches(*match.span())]
    found = _in_one(text, [fact for match in free if (fact := _of_figures(text, match, known)) is not None])
    occupied = Taken([*taken, *(fact.span for fact in found), *(Span(*match.span()) for match in free)])
    found += clock
    found += [fact for fact in _in_words(text, known) if not occupied.touches(*fact.span)]
    return tuple(sorted(found, key=lambda fact: fact.span))


def _in_one(text: str, found: list[Fact]) -> list[Fact]:
    """The figures of which one carries on the other behind its scale as one number: "1亿2000万"."""
    told: list[Fact] = []
    for fact in found:
        before = told[-1] if told else None
        if before is not None and before.span.end == fact.span.start and text[before.span.end - 1] in _WIDE_SCALES:
            span = Span(before.span.start, fact.span.end)
            value = _plain(Decimal(before.value) + Decimal(fact.value))
            told[-1] = replace(fact, text=text[span.start : span.end], span=span, value=value, rounding=before.rounding)
        else:
            told.append(fact)
    return told


def _of_figures(text: str, match: re.Match[str], known: Pack) -> Fact | None:
    start, end = match.span()
    if start > 0 and ((text[start - 1].isalpha() and not _is_wide(text[start - 1])) or text[start - 1] == "_"):
        return None
    if _DESIGNATION.search(text, max(0, start - 24), start) is not None:
        return None
    value = parse_figures(match.group(), known.code)
    if value is None:
        return None
    sign = _SIGN.search(text, max(0, start - 5), start)
    start = sign.start() if sign is not None else start
    currency = _CURRENCY_SIGNS.get(sign.group().strip()[-1], sign.group().strip()) if sign is not None else ""
    return _finished(text, Span(start, end), value, currency, known)


def _clock(text: str, taken: list[Span], known: Pack) -> list[Fact]:
    """Times of day in figures, by the clock of twenty-four hours where the text says which half of the day."""
    others = Taken(taken)
    return [
        Fact("number", match.group(), Span(*match.span()), _time(text, match, known), "time")
        for match in _CLOCK.finditer(text)
        if not others.touches(*match.span())
    ]


def _time(text: str, match: re.Match[str], known: Pack) -> str:
    hour, minutes = int(match[1]), match[2] or match[3]
    half = _halves_of_day(known.code).match(text, match.end())
    if half is not None and hour <= _NOON:
        hour = hour % _NOON + (_NOON if half.lastgroup == "late" else 0)
    return f"{hour}:{minutes}"


@cache
def _halves_of_day(code: str) -> re.Pattern[str]:
    """What says, behind a time, that it is before or after noon."""
    late, early = (
        "|".join(re.escape(phrase) for phrase in ("", *pack(code).words("numbers", name)) if phrase) or "(?!)"
        for name in ("after_noon", "before_noon")
    )
    return re.compile(rf"[\s\u00a0]?(?:(?P<late>{late})|(?P<early>{early}))(?!\w)", re.IGNORECASE)


def _finished(text: str, span: Span, value: Decimal, currency: str, known: Pack) -> Fact | None:
    """The number with the scale and the unit that follow it taken in."""
    start, end = span
    factor, end = _scale(text, end, currency, known)
    unit, end = _unit(text, end, currency, known)
    if unit is None:
        return None
    return Fact(
        "number", text[start:end], Span(start, end), _plain(value * factor), unit, _rounding(text, start, known)
    )


def _scale(text: str, end: int, currency: str, known: Pack) -> tuple[int, int]:
    scales = known.mapping("numbers", "scales")
    after_currency_only = known.words("numbers", "scales_after_currency_only")
    factor = 1
    while end < len(text) and text[end] in _WIDE_SCALES:
        factor, end = factor * _WIDE_SCALES[text[end]], end + 1
    following = _NEXT.match(text, end)
    if following is None or (following.group().startswith("-") and following.group(1)[0].isupper()):
        return factor, end
    word = following.group(1).casefold()
    for form in (word, word.rstrip(".")):
        if form in scales and (
            form not in after_currency_only or currency or _is_money(text, following.start(1) + len(form), known)
        ):
            return factor * int(scales[form]), following.start(1) + len(form)
    return factor, end


def _is_money(text: str, at: int, known: Pack) -> bool:
    """Whether a currency is named right here, so that the "m" before it is no metre: "4.5m euros"."""
    following = _NEXT.match(text, at)
    return following is not None and following.group(1).casefold().rstrip(".") in known.mapping("numbers", "currencies")


def _unit(text: str, end: int, currency: str, known: Pack) -> tuple[str | None, int]:
    """The unit and the new end; None for a figure that is part of a word ("5G")."""
    if currency:
        return currency, end
    if end < len(text) and text[end] in _CURRENCY_SIGNS:
        return _CURRENCY_SIGNS[text[end]], end + 1
    for form in _percent(known.code):
        stretch = form.match(text, end)
        if stretch is not None:
            return "%", stretch.end()
    following = _NEXT.match(text, end)
    if following is None:
        return "", end
    word = following.group(1).casefold().rstrip(".")
    if following.start(1) == end and end > 0 and text[end - 1].isdigit():
        if word in known.words("numbers", "ordinal_suffixes"):
            return "ordinal", end + len(word)
        if _is_wide(word[0]):
            return word[0], end
        return (word, following.end(1)) if len(word) <= 4 and following.group(1).islower() else (None, end)
    currencies = known.mapping("numbers", "currencies")
    if word in currencies:
        return str(currencies[word]), following.start(1) + len(word)
    return word, end


@cache
def _percent(code: str) -> tuple[re.Pattern[str], ...]:
    forms = pack(code).words("numbers", "percent") or ("%",)
    return tuple(re.compile(rf"[\s\u00a0-]?{re.escape(form)}(?!\w)", re.IGNORECASE) for form in forms)


def _rounding(text: str, start: int, known: Pack) -> str:
    before = text[max(0, start - 24) : start].casefold().rstrip(f"{_SPACES}-")
    forms = [form for form in known.words("numbers", "approximate") if before.endswith(form)]
    whole = [form for form in forms if not before[: -len(form)][-1:].isalpha()]
    return max(whole, key=len, default="")


def _is_wide(character: str) -> bool:
    """Whether a character is of a script written without spaces, so that a figure may touch it."""
    return "\u0e00" <= character <= "\u0e7f" or "\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af"


@cache
def _separators(code: str) -> tuple[str, str]:
    """The decimal and the group separator of a language; point and comma where it is unknown."""
    try:
        locale = Locale.parse(code or "en")
    except (UnknownLocaleError, ValueError):
        return ".", ","
    return str(get_decimal_symbol(locale)), str(get_group_symbol(locale))


def parse_figures(figures: str, code: str = "en") -> Decimal | None:
    """The value of a figure with the separators of a language; "1,270" is 1270 in English and 1.27 in German.

    A separator that repeats, or that stands before another one, groups, whatever the language. None for a chain that
    is no number, such as "2.0.14".
    """
    digits = unicodedata.normalize("NFKC", figures)
    if len(digits) > _MAX_DIGITS:
        return None
    for mark in ("'", "’", *_SPACES):
        digits = digits.replace(mark, "")
    if "٫" in digits or "٬" in digits:  # the Arabic marks say themselves what they are
        digits, code = digits.replace(".", "٬").replace(",", "٬").replace("٬", "").replace("٫", "."), "en"
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        decimal = max(".", ",", key=digits.rfind)
    elif points + commas == 1:
        decimal = _lone_separator(digits, code)
    else:
        decimal = ""
    grouping = [mark for mark in ".," if mark != decimal and mark in digits]
    if any(not _groups_well(digits.split(decimal)[0] if decimal else digits, mark) for mark in grouping):
        return None
    for mark in grouping:
        digits = digits.replace(mark, "")
    try:
        return Decimal(digits.replace(decimal, ".") if decimal else digits)
    except InvalidOperation:
        return None


def _lone_separator(digits: str, code: str) -> str:
    mark = "." if "." in digits else ","
    head, tail = digits.split(mark)
    decimal, _ = _separators(code)
    if mark == decimal or len(tail) != 3 or head in {"", "0"}:
        return mark
    return ""


def _groups_well(whole: str, mark: str) -> bool:
    return all(len(group) == 3 for group in whole.split(mark)[1:])


def _plain(value: Decimal) -> str:
    text = format(value.normalize(), "f")
    return text if text != "-0" else "0"


def _in_words(text: str, known: Pack) -> Iterator[Fact]:
    word = _PART if known.numbers.get("hyphens_split", False) else _WORD
    parts = word.split(text)  # what stands before the first word, that word, what stands before the next, …
    words, gaps = parts[1::2], parts[::2]
    places = list(accumulate(map(len, parts), initial=0))
    excluded = set(known.words("numbers", "words_not_numbers"))
    for first, last, value, ordinal in _spelled(words, gaps, known):
        span = Span(places[2 * first + 1], places[2 * last])
        written = text[span.start : span.end].casefold()
        if written in excluded or not _counts(written, words[first - 1] if first else "", known):
            continue
        if ordinal:
            yield Fact("number", text[span.start : span.end], span, _plain(value), "ordinal")
            continue
        span, value = _with_halves(text, span, value, known)
        fact = _finished(text, span, value, "", known)
        if fact is not None:
            yield fact


def _counts(written: str, previous: str, known: Pack) -> bool:
    """Whether a lone scale word has its article: "a million" and "a dozen" are numbers, "several million", "several
    dozen" and "hundreds" are not."""
    articles = known.words("numbers", "scale_articles")
    first = written.split()[0]
    if first in known.words("numbers", "collective"):
        return False
    scale = first in known.mapping("numbers", "scales") or first in known.words("numbers", "multiples")
    return not articles or not scale or previous.casefold() in articles


def _with_halves(text: str, span: Span, value: Decimal, known: Pack) -> tuple[Span, Decimal]:
    start, end = span
    for form, share in known.mapping("numbers", "halves_before").items():
        head = text[max(0, start - len(form) - 1) : start].casefold()
        if head.rstrip().endswith(form):
            return Span(start - len(head) + head.rfind(form), end), value * Decimal(str(share))
    for form, share in known.mapping("numbers", "halves_after").items():
        if text[end : end + len(form) + 1].casefold() == " " + form:
            return Span(start, end + len(form) + 1), value + Decimal(str(share))
    return span, value


def _spelled(written: list[str], between: list[str], known: Pack) -> list[tuple[int, int, Decimal, bool]]:
    """First word, last word, value and whether ordinal, of each number in words; between: what parts the words."""
    words = [word.casefold() for word in written]
    parts = {gap: gap.strip(" -‐\n\u00a0") != "" for gap in between}
    gaps = [True, *(parts[gap] for gap in between[1:-1])][: len(words)]
    found = _by_table(words, gaps, known)
    places = _about_numbers(words, known.code) if known.code in _SPELLED else []
    # A stretch that is left out parts what stands around it.
    tokens = [_Token(words[at], gaps[at] or at - 1 != before) for before, at in pairwise([-2, *places])]
    if tokens:
        for hit in find_numbers(tokens, known.code, threshold=0.0):
            span = places[hit.start], places[hit.end - 1] + 1
            found.append((*span, Decimal(str(hit.value)), bool(hit.is_ordinal)))
    return _multiplied(sorted(found), words, gaps, known)


def _multiplied(
    found: list[tuple[int, int, Decimal, bool]], words: list[str], gaps: list[bool], known: Pack
) -> list[tuple[int, int, Decimal, bool]]:
    """The numbers with a count and the word that it multiplies as one: "two dozen"."""
    multiples = known.words("numbers", "multiples")
    told: list[tuple[int, int, Decimal, bool]] = []
    for first, last, value, ordinal in found:
        count = told[-1] if told else None
        if count is not None and count[1] == first and not gaps[first] and words[first] in multiples and not count[3]:
            told[-1] = count[0], last, count[2] * value, False
        else:
            told.append((first, last, value, ordinal))
    return told


def _about_numbers(words: list[str], code: str) -> list[int]:
    """The places of the words that are numbers by themselves, and of the few words around each of them."""
    telling = {word for word in set(words) if _is_number(word, code)}
    if not telling:
        return []
    hits = (at for at, word in enumerate(words) if word in telling)
    return sorted({near for at in hits for near in range(max(0, at - _AROUND), min(len(words), at + _AROUND + 1))})


@lru_cache(_WORDS)
def _is_number(word: str, code: str) -> bool:
    return bool(find_numbers([_Token(word, True)], code, threshold=0.0))


def _by_table(words: list[str], gaps: list[bool], known: Pack) -> list[tuple[int, int, Decimal, bool]]:
    """Numbers by the plain word table of the data file: values add up, scales multiply."""
    table = known.mapping("numbers", "extra")
    if table.keys().isdisjoint(words):
        return []
    scales = {**known.mapping("numbers", "scales")} if known.code not in _SPELLED else {}
    found = []
    at = 0
    while at < len(words):
        if words[at] not in table:
            at += 1
            continue
        first, total, current = at, 0, 0
        while at < len(words) and (at == first or not gaps[at]) and (words[at] in table or words[at] in scales):
            if words[at] in table:
                current += int(table[words[at]])
            else:
                total, current = total + max(1, current) * int(scales[words[at]]), 0
            at += 1
        found.append((first, at, Decimal(total + current), False))
    return found
