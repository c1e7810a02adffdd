"""How often the relation of a pair is the one its editing style asks for, on stories whose styles are known."""

import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lineage import pipeline

EXPECTED = {
    "copy": "copy",
    "light": "light edit",
    "abridge": "abridged",
    "expand": "expanded",
    "paraphrase": "rewrite",
    "restructure": "rewrite",
    "reframe": "rewrite",
    "drift": "rewrite",
    "rewrite": "rewrite",
}
"""The relation of a child to its only parent, by the style it was written in. A merge may be `rewrite` or `partial`, so
it is not counted."""
TURNED = {"abridged": "expanded", "expanded": "abridged"}
CORPUS = Path(__file__).parents[2] / "corpus"


@dataclass(frozen=True, slots=True)
class Known:
    """One story: articles as id → text, and (parent, child, expected relation) of what is known of it."""

    name: str
    articles: dict[str, str]
    edges: list[tuple[str, str, str]]


def figures(data: Path, table: Callable[[Iterable[str], Iterable[Iterable[object]]], None]) -> None:
    """Print, for each expected relation, what was said; first for `rewrites/`, then for `corpus/`."""
    for title, stories in (("rewrites", _written(data / "rewrites")), ("corpus", _own())):
        said = Counter(verdict for story in stories for verdict in _said(story))
        wanted = sorted({expected for expected, _ in said})
        kinds = sorted({found for _, found in said})
        rows = []
        for expected in wanted:
            counts = [said[expected, found] for found in kinds]
            rows.append((expected, sum(counts), *counts))
        right = sum(count for (expected, found), count in said.items() if expected == found)
        print(f"{title}: {right} of {sum(said.values())} relations as the style asks\n")
        table((f"asked for ({title})", "pairs", *(f"said: {kind}" for kind in kinds)), rows)


def _said(story: Known) -> Iterator[tuple[str, str]]:
    found = {}
    for compared in pipeline.trace([{"id": id, "text": text} for id, text in story.articles.items()]).comparisons:
        found[compared.a, compared.b] = compared.relation
        found[compared.b, compared.a] = TURNED.get(compared.relation, compared.relation)
    for parent, child, expected in story.edges:
        yield expected, found.get((parent, child), "same event" if expected == "same event" else "not reported")


def _independent(articles: Iterable[str], alone: set[str]) -> list[tuple[str, str, str]]:
    """An independent report stands to every other article of the story as one of the same event, at most."""
    return [(other, id, "same event") for id in sorted(alone) for other in articles if other != id]


def _written(folder: Path) -> Iterator[Known]:
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        texts = {path.stem: path.read_text(encoding="utf-8").partition("\n\n")[2] for path in place.glob("*.txt")}
        alone = {id for id in texts if id.startswith(("ind", "near"))}
        edges = list(_edges(_nodes(plan, place.name)))
        yield Known(place.name, texts, [*edges, *_independent(sorted(texts), alone)])


def _own() -> Iterator[Known]:
    for place in sorted((CORPUS / "truth").glob("*.toml")):
        truth = tomllib.loads(place.read_text(encoding="utf-8"))
        lines = (CORPUS / place.stem / "articles.jsonl").read_text(encoding="utf-8").splitlines()
        texts = {row["id"]: row["text"] for row in map(json.loads, lines)}
        nodes = [(node["id"], list(node["parents"]), node["style"]) for node in truth["node"]]
        alone = {id for id, _, style in nodes if style in ("independent", "other event") and id in texts}
        edges = [edge for edge in _edges(nodes) if edge[0] in texts and edge[1] in texts]
        yield Known(place.stem, texts, [*edges, *_independent(sorted(texts), alone)])


def _edges(nodes: Iterable[tuple[str, list[str], str]]) -> Iterator[tuple[str, str, str]]:
    for id, parents, style in nodes:
        if len(parents) == 1 and style in EXPECTED:
            yield parents[0], id, EXPECTED[style]


def _nodes(plan: dict[str, Any], story: str) -> list[tuple[str, list[str], str]]:
    return [(id, node["parents"], node["style"]) for id, node in plan["families"][story]["nodes"].items()]
