"""The page measured: how heavy it is, of which how much is the articles' own words, and how long Chromium takes."""

import html
import re
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import lineage
from lineage import pipeline, simulate
from lineage.records import Verdict
from lineage.report.drawing import drawing
from lineage.report.render import render
from lineage.settings import DrawSettings

CORPUS = Path(__file__).parents[2] / "corpus"
A4 = (539.0, 786.0)  # points between margins of 1 cm
Table = Callable[[Sequence[str], Iterable[Sequence[object]]], None]


def stories() -> dict[str, pipeline.TracedStory]:
    """The bundled story and simulated ones of 50 and 500 articles."""
    found = {"6 articles (corpus/cable)": lineage.trace(lineage.read(CORPUS / "cable")).stories[0]}
    for size in (50, 500):
        truth = simulate.story(simulate.tree(size, simulate.REWRITE), 1, dated=True)
        articles = [
            replace(one, title=" ".join(one.text.split()[:8]), source=f"Outlet {one.id}", story="s")
            for one in truth.articles
        ]
        # The true links, so that no better or worse model makes the page lighter or heavier.
        said = [Verdict(parent, child, "right") for parent, child in sorted(truth.edges())]
        found[f"{size} articles (simulated rewrites)"] = lineage.trace(articles, verdicts=said).stories[0]
    return found


def words(page: str) -> int:
    """Bytes of the articles' own words in the comparisons."""
    tables = re.findall(r'<table class="texts".*?</table>', page, re.S)
    return sum(len(html.unescape(re.sub(r"<[^>]*>", "", table)).encode()) for table in tables)


def timed(page: Any, action: str, times: int) -> float:
    """Median milliseconds from an action to the frame that shows it."""
    script = f"""() => new Promise(done => {{ const start = performance.now(); {action};
      requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))); }})"""
    return statistics.median(page.evaluate(script) for _ in range(times))


def browsed(place: Path) -> tuple[float, float, float]:
    """Milliseconds to load, to step from link to link, and to filter by a word."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(place.as_uri(), wait_until="load")
        load = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        step = timed(page, "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true}))", 15)
        search = (
            "const q = document.querySelector('[name=q]'); q.value = q.value === 'bai' ? 'lo' : 'bai';"
            "q.dispatchEvent(new Event('input', {bubbles: true}))"
        )
        found = timed(page, search, 8)
        browser.close()
    return load, step, found


def smallest(story: pipeline.TracedStory) -> str:
    """Points of the smallest letter when the drawing is fitted to one A4 page."""
    svg = render(drawing(story.record, DrawSettings()), "svg", 60).decode()
    size = re.search(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    assert size is not None
    width, height = float(size[1]), float(size[2])
    zoom = max(min(A4[0] / width, A4[1] / height), min(A4[1] / width, A4[0] / height))
    letters = min(map(float, re.findall(r'font-size="([\d.]+)"', svg)))
    return f"{letters * zoom:.1f}"


def figures(table: Table) -> None:
    """Size, speed and legibility of three pages."""
    rows = []
    for name, story in stories().items():
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder, "page.html")
            content = pipeline.export([story], "html")
            place.write_bytes(content)
            load, step, found = browsed(place)
        own = words(content.decode())
        kilobytes = [f"{size / 1000:.0f}" for size in (len(content), own, len(content) - own)]
        rows.append((name, *kilobytes, *(f"{ms:.0f}" for ms in (load, step, found)), smallest(story)))
    head = ("page", "kB", "of which texts", "rest", "load ms", "step ms", "search ms", "smallest letter on A4, pt")
    table(head, rows)
