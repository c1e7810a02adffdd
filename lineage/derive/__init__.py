"""Story → Derivation: who was probably written from whom, how sure that is, and what else is possible."""

from lineage.derive.story import derivation

__all__ = ["derivation"]
