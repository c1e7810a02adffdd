"""The life of a fact: who bore it, inherited it, altered it, dropped it; on stories whose derivation is known."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lineage.records import Article, Derivation, Edge, Headline, Life, LifeKind, Posited, Root
from lineage.reframe import lives, paragraph, reframing

CORPUS = Path(__file__).resolve().parents[2] / "corpus"


def told(story: str) -> tuple[Derivation, dict[str, Article], tuple[Life, ...]]:
    """A story of the corpus with its true derivation."""
    lines = (CORPUS / story / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    articles = {
        row["id"]: Article(row["id"], row["text"], title=row.get("title", ""), lang=row.get("lang", "")) for row in rows
    }
    gold = [json.loads(line) for line in (CORPUS / "derivation.gold.jsonl").read_text(encoding="utf-8").splitlines()]
    links = [(p, row["id"]) for row in gold if row["id"] in articles for p in row["parents"] if p in articles]
    return followed(articles, links)


def followed(
    articles: dict[str, Article], links: list[tuple[str, str]], directed: bool = True
) -> tuple[Derivation, dict[str, Article], tuple[Life, ...]]:
    edges = tuple(Edge(p, c, 0.9, directed, 0.9, "rewrite") for p, c in sorted(links))
    roots = tuple(Root(id, 0.9) for id in sorted(set(articles) - {c for _, c in links}))
    derivation = Derivation(tuple(sorted(articles)), roots, edges=edges)
    accounts = {(p, c): reframing(articles[p], articles[c]) for p, c in links}
    derivation = derivation.with_reframings(accounts)
    return derivation, articles, lives(derivation, articles, accounts)


def life(found: tuple[Life, ...], kind: LifeKind, fact: str) -> Life:
    return next(life for life in found if life.kind == kind and fact in life.fact)


def test_an_altered_number_is_born_where_it_was_altered_and_inherited_from_there() -> None:
    _, _, found = told("slip")
    wrong, true = life(found, "number", "4.2 billion"), life(found, "number", "2.4 billion")
    assert wrong.origin == "2.4 billion crowns"
    assert wrong.at("born") == ("slip-evening",)
    assert set(wrong.at("inherited")) == {"slip-metro", "slip-harbour"}
    assert true.at("born") == ("slip-ledger",)
    assert true.at("altered") == ("slip-evening",)
    assert true.at("inherited") == ("slip-monitor",)


def test_the_first_to_drop_a_hedge_is_named() -> None:
    _, _, found = told("cable")
    assert life(found, "hedge", "may have").at("dropped") == ("cable-sentinel",)
    assert life(found, "number", "14,800").at("inherited") == ("cable-mirror",)
    assert "cable-herald" in life(found, "quote", "We lost the main cable").at("indirect")


@pytest.mark.parametrize("story", sorted(path.name for path in CORPUS.iterdir() if (path / "articles.jsonl").is_file()))
def test_lives_are_exact_and_in_order(story: str) -> None:
    """Every station shows its wording at its place, after those it was had from; one station an article."""
    _, articles, found = told(story)
    for one in found:
        places = [station.article for station in one.stations]
        assert len(places) == len(set(places))
        for at, station in enumerate(one.stations):
            assert set(station.parents) <= set(places[:at])
            assert bool(station.parents) == (station.event not in {"born", "held"})
            if station.span is not None:
                assert articles[station.article].text[slice(*station.span)] == station.text
        assert one.stations[0].event in {"born", "held"}


def test_copies_pass_everything_on() -> None:
    text = (CORPUS / "slip" / "articles.jsonl").read_text(encoding="utf-8").splitlines()[2]
    articles = {id: Article(id, json.loads(text)["text"], lang="en") for id in "abc"}
    _, _, found = followed(articles, [("a", "b"), ("b", "c")])
    assert found
    assert all(one.at("born") == ("a",) and one.at("inherited") == ("b", "c") for one in found)


def test_an_open_direction_bears_nothing() -> None:
    """Behind an undirected edge nobody is said to have been first."""
    articles = {id: Article(id, "The dam holds 4,270 litres, the mayor said in 1987.", lang="en") for id in "ab"}
    _, _, found = followed(articles, [("a", "b")], directed=False)
    assert {station.event for one in found for station in one.stations} == {"held"}


def test_a_posited_parent_leaves_the_birth_open() -> None:
    articles = {id: Article(id, "The dam holds 4,270 litres, the mayor said in 1987.", lang="en") for id in "ab"}
    source = Posited("posited:1", 0.7, "shared wording")
    edges = tuple(Edge("posited:1", id, 0.7, True, 0.8, "rewrite") for id in "ab")
    derivation = Derivation(("a", "b"), posited=(source,), edges=edges)
    assert all("born" not in {s.event for s in one.stations} for one in lives(derivation, articles, {}))


def test_the_order_of_edges_makes_no_difference() -> None:
    derivation, articles, found = told("cable")
    accounts = {(edge.parent, edge.child): edge.reframing for edge in derivation.edges}
    turned = Derivation(derivation.articles, derivation.roots, edges=derivation.edges[::-1])
    backwards = dict(reversed(list(articles.items())))
    assert lives(turned, backwards, dict(reversed(list(accounts.items())))) == found


def test_the_paragraph_says_who_altered_what() -> None:
    derivation, _, found = told("slip")
    outlets = {"slip-ledger": "The Ledger", "slip-evening": "Evening Standpoint"}
    headlines = tuple(Headline(id, source=outlets.get(id, "")) for id in derivation.articles)
    said = paragraph(derivation, headlines, found)
    assert said.startswith("Five articles. The Ledger is probably the origin. Evening Standpoint turned 2.4 billion")
    assert "slip-monitor kept 2.4 billion crowns." in said
    assert said == paragraph(derivation, headlines, found)


def test_two_articles_with_the_same_new_error_share_its_life() -> None:
    """The same figure altered in the same way twice is one fact with two births."""
    text = "The port owes {} crowns to three funds, the auditors said in a report on Tuesday."
    articles = {
        id: Article(id, text.format(sum), lang="en")
        for id, sum in zip("abc", ("2.4 billion", *2 * ["4.2 billion"]), strict=True)
    }
    _, _, found = followed(articles, [("a", "b"), ("a", "c")])
    assert life(found, "number", "4.2 billion").at("born") == ("b", "c")


def test_the_paragraph_says_once_and_between_marks_that_a_quotation_was_reworded() -> None:
    lead = "Beekeepers in Sandermark asked for a ban on spraying at night. "
    texts = {
        "a": lead + '"The dew takes the poison in, and in the morning the bees drink it," Magda Teller said.',
        "b": lead + '"The dew takes the venom in, and in the morning the bees drink it," Magda Teller said.',
    }
    derivation, _, found = followed({id: Article(id, text) for id, text in texts.items()}, [("a", "b")])
    assert life(found, "quote", "The dew takes").at("altered") == ("b",)
    said = paragraph(derivation, [], found)
    assert said.count("The dew takes the poison") == 1
    assert "b reworded the quotation “The dew takes the poison in" in said


def test_two_quotations_are_neither_not_none() -> None:
    derivation, articles, found = told("cable")
    said = paragraph(derivation, [Headline.of(article) for article in articles.values()], found)
    assert "Neither of the two quotations stands in every article." in said


def test_no_article_is_the_origin_of_two_groups() -> None:
    """What the drawing says of two groups without a common origin, the paragraph does not deny."""
    edges = (Edge("a", "b", 0.9, True, 0.9, "rewrite"), Edge("c", "d", 0.6, False, 0.5, "copy"))
    apart = Derivation(("a", "b", "c", "d"), (Root("a", 0.9),), edges=edges)
    assert apart.groups == 2
    assert "a probably has no source among them." in paragraph(apart, [], [])
    assert "a is probably the origin." in paragraph(replace(apart, edges=edges[:1]), [], [])
