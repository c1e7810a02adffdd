"""A story in the formats of other programs: pictures, graphs, tables, trees, provenance."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import networkx
import pyarrow as pa
import pyarrow.parquet as pq

from lineage.errors import DrawingError
from lineage.records import Story
from lineage.report import stories_json, tables
from lineage.report.drawing import drawing
from lineage.report.labels import instant
from lineage.report.mermaid import mermaid
from lineage.report.newick import newick
from lineage.report.provenance import provenance
from lineage.report.render import IMAGES, render
from lineage.report.scene import name, scene
from lineage.report.social import social
from lineage.settings import DrawSettings

# What XML 1.0 has no way to write.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def export(stories: Sequence[Story], format: str, draw: DrawSettings) -> bytes:
    """The stories in one of `FORMATS`, as the bytes of a file; equal stories give equal bytes.

    `jsonl`, `json`, `csv`, `parquet` and `newick` hold any number of stories, the graph formats hold them side by
    side; a picture, DOT, Mermaid and PROV hold one. Raises DrawingError for an unknown format, for several stories
    where there is room for one, and where nothing can draw.
    """
    if format not in FORMATS:
        raise DrawingError(f"unknown format {format!r}; export; give one of {', '.join(FORMATS)}")
    if format in _OF_ONE:
        if len(stories) != 1:
            raise DrawingError(f"{format} holds one story and there are {len(stories)}; export; name one by its id")
        return _OF_ONE[format](stories[0], draw)
    return _OF_MANY[format](stories)


def graph(stories: Sequence[Story]) -> "networkx.DiGraph[str]":
    """The derivations side by side, with attributes that every writer of networkx takes: str, float, int and bool.

    Beside what `Derivation.to_networkx` gives, a node has `story`, `title`, `source`, `published` and `start` (seconds
    since 1970) where they are known. A posited or named source is kept apart from those of the other stories.
    """
    joined: networkx.DiGraph[str] = networkx.DiGraph()
    for story in stories:
        own: networkx.DiGraph[str] = story.derivation.to_networkx()
        sources = {node for node in own if own.nodes[node]["kind"] != "article"}
        if len(stories) > 1:
            own = networkx.relabel_nodes(own, {node: f"{story.id}/{node}" for node in sorted(sources)})
        for node in own:
            own.nodes[node]["story"] = story.id
        for head in story.headlines:
            if head.id in own:
                own.nodes[head.id].update(_outside(story, head.id))
        joined = networkx.compose(joined, own)
    return _harmless(joined)


def _outside(story: Story, id: str) -> dict[str, Any]:
    head = next(head for head in story.headlines if head.id == id)
    known: dict[str, Any] = {"label": head.title or id, "source": head.source, "published": head.published}
    moment = instant(head)
    if moment is not None:
        known["start"] = moment.timestamp()
    return {key: value for key, value in known.items() if value != ""}


def _harmless(found: "networkx.DiGraph[str]") -> "networkx.DiGraph[str]":
    """The same graph without what XML cannot hold: the writers of networkx would write what no reader takes."""
    result: networkx.DiGraph[str] = networkx.DiGraph()
    for node, attributes in found.nodes(data=True):
        result.add_node(_key(node), **{key: _legal(value) for key, value in attributes.items() if value is not None})
    for parent, child, attributes in found.edges(data=True):
        kept = {key: _legal(value) for key, value in attributes.items() if value is not None}
        result.add_edge(_key(parent), _key(child), **kept)
    return result


def _key(id: str) -> str:
    return name(id) if _ILLEGAL.search(id) else id  # a digest, so that two ids stay two


def _legal(value: Any) -> Any:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value


def _graphml(stories: Sequence[Story]) -> bytes:
    out = io.BytesIO()
    networkx.write_graphml_xml(graph(stories), out, prettyprint=True)
    return out.getvalue()


def _gexf(stories: Sequence[Story]) -> bytes:
    found = graph(stories)
    for _, attributes in found.nodes(data=True):
        if "start" in attributes:  # GEXF would read it as the beginning of a lifetime
            attributes["published_at"] = attributes.pop("start")
    text = "\n".join(networkx.generate_gexf(found)) + "\n"
    return re.sub(r' lastmodifieddate="[^"]*"', "", text).encode()  # or the bytes would change from day to day


def _cyjs(stories: Sequence[Story]) -> bytes:
    return _json(networkx.cytoscape_data(graph(stories)))


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _one_json(stories: Sequence[Story]) -> bytes:
    """One story as an object, several as an array."""
    plain = [stories_json.plain(story) for story in stories]
    return _json(plain[0] if len(plain) == 1 else plain)


def _jsonl(stories: Sequence[Story]) -> bytes:
    return b"".join(stories_json.encode(story) + b"\n" for story in stories)


def _csv(stories: Sequence[Story]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, tables.EDGES.names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(tables.edge_table(stories).to_pylist())
    return out.getvalue().encode("utf-8", "replace")


def _parquet(stories: Sequence[Story]) -> bytes:
    out = pa.BufferOutputStream()
    pq.write_table(tables.edge_table(stories), out, compression="zstd")
    content: bytes = out.getvalue().to_pybytes()
    return content


def _newick(stories: Sequence[Story]) -> bytes:
    return "".join(newick(story) for story in stories).encode("utf-8", "replace")


def _image(format: str) -> Callable[[Story, DrawSettings], bytes]:
    return lambda story, draw: render(drawing(story, draw), format, draw.timeout)


_OF_ONE: dict[str, Callable[[Story, DrawSettings], bytes]] = {
    **{format: _image(format) for format in IMAGES},
    "social": social,
    "dot": lambda story, draw: drawing(story, draw).encode(),
    "mermaid": lambda story, draw: mermaid(scene(story, draw)).encode(),
    "prov-json": lambda story, _: provenance(story),
}
_OF_MANY: dict[str, Callable[[Sequence[Story]], bytes]] = {
    "json": _one_json,
    "jsonl": _jsonl,
    "graphml": _graphml,
    "gexf": _gexf,
    "cyjs": _cyjs,
    "csv": _csv,
    "parquet": _parquet,
    "newick": _newick,
}

FORMATS = (*_OF_ONE, *_OF_MANY)
