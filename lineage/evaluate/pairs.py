"""Which articles share text, against known truth."""

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from lineage.errors import InputError
from lineage.evaluate.files import inside, opened, rows
from lineage.evaluate.scores import Scores, calibration

Pair = frozenset[str]

_SHARE_OF_SAME_EVENT = 0.01


class _Member(msgspec.Struct):
    id: str
    group: str
    story: str | None = None


class _Pair(msgspec.Struct):
    a: str
    b: str
    probability: float


def pairs(gold: Path, out: Path, ignore: Path | None = None) -> Scores:
    """How well the pairs of a scan agree with the true groups; a pair that is not reported has probability 0.

    gold: a line an article, `{"id", "group", "story"?}`: texts of one group share text, texts of one story but of
    different groups cover the same event independently.  out: the folder of a scan, or its pairs file.  ignore: pairs
    of unknown truth, ids separated by tabs, counted neither way.
    """
    members = {member.id: member for member in rows(gold, _Member)}
    unknown = _ignored(ignore) if ignore is not None else set()
    positive = _together({id: member.group for id, member in members.items()}) - unknown
    covered = _together({id: member.story or member.group for id, member in members.items()})
    hard = {pair for pair in covered if len({members[id].group for id in pair}) > 1} - unknown
    chances: dict[Pair, float] = {}
    for row in _pair_rows(out):
        pair = frozenset((row.a, row.b))
        chances[pair] = max(row.probability, chances.get(pair, 0.0))
    known = {pair: chance for pair, chance in chances.items() if len(pair) == 2 and pair <= members.keys()}
    reported = {pair for pair, chance in known.items() if chance >= 0.5} - unknown
    figures = _agreement(positive, reported) | _same_event(positive, hard, chances)
    judged = ((chance, pair in positive) for pair, chance in known.items() if pair not in unknown)
    return Scores(figures, calibration(judged))


def _together(group_of: Mapping[str, str]) -> set[Pair]:
    groups: dict[str, list[str]] = defaultdict(list)
    for id, group in group_of.items():
        groups[group].append(id)
    return {frozenset(pair) for ids in groups.values() for pair in itertools.combinations(ids, 2)}


def _agreement(positive: set[Pair], reported: set[Pair]) -> dict[str, float]:
    hit = len(positive & reported)
    precision = round(hit / len(reported), 4) if reported else 0.0
    recall = round(hit / len(positive), 4) if positive else 0.0
    return {
        "positive_pairs": len(positive),
        "reported_pairs": len(reported),
        "precision": precision,
        "recall": recall,
        "f1": round(2 * precision * recall / max(1e-9, precision + recall), 4),
    }


def _same_event(positive: set[Pair], hard: set[Pair], chances: Mapping[Pair, float]) -> dict[str, float]:
    """How often independent accounts of one event are taken for rewrites, and the recall at one in a hundred."""
    if not hard:
        return {"same_event_pairs": 0, "same_event_false_rate": 0.0}
    ranked = sorted((chances.get(pair, 0.0) for pair in hard), reverse=True)
    limit = ranked[max(0, int(_SHARE_OF_SAME_EVENT * len(ranked)) - 1)]
    above = sum(chances.get(pair, 0.0) > limit for pair in positive)
    figures: dict[str, float] = {
        "same_event_pairs": len(hard),
        "same_event_false_rate": round(sum(chance >= 0.5 for chance in ranked) / len(hard), 4),
    }
    if positive:
        figures["recall_at_1pct_same_event"] = round(above / len(positive), 4)
    return figures


def _ignored(path: Path) -> set[Pair]:
    """The pairs of a table.  Raises InputError where it is no text."""
    with opened(path) as lines:
        try:
            return {frozenset(line.decode().rstrip("\r\n").split("\t")[:2]) for line in lines if line.strip()}
        except UnicodeError as error:
            raise InputError(
                f"not a table of pairs ({error}); {path}; give two ids a line, with a tab between"
            ) from error


def _pair_rows(out: Path) -> Iterator[_Pair]:
    table = out / "pairs.parquet" if out.is_dir() else out
    if table.suffix != ".parquet" or not table.exists():
        yield from rows(inside(out, "pairs.jsonl"), _Pair)
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for batch in pq.ParquetFile(table).iter_batches(columns=["a", "b", "probability"]):
            yield from (_Pair(**row) for row in batch.to_pylist())
    except (pa.ArrowException, TypeError) as error:
        raise InputError(f"not a table of pairs ({error}); {table}; scan again") from error
