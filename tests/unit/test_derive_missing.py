"""What would be said of a link if an article were missing, and how still the rest stays."""

from lineage import derive, simulate
from lineage.derive.missing import MOST, without_each
from lineage.records import Derivation


def links(found: Derivation) -> set[tuple[str, str]]:
    return {(edge.parent, edge.child) for edge in found.edges}


def test_without_its_parent_a_text_comes_from_another() -> None:
    """In a chain the grandparent takes the place of the parent that is missing."""
    story = simulate.story(simulate.chain(5), 4, dated=True).articles
    told = {gone.article: gone for gone in without_each(story, "t03")}
    assert told["t02"].parent == "t01"
    assert told["t02"].before > 0


def test_what_is_told_differs() -> None:
    """Nobody is named whose absence would change neither the parent nor its probability."""
    story = simulate.story(simulate.star(5), 3, dated=True).articles
    before = next(edge for edge in derive.derivation(story).edges if edge.child == "t01")
    for gone in without_each(story, "t01"):
        assert gone.parent != before.parent or abs(gone.probability - before.probability) >= 0.1


def test_a_large_story_is_not_told_anew() -> None:
    """A derivation for every article would take too long."""
    assert without_each(simulate.story(simulate.star(MOST), 3).articles, "t01") == ()


def test_most_links_stay_when_a_leaf_is_missing() -> None:
    """Of the links between the others at least nine in ten stay, whichever text without children is taken away."""
    stays = total = 0
    for seed in range(4):
        story = simulate.story(simulate.tree(8, simulate.REWRITE, seed), seed, dated=True)
        whole = links(derive.derivation(story.articles))
        parents = {parent for parent, _ in story.edges()}
        for leaf in sorted({article.id for article in story.articles} - parents):
            rest = [article for article in story.articles if article.id != leaf]
            expected = {link for link in whole if leaf not in link}
            stays += len(expected & links(derive.derivation(rest)))
            total += len(expected)
    assert stays >= 0.9 * total
