"""A whole corpus into a folder of results."""

import platform
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import xxhash

from lineage.errors import OutputError
from lineage.pipeline import results, tracing, verdicts
from lineage.records import Article, Skipped
from lineage.report import files
from lineage.settings import Settings, to_mapping
from lineage.watch import Silent, Watch

SCHEMA = "lineage.manifest/1"
NAMED = 10_000  # skipped inputs that are named one by one; beyond that they are counted only


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a scan did: settings, input digest, counts, what was skipped and why, seconds.

    input: digest of all articles that were read, in the order of their ids.  skipped: how many for each reason.
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


def scan(
    inputs: Sequence[str | Path],
    out: Path,
    settings: Settings = Settings(),
    watch: Watch = Silent(),
    jsonl: bool = False,
    jobs: int = 1,
) -> Manifest:
    """Find the stories of a corpus and write them to `out`, keeping to the verdicts that lie there.

    Raises OutputError before anything is read where `out` cannot be written, and MissingInput where an input does not
    exist.
    """
    _ready(out)
    began = time.monotonic()
    skipped: list[Skipped] = []
    said = verdicts.kept(out, skipped.append)
    digest = xxhash.xxh3_128()
    known = sorted(tracing.articles(list(inputs), settings, skipped.append), key=lambda article: article.id)
    for article in known:
        digest.update(_content(article))
    result = tracing.trace(known, settings, watch, jobs, said)
    watch.stage("writing")
    results.write(out, result.stories, result.comparisons, jsonl)
    files.write(out / results.SKIPPED, results.lines(map(msgspec.json.encode, skipped[:NAMED])))
    manifest = Manifest(
        settings=to_mapping(settings),
        input=digest.hexdigest(),
        counts=dict(result.counts),
        skipped=dict(sorted(Counter(entry.reason for entry in skipped).items())),
        stories=len(result.stories),
        seconds=round(time.monotonic() - began, 3),
        version=version("article-lineage"),
        python=platform.python_version(),
    )
    files.write(out / results.MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    return manifest


def _ready(out: Path) -> None:
    """Make the folder and try to write in it, so that hours of work never end at a closed door."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".lineage-probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot write to {out} ({reason}); choose a folder that can be written with -o") from error


def _content(article: Article) -> bytes:
    return "\x1f".join((article.id, article.title, article.text)).encode("utf-8", "surrogatepass")
