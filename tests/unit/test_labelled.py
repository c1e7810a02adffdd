"""Training corpora: what is made of the given ones teaches what it says, at any size."""

import json
from pathlib import Path

import pytest

from lineage.errors import MissingInput
from lineage.verify import labelled
from lineage.verify.labelled import Labelled


def corpora(folder: Path, groups: list[str]) -> dict[str, Labelled]:
    """The training corpora where one detection set holds a text for each name of a group."""
    place = folder / "detection"
    place.mkdir()
    words = [" ".join(f"word{row}x{at}" for at in range(200)) for row in range(len(groups))]
    docs = [{"id": f"d{row}", "text": text} for row, text in enumerate(words)]
    gold = [{"id": f"d{row}", "group": name, "story": name, "source": "s"} for row, name in enumerate(groups)]
    for kind, rows in (("docs", docs), ("gold", gold)):
        (place / f"some.{kind}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return {known.name: known for known in labelled.labelled(folder)}


@pytest.mark.parametrize("groups", [["a", "b", "c", "d", "e", "f", "g", "g"], ["a", "a"], ["a"]])
def test_footers_join_nothing_that_was_apart(tmp_path: Path, groups: list[str]) -> None:
    footed = corpora(tmp_path, groups)["footers"]

    assert len(footed.texts) == len(footed.group) <= len(groups)
    assert sorted(set(footed.group.tolist())) == sorted({groups[int(t.split("x")[0][4:])] for t in footed.texts})


def test_articles_of_one_outlet_share_their_footer(tmp_path: Path) -> None:
    footed = corpora(tmp_path, [f"g{row}" for row in range(60)])["footers"]

    footers = [text.split("\n\n")[1] for text in footed.texts]
    assert len(set(footers)) < len(footers)
    assert len(set(footed.group.tolist())) == len(footed.texts)


def test_what_this_project_wrote_is_read_with_its_doubts(tmp_path: Path) -> None:
    """The two texts of which one was made are asked about only if they have a source of their own in common."""
    told = corpora(tmp_path, ["a", "b"])["told"]

    assert told.unsure
    for a, b in told.unsure:
        assert told.group[a] == told.group[b]


def test_no_detection_sets_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingInput, match="LINEAGE_DATA"):
        labelled.labelled(tmp_path)
