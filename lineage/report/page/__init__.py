"""The page: one HTML file with the drawing, why each link is there, the texts side by side, and what changed."""

from lineage.report.page.build import TOGETHER, Told, index, page, pair

__all__ = ["TOGETHER", "Told", "index", "page", "pair"]
