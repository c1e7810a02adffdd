"""Stories built in code, whose drawings are compared with files."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from lineage.records import (
    Change,
    Derivation,
    Edge,
    Fate,
    Headline,
    Kept,
    Mention,
    Named,
    Posited,
    Reframing,
    Relation,
    Rival,
    Root,
    Span,
    Story,
)

NOTHING_COUNTED = Fate()


def head(id: str, source: str, title: str, published: str = "", lang: str = "en", words: int = 300) -> Headline:
    if not published:
        return Headline(id, title, source, lang=lang, words=words)
    earliest = datetime.fromisoformat(published).astimezone(UTC).isoformat()
    return Headline(id, title, source, published, earliest, "minute" if "T" in published else "day", lang, words)


def edge(
    parent: str, child: str, probability: float, relation: Relation, fate: Fate = NOTHING_COUNTED, *changes: Change
) -> Edge:
    told = Reframing(changes, fate, "One number changed." if changes else "")
    return Edge(parent, child, probability, True, 0.9, relation, reframing=told)


def either(a: str, b: str, probability: float, relation: Relation) -> Edge:
    return Edge(a, b, probability, False, 0.55, relation)


def story(
    heads: list[Headline],
    edges: list[Edge],
    roots: tuple[Root, ...] = (),
    posited: tuple[Posited, ...] = (),
    named: tuple[Named, ...] = (),
) -> Story:
    ids = tuple(sorted(head.id for head in heads))
    ordered = tuple(sorted(edges, key=lambda edge: (edge.parent, edge.child)))
    return Story("s", ids, Derivation(ids, roots, posited, named, ordered), tuple(heads))


def chain() -> Story:
    """Wire to paper to blog, with changes of several kinds and a rival."""
    heads = [
        head("wire", "Harbour Wire", "Third-year student held after posting a video about dormitory conditions",
             "2024-03-03T09:10+03:00"),
        head("paper", "The Daily Courier", "Student held over dormitory video", "2024-03-03T11:45+03:00"),
        head("blog", "", "“They came for the students”: inside the crackdown", "2024-03-04", words=900),
    ]  # fmt: skip
    fate = Fate(6, 3, 4, 2, Kept(3, 4), Kept(6, 6), Kept(2, 5), Kept(2, 3), Kept(1, 5))
    changes = (
        Change("number", "third year", "fourth year"),
        Change("quote_dropped", "“We are cooperating fully with the investigators,” the rector said", ""),
        Change("headline", "Third-year student held", "Student held"),
        Change("attribution", "the rector's office said on Monday", "witnesses at the scene said"),
        Change("hedge_dropped", "reportedly", ""),
    )
    last = edge("paper", "blog", 0.62, "expanded", Fate(4, 0, 0, 9), Change("fact_added", "", "A year of protests"))
    last = Edge(last.parent, last.child, 0.62, True, 0.8, "expanded", rivals=(Rival("wire", 0.21), Rival("", 0.1)),
                reframing=last.reframing)  # fmt: skip
    return story(heads, [edge("wire", "paper", 0.87, "rewrite", fate, *changes), last], (Root("wire", 0.91),))


def merge() -> Story:
    """Two papers from a posited source, a third from both, a ministry and an agency named."""
    heads = [
        head("a", "Kurier", "Minister: deficit will reach 4.2 billion", "2024-03-03T09:10+01:00", "de"),
        head("b", "Globe", "Deficit of 4.2bn looms, minister warns", "2024-03-03T09:20+00:00"),
        head("c", "Echo", "Budget gap: who pays?", "2024-03-03T22:10+01:00"),
        head("d", "Lonely", "Nothing to do with it", "2024-03-03T22:10+01:00"),
    ]
    edges = [
        edge("posited:1", "a", 0.71, "rewrite"),
        edge("posited:1", "b", 0.66, "light edit"),
        edge("a", "c", 0.81, "abridged", Fate(3, 1, 5, 0)),
        edge("b", "c", 0.44, "partial", Fate(1, 1, 7, 0)),
        edge("named:agency", "b", 0.52, "partial"),
    ]
    named = (
        Named("named:agency", "Harbour Wire", (Mention("b", Span(3, 9)),)),
        Named("named:ministry", "Ministry of Finance", (Mention("a", Span(0, 8)), Mention("c", Span(4, 12)))),
    )
    posited = (Posited("posited:1", 0.6, "2 quotations shared by Kurier and Globe, in no earlier article"),)
    return story(heads, edges, (Root("a", 0.4), Root("b", 0.35)), posited, named)


def undirected() -> Story:
    """Two articles of which one is from the other, either way."""
    heads = [head("x", "Post", "Budget gap", "2024-03-03T22:00+01:00"), head("y", "Echo", "Budget gap, again")]
    return story(heads, [either("x", "y", 0.7, "light edit")])


def hostile() -> Story:
    """Text that would be markup, escapes, ports, reordering or a tower, were it let through."""
    heads = [
        head('<b>&"\\N', "</td></table>> ]; evil", '"]; node [label="owned"] <script>alert(1)</script> &amp; \\l \\G'),
        head("posited:1", "gpj\u202eexe\u2066.\x00\x07", "Z" + "\u0301" * 40 + "algo\n\nand " + "w" * 200),
        head("-1e5", "<<b>>", ""),
        head(
            "node", "'quoted' \"twice\"", "財務相「来年の赤字は42億に達する」と警告、野党は反発を強めている", "", "ja"
        ),
        head("ключ", "الأهرام", "وزير المالية يحذر من عجز بقيمة 4.2 مليار دولار", "", "ar"),
    ]
    change = Change("name", "<i>Ivan</i> & Söhne", "x" * 90)
    edges = [
        edge('<b>&"\\N', "posited:1", 0.9, "rewrite", Fate(1, 1, 1, 1), change),
        edge("posited:1", "-1e5", 0.999, "copy", Fate(4)),
        edge("-1e5", "node", 0.001, "partial"),
        edge("node", "ключ", 0.5, "light edit"),
    ]
    edges.append(edge("posited:<", "ключ", 0.002, "copy"))
    posited = (Posited("posited:<", 0.001, "</td> & \\N \u202e"),)
    named = (Named("named:>", "</b> \\G & Söhne", (Mention("node", Span(0, 1)),)),)
    return story(heads, edges, (Root('<b>&"\\N', 0.9),), posited, named)


def copies() -> Story:
    """A wire report printed as it is by twelve papers, and rewritten by one."""
    papers = [f"p{number:02d}" for number in range(1, 13)]
    heads = [head("wire", "Harbour Wire", "Ferry runs aground", "2024-03-03T09:10+00:00")]
    heads += [head(paper, f"Paper {paper[1:]}", "Ferry runs aground", "2024-03-03T10:00+00:00") for paper in papers]
    heads.append(head("own", "Own Voice", "Ferry grounding: what we know", "2024-03-03T12:00+00:00"))
    edges = [edge("wire", paper, 0.98, "copy", Fate(8)) for paper in papers]
    edges.append(edge("wire", "own", 0.8, "rewrite", Fate(2, 5, 1, 4)))
    return story(heads, edges, (Root("wire", 0.97),))


def crowd(number: int) -> Story:
    """Each article from the one at half its position: a broad and shallow story."""
    relations: tuple[Relation, ...] = ("light edit", "rewrite", "abridged", "expanded", "partial")
    heads = [
        head(f"n{at:03d}", f"Outlet {at}", f"Headline number {at} of a long story about a ferry",
             f"2024-03-{1 + at // 24:02d}T{at % 24:02d}:00+00:00")
        for at in range(number)
    ]  # fmt: skip
    edges = [
        edge(
            f"n{at // 2:03d}", f"n{at:03d}", 0.4 + at % 6 / 10, relations[at % 5], Fate(at % 7, at % 3, at % 5, at % 4)
        )
        for at in range(1, number)
    ]
    return story(heads, edges, (Root("n000", 0.9),))


STORIES: dict[str, Callable[[], Story]] = {
    "chain": chain,
    "merge": merge,
    "undirected": undirected,
    "hostile": hostile,
    "copies": copies,
    "compact": lambda: crowd(20),
    "row": lambda: crowd(64),
}


@pytest.fixture(scope="session")
def built() -> Callable[[str], Story]:
    """The story of a name."""
    return lambda name: STORIES[name]()
