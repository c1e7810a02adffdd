"""What a rewrite changed."""

from lineage.reframe.account import reframing

__all__ = ["reframing"]
