"""What a rewrite changed."""

from lineage.reframe.account import reframing
from lineage.reframe.life import lives
from lineage.reframe.paragraph import paragraph
from lineage.reframe.side import translated

__all__ = ["lives", "paragraph", "reframing", "translated"]
