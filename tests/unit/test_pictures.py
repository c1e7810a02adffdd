"""The drawings in README and tutorial."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.browser.pictures import DRAWN, IMAGES, drawn


def said(place: Path) -> list[str]:
    """Every word of an SVG, in the order of the alphabet: places and sizes are those of a Graphviz and its fonts."""
    words = (text.text or "" for text in ElementTree.parse(place).iter("{http://www.w3.org/2000/svg}text"))
    return sorted(words)


@pytest.mark.parametrize(("story", "name", "options"), [one for one in DRAWN if one[1].endswith(".svg")])
def test_pictures_say_what_is_drawn_today(story: str, name: str, options: Sequence[str], tmp_path: Path) -> None:
    """What changes a documented drawing, a learned value too, asks for `make pictures` and other words beside it."""
    drawn(story, tmp_path / name, options)
    assert said(tmp_path / name) == said(IMAGES / name)
