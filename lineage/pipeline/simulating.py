"""Simulated stories as the files that a scan and an evaluation read."""

from pathlib import Path
from typing import Any

import msgspec

from lineage import simulate
from lineage.errors import OutputError
from lineage.records import Article
from lineage.report import files

ARTICLES, TRUTH = "articles.jsonl", "derivation.gold.jsonl"


def simulated(out: Path, stories: int, seed: int = 1, most: int = 12, wrong_dates: float = 0.0) -> int:
    """Write simulated stories and their truth to the folder `out`; how many articles they have.

    See `lineage.simulate.corpus`.  Raises OutputError.
    """
    made = simulate.corpus(stories, seed, most, wrong_dates)
    articles = [article for story in made for article in story.articles]
    truth = []
    for number, story in enumerate(made, 1):
        kept = {article.id for article in story.articles}
        truth += [
            {"story": f"s{number:04}", "id": id, "parents": list(parents), "observed": id in kept}
            for id, parents in story.parents.items()
        ]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"cannot make {out} ({error.strerror}); choose another folder with -o") from error
    files.write(out / ARTICLES, _lines([_row(article) for article in articles]))
    files.write(out / TRUTH, _lines(truth))
    return len(articles)


def _row(article: Article) -> dict[str, Any]:
    dated = {} if article.published is None else {"published": article.published.text}
    return {"id": article.id, "story": article.story, "text": article.text, **dated}


def _lines(rows: list[dict[str, Any]]) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
