"""The five looks of a drawing: screen, dark, contrast, print (greys) and stemma (grey and dashed only)."""

from collections.abc import Mapping
from dataclasses import dataclass

# Names that fontconfig, browsers and PDF viewers know; the later ones carry the scripts that the first ones lack.
FONTS = "Helvetica,Arial,DejaVu Sans,Noto Sans,Noto Sans CJK SC,Noto Naskh Arabic,sans-serif"

HEADS: Mapping[str, str] = {
    "copy": "normal",
    "light edit": "normal",
    "rewrite": "empty",
    "abridged": "vee",
    "expanded": "vee",
    "partial": "odot",
    "same event": "odot",
    "second parent": "inv",
}
# The same heads as letters, for the legend: a label cannot hold an arrow.
SIGNS: Mapping[str, str] = {"normal": "─▶", "empty": "─▷", "vee": "─≻", "odot": "─○", "inv": "─◀"}


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by what they are for; `fate` holds kept, changed, added, dropped.

    plain: a stemma, that is names and lines only, without cards, labels, widths and legend.
    """

    paper: str
    ink: str
    muted: str
    card: str
    border: str
    root: str
    relations: Mapping[str, str]
    fate: tuple[str, str, str, str]
    plain: bool = False


def _relations(copy: str, edit: str, rewrite: str, length: str, partial: str, second: str) -> Mapping[str, str]:
    return {
        "copy": copy,
        "light edit": edit,
        "rewrite": rewrite,
        "abridged": length,
        "expanded": length,
        "partial": partial,
        "same event": partial,
        "second parent": second,
    }


THEMES: Mapping[str, Theme] = {
    "screen": Theme(
        paper="#FFFFFF",
        ink="#1F1F1F",
        muted="#5B5B5B",
        card="#FFFFFF",
        border="#A8A8A8",
        root="#1F1F1F",
        relations=_relations("#1F1F1F", "#0067A5", "#9A5B00", "#00724F", "#C0392B", "#5B5B5B"),
        fate=("#5A6B7B", "#E0A33A", "#3E9C7C", "#DEDEDE"),
    ),
    "dark": Theme(
        paper="#16181B",
        ink="#F2F2F2",
        muted="#B5B5B5",
        card="#1F2226",
        border="#5E646B",
        root="#F2F2F2",
        relations=_relations("#F2F2F2", "#5DB4FF", "#F0B23D", "#3FCF9D", "#FF8C7A", "#B5B5B5"),
        fate=("#8FA3B5", "#F0B23D", "#3FCF9D", "#3C4147"),
    ),
    # Every colour at least 7:1 on white, for low vision and for pale projectors.
    "contrast": Theme(
        paper="#FFFFFF",
        ink="#000000",
        muted="#303030",
        card="#FFFFFF",
        border="#000000",
        root="#000000",
        relations=_relations("#000000", "#00437A", "#6B3E00", "#004D35", "#8A1C12", "#3A3A3A"),
        fate=("#24303A", "#B36B00", "#00724F", "#C4C4C4"),
    ),
    "print": Theme(
        paper="#FFFFFF",
        ink="#000000",
        muted="#4A4A4A",
        card="#FFFFFF",
        border="#8A8A8A",
        root="#000000",
        relations=_relations("#000000", "#5B5B5B", "#3A3A3A", "#3A3A3A", "#3A3A3A", "#5B5B5B"),
        fate=("#333333", "#7D7D7D", "#B4B4B4", "#EBEBEB"),
    ),
    "stemma": Theme(
        paper="#FFFFFF",
        ink="#000000",
        muted="grey",
        card="#FFFFFF",
        border="#000000",
        root="#000000",
        relations=_relations(*["#000000"] * 6),
        fate=("#333333", "#7D7D7D", "#B4B4B4", "#EBEBEB"),
        plain=True,
    ),
}
