"""Agencies and outlets that a text cites as its source."""

import re
import unicodedata
from functools import cache

from lineage.facts.vocabulary import beginnings, found_at, may_hold, openings
from lineage.language import Pack, media, pack
from lineage.records import Span

_DATELINE = re.compile(r"^[^\n]{0,60}?\((?P<name>[^()\n]{2,40})\)\s*[-–—]", re.MULTILINE)
_RUN = r"[^\W\d_a-zß-ÿа-яё][\w’'-]*(?:\s+[^\W\d_a-zß-ÿа-яё][\w’'-]*){0,3}"
_NAMED_BEHIND = re.compile(r",?\s+[\"“«„]?[^\W\d_a-zа-яё]")


def named_sources(text: str, lang: str = "") -> tuple[tuple[str, Span], ...]:
    """The agencies, outlets and "media" that a text names as where it has something from, in order of mention.

    Each is a canonical key, `named:` and a slug that is one for all spellings and scripts of a known outlet, with the
    span of its name. Persons are not sources here: an analyst quoted is an attribution. A known outlet counts only
    beside a sign of citing (a verb of reporting, "according to", a dateline); an unknown one only beside a word that
    says it is an outlet.
    """
    known = pack(lang)
    found: dict[Span, str] = {}
    for finder in (_datelines, _known_media, _cued, _opened):
        _add(found, finder(text, known))
    _add(found, _again(text, dict(found)))
    _add(found, _generic(text, known))
    return tuple((f"named:{key}", span) for span, key in sorted(found.items()))


def _add(found: dict[Span, str], more: list[tuple[Span, str]]) -> None:
    """Take in what touches nothing found before."""
    for span, key in more:
        if all(span.end <= taken.start or taken.end <= span.start for taken in found):
            found[span] = key


def source_key(name: str) -> str:
    """The canonical slug of an outlet's name: the known key where there is one, else its letters and digits."""
    folded = _fold(name)
    return _forms().get(folded) or _slug(folded)


def _fold(name: str) -> str:
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(words)


def _slug(folded: str) -> str:
    plain = unicodedata.normalize("NFKD", folded)
    return re.sub(r"[^\w]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


@cache
def _forms() -> dict[str, str]:
    return {_fold(form): key for key, forms in media().items() for form in forms}


@cache
def _any_media() -> re.Pattern[str]:
    forms = sorted((form for forms in media().values() for form in forms), key=len, reverse=True)
    insensitive = (rf"(?i:{_loose(form)})" if " " in form else _loose(form) for form in forms)
    return re.compile(rf"(?<!\w)(?:{'|'.join(insensitive)})(?!\w)")


@cache
def _media_words() -> frozenset[str]:
    return openings(form for forms in media().values() for form in forms)


def _loose(form: str) -> str:
    return r"[\s-]+".join(re.escape(part) for part in form.split())


def _alternatives(phrases: tuple[str, ...]) -> str:
    return "|".join(r"\s+".join(map(re.escape, p.split())) for p in sorted(phrases, key=len, reverse=True)) or "(?!)"


def _datelines(text: str, known: Pack) -> list[tuple[Span, str]]:
    """ "KYIV, Aug. 22 (Reuters) -" at the head of a paragraph."""
    return [
        (Span(*match.span("name")), source_key(match["name"]))
        for match in _DATELINE.finditer(text)
        if match["name"][0].isupper() or _fold(match["name"]) in _forms()
    ]


@cache
def _beside(code: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before and after a cited outlet."""
    known = pack(code)
    determiner = "|".join(map(re.escape, known.words("attribution", "determiners"))) or "(?!)"
    cue = _alternatives(known.words("sources", "cues"))
    filler = rf"(?:(?:{determiner}|{cue}|\w+['’]s?|[\w-]+)[\s,]+){{0,4}}?"
    told_by = _alternatives(known.words("sources", "before"))
    # Before the name may stand an elided article ("selon l'AFP") or an opening mark (агентство «Новости»).
    lead = r"(?:\w['’])?[\"“«„]?"
    before = re.compile(rf"(?:\b(?:{told_by})\s+{filler}|\b(?:{cue}),?\s+){lead}$", re.IGNORECASE)
    verbs = _alternatives(known.words("sources", "verbs"))
    staff = _alternatives(known.words("sources", "staff"))
    after = re.compile(
        rf"[\"”»]?(?:['’]s)?(?:,?\s+(?:{cue}))?(?:\s+(?:{staff}))?,?\s+(?:\w+\s+){{0,1}}?(?:{verbs})\b"
        rf"|(?:['’]s)?\s+(?:{staff}|{cue})\b",
        re.IGNORECASE,
    )
    return before, after


def _known_media(text: str, known: Pack) -> list[tuple[Span, str]]:
    before, after = _beside(known.code)
    found = []
    for match in found_at(beginnings(text, _media_words()), _any_media(), text):
        head = text[max(0, match.start() - 80) : match.start()].rsplit("\n", 1)[-1]
        cited = before.search(re.split(r"[.!?]\s", head)[-1]) or after.match(text, match.end())
        if cited is not None or _in_brackets(text, match):
            found.append((Span(*match.span()), source_key(match.group())))
    return found


def _in_brackets(text: str, match: re.Match[str]) -> bool:
    return text[match.start() - 1 : match.start()] == "(" and text[match.end() : match.end() + 1] == ")"


@cache
def _openings(code: str, name: str) -> frozenset[str]:
    """The words that the phrases of a list begin with."""
    return openings(pack(code).words("sources", name))


@cache
def _cue_patterns(code: str) -> tuple[re.Pattern[str], ...]:
    cue = _alternatives(pack(code).words("sources", "cues"))
    staff = _alternatives(pack(code).words("sources", "staff"))
    verbs = _alternatives(pack(code).words("sources", "verbs"))
    return (
        re.compile(rf"\b(?i:{cue}),?\s+[\"“«„]?(?P<name>{_RUN})"),
        re.compile(
            rf"(?P<name>{_RUN}),?[\"”»]?\s+(?i:(?:a|an|the|der|die|l['’])?\s*(?:\w+\s+){{0,2}}?(?:{cue}))\b[,\s]"
        ),
        re.compile(rf"\b(?i:told|to)\s+(?P<name>{_RUN})\s+(?i:{staff})\b"),
        re.compile(rf"(?P<name>{_RUN})\s+(?i:{staff})\s+(?i:{verbs})\b"),
    )


def _cued(text: str, known: Pack) -> list[tuple[Span, str]]:
    """A name beside a word that says it is an outlet: "the state news agency DTA", "the Harrow Echo newspaper"."""
    found = []
    citing = {*known.words("attribution", "according"), *known.words("attribution", "participles")}
    citing |= {*known.mapping("dates", "weekdays"), *known.mapping("dates", "months")}
    cues, staff = (_openings(known.code, name) for name in ("cues", "staff"))
    patterns = _cue_patterns(known.code)
    for pattern, turns_on in zip(patterns, (cues, cues, staff, staff), strict=True):
        for match in pattern.finditer(text) if may_hold(text, turns_on) else ():
            span = _without_article(text, Span(*match.span("name")), known)
            written = text[span.start : span.end]
            described = " " not in written and re.match(r"\s+\w", text[span.end :]) is not None
            if described and pattern is not patterns[0] and _fold(written) not in _forms():
                continue  # "Russian newspaper": one word right before the kind is mostly an adjective
            if written and written.casefold() not in citing:
                found.append((span, source_key(written)))
    return found


def _opened(text: str, known: Pack) -> list[tuple[Span, str]]:
    """A name behind "the agency", where it is cited."""
    _, after = _beside(known.code)
    found = found_at(beginnings(text, _openings(known.code, "openings")), _opening_pattern(known.code), text)
    spans = (_without_article(text, Span(*match.span("name")), known) for match in found)
    return [
        (span, source_key(text[slice(*span)]))
        for span in spans
        if span.start < span.end and after.match(text, span.end) and not _is_titled(text[slice(*span)], known)
    ]


@cache
def _opening_pattern(code: str) -> re.Pattern[str]:
    opening = _alternatives(pack(code).words("sources", "openings"))
    return re.compile(rf"\b(?i:{opening})\s+[\"“«„]?(?P<name>{_RUN})")


def _is_titled(name: str, known: Pack) -> bool:
    return name.split()[0].casefold() in known.words("names", "titles")


def _again(text: str, found: dict[Span, str]) -> list[tuple[Span, str]]:
    """Bare mentions of the unknown outlets that the text has introduced."""
    told: list[tuple[Span, str]] = []
    for span, key in found.items():
        name = text[slice(*span)]
        if name[0].isupper() and _fold(name) not in _forms():
            places = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
            told += [(Span(*place.span()), key) for place in places if place.start() > span.start]
    return told


def _without_article(text: str, span: Span, known: Pack) -> Span:
    """The name without a capitalised function word or possessive in front of it."""
    start, end = span
    for match in re.finditer(r"\S+\s*", text[start:end]):
        word = re.sub(r"['’]s$", "", match.group().strip())
        if word.casefold() not in known.stopwords and word == match.group().strip():
            break
        start = span.start + match.end()
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(min(start, end), end)


def _generic(text: str, known: Pack) -> list[tuple[Span, str]]:
    """Media cited without a name: "local media"; its key is the phrase."""
    before, after = _beside(known.code)
    found = []
    for match in found_at(beginnings(text, _openings(known.code, "generic")), _generic_pattern(known.code), text):
        head = re.split(r"[.!?]\s", text[max(0, match.start() - 80) : match.start()].rsplit("\n", 1)[-1])[-1]
        if _NAMED_BEHIND.match(text, match.end()) is not None:
            continue
        if before.search(head) is not None or after.match(text, match.end()) is not None:
            found.append((Span(*match.span()), _slug(_fold(match.group()))))
    return found


@cache
def _generic_pattern(code: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_alternatives(pack(code).words('sources', 'generic'))})\b", re.IGNORECASE)
