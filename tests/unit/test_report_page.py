"""The parts of a page that need no browser: its texts, its list, its strip, its promises as a file."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest

import lineage
from lineage import pipeline, simulate
from lineage.errors import MissingInput
from lineage.records import Article, Stamp, Story, Verdict
from lineage.report.page import Told, page
from lineage.report.page.outline import HEADING, line
from lineage.report.page.texts import LONGEST, columns
from lineage.report.page.words import duration, names
from lineage.settings import DrawSettings

CORPUS = Path(__file__).parents[2] / "corpus"
DRAW = DrawSettings()


@pytest.fixture(scope="module")
def cable() -> pipeline.TracedStory:
    return lineage.trace(lineage.read(CORPUS / "cable")).stories[0]


@pytest.fixture(scope="module")
def html(cable: pipeline.TracedStory) -> str:
    return cable.export("html").decode()


def test_the_same_story_gives_the_same_page(cable: pipeline.TracedStory, html: str) -> None:
    """Byte for byte, by whichever door."""
    assert pipeline.export([cable], "html").decode() == html
    assert page([Told(cable.record, cable.articles)], DRAW).decode() == html


def test_the_page_loads_nothing(html: str) -> None:
    """No address is loaded, no style stands in an attribute, and the policy allows the one style and the one script."""
    assert re.findall(r'(?:src|href)="(?!#|data:,")[^"]*"', html) == []
    assert re.search(r"<[^>]*\sstyle=", html) is None
    assert "url(" not in html
    assert "@import" not in html
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert policy is not None
    assert policy[1].startswith("default-src &#39;none&#39;; style-src &#39;sha256-")
    assert "unsafe" not in policy[1]


def test_the_page_does_not_accuse(html: str) -> None:
    """What it says is that something is probable."""
    shown = re.sub(r"<(style|script)>.*?</\1>", "", html, flags=re.S)
    assert re.search(r"plagiari|stolen|\bfake\b|copied from", shown, re.I) is None
    assert "was probably derived from" in shown


def test_every_id_is_there_once_and_every_link_leads_to_one(html: str) -> None:
    """A click in the drawing, the strip or the table leads to a panel."""
    ids = re.findall(r'\sid="([^"]*)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_several_stories_share_no_id(cable: pipeline.TracedStory) -> None:
    """Two stories in one file stay apart, posited and named sources of the same id too."""
    other = lineage.trace(lineage.read(CORPUS / "museum")).stories
    ids = re.findall(r'\sid="([^"]*)"', pipeline.export([cable, *other], "html").decode())
    assert len(ids) == len(set(ids))


def test_without_texts_the_page_says_so(cable: pipeline.TracedStory) -> None:
    """A record alone has a drawing and a table; its panels say that the texts are not there."""
    assert "The texts were not stored with this story" in pipeline.export([cable.record], "html").decode()


def test_no_story_is_a_page_too() -> None:
    """An empty result is said in words."""
    assert "No story was found" in pipeline.export([], "html").decode()


def test_columns_hold_both_texts(cable: pipeline.TracedStory) -> None:
    """Left and right together are the two texts, white space aside, whatever was edited or moved."""
    for edge in cable.derivation.edges:
        parent, child = cable.articles[edge.parent], cable.articles[edge.child]
        rows = columns(parent, child).rows
        right = "".join(piece.text for row in rows for piece in row.right)
        left = "".join(piece.text for row in rows for piece in row.left)
        assert "".join(right.split()) == "".join(child.text.split())
        assert sorted("".join(left.split())) == sorted("".join(parent.text.split()))


def test_long_texts_are_cut_and_said_to_be() -> None:
    """A text too long to align costs no more than its first part."""
    found = columns(Article("a", "x" * (LONGEST + 5)), Article("b", "y"))
    assert "5 characters" in found.remark
    assert [len(piece.text) for row in found.rows for piece in row.left] == [LONGEST]


def test_the_list_says_size_span_origin_and_change(cable: pipeline.TracedStory) -> None:
    """The inherited wrong number is the strongest reframing of the bundled story."""
    found = line(cable.record, "#x")
    assert (found.articles, found.span, found.root) == (6, "4–5 Mar 2024", "Strandholm Courier")
    assert (found.change, found.shift) == ("number", "18,400 → 14,800")


def test_outlets_that_are_shared_are_told_apart(cable: pipeline.TracedStory) -> None:
    """Two articles of one outlet carry their ids; one without an outlet is its headline, without that its id."""
    heads = [replace(head, source="Courier" if place < 2 else "") for place, head in enumerate(cable.record.headlines)]
    story: Story = replace(cable.record, headlines=tuple(heads))
    called = names(story)
    first, second, third = story.articles[:3]
    assert (called[first], called[second]) == (f"Courier ({first})", f"Courier ({second})")
    assert called[third].startswith("“")
    assert called[third].strip("“”…") in heads[2].title
    untitled = replace(story, headlines=tuple(replace(head, source="", title="") for head in heads))
    assert names(untitled)[third] == third


def test_a_figure_after_a_name_from_right_to_left_stays_behind_it(cable: pipeline.TracedStory) -> None:
    """Behind such a name stands the mark that ends its direction; other names are as they were."""
    first, *_ = cable.record.headlines
    heads = (replace(first, source="الأهرام"), *cable.record.headlines[1:])
    called = names(replace(cable.record, headlines=heads))
    assert called[first.id] == "الأهرام\N{LEFT-TO-RIGHT MARK}"
    assert "Evening Mirror" in called.values()


def test_a_page_of_a_headline_is_not_its_head(cable: pipeline.TracedStory) -> None:
    """A headline that is a whole paragraph is cut where it stands above the page."""
    heads = tuple(replace(head, title="word " * 100) for head in cable.record.headlines)
    assert len(line(replace(cable.record, headlines=heads), "#x").title) <= HEADING


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min"), (59, "59 min"), (60, "1 h"), (1501, "1 d 1 h"), (-90, "−1 h 30 min")]
)
def test_durations(minutes: int, said: str) -> None:
    """Two units are enough, and a child dated before its parent has a minus."""
    assert duration(timedelta(minutes=minutes)) == said


def test_the_strip_shows_how_much_of_a_date_is_known(cable: pipeline.TracedStory) -> None:
    """A day is a bar as long as the day can be; a story on one instant has no strip."""
    day = Stamp.of("2024-03-04", datetime(2024, 3, 4), timedelta(days=1), "day")
    first = cable.record.articles[0]
    heads = tuple(
        replace(head, published=day.text, earliest=day.earliest.isoformat(), precision="day")
        if head.id == first
        else head
        for head in cable.record.headlines
    )
    articles = {**cable.articles, first: replace(cable.articles[first], published=day)}
    record = replace(cable.record, headlines=heads)
    shown = page([Told(record, articles)], DRAW).decode()
    assert '<rect x="14.0"' in shown
    assert "1 h 25 min" not in shown  # from a day to a minute nobody knows how long it was

    moment = datetime(2024, 3, 4, tzinfo=UTC).isoformat()
    same = tuple(replace(head, earliest=moment) for head in cable.record.headlines)
    assert 'class="time"' not in page([Told(replace(cable.record, headlines=same), articles)], DRAW).decode()


def test_a_small_story_is_a_small_file(cable: pipeline.TracedStory, html: str) -> None:
    """Six articles, with drawing, style and script, stay under 120 kB."""
    assert len(html.encode()) < 120_000


def test_fifty_articles_keep_to_the_budget() -> None:
    """Beside the articles' own words in the comparisons a page of fifty weighs less than 300 kB."""
    truth = simulate.story(simulate.tree(50, simulate.REWRITE), 1, dated=True)
    articles = [replace(one, title=one.text[:40], source=f"Outlet {one.id}", story="s") for one in truth.articles]
    # The true links, so that no better or worse model makes the page lighter or heavier.
    said = [Verdict(parent, child, "right") for parent, child in sorted(truth.edges())]
    html = pipeline.export(lineage.trace(articles, verdicts=said).stories[:1], "html").decode()
    assert html.count('<article class="link"') == 49
    tables = re.findall(r'<table class="texts".*?</table>', html, re.S)
    words = sum(len(unescape(re.sub(r"<[^>]*>", "", table)).encode()) for table in tables)
    assert words > 100_000
    assert len(html.encode()) - words < 300_000


def test_a_scan_before_texts_were_stored_is_told(tmp_path: Path) -> None:
    """A folder without articles.parquet says to scan again."""
    pipeline.scan([CORPUS / "cable"], tmp_path / "out")
    (tmp_path / "out" / "articles.parquet").unlink()
    with pytest.raises(lineage.LineageError, match="scan again"):
        pipeline.load_traced(tmp_path / "out")
    with pytest.raises(MissingInput):
        pipeline.load_traced(tmp_path / "nowhere")
