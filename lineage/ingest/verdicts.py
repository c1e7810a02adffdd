"""Verdicts on links, one JSON object a line, as the page saves them."""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from lineage.errors import InputError, MissingInput
from lineage.ingest.source import OnSkip
from lineage.ingest.streams import decoded
from lineage.records import Judgement, Skipped, Verdict

SCHEMA = "lineage.verdict/1"
REASON = "not a verdict"


class VerdictLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A verdict as the line holds it; the order of the fields is the order of the keys."""

    schema: str
    parent: str
    child: str
    verdict: Judgement
    story: str = ""
    note: str = ""
    at: str = ""
    directed: bool = True


_DECODER = msgspec.json.Decoder(VerdictLine)


def verdicts(path: Path, on_skip: OnSkip) -> Iterator[Verdict]:
    """The verdicts of a file in its order; a line that is none is told to `on_skip` and passed over.

    Raises MissingInput where there is no such file, InputError where it cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingInput(f"no verdicts; {path}; check the path") from error
    except OSError as error:
        raise InputError(f"cannot read verdicts ({error.strerror}); {path}; check its permissions") from error
    for number, line in enumerate(decoded(raw).split("\n"), 1):
        if line.strip():
            try:
                yield _verdict(line)
            except ValueError as error:  # of msgspec too: a broken line, another shape, a record that cannot be
                on_skip(Skipped(f"{path}:{number}", REASON, f"{error}; mend the line or save the verdicts again"))


def _verdict(line: str) -> Verdict:
    read = _DECODER.decode(line)
    if read.schema != SCHEMA:
        raise ValueError(f"schema {read.schema!r} instead of {SCHEMA!r}")
    return Verdict(read.parent, read.child, read.verdict, read.note, read.at, read.story, read.directed)


def line(verdict: Verdict) -> bytes:
    """A verdict as one line of JSON, newline included; `verdicts` reads it back to an equal record."""
    said = VerdictLine(
        schema=SCHEMA,
        parent=verdict.parent,
        child=verdict.child,
        verdict=verdict.verdict,
        story=verdict.story,
        note=verdict.note,
        at=verdict.at,
        directed=verdict.directed,
    )
    return msgspec.json.encode(said) + b"\n"
