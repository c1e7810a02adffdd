"""A story in the words of the W3C PROV model, as PROV-JSON."""

from typing import Any

import msgspec
import xxhash

from lineage.records import Edge, Story
from lineage.report.labels import instant

# Names here are only names: nothing is fetched from them.
PREFIXES = {
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "lineage": "urn:lineage:terms#",
    "article": "urn:lineage:article:",
}
TYPES = {"copy": "prov:Revision", "light edit": "prov:Revision", "partial": "prov:Quotation"}


def provenance(story: Story) -> bytes:
    """The story as a PROV-JSON document: articles and sources are entities, outlets agents, edges derivations.

    An edge that is read "either way" is no derivation but an influence, `lineage:eitherWay`, with its probability.
    """
    document: dict[str, Any] = {"prefix": PREFIXES, "entity": _entities(story)}
    agents, attributions = _outlets(story)
    derived, either = _links(story)
    parts = {"agent": agents, "wasAttributedTo": attributions, "wasDerivedFrom": derived, "wasInfluencedBy": either}
    document |= {name: part for name, part in parts.items() if part}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _entities(story: Story) -> dict[str, Any]:
    entities: dict[str, Any] = {}
    heads = {head.id: head for head in story.headlines}
    roots = {root.article: root.probability for root in story.derivation.roots}
    for article in story.articles:
        head = heads.get(article)
        entity: dict[str, Any] = {"prov:label": head.title if head is not None and head.title else article}
        entity["lineage:id"] = article
        if head is not None and instant(head) is not None:
            entity["lineage:published"] = head.published
        if article in roots:
            entity |= {"prov:type": _name("prov:PrimarySource"), "lineage:probability": _number(roots[article])}
        entities[_article(article)] = entity
    for posited in story.derivation.posited:
        entities[_article(posited.id)] = {
            "prov:label": posited.reason,
            "lineage:id": posited.id,
            "lineage:status": "posited",
            "lineage:probability": _number(posited.probability),
        }
    for named in story.derivation.named:
        entities[_article(named.id)] = {"prov:label": named.name, "lineage:id": named.id, "lineage:status": "named"}
    return entities


def _outlets(story: Story) -> tuple[dict[str, Any], dict[str, Any]]:
    agents: dict[str, Any] = {}
    attributions: dict[str, Any] = {}
    known = set(story.articles)
    for head in story.headlines:
        if head.source and head.id in known:
            agent = "lineage:outlet-" + _digest(head.source)
            agents[agent] = {"prov:type": _name("prov:Organization"), "prov:label": head.source}
            attributions[f"_:by-{_digest(head.id)}"] = {"prov:entity": _article(head.id), "prov:agent": agent}
    return agents, attributions


def _links(story: Story) -> tuple[dict[str, Any], dict[str, Any]]:
    derived: dict[str, Any] = {}
    either: dict[str, Any] = {}
    for edge in story.derivation.edges:
        about = {"lineage:probability": _number(edge.probability), "lineage:relation": edge.relation}
        key = "_:" + _digest(f"{edge.parent}\n{edge.child}")
        if edge.directed:
            derived[key] = _derivation(edge) | about
        else:
            ends = {"prov:influencee": _article(edge.child), "prov:influencer": _article(edge.parent)}
            either[key] = ends | {"lineage:eitherWay": True} | about
    return derived, either


def _derivation(edge: Edge) -> dict[str, Any]:
    ends: dict[str, Any] = {
        "prov:generatedEntity": _article(edge.child),
        "prov:usedEntity": _article(edge.parent),
    }
    kind = TYPES.get(edge.relation)
    return ends | ({"prov:type": _name(kind)} if kind is not None else {})


def _article(id: str) -> str:
    return "article:" + _digest(id)


def _digest(text: str) -> str:
    return xxhash.xxh3_64_hexdigest(text.encode("utf-8", "surrogatepass"))


def _name(qualified: str) -> dict[str, str]:
    return {"$": qualified, "type": "prov:QUALIFIED_NAME"}


def _number(value: float) -> dict[str, str]:
    return {"$": f"{round(value, 6):g}", "type": "xsd:double"}
