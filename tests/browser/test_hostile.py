"""Article text is hostile input: whatever it says stays text."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lineage.pipeline import TracedStory, export
from lineage.records import (
    Article,
    Change,
    Derivation,
    Edge,
    Evidence,
    Headline,
    Reframing,
    Rival,
    Root,
    Span,
    Story,
)
from lineage.report.page import pair

NASTY = (
    "<script>window.broken = 1</script>",
    "</script><script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    '"><svg onload="window.broken = 1">',
    "' onmouseover='window.broken = 1' style='position:fixed'",
    "<!-- <style>*{display:none}</style> --> ]]> {{ 7 * 7 }} {% raw %} &lt;b&gt; \\N",
    "javascript:window.broken=1 https://example.org/pixel.png",
    "turned \u202e dessap \u2066 about\x00\x08\ud800",
)


def story() -> TracedStory:
    """Every field that a page shows, nasty."""
    a, b = sorted(("a " + NASTY[3], "b " + NASTY[4]))
    texts = {a: "\n".join(NASTY), b: "\n".join(f"Edited {line} since." for line in NASTY)}
    told = Reframing(
        tuple(Change("number", line, "x" + line, Span(0, 1), Span(0, 1), line) for line in NASTY), summary=NASTY[0]
    )
    reasons = (Evidence(NASTY[2], 1.2, NASTY[1], ((a, 0, 30),)), Evidence("dates", -1.0, NASTY[0]))
    edge = Edge(a, b, 0.9, True, 0.9, "rewrite", reasons, (Rival(NASTY[0], 0.05),), (), told)
    heads = tuple(
        Headline(id, NASTY[0] + NASTY[5], NASTY[2], "2024-03-05", f"2024-03-0{day}T10:00:00+00:00", "minute", NASTY[4])
        for day, id in ((4, a), (5, b))
    )
    record = Story("s<'\">", (a, b), Derivation((a, b), (Root(a, 0.9),), edges=(edge,)), heads)
    known = {id: Article(id, text, NASTY[0], None, NASTY[2], lang=NASTY[4]) for id, text in texts.items()}
    return TracedStory(record, known)


def huge() -> TracedStory:
    """A line of five million characters, beside a short text."""
    texts = {"a": "word " * 1_000_000, "b": "word " * 50}
    edge = Edge("a", "b", 0.9, True, 0.9, "abridged")
    record = Story("s1", ("a", "b"), Derivation(("a", "b"), (Root("a", 0.9),), edges=(edge,)))
    return TracedStory(record, {id: Article(id, text) for id, text in texts.items()})


@pytest.mark.parametrize("scripts", [True, False])
def test_hostile_text_stays_text(look: Callable[..., Any], tmp_path: Path, scripts: bool) -> None:
    """Nothing of it runs, loads, hides or turns anything; it is there to be read, overrides written out."""
    place = tmp_path / "nasty.html"
    place.write_bytes(export([story()], "html"))
    opened = look(place, java_script_enabled=scripts)
    page = opened.page
    if scripts:
        for key in "123":
            page.keyboard.press(key)
        assert page.evaluate("window.broken") is None
        assert page.evaluate("document.scripts.length") == 1
        assert (
            page.evaluate("document.querySelectorAll('main img, [onload], [onerror], [onmouseover], [style]').length")
            == 0
        )
    text = page.locator(".link .texts").text_content()
    assert all(line in text for line in NASTY[:6])
    assert "[U+202E]" in text
    assert "\u202e" not in page.content()
    assert "␀" in text
    assert opened.asked == [place.as_uri()]


def test_the_policy_stops_what_would_slip_through(look: Callable[..., Any], tmp_path: Path) -> None:
    """Were a script or a style to get into the page after all, the browser would refuse both."""
    place = tmp_path / "slipped.html"
    content = export([story()], "html").decode()
    slipped = '<script>window.broken = 1</script><p id="p" style="color:red">x</p><img src="https://example.invalid/x">'
    place.write_text(content.replace("</main>", slipped + "</main>"), encoding="utf-8")
    opened = look(place)
    assert opened.page.evaluate("window.broken") is None
    assert opened.page.evaluate("getComputedStyle(document.getElementById('p')).color") != "rgb(255, 0, 0)"
    assert len(opened.said) == 3
    assert all("Content Security Policy" in line for line in opened.said)
    opened.said.clear()
    opened.asked.clear()


def test_a_line_of_five_megabytes(look: Callable[..., Any], tmp_path: Path) -> None:
    """It is cut, said to be cut, and the page stays small and quick."""
    place = tmp_path / "huge.html"
    place.write_bytes(export([huge()], "html"))
    assert place.stat().st_size < 300_000
    page = look(place, viewport={"width": 390, "height": 740}).page
    page.keyboard.press("2")
    assert "Too long to align" in page.locator(".link:visible").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_articles_side_by_side_stay_text(look: Callable[..., Any], tmp_path: Path) -> None:
    """The page of two articles is as safe as that of a story."""
    told = story()
    a, b = told.articles.values()
    place = tmp_path / "pair.html"
    place.write_bytes(pair(a, b, NASTY[0], told.record.derivation.edges[0].reframing))
    opened = look(place)
    assert opened.page.evaluate("window.broken") is None
    assert opened.page.evaluate("document.scripts.length") == 1
    assert all(line in opened.page.locator(".texts").text_content() for line in NASTY[:6])
    assert "\u202e" not in opened.page.content()


def test_a_sentence_about_names_from_right_to_left_runs_left_to_right(look: Callable[..., Any], tmp_path: Path) -> None:
    """The page speaks English: a name that begins its sentence stands left of the rest."""
    edge = Edge("a", "b", 0.9, False, 0.5, "rewrite")
    heads = (Headline("a", source="الأهرام"), Headline("b", source="الجزيرة"))
    record = Story("s1", ("a", "b"), Derivation(("a", "b"), edges=(edge,)), heads)
    place = tmp_path / "page.html"
    place.write_bytes(export([TracedStory(record, {})], "html"))
    page = look(place).page
    first, last = page.evaluate(
        """() => { const text = document.querySelector(".link h2").firstChild, range = document.createRange();
        return ["الأهرام", "either"].map(word => { const at = text.data.indexOf(word);
        range.setStart(text, at); range.setEnd(text, at + word.length);
        return range.getBoundingClientRect().left; }); }"""
    )
    assert first < last
