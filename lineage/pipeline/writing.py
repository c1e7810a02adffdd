"""What a scan found becomes the files of its folder, streamed: no more than a row group is ever held."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import msgspec
import numpy as np
import pyarrow as pa

from lineage import verify
from lineage.derive import Company
from lineage.pipeline import results
from lineage.records import Boilerplate, Comparison, Skipped, Story
from lineage.report import files, growing, stories_json, tables
from lineage.store import Shelf

_AT_ONCE = 1 << 16  # pairs made into rows together
_FEW = 512  # articles, or stories, made into rows together


def pairs(out: Path, found: verify.Found, ids: Sequence[str], jsonl: bool) -> None:
    """Write `pairs.parquet`, and with `jsonl` the same as lines.  Raises OutputError."""
    scores = sorted(verify.SCORES) if len(found.pairs) else []
    schema = pa.schema(
        [
            ("a", pa.string()),
            ("b", pa.string()),
            ("probability", pa.float64()),
            ("relation", pa.string()),
            *((name, pa.float64()) for name in scores),
        ]
    )
    growing.write(out / results.PAIRS, schema, _pair_tables(found, ids, schema))
    if jsonl:
        tables.write_pairs_jsonl(out / results.PAIRS_JSONL, found.comparisons(ids))
    else:
        (out / results.PAIRS_JSONL).unlink(missing_ok=True)


def _pair_tables(found: verify.Found, ids: Sequence[str], schema: pa.Schema) -> Iterator[pa.Table]:
    columns = [verify.SCORES.index(name) for name in schema.names[len(tables.PAIR_COLUMNS) :]]
    for start in range(0, len(found.pairs), _AT_ONCE):
        span = slice(start, start + _AT_ONCE)
        a, b = ([ids[place] for place in found.pairs[span, side].tolist()] for side in (0, 1))
        rows = [a, b, found.probabilities[span], found.relations[span]]
        scores = [np.ascontiguousarray(found.scores[span, column]) for column in columns]
        yield pa.table(
            [pa.array(column, kind) for column, kind in zip([*rows, *scores], schema.types, strict=True)], schema=schema
        )


def stories(out: Path, parts: Sequence[Path]) -> None:
    """Write `stories.jsonl`, `edges.parquet` and `changes.parquet` from files of stories.  Raises OutputError."""
    with files.replacing(out / results.STORIES) as beside, beside.open("wb") as stream:
        for part in parts:
            stream.write(part.read_bytes())
    places = sorted(_places(parts))
    growing.write(out / results.EDGES, tables.EDGES, (tables.edge_table(some) for some in _batches(places)))
    growing.write(out / results.CHANGES, tables.CHANGES, (tables.change_table(some) for some in _batches(places)))


class _Head(msgspec.Struct):
    id: str


def _places(parts: Sequence[Path]) -> Iterator[tuple[str, int, int, int, Path]]:
    """Id, part, beginning and length of every story."""
    for number, part in enumerate(parts):
        start = 0
        for line in part.read_bytes().splitlines(keepends=True):
            yield msgspec.json.decode(line, type=_Head).id, number, start, len(line), part
            start += len(line)


def _batches(places: Sequence[tuple[str, int, int, int, Path]]) -> Iterator[list[Story]]:
    """The stories in the order of their ids, a few at a time."""
    for start in range(0, len(places), _FEW):
        batch = []
        for _, _, begin, length, part in places[start : start + _FEW]:
            with part.open("rb") as stream:
                stream.seek(begin)
                batch.append(stories_json.decode(stream.read(length), str(part)))
        yield batch


def articles(out: Path, shelf: Shelf, told: Iterable[str]) -> None:
    """Write `articles.parquet`: the articles of all stories, by id.  Raises OutputError."""
    wanted = set(told)
    places = (place for place, id in enumerate(shelf.ids) if id in wanted)

    def some() -> Iterator[pa.Table]:
        while batch := [shelf.article(place) for place in islice(places, _FEW)]:
            yield tables.article_table(batch)

    growing.write(out / results.ARTICLES, tables.ARTICLES, some())


def company(out: Path, found: Company) -> None:
    """Write `company.json`: what the stories looked like by which their kind was told.  Raises OutputError."""
    files.write(out / results.COMPANY, msgspec.json.encode(found) + b"\n")


def boilerplate(out: Path, found: Iterable[Boilerplate]) -> None:
    """Write `boilerplate.jsonl`, one passage a line, the most repeated first.  Raises OutputError."""
    files.write(out / results.BOILERPLATE, b"".join(msgspec.json.encode(passage) + b"\n" for passage in found))


def skipped(out: Path, named: Iterable[Skipped]) -> None:
    """Write `skipped.jsonl`.  Raises OutputError."""
    files.write(out / results.SKIPPED, b"".join(msgspec.json.encode(one) + b"\n" for one in named))


def given(comparisons: Sequence[Comparison], ids: Sequence[str]) -> verify.Found:
    """Comparisons as columns; `ids` of all articles, sorted."""
    place = {id: at for at, id in enumerate(ids)}
    ordered = sorted(comparisons, key=lambda pair: (pair.a, pair.b))
    return verify.Found(
        np.array([(place[pair.a], place[pair.b]) for pair in ordered], np.int32).reshape(-1, 2),
        np.array([pair.probability for pair in ordered], np.float64),
        [pair.relation for pair in ordered],
        np.array([[pair.scores[name] for name in verify.SCORES] for pair in ordered], np.float64).reshape(
            -1, len(verify.SCORES)
        ),
    )
