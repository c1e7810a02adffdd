"""The hands of this machine: threads for what releases the interpreter, processes for stories."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lineage import candidates, cluster
from lineage.pipeline import reading, telling, tracing
from lineage.pipeline.work import Work, threads
from lineage.settings import CandidateSettings, Settings
from lineage.store import Shelf


@dataclass(frozen=True, slots=True)
class Local:
    """Carries out a scan here, in so many threads and processes; see `Hands`."""

    jobs: int = 1

    def shelf(self, work: Work, inputs: Sequence[str | Path], settings: Settings) -> tuple[Shelf, reading.Reading]:
        """All articles of the inputs, on disk, and what was skipped."""
        return reading.shelf(work, inputs, settings, self.jobs)

    def candidates(self, shelf: Shelf, settings: CandidateSettings) -> candidates.Candidates:
        """The candidate pairs."""
        return candidates.among(shelf.keys, shelf.places, len(shelf), settings, self.jobs)

    def parts(
        self, pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int, most: int
    ) -> NDArray[np.int32]:
        """What hangs together."""
        return cluster.parts(pairs, probabilities, articles, most)

    def each(
        self, work: Work, stage: str, names: Sequence[str], task: Callable[[int], Any], do: Callable[..., Any]
    ) -> None:
        """Make all parts that are not there yet."""
        with threads(self.jobs) as pool:
            work.each(stage, names, lambda number: do(*task(number)), pool)

    def tellers(self, work: Work, stories: int) -> AbstractContextManager[Callable[[int, Any], None]]:
        """What tells stories, in processes where there are many."""
        return telling.crew(work, self.jobs if stories >= tracing.MANY else 1)
