"""A derivation as Newick trees: each article under its most probable parent, a tree a root."""

import re

from lineage.records import Story
from lineage.report.scene import best_parents

_BARE = re.compile(r"[^\s()\[\]{}:;,'\"_]+")


def newick(story: Story) -> str:
    """One tree a line; the number behind a name is the improbability of the link above it, 1 - p.

    Newick holds trees only: second parents and links that are read "either way" are left out, and an article without
    a directed parent stands alone.
    """
    best = best_parents(story.derivation.edges)
    nodes = {*story.articles, *(edge.parent for edge in best.values())}
    children: dict[str, list[str]] = {node: [] for node in nodes}
    for child in sorted(best):
        children[best[child].parent].append(child)
    lengths = {child: f":{round(1 - edge.probability, 6):g}" for child, edge in best.items()}
    roots = sorted(nodes - set(best))
    return "".join(_tree(root, children, lengths) + ";\n" for root in roots)


def _tree(root: str, children: dict[str, list[str]], lengths: dict[str, str]) -> str:
    """Without recursion: a chain of a thousand copies is a tree as well."""
    written: dict[str, str] = {}
    waiting = [root]
    while waiting:
        node = waiting[-1]
        missing = [child for child in children[node] if child not in written]
        if missing:
            waiting += missing
            continue
        waiting.pop()
        inner = ",".join(written.pop(child) for child in children[node])
        written[node] = (f"({inner})" if inner else "") + quoted(node) + lengths.get(node, "")
    return written[root]


def quoted(label: str) -> str:
    """A label as Newick wants it: in single quotes unless it is plain, a quote doubled; an unquoted `_` means a space.

    >>> quoted("daily-7"), quoted("it's a b")
    ('daily-7', "'it''s a b'")
    """
    if _BARE.fullmatch(label):
        return label
    return "'" + " ".join(label.replace("'", "''").split("\n")) + "'"
