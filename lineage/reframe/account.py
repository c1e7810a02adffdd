"""The account of one edge."""

from lineage.records import Article, Reframing
from lineage.reframe.crediting import attribution_changes
from lineage.reframe.naming import name_changes
from lineage.reframe.side import face
from lineage.reframe.speech import quote_changes, quote_fates
from lineage.reframe.values import date_changes, number_changes


def reframing(parent: Article, child: Article) -> Reframing:
    """Temp."""
    facing = face(parent, child)
    fates = quote_fates(facing)
    changes = [*number_changes(facing), *date_changes(facing), *name_changes(facing), *attribution_changes(facing), *quote_changes(facing, fates)]
    return Reframing(tuple(changes))
