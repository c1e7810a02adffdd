"""Two texts sentence by sentence for a terminal: what stayed, what was reworded, moved, left out, put in."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from lineage.align import Block, WordEdit

# The sign tells without colour what happened; the letter behind it whose words they are.
SIGNS = {
    "kept": "=",
    "edited": "~",
    "split": "~",
    "merged": "~",
    "moved": "⇄",
    "only-left": "−",
    "only-right": "+",
}
LEGEND = "=  kept   ~  reworded   ⇄  moved   −  only in A   +  only in B"
_GONE, _CAME = "red", "green"


def sentences(a: str, b: str, blocks: "Sequence[Block]") -> "Table":
    """The alignment as stacked lines: a sign, the article, its wording; changed words stand out."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False, expand=True, padding=(0, 1))
    table.add_column(no_wrap=True, width=1)
    table.add_column(no_wrap=True, width=1, style="dim")
    table.add_column(ratio=1, overflow="fold")  # Chinese has no spaces to break at, and would be cut short
    for block in blocks:
        for row, (letter, words) in enumerate(_lines(a, b, block)):
            table.add_row(SIGNS[block.kind] if not row else "", letter, words)
    return table


def _lines(a: str, b: str, block: "Block") -> "Iterator[tuple[str, Text]]":
    from rich.text import Text

    from lineage.align import words
    from lineage.report import labels

    left = labels.clean(a[slice(*block.a)]) if block.a is not None else ""
    right = labels.clean(b[slice(*block.b)]) if block.b is not None else ""
    if block.a is None or block.b is None:
        letter, wording, style = ("A", left, _GONE) if block.b is None else ("B", right, _CAME)
        yield letter, Text(wording, style=style)
    elif left.split() == right.split():
        yield "", Text(left, style="dim")
    else:
        edits = [edit for edit in words(left, right) if edit.kind != "equal"]
        yield "A", _marked(left, edits, True)
        yield "B", _marked(right, edits, False)


def _marked(wording: str, edits: "Sequence[WordEdit]", first: bool) -> "Text":
    from rich.text import Text

    text = Text(wording)
    for edit in edits:
        span = edit.a if first else edit.b
        text.stylize(f"bold {_GONE if first else _CAME}", span.start, span.end)
    return text
