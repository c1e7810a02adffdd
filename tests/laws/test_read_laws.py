"""Laws of reading: ids do not depend on the order of inputs, and nothing vanishes unsaid."""

import itertools
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from lineage import ingest
from lineage.records import Skipped

FOLDERS = ("a", "b", "a/c")
FILES = ("x.txt", "y.txt", "x.md", "x.jsonl")
TREES = st.dictionaries(st.tuples(st.sampled_from(FOLDERS), st.sampled_from(FILES)), st.integers(0, 3), min_size=1)


def planted(root: Path, tree: dict[tuple[str, str], int]) -> None:
    for folder in FOLDERS:
        (root / folder).mkdir(parents=True, exist_ok=True)
    for (folder, file), content in tree.items():
        text = f"one two three four number {content}"
        (root / folder / file).write_text(f'{{"text": "{text}"}}\n' if file.endswith("l") else text)


@settings(max_examples=40, deadline=None)
@given(
    TREES, st.permutations([*FOLDERS, *(f"{folder}/{file}" for folder in FOLDERS for file in FILES)]), st.integers(1, 6)
)
def test_the_order_of_inputs_never_matters(tree: dict[tuple[str, str], int], named: list[str], count: int) -> None:
    """Any order of overlapping files and folders gives equal articles, each file once, the rest told."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        planted(root, tree)
        inputs = [root / name for name in named if (root / name).exists()][:count]
        files = {file for entry in inputs for file in ([entry] if entry.is_file() else entry.rglob("*.*"))}
        outcomes = []
        for order in itertools.islice(itertools.permutations(inputs), 3):
            skipped: list[Skipped] = []
            outcomes.append((list(ingest.articles(order, on_skip=skipped.append)), skipped))
    assert all(outcome == outcomes[0] for outcome in outcomes)
    articles, skipped = outcomes[0]
    assert len(articles) + len(skipped) == len(files)
    assert len({article.id for article in articles}) == len(articles)
    assert {entry.reason for entry in skipped} <= {"duplicate id"}


TEXTS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=60), max_size=8)


@settings(deadline=None)
@given(TEXTS)
def test_every_row_is_an_article_or_is_told(texts: list[str]) -> None:
    """Articles and skips add up to the rows, and a text that is taken is exactly the text that was given."""
    skipped: list[Skipped] = []
    found = list(ingest.from_rows(({"text": text} for text in texts), on_skip=skipped.append))
    assert len(found) + len(skipped) == len(texts)
    assert [article.text for article in found] == [texts[int(article.id.split("#")[1]) - 1] for article in found]
