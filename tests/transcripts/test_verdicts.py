"""Verdicts saved from a page and given back: read, kept beside a scan, applied, and named where they mean nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from lineage import pipeline
from lineage.cli import app
from lineage.errors import InputError, MissingInput
from lineage.records import Skipped, Verdict

BUNDLED = Path(__file__).parents[2] / "lineage" / "data" / "demo"


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words], prog_name="lineage")


def line(parent: str, child: str, verdict: str, **more: Any) -> str:
    """A line as the page saves it."""
    said = {"schema": "lineage.verdict/1", "story": "s1", "parent": parent, "child": child, "verdict": verdict}
    return json.dumps({**said, "note": "", "at": "2026-11-22T10:00:00.000Z", **more}) + "\n"


def edges(story: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(edge["parent"], edge["child"]): edge for edge in story["edges"]}


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """The bundled story as it is without verdicts."""
    found: dict[str, Any] = json.loads(run("graph", BUNDLED, "-f", "json", "--quiet").stdout)
    return found


@pytest.fixture
def turned(told: dict[str, Any], tmp_path: Path) -> tuple[Path, tuple[str, str]]:
    """A file that turns round one link, with the link."""
    link = next(link for link, edge in edges(told).items() if edge["directed"])
    file = tmp_path / "verdicts.jsonl"
    file.write_text(line(*link, "wrong direction", note="The other was first."), encoding="utf-8")
    return file, link


def test_explain_says_what_a_person_has_settled(told: dict[str, Any], tmp_path: Path) -> None:
    """Else what a verdict brought about reads as if it had been found; one that was taken back says nothing."""
    parent, child = next(link for link, edge in edges(told).items() if edge["directed"])
    other = next(id for id in told["articles"] if id not in (parent, child))
    file, out = tmp_path / "verdicts.jsonl", tmp_path / "out"
    file.write_text(line(parent, child, "wrong", note="The desk had it from the police."), encoding="utf-8")
    assert run("scan", BUNDLED, "-o", out, "--quiet", "--verdicts", file).exit_code == 0
    said = f"a person has judged that neither {parent} nor {child} was derived from the other: The desk had it"
    assert said in run("explain", out, parent, child).stdout
    assert said in run("explain", out, other, child).stdout

    file.write_text(line(parent, child, "", at="2026-11-23T10:00:00.000Z"), encoding="utf-8")
    assert run("scan", BUNDLED, "-o", out, "--quiet", "--verdicts", file).exit_code == 0
    assert "a person has judged" not in run("explain", out, parent, child).stdout


def test_graph_keeps_to_verdicts(turned: tuple[Path, tuple[str, str]]) -> None:
    """The link is turned round with the note as its first reason, and the story says what was judged."""
    file, link = turned
    result = run("graph", BUNDLED, "-f", "json", "--verdicts", file)
    assert result.exit_code == 0, result.stderr
    story = json.loads(result.stdout)
    assert link not in edges(story)
    edge = edges(story)[link[::-1]]
    assert (edge["probability"], edge["directed"], edge["rivals"]) == (1.0, True, [])
    assert (edge["evidence"][0]["kind"], "The other was first." in edge["evidence"][0]["note"]) == ("verdict", True)
    assert [one["verdict"] for one in story["verdicts"]] == ["wrong direction"]
    assert "1 of 1 verdicts applied" in result.stderr


def test_verdicts_survive_a_new_scan(turned: tuple[Path, tuple[str, str]], tmp_path: Path) -> None:
    """Laid beside a scan they count again for the next one, which names none; the page of the scan shows them."""
    file, link = turned
    out = tmp_path / "out"
    assert run("scan", BUNDLED, "-o", out, "--verdicts", file).exit_code == 0
    first = (out / "stories.jsonl").read_bytes()
    assert link[::-1] in edges(json.loads(first))
    again = run("scan", BUNDLED, "-o", out)
    assert (out / "stories.jsonl").read_bytes() == first
    assert "1 of 1 verdicts applied" in again.stderr
    assert run("report", out).exit_code == 0
    assert "The other was first." in (out / "report.html").read_text(encoding="utf-8")
    later = line(*link, "right", at="2026-11-23")
    file.write_text(later, encoding="utf-8")
    assert run("scan", BUNDLED, "-o", out, "--verdicts", file, "-q").exit_code == 0
    assert link in edges(json.loads((out / "stories.jsonl").read_bytes()))
    assert (out / "verdicts.jsonl").read_text().count("\n") == 1


def test_report_infers_anew_for_the_page_only(turned: tuple[Path, tuple[str, str]], tmp_path: Path) -> None:
    """`report --verdicts` shows the story under the verdicts and leaves the scan alone."""
    file, _ = turned
    out = tmp_path / "out"
    run("scan", BUNDLED, "-o", out, "-q")
    before = (out / "stories.jsonl").read_bytes()
    result = run("report", out, "--verdicts", file, "--theme", "print")
    assert "1 of 1 verdicts applied" in result.stderr
    assert "The other was first." in (out / "report.html").read_text(encoding="utf-8")
    assert (out / "stories.jsonl").read_bytes() == before
    assert not (out / "verdicts.jsonl").exists()


def test_bad_lines_and_unknown_articles_are_named(told: dict[str, Any], tmp_path: Path) -> None:
    """What is no verdict, and what is on articles that are not here, is counted, named and left out."""
    link = next(iter(edges(told)))
    file = tmp_path / "v.jsonl"
    bad = ["{", '{"schema": "other/1", "parent": "a", "child": "b", "verdict": "right"}', line("a", "a", "right")]
    bad += [line("a", "b", "maybe"), line("a", "b", "wrong direction", directed=False)]
    file.write_text("\n".join(bad) + "\n" + line(*link, "right") + line("nobody", link[1], "right"), encoding="utf-8")
    result = run("graph", BUNDLED, "-f", "json", "--verdicts", file)
    assert result.exit_code == 0
    assert f"5 skipped, not a verdict: for example {file}:1 " in result.stderr
    assert "1 of 2 verdicts applied" in result.stderr
    assert f"verdict on 'nobody' and '{link[1]}' left out: 'nobody' in no story here" in result.stderr
    assert run("graph", BUNDLED, "-f", "json", "--verdicts", file, "--strict", "-q").exit_code == 3


def test_contradictions_are_one_line(told: dict[str, Any], tmp_path: Path) -> None:
    """Verdicts that no derivation can keep to are refused with their file, before anything is read or written."""
    (a, b), file, out = next(iter(edges(told))), tmp_path / "v.jsonl", tmp_path / "out"
    file.write_text(line(a, b, "right") + line(b, "z", "right") + line("z", a, "right"), encoding="utf-8")
    for command in (("graph", BUNDLED), ("scan", BUNDLED, "-o", out)):
        result = run(*command, "--verdicts", file)
        assert result.exit_code == 1
        assert result.stderr.count("\n") == 1
        assert "written from itself" in result.stderr
        assert str(file) in result.stderr
    assert not (out / "stories.jsonl").exists()
    assert run("graph", BUNDLED, "--verdicts", tmp_path / "none.jsonl").exit_code == 1


def test_what_is_kept_is_read_back(tmp_path: Path) -> None:
    """Verdicts laid beside a scan are read back equal; contradicting ones leave the file as it was."""
    said = (
        Verdict("b", "a", "right", "“note”\nof two lines", "2026", "s1"),
        Verdict("c", "b", "right", directed=False),
        Verdict("d", "b", "", "only a note"),
    )
    pipeline.keep_verdicts(tmp_path, said)
    assert pipeline.load_verdicts(tmp_path / "verdicts.jsonl") == said
    with pytest.raises(InputError):
        pipeline.keep_verdicts(tmp_path, [Verdict("a", "e", "right"), Verdict("e", "b", "right")])
    assert pipeline.load_verdicts(tmp_path / "verdicts.jsonl") == said
    with pytest.raises(MissingInput):
        pipeline.load_verdicts(tmp_path / "none.jsonl")
    skipped: list[Skipped] = []
    (tmp_path / "x.jsonl").write_bytes(b"\xef\xbb\xbf\n{\n")
    assert pipeline.load_verdicts(tmp_path / "x.jsonl", skipped.append) == ()
    assert [entry.where for entry in skipped] == [f"{tmp_path / 'x.jsonl'}:2"]


def test_two_that_a_person_links_are_one_story() -> None:
    """Articles that would lie in two stories are in one where a verdict links them; a wrong one joins nothing."""
    first = "The harbour master said on Tuesday that two ships were late because of heavy fog over the northern bay."
    other = "Parliament passed the budget after a long night of talks about pensions, roads and the price of bread."
    rows = [{"id": id, "text": text * 2} for id, text in (("a", first), ("b", first), ("x", other), ("y", other))]
    import lineage

    def stories(*verdicts: Verdict) -> list[tuple[str, ...]]:
        return [story.record.articles for story in lineage.trace(rows, verdicts=verdicts).stories]

    assert stories() == [("a", "b"), ("x", "y")]
    assert stories(Verdict("b", "x", "right")) == [("a", "b", "x", "y")]
    assert stories(Verdict("b", "x", "wrong")) == [("a", "b"), ("x", "y")]
