"""Story → Derivation: who was probably written from whom, how sure that is, and what else is possible."""

from lineage.derive.company import ALONE, Company, Look, look, looked_at
from lineage.derive.story import derivation
from lineage.derive.verdicts import agreed

__all__ = ["ALONE", "Company", "Look", "agreed", "derivation", "look", "looked_at"]
