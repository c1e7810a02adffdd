"""The whole story in one paragraph of plain English, made from its derivation and the lives of its facts."""

from collections.abc import Iterable, Mapping, Sequence

from lineage.records import Derivation, Edge, Headline, Life, Root, called
from lineage.reframe.summary import number

_TOLD = 3
_LONGEST = 60
_LIKELY = 0.5


def paragraph(derivation: Derivation, headlines: Sequence[Headline], lives: Sequence[Life]) -> str:
    """How many articles, where they probably come from, what was altered and by whom, what was lost on the way.

    An article is called by its outlet, its headline or its id. Probable things are called probable.
    """
    names = called(derivation.articles, headlines)
    count = len(derivation.articles)
    told = [f"{number(count).capitalize()} article{'' if count == 1 else 's'}."]
    told += _origins(derivation, names)
    # Who reworded a quotation is said of quotations.
    altered = [life for life in lives if life.origin and life.kind != "quote"]
    told += [_alteration(life, lives, names) for life in altered[:_TOLD]]
    if len(altered) > _TOLD:
        more = len(altered) - _TOLD
        told.append(f"{number(more).capitalize()} more figure{'' if more == 1 else 's'} or names were altered.")
    told += _doubts(lives, names)
    told += _quotations(lives, names)
    told += _cuts(derivation.edges, names)
    return " ".join(told)


def _listed(ids: Iterable[str], names: Mapping[str, str], link: str = "and") -> str:
    words = [names.get(id, id) for id in ids]
    if len(words) > _TOLD + 1:
        words = [*words[:_TOLD], f"{number(len(words) - _TOLD)} others"]
    return f" {link} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _origins(derivation: Derivation, names: Mapping[str, str]) -> list[str]:
    told = []
    roots = sorted(derivation.roots, key=_by_chance)
    sure = [root.article for root in roots if root.probability >= _LIKELY]
    if len(sure) == 1 and not derivation.posited and derivation.groups <= 1:
        told.append(f"{names.get(sure[0], sure[0])} is probably the origin.")
    elif sure:
        told.append(f"{_listed(sure, names)} probably ha{'s' if len(sure) == 1 else 've'} no source among them.")
    elif roots:
        told.append(f"Which came first is undetermined; {names.get(roots[0].article, roots[0].article)} is likeliest.")
    for posited in derivation.posited[:1]:
        heirs = sorted({edge.child for edge in derivation.edges if edge.parent == posited.id})
        if heirs:
            told.append(f"A lost source probably stands behind {_listed(heirs, names)}.")
    open_links = [edge for edge in derivation.edges if not edge.directed]
    if open_links:
        some = "one link" if len(open_links) == 1 else f"{number(len(open_links))} links"
        told.append(f"For {some} the direction is open.")
    return told


def _by_chance(root: Root) -> tuple[float, str]:
    return -root.probability, root.article


def _alteration(life: Life, lives: Sequence[Life], names: Mapping[str, str]) -> str:
    """ "Herald turned 18,400 into 14,800; Mirror inherited it; Radio kept 18,400." """
    makers, heirs = life.at("born", "held"), life.at("inherited")
    both = "both " if len(makers) == 2 else "all " if len(makers) > 2 else ""
    clauses = [f"{_listed(makers, names)} {both}turned {_cut(life.origin)} into {_cut(life.fact)}"]
    if heirs:
        clauses.append(f"{_listed(heirs, names)} inherited it")
    kept = [
        other.at("inherited")
        for other in lives
        if other.kind == life.kind and set(makers) & set(other.at("altered")) and _cut(other.fact) == _cut(life.origin)
    ]
    if kept and kept[0]:
        clauses.append(f"{_listed(kept[0], names)} kept {_cut(life.origin)}")
    return "; ".join(clauses) + "."


def _doubts(lives: Sequence[Life], names: Mapping[str, str]) -> list[str]:
    """Which article first dropped a hedge, each article once."""
    found: dict[str, list[str]] = {}
    for life in lives:
        if life.kind == "hedge":
            for id in life.at("dropped")[:1]:
                found.setdefault(id, []).append(f"“{life.fact}”")
    return [
        f"{names.get(id, id)} dropped the hedge{'' if len(words) == 1 else 's'} {', '.join(words[:_TOLD])}."
        for id, words in list(found.items())[:_TOLD]
    ]


def _quotations(lives: Sequence[Life], names: Mapping[str, str]) -> list[str]:
    """Who reworded between quotation marks, and how far the first quotations came."""
    quotes = [life for life in lives if life.kind == "quote"]
    reworded = [(life.at("altered"), life) for life in quotes if life.at("altered")]
    told = [f"{_listed(ids, names)} reworded the quotation “{_cut(life.fact)}”." for ids, life in reworded]
    last = [life for life in quotes if life.at("indirect", "dropped")]
    if quotes and len(last) == len(quotes) > 1:
        none = "Neither of the two" if len(quotes) == 2 else f"None of the {number(len(quotes))}"
        told.append(f"{none} quotations stands in every article.")
    return told[:_TOLD]


def _cuts(edges: Sequence[Edge], names: Mapping[str, str]) -> list[str]:
    """The article that leaves out most of its parent, where that is more than half."""
    shares = []
    for edge in edges:
        fate = edge.reframing.fate
        whole = fate.kept + fate.changed + fate.dropped
        if edge.directed and whole and 2 * fate.dropped > whole:
            shares.append((-fate.dropped / whole, edge.child, fate.dropped, whole))
    if not shares:
        return []
    _, child, dropped, whole = min(shares)
    return [f"{names.get(child, child)} leaves out {number(dropped)} of {number(whole)} sentences."]


def _cut(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1].rsplit(" ", 1)[0] + " …"
