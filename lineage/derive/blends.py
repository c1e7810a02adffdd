"""Stories with merges made of real texts whose derivation is known: merged lines, divided changes, spliced rewrites.

True merges are few in the known stories and of two kinds only. Those made here hold nothing that no writer wrote, but
sentences and changes of real texts in another arrangement; of each kind there are counterparts that are no merge.
"""

import collections
import itertools
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from lineage.derive.examples import Known, contracted, folds
from lineage.derive.printed import pieces
from lineage.records import Article

NEAR_COPIES = frozenset({"gitprose", "licences", "wikipedia", "bible"})
MOST_WORDS = 6000  # a text whose changes are followed
MOST_SPLICED = 3000  # words of a text that is spliced
TRIES = 12
UNRELATED = 4  # rounds of unrelated stories for each set and fold


@dataclass(frozen=True)
class Change:
    """The words from `start` to `end` of the old text became `words`."""

    start: int
    end: int
    words: tuple[str, ...]

    @property
    def size(self) -> int:
        """The words that went or came, whichever are more."""
        return max(self.end - self.start, len(self.words))

    def touches(self, other: "Change") -> bool:
        """Whether the two are about the same words, or neighbouring ones."""
        return self.start <= other.end + 1 and other.start <= self.end + 1


def changes(old: Sequence[str], new: Sequence[str]) -> list[Change]:
    """What turns one text, given as words, into another, in order."""
    bare = [[word.strip() for word in words] for words in (old, new)]
    out: list[tuple[int, int, int, int]] = []
    for step in LCSseq.opcodes(*bare):
        if step.tag == "equal":
            continue
        place = (step.src_start, step.src_end, step.dest_start, step.dest_end)
        if out and out[-1][1] == place[0] and out[-1][3] == place[2]:
            place = (out[-1][0], place[1], out.pop()[2], place[3])
        out.append(place)
    return [Change(start, end, tuple(new[first:last])) for start, end, first, last in out]


def changed(old: Sequence[str], made: Iterable[Change]) -> str:
    """The old text after these changes, which must not touch one another."""
    out: list[str] = []
    place = 0
    for change in sorted(made, key=lambda change: (change.start, change.end)):
        out += [*old[place : change.start], *change.words]
        place = max(place, change.end)
    return "".join([*out, *old[place:]])


def words_of(text: str) -> list[str]:
    """The words of a text, each with the space after it."""
    return re.findall(r"\S+\s*", text)


def with_merges(stories: Sequence[Known], seed: int) -> list[Known]:
    """Stories made of the known ones, with merges and with what only looks like one; each in the fold of its first."""
    out: list[Known | None] = []
    for known in stories:
        rng = random.Random(f"{seed}:merge:{known.story}")
        longest = max(len(article.text.split()) for article in known.articles)
        if known.source in NEAR_COPIES and longest < MOST_WORDS:
            out += [_joined(known, rng), _divided(known, rng, merge=True), _divided(known, rng, merge=False)]
        if longest < MOST_SPLICED:
            out += [_spliced(known, rng, siblings=True), _spliced(known, rng, siblings=False)]
    return [known for known in [*out, *_unrelated(stories, seed)] if known is not None]


def _joined(known: Known, rng: random.Random) -> Known | None:
    """Two lines of near copies joined as version control joins them, and often a later text written from that."""
    texts = {article.id: article.text for article in known.articles}
    pairs = [(x, y, base) for x, y in itertools.combinations(sorted(texts), 2) for base in _forks(known, x, y)]
    rng.shuffle(pairs)
    for x, y, base in pairs[:TRIES]:
        text = _three_way(texts[base], texts[x], texts[y])
        if text is not None and text not in texts.values():
            name = f"{known.story}+joined"
            parents = {**known.parents, name: frozenset({x, y})}
            return _continued(known, {**texts, name: text}, parents, (x, name))
    return None


def _forks(known: Known, x: str, y: str) -> list[str]:
    """The text from which the lines of two texts part; none where one is above the other, or a line has a merge."""
    above_x, above_y = _line(known, x), _line(known, y)
    if x in above_y or y in above_x:
        return []
    return [text for text in above_x if text in above_y][:1]


def _line(known: Known, text: str) -> list[str]:
    out: list[str] = []
    while len(known.parents[text]) == 1:
        [text] = known.parents[text]
        out.append(text)
    return out


def _three_way(base: str, first: str, second: str) -> str | None:
    """The base with the changes of both; None where they are about the same words, or one has hardly any."""
    old = words_of(base)
    own, other = changes(old, words_of(first)), changes(old, words_of(second))
    clear = [change for change in other if not any(change.touches(mine) for mine in own)]
    sizes = [sum(change.size for change in some) for some in (own, clear)]
    if min(sizes) < 2 or len(other) - len(clear) > 0.3 * len(clear) + 2:
        return None
    return changed(old, [*own, *clear])


def _continued(known: Known, texts: dict[str, str], parents: dict[str, frozenset[str]], ends: tuple[str, str]) -> Known:
    """The story with the merge; a text that was written from its first parent alone is now written from the merge."""
    first, merge = ends
    used = {above for texts_above in known.parents.values() for above in texts_above}
    later = [text for text in sorted(known.parents) if known.parents[text] == {first} and text not in used]
    for text in later[:1]:
        made = _three_way(texts[first], texts[text], texts[merge])
        if made is not None:
            texts[text], parents[text] = made, frozenset({merge})
    return _known(known, "joined", texts, parents)


def _divided(known: Known, rng: random.Random, *, merge: bool) -> Known | None:
    """One step divided: part of its changes in one new text, the rest in another, and the old child made from both.

    Without a merge there is the first of them alone, and the child is made from that.
    """
    texts = {article.id: article.text for article in known.articles}
    steps = [(next(iter(above)), text) for text, above in sorted(known.parents.items()) if len(above) == 1]
    rng.shuffle(steps)
    for parent, child in steps[:TRIES]:
        old, new = words_of(texts[parent]), words_of(texts[child])
        made = changes(old, new)
        if len(made) < 4 or sum(change.size for change in made) > 0.6 * len(old):
            continue
        cuts = sorted(rng.sample(range(1, len(made)), rng.randint(1, min(5, len(made) - 1))))
        parts = [made[start:end] for start, end in itertools.pairwise([0, *cuts, len(made)])]
        names = [f"{known.story}+{side}" for side in (("one", "two") if merge else ("one",))]
        halves = {name: changed(old, itertools.chain.from_iterable(parts[side::2])) for side, name in enumerate(names)}
        parents = {**known.parents, **dict.fromkeys(names, frozenset({parent})), child: frozenset(names)}
        return _known(known, "divided" if merge else "halfway", texts | halves, parents)
    return None


def _spliced(known: Known, rng: random.Random, *, siblings: bool) -> Known | None:
    """Two texts that nothing was written from become one, half of each; siblings make no merge."""
    ends = _ends(known)
    pairs = [
        (x, y)
        for x, y in itertools.combinations(ends, 2)
        if (known.parents[x] == known.parents[y]) == siblings and not _in_line(known, x, y)
    ]
    if not pairs or len(known.articles) < 5:
        return None
    pair = rng.choice(pairs)
    texts = {article.id: article.text for article in known.articles}
    name = f"{known.story}+spliced"
    one, other = rng.sample(pair, 2)
    text = _halves(texts.pop(one), texts.pop(other), rng)
    parents = {end: above for end, above in known.parents.items() if end not in pair}
    parents[name] = known.parents[pair[0]] | known.parents[pair[1]]
    return _known(known, "siblings" if siblings else "spliced", {**texts, name: text}, parents)


def _ends(known: Known) -> list[str]:
    """The texts with one parent that nothing was written from."""
    used = {above for parents in known.parents.values() for above in parents}
    return [text for text in sorted(known.parents) if text not in used and len(known.parents[text]) == 1]


def _in_line(known: Known, x: str, y: str) -> bool:
    """Whether the parent of one is above the parent of the other."""
    above = [set(_line(known, text)[1:]) for text in (x, y)]
    return bool(above[0] & known.parents[y] or above[1] & known.parents[x])


def _halves(first: str, second: str, rng: random.Random) -> str:
    """Half of each text: one after the other, in thirds, or in unequal shares."""
    one, other = pieces(first), pieces(second)
    way = rng.randrange(3)
    if way == 0:
        return "".join([*one[: max(1, len(one) // 2)], "\n", *other[len(other) // 2 :]])
    if way == 1:
        thirds = [(text, part * len(text) // 3) for part, text in enumerate((one, other, one))]
        return "".join(piece for text, at in thirds for piece in [*text[at : at + max(1, len(text) // 3)], " "])
    share = rng.uniform(0.3, 0.8)
    return "".join([*one[: max(1, round(share * len(one)))], "\n", *other[: max(1, round((1.1 - share) * len(other)))]])


def _unrelated(stories: Sequence[Known], seed: int) -> list[Known | None]:
    """Stories of several sources, with merges of texts that have nothing to do with one another."""
    fold = folds(stories)
    together: dict[tuple[str, int], list[Known]] = collections.defaultdict(list)
    for known in stories:
        if _ends(known) and max(len(article.text.split()) for article in known.articles) < MOST_SPLICED:
            together[known.source, fold[known.story]].append(known)
    out = []
    for key in sorted(together):
        rng = random.Random(f"{seed}:ring:{key}")
        for number in range(UNRELATED):
            count = 2 if number % 2 else rng.randint(3, 6)
            if len(together[key]) >= count:
                out.append(_ring(rng.sample(together[key], count), number, rng))
    return out


def _ring(stories: Sequence[Known], number: int, rng: random.Random) -> Known | None:
    """Parts of several stories; each story's text is spliced with one of the next."""
    ends = {known.story: rng.sample(_ends(known), len(_ends(known))) for known in stories}
    pairs = list(zip(stories, [*stories[1:], stories[0]], strict=True))[: 1 if len(stories) == 2 else None]
    texts: dict[str, str] = {}
    parents: dict[str, frozenset[str]] = {}
    gone: dict[str, list[str]] = {known.story: [] for known in stories}
    for place, (one, other) in enumerate(pairs):
        if ends[one.story] and ends[other.story]:
            first, second = ends[one.story].pop(), ends[other.story].pop()
            name = f"{stories[0].story}+ring{number}.{place}"
            texts[name] = _halves(_text(one, first), _text(other, second), rng)
            parents[name] = one.parents[first] | other.parents[second]
            gone[one.story].append(first)
            gone[other.story].append(second)
    merges = list(parents)
    for known in stories:
        needed = {above for name in merges for above in parents[name]} & set(known.parents)
        part = _some(known, needed, gone[known.story], rng)
        parents |= contracted(known.parents, part)
        texts |= {name: _text(known, name) for name in part}
    return _known(stories[0], f"ring{number}", texts, parents) if merges else None


def _some(known: Known, needed: set[str], gone: Sequence[str], rng: random.Random) -> set[str]:
    """The needed texts, a root, and some others."""
    left = [text for text in sorted(known.parents) if text not in gone and text not in needed]
    roots = [text for text in left if not known.parents[text]][:1]
    others = [text for text in left if text not in roots]
    return needed | set(roots) | set(rng.sample(others, min(len(others), rng.randint(0, 3))))


def _text(known: Known, name: str) -> str:
    return next(article.text for article in known.articles if article.id == name)


def _known(of: Known, way: str, texts: Mapping[str, str], parents: Mapping[str, frozenset[str]]) -> Known:
    articles = tuple(Article(id=name, text=texts[name]) for name in sorted(parents))
    return Known(of.source, f"{of.story}+{way}", articles, dict(parents))
