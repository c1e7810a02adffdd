"""The boxes of a drawing as HTML-like labels of Graphviz: cards, compact cards, posited and named sources."""

from collections.abc import Iterable, Sequence

from lineage.records import Change, ChangeKind, Edge, Fate, Headline, Named, Posited
from lineage.report.labels import chance, clean, columns, cut, html, right_to_left, wrapped
from lineage.report.scene import Node
from lineage.report.themes import Theme

WIDTH = 26.0  # letters of a headline line
SMALL_WIDTH = 35.0  # letters of a line in the small type
REFRAMINGS = 3
BAR, BAR_HEIGHT = 150, 7
SMALL_BAR, SMALL_BAR_HEIGHT = 106, 5
LINE, BOLD_LINE = 21, 13  # letters of a line of a compact box, and of the outlet beside a probability
GREEK = "αβγδεζηθικλμνξοπρστυφχψω"

MARKS = "“”«»„\"'‘’ "

HEADLINE, BODY, SMALL = 13, 12, 11

# What a card shows first: what can be checked at a glance, then what needs the texts. The headline is on the card.
_FIRST: tuple[ChangeKind, ...] = (
    *("number", "date", "name", "hedge_dropped", "hedge_added", "quote_altered", "quote_dropped", "quote_indirect"),
    *("attribution", "rounding", "lead", "loaded_word", "fact_added", "fact_dropped"),
)

# A change that has only one side is said in words; one with both is `before → after`.
_DROPPED = {
    "quote_dropped": "quotation dropped",
    "quote_indirect": "quotation made indirect",
    "hedge_dropped": "hedge dropped",
    "fact_dropped": "dropped",
}
_ADDED = {"hedge_added": "hedge added", "fact_added": "added"}
_NAMES = {"quote_altered": "quotation", "loaded_word": "wording"}


def card(node: Node, theme: Theme) -> str:
    """An article in full: outlet, time, language, headline, fate bar, counts, up to three reframings, copies."""
    head = node.headline
    rows = [_row(_font(html(cut(head.source, 26)), BODY, theme.ink, bold=True))] if clean(head.source) else []
    meta = _meta(node)
    rows += [_row(_font(html(meta), SMALL, theme.muted))] if meta else []
    title = clean(head.title) or clean(head.id)
    rows.append(_row(_lines(wrapped(title, WIDTH, 3), HEADLINE, theme.ink), right=right_to_left(title)))
    if node.from_ is not None:
        rows += _account(node.from_, theme)
    rows += _copies(node.copies, theme)
    return _box(rows, theme, root=node.root)


def compact(node: Node, theme: Theme) -> str:
    """An article in short: outlet, probability of its parent, time, start of the headline, fate bar."""
    head = node.headline
    title = clean(head.title) or clean(head.id)
    first = [_font(html(cut(head.source, BOLD_LINE)), SMALL, theme.ink, bold=True)] if clean(head.source) else []
    if node.from_ is not None:
        colour = theme.relations[node.from_.relation]
        first.append(_font(html(chance(node.from_.probability)), SMALL, colour))
    gap = f'<font point-size="{SMALL:g}">&nbsp; </font>'  # in a larger type it would make the line higher
    rows = [_row(gap.join(first))] if first else []
    rows += [_row(_font(html(node.time), SMALL, theme.muted))] if node.time else []
    rows.append(_row(_font(html(cut(title, LINE)), SMALL, theme.ink), right=right_to_left(title)))
    if node.from_ is not None:
        rows += _bar(node.from_.reframing.fate, theme, SMALL_BAR_HEIGHT, SMALL_BAR)
    rows += [_row(_font(f"+ {len(node.copies)} copies", SMALL, theme.muted))] if node.copies else []
    return _box(rows, theme, root=node.root, padding=3, spacing=0)


def posited(source: Posited, letter: str, theme: Theme, brief: bool) -> str:
    """A source that no article is: a Greek letter, how probable it is, and why it is supposed."""
    rows = [_row(_font(letter, 20, theme.ink), centre=True)]
    rows.append(_row(_font(html(f"posited source {chance(source.probability)}"), SMALL, theme.muted), centre=True))
    if not brief and clean(source.reason):
        rows.append(_row(_lines(wrapped(source.reason, 30, 4), SMALL, theme.ink), centre=True))
    return _box(rows, theme, style="rounded,dashed")


def named(source: Named, theme: Theme) -> str:
    """A source that articles name, and that is not among them."""
    count = len({mention.article for mention in source.mentions})
    said = f"named in {count} article{'' if count == 1 else 's'}" if count else "named, not among the articles"
    rows = [_row(_lines(wrapped(source.name or source.id, 24, 2), BODY, theme.ink), centre=True)]
    rows.append(_row(_font(said, SMALL, theme.muted), centre=True))
    return _box(rows, theme, style="dotted")


def greek(position: int) -> str:
    """The letter of a posited source; after ω they go on as α2."""
    again, at = divmod(position, len(GREEK))
    return GREEK[at] + (str(again + 1) if again else "")


def reframed(change: Change, theme: Theme) -> list[str]:
    """One change as one or two lines for an HTML-like label: muted what was, in ink what is."""
    before, after = clean(change.before), clean(change.after)
    if change.kind == "attribution" and change.note:
        lines = wrapped(f"a claim {clean(change.note)}", SMALL_WIDTH, 2)  # the two wordings begin alike too often
        return [_font(html(line), SMALL, theme.ink) for line in lines]
    if change.kind in _DROPPED or not after:
        said = _DROPPED.get(change.kind, f"{_NAMES.get(change.kind, change.kind)} dropped")
        return _said(said, before, theme)
    if change.kind in _ADDED or not before:
        said = _ADDED.get(change.kind, f"{_NAMES.get(change.kind, change.kind)} added")
        return _said(said, after, theme)
    if columns(before) + columns(after) + 3 <= SMALL_WIDTH:
        return [_font(html(before), SMALL, theme.muted) + _font(f"&nbsp;→ {html(after)}", SMALL, theme.ink)]
    first = _font(html(cut(before, SMALL_WIDTH)), SMALL, theme.muted)
    return [first, _font(f"→ {html(cut(after, SMALL_WIDTH - 2))}", SMALL, theme.ink)]


def _said(said: str, words: str, theme: Theme) -> list[str]:
    first, *more = wrapped(f"{said} “{words.strip(MARKS)}”", SMALL_WIDTH, 2)
    lines = [_font(html(said), SMALL, theme.muted) + _font(f"&nbsp;{html(first[len(said) :])}", SMALL, theme.ink)]
    return lines + [_font(html(line), SMALL, theme.ink) for line in more]


def _meta(node: Node) -> str:
    head = node.headline
    parts = [node.time, clean(head.lang)[:8]]
    if not any(parts) and not clean(head.source) and not clean(head.title) and head.words:
        parts = [f"{head.words} words"]
    return " · ".join(part for part in parts if part)


def _account(edge: Edge, theme: Theme) -> list[str]:
    """What became of the most probable parent: bar, counts, changes."""
    fate = edge.reframing.fate
    rows = _bar(fate, theme)
    counts = _counts(fate)
    rows += [_row(_font(html(line), SMALL, theme.muted)) for line in counts]
    material = [change for change in edge.reframing.changes if change.kind in _FIRST]
    for change in sorted(material, key=lambda change: _FIRST.index(change.kind))[:REFRAMINGS]:
        rows.append('<tr><td height="3"></td></tr>')
        rows += [_row(line) for line in reframed(change, theme)]
    return rows


def _counts(fate: Fate) -> list[str]:
    kinds = (
        ("quotes", fate.quotes),
        ("numbers", fate.numbers),
        ("names", fate.names),
        ("sources", fate.attributions),
        ("hedges", fate.hedges),
    )
    parts = [f"{name} {kept.kept}/{kept.total}" for name, kept in kinds if kept.total > 0]
    lines: list[str] = []
    for part in parts:
        if lines and columns(lines[-1]) + len(part) + 3 <= SMALL_WIDTH:
            lines[-1] += f" · {part}"
        else:
            lines.append(part)
    return lines


def _bar(fate: Fate, theme: Theme, height: int = BAR_HEIGHT, length: int = BAR) -> list[str]:
    shares = (fate.kept, fate.changed, fate.added, fate.dropped)
    if sum(shares) <= 0:
        return []
    cells = [
        f'<td width="{width}" height="{height}" fixedsize="true" bgcolor="{colour}"></td>'
        for width, colour in zip(_widths(shares, length), theme.fate, strict=True)
        if width > 0
    ]
    size = f'align="left" fixedsize="true" width="{length}" height="{height}"'
    inner = f'<table border="0" cellborder="0" cellspacing="0" cellpadding="0" {size}><tr>{"".join(cells)}</tr></table>'
    return [f'<tr><td height="{height + 7}" align="left">{inner}</td></tr>']


def _widths(shares: Sequence[int], total: int) -> list[int]:
    """Whole points that add up to `total`; a share that is there at all gets at least two."""
    whole = sum(shares)
    widths = [max(2, round(total * share / whole)) if share else 0 for share in shares]
    widths[widths.index(max(widths))] += total - sum(widths)
    return widths


def _copies(copies: Iterable[Headline], theme: Theme) -> list[str]:
    outlets = [clean(copy.source) or clean(copy.id) for copy in copies]
    if not outlets:
        return []
    rows = [_row(_font(f"+ {len(outlets)} copies", SMALL, theme.ink, bold=True))]
    return rows + [_row(_font(html(line), SMALL, theme.muted)) for line in wrapped(", ".join(outlets), SMALL_WIDTH, 2)]


def _font(text: str, size: float, colour: str, bold: bool = False) -> str:
    inner = f"<b>{text}</b>" if bold else text
    return f'<font point-size="{size:g}" color="{colour}">{inner}</font>'


def _lines(lines: Iterable[str], size: float, colour: str) -> str:
    return "".join(_font(html(line), size, colour) + "<br/>" for line in lines)


def _row(inner: str, centre: bool = False, right: bool = False) -> str:
    align = "center" if centre else "right" if right else "left"
    inner = inner.replace("<br/>", f'<br align="{align}"/>')
    return f'<tr><td align="{align}" balign="{align}">{inner}</td></tr>'


def _box(
    rows: Iterable[str], theme: Theme, style: str = "rounded", root: bool = False, padding: int = 7, spacing: int = 1
) -> str:
    border, colour = (3, theme.root) if root else (1, theme.border)
    if style != "rounded":
        colour = theme.muted
    inner = f'<table border="0" cellborder="0" cellspacing="0" cellpadding="{spacing}">{"".join(rows)}</table>'
    return (
        f'<<table border="{border}" cellborder="0" cellspacing="0" cellpadding="{padding}" style="{style}"'
        f' color="{colour}" bgcolor="{theme.card}"><tr><td>{inner}</td></tr></table>>'
    )
