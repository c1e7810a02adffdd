"""Story → Derivation: who was probably written from whom, how sure that is, and what else is possible."""

from lineage.derive.story import derivation
from lineage.derive.verdicts import agreed

__all__ = ["agreed", "derivation"]
