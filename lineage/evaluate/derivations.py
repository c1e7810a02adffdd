"""Results are scored against known truth: which articles share text, and who was written from whom."""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from lineage.errors import InputError, MissingInput

T = TypeVar("T")
Parents = Mapping[str, Iterable[str]]
Pair = frozenset[str]
Confidence = tuple[float, bool]

BINS = 10
_SHARE_OF_SAME_EVENT = 0.01


@dataclass(frozen=True, slots=True)
class Bin:
    """Claims whose probability lies in [low, high): how many, their mean probability, and the share that is true."""

    low: float
    high: float
    count: int
    claimed: float
    true: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Named figures, most of them 0 to 1 with 1 the best (`brier`: 0 the best), and the calibration behind them."""

    figures: Mapping[str, float]
    calibration: tuple[Bin, ...] = ()


class _Node(msgspec.Struct):
    story: str
    id: str
    parents: list[str]
    observed: bool


class _Member(msgspec.Struct):
    id: str
    group: str
    story: str | None = None


class _Edge(msgspec.Struct):
    parent: str
    child: str
    probability: float = 1.0
    directed: bool = True


class _Story(msgspec.Struct):
    articles: list[str]
    edges: list[_Edge] = []


class _Pair(msgspec.Struct):
    a: str
    b: str
    probability: float


def kind_of(gold: Path) -> Literal["pairs", "derivation"]:
    """What a file of known truth is about, by the columns of its first line.  Raises InputError, MissingInput."""
    first = next(_rows(gold, dict[str, Any]), {})
    if "parents" in first:
        return "derivation"
    if "group" in first:
        return "pairs"
    raise InputError(f"{gold} has neither `parents` nor `group`; give one line a node, or one line an article")


def derivation(gold: Path, out: Path) -> Scores:
    """How well the derivations of a scan agree with the true ones, averaged over the true stories.

    gold: a line a text, `{"story", "id", "parents": [id], "observed"}`; lost texts are replaced by their own parents
    on both sides.  out: the folder of a scan, or its `stories.jsonl`.  Figures: `roots`, `leaves` and `ancestry` are
    shared among all (Jaccard), `edges` and `skeleton` are F1 (Dias et al. 2012; Marmerola et al. 2016); an undirected
    edge counts for the skeleton alone. `brier`, `precision` and `precision_top_half` judge the stated probabilities.
    """
    truth: dict[str, dict[str, list[str]]] = defaultdict(dict)
    observed: dict[str, set[str]] = defaultdict(set)
    for node in _rows(gold, _Node):
        truth[node.story][node.id] = node.parents
        if node.observed:
            observed[node.story].add(node.id)
    said = _said(_rows(_inside(out, "stories.jsonl"), _Story), set().union(*observed.values()))
    totals: dict[str, list[float]] = defaultdict(list)
    confidences: list[Confidence] = []
    for story in (name for name in truth if len(observed[name]) > 1):
        ids = observed[story]
        true = contracted(truth[story], ids)
        for name, value in said.scored(ids, true).items():
            totals[name].append(value)
        confidences += said.confidences(ids, true)
    figures = {name: round(sum(values) / len(values), 3) for name, values in totals.items()}
    figures |= _judged(confidences)
    return Scores({**figures, "stories": len(totals["roots"])}, calibration(confidences))


@dataclass(frozen=True, slots=True)
class _Said:
    """What all stories of a result claim together."""

    articles: set[str]
    parents: Mapping[str, set[str]]
    undirected: Mapping[str, set[Pair]]
    probability: Mapping[str, Mapping[str, tuple[int, float]]]

    def scored(self, ids: set[str], true: Mapping[str, set[str]]) -> dict[str, float]:
        said = {id: self.parents.get(id, set()) & ids for id in ids}
        either_way = {pair for id in ids for pair in self.undirected.get(id, ()) if pair <= ids}
        return {**tree_scores(ids, true, said, either_way), "found": len(ids & self.articles) / len(ids)}

    def confidences(self, ids: set[str], true: Mapping[str, set[str]]) -> list[Confidence]:
        """Stated probabilities between observed articles in the order they were stated, and whether they hold."""
        found = [
            (place, chance, parent in true[child])
            for child in ids
            for parent, (place, chance) in self.probability.get(child, {}).items()
            if parent in ids
        ]
        return [(chance, right) for _, chance, right in sorted(found)]


def _said(stories: Iterable[_Story], observed: set[str]) -> _Said:
    articles: set[str] = set()
    parents: dict[str, set[str]] = defaultdict(set)
    undirected: dict[str, set[Pair]] = defaultdict(set)
    probability: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
    places = itertools.count()
    for story in stories:
        articles.update(story.articles)
        for edge in story.edges:
            if not edge.directed:
                undirected[edge.child].add(frozenset((edge.parent, edge.child)))
                continue
            parents[edge.child].add(edge.parent)
            # A link stated twice keeps its first place and its last probability.
            place, _ = probability[edge.child].get(edge.parent, (next(places), 0.0))
            probability[edge.child][edge.parent] = (place, edge.probability)
    return _Said(articles, contracted(parents, observed), undirected, probability)


def contracted(parents: Parents, observed: set[str]) -> dict[str, set[str]]:
    """Parents of each observed text, with those that are not observed replaced by their own parents."""
    return {id: _resolved(parents, observed, id) for id in observed}


def _resolved(parents: Parents, observed: set[str], id: str) -> set[str]:
    found: set[str] = set()
    passed = {id}
    todo = list(parents.get(id, ()))
    while todo:
        parent = todo.pop()
        if parent == id:
            continue
        if parent in observed:
            found.add(parent)
        elif parent not in passed:
            passed.add(parent)
            todo += parents.get(parent, ())
    return found


def ancestors(parents: Parents, id: str) -> set[str]:
    """All texts that a text goes back to."""
    found: set[str] = set()
    todo = list(parents.get(id, ()))
    while todo:
        parent = todo.pop()
        if parent not in found:
            found.add(parent)
            todo += parents.get(parent, ())
    return found


def tree_scores(
    ids: set[str], true: Mapping[str, set[str]], said: Mapping[str, set[str]], undirected: set[Pair]
) -> dict[str, float]:
    """Agreement of two derivations of the same texts, each figure 0 to 1; symmetric but for `undirected`."""
    true_edges = {(parent, child) for child in ids for parent in true[child]}
    said_edges = {(parent, child) for child in ids for parent in said[child]}
    true_line = {(above, child) for child in ids for above in ancestors(true, child)}
    said_line = {(above, child) for child in ids for above in ancestors(said, child)}
    skeleton = {frozenset(edge) for edge in said_edges} | undirected
    return {
        "roots": _jaccard({id for id in ids if not true[id]}, {id for id in ids if not said[id]}),
        "edges": _f1(true_edges, said_edges),
        "skeleton": _f1({frozenset(edge) for edge in true_edges}, skeleton),
        "leaves": _jaccard(ids - {parent for parent, _ in true_edges}, ids - {parent for parent, _ in said_edges}),
        "ancestry": _jaccard(true_line, said_line),
    }


def _jaccard(a: set[T], b: set[T]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def _f1(true: set[T], said: set[T]) -> float:
    return 2 * len(true & said) / (len(true) + len(said)) if true or said else 1.0


def _judged(confidences: Sequence[Confidence]) -> dict[str, float]:
    if not confidences:
        return {}
    shuffled = list(confidences)
    # Equal probabilities must not be ranked by being right.
    random.Random(0).shuffle(shuffled)
    best = sorted(shuffled, key=lambda entry: -entry[0])[: max(1, len(shuffled) // 2)]
    return {
        "brier": round(sum((chance - right) ** 2 for chance, right in shuffled) / len(shuffled), 3),
        "precision": round(sum(right for _, right in shuffled) / len(shuffled), 3),
        "precision_top_half": round(sum(right for _, right in best) / len(best), 3),
    }


def calibration(confidences: Iterable[Confidence]) -> tuple[Bin, ...]:
    """Probabilities in ten equal bins, against how often they were right; empty bins are left out."""
    bins: dict[int, list[Confidence]] = defaultdict(list)
    for chance, right in confidences:
        bins[min(BINS - 1, int(chance * BINS))].append((chance, right))
    return tuple(
        Bin(
            low=number / BINS,
            high=(number + 1) / BINS,
            count=len(held),
            claimed=round(sum(chance for chance, _ in held) / len(held), 4),
            true=round(sum(right for _, right in held) / len(held), 4),
        )
        for number, held in sorted(bins.items())
    )


def pairs(gold: Path, out: Path, ignore: Path | None = None) -> Scores:
    """How well the pairs of a scan agree with the true groups; a pair that is not reported has probability 0.

    gold: a line an article, `{"id", "group", "story"?}`: texts of one group share text, texts of one story but of
    different groups cover the same event independently.  out: the folder of a scan, or its pairs file.  ignore: pairs
    of unknown truth, ids separated by tabs, counted neither way.
    """
    members = {member.id: member for member in _rows(gold, _Member)}
    unknown = _ignored(ignore) if ignore is not None else set()
    positive = _together({id: member.group for id, member in members.items()})
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
    with _opened(path) as lines:
        return {frozenset(line.decode().rstrip("\r\n").split("\t")[:2]) for line in lines if line.strip()}


def _pair_rows(out: Path) -> Iterator[_Pair]:
    table = out / "pairs.parquet" if out.is_dir() else out
    if table.suffix != ".parquet" or not table.exists():
        yield from _rows(_inside(out, "pairs.jsonl"), _Pair)
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        for batch in pq.ParquetFile(table).iter_batches(columns=["a", "b", "probability"]):
            yield from (_Pair(**row) for row in batch.to_pylist())
    except (pa.ArrowException, TypeError) as error:
        raise InputError(f"not a table of pairs ({error}); {table}; scan again") from error


def _inside(out: Path, name: str) -> Path:
    return out / name if out.is_dir() else out


def _opened(path: Path) -> Any:
    try:
        return path.open("rb")
    except OSError as error:
        raise MissingInput(
            f"cannot read {path}: {error.strerror}; name a gold file and the folder of a scan"
        ) from error


def _rows(path: Path, kind: type[T]) -> Iterator[T]:
    decoder = msgspec.json.Decoder(kind)
    with _opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield decoder.decode(line)
            except (msgspec.DecodeError, UnicodeError) as error:
                raise InputError(f"not what is wanted here ({error}); {path}:{number}; compare the fields") from error
