"""Every line and letter of a drawing can be told from its paper."""

import pytest

from lineage.report.themes import THEMES

LEAST = {"screen": 5.4, "dark": 5.4, "contrast": 7.0, "print": 5.4}


def _light(colour: str) -> float:
    """Relative luminance of #RRGGBB, after WCAG 2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("name", LEAST)
def test_ink_and_lines_stand_out_from_the_paper(name: str) -> None:
    theme = THEMES[name]
    paper = _light(theme.paper)
    for colour in (theme.ink, theme.muted, theme.root, *theme.relations.values()):
        bright, dim = max(paper, _light(colour)), min(paper, _light(colour))
        assert (bright + 0.05) / (dim + 0.05) >= LEAST[name], colour
