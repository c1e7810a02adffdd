"""An index that grows: known articles, and which of them a new one is from."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import candidates, keys, reframe, store, verify
from lineage.errors import MissingInput
from lineage.pipeline import panels, tracing
from lineage.records import Article, Reframing, Relation, Skipped
from lineage.settings import Settings
from lineage.store import Folder, Manifest, Member, Scheme, Segment, State
from lineage.watch import Silent, Watch

BATCH = 8192  # articles that become one segment
FULL = 8  # segments of one order of size that are merged
MOST = 1 << 18  # articles of a segment beyond which it is left alone
GROWN = 16  # times as many articles as its panel was drawn from: an index that is added to draws it again meanwhile
ASKED = "\U0010ffff"  # sorts behind every id, so that a relation is that of the asked article to the known one


@dataclass(frozen=True, slots=True)
class Match:
    """A known article that shares text with one that was asked about.

    article: its id.  probability: that the two share text by derivation, 0 to 1.  relation: of the asked article to
    the known one.  reframing: what the asked one says otherwise; None where that was not asked for.
    """

    article: str
    probability: float
    relation: Relation
    reframing: Reframing | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What adding did: new articles, those that took the place of another text, those that were there already."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0

    def __add__(self, other: "Added") -> "Added":
        return Added(self.added + other.added, self.replaced + other.replaced, self.unchanged + other.unchanged)


class Index:
    """Known articles in a folder.

    An object holds the state it has last read or written: others may write meanwhile, `refresh` shows what they did.
    Any number of processes may read while one writes. Whatever returned is on the disk.
    """

    def __init__(self, path: str | Path, settings: Settings = Settings(), watch: Watch = Silent()) -> None:
        """See `open`."""
        self.folder = Folder(Path(path))
        self.settings = settings
        self.watch = watch
        self._scheme = Scheme(settings.sketch, settings.candidates.similarity, settings.candidates.sample)
        self._state = State(Manifest(self._scheme), [])
        self._opened: tuple[State, verify.Panel] | None = None
        if self.folder.manifest() is not None:
            self.refresh()

    @classmethod
    def open(cls, path: str | Path, settings: Settings = Settings(), watch: Watch = Silent()) -> "Index":
        """The index in a folder; where there is none, an empty one that the first `add` makes.

        Raises IndexFormatError where the folder was written by another version or is damaged, IncompatibleSketches
        where it was made with other settings of sketches or candidates.
        """
        return cls(path, settings, watch)

    def __len__(self) -> int:
        return self._state.articles

    def __contains__(self, id: str) -> bool:
        return bool(self._find([id])[0] is not None)

    @property
    def exists(self) -> bool:
        """Whether the index is on the disk."""
        return self._state.manifest.generation > 0

    def refresh(self) -> None:
        """Take up the present state of the folder."""
        state = self.folder.snapshot()
        state.manifest.scheme.require(self._scheme, self.folder.path)
        self._state = state

    def create(self) -> None:
        """Make the index, empty; one that exists stays as it is.  Raises IndexLocked, OutputError."""
        with self.folder.writing():
            if self.folder.manifest() is None:
                self.folder.commit(Manifest(self._scheme, generation=1))
            self.refresh()

    def get(self, id: str) -> Article | None:
        """The article with this id, as it was added."""
        (at,) = self._find([id])
        return None if at is None else self._state.parts[at[0]][0].article(at[1])

    def ids(self) -> Iterator[str]:
        """The ids of all articles, in no order."""
        for segment, keep in self._state.parts:
            names = segment.ids
            yield from (names[row] for row in np.flatnonzero(keep).tolist())

    def add(self, articles: Any, on_skip: Any = None) -> Added:
        """Add articles: whatever `lineage.read` takes. An id that is known takes the new text, if it differs.

        Raises IndexLocked where another process writes. Each batch is on the disk before the next one is read.
        """
        skip = on_skip or _ignore
        source = tracing.articles(articles, self.settings, skip)
        done = Added()
        with self.folder.writing():
            self._begin()
            while batch := list(islice(source, BATCH)):
                done += self._take(batch)
                self.watch.advance(len(batch))
            self._commit(self._with_panel(self._state))
            self._merge()
        return done

    def remove(self, ids: Iterable[str]) -> int:
        """Remove the articles with these ids; how many were there.  Raises IndexLocked, MissingInput."""
        self._require()
        with self.folder.writing():
            self._begin()
            gone = [at for at in self._find(list(ids)) if at is not None]
            if gone:
                self._commit(self._with_panel(self.folder.opened(self._without(gone))))
        return len(set(gone))

    def query(self, article: Any, changes: bool = False, least: float = 0.5) -> list[Match]:
        """The known articles that share text with `article`, the most probable first; an article's own id is left out.

        article: an article, a dict or a text.  changes: say what it changed of each.  least: probability from which
        an article is named.  Raises MissingInput where there is no index, InputError where the text has no words.
        """
        self._require()
        asked = tracing.as_article(article, ASKED)
        segments = [segment for segment, _ in self._state.parts]
        places = self._state.places
        own = keys.keys(tracing.sketched([asked.text], self.settings), self.settings.candidates)
        near = candidates.near(own, [segment.keys for segment in segments], places, len(self), self.settings.candidates)
        known = [found for found in self._at(near) if found.id != asked.id]
        matches = list(self._judged(known, asked))
        named = sorted((m for m in matches if m.probability >= least), key=lambda m: (-m.probability, m.article))
        if not changes:
            return named
        texts = {found.id: found for found in known}
        return [replace(match, reframing=reframe.reframing(texts[match.article], asked)) for match in named]

    def stats(self) -> dict[str, Any]:
        """What the index holds and how large it is."""
        self._require()
        manifest, parts = self._state.manifest, self._state.parts
        texts = sum(int(segment.text_bytes) for segment, _ in parts)
        panel = self._state.sizes.get(manifest.panel, 0)
        size = sum(self._state.sizes.values()) - panel
        articles = len(self)
        return {
            "articles": articles,
            "removed": sum(len(segment) for segment, _ in parts) - articles,
            "segments": len(parts),
            "generation": manifest.generation,
            "bytes_of_texts": texts,
            "bytes_of_keys": size - texts,
            "bytes_of_keys_an_article": round((size - texts) / max(1, articles), 1),
            "bytes_of_panel": panel,
            "scheme": manifest.scheme.settings(),
        }

    def fingerprint(self) -> str:
        """What tells this state from that of any other index, be it made anew in the same folder in as many steps."""
        self._require()
        stats = [segment.path.stat() for segment, _ in self._state.parts]
        written = [(stat.st_size, stat.st_mtime_ns) for stat in stats]
        return f"{self.folder.path}:{self._state.manifest.generation}:{written}"

    def parts(self) -> list[tuple[Segment, NDArray[np.bool_]]]:
        """The segments of the state this object holds, and which of their rows count."""
        return self._state.parts

    @property
    def _panel(self) -> verify.Panel:
        """The panel of the present state, opened once: what it makes of its file serves every query."""
        if self._opened is None or self._opened[0] is not self._state:
            self._opened = self._state, panels.load(self._state.panel).panel
        return self._opened[1]

    def _require(self) -> None:
        if not self.exists:
            raise MissingInput(f"no index; {self.folder.path}; make one with `lineage index create {self.folder.path}`")

    def _begin(self) -> None:
        """As the only writer: start from what is on the disk."""
        if self.folder.manifest() is not None:
            self.refresh()

    def _find(self, ids: Sequence[str]) -> list[tuple[int, int] | None]:
        """Segment and row of the article with each id."""
        hashed = verify.hashes(ids)
        found: list[tuple[int, int] | None] = [None] * len(ids)
        for number, (segment, keep) in enumerate(self._state.parts):
            for at, row in enumerate(segment.find(hashed).tolist()):
                if row >= 0 and keep[row] and segment.id(row) == ids[at]:
                    found[at] = (number, row)
        return found

    def _take(self, batch: Sequence[Article]) -> Added:
        """Add one batch and commit it."""
        latest = {article.id: article for article in batch}
        known = self._find(list(latest))
        fresh, gone, unchanged = [], [], 0
        for article, at in zip(latest.values(), known, strict=True):
            if at is not None:
                digest = self._state.parts[at[0]][0].digests[at[1]]
                if tuple(digest.tolist()) == store.digest(article):
                    unchanged += 1
                    continue
                gone.append(at)
            fresh.append(article)
        if fresh:
            self._append(fresh, self._without(gone))
        return Added(len(fresh) - len(gone), len(gone), unchanged)

    def _append(self, fresh: Sequence[Article], manifest: Manifest) -> None:
        """Write a segment of new articles and commit the manifest with it."""
        chosen = self.settings.candidates
        sample = 1.0 if len(self) + len(fresh) <= chosen.large else chosen.sample
        texts = [article.text for article in fresh]
        sketches = tracing.sketched(texts, self.settings, threads=os.cpu_count() or 1)
        made = keys.keys(sketches, chosen, sample)
        name = f"{manifest.generation + 1:08}.segment"
        store.make(self.folder.path / name, fresh, made)
        state = self.folder.opened(replace(manifest, members=(*manifest.members, Member(name, len(fresh)))))
        # Who asks while articles are added, or after a kill, is answered by a panel of at least a part of them.
        outgrown = state.articles >= GROWN * manifest.drawn
        self._commit(self._with_panel(state) if outgrown else state.manifest)

    def _without(self, gone: Sequence[tuple[int, int]]) -> Manifest:
        """The manifest after some rows went; the files that say so are written."""
        manifest, parts = self._state.manifest, self._state.parts
        members = list(manifest.members)
        for number in sorted({number for number, _ in gone}):
            segment, keep = parts[number]
            removed = ~keep
            removed[[row for at, row in gone if at == number]] = True
            name = f"{manifest.generation + 1:08}-{number}.removed"
            store.write(self.folder.path / name, "removed", {}, {"removed": removed})
            members[number] = replace(members[number], removed=name, articles=len(segment) - int(removed.sum()))
        return replace(manifest, members=tuple(members))

    def _commit(self, manifest: Manifest) -> None:
        if manifest == self._state.manifest:
            return
        self.folder.commit(replace(manifest, generation=self._state.manifest.generation + 1))
        self._state = self.folder.snapshot()

    def _merge(self) -> None:
        """Merge segments of one order of size where there are many: a query looks into each."""
        while group := _crowded(self._state.manifest.members):
            manifest, parts = self._state.manifest, self._state.parts
            name = f"{manifest.generation + 1:08}.segment"
            merged = store.merged(self.folder.path / name, [parts[number] for number in group])
            rest = [member for number, member in enumerate(manifest.members) if number not in set(group)]
            self._commit(replace(manifest, members=(*rest, Member(name, len(merged)))))

    def _with_panel(self, state: State) -> Manifest:
        """The manifest of a state with its panel brought up to date, which is written.

        Articles that come into the panel or leave it are read, not all of it, unless these are most.
        """
        wanted = self._members(state)
        old = panels.load(state.panel)
        known = panels.contents(old)
        come = {hashed: digest for hashed, digest in wanted.items() if known.get(hashed) != digest}
        gone = {hashed: digest for hashed, digest in known.items() if wanted.get(hashed) != digest}
        if not (come or gone):
            return state.manifest
        base, came, went = old.panel, _texts(state, come), _texts(state, gone)
        # Drawn anew where a text that left it is no longer there to be taken off, and where that is less to read.
        if came is None or went is None or len(come) + len(gone) > len(wanted):
            base, came, went = panels.EMPTY.panel, _texts(state, wanted), ([], np.empty(0, np.uint64))
        assert came is not None
        name = f"{state.manifest.generation + 1:08}.panel"
        panels.save(self.folder.path / name, base.changed(came, went, self.settings.sketch), wanted)
        return replace(state.manifest, panel=name, drawn=state.articles)

    def _members(self, state: State) -> dict[int, tuple[int, int]]:
        """Hash and content of every article that belongs in the panel."""
        found: dict[int, tuple[int, int]] = {}
        for segment, keep in state.parts:
            kept = keep[segment.hash_rows]
            hashed = segment.hashes[kept][: self.settings.compare.panel]
            digests = segment.digests[segment.hash_rows[kept][: self.settings.compare.panel]]
            found |= dict(zip(hashed.tolist(), map(tuple, digests.tolist()), strict=True))
        return {hashed: found[hashed] for hashed in sorted(found)[: self.settings.compare.panel]}

    def _at(self, places: NDArray[np.int32]) -> list[Article]:
        """The articles at some places."""
        starts = np.cumsum([0, *(len(segment) for segment, _ in self._state.parts)])
        found = np.searchsorted(starts, places, "right") - 1
        return [
            self._state.parts[number][0].article(int(place - starts[number]))
            for number, place in zip(found.tolist(), places.tolist(), strict=True)
        ]

    def _judged(self, known: Sequence[Article], asked: Article) -> Iterator[Match]:
        """How the asked article stands to each of some known ones, which are compared with one another as well."""
        if not known:
            return
        panel, settings = self._panel, self.settings
        ordered = sorted(known, key=lambda article: article.id)
        texts = [*(article.text for article in ordered), asked.text]
        outside = np.append(panel.outside(verify.hashes(article.id for article in ordered)), np.uint8(1))

        def measure(pairs: NDArray[np.int32]) -> list[verify.Block]:
            return [verify.Held(pairs, verify.measured(texts, outside, pairs, panel, settings.sketch))]

        every = _every(len(texts))
        everything = replace(settings.compare, report=0.0)
        lengths = np.fromiter(map(len, texts), np.int64)
        judged = (
            part.where(part.pairs[:, 1] == len(known)) for part in verify.judged(every, measure, len(texts), everything)
        )
        for comparison in verify.found(judged, lengths).comparisons([*(article.id for article in ordered), ASKED]):
            yield Match(comparison.a, comparison.probability, comparison.relation)


def _texts(state: State, wanted: Mapping[int, tuple[int, int]]) -> tuple[list[str], NDArray[np.uint64]] | None:
    """The texts with these hashes and contents, removed ones too; None where one is not there any more."""
    hashed = np.fromiter(wanted, np.uint64)
    texts: dict[int, str] = {}
    for segment, _ in state.parts:
        for key, row in zip(hashed.tolist(), segment.find(hashed).tolist(), strict=True):
            if row >= 0 and tuple(segment.digests[row].tolist()) == wanted[key]:
                texts[key] = segment.text(row)
    return ([texts[key] for key in wanted], hashed) if len(texts) == len(wanted) else None


@cache
def _every(articles: int) -> NDArray[np.int32]:
    """Every pair of so few articles."""
    return np.stack(np.triu_indices(articles, 1), axis=1).astype(np.int32)


def _crowded(members: Sequence[Member]) -> list[int]:
    """The oldest segments of one order of size that are worth merging, by number; none where there are few of them."""
    orders: dict[int, list[int]] = {}
    for number, member in enumerate(members):
        if member.articles < MOST // 2:
            orders.setdefault(max(1, member.articles).bit_length() // 3, []).append(number)
    for _, crowd in sorted(orders.items()):
        if len(crowd) >= FULL:
            sizes = np.cumsum([members[number].articles for number in crowd])
            return crowd[: max(2, int((sizes <= MOST).sum()))]
    return []


def _ignore(skipped: Skipped) -> None:
    """Do nothing about what was skipped."""
