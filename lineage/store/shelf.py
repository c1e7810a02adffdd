"""All articles of several segments as one: numbered by their ids, so that the order of reading leaves no trace."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

from lineage.keys import Keys
from lineage.records import Article
from lineage.store.segment import Segment


@dataclass(frozen=True, slots=True)
class Shelf:
    """Articles by their place in the order of their ids.

    ids: sorted.  places: for each segment the place of each of its rows, -1 for one that does not count.  segment,
    row: int32, where the article of each place stands.
    """

    segments: Sequence[Segment]
    ids: list[str]
    places: list[NDArray[np.int32]]
    segment: NDArray[np.int32]
    row: NDArray[np.int32]

    @classmethod
    def of(cls, parts: Sequence[tuple[Segment, NDArray[np.bool_]]]) -> "Shelf":
        """The articles of some segments, without those whose row is False.  Ids must differ."""
        segments = [segment for segment, _ in parts]
        kept = [np.flatnonzero(keep) for _, keep in parts]
        names = [segment.ids for segment in segments]
        ids = [named[row] for named, rows in zip(names, kept, strict=True) for row in rows.tolist()]
        owner = np.repeat(np.arange(len(parts), dtype=np.int32), [len(rows) for rows in kept])
        rows = np.concatenate([np.empty(0, np.int64), *kept]).astype(np.int32)
        order = np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int64)
        place = np.empty(len(ids), np.int32)
        place[order] = np.arange(len(ids), dtype=np.int32)
        places, start = [], 0
        for segment, at in zip(segments, kept, strict=True):
            own = np.full(len(segment), -1, np.int32)
            own[at] = place[start : start + len(at)]
            places.append(own)
            start += len(at)
        return cls(segments, [ids[at] for at in order.tolist()], places, owner[order], rows[order])

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def keys(self) -> list[Keys]:
        """The keys of each segment."""
        return [segment.keys for segment in self.segments]

    @property
    def hashes(self) -> NDArray[np.uint64]:
        """The hash of each id, by place."""
        columns = []
        for segment in self.segments:
            own = np.empty(len(segment), np.uint64)
            own[segment.hash_rows] = segment.hashes
            columns.append(own)
        return self._gathered(columns, np.empty(0, np.uint64))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Characters of each text, by place."""
        return self._gathered([segment.lengths for segment in self.segments], np.empty(0, np.int64))

    @property
    def stories(self) -> list[str]:
        """The value of the story field of each article, by place."""
        columns = [segment.stories for segment in self.segments]
        return [columns[s][r] for s, r in zip(self.segment.tolist(), self.row.tolist(), strict=True)]

    def article(self, place: int) -> Article:
        """The article at a place."""
        article: Article = self.segments[self.segment[place]].article(int(self.row[place]))
        return article

    def texts(self, places: NDArray[np.int32]) -> list[str]:
        """The texts at some places."""
        rows = zip(self.segment[places].tolist(), self.row[places].tolist(), strict=True)
        return [self.segments[segment].text(row) for segment, row in rows]

    def digest(self) -> str:
        """A digest of all ids, titles and texts; the same in whatever segments they lie."""
        digests = self._gathered([segment.digests for segment in self.segments], np.empty((0, 2), np.uint64))
        state = xxhash.xxh3_128()
        for id, digest in zip(self.ids, digests, strict=True):
            state.update(id.encode("utf-8", "surrogatepass") + b"\x1f" + digest.tobytes())
        return state.hexdigest()

    def _gathered(self, columns: Sequence[NDArray[Any]], empty: NDArray[Any]) -> NDArray[Any]:
        if not columns:
            return empty
        starts = np.cumsum([0, *map(len, columns)])[:-1]
        return np.concatenate(columns)[starts[self.segment] + self.row]
