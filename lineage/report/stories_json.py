"""A story as one JSON line of the schema `lineage.story/1`, and back."""

import math
from typing import Any

import msgspec

from lineage.errors import IndexFormatError
from lineage.records import (
    Change,
    Derivation,
    Edge,
    Evidence,
    Fate,
    Headline,
    Life,
    Named,
    Posited,
    Reframing,
    Relation,
    Rival,
    Root,
    Span,
    Story,
    Verdict,
)

SCHEMA = "lineage.story/1"
DIGITS = 6  # of every float written; finer differences are noise of the arithmetic, not findings


class EdgeLine(msgspec.Struct, frozen=True):
    """An edge as the line holds it: the account of what changed lies flat beside the rest."""

    parent: str
    child: str
    probability: float
    directed: bool
    direction: float
    relation: Relation
    evidence: tuple[Evidence, ...] = ()
    rivals: tuple[Rival, ...] = ()
    changes: tuple[Change, ...] = ()
    covers: tuple[Span, ...] = ()
    summary: str = ""
    fate: Fate = Fate()


class StoryLine(msgspec.Struct, frozen=True):
    """A story as the line holds it; the order of the fields is the order of the keys.

    weakest: the least probable link that holds the story together.  strongest: its most probable edge, (parent,
    child, probability), there for the reader and not read back.
    """

    schema: str
    id: str
    articles: tuple[str, ...]
    roots: tuple[Root, ...] = ()
    posited: tuple[Posited, ...] = ()
    named: tuple[Named, ...] = ()
    edges: tuple[EdgeLine, ...] = ()
    headlines: tuple[Headline, ...] = ()
    weakest: tuple[str, str, float] | None = None
    strongest: tuple[str, str, float] | None = None
    lives: tuple[Life, ...] = ()
    summary: str = ""
    verdicts: tuple[Verdict, ...] = ()


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(StoryLine)


def encode(story: Story) -> bytes:
    """One line of JSON in UTF-8, without its newline; floats have six digits, keys a fixed order.

    Raises ValueError where a number is not finite: JSON has no word for it.
    """
    line = plain(story)
    try:
        return _ENCODER.encode(line)
    except UnicodeEncodeError:  # half of a surrogate pair, from an escape in somebody's JSON: no UTF-8 can hold it
        return _ENCODER.encode(_whole(line))


def plain(story: Story) -> dict[str, Any]:
    """The same story as dicts, lists, strings and numbers: what `encode` writes."""
    derivation = story.derivation
    line = StoryLine(
        schema=SCHEMA,
        id=story.id,
        articles=story.articles,
        roots=derivation.roots,
        posited=derivation.posited,
        named=derivation.named,
        edges=tuple(_edge_line(edge) for edge in derivation.edges),
        headlines=story.headlines,
        weakest=story.weakest,
        strongest=_strongest(derivation.edges),
        lives=story.lives,
        summary=story.summary,
        verdicts=story.verdicts,
    )
    result: dict[str, Any] = _rounded(msgspec.to_builtins(line), story.id)
    return result


def decode(line: bytes, where: str) -> Story:
    """The story that `encode` wrote; `where` names the place for the error.

    Raises IndexFormatError on another schema, on damage, and where the parts contradict one another.
    """
    try:
        read = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise IndexFormatError(f"not a story record ({error}); {where}; write the result anew") from error
    if read.schema != SCHEMA:
        raise IndexFormatError(f"schema {read.schema!r} instead of {SCHEMA!r}; {where}; write the result anew")
    try:
        return _story(read)
    except ValueError as error:
        raise IndexFormatError(f"a story that contradicts itself ({error}); {where}; write the result anew") from error


def _story(line: StoryLine) -> Story:
    derivation = Derivation(
        articles=line.articles,
        roots=line.roots,
        posited=line.posited,
        named=line.named,
        edges=tuple(_edge(edge) for edge in line.edges),
    )
    return Story(
        id=line.id,
        articles=line.articles,
        derivation=derivation,
        headlines=line.headlines,
        weakest=line.weakest,
        lives=line.lives,
        summary=line.summary,
        verdicts=line.verdicts,
    )


def _edge_line(edge: Edge) -> EdgeLine:
    return EdgeLine(
        parent=edge.parent,
        child=edge.child,
        probability=edge.probability,
        directed=edge.directed,
        direction=edge.direction,
        relation=edge.relation,
        evidence=edge.evidence,
        rivals=edge.rivals,
        changes=edge.reframing.changes,
        covers=edge.covers,
        summary=edge.reframing.summary,
        fate=edge.reframing.fate,
    )


def _edge(line: EdgeLine) -> Edge:
    return Edge(
        parent=line.parent,
        child=line.child,
        probability=line.probability,
        directed=line.directed,
        direction=line.direction,
        relation=line.relation,
        evidence=line.evidence,
        rivals=line.rivals,
        covers=line.covers,
        reframing=Reframing(line.changes, line.fate, line.summary),
    )


def _strongest(edges: tuple[Edge, ...]) -> tuple[str, str, float] | None:
    if not edges:
        return None
    edge = min(edges, key=lambda edge: (-edge.probability, edge.parent, edge.child))
    return edge.parent, edge.child, edge.probability


def _rounded(value: Any, story: str) -> Any:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"a number of story {story!r} is {value}; JSON holds finite numbers only")
        return round(value, DIGITS) + 0.0  # no minus zero
    if isinstance(value, dict):
        return {key: _rounded(entry, story) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(entry, story) for entry in value]
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return "".join("\N{REPLACEMENT CHARACTER}" if "\ud800" <= char <= "\udfff" else char for char in value)
    if isinstance(value, dict):
        return {key: _whole(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_whole(entry) for entry in value]
    return value
