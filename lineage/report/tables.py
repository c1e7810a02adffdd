"""Pairs, edges and changes as flat tables: fixed columns, sorted rows, the same bytes for the same rows."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from lineage.errors import IndexFormatError, MissingInput
from lineage.records import Article, Change, Comparison, Edge, Story
from lineage.report.files import replacing

PAIR_COLUMNS = ("a", "b", "probability", "relation")
FACTS = ("quotes", "numbers", "names", "attributions", "hedges")
SENTENCES = ("kept", "changed", "dropped", "added")

EDGES = pa.schema(
    [
        *((name, pa.string()) for name in ("story", "parent", "child")),
        ("probability", pa.float64()),
        ("directed", pa.bool_()),
        ("direction", pa.float64()),
        ("relation", pa.string()),
        ("rival", pa.string()),
        ("rival_probability", pa.float64()),
        ("covered", pa.int64()),
        ("changes", pa.int32()),
        *((name, pa.int32()) for name in SENTENCES),
        *((f"{fact}_{side}", pa.int32()) for fact in FACTS for side in ("kept", "total")),
        ("summary", pa.string()),
    ]
)

CHANGES = pa.schema(
    [
        *((name, pa.string()) for name in ("story", "parent", "child")),
        ("position", pa.int32()),
        *((name, pa.string()) for name in ("kind", "before", "after")),
        *((f"{side}_{end}", pa.int64()) for side in ("before", "after") for end in ("start", "end")),
        ("note", pa.string()),
    ]
)

ARTICLE_COLUMNS = ("id", "title", "text", "published", "source", "author", "url", "lang")
ARTICLES = pa.schema([(name, pa.string()) for name in ARTICLE_COLUMNS])


def write_pairs_jsonl(path: Path, pairs: Iterable[Comparison]) -> None:
    """Write `pairs.jsonl`: the same columns as keys, one pair a line, a score only where the pair has it."""
    encoder = msgspec.json.Encoder()
    rows = sorted(pairs, key=lambda pair: (pair.a, pair.b))
    with replacing(path) as beside, beside.open("wb") as lines:
        for pair in rows:
            scores = {name: round(float(pair.scores[name]), 6) for name in score_names([pair])}
            row = {"a": pair.a, "b": pair.b, "probability": round(pair.probability, 6), "relation": pair.relation}
            lines.write(encoder.encode(row | scores) + b"\n")


def read_pairs(path: Path) -> Iterator[Comparison]:
    """The pairs of a `pairs.parquet`, in its order.  Raises MissingInput, IndexFormatError."""
    table = _read(path)
    absent = [name for name in PAIR_COLUMNS if name not in table.column_names]
    if absent:
        raise IndexFormatError(f"no column {absent[0]!r}; {path}; scan again")
    for batch in table.to_batches(max_chunksize=65536):
        for row in batch.to_pylist():
            a, b, probability, relation = (row.pop(name) for name in PAIR_COLUMNS)
            scores = {name: value for name, value in row.items() if value is not None}
            try:
                yield Comparison(a, b, probability, relation, scores)
            except (TypeError, ValueError) as error:
                raise IndexFormatError(f"a row that is no pair ({error}); {path}; scan again") from error


def article_table(articles: Iterable[Article]) -> pa.Table:
    """Articles, in their order, as a table of the schema `ARTICLES`; `published` as the input stated it."""
    return pa.Table.from_pylist([_article_row(article) for article in articles], schema=ARTICLES)


def read_articles(path: Path) -> Iterator[dict[str, str]]:
    """The rows of an `articles.parquet`, in its order.  Raises MissingInput, IndexFormatError."""
    table = _read(path)
    absent = [name for name in ARTICLE_COLUMNS if name not in table.column_names]
    if absent:
        raise IndexFormatError(f"no column {absent[0]!r}; {path}; scan again")
    for batch in table.select(ARTICLE_COLUMNS).to_batches(max_chunksize=1024):
        yield from batch.to_pylist()


def _article_row(article: Article) -> dict[str, str]:
    row = {name: getattr(article, name) for name in ARTICLE_COLUMNS if name != "published"}
    row["published"] = "" if article.published is None else article.published.text
    # Half of a surrogate pair has no UTF-8.
    return {name: value.encode("utf-8", "replace").decode() for name, value in row.items()}


def edge_table(stories: Iterable[Story]) -> pa.Table:
    """The edges of the stories as a table of the schema `EDGES`."""
    found = [(story.id, edge.parent, edge.child, edge) for story in stories for edge in story.derivation.edges]
    found.sort(key=lambda entry: entry[:3])
    return pa.Table.from_pylist([edge_row(story, edge) for story, _, _, edge in found], schema=EDGES)


def change_table(stories: Iterable[Story]) -> pa.Table:
    """The changes of the stories as a table of the schema `CHANGES`."""
    found = [
        (story.id, edge.parent, edge.child, position, change)
        for story in stories
        for edge in story.derivation.edges
        for position, change in enumerate(edge.reframing.changes)
    ]
    found.sort(key=lambda entry: entry[:4])
    return pa.Table.from_pylist([_change_row(*entry) for entry in found], schema=CHANGES)


def edge_row(story: str, edge: Edge) -> dict[str, Any]:
    """One edge, flat; the rival is the most probable other parent, null without one."""
    fate = edge.reframing.fate
    rival = min(edge.rivals, key=lambda rival: (-rival.probability, rival.parent), default=None)
    row: dict[str, Any] = {
        "story": story,
        "parent": edge.parent,
        "child": edge.child,
        "probability": edge.probability,
        "directed": edge.directed,
        "direction": edge.direction,
        "relation": edge.relation,
        "rival": None if rival is None else rival.parent,
        "rival_probability": None if rival is None else rival.probability,
        "covered": sum(span.end - span.start for span in edge.covers),
        "changes": len(edge.reframing.changes),
        "summary": edge.reframing.summary,
    }
    row |= {name: getattr(fate, name) for name in SENTENCES}
    row |= {f"{fact}_{side}": getattr(getattr(fate, fact), side) for fact in FACTS for side in ("kept", "total")}
    return row


def score_names(pairs: Sequence[Comparison]) -> list[str]:
    """Every score that any of the pairs has, sorted.  Raises ValueError where one has the name of a fixed column."""
    names = sorted({name for pair in pairs for name in pair.scores})
    taken = [name for name in names if name in PAIR_COLUMNS]
    if taken:
        raise ValueError(f"a score may not be called {taken[0]!r}: that is a column of its own")
    return names


def _change_row(story: str, parent: str, child: str, position: int, change: Change) -> dict[str, Any]:
    before, after = change.before_span, change.after_span
    return {
        "story": story,
        "parent": parent,
        "child": child,
        "position": position,
        "kind": change.kind,
        "before": change.before,
        "after": change.after,
        "before_start": None if before is None else before.start,
        "before_end": None if before is None else before.end,
        "after_start": None if after is None else after.start,
        "after_end": None if after is None else after.end,
        "note": change.note,
    }


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path, memory_map=False)
    except FileNotFoundError as error:
        raise MissingInput(f"no such file; {path}; name the folder of a finished scan") from error
    except (pa.ArrowInvalid, OSError) as error:
        raise IndexFormatError(f"not a Parquet table; {path}; scan again") from error
