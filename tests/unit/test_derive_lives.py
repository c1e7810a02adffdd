"""Facts as marks of descent: what is followed, what counts as regained, and how it is said."""

import numpy as np

from lineage.derive.decide import decide
from lineage.derive.edges import between_articles
from lineage.derive.explain import Explainer
from lineage.derive.measures import Tables, tables
from lineage.derive.scores import shipped
from lineage.derive.stated import stated
from lineage.records import Article
from lineage.settings import DeriveSettings

BASE = "The port of Varro was closed on 3 May 2026. The damage was put at {} million dollars by Ida Torvik."


def story() -> Tables:
    """The true figure in `a` and `d`, a wrong one in `b` and its copy `c`."""
    figures = {"a": "2.4", "b": "4.2", "c": "4.2", "d": "2.4"}
    return tables([Article(name, BASE.format(figure), lang="en") for name, figure in figures.items()])


def value(found: Tables, name: str, parent: str, child: str) -> float:
    ids = [reading.article.id for reading in found.readings]
    row = [(ids[p], ids[c]) for p, c in zip(found.pairs.parent, found.pairs.child, strict=True)].index((parent, child))
    return float(found.column(name)[row])


def test_a_fact_is_the_same_in_any_form() -> None:
    """Figures, words and short forms of a name are one fact; spans hold what was said."""
    long = Article("a", "Ida Torvik paid 2.4 million dollars on May 3, 2026.", lang="en")
    short = Article("b", "Later Torvik said the 2,400,000 dollars of 3 May 2026 were well spent.", lang="en")
    there, here = stated(long), stated(short)
    assert there.keys() == here.keys()
    said = {short.text[span.start : span.end] for spans in here.values() for span in spans}
    assert "Torvik" in said


def test_what_anyone_says_is_not_followed() -> None:
    """Small counts and weekdays tie nobody to anybody."""
    assert stated(Article("a", "On Monday three of the five boats left.", lang="en")) == {}


def test_a_wrong_figure_that_comes_up_again_is_regained() -> None:
    """From the text with the true figure, the wrong one would be born twice; from the text that has it, it is kept."""
    found = story()
    assert value(found, "lives.regained", "a", "c") > 0
    assert value(found, "lives.regained", "b", "c") == 0


def test_a_shared_mistake_is_private_agreement() -> None:
    """The wrong figure is in two texts alone; so is the true one."""
    found = story()
    assert value(found, "lives.private", "b", "c") > 0
    assert value(found, "lives.private", "a", "c") == 0


def test_the_mistake_is_named_with_its_place() -> None:
    """The note says which fact ties the two, and the span is where the child has it."""
    found = story()
    explainer = Explainer(found, shipped())
    place = {reading.article.id: at for at, reading in enumerate(found.readings)}
    text = found.readings[place["c"]].article.text
    told, regained = explainer.told_by_two(place["b"], place["c"]), explainer.regained(place["a"], place["c"])
    assert [text[span.start : span.end] for span in told] == ["4.2 million dollars"]
    assert [text[span.start : span.end] for span in regained] == ["4.2 million dollars"]


def test_every_span_of_every_note_lies_in_its_text() -> None:
    """Evidence points into the article it names."""
    found = story()
    decision = decide(found, shipped(), 0.1)
    texts = {reading.article.id: reading.article.text for reading in found.readings}
    for edge in between_articles(found, decision, shipped(), DeriveSettings()):
        for reason in edge.evidence:
            assert all(0 <= start < end <= len(texts[name]) for name, start, end in reason.spans)


def test_texts_without_facts_are_measured_too() -> None:
    """Nothing to follow is nothing for and nothing against."""
    found = tables([Article("a", "Nothing here."), Article("b", "Nor here."), Article("c", "")])
    columns = [name for name in found.pair_names if name.startswith("lives.")]
    assert np.abs(np.stack([found.column(name) for name in columns])).max() == 0
