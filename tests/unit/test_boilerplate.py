"""Wording that unrelated stories share is found, told once, and counted by article and by story."""

import random

from lineage.boilerplate import boilerplate
from lineage.records import Article
from lineage.settings import BoilerplateSettings

NOTICE = "Subscribe to our morning newsletter for harbour dispatches and unlimited crossword puzzles"
FEW = BoilerplateSettings(articles=4, stories=3)


def corpus_with(count: int, notice: str = NOTICE) -> list[Article]:
    draw = random.Random(7)

    def prose() -> str:
        words = ("".join(draw.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(7)) for _ in range(90))
        return " ".join(words)

    return [Article(f"a{number:02}", f"{prose()}. {notice}. {prose()}.") for number in range(count)]


def test_a_notice_under_unrelated_articles_is_found_whole_with_its_place() -> None:
    articles = corpus_with(6)
    (found,) = boilerplate(articles, {}, FEW)
    assert found.text == NOTICE
    assert (found.articles, found.stories, found.words) == (6, 6, len(NOTICE.split()))
    assert articles[0].text[found.span.start : found.span.end] == NOTICE
    assert found.article == "a00"


def test_copies_of_one_story_are_no_boilerplate() -> None:
    articles = corpus_with(6)
    assert boilerplate(articles, dict.fromkeys((article.id for article in articles), "one"), FEW) == ()


def test_wording_of_too_few_articles_is_not_told() -> None:
    assert boilerplate(corpus_with(3), {}, FEW) == ()
    assert boilerplate([], {}, FEW) == ()


def test_an_idiom_that_everybody_writes_is_not_told() -> None:
    assert boilerplate(corpus_with(6, "And it is one of the most that there have been in the world"), {}, FEW) == ()


def test_a_shorter_form_of_a_told_passage_is_not_told_again() -> None:
    short = corpus_with(5, " ".join(NOTICE.split()[:8]))
    articles = corpus_with(6) + [Article(f"b{entry.id}", entry.text) for entry in short]
    found = boilerplate(articles, {}, FEW)
    assert [entry.text for entry in found] == [NOTICE]
    assert found[0].articles == 6  # as many as have every run of its words


def test_the_order_of_articles_does_not_matter() -> None:
    articles = corpus_with(8)
    assert boilerplate(articles, {}, FEW) == boilerplate(articles[::-1], {}, FEW)


def test_any_script() -> None:
    notice = "本报道由记者联合采写，未经授权不得转载，违者必究，版权所有。"
    articles = [
        Article(f"c{n}", f"{chr(0x4E00 + 97 * n) * 3}第{n}条消息关于{chr(0x5E00 + 31 * n)}的事情。{notice}")
        for n in range(6)
    ]
    found = boilerplate(articles, {}, FEW)
    assert any("未经授权不得转载" in entry.text for entry in found)
