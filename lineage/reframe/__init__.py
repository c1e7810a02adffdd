"""What a rewrite changed."""

from lineage.reframe.account import reframing
from lineage.reframe.life import lives
from lineage.reframe.paragraph import paragraph

__all__ = ["lives", "paragraph", "reframing"]
