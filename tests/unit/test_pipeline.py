"""The whole way: articles in; stories, derivations, results out."""

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import lineage
from lineage import pipeline
from lineage.errors import InputError, MissingInput, OutputError
from lineage.settings import ReadSettings

CORPUS = Path(__file__).parents[2] / "corpus"
CABLE = CORPUS / "cable" / "articles.jsonl"
TABLES = {"pairs.parquet", "edges.parquet", "changes.parquet", "articles.parquet"}
FILES = TABLES | {"boilerplate.jsonl", "company.json", "stories.jsonl", "manifest.json", "skipped.jsonl"}


def rows(place: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in place.read_text(encoding="utf-8").splitlines()]


def written(result: lineage.Result) -> bytes:
    return pipeline.export(result.stories, "jsonl")


@pytest.fixture(scope="module")
def cable() -> lineage.Result:
    return lineage.trace(lineage.read(CABLE))


def test_the_bundled_story_is_one_story(cable: lineage.Result) -> None:
    """Six versions of one story are found to be one, with a derivation that reaches all of them."""
    (story,) = cable.stories

    assert set(story.record.articles) == {row["id"] for row in rows(CABLE)}
    assert {edge.child for edge in story.derivation.edges} | {root.article for root in story.derivation.roots} >= set(
        story.record.articles
    )


def test_order_of_input_does_not_matter(cable: lineage.Result) -> None:
    """The same articles in any order give the same bytes."""
    shuffled = rows(CABLE)
    for seed in range(3):
        random.Random(seed).shuffle(shuffled)
        assert written(lineage.trace(lineage.read(shuffled))) == written(cable)


def test_dicts_frames_and_paths_are_read_alike(cable: lineage.Result) -> None:
    """A list of dicts, a DataFrame and a file of the same articles give the same result."""
    assert written(lineage.trace(rows(CABLE))) == written(cable)
    assert written(lineage.trace(pd.DataFrame(rows(CABLE)))) == written(cable)
    assert written(lineage.trace(str(CABLE))) == written(cable)


def test_articles_of_two_folders_may_have_one_id(cable: lineage.Result) -> None:
    """Articles that were read apart are taken once an id, and what came again is told, as for rows."""
    articles = list(lineage.read(CABLE))
    other = replace(articles[0], text=f"{articles[0].text} And more.")
    found = lineage.trace([*articles, articles[1], other])
    assert written(found) == written(cable)
    assert [(skipped.where, skipped.reason) for skipped in found.skipped] == [
        ("articles#7", "duplicate id"),
        ("articles#8", "duplicate id"),
    ]
    with pytest.raises(InputError, match="articles and dict together"):
        lineage.trace([*articles, {"text": other.text}])


def test_every_change_can_be_shown(cable: lineage.Result) -> None:
    """Every span of every change holds exactly what the change says."""
    story = cable.stories[0]
    for edge in story.derivation.edges:
        for change in edge.reframing.changes:
            for text, span, quoted in (
                (story.articles[edge.parent].text, change.before_span, change.before),
                (story.articles[edge.child].text, change.after_span, change.after),
            ):
                assert span is None or text[span.start : span.end] == quoted


def test_independent_reports_and_strangers_stay_out() -> None:
    """Two independent reports of the event and another event on the topic join no story with the rewrites."""
    result = lineage.trace(lineage.read(CORPUS / "front" / "articles.jsonl"))
    together = set(result.stories[0].record.articles)

    assert not together & {"front-ind1", "front-ind2", "front-near"}
    assert len(together) == 6


def test_compare_is_symmetric_in_probability_and_directed_in_changes() -> None:
    """Swapping two articles keeps the probability and turns the changes round."""
    first, second = rows(CABLE)[0], rows(CABLE)[1]
    there, back = lineage.compare(first, second), lineage.compare(second, first)

    assert there.comparison == back.comparison
    assert there.reframing.fate.dropped == back.reframing.fate.added


def test_an_exact_copy_has_no_changes() -> None:
    """A text against itself is a copy, surely, and nothing changed."""
    text = rows(CABLE)[0]["text"]
    reading = lineage.compare(text, text)

    assert reading.comparison.relation == "copy"
    assert reading.comparison.probability > 0.9
    assert reading.reframing.changes == ()


def test_a_reading_says_how_the_second_stands_to_the_first() -> None:
    """`probability` and `relation` are at hand, and the relation turns with the articles, whatever their ids."""
    long = "The harbour wall at Ostren broke on Monday night. Nobody was hurt, the mayor said. Repairs take long. " * 3
    whole, part = {"id": "b", "text": long + "The port stays shut."}, {"id": "a", "text": long[: len(long) // 3]}
    there, back = lineage.compare(whole, part), lineage.compare(part, whole)
    assert there.probability == back.probability == there.comparison.probability >= 0.5
    assert (there.relation, back.relation) == ("abridged", "expanded")


def test_strange_texts_can_be_compared() -> None:
    """Half a surrogate pair, one word, marks only: compared, or refused in one line."""
    assert lineage.compare("A cat sat. \ud800", "A cat sat. \U0001f600").comparison.probability >= 0.0
    assert lineage.compare("one", "two").reframing.fate.kept == 0
    with pytest.raises(InputError, match="no words"):
        lineage.compare("one", "   ")


def test_a_scan_writes_what_a_trace_finds(tmp_path: Path, cable: lineage.Result) -> None:
    """The folder of a scan holds the records of a trace, and a manifest that counts."""
    manifest = pipeline.scan([CABLE], tmp_path / "out")

    assert {place.name for place in (tmp_path / "out").iterdir()} == FILES
    assert pipeline.export(pipeline.load_stories(tmp_path / "out"), "jsonl") == written(cable)
    assert manifest.counts["articles"] == 6
    assert manifest.stories == 1


def test_a_scan_takes_paths_as_they_are_written(tmp_path: Path, cable: lineage.Result) -> None:
    """One input or several, each path a string or a Path: whatever `read` and `Index.open` take."""
    lineage.scan(str(CABLE), str(tmp_path / "out"))
    assert pipeline.export(pipeline.load_stories(tmp_path / "out"), "jsonl") == written(cable)


def test_a_scan_keeps_the_texts_of_its_stories(tmp_path: Path, cable: lineage.Result) -> None:
    """The articles that come back are those that went in, dates included, but for columns that no record has."""
    pipeline.scan([CABLE], tmp_path / "out")
    (story,) = pipeline.load_traced(tmp_path / "out")

    assert story.id == cable.stories[0].id
    assert {id: replace(article, extra={}) for id, article in cable.stories[0].articles.items()} == story.articles
    assert pipeline.load_traced(tmp_path / "out", story.id)[0].articles == story.articles
    with pytest.raises(MissingInput, match="lineage stories"):
        pipeline.load_traced(tmp_path / "out", "s0")


def test_many_articles_get_a_page_a_story(
    tmp_path: Path, cable: lineage.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below the limit one file holds all; above, a list links to one page a story."""
    two = [*cable.stories, *lineage.trace(lineage.read(CORPUS / "wire")).stories]
    assert [place.name for place, _ in pipeline.pages(two, tmp_path / "all.html")] == ["all.html"]

    monkeypatch.setattr("lineage.report.page.TOGETHER", 5)
    made = dict(pipeline.pages(two, tmp_path / "all.html"))
    listed = made.pop(tmp_path / "all.html").decode()
    assert set(made) == {tmp_path / "all-stories" / f"{story.id}.html" for story in two}
    assert all(f'href="all-stories/{story.id}.html"' in listed for story in two)


def test_scanning_again_writes_the_same_bytes(tmp_path: Path) -> None:
    """Two scans of one input differ in nothing but the seconds of the manifest."""
    for name in ("one", "two"):
        pipeline.scan([CORPUS / "wire"], tmp_path / name, jsonl=True)

    for name in sorted(FILES - {"manifest.json"}):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name


def test_two_runs_of_the_program_write_the_same_bytes(tmp_path: Path) -> None:
    """Python orders sets of strings differently in every run; results do not show it."""
    inputs = [str(place) for place in sorted(CORPUS.glob("*/articles.jsonl"))]
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "lineage", "scan", *inputs, "-o", str(tmp_path / seed), "--jsonl", "-q"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run(command, check=True, env=environment, capture_output=True)

    for name in sorted((FILES | {"pairs.jsonl"}) - {"manifest.json"}):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_the_number_of_processes_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process and two write the same bytes."""
    from lineage.pipeline import tracing

    monkeypatch.setattr(tracing, "MANY", 2)
    for jobs in (1, 2):
        pipeline.scan([CORPUS / "wire", CORPUS / "seed"], tmp_path / str(jobs), jobs=jobs)

    for name in sorted(FILES - {"manifest.json"}):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes(), name


def test_given_stories_are_kept(tmp_path: Path) -> None:
    """With a story field the input says what belongs together, and nothing is clustered."""
    settings = lineage.Settings(read=ReadSettings(story_field="event"))
    known = [{**row, "event": "all"} for row in [*rows(CABLE), *rows(CORPUS / "wire" / "articles.jsonl")]]

    assert [len(story.record.articles) for story in lineage.trace(known, settings).stories] == [11]


def test_an_output_that_cannot_be_written_is_told_before_reading(tmp_path: Path) -> None:
    """A file where the folder should be is one clear error, and the input is not even looked at."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(OutputError, match="cannot write to"):
        pipeline.scan([tmp_path / "absent"], tmp_path / "taken")


def test_a_folder_without_a_scan_is_told(tmp_path: Path) -> None:
    """Asking for the results of a scan that never was says which command makes one."""
    with pytest.raises(MissingInput, match="lineage scan"):
        pipeline.load_stories(tmp_path / "absent")


def test_nothing_in_nothing_out() -> None:
    """No articles, one article, and articles that share nothing give no story and no error."""
    assert lineage.trace([]).stories == ()
    assert lineage.trace(rows(CABLE)[:1]).stories == ()


def test_a_notebook_gets_pictures_and_words(cable: lineage.Result) -> None:
    """A story in a notebook is a picture, and a text where pictures are not shown."""
    bundle = cable.stories[0]._repr_mimebundle_()

    assert bundle["image/svg+xml"]
    assert "probably derived from" in str(bundle["text/plain"])


def test_no_public_name_is_a_room() -> None:
    """Importing a room must not turn a public function into a module: see docs/decisions/0002."""
    rooms = {place.stem for place in (Path(lineage.__file__).parent).iterdir() if place.suffix in ("", ".py")}

    assert not rooms & set(lineage.__all__)
    for name in lineage.__all__:  # every lazy name still is what it was after all rooms have been imported
        assert not isinstance(getattr(lineage, name), ModuleType), name


@pytest.fixture
def seeds(research: Callable[[str], Path]) -> Iterator[lineage.Result]:
    yield lineage.trace(lineage.read(research("seeds")))


def test_the_seeds(seeds: lineage.Result) -> None:
    """The reason this project exists: two pairs of rewrites, all four one story, the fifth article another."""
    probability = {(pair.a[:3], pair.b[:3]): pair.probability for pair in seeds.comparisons}

    assert probability["000", "001"] > 0.5
    assert probability["002", "003"] > 0.5
    (story,) = seeds.stories
    assert [id[:3] for id in story.record.articles] == ["000", "001", "002", "003"]
    assert {"named:tass", "named:ria-novosti"} <= {named.id for named in story.derivation.named}
    assert {frozenset((edge.parent[:3], edge.child[:3])) for edge in story.derivation.edges} == {
        frozenset(("000", "001")),
        frozenset(("002", "003")),
    }
