"""A scan from disk: the same bytes however it is cut, interrupted or shared, and bounded where the input is bad."""

import fnmatch
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import lineage
from lineage import cluster, pipeline
from lineage.errors import InputError, OutputError
from lineage.pipeline import comparing, grouping, reading, scanning, telling, work
from lineage.pipeline.work import Shard
from lineage.records import Comparison, Verdict
from lineage.settings import CandidateSettings, CompareSettings, Settings
from lineage.watch import Silent

CORPUS = Path(__file__).parents[2] / "corpus"
INPUTS = [CORPUS / name for name in ("cable", "chain", "front", "wire", "ferry")]
RESULTS = (
    "pairs.parquet",
    "pairs.jsonl",
    "edges.parquet",
    "changes.parquet",
    "articles.parquet",
    "stories.jsonl",
    "skipped.jsonl",
)
BOUNDED = Settings(candidates=CandidateSettings(all_pairs=2, large=10), compare=CompareSettings(panel=12))


def results(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in RESULTS}


class Notes(Silent):
    """A watch that keeps what is noted."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, message: str) -> None:
        self.notes.append(message)


@pytest.fixture(scope="module", params=[Settings(), BOUNDED], ids=["small", "bounded"])
def settings(request: pytest.FixtureRequest) -> Settings:
    return request.param


@pytest.fixture(scope="module")
def whole(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a scan in one piece writes."""
    out = tmp_path_factory.mktemp("whole")
    pipeline.scan(INPUTS, out, settings, jsonl=True)
    return results(out)


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many parts of everything."""
    monkeypatch.setattr(reading, "ARTICLES", 4)
    monkeypatch.setattr(comparing, "TEXTS", 5)
    monkeypatch.setattr(comparing, "PAIRS", 9)
    monkeypatch.setattr(telling, "STORIES", 1)


def test_a_scan_finds_what_a_trace_finds(whole: dict[str, bytes], settings: Settings) -> None:
    """From disk or in memory, the stories are the same, byte for byte."""
    assert whole["stories.jsonl"] == pipeline.export(lineage.trace(lineage.read(INPUTS), settings).stories, "jsonl")


@pytest.mark.usefixtures("small_parts")
def test_parts_and_threads_leave_no_trace(whole: dict[str, bytes], settings: Settings, tmp_path: Path) -> None:
    """Small parts, several threads, inputs in another order, one file instead of many: the same bytes."""
    rows = sorted((row for place in INPUTS for row in lineage.read(place)), key=lambda article: article.text)
    lines = (
        json.dumps(
            {
                **{n: getattr(row, n) for n in ("id", "title", "text", "source", "author", "url", "lang")},
                "published": row.published.text if row.published else "",
                **row.extra,
            }
        )
        for row in rows
    )
    (tmp_path / "all.jsonl").write_text("\n".join(lines))
    pipeline.scan(INPUTS[::-1], tmp_path / "parts", settings, jsonl=True, jobs=3)
    pipeline.scan([tmp_path / "all.jsonl"], tmp_path / "file", settings, jsonl=True)

    assert results(tmp_path / "parts") == whole
    assert results(tmp_path / "file") == whole
    assert not (tmp_path / "parts" / work.NAME).exists()


SCANNING = """
import sys
from pathlib import Path
from lineage import pipeline
from lineage.pipeline import comparing, reading, telling, work
reading.ARTICLES, comparing.TEXTS, comparing.PAIRS, telling.STORIES = 4, 5, 9, 1
work.Work.clear = lambda self: None  # where the scan is done before the signal comes, its parts are there still
out, inputs = Path(sys.argv[1]), sys.argv[2:]
pipeline.scan(inputs, out, jsonl=True, jobs=2)
"""


def parts(out: Path) -> dict[str, tuple[int, int]]:
    """The parts that are done, by name, with what tells whether they were made again."""
    found = {}
    for path in (out / work.NAME).glob("*/*"):
        with suppress(FileNotFoundError):  # the scan that is watched takes its parts away when it is done
            if not path.name.startswith("."):
                found[path.name] = (path.stat().st_ino, path.stat().st_mtime_ns)
    return found


@contextmanager
def started(command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """A process that does not outlive the block, also where a test fails in it: a lone shard would wait for ever."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        try:
            yield run
        finally:
            run.kill()


def stop(run: "subprocess.Popen[bytes]", kind: signal.Signals) -> None:
    """Send a signal, and once more after a minute, as people do; it was lost once, on a machine under great load."""
    run.send_signal(kind)
    try:
        run.wait(60)
    except subprocess.TimeoutExpired:
        run.send_signal(kind)
        run.wait(240)


@pytest.mark.parametrize(
    ("wanted", "kind"),
    [
        ("000003.segment", signal.SIGKILL),
        ("1-000004.block", signal.SIGKILL),
        ("1-000004.block", signal.SIGINT),
        ("000000-*.stories", signal.SIGKILL),
    ],
)
def test_a_killed_scan_goes_on(
    wanted: str,
    kind: signal.Signals,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Killed while reading, comparing or telling: what was done is not done again, and the bytes are the same."""
    out = tmp_path / "out"
    command = [sys.executable, "-c", SCANNING, str(out), *map(str, INPUTS)]
    with started(command) as run:
        while not fnmatch.filter(parts(out), wanted) and run.poll() is None:
            time.sleep(0.001)
        stop(run, kind)
    done = parts(out)
    assert fnmatch.filter(done, wanted)

    monkeypatch.setattr(work.Work, "clear", lambda self: None)
    for module, name, value in (
        (reading, "ARTICLES", 4),
        (comparing, "TEXTS", 5),
        (comparing, "PAIRS", 9),
        (telling, "STORIES", 1),
    ):
        monkeypatch.setattr(module, name, value)
    watch = Notes()
    pipeline.scan(INPUTS, out, watch=watch, jsonl=True)
    assert any("going on where" in note for note in watch.notes)
    assert {name: parts(out)[name] for name in done} == done, "a part was made again"
    again = tmp_path_factory.mktemp("again")
    pipeline.scan(INPUTS, again, jsonl=True)
    assert results(out) == results(again)


@pytest.mark.usefixtures("small_parts")
def test_other_inputs_start_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done for other inputs or other settings is not taken up, and that is said."""
    (tmp_path / "in").mkdir()
    for name in ("cable", "wire"):
        (tmp_path / "in" / f"{name}.jsonl").write_bytes((CORPUS / name / "articles.jsonl").read_bytes())

    def full(path: Path, *_: object) -> None:
        raise OutputError("cannot write (No space left on device); somewhere; make room and run again")

    with monkeypatch.context() as patched, pytest.raises(OutputError, match="No space left"):
        patched.setattr(telling, "tell", full)
        pipeline.scan([tmp_path / "in"], tmp_path / "out", jsonl=True)
    assert (tmp_path / "out" / work.NAME).exists()
    (tmp_path / "in" / "wire.jsonl").write_bytes((CORPUS / "ferry" / "articles.jsonl").read_bytes())
    watch = Notes()
    pipeline.scan([tmp_path / "in"], tmp_path / "out", watch=watch, jsonl=True)
    pipeline.scan([tmp_path / "in"], tmp_path / "fresh", jsonl=True)

    assert any("starting over" in note for note in watch.notes)
    assert results(tmp_path / "out") == results(tmp_path / "fresh")


def _limited(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_told_and_overcome(tmp_path: Path) -> None:
    """A file that cannot be written whole is one line and status 1; with room again the scan goes on."""
    command = [sys.executable, "-m", "lineage", "scan", *map(str, INPUTS), "-o", str(tmp_path / "out"), "-q", "--jsonl"]
    failed = subprocess.run(command, capture_output=True, text=True, preexec_fn=lambda: _limited(100_000), check=False)

    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.count("\n") == 1
    assert "make room and run again" in failed.stderr
    assert not list((tmp_path / "out").rglob("*.part"))
    subprocess.run(command, check=True, capture_output=True)
    pipeline.scan(INPUTS, tmp_path / "whole", jsonl=True)
    assert results(tmp_path / "out") == results(tmp_path / "whole")


def _shard(number: int, out: Path, settings: Settings) -> bool:
    signal.alarm(300)  # where one shard fails the others wait for ever; the pool breaks when this ends them
    reading.ARTICLES, comparing.TEXTS, comparing.PAIRS, telling.STORIES = 4, 5, 9, 1
    work._POLL = 1.5 if number else 0.01  # the first sees all parts, and is done, long before the others look again
    run = pipeline.Run(jsonl=True, shard=Shard(number, 3))
    return pipeline.share(INPUTS, out, settings, Silent(), run) is not None


def test_shards_do_together_what_one_does(whole: dict[str, bytes], settings: Settings, tmp_path: Path) -> None:
    """Three processes that share a folder write what one writes; the first of them writes it."""
    import multiprocessing

    with ProcessPoolExecutor(3, multiprocessing.get_context("spawn")) as pool:
        wrote = list(pool.map(_shard, range(3), [tmp_path / "out"] * 3, [settings] * 3))

    assert wrote == [True, False, False]
    assert results(tmp_path / "out") == whole


def test_a_shard_whose_work_is_taken_away_says_so(tmp_path: Path) -> None:
    """It does not wait for ever for parts that nobody will make."""
    job = work.open_work(tmp_path, "key", Shard(1, 2), Silent())
    work.open_work(tmp_path, "key", Shard(), Silent()).clear()
    with pytest.raises(OutputError, match="another run ended this work"):
        job.wait(["000000.segment"])


def test_a_shard_that_waits_says_what_can_be_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else may be running: it says so once, and how to end the wait."""
    heard: list[str] = []

    class Listening(Silent):
        def note(self, message: str) -> None:
            heard.append(message)
            job.note("theirs", None)

    monkeypatch.setattr(work, "_PATIENCE", 0.0)
    job = work.open_work(tmp_path, "key", Shard(0, 3), Listening())
    job.wait(["theirs"])
    assert len(heard) == 1
    assert "if not all 3 are running" in heard[0]
    assert "without --shard" in heard[0]


def test_two_scans_do_not_share_a_folder_by_chance(tmp_path: Path) -> None:
    """The second is refused before it touches the parts of the first; shards may join shards."""
    with scanning._alone(tmp_path, Shard()):
        for shard in (Shard(), Shard(1, 2)):
            with pytest.raises(OutputError, match="another scan writes there"):
                pipeline.share(INPUTS, tmp_path, Settings(), Silent(), pipeline.Run(shard=shard))
    assert not list(tmp_path.iterdir())
    with (
        scanning._alone(tmp_path, Shard(0, 2)),
        scanning._alone(tmp_path, Shard(1, 2)),
        pytest.raises(OutputError, match="--shard"),
    ):
        pipeline.scan(INPUTS, tmp_path)
    with scanning._alone(tmp_path, Shard()):
        pass


def test_standard_input_is_not_shared(tmp_path: Path) -> None:
    """One shard would read all of it, and the others wait for parts that never come."""
    with pytest.raises(InputError, match="--shard"):
        pipeline.share(["-"], tmp_path, Settings(), Silent(), pipeline.Run(shard=Shard(0, 2)))


def test_a_lost_shard_is_made_up_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one shard never came, the same scan without shards does what is missing, and no more."""
    command = [
        sys.executable,
        "-m",
        "lineage",
        "scan",
        *map(str, INPUTS),
        "-o",
        str(tmp_path / "out"),
        "--shard",
        "1/2",
    ]
    with started([*command, "-q", "--jsonl"]) as first:
        while "000000.segment" not in parts(tmp_path / "out") and first.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
    done = parts(tmp_path / "out")
    monkeypatch.setattr(work.Work, "clear", lambda self: None)
    pipeline.scan(INPUTS, tmp_path / "out", jsonl=True)
    assert {name: parts(tmp_path / "out")[name] for name in done} == done
    pipeline.scan(INPUTS, tmp_path / "whole", jsonl=True)
    assert results(tmp_path / "out") == results(tmp_path / "whole")


def test_an_index_is_scanned_like_its_articles(whole: dict[str, bytes], settings: Settings, tmp_path: Path) -> None:
    """The stories of an index are those of its articles."""
    index = lineage.Index.open(tmp_path / "index", settings)
    for place in INPUTS[::-1]:
        index.add(lineage.read(place))
    index.add([{"id": "gone", "text": "An article of seven words that goes."}])
    index.remove(["gone"])
    pipeline.scan([tmp_path / "index"], tmp_path / "out", settings, jsonl=True)

    assert results(tmp_path / "out") == whole
    with pytest.raises(InputError, match="scan the index alone"):
        pipeline.scan([tmp_path / "index", CORPUS], tmp_path / "out", settings)


def test_stories_of_an_index_keep_their_ids(tmp_path: Path) -> None:
    """A story that grew has the id it had; a new one has one of its own; scanning again changes nothing."""
    cable = sorted(lineage.read(CORPUS / "cable"), key=lambda article: article.id)
    index = lineage.Index.open(tmp_path / "index")
    index.add([*cable[:3], *lineage.read(CORPUS / "chain")])
    pipeline.scan([tmp_path / "index"], tmp_path / "out")
    before = {story.id: set(story.articles) for story in pipeline.load_stories(tmp_path / "out")}
    index.add([*cable[3:], *lineage.read(CORPUS / "wire")])
    pipeline.scan([tmp_path / "index"], tmp_path / "out", jsonl=True)
    after = {story.id: set(story.articles) for story in pipeline.load_stories(tmp_path / "out")}

    assert set(before) < set(after)
    assert all(before[id] <= after[id] for id in before)
    assert any(before[id] < after[id] for id in before)
    stories = (tmp_path / "out" / "stories.jsonl").read_bytes()
    pipeline.scan([tmp_path / "index"], tmp_path / "out", jsonl=True)
    assert (tmp_path / "out" / "stories.jsonl").read_bytes() == stories


def group(*articles: str) -> cluster.Group:
    return cluster.Group(tuple(sorted(articles)), None)


def test_who_keeps_an_id() -> None:
    """The larger part of a split keeps it, the larger share of a merger decides, and no two have one id."""
    own = pipeline.story_id
    earlier = [("s-old", ["a", "b", "c", "d", "e"]), ("s-two", ["f", "g"])]
    split = grouping.named([group("a", "b"), group("c", "d", "e")], earlier)
    merged = grouping.named([group("d", "e", "f", "g", "c")], earlier)
    even = grouping.named([group("a", "b"), group("c", "d")], earlier)
    first = grouping.named([group("a", "b", "x", "y"), group("p", "q")], [(own(["p", "q"]), ["a", "b", "x"])])

    assert [story.id for story in split] == [own(["a", "b"]), "s-old"]
    assert [story.id for story in merged] == ["s-old"]
    assert [story.id for story in even].count("s-old") == 1
    assert len({story.id for story in even}) == 2
    assert first[0].id == own(["p", "q"]) and first[1].id != first[0].id


def test_groups_by_component_are_those_of_all() -> None:
    """Clustering component by component is clustering all at once; a limit on the size of a story holds in both."""
    from lineage import verify
    from lineage.settings import ClusterSettings

    draw = np.random.default_rng(2)
    ids = [f"{number:03}" for number in range(150)]
    links = sorted({tuple(sorted(draw.choice(150, 2, replace=False).tolist())) for _ in range(130)})
    chance = np.round(draw.uniform(0.3, 1.0, len(links)), 6)
    pairs = np.array(links, np.int32)
    found = verify.Found(pairs, chance, ["rewrite"] * len(links), np.empty((len(links), 0)))
    for most in (1000, 12):
        settings = ClusterSettings(most=most, side=2)
        all_at_once = cluster.groups(
            [
                Comparison(ids[a], ids[b], float(p), "rewrite" if p >= 0.5 else "same event")
                for (a, b), p in zip(links, chance, strict=True)
            ],
            settings,
        )
        assert tuple(grouping.groups(found, ids, (), settings)) == all_at_once
        assert max(len(story.articles) for story in all_at_once) <= most


def test_blocks_hold_every_pair_once() -> None:
    """However pairs are laid into blocks, each is in one."""
    draw = np.random.default_rng(1)
    pairs = np.unique(np.sort(draw.integers(0, 40_000, (30_000, 2)), axis=1), axis=0).astype(np.int32)
    blocks = comparing.blocked(pairs)

    assert len(blocks) > 1
    assert np.array_equal(np.unique(np.concatenate(blocks), axis=0), pairs)
    assert sum(map(len, blocks)) == len(pairs)
    assert max(np.unique(block).size for block in blocks) <= comparing.TEXTS


def test_many_equal_articles_cost_what_they_weigh(tmp_path: Path) -> None:
    """Thousands of equal articles give a chain of pairs, stories of bounded size, and every one of them is told."""
    text = next(iter(lineage.read(CORPUS / "cable"))).text
    with (tmp_path / "equal.jsonl").open("w") as lines:
        for number in range(3000):
            lines.write(json.dumps({"id": f"n{number:05}", "text": text}) + "\n")
    watch = Notes()
    settings = Settings(compare=CompareSettings(panel=500))
    manifest = pipeline.scan([tmp_path / "equal.jsonl"], tmp_path / "out", settings, watch)

    assert manifest.counts["candidate_pairs"] < 2 * 3000
    stories = pipeline.load_stories(tmp_path / "out")
    assert len(stories[0].articles) == 1000
    assert len(stories) <= 4
    assert sum(len(story.articles) for story in stories) >= 2999
    assert all(len(story.derivation.edges) == len(story.articles) - 1 for story in stories)
    assert any("cluster.most" in note for note in watch.notes)


def test_rows_without_text_are_counted(tmp_path: Path) -> None:
    """A hundred thousand empty rows: counted all, named only the first, and the one article among them is read."""
    cable = next(iter(lineage.read(CORPUS / "cable")))
    with (tmp_path / "empty.jsonl").open("w") as lines:
        lines.write('{"text": ""}\n' * 100_000 + json.dumps({"id": "one", "text": cable.text}) + "\n")
    manifest = pipeline.scan([tmp_path / "empty.jsonl"], tmp_path / "out")

    assert manifest.skipped == {"empty text": 100_000}
    assert manifest.counts["articles"] == 1
    assert len((tmp_path / "out" / "skipped.jsonl").read_bytes().splitlines()) == reading.NAMED


def test_a_truncated_parquet_file_is_named(tmp_path: Path) -> None:
    """A table cut short among others is said, and the others are scanned."""
    (tmp_path / "in").mkdir()
    rows = [{"id": article.id, "text": article.text} for article in lineage.read(CORPUS / "cable")]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "in" / "whole.parquet")
    (tmp_path / "in" / "cut.parquet").write_bytes((tmp_path / "in" / "whole.parquet").read_bytes()[:-500])
    manifest = pipeline.scan([tmp_path / "in"], tmp_path / "out")

    assert manifest.skipped == {"damaged file": 1}
    assert manifest.counts["articles"] == len(rows)


def test_long_articles_make_small_batches() -> None:
    """A batch has bounded characters, an article longer than that is a batch of its own."""
    lengths = [10, reading.CHARACTERS, 10, 10, reading.CHARACTERS + 1, 5]
    made = list(reading.batches(lineage.Article(str(n), "x" * length) for n, length in enumerate(lengths)))

    assert [len(batch) for batch in made] == [1, 1, 2, 1, 1]


@pytest.fixture(autouse=True)
def _no_leftovers() -> Iterator[None]:
    yield
    telling._segment.cache_clear()


@pytest.mark.parametrize(
    "verdict",
    [Verdict("cable-courier", "cable-herald", "wrong direction"), Verdict("cable-courier", "chain-0", "right")],
    ids=["a link", "the stories"],
)
def test_a_verdict_after_an_interruption_counts(verdict: Verdict, tmp_path: Path) -> None:
    """What was told without it is told again, whether it turns a link or joins two stories."""

    def full(path: Path, *_: object) -> None:
        raise OutputError("cannot write (No space left on device); somewhere; make room and run again")

    with pytest.MonkeyPatch.context() as patched, pytest.raises(OutputError, match="No space left"):
        patched.setattr(scanning.writing, "pairs", full)
        pipeline.scan(INPUTS[:2], tmp_path / "out")
    for out in (tmp_path / "out", tmp_path / "fresh"):
        pipeline.keep_verdicts(out, [verdict])
        pipeline.scan(INPUTS[:2], out, jsonl=True)

    assert results(tmp_path / "out") == results(tmp_path / "fresh")
    assert any(story.verdicts for story in pipeline.load_stories(tmp_path / "out"))


def test_results_among_the_inputs_are_not_read_again(tmp_path: Path) -> None:
    """`lineage scan . -o out` again: what was taken away does not come back from the results of the first time."""
    for name in ("cable", "wire"):
        (tmp_path / f"{name}.jsonl").write_bytes((CORPUS / name / "articles.jsonl").read_bytes())
    first = pipeline.scan(tmp_path, tmp_path / "out")
    lineage.Index.open(tmp_path / "known").add(lineage.read(CORPUS / "chain"))
    assert pipeline.scan(tmp_path, tmp_path / "out").counts == first.counts
    (tmp_path / "wire.jsonl").unlink()
    again = pipeline.scan(tmp_path, tmp_path / "out")

    assert {id[:5] for story in pipeline.load_stories(tmp_path / "out") for id in story.articles} == {"cable"}
    assert again.skipped == {"own results": 2}


def test_an_index_made_anew_starts_over(tmp_path: Path) -> None:
    """Other articles, in a folder of the same name and after as many steps, are not told as those that were there."""

    def full(path: Path, *_: object) -> None:
        raise OutputError("cannot write (No space left on device); somewhere; make room and run again")

    place = tmp_path / "index"
    lineage.Index.open(place).add(lineage.read(CORPUS / "cable"))
    with pytest.MonkeyPatch.context() as patched, pytest.raises(OutputError, match="No space left"):
        patched.setattr(scanning.writing, "pairs", full)
        pipeline.scan(place, tmp_path / "out")
    shutil.rmtree(place)
    lineage.Index.open(place).add(lineage.read(CORPUS / "chain"))
    pipeline.scan(place, tmp_path / "out", jsonl=True)
    pipeline.scan(place, tmp_path / "fresh", jsonl=True)

    assert results(tmp_path / "out") == results(tmp_path / "fresh")


def test_an_index_may_grow_while_it_is_scanned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Segments that a writer merged meanwhile stay until the scan has ended; then the next writer takes them away."""
    known = sorted(lineage.read(INPUTS), key=lambda article: article.id)
    place = tmp_path / "index"
    writer = lineage.Index.open(place)
    for start in range(0, 21, 3):
        writer.add(known[start : start + 3])
    pipeline.scan(place, tmp_path / "before", jsonl=True)
    files = {path.name for path in place.glob("*.segment")}
    look = telling.company

    def meanwhile(*given: object) -> object:
        for article in known[21:24]:
            lineage.Index.open(place).add([article])
        return look(*given)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(telling, "company", meanwhile)
        pipeline.scan(place, tmp_path / "out", jsonl=True)
    lineage.Index.open(place).create()

    assert results(tmp_path / "out") == results(tmp_path / "before")
    assert not files <= {path.name for path in place.glob("*.segment")}


TELLING = """
import os, time
from lineage.pipeline import work
with work.processes(2) as pool:
    pool.submit(time.sleep, 0).result()
    print(*[process.pid for process in pool._processes.values()], flush=True)
    time.sleep(600)
"""


def test_no_process_outlives_a_killed_scan() -> None:
    """Its helpers would wait for their next task for ever, with all they hold in memory."""
    with subprocess.Popen([sys.executable, "-c", TELLING], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        helpers = [int(pid) for pid in run.stdout.readline().split()]
        run.kill()
    assert helpers
    end = time.monotonic() + 30
    while (left := [pid for pid in helpers if Path(f"/proc/{pid}").exists()]) and time.monotonic() < end:
        time.sleep(0.05)
    assert not left


def test_all_that_is_written_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part whose name is there counts as done, and parts go when results are there: a power cut spares both."""
    settled: set[int] = set()
    sync, work_cleared = os.fsync, work.Work.clear
    monkeypatch.setattr(os, "fsync", lambda handle: (settled.add(os.fstat(handle).st_ino), sync(handle))[1])

    def clear(job: work.Work) -> None:
        written = [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
        assert {path.name for path in written if path.stat().st_ino not in settled} == set()
        work_cleared(job)

    monkeypatch.setattr(work.Work, "clear", clear)
    pipeline.scan(INPUTS[:1], tmp_path / "out", jsonl=True)


STOPPING = """
import sys, time
from lineage.pipeline import work
try:
    with work.processes(2) as pool:
        for _ in range(2):
            pool.submit(time.sleep, 600)
        pool.submit(time.sleep, 0)
        time.sleep(float(sys.argv[1]))
        print("waiting", flush=True)
        time.sleep(600)
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("while_starting", [0.0, 3.0])
def test_ctrl_c_in_a_terminal_is_heard_once(while_starting: float) -> None:
    """It reaches the helpers as well: they say nothing, and nobody waits for what they were about."""
    command = [sys.executable, "-c", STOPPING, str(while_starting)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "waiting\n"
        os.killpg(run.pid, signal.SIGINT)
        _, told = run.communicate(timeout=60)
    assert (run.returncode, told) == (130, "")
