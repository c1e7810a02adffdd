"""Pages opened in Chromium; what a page says on its console and asks of the network is kept and must be nothing."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import lineage
from lineage import pipeline
from lineage.records import Derivation, Edge, Headline, Root, Story, Verdict

CORPUS = Path(__file__).parents[2] / "corpus"
# The sandbox needs rights that root does not have, and the rest would talk to the network on its own account.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]


@dataclass
class Opened:
    """A page in a browser with what it said, asked for and let through."""

    page: Any
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser(need: Callable[[object, str], None]) -> Iterator[Any]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    need(program, "no chromium on the path; apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        need(False, "no playwright; pip install -e '.[dev]'")
    with sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def look(browser: Any) -> Iterator[Callable[..., Opened]]:
    """`look(place, **options)`: the file opened in a fresh profile; afterwards it must have been silent."""
    made: list[tuple[Any, Opened]] = []

    def opened(place: Path, fragment: str = "", script: str = "", **options: Any) -> Opened:
        context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
        result = Opened(context.new_page())
        result.page.on("console", lambda message: result.said.append(message.text))
        result.page.on("pageerror", lambda error: result.said.append(str(error)))
        result.page.on("request", lambda request: result.asked.append(request.url))
        if script:
            result.page.add_init_script(script)
        made.append((context, result))
        result.page.goto(place.as_uri() + fragment)
        return result

    yield opened
    for context, result in made:
        context.close()
        assert result.said == []
        assert [url for url in result.asked if not url.startswith(("file:", "data:", "blob:"))] == []


def written(folder: Path, name: str, *stories: str) -> Path:
    traced = [found for story in stories for found in lineage.trace(lineage.read(CORPUS / story)).stories]
    place = folder / f"{name}.html"
    place.write_bytes(pipeline.export(traced, "html"))
    return place


@pytest.fixture(scope="session")
def cable(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("cable"), "cable", "cable")


@pytest.fixture(scope="session")
def ferry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A story with a merge, for which its makers vouch: whether it is inferred is no question for a browser."""
    said = [Verdict(parent, "ferry-national", "right") for parent in ("ferry-dispatch", "ferry-observer")]
    traced = lineage.trace(lineage.read(CORPUS / "ferry"), verdicts=said).stories
    place = tmp_path_factory.mktemp("ferry") / "ferry.html"
    place.write_bytes(pipeline.export(traced, "html"))
    return place


@pytest.fixture(scope="session")
def either(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two equal texts: which was first is not to be known."""
    text = "The harbour master said on Tuesday that two ships were late because of heavy fog over the bay."
    traced = lineage.trace([{"id": id, "text": text, "source": id.upper()} for id in ("a", "b")]).stories
    place = tmp_path_factory.mktemp("either") / "either.html"
    place.write_bytes(pipeline.export(traced, "html"))
    return place


@pytest.fixture(scope="session")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chain of ten, far wider than any screen."""
    ids = tuple(f"a{number}" for number in range(10))
    heads = tuple(Headline(id, f"Headline of {id}", f"Outlet {id}") for id in ids)
    edges = tuple(Edge(parent, child, 0.8, True, 0.9, "rewrite") for parent, child in pairwise(ids))
    record = Story("s1", ids, Derivation(ids, (Root("a0", 0.9),), edges=edges), heads)
    place = tmp_path_factory.mktemp("wide") / "wide.html"
    place.write_bytes(pipeline.export([record], "html"))
    return place


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("several"), "several", "cable", "ferry", "museum")


@pytest.fixture(scope="session")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles of a story side by side, as `lineage compare` writes them."""
    from typer.testing import CliRunner

    from lineage.cli import app

    folder = tmp_path_factory.mktemp("two")
    rows = (CORPUS / "cable" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    for name, row in zip("ab", rows[:2], strict=True):
        (folder / f"{name}.jsonl").write_text(row + "\n", encoding="utf-8")
    place = folder / "two.html"
    done = CliRunner().invoke(app, ["compare", str(folder / "a.jsonl"), str(folder / "b.jsonl"), "-o", str(place)])
    assert done.exit_code == 0, done.stderr
    return place
