"""How far one link of a scan stands on each of the other articles."""

from pathlib import Path

from lineage.derive.missing import Missing, without_each
from lineage.pipeline.results import ARTICLES, load_traced
from lineage.records import Story


def missing(out: Path, story: Story, child: str) -> tuple[Missing, ...]:
    """What would be said of the parent of `child` if an article of its story were missing, where that differs.

    Inferred anew with default settings and without verdicts; nothing where the scan kept no articles.
    """
    if not (out / ARTICLES).is_file():
        return ()
    (traced,) = load_traced(out, story.id)
    return without_each(list(traced.articles.values()), child, company=traced.company)
