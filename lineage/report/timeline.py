"""The row level: one line of text an article."""
from lineage.report.scene import Scene
from lineage.report.themes import Theme


def rows(shown: Scene, theme: Theme) -> str:
    """A."""
    return ""
