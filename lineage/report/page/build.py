"""The HTML of a page: templates filled, style and script inside, and a policy that lets nothing else run or load."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from lineage.records import Article, Reframing, Story
from lineage.report.drawing import drawing
from lineage.report.labels import chance, clean
from lineage.report.page import beside, inline, outline, strip, view
from lineage.report.page.plain import visible
from lineage.report.render import render
from lineage.report.scene import scene
from lineage.report.themes import THEMES
from lineage.settings import DrawSettings

TOGETHER = 2000  # stories of up to so many articles stand in one file; above, each has its own
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("parts.js", "brush.js", "page.js")


@dataclass(frozen=True, slots=True)
class Told:
    """A story with the articles whose texts are at hand; the page says so where one is missing."""

    record: Story
    articles: Mapping[str, Article] = field(default_factory=dict, hash=False, repr=False)


def page(stories: Sequence[Told], draw: DrawSettings) -> bytes:
    """One self-contained HTML file: the stories, with a list of them on top where there are several.

    Loads nothing, works from disk and without scripts; article text stays text. Equal stories give equal bytes with
    the same Graphviz and fonts. Raises DrawingError where nothing can draw.
    """
    sheets = [_sheet(told, draw) for told in stories]
    lines = [outline.line(told.record, f"#{sheet.key}") for told, sheet in zip(stories, sheets, strict=True)]
    title = sheets[0].title if len(sheets) == 1 else f"{len(lines)} stories"
    return _filled(draw, title=title, lines=lines if len(stories) != 1 else [], sheets=sheets)


def index(stories: Sequence[Told], places: Mapping[str, str], draw: DrawSettings) -> bytes:
    """The list of the stories alone; `places` says by story id where the page of each stands."""
    lines = [outline.line(told.record, places[told.record.id]) for told in stories]
    return _filled(draw, title=f"{len(lines)} stories", lines=lines)


def pair(a: Article, b: Article, verdict: str, reframing: Reframing) -> bytes:
    """One self-contained HTML file with two articles side by side and what the second says otherwise than the first.

    verdict: a sentence on whether they share text. Loads nothing and works without scripts, as `page` does.
    """
    found = beside.pair(a, b, verdict, reframing)
    return _filled(DrawSettings(), title=found.title, pair=found)


def _sheet(told: Told, draw: DrawSettings) -> view.Sheet:
    # On the screen the page itself turns dark, so that one file serves light, dark and paper.
    shown = replace(draw, theme="screen") if draw.theme == "dark" else draw
    svg = render(drawing(told.record, shown), "svg", draw.timeout)
    seen = view.sheet(told.record, told.articles, scene(told.record, shown))
    drawn = inline.inline(svg, seen, THEMES[shown.theme])
    return replace(seen, svg=drawn, strip=strip.strip(told.record, told.articles, seen))


def _filled(draw: DrawSettings, **shown: Any) -> bytes:
    """The page with `title` and what of `lines`, `sheets` and `pair` it shows."""
    coloured = draw.theme in ("screen", "dark")
    light = THEMES["screen" if coloured else draw.theme]
    style = _part("style.css") + inline.colours(light, THEMES["dark"] if coloured else light)
    script = "\n".join(map(_part, SCRIPTS))
    given = {"policy": _policy(style, script), "style": Markup(style), "script": Markup(script)}
    nothing: dict[str, Any] = {"lines": [], "sheets": [], "pair": None}
    text = _environment().get_template("page.html").render({**nothing, **given, **shown})
    return text.encode("utf-8", "replace")


def _policy(style: str, script: str) -> str:
    parts = ("default-src 'none'", f"style-src '{_hash(style)}'", f"script-src '{_hash(script)}'", "img-src data:")
    return "; ".join((*parts, "base-uri 'none'", "form-action 'none'"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _part(name: str) -> str:
    """Style or script without indentation and lines of comment, which a reader of the page has no use for."""
    lines = (line.strip() for line in (TEMPLATES / name).read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"chance": chance, "clean": clean, "visible": visible}
    return environment
