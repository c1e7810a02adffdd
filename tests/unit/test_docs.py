"""The documentation names everything that exists, says its defaults, and its links lead somewhere."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
import tomli_w
import typer

from lineage import pipeline, records
from lineage.cli import app
from lineage.records import CHANGE_KINDS, RELATIONS, Span
from lineage.settings import Settings, to_mapping

TOP = Path(__file__).resolve().parents[2]
PAGES = sorted([TOP / "README.md", TOP / "corpus" / "README.md", *(TOP / "docs").rglob("*.md")])
RECORDS = sorted(
    name for name in records.__all__ if dataclasses.is_dataclass(getattr(records, name)) or name == Span.__name__
)
COMMANDS: dict[str, Any] = dict(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
TERMS = (
    *("article", "word", "stem", "shingle", "skip pair", "sketch", "band", "bucket", "candidate pair", "containment"),
    *("Jaccard", "alignment", "comparison", "relation", "story", "derivation", "parent", "child", "root", "merge"),
    *("posited source", "named source", "edge", "undirected", "evidence", "rival", "reframing", "change", "hedge"),
    *("attribution", "fate", "independent coverage", "regime", "calibration", *RELATIONS),
)


def page(name: str) -> str:
    """The text of a page below docs/."""
    return (TOP / "docs" / name).read_text(encoding="utf-8")


def section(text: str, heading: str) -> str:
    """What stands under a second-level heading, up to the next one."""
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found is not None, f"no section {heading!r}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """The cells of the table rows whose first cell is code."""
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("name", RECORDS)
def test_data_model_lists_every_field(name: str) -> None:
    """The first table under a record's heading lists its fields, all of them, in order, each with type and meaning."""
    record = getattr(records, name)
    fields = record._fields if record is Span else tuple(field.name for field in dataclasses.fields(record))
    table = rows(section(page("reference/data-model.md"), name).partition("\n\nKinds:")[0])
    assert tuple(row[0].strip("`") for row in table) == fields
    assert all(len(row) == 3 and all(row) for row in table)


def test_data_model_explains_every_kind_of_change_and_relation() -> None:
    """The kinds of change are listed in their order, and every relation is named under Comparison."""
    text = page("reference/data-model.md")
    listed = rows(section(text, "Change").partition("\n\nKinds:")[2])
    assert tuple(row[0].strip("`") for row in listed) == CHANGE_KINDS
    assert all(f"`{relation}`" in section(text, "Comparison") for relation in RELATIONS)


@pytest.mark.parametrize("stage", [field.name for field in dataclasses.fields(Settings)])
def test_settings_page_says_every_default(stage: str) -> None:
    """The table of a stage lists its settings in order with the defaults as TOML writes them."""
    defaults = to_mapping(Settings())[stage]
    table = rows(section(page("reference/settings.md"), f"`[{stage}]`"))
    assert [row[0].strip("`") for row in table] == list(defaults)
    for row in table:
        name = row[0].strip("`")
        written = "{}" if defaults[name] == {} else tomli_w.dumps({name: defaults[name]}).partition(" = ")[2].strip()
        assert row[1].strip("`") == written, f"{stage}.{name}"
        assert row[3]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_page_names_every_option(command: str) -> None:
    """Every command has one section, which names its arguments and all its options, short and long."""
    text = page("reference/commands.md")
    headings = re.findall(rf"^## (`lineage {command}\b.*`)$", text, re.M)
    assert len(headings) == 1
    told = headings[0] + section(text, headings[0])
    for parameter in COMMANDS[command].params:
        words = parameter.opts if parameter.opts[0].startswith("-") else [parameter.metavar]
        for word in words:
            assert re.search(rf"{re.escape(word)}(?![\w-])", told), f"{command}: {word}"


def test_commands_page_names_every_environment_variable() -> None:
    """What the program reads from its environment stands in a table, no more and no less."""
    sources = (TOP / "lineage").rglob("*.py")
    read = {name for place in sources for name in re.findall(r'"(LINEAGE_[A-Z]+)"', place.read_text(encoding="utf-8"))}
    assert {row[0].strip("`") for row in rows(page("reference/commands.md")) if row[0].startswith("`LINEAGE_")} == read


def test_commands_page_names_every_format() -> None:
    """The formats that `graph` writes are those that its section lists, no more and no fewer."""
    told = section(page("reference/commands.md"), "`lineage graph IN...`")
    listed = next(part for part in told.split("\n\n") if part.startswith("Drawings: "))
    assert set(re.findall(r"`([\w-]+)`", listed)) == set(pipeline.FORMATS)


def test_commands_page_has_no_other_commands() -> None:
    """A section about a command is about one that exists."""
    assert set(re.findall(r"^## `lineage (\w+)", page("reference/commands.md"), re.M)) == set(COMMANDS)


@pytest.mark.parametrize("place", PAGES, ids=lambda place: str(place.relative_to(TOP)))
def test_pages_name_known_commands_only(place: Path) -> None:
    """A command line that a page shows begins with a command that exists."""
    shown = re.findall(r"(?:^    |`)lineage ([a-z]+)\b", place.read_text(encoding="utf-8"), re.M)
    assert set(shown) <= set(COMMANDS)


@pytest.mark.parametrize("place", PAGES, ids=lambda place: str(place.relative_to(TOP)))
def test_links_lead_somewhere(place: Path) -> None:
    """Every relative link of a page is a file, and its fragment a heading of that file."""
    for target in re.findall(r"\]\(([^)\s]+)\)", place.read_text(encoding="utf-8")):
        if "://" in target:
            continue
        file, _, fragment = target.partition("#")
        aim = place.parent / file if file else place
        assert aim.is_file(), f"{target} in {place.name}"
        if fragment:
            text = aim.read_text(encoding="utf-8")
            heads = [head.strip("` ").lower() for head in re.findall(r"^#+ (.+)$", text, re.M)]
            assert fragment in heads, f"{target} in {place.name}"


@pytest.mark.parametrize("term", TERMS)
def test_glossary_defines_every_term_once(term: str) -> None:
    """A term stands in bold at the beginning of one entry, and of one only."""
    entries = re.findall(r"^(?:\* )?\*\*(.+?)\*\*", page("glossary.md"), re.M)
    assert entries.count(term) == 1


@pytest.mark.parametrize("place", PAGES, ids=lambda place: str(place.relative_to(TOP)))
def test_pages_do_not_accuse(place: Path) -> None:
    """No page calls an article by a word that accuses somebody."""
    assert re.search(r"plagiari[sz]|\bstolen\b|\bfake\b", place.read_text(encoding="utf-8"), re.I) is None


@pytest.mark.parametrize("place", PAGES, ids=lambda place: str(place.relative_to(TOP)))
def test_stories_that_a_page_shows_exist(place: Path) -> None:
    """A path into the corpus that a page names is there."""
    for path in re.findall(r"\bcorpus/[\w/.]+\w", place.read_text(encoding="utf-8")):
        assert (TOP / path).exists() or path == "out/corpus", path
