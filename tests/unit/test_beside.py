"""Two texts side by side in a terminal: every sentence once, told by signs that need no colour."""

import io

import pytest
from rich.console import Console

from lineage.align import blocks
from lineage.cli.beside import LEGEND, SIGNS, sentences

FIRST = "The dam broke at dawn. Two bridges were swept away by the river. Nobody was hurt, police said."
SECOND = "Nobody was hurt, police said. Two bridges were carried off by the river. Repairs will cost nine million."


def shown(a: str, b: str, colour: bool = False) -> str:
    out = io.StringIO()
    console = Console(file=out, width=100, force_terminal=colour, color_system="standard" if colour else None)
    console.print(sentences(a, b, blocks(a, b, "en")))
    return out.getvalue()


def test_every_kind_of_block_has_a_sign_in_the_legend() -> None:
    from lineage.align.blocks import BLOCK_KINDS

    assert set(SIGNS) == set(BLOCK_KINDS)
    assert all(sign in LEGEND for sign in SIGNS.values())


def test_signs_tell_what_happened_without_colour() -> None:
    lines = {line.split()[0]: line for line in shown(FIRST, SECOND).splitlines() if line[:1].strip()}
    assert "The dam broke at dawn." in lines["−"]
    assert "Repairs will cost nine million." in lines["+"]
    assert {"⇄", "~"} & lines.keys()
    assert "\x1b" not in shown(FIRST, SECOND)


@pytest.mark.parametrize("words", ["swept", "carried"])
def test_changed_words_stand_out_in_colour(words: str) -> None:
    told = shown(FIRST, SECOND, colour=True)
    assert f"m{words}" in told.replace(" away", "").replace(" off", "")


def test_an_equal_text_is_shown_once() -> None:
    lines = [line for line in shown(FIRST, FIRST).splitlines() if line.strip()]
    assert len(lines) == 3
    assert all(line.startswith("=") for line in lines)
