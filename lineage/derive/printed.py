"""One article as several papers print it: cut from the end, lightly edited, with a few sentences of their own.

The near copies among the known stories are versions of one document, and documents grow. News does not: most papers
print less than the agency sent. So that near copies are not all taken for documents that grow, the first texts of the
stories of rewrites are printed here. What the papers add comes from another story of the set.
"""

import random
from collections.abc import Sequence

from lineage.align.sentences import sentences
from lineage.derive.examples import Example, Known, folds
from lineage.records import Article

SHORTEST = 6  # sentences an article must have
PAPERS = (3, 6)
FROM_ANOTHER_PAPER = 0.25


def printed(stories: Sequence[Example], seed: int) -> list[Known]:
    """A printed story for every story with a single first text that is long enough.

    It keeps the name of its set, so that it is left out together with it.
    """
    fold = folds(stories)
    out = []
    for story in stories:
        first = _first(story)
        kin = [other for other in stories if other.source == story.source and fold[other.story] == fold[story.story]]
        others = [text for other in kin if other.story != story.story and (text := _first(other)) is not None]
        if first is not None and others and len(pieces(first)) >= SHORTEST:
            rng = random.Random(f"{seed}:printed:{story.story}")
            out.append(_printed(story, first, pieces(rng.choice(others)), rng))
    return out


def _first(story: Example) -> str | None:
    """The text all others come from, if it is one."""
    roots = (story.truth.sum(axis=0) == 0).nonzero()[0].tolist()
    return story.tables.readings[roots[0]].article.text if len(roots) == 1 else None


def pieces(text: str) -> list[str]:
    """The sentences, each with the space after it."""
    starts = [span.start for span in sentences(text)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def _printed(story: Example, text: str, foreign: Sequence[str], rng: random.Random) -> Known:
    made = [pieces(text)]
    parents: dict[str, frozenset[str]] = {f"{story.story}:0": frozenset()}
    for number in range(1, rng.randint(*PAPERS) + 1):
        above = rng.randrange(len(made)) if rng.random() < FROM_ANOTHER_PAPER else 0
        made.append(_paper(made[above], foreign, rng))
        parents[f"{story.story}:{number}"] = frozenset({f"{story.story}:{above}"})
    articles = tuple(Article(id=f"{story.story}:{number}", text="".join(own)) for number, own in enumerate(made))
    return Known(story.source, story.story, articles, parents, "printed")


def _paper(pieces: Sequence[str], foreign: Sequence[str], rng: random.Random) -> list[str]:
    kept = list(pieces)
    if rng.random() < 0.7:
        kept = kept[: max(3, round(len(kept) * rng.uniform(0.35, 0.95)))]
    if rng.random() < 0.5 and len(kept) > 3:
        kept.pop(rng.randrange(1, len(kept)))
    hand = rng.uniform(0.0, 0.5)
    edited = [_edited(piece, foreign, rng) if rng.random() < hand else piece for piece in kept]
    if rng.random() < 0.35:
        place = rng.choice((1, len(edited), rng.randint(1, len(edited))))
        own = rng.randint(1, max(1, min(4, len(foreign))))
        start = rng.randrange(max(1, len(foreign) - own + 1))
        edited[place:place] = [piece.rstrip() + " " for piece in foreign[start : start + own]]
    return edited


def _edited(piece: str, foreign: Sequence[str], rng: random.Random) -> str:
    """The sentence without its last clause, without a word, or with another word in the place of one."""
    clause = piece.rfind(", ")
    if rng.random() < 0.3 and clause > len(piece) // 2:
        return piece[:clause] + "." + piece[len(piece.rstrip()) :]
    words = piece.split(" ")
    place = rng.randrange(len(words))
    if rng.random() < 0.4 and len(words) > 5:
        del words[place]
    elif words[place].isalpha():
        words[place] = rng.choice(rng.choice(foreign).split() or words)
    return " ".join(words)
