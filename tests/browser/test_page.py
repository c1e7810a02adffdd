"""The page as its reader meets it: panels, keys, filters, verdicts, paper, phone, dark, no scripts, screen readers."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import lineage

CORPUS = Path(__file__).parents[2] / "corpus"
PANELS = ("why", "text", "facts")
SIGNS = (
    ("=", "kept"),
    ("~", "edited"),
    ("~", "split"),
    ("~", "merged"),
    ("⇄", "moved"),
    ("−", "left out"),
    ("+", "added"),
)
Look = Callable[..., Any]


def selected(page: Any) -> str:
    """The key of the one link that is open."""
    found = page.locator(".link:visible")
    assert found.count() == 1
    return str(found.get_attribute("data-key"))


def shown_rows(page: Any) -> list[str]:
    return [row.get_attribute("data-key") for row in page.locator(".twin tbody tr:visible").all()]


def violations(page: Any) -> list[str]:
    """What axe finds, in a line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{entry['id']}: {node['html'][:200]}" for entry in found for node in entry["nodes"]]


def test_every_panel_opens(look: Look, cable: Path) -> None:
    """A tab shows its panel and hides the others, for each link; the panels say what they are for."""
    page = look(cable).page
    for row in page.locator(".twin tbody tr").all():
        row.click()
        assert selected(page) == row.get_attribute("data-key")
        for name in PANELS:
            page.locator(f"[role=tab][data-panel={name}]").click()
            assert page.locator(".link:visible .panel:visible").evaluate_all(
                "all => all.map(p => p.dataset.panel)"
            ) == [name]
    assert any("Other parents considered" in link for link in page.locator(".link").all_text_contents())


def test_texts_stand_side_by_side_with_signs(look: Look, cable: Path) -> None:
    """Each row of the comparison says in a sign and in a word what became of the sentence."""
    page = look(cable).page
    page.keyboard.press("2")
    rows = page.locator(".link:visible .texts tbody tr:not(.headlines)")
    signs = rows.locator("td:nth-child(2)").evaluate_all("all => all.map(c => getComputedStyle(c, '::before').content)")
    assert set(signs) <= {f'"{sign}" / "{word}"' for sign, word in SIGNS}
    assert '"−" / "left out"' in signs
    assert rows.evaluate_all("all => all.every(r => r.cells.length === 3)")
    kept = page.locator(".link:visible .texts .k").first.locator("td").all_text_contents()
    assert kept[0].strip() == kept[2].strip() != ""


def test_the_two_columns_scroll_together(look: Look, ferry: Path) -> None:
    """However far one scrolls, a sentence stands level with what became of it."""
    page = look(ferry).page
    page.keyboard.press("2")
    for far in (0, 400, 4000):
        page.locator(".reader").evaluate("(reader, far) => reader.scrollTo(0, far)", far)
        assert page.locator(".link:visible .texts tbody tr").evaluate_all(
            "all => all.every(r => new Set(Array.from(r.cells, c => c.getBoundingClientRect().top)).size === 1)"
        )


def test_a_line_and_a_box_of_the_drawing_select(look: Look, cable: Path) -> None:
    """A click on a line opens its link; a click on a box the link to its parent."""
    page = look(cable).page
    for edge in page.locator(".drawing .edge").all():
        edge.locator("text").first.click(force=True)
        assert edge.get_attribute("data-e") == selected(page)
        assert "picked" in edge.get_attribute("class")
    page.locator(".drawing .node", has_text="Morning Digest").locator("text").first.click()
    assert page.locator(".link:visible h2").inner_text().startswith("Morning Digest was probably derived")


def test_keyboard_walk(look: Look, cable: Path) -> None:
    """j and k walk the links in the order of the table, digits open panels, Enter enters, Escape comes back."""
    page = look(cable).page
    keys = shown_rows(page)
    walked = [selected(page)]
    for _ in keys[1:]:
        page.keyboard.press("j")
        walked.append(selected(page))
    assert walked == keys
    page.keyboard.press("k")
    assert selected(page) == keys[-2]
    for digit, name in enumerate(PANELS, 1):
        page.keyboard.press(str(digit))
        assert page.locator(f"[role=tab][data-panel={name}]").get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('tr').dataset.key") == keys[-2]
    page.keyboard.press("ArrowUp")
    assert selected(page) == keys[-3]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == f"link-{keys[-3]}"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    page.keyboard.type("jk")  # letters in a field are letters
    assert page.locator("[name=q]").input_value() == "jk"
    assert selected(page) == keys[-3]


def test_everything_is_reached_by_tab_and_shows_it(look: Look, ferry: Path) -> None:
    """Tabbing meets search, drawing, lines, tabs, verdict and table, each with a ring around it."""
    page = look(ferry).page
    met, bare = set(), []
    for _ in range(90):
        page.keyboard.press("Tab")
        where, ring = page.evaluate(
            """() => { const a = document.activeElement;
            return [[".filters", ".drawing .edge", ".drawing .node", ".tabs", ".verdict", ".time", ".twin", ".zoom"]
              .filter(s => a.closest(s)), getComputedStyle(a).outlineStyle] }"""
        )
        met |= set(where)
        bare += [where] if where and ring == "none" else []
    assert met == {".filters", ".drawing .edge", ".drawing .node", ".tabs", ".verdict", ".time", ".twin", ".zoom"}
    assert bare == []


def test_search_and_filters(look: Look, cable: Path) -> None:
    """Search looks into texts; each filter keeps what fits, the drawing fades the rest, Clear brings all back."""
    page = look(cable).page
    everything = shown_rows(page)
    page.locator("[name=q]").fill("14,800")
    found = shown_rows(page)
    assert 0 < len(found) < len(everything)
    assert page.locator(".count").inner_text() == f"{len(found)} of {len(everything)} links"
    assert page.locator(".drawing .edge.out").count() == len(everything) - len(found)
    page.locator(".filters button[type=reset]").click()
    page.wait_for_function("document.querySelector('.count').textContent.indexOf('of') < 0")
    assert shown_rows(page) == everything

    page.locator("[name=outlet]").select_option("Radio Vesse")
    assert all("Radio Vesse" in row for row in page.locator(".twin tbody tr:visible").all_inner_texts())
    page.locator("[name=outlet]").select_option("")
    page.locator("[name=relation]").select_option("abridged")
    assert all("abridged" in row for row in page.locator(".twin tbody tr:visible").all_inner_texts())
    page.locator("[name=relation]").select_option("")
    page.locator("[name=p]").select_option("0.9")
    assert set(
        page.locator(".link").evaluate_all("all => all.filter(l => +l.dataset.p >= .9).map(l => l.dataset.key)")
    ) == (set(shown_rows(page)))
    page.locator("[name=p]").select_option("")
    page.locator("[name=from]").fill("2024-03-05T00:00")
    assert 0 < len(shown_rows(page)) < len(everything)
    page.locator("[name=to]").fill("2024-03-04T00:00")
    assert shown_rows(page) == []


def test_a_stretch_of_time(look: Look, cable: Path) -> None:
    """Drawn over the strip or set with keys, a stretch leaves the links of that time; the address keeps it."""
    page = look(cable).page
    everything = shown_rows(page)
    page.locator(".time svg").scroll_into_view_if_needed()
    box = page.locator(".time svg").bounding_box()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.99 * box["width"], box["y"] + 5, steps=4)
    page.mouse.up()
    few = shown_rows(page)
    assert 0 < len(few) < len(everything)
    assert page.locator("[name=from]").input_value() != ""
    again = look(cable, page.evaluate("location.hash")).page
    assert shown_rows(again) == few
    page.mouse.dblclick(box["x"] + 0.8 * box["width"], box["y"] + 3)
    assert shown_rows(page) == everything
    end = page.get_by_role("slider", name="To")
    end.focus()
    counts = [len(everything)]
    for _ in range(9):
        page.keyboard.press("PageDown")
        counts.append(len(shown_rows(page)))
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] < counts[0]
    assert end.get_attribute("aria-valuenow") == "10"
    assert end.get_attribute("aria-valuetext").endswith("UTC")
    page.keyboard.press("End")
    assert shown_rows(page) == everything
    assert violations(page) == []  # only now: what is filtered out is faded on purpose


def test_the_address_holds_the_state(look: Look, cable: Path) -> None:
    """A copy of the address opens the same link and panel with the same filter; the back button is not flooded."""
    page = look(cable).page
    page.keyboard.press("j")
    page.keyboard.press("3")
    page.locator("[name=q]").fill("households")
    fragment = page.evaluate("location.hash")
    again = look(cable, fragment).page
    assert selected(again) == selected(page)
    assert shown_rows(again) == shown_rows(page)
    assert again.locator("[name=q]").input_value() == "households"
    assert again.locator("[role=tab][aria-selected=true]").get_attribute("data-panel") == "facts"
    assert page.evaluate("history.length") <= 2


def test_the_table_sorts(look: Look, cable: Path) -> None:
    """A heading sorts by its column, again the other way round, and says so."""
    page = look(cable).page
    page.locator(".twin th button", has_text=re.compile("^p$")).click()
    column = ".twin tbody td:nth-child(4)"
    values = [float(value) for value in page.locator(column).evaluate_all("all => all.map(c => c.dataset.value)")]
    assert values == sorted(values)
    page.locator(".twin th button", has_text=re.compile("^p$")).click()
    values = [float(value) for value in page.locator(column).evaluate_all("all => all.map(c => c.dataset.value)")]
    assert values == sorted(values, reverse=True)
    assert page.locator(".twin th[aria-sort=descending]").count() == 1


def exported(page: Any) -> list[dict[str, str]]:
    with page.expect_download() as waiting:
        page.locator(".export").click()
    return [json.loads(line) for line in Path(waiting.value.path()).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    "script", ["", "Object.defineProperty(window, 'localStorage', {get() { throw new Error('blocked') }})"]
)
def test_verdicts_are_kept_and_saved(look: Look, cable: Path, script: str) -> None:
    """A verdict with a note is a line of JSON; another click takes it back; where nothing is kept the page says so."""
    page = look(cable, script=script).page
    key = selected(page)
    page.locator("[data-verdict='wrong direction']").click()
    page.locator("[name=note]").fill("The other was first: “see” it.\nTwo lines.")
    page.keyboard.press("Tab")
    page.locator(".twin tbody tr").nth(1).click()
    page.locator("[data-verdict=right]").click()
    first, second = exported(page)
    assert first["schema"] == "lineage.verdict/1"
    assert (first["verdict"], first["note"]) == ("wrong direction", "The other was first: “see” it.\nTwo lines.")
    link = page.locator(f"#link-{key}")
    assert (first["parent"], first["child"]) == (link.get_attribute("data-parent"), link.get_attribute("data-child"))
    assert second["verdict"] == "right"
    assert ("this page only" if script else "kept in this browser") in page.locator(".kept-where").inner_text()
    page.locator("[data-verdict=right]").click()
    assert len(exported(page)) == 1
    if not script:
        page.reload()
        assert len(exported(page)) == 1


def test_a_link_without_direction_can_be_given_one(look: Look, either: Path) -> None:
    """Where the drawing says "either way" a person may say which was first; saved, that is a right link."""
    page = look(either).page
    assert page.locator("[data-verdict='wrong direction']:visible").count() == 0
    link = page.locator(".link:visible")
    ends = link.get_attribute("data-parent"), link.get_attribute("data-child")
    page.locator("[data-verdict=right]").click()
    assert [(one["verdict"], one["directed"]) for one in exported(page)] == [("right", False)]
    page.locator("[data-verdict=back]").click()
    (said,) = exported(page)
    assert (said["parent"], said["child"]) == ends[::-1]
    assert (said["verdict"], said["directed"]) == ("right", True)


def test_what_the_page_saves_is_taken_back(look: Look, cable: Path, tmp_path: Path) -> None:
    """The file a reader downloads is what `--verdicts` reads: every line, and none skipped."""
    from lineage import pipeline

    page = look(cable).page
    for row, verdict in zip(page.locator(".twin tbody tr").all(), ("right", "wrong", "right"), strict=False):
        row.click()
        page.locator(f"[data-verdict='{verdict}']").click()
    with page.expect_download() as waiting:
        page.locator(".export").click()
    file = tmp_path / "verdicts.jsonl"
    waiting.value.save_as(file)
    said = pipeline.load_verdicts(file, pytest.fail)
    assert sorted(one.verdict for one in said) == sorted(("right", "wrong", "right"))
    judged = lineage.trace(lineage.read(CORPUS / "cable"), verdicts=said).stories[0].record
    assert judged.verdicts == said
    place = tmp_path / "judged.html"
    place.write_bytes(pipeline.export([judged], "html"))
    assert look(place).page.locator(".said li").count() == 3


def test_what_was_settled_can_be_taken_back(look: Look, ferry: Path, tmp_path: Path) -> None:
    """A page made under a verdict shows it pressed; pressed again it is saved as withdrawn, and binds no longer."""
    from lineage import pipeline
    from lineage.records import Verdict

    out = tmp_path / "out"
    pipeline.keep_verdicts(out, [Verdict("ferry-national", "ferry-weekly", "right", at="2026-01-01")])
    told = lineage.trace(
        lineage.read(CORPUS / "ferry"), verdicts=pipeline.load_verdicts(out / "verdicts.jsonl")
    ).stories
    place = tmp_path / "settled.html"
    place.write_bytes(pipeline.export(told, "html"))
    page = look(place).page
    page.locator(".twin tbody tr", has_text="The Weekly Log").first.click()
    right = page.locator("[data-verdict=right]")
    assert right.get_attribute("aria-pressed") == "true"
    right.click()
    (withdrawn,) = exported(page)
    assert withdrawn["verdict"] == ""
    pipeline.keep_verdicts(out, [Verdict(withdrawn["parent"], withdrawn["child"], "", at=withdrawn["at"])])
    assert [one.verdict for one in pipeline.load_verdicts(out / "verdicts.jsonl")] == [""]
    right.click()
    assert right.get_attribute("aria-pressed") == "true"
    assert exported(page) == []


@pytest.mark.parametrize("width", [1440, 1000, 390])
def test_the_drawing_opens_within_its_frame(look: Look, ferry: Path, wide: Path, width: int) -> None:
    """No drawing opens wider than its frame; larger and smaller leave that, Fit comes back to it."""
    for place in (ferry, wide):
        page = look(place, viewport={"width": width, "height": 900}).page
        over = "c => c.scrollWidth - c.clientWidth"
        canvas = page.locator(".canvas")
        assert canvas.evaluate(over) <= 0
        for _ in range(8):
            page.locator("[data-zoom=in]").click()
        assert canvas.evaluate(over) > 0
        page.wait_for_timeout(50)
        box, before = canvas.bounding_box(), canvas.evaluate("c => c.scrollLeft")
        page.mouse.move(box["x"] + 180, box["y"] + 12)  # on the paper, above all boxes
        page.mouse.down()
        page.mouse.move(box["x"] + 60, box["y"] + 12, steps=3)
        page.mouse.up()
        assert canvas.evaluate("c => c.scrollLeft") == before + 120
        page.locator("[data-zoom=fit]").click()
        assert canvas.evaluate(over) <= 0
        assert page.locator("[data-zoom=fit]").get_attribute("aria-pressed") == "true"


def test_the_reader_may_choose_dark_or_light(look: Look, ferry: Path) -> None:
    """The button goes over what the system wants, in page and drawing; the address keeps it; paper is light."""
    paper = "getComputedStyle(document.querySelector('.canvas polygon')).fill"
    for scheme, other in (("light", "rgb(22, 24, 27)"), ("dark", "rgb(255, 255, 255)")):
        page = look(ferry, color_scheme=scheme).page
        before = page.evaluate(paper)
        page.locator(".theme").click()
        assert page.evaluate(paper) == other != before
        assert look(ferry, page.evaluate("location.hash"), color_scheme=scheme).page.evaluate(paper) == other
        assert violations(page) == []
        page.emulate_media(media="print")
        assert page.evaluate(paper) == "rgb(255, 255, 255)"
        page.emulate_media(media="screen")
        page.locator(".theme").click()
        assert page.evaluate(paper) == before


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_all_without_scrolling_sideways(look: Look, ferry: Path, width: int) -> None:
    """At the width of a phone nothing but the drawing, the strip and the table scrolls sideways, within itself."""
    page = look(ferry, viewport={"width": width, "height": 740}).page
    for digit in "123":
        page.keyboard.press(digit)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_dark_and_light_and_still(look: Look, ferry: Path) -> None:
    """A reader who wants it dark gets it dark, drawing included; one who wants no motion gets none."""
    colours = {}
    for scheme in ("light", "dark"):
        page = look(ferry, color_scheme=scheme, reduced_motion="reduce").page
        colours[scheme] = page.evaluate(
            "['body', '.canvas polygon'].map(s => getComputedStyle(document.querySelector(s)))"
            ".map(s => s.fill === 'rgb(0, 0, 0)' ? s.backgroundColor : s.fill)"
        )
        assert (
            page.evaluate("getComputedStyle(document.querySelector('.drawing .edge path')).transitionDuration") == "0s"
        )
    assert colours == {
        "light": ["rgb(251, 250, 247)", "rgb(255, 255, 255)"],
        "dark": ["rgb(19, 21, 23)", "rgb(22, 24, 27)"],
    }


def test_paper_shows_every_link(look: Look, ferry: Path) -> None:
    """In print every panel of every link is there and no control is; a PDF comes out."""
    page = look(ferry).page
    page.emulate_media(media="print")
    assert page.locator(".panel:visible").count() == 3 * page.locator(".link").count()
    assert page.locator("button:visible").count() == page.locator(".sortable th button, .lives th button").count()
    assert page.locator("input:visible, select:visible, textarea:visible").count() == 0
    content = page.pdf(format="A4", print_background=True)
    assert content.startswith(b"%PDF")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing(look: Look, ferry: Path, scheme: str, width: int) -> None:
    """No violation on any panel, light or dark, wide or narrow."""
    page = look(ferry, color_scheme=scheme, viewport={"width": width, "height": 900}).page
    for digit in "123":
        page.keyboard.press(digit)
        assert violations(page) == []


def test_without_scripts_all_is_there(look: Look, cable: Path) -> None:
    """With scripts off drawing, table and every panel of every link are shown, controls are not, links still lead."""
    page = look(cable, java_script_enabled=False).page
    assert page.locator(".drawing svg").is_visible()
    assert page.locator(".panel:visible").count() == 3 * page.locator(".link").count()
    assert page.locator("button:visible, input:visible").count() == 0
    assert page.locator(".noscript").is_visible()
    page.locator(".twin tbody a").last.click()
    assert page.url.rpartition("#")[2].startswith("link-")


def test_a_list_of_stories(look: Look, several: Path) -> None:
    """Several stories have a list on top that sorts; a story opens from it, and the way back leads to the list."""
    page = look(several).page
    assert page.locator(".story:visible").count() == 0
    lines = page.locator(".stories tbody tr")
    assert lines.count() >= 3
    page.locator(".stories th button", has_text="Articles").click()
    sizes = [int(size) for size in page.locator(".stories tbody td:nth-child(2)").all_inner_texts()]
    assert sizes == sorted(sizes)
    assert violations(page) == []
    lines.last.locator("a").click()
    page.wait_for_selector(".story:visible")
    assert page.locator(".story:visible").count() == 1
    selected(page)
    page.keyboard.press("j")
    page.locator(".all").click()
    page.wait_for_selector(".stories:visible")
    assert page.locator(".story:visible").count() == 0


def test_the_life_of_a_fact(look: Look, cable: Path) -> None:
    """A pressed fact says on the drawing, in words, where it was first, kept, altered; the address keeps it."""
    page = look(cable).page
    fact = page.locator(".lives tbody button", has_text=re.compile("^18,400$"))
    fact.click()
    assert fact.get_attribute("aria-pressed") == "true"
    assert page.locator(".drawing .node", has_text="Strandholm Courier").locator(".lived").text_content() == "★ first"
    assert page.locator(".drawing .node", has_text="Capital Herald").locator(".lived").text_content() == "~ altered"
    assert violations(page) == []
    again = look(cable, page.evaluate("location.hash")).page
    assert again.locator(".lived").count() == page.locator(".lived").count() > 0
    fact.click()
    assert page.locator(".lived").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_two_articles_side_by_side(look: Look, two: Path, scheme: str, width: int) -> None:
    """The page of a comparison has its changes and both texts, level with one another; axe finds nothing."""
    page = look(two, color_scheme=scheme, viewport={"width": width, "height": 900}).page
    assert page.locator(".changes li:visible").count() > 0
    assert page.locator(".texts tbody tr:visible").count() > 5
    assert page.locator("svg.fate rect").count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(page) == []
