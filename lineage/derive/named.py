"""Sources that the articles name but that are not among them ("TASS reported")."""

import collections
from collections.abc import Sequence

from lineage.facts import named_sources
from lineage.facts.sources import source_key
from lineage.language import language_of
from lineage.records import Article, Mention, Named, Span


def named(articles: Sequence[Article]) -> tuple[Named, ...]:
    """One record for each source named, sorted by id; an outlet whose own article is in the story is left out."""
    mentions: dict[str, list[tuple[str, Span]]] = collections.defaultdict(list)
    texts = {article.id: article.text for article in articles}
    present = {f"named:{source_key(article.source)}" for article in articles if article.source}
    for article in articles:
        for key, span in named_sources(article.text, language_of(article.text, article.lang)):
            if key not in present:
                mentions[key].append((article.id, span))
    out = []
    for key in sorted(mentions):
        places = sorted(mentions[key])
        written = collections.Counter(texts[name][span.start : span.end] for name, span in places)
        label = min(written, key=lambda form: (-written[form], form))
        out.append(Named(key, " ".join(label.split()), tuple(Mention(name, span) for name, span in places)))
    return tuple(out)
