"""A whole corpus into a folder of results: read once, bounded in memory, taken up again where it was interrupted."""

import os
import platform
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from lineage import boilerplate, cluster, derive, verify
from lineage.errors import InputError, OutputError
from lineage.pipeline import comparing, grouping, reading, results, telling, tracing, verdicts, work, writing
from lineage.pipeline.hands import Hands
from lineage.pipeline.index import Index
from lineage.pipeline.local import Local
from lineage.pipeline.work import Shard, Work
from lineage.records import Boilerplate, Comparison, Verdict
from lineage.report import files
from lineage.settings import Settings, to_mapping
from lineage.store import Folder, Shelf
from lineage.store.lock import held
from lineage.watch import Silent, Watch

SCHEMA = "lineage.manifest/1"
GIVEN = 64  # stories of the input that are compared together


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a scan did: settings, input digest, counts, what was skipped and why, seconds.

    input: digest of all articles that were read, in the order of their ids.  skipped: how many for each reason.
    seconds: of this run; those of one that was interrupted are not in it.
    """

    settings: Mapping[str, Any]
    input: str
    counts: Mapping[str, int]
    skipped: Mapping[str, int]
    stories: int
    seconds: float
    version: str
    python: str
    schema: str = SCHEMA


@dataclass(frozen=True, slots=True)
class _Source:
    """What is scanned: its articles, and what was skipped."""

    shelf: Shelf
    skips: reading.Reading


@dataclass(frozen=True, slots=True)
class Run:
    """How a scan is carried out; nothing of it changes what is found.

    jsonl: write `pairs.jsonl` as well.  hands: who does the work.  shard: which part of a shared scan this is.
    """

    jsonl: bool = False
    hands: Hands = Local()  # noqa: RUF009 - frozen
    shard: Shard = Shard()  # noqa: RUF009 - frozen


def scan(
    inputs: str | Path | Sequence[str | Path],
    out: str | Path,
    settings: Settings = Settings(),
    watch: Watch = Silent(),
    jsonl: bool = False,
    jobs: int = 1,
) -> Manifest:
    """Find the stories of a corpus, of one input or several, and write them to `out`, keeping to the verdicts there.

    The one input may be an index; its stories then keep the ids they have in `out`. A scan that was interrupted is
    taken up again where it stopped. `jobs` threads and processes are used; the result does not depend on how many.

    Raises OutputError before anything is read where `out` cannot be written, and MissingInput where an input does not
    exist.
    """
    given = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    manifest = share(given, Path(out), settings, watch, Run(jsonl, Local(jobs)))
    assert manifest is not None
    return manifest


def share(inputs: Sequence[str | Path], out: Path, settings: Settings, watch: Watch, run: Run) -> Manifest | None:
    """The same as one of several processes, on one machine or many, that share the folder `out`.

    Each makes its own parts and waits for those of the others; the first writes the results, the others return None.
    Raises OutputError where another scan that is none of these writes into `out`, InputError where standard input would
    have to be shared.
    """
    if run.shard.of > 1 and "-" in map(str, inputs):
        raise InputError("standard input has one reader; --shard; give every shard the same files")
    _ready(out)
    with _alone(out, run.shard), ExitStack() as stack:
        for place in _indexes(inputs):  # its segments are opened by many, at any time
            stack.enter_context(Folder(place).reading())
        return _share(inputs, out, settings, watch, run)


def _share(inputs: Sequence[str | Path], out: Path, settings: Settings, watch: Watch, run: Run) -> Manifest | None:
    began = time.monotonic()
    index = _index(inputs, settings, watch)
    skips = reading.Skips()
    said = verdicts.kept(out, skips)
    state = "" if index is None else index.fingerprint()
    job = work.open_work(out, work.key_of(inputs, settings, state), run.shard, watch)
    source = _source(job, inputs, index, settings, run.hands)
    found, groups, counts = _found(job, source.shelf, settings, run.hands, derive.agreed(said))
    stories = grouping.named(groups, _earlier(out) if index is not None else ())
    company = telling.company(job, source.shelf, stories, run.hands)
    parts = telling.told(job, source.shelf, telling.Untold(stories, said, company), settings, run.hands)
    if not job.mine(0):
        job.leave()
        return None
    verdicts.tell(said, stories, watch)
    full = sum(len(story.articles) == settings.cluster.most for story in stories)
    if full:
        watch.note(
            f"{full} stories have the {settings.cluster.most} articles that cluster.most allows; more may belong"
        )
    watch.stage("writing")
    writing.pairs(out, found, source.shelf.ids, run.jsonl)
    writing.stories(out, parts)
    writing.company(out, company)
    writing.articles(out, source.shelf, (id for story in stories for id in story.articles))
    common = _boilerplate(source.shelf, stories, settings)
    writing.boilerplate(out, common)
    writing.skipped(out, [*skips.named, *source.skips.named][: reading.NAMED])
    manifest = Manifest(
        settings=to_mapping(settings),
        input=source.shelf.digest(),
        counts={**counts, "boilerplate_passages": len(common)},
        skipped=dict(sorted((skips.reasons + Counter(source.skips.skipped)).items())),
        stories=len(stories),
        seconds=round(time.monotonic() - began, 3),
        version=version("article-lineage"),
        python=platform.python_version(),
    )
    files.write(out / results.MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    job.clear()
    return manifest


def _boilerplate(shelf: Shelf, stories: Sequence[grouping.Named], settings: Settings) -> Sequence[Boilerplate]:
    """What many stories share word for word, judged by the panel of the corpus."""
    hashed = shelf.hashes
    inside = np.flatnonzero(np.isin(hashed, verify.members(hashed, settings.compare.panel)))
    story_of = {id: f"{number}" for number, story in enumerate(stories) for id in story.articles}
    articles = [shelf.article(place) for place in inside.tolist()]
    return boilerplate.boilerplate(articles, story_of, settings.boilerplate)


def _index(inputs: Sequence[str | Path], settings: Settings, watch: Watch) -> Index | None:
    """The index that is to be scanned; None where the inputs are articles."""
    places = _indexes(inputs)
    if not places:
        return None
    if len(inputs) > 1:
        raise InputError(
            f"an index and {len(inputs) - 1} other inputs; {places[0]}; scan the index alone, or add to it"
        )
    return Index.open(places[0], settings, watch)


def _indexes(inputs: Sequence[str | Path]) -> list[Path]:
    return [Path(place) for place in inputs if str(place) != "-" and Folder(Path(place)).holds_index()]


def _source(job: Work, inputs: Sequence[str | Path], index: Index | None, settings: Settings, hands: Hands) -> _Source:
    if index is None:
        return _Source(*hands.shelf(job, inputs, settings))
    return _Source(Shelf.of(index.parts()), reading.Reading())


def _found(
    job: Work, shelf: Shelf, settings: Settings, hands: Hands, said: Sequence[Verdict]
) -> tuple[verify.Found, Sequence[cluster.Group], Mapping[str, int]]:
    """Compared pairs and stories, found or as the input names them."""
    stories = shelf.stories
    if any(stories):
        return _given(job, shelf, stories, settings)
    if stories:
        tracing.tell_ungrouped(settings, job.watch)
    found, counts = comparing.compared(job, shelf, settings, hands)
    return found, grouping.groups(found, shelf.ids, said, settings.cluster, hands.parts), counts


def _given(
    job: Work, shelf: Shelf, stories: Sequence[str], settings: Settings
) -> tuple[verify.Found, Sequence[cluster.Group], Mapping[str, int]]:
    """Comparisons within the stories that the input names, and those stories."""
    members: dict[str, list[int]] = {}
    for place, story in enumerate(stories):
        if story:
            members.setdefault(story, []).append(place)
    order = sorted(members)
    chunks = [order[start : start + GIVEN] for start in range(0, len(order), GIVEN)]
    names = [f"{number:06}.given" for number in range(len(chunks))]

    def compare(number: int) -> None:
        found: list[Comparison] = []
        totals: Counter[str] = Counter()
        for story in chunks[number]:
            articles = [shelf.article(place) for place in members[story]]
            compared, counts = tracing.compared(articles, settings, Silent())
            found += compared
            totals.update(counts)
        job.note(names[number], (totals, found))

    job.each("comparing", names, compare)
    read = [msgspec.json.decode(job.path(name).read_bytes(), type=_Within) for name in names]
    totals = sum((Counter(counts) for counts, _ in read), Counter[str]())
    comparisons = [comparison for _, found in read for comparison in found]
    groups = (
        cluster.Group(tuple(shelf.ids[place] for place in part), None) for part in members.values() if len(part) > 1
    )
    ordered = sorted(groups, key=lambda group: (-len(group.articles), group.articles))
    return writing.given(comparisons, shelf.ids), ordered, dict(totals)


_Within = tuple[dict[str, int], list[Comparison]]


def _earlier(out: Path) -> Iterator[tuple[str, Sequence[str]]]:
    """The stories that lie in the folder, if an earlier scan left any."""
    if (out / results.STORIES).is_file():
        for story in results.story_heads(out):
            yield story.id, story.articles


@contextmanager
def _alone(out: Path, shard: Shard) -> Iterator[None]:
    """Be the only scan into the folder, or one of its shards: two scans would take one another's parts away."""
    handle = os.open(out, os.O_RDONLY)
    try:
        if not held(handle, shared=shard.of > 1):
            raise OutputError(
                f"another scan writes there; {out}; wait until it has ended, choose another folder with -o, or give "
                "all of them --shard"
            )
        yield
    finally:
        os.close(handle)


def _ready(out: Path) -> None:
    """Make the folder and try to write in it, so that hours of work never end at a closed door."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / f".lineage-probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write to {out} ({reason}); choose a folder that can be written with -o") from error
