"""The corpus is what its README says: stories with a true derivation, parsed and measured."""

import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from lineage.records import CHANGE_KINDS
from lineage.truth import rows as rows_of

CORPUS = Path(__file__).resolve().parents[2] / "corpus"
STORIES = sorted(path.parent.name for path in CORPUS.glob("*/articles.jsonl"))
FIELDS = {"id", "text", "title", "published", "source", "author", "url", "lang"}
STYLES = {
    "original",
    "independent",
    "other event",
    "copy",
    "cut",
    "light",
    "abridge",
    "expand",
    "rewrite",
    "paraphrase",
    "restructure",
    "drift",
    "reframe",
    "merge",
    "translation",
}
PARENTLESS = {"original", "independent", "other event"}
REWORDED = {"paraphrase", "restructure", "drift"}


@cache
def articles(story: str) -> dict[str, dict[str, Any]]:
    """The articles of a story by id; two of one id are an error."""
    lines = (CORPUS / story / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert len({row["id"] for row in rows}) == len(rows), f"{story} has two articles of one id"
    return {row["id"]: row for row in rows}


@cache
def truth(story: str) -> dict[str, Any]:
    """The truth file of a story."""
    return tomllib.loads((CORPUS / "truth" / f"{story}.toml").read_text(encoding="utf-8"))


def nodes(story: str) -> dict[str, dict[str, Any]]:
    """The nodes of a story's true derivation by id."""
    return {node["id"]: node for node in truth(story)["node"]}


def texts(story: str) -> dict[str, dict[str, Any]]:
    """Title and text of every node, lost ones included."""
    lost = {name: node for name, node in nodes(story).items() if not node["observed"]}
    return {**articles(story), **lost}


def shingles(text: str) -> set[tuple[str, ...]]:
    """The runs of five words of a text."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def shared(parent: str, child: str) -> float:
    """Share of the child's runs of five words that stand in the parent, 0 to 1."""
    here = shingles(child)
    return len(here & shingles(parent)) / len(here)


def edges(styles: set[str]) -> list[tuple[str, str, str]]:
    """All (story, parent, child) whose child has one of the styles."""
    return [
        (story, parent, name)
        for story in STORIES
        for name, node in nodes(story).items()
        if node["style"] in styles
        for parent in node["parents"]
    ]


def test_there_are_at_least_twelve_stories_and_each_has_a_truth() -> None:
    """Twelve stories or more, and truth files for exactly these."""
    assert len(STORIES) >= 12
    assert sorted(path.stem for path in (CORPUS / "truth").iterdir()) == STORIES


def test_ids_are_unique_over_the_corpus() -> None:
    """No two articles of the corpus have one id, and an id begins with its story's name."""
    names = [name for story in STORIES for name in articles(story)]
    assert len(set(names)) == len(names)
    assert all(name.startswith(f"{story}-") for story in STORIES for name in articles(story))


@pytest.mark.parametrize("story", STORIES)
def test_articles_are_complete(story: str) -> None:
    """Every article has a title and a text of fifty words or more, known fields only, and they stand in id order."""
    assert list(articles(story)) == sorted(articles(story))
    for row in articles(story).values():
        assert row.keys() <= FIELDS
        assert row["title"].strip()
        assert row["lang"] in truth(story)["languages"]
        assert len(row["text"].split()) >= 50


@pytest.mark.parametrize("story", STORIES)
def test_truth_names_the_articles_and_no_others(story: str) -> None:
    """Observed nodes are exactly the articles; a lost node has its text in the truth and has a child."""
    observed = {name for name, node in nodes(story).items() if node["observed"]}
    assert observed == articles(story).keys()
    wanted = {parent for node in nodes(story).values() for parent in node["parents"]}
    for name in nodes(story).keys() - observed:
        assert name in wanted
        assert len(nodes(story)[name]["text"].split()) >= 50


@pytest.mark.parametrize("story", STORIES)
def test_truth_is_acyclic(story: str) -> None:
    """Parents are nodes of the same story, and no text is written from its own descendant."""
    left = {name: set(node["parents"]) for name, node in nodes(story).items()}
    assert all(parents <= left.keys() for parents in left.values())
    while left:
        free = {name for name, parents in left.items() if not parents & left.keys()}
        assert free, f"a cycle among {sorted(left)}"
        left = {name: parents for name, parents in left.items() if name not in free}


@pytest.mark.parametrize("story", STORIES)
def test_styles_agree_with_parents(story: str) -> None:
    """Styles are known; an original has no parent, a merge two, anything else one."""
    for node in nodes(story).values():
        assert node["style"] in STYLES
        expected = 0 if node["style"] in PARENTLESS else 2 if node["style"] == "merge" else 1
        assert len(node["parents"]) == expected, node["id"]


@pytest.mark.parametrize("story", STORIES)
def test_readme_names_the_story(story: str) -> None:
    """The README has a row for the story that gives the number of its articles."""
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    row = next(line for line in readme.splitlines() if line.startswith(f"| `{story}` |"))
    assert row.split("|")[3].strip().split()[0] == str(len(articles(story)))
    assert row.split("|")[2].strip().split(", ") == sorted(
        truth(story)["languages"], key=["en", "de", "fr", "ru"].index
    )


def test_truth_for_scoring_is_the_truth() -> None:
    """The file that `lineage evaluate` takes says of every text what its truth file says, in sorted order."""
    lines = (CORPUS / "derivation.gold.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = [
        {"story": story, **{key: node[key] for key in ("id", "parents", "observed")}}
        for story in STORIES
        for node in truth(story)["node"]
    ]
    assert [json.loads(line) for line in lines] == wanted


def test_exact_copies_are_equal() -> None:
    """A copy has the text of its parent, letter for letter, under another headline."""
    copies = edges({"copy"})
    assert len(copies) >= 2
    for story, parent, child in copies:
        assert nodes(story)[child]["same_as"] == parent
        assert articles(story)[child]["text"] == articles(story)[parent]["text"]
        assert articles(story)[child]["title"] != articles(story)[parent]["title"]


@pytest.mark.parametrize(("story", "parent", "child"), edges(REWORDED))
def test_paraphrases_share_few_runs_of_words(story: str, parent: str, child: str) -> None:
    """Fewer than 5 % of the runs of five words of a full paraphrase stand in its parent."""
    assert shared(texts(story)[parent]["text"], texts(story)[child]["text"]) < 0.05


@pytest.mark.parametrize(("story", "parent", "child"), edges({"light", "abridge", "cut"}))
def test_light_edits_and_cuts_share_many_runs_of_words(story: str, parent: str, child: str) -> None:
    """More than half of the runs of five words of a light edit, abridgement or cut stand in its parent."""
    assert shared(texts(story)[parent]["text"], texts(story)[child]["text"]) > 0.5


@pytest.mark.parametrize("story", STORIES)
def test_known_changes_can_be_shown(story: str) -> None:
    """A listed change lies on a true edge, and its wordings stand in the parent and in the child."""
    for change in truth(story).get("change", []):
        parent, child = texts(story)[change["parent"]], texts(story)[change["child"]]
        assert change["kind"] in CHANGE_KINDS
        assert change["parent"] in nodes(story)[change["child"]]["parents"]
        assert change["before"] in f"{parent['title']}\n{parent['text']}"
        assert change["after"] in f"{child['title']}\n{child['text']}"


@pytest.mark.parametrize(
    ("story", "wrong", "right", "heirs", "others"),
    [
        ("cable", "14,800", "18,400", {"cable-herald", "cable-mirror"}, {"cable-courier", "cable-sentinel"}),
        ("slip", "4.2 billion", "2.4 billion", {"slip-evening", "slip-harbour", "slip-metro"}, {"slip-monitor"}),
    ],
)
def test_wrong_numbers_are_inherited(story: str, wrong: str, right: str, heirs: set[str], others: set[str]) -> None:
    """A number that goes wrong stands in all descendants of the slip and in no other article."""
    assert {name for name, row in articles(story).items() if wrong in row["text"]} == heirs
    assert others <= {name for name, row in articles(story).items() if right in row["text"]}


def test_wanted_situations_occur() -> None:
    """The corpus has merges, lost sources, translations, undated stories, dated ones and three languages more."""
    every = [node for story in STORIES for node in nodes(story).values()]
    styles = {node["style"] for node in every}
    assert styles == STYLES
    assert any(not node["observed"] for node in every)
    assert {code for story in STORIES for code in truth(story)["languages"]} >= {"en", "de", "fr", "ru"}
    dated = {story: [bool(row.get("published")) for row in articles(story).values()] for story in STORIES}
    assert any(all(has) for has in dated.values())
    assert any(not any(has) for has in dated.values())
    assert any(any(has) and not all(has) for has in dated.values())


SETS = sorted(place for part in ("training", "unseen") for place in (CORPUS / part).glob("*.gold.jsonl"))


@pytest.mark.parametrize("place", SETS, ids=lambda place: f"{place.parent.name} {place.name}")
def test_sets_to_learn_from_and_to_judge_by_are_whole(place: Path) -> None:
    """The observed texts are there, each with parents of its own story unless its style says that it has none."""

    def rows(place: Path) -> dict[str, dict[str, Any]]:
        found = rows_of(place)
        assert len({row["id"] for row in found}) == len(found)
        return {row["id"]: row for row in found}

    docs, gold = rows(place.with_name(place.name.replace(".gold.", ".docs."))), rows(place)
    assert set(docs) == {id for id, row in gold.items() if row["observed"]}
    for id, row in gold.items():
        assert all(gold[parent]["story"] == row["story"] for parent in row["parents"]), id
        assert all(gold[parent].get("group") == row.get("group") for parent in row["parents"]), id
        assert bool(row["parents"]) != (row["style"] in {"original", "independent"}) or row["style"] == "lost", id
        assert id not in docs or docs[id]["story"] == row["story"]


def test_no_story_to_learn_from_is_one_to_judge_by() -> None:
    """The sets to learn from hold no text of the stories of the corpus, nor of those no model has seen."""
    judged = {text["text"] for story in STORIES for text in texts(story).values()}
    unseen = {row["text"] for place in (CORPUS / "unseen").glob("*.docs.jsonl") for row in rows_of(place)}
    learned = {row["text"] for place in (CORPUS / "training").glob("*.docs.jsonl") for row in rows_of(place)}
    assert unseen and learned
    assert not (judged | unseen) & learned
