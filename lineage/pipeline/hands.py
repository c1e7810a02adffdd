"""Who carries out a scan: threads and processes of this machine, or the executors of a cluster."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from lineage.candidates import Candidates
from lineage.pipeline.reading import Reading
from lineage.pipeline.work import Work
from lineage.settings import CandidateSettings, Settings
from lineage.store import Shelf


class Hands(Protocol):
    """What a scan has done by many. Nothing of the results depends on who does it."""

    @property
    def jobs(self) -> int:
        """Threads that may be used here, where the scan is led from."""

    def shelf(self, work: Work, inputs: Sequence[str | Path], settings: Settings) -> tuple[Shelf, Reading]:
        """All articles of the inputs, on disk, and what was skipped."""

    def candidates(self, shelf: Shelf, settings: CandidateSettings) -> Candidates:
        """The candidate pairs, as `candidates.among` finds them."""

    def parts(
        self, pairs: NDArray[np.int32], probabilities: NDArray[np.float64], articles: int, most: int
    ) -> NDArray[np.int32]:
        """What hangs together, as `cluster.parts` finds it."""

    def each(
        self, work: Work, stage: str, names: Sequence[str], task: Callable[[int], Any], do: Callable[..., Any]
    ) -> None:
        """Make all parts that are not there yet: number n by `do(*task(n))`, which may run anywhere."""

    def tellers(self, work: Work, stories: int) -> "AbstractContextManager[Callable[[int, Any], None]]":
        """What starts `telling.tell` on a task that is worth so many stories; all are done when the block ends."""
