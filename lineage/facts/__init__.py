"""What a text states: numbers, dates, names, quotations, attributions, hedges, loaded words; each with its place."""

from lineage.facts.dates import same_date
from lineage.facts.extract import facts
from lineage.facts.fact import FACT_KINDS, Fact, FactKind
from lineage.facts.names import same_name
from lineage.facts.sources import named_sources

__all__ = ["FACT_KINDS", "Fact", "FactKind", "facts", "named_sources", "same_date", "same_name"]
