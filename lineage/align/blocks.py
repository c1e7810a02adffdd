"""Which sentence became which."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from lineage.align.sentences import sentences
from lineage.align.similarity import Affinity, affinity
from lineage.align.wording import likeness
from lineage.records import Span

BlockKind = Literal["kept", "edited", "moved", "split", "merged", "only-left", "only-right"]
BLOCK_KINDS: tuple[BlockKind, ...] = get_args(BlockKind)

# Chosen on the paraphrased stories written for the project: below it, pairs are more often wrong than right.
_PAIRED = 0.17
# Neighbours of an accepted pair that continue its order need less.
_SUPPORTED = 0.09
# A sentence joins a pair as its second half when this share of its weight is found on the other side.
_JOINED = 0.30
_ORDER_BONUS = 0.04
_SUPPORT_BONUS = 0.06
_TYPE = str.maketrans(
    {
        **dict.fromkeys("“”„‟«»", '"'),
        **dict.fromkeys("‘’‚‛‹›", "'"),
        **dict.fromkeys("‐‑–—", "-"),
        "…": "...",
        "\u00ad": "",
    }
)


@dataclass(frozen=True, slots=True)
class Block:
    """One step of an alignment: a stretch of `a`, a stretch of `b`, or both.

    similarity: 0 to 1, how much of the wording and content the two stretches share; 0 where one is None, 1 for kept.
    """

    kind: BlockKind
    a: Span | None
    b: Span | None
    similarity: float


@dataclass(slots=True)
class _Link:
    """Sentences `a[rows]` answer to sentences `b[columns]`; one of the two is a single sentence."""

    rows: list[int]
    columns: list[int]


def blocks(a: str, b: str, lang: str = "") -> tuple[Block, ...]:
    """The alignment of two texts, in the order of `b`, what only `a` has standing where it was left out.

    The spans tile both texts: every character that is not white space lies in exactly one block of its side; white
    space between sentences belongs to no block, white space inside a stretch of several sentences to that stretch.
    Sentences are paired one to one by shared content wherever they stand; a pair out of the common order is `moved`.
    Then a neighbour that carries the rest of a pair makes it `split` (one of `a`, several of `b`) or `merged`.
    """
    spans_a, spans_b = sentences(a, lang), sentences(b, lang)
    measures = affinity([a[s:e] for s, e in spans_a], [b[s:e] for s, e in spans_b], lang)
    return tiling((a, b), spans_a, spans_b, measures)


def tiling(
    texts: tuple[str, str], spans_a: tuple[Span, ...], spans_b: tuple[Span, ...], measures: Affinity
) -> tuple[Block, ...]:
    """The same of two texts whose sentences are already found and measured."""
    a, b = texts
    texts_a = [a[s:e] for s, e in spans_a]
    texts_b = [b[s:e] for s, e in spans_b]
    links = _grown(_pairs(texts_a, texts_b, measures), measures)
    in_order = _common_order(links)
    kept_order = {id(link) for link in in_order}
    made = [_block(link, texts, (spans_a, spans_b), id(link) in kept_order) for link in links]
    return _with_rest(links, made, spans_a, spans_b)


def _pairs(texts_a: list[str], texts_b: list[str], measures: Affinity) -> list[_Link]:
    """One-to-one pairs: equal sentences first, then the best remaining by content."""
    partner = _equal_pairs(texts_a, texts_b)
    score = measures.cosine + _order_bonus(len(texts_a), len(texts_b))
    _take_best(partner, score, measures.cosine)
    return [_Link([row], [column]) for row, column in sorted(partner.items())]


def _equal_pairs(texts_a: list[str], texts_b: list[str]) -> dict[int, int]:
    """Equal sentences, repeated ones in their order."""
    places: dict[str, list[int]] = {}
    for column, text in enumerate(texts_b):
        places.setdefault(" ".join(text.split()), []).append(column)
    partner = {}
    for row, text in enumerate(texts_a):
        free = places.get(" ".join(text.split()))
        if free:
            partner[row] = free.pop(0)
    return partner


def _order_bonus(rows: int, columns: int) -> NDArray[np.float64]:
    """A small preference for the same relative place, so that ties fall in order."""
    place_a = (np.arange(rows) + 0.5) / max(1, rows)
    place_b = (np.arange(columns) + 0.5) / max(1, columns)
    closeness: NDArray[np.float64] = _ORDER_BONUS * (1.0 - np.abs(place_a[:, None] - place_b[None, :]))
    return closeness


def _take_best(partner: dict[int, int], score: NDArray[np.float64], cosine: NDArray[np.float64]) -> None:
    """Fill `partner` greedily from the best pair down; a pair beside an accepted one needs less and counts more."""
    score = np.where(cosine >= _SUPPORTED, score, -np.inf)
    needed = np.full(score.shape, _PAIRED)
    for row, column in partner.items():
        _accept(row, column, score, needed)
    while score.size:
        row, column = (int(n) for n in np.unravel_index(np.argmax(score), score.shape))
        if score[row, column] == -np.inf:
            return
        if cosine[row, column] < needed[row, column]:
            # It may come back once a neighbour is accepted; until then it stands aside.
            open_cells = np.where(cosine >= needed, score, -np.inf)
            row, column = (int(n) for n in np.unravel_index(np.argmax(open_cells), score.shape))
            if open_cells[row, column] == -np.inf:
                return
        partner[row] = column
        _accept(row, column, score, needed)


def _accept(row: int, column: int, score: NDArray[np.float64], needed: NDArray[np.float64]) -> None:
    """Close the row and the column of an accepted pair and favour the pairs that continue it."""
    score[row, :] = -np.inf
    score[:, column] = -np.inf
    for step in (-1, 1):
        if 0 <= row + step < score.shape[0] and 0 <= column + step < score.shape[1]:
            score[row + step, column + step] += _SUPPORT_BONUS
            needed[row + step, column + step] = _SUPPORTED


def _grown(links: list[_Link], measures: Affinity) -> list[_Link]:
    """Links with the neighbours that carry the rest of a sentence taken in."""
    rows_left = set(range(measures.cosine.shape[0])) - {row for link in links for row in link.rows}
    columns_left = set(range(measures.cosine.shape[1])) - {column for link in links for column in link.columns}
    for link in links:
        if measures.cosine[link.rows[0], link.columns[0]] > 0.98:
            continue
        _take_in(link.columns, columns_left, measures.of_b[link.rows[0]])
        if len(link.columns) == 1:
            _take_in(link.rows, rows_left, measures.of_a[:, link.columns[0]])
    return links


def _take_in(members: list[int], left: set[int], share: NDArray[np.float64]) -> None:
    """Extend a run of sentences at both ends while the next one is free and mostly found on the other side."""
    while True:
        free = [n for n in (members[0] - 1, members[-1] + 1) if n in left and share[n] >= _JOINED]
        if not free:
            return
        best = max(free, key=lambda n: (float(share[n]), -n))
        members.append(best)
        members.sort()
        left.discard(best)


def _common_order(links: list[_Link]) -> list[_Link]:
    """The heaviest set of links that stand in the same order on both sides; the others have moved."""
    ordered = sorted(links, key=lambda link: link.columns[0])
    if not ordered:
        return []
    ends = np.array([link.rows[-1] for link in ordered])
    best = np.zeros(len(ordered), np.int64)
    before: list[int] = []
    for i, link in enumerate(ordered):
        earlier = np.where(ends[:i] < link.rows[0], best[:i], 0)
        last = int(earlier.argmax()) if earlier.any() else -1
        best[i] = len(link.rows) + len(link.columns) + (best[last] if last >= 0 else 0)
        before.append(last)
    at = int(best.argmax())
    chain = []
    while at >= 0:
        chain.append(ordered[at])
        at = before[at]
    return chain


def _block(link: _Link, texts: tuple[str, str], spans: tuple[tuple[Span, ...], ...], in_order: bool) -> Block:
    left = Span(spans[0][link.rows[0]].start, spans[0][link.rows[-1]].end)
    right = Span(spans[1][link.columns[0]].start, spans[1][link.columns[-1]].end)
    before, after = texts[0][left.start : left.end], texts[1][right.start : right.end]
    same = _set_plainly(before) == _set_plainly(after)
    similarity = 1.0 if same else likeness(before, after)
    kind: BlockKind = "kept" if same else "edited"
    if not in_order:
        kind = "moved"
    elif len(link.columns) > 1:
        kind = "split"
    elif len(link.rows) > 1:
        kind = "merged"
    return Block(kind, left, right, similarity)


def _set_plainly(text: str) -> list[str]:
    """The words of a stretch whatever its type: curly marks, dashes, spaces and the dots of "…" are a printer's."""
    return text.translate(_TYPE).split()


def _with_rest(
    links: list[_Link], made: list[Block], spans_a: tuple[Span, ...], spans_b: tuple[Span, ...]
) -> tuple[Block, ...]:
    """All blocks in the order of `b`; a sentence only `a` has follows what its predecessor in `a` became."""
    rows = {row: block for link, block in zip(links, made, strict=True) for row in link.rows}
    columns = {column: block for link, block in zip(links, made, strict=True) for column in link.columns}
    after: dict[Block | None, list[Block]] = {}
    last: Block | None = None
    for row, span in enumerate(spans_a):
        if row in rows:
            last = rows[row]
        else:
            after.setdefault(last, []).append(Block("only-left", span, None, 0.0))
    told = list(after.get(None, ()))
    for column, span in enumerate(spans_b):
        block = columns.get(column)
        if block is None:
            told.append(Block("only-right", None, span, 0.0))
        elif column == 0 or columns.get(column - 1) is not block:
            told += [block, *after.get(block, ())]
    return tuple(told)
