"""Scores against known truth, checked on examples small enough to reckon by hand, and against slow twins."""

import itertools
import json
from pathlib import Path
from typing import Any

import networkx
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage import evaluate
from lineage.errors import InputError, MissingInput


def written(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def node(id: str, *parents: str, observed: bool = True, story: str = "s") -> dict[str, Any]:
    return {"story": story, "id": id, "parents": list(parents), "observed": observed}


def edge(parent: str, child: str, probability: float = 1.0, directed: bool = True) -> dict[str, Any]:
    return {"parent": parent, "child": child, "probability": probability, "directed": directed}


def derivation(tmp_path: Path, gold: list[dict[str, Any]], *stories: dict[str, Any]) -> evaluate.Scores:
    written(tmp_path / "stories.jsonl", list(stories))
    return evaluate.derivation(written(tmp_path / "gold.jsonl", gold), tmp_path)


CHAIN = [node("a"), node("b", "a"), node("c", "b"), node("d", "c")]


def test_the_truth_scores_one(tmp_path: Path) -> None:
    """A derivation equal to the truth has every figure at its best."""
    edges = [edge("a", "b"), edge("b", "c"), edge("c", "d")]
    figures = derivation(tmp_path, CHAIN, {"articles": ["a", "b", "c", "d"], "edges": edges}).figures
    names = ("roots", "edges", "skeleton", "parents", "leaves", "ancestry", "found", "signs", "precision")
    best = dict.fromkeys(names, 1.0)
    assert figures == {**best, "precision_top_half": 1.0, "brier": 0.0, "stories": 1}


def test_a_reversed_chain_keeps_its_skeleton_only(tmp_path: Path) -> None:
    """a→b→c→d read backwards: skeleton 1, edges and ancestry 0, root and leaf at the wrong end."""
    edges = [edge("b", "a", 0.8), edge("c", "b", 0.8), edge("d", "c", 0.8)]
    figures = derivation(tmp_path, CHAIN, {"articles": ["a", "b", "c", "d"], "edges": edges}).figures
    assert (figures["skeleton"], figures["edges"], figures["ancestry"]) == (1.0, 0.0, 0.0)
    assert (figures["roots"], figures["leaves"]) == (0.0, 0.0)
    assert (figures["precision"], figures["brier"]) == (0.0, 0.64)


def test_a_star_instead_of_a_chain(tmp_path: Path) -> None:
    """a→b, a→c, a→d against a→b→c→d: 1 of 3 edges, root right, leaves 1 of 3, ancestry 3 of 6."""
    edges = [edge("a", "b"), edge("a", "c"), edge("a", "d")]
    figures = derivation(tmp_path, CHAIN, {"articles": ["a", "b", "c", "d"], "edges": edges}).figures
    assert (figures["edges"], figures["roots"]) == (0.333, 1.0)
    assert (figures["leaves"], figures["ancestry"]) == (0.333, 0.5)


def test_an_undirected_edge_counts_for_the_skeleton_alone(tmp_path: Path) -> None:
    """Either way is neither right nor wrong about the direction."""
    gold = [node("a"), node("b", "a")]
    story = {"articles": ["a", "b"], "edges": [edge("a", "b", 0.5, directed=False)]}
    figures = derivation(tmp_path, gold, story).figures
    assert (figures["skeleton"], figures["edges"], figures["roots"]) == (1.0, 0.0, 0.5)
    assert "brier" not in figures


def test_lost_and_posited_texts_are_passed_through(tmp_path: Path) -> None:
    """Grandparents take the place of parents that nobody has, in the truth and in the result."""
    gold = [node("a"), node("lost", "a", observed=False), node("b", "lost"), node("c", "lost")]
    edges = [edge("a", "posited:1"), edge("posited:1", "b"), edge("posited:1", "c")]
    figures = derivation(tmp_path, gold, {"articles": ["a", "b", "c"], "edges": edges}).figures
    assert (figures["edges"], figures["ancestry"], figures["found"]) == (1.0, 1.0, 1.0)


def test_a_story_that_was_not_found_counts(tmp_path: Path) -> None:
    """An average over the true stories, found or not; without edges every article is a root and a leaf."""
    gold = [*CHAIN, node("x", story="t"), node("y", "x", story="t")]
    edges = [edge("a", "b"), edge("b", "c"), edge("c", "d")]
    figures = derivation(tmp_path, gold, {"articles": ["a", "b", "c", "d"], "edges": edges}).figures
    assert figures["stories"] == 2
    assert (figures["found"], figures["edges"], figures["roots"]) == (0.5, 0.5, 0.75)


def test_calibration_counts_each_claim_once() -> None:
    """Bins hold the mean claim and the share that is true; 1.0 falls into the last."""
    bins = evaluate.calibration([(0.95, True), (1.0, False), (0.31, True)])
    assert [(bin.low, bin.count, bin.claimed, bin.true) for bin in bins] == [(0.3, 1, 0.31, 1.0), (0.9, 2, 0.975, 0.5)]


GOLD_PAIRS = [
    {"id": "a", "group": "1", "story": "s"},
    {"id": "b", "group": "1", "story": "s"},
    {"id": "c", "group": "1", "story": "s"},
    {"id": "d", "group": "2", "story": "s"},
    {"id": "e", "group": "3"},
]
SAID_PAIRS = [("a", "b", 0.9), ("a", "c", 0.4), ("a", "d", 0.7), ("b", "e", 0.6), ("a", "unknown", 0.9)]


def said_pairs() -> list[dict[str, Any]]:
    return [{"a": a, "b": b, "probability": chance, "relation": "rewrite"} for a, b, chance in SAID_PAIRS]


def test_pairs_by_hand(tmp_path: Path) -> None:
    """Three true pairs, one said; two wrong, one of them of the same event; an unknown article counts for nothing."""
    written(tmp_path / "pairs.jsonl", said_pairs())
    figures = evaluate.pairs(written(tmp_path / "gold.jsonl", GOLD_PAIRS), tmp_path).figures
    assert (figures["positive_pairs"], figures["reported_pairs"]) == (3, 3)
    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.3333, 0.3333, 0.3333)
    assert (figures["same_event_pairs"], figures["same_event_false_rate"]) == (3, 0.3333)
    # The limit is the highest probability of a same-event pair, 0.7; only a–b lies above it.
    assert figures["recall_at_1pct_same_event"] == 0.3333


def test_ignored_pairs_count_neither_way(tmp_path: Path) -> None:
    """A pair of unknown truth is neither a false alarm nor a same-event pair."""
    written(tmp_path / "pairs.jsonl", said_pairs())
    unknown = tmp_path / "ignore.tsv"
    unknown.write_text("d\ta\twhy\n", encoding="utf-8")
    figures = evaluate.pairs(written(tmp_path / "gold.jsonl", GOLD_PAIRS), tmp_path, unknown).figures
    assert (figures["reported_pairs"], figures["precision"]) == (2, 0.5)
    assert (figures["same_event_pairs"], figures["same_event_false_rate"]) == (2, 0.0)


def test_an_ignored_pair_of_one_group_is_no_miss(tmp_path: Path) -> None:
    """Neither found nor missed: a scan that reports it and one that does not score the same."""
    gold = written(tmp_path / "gold.jsonl", [{"id": id, "group": "g"} for id in "abc"])
    unknown = tmp_path / "ignore.tsv"
    unknown.write_text("a\tb\n", encoding="utf-8")
    known = [{"a": "a", "b": "c", "probability": 0.9}, {"a": "b", "b": "c", "probability": 0.9}]
    for said in (known, [{"a": "a", "b": "b", "probability": 0.9}, *known]):
        figures = evaluate.pairs(gold, written(tmp_path / "pairs.jsonl", said), unknown).figures
        assert (figures["positive_pairs"], figures["recall"], figures["precision"]) == (2, 1.0, 1.0)


def test_parquet_and_jsonl_score_the_same(tmp_path: Path) -> None:
    """Both files of a scan say the same."""
    gold = written(tmp_path / "gold.jsonl", GOLD_PAIRS)
    lines = evaluate.pairs(gold, written(tmp_path / "pairs.jsonl", said_pairs()))
    pq.write_table(pa.Table.from_pylist(said_pairs()), tmp_path / "pairs.parquet")
    assert evaluate.pairs(gold, tmp_path) == lines


def test_the_kind_is_seen_in_the_columns(tmp_path: Path) -> None:
    """`parents` means derivation, `group` means pairs, anything else is refused."""
    assert evaluate.kind_of(written(tmp_path / "d.jsonl", CHAIN)) == "derivation"
    assert evaluate.kind_of(written(tmp_path / "p.jsonl", GOLD_PAIRS)) == "pairs"
    with pytest.raises(InputError, match="neither"):
        evaluate.kind_of(written(tmp_path / "x.jsonl", [{"id": "a"}]))


def test_missing_and_malformed_files_are_named(tmp_path: Path) -> None:
    """The error says which file, and which line."""
    with pytest.raises(MissingInput, match=r"gold\.jsonl"):
        evaluate.kind_of(tmp_path / "gold.jsonl")
    gold = written(tmp_path / "gold.jsonl", [CHAIN[0], {"story": "s"}])
    written(tmp_path / "stories.jsonl", [])
    with pytest.raises(InputError, match=r"gold\.jsonl:2"):
        evaluate.derivation(gold, tmp_path)


def test_a_table_of_ignored_pairs_that_is_no_text_is_named(tmp_path: Path) -> None:
    gold = written(tmp_path / "gold.jsonl", GOLD_PAIRS)
    written(tmp_path / "pairs.jsonl", [])
    unknown = tmp_path / "ignore.tsv"
    unknown.write_bytes("a\tb\n".encode("utf-16"))
    with pytest.raises(InputError, match=r"ignore\.tsv"):
        evaluate.pairs(gold, tmp_path, unknown)


NAMES = "abcdef"
DAGS = st.fixed_dictionaries(
    {
        child: st.frozensets(st.sampled_from(NAMES[:place])) if place else st.just(frozenset())
        for place, child in enumerate(NAMES)
    }
)


def slow_ancestors(parents: dict[str, frozenset[str]], id: str) -> set[str]:
    return set(parents[id]).union(*(slow_ancestors(parents, parent) for parent in parents[id]))


def slow_contraction(parents: dict[str, frozenset[str]], observed: set[str], id: str) -> set[str]:
    through = (slow_contraction(parents, observed, parent) for parent in parents[id] if parent not in observed)
    return {parent for parent in parents[id] if parent in observed}.union(*through)


@given(DAGS, st.frozensets(st.sampled_from(NAMES)))
def test_walks_agree_with_their_slow_twins(parents: dict[str, frozenset[str]], observed: frozenset[str]) -> None:
    """Ancestors and contraction are what plain recursion says."""
    assert all(evaluate.ancestors(parents, id) == slow_ancestors(parents, id) for id in NAMES)
    expected = {id: slow_contraction(parents, set(observed), id) for id in observed}
    assert evaluate.contracted(parents, set(observed)) == expected


@given(DAGS, DAGS)
def test_scores_are_symmetric_and_in_range(a: dict[str, set[str]], b: dict[str, set[str]]) -> None:
    """Truth and result may change places, and each figure is 0 to 1, and 1 of a derivation with itself."""
    forth, back = (evaluate.tree_scores(set(NAMES), x, y, set()) for x, y in ((a, b), (b, a)))
    assert forth == back
    assert all(0.0 <= value <= 1.0 for value in forth.values())
    assert set(evaluate.tree_scores(set(NAMES), a, a, set()).values()) == {1.0}


def test_signs_of_a_chain_and_a_star() -> None:
    """Of the 12 ordered choices over four texts, a star in place of the chain ties or turns what it ties or turns."""
    chain, star = {"b": ["a"], "c": ["b"], "d": ["c"]}, {"b": ["a"], "c": ["a"], "d": ["a"]}
    assert evaluate.sign_similarity("abcd", chain, chain) == 1.0
    assert evaluate.sign_similarity("abcd", chain, star) == pytest.approx(_slow_signs("abcd", chain, star))


def _slow_signs(ids: str, true: dict[str, list[str]], said: dict[str, list[str]]) -> float:
    """The definition, word for word, with networkx' distances."""

    def sign(graph: Any, a: str, b: str, c: str) -> int:
        far = {x: networkx.shortest_path_length(graph, a, x) if networkx.has_path(graph, a, x) else 99 for x in (b, c)}
        return (far[b] > far[c]) - (far[b] < far[c])

    graphs = []
    for links in (true, said):
        graph = networkx.Graph((parent, child) for child, parents in links.items() for parent in parents)
        graph.add_nodes_from(ids)
        graphs.append(graph)
    rows = [1 - abs(sign(graphs[0], *t) - sign(graphs[1], *t)) / 2 for t in itertools.permutations(ids, 3)]
    return sum(rows) / len(rows)


links = st.dictionaries(st.sampled_from("bcdef"), st.lists(st.sampled_from("abcdelx"), max_size=2))


@given(links, links)
def test_sign_similarity_is_its_definition(true: dict[str, list[str]], said: dict[str, list[str]]) -> None:
    """Equal to the slow twin, symmetric, 0 to 1, with lost texts (l, x) on the way."""
    found = evaluate.sign_similarity("abcdef", true, said)
    assert found == pytest.approx(_slow_signs("abcdef", true, said))
    assert found == pytest.approx(evaluate.sign_similarity("abcdef", said, true))
    assert 0.0 <= found <= 1.0


def test_a_lost_source_is_found_by_its_children(tmp_path: Path) -> None:
    """Posited above the same children: right; one more, above nothing lost: half of those said are right."""
    gold = [node("l", observed=False), node("a", "l"), node("b", "l"), node("c", "b"), node("d", "b")]
    edges = [edge("posited:1", "a"), edge("posited:1", "b"), edge("posited:2", "c"), edge("posited:2", "d")]
    figures = derivation(tmp_path, gold, {"articles": ["a", "b", "c", "d"], "edges": edges}).figures
    assert (figures["posited_precision"], figures["posited_recall"]) == (0.5, 1.0)


def test_posited_sources_of_two_stories_are_two(tmp_path: Path) -> None:
    """`posited:1` of one story is not that of another."""
    gold = [node("l", observed=False), node("a", "l"), node("b", "l")]
    gold += [node("m", observed=False, story="t"), node("c", "m", story="t"), node("d", "m", story="t")]
    stories = [
        {"articles": ids, "edges": [edge("posited:1", ids[0]), edge("posited:1", ids[1])]}
        for ids in (["a", "b"], ["c", "d"])
    ]
    figures = derivation(tmp_path, gold, *stories).figures
    assert (figures["posited_precision"], figures["posited_recall"], figures["signs"]) == (1.0, 1.0, 1.0)


def test_a_second_parent_that_was_missed(tmp_path: Path) -> None:
    """Three texts have their parents right, the merged one has half of them: F1 of 2/3."""
    gold = [node("a"), node("b"), node("c", "a", "b")]
    figures = derivation(tmp_path, gold, {"articles": ["a", "b", "c"], "edges": [edge("a", "c")]}).figures
    assert figures["parents"] == round((1 + 1 + 2 / 3) / 3, 3)
