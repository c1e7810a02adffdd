"""Inputs become sources: which files there are, what each is called and how it is packed."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from lineage.errors import InputError, MissingInput
from lineage.records import Skipped

OnSkip = Callable[[Skipped], None]

STDIN = "-"
FORMATS = {
    ".txt": "txt",
    ".md": "md",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".rss": "feed",
    ".atom": "feed",
    ".xml": "feed",
    ".warc": "warc",
}
PACKINGS = {".gz": "gz", ".zst": "zst"}
# Parquet is compressed inside and needs a file it can seek in.
UNPACKABLE = frozenset({"parquet"})
# What browsers call the folder beside a page that was saved with its parts.
_PARTS = ("_files", "-files", "_Dateien", "-Dateien", "_fichiers", "_archivos", "_file", "_bestanden", "_arquivos")
_INDEX = ("index.json", "lock")  # what every index of known articles has in its folder
_RESULTS = ("pairs.parquet", "stories.jsonl")  # what a scan lays into its folder before any text


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read.

    path: as the user would write it, `-` for standard input.  name: the id of its article, or what its rows' ids
    begin with.  named: the user named this very file, so that failing to read it is an error.
    """

    path: str
    name: str
    format: str
    packing: str = ""
    named: bool = False


def sources(inputs: Sequence[str | Path], on_skip: OnSkip) -> Iterator[Source]:
    """The files of all inputs, each once, in an order that does not depend on the order of the inputs.

    Raises MissingInput where an input does not exist and InputError where a named file has an unknown format or a
    folder is an index.
    """
    roots = sorted({os.fspath(entry) for entry in inputs})
    for root in roots:
        _check(root)
    if len(roots) == 1:
        return _below(roots[0], on_skip)
    return iter(_told_apart(roots, on_skip))


def _check(root: str) -> None:
    if root == STDIN:
        return
    try:
        there, is_index = bool(root) and Path(root).exists(), all(Path(root, name).is_file() for name in _INDEX)
    except PermissionError as error:  # of a folder that may not be entered, or of one above
        raise InputError(f"{error.strerror}; {root}; check its permissions") from error
    if not there:
        raise MissingInput(f"no such file or folder: {root or repr(root)}; check the path")
    if not Path(root).is_dir():
        _named(root)
    elif is_index:
        raise InputError(f"an index, not articles; {root}; its stories are found by `lineage scan {root}`")


def _named(root: str) -> Source:
    found = classify(Path(root).name)
    if found is None:
        known = " ".join(FORMATS)
        raise InputError(f"unknown format: {root}; give a folder, - for JSONL on standard input, or one of {known}")
    stem, kind, packing = found
    return Source(root, stem, kind, packing, named=True)


def classify(filename: str) -> tuple[str, str, str] | None:
    """Name without suffix, format and packing of a file; None where the suffix is unknown."""
    bare, suffix = _split(filename)
    packing = PACKINGS.get(suffix.lower(), "")
    if packing:
        bare, suffix = _split(bare)
    kind = FORMATS.get(suffix.lower())
    if kind is None or (packing and kind in UNPACKABLE):
        return None
    return bare, kind, packing


def _split(filename: str) -> tuple[str, str]:
    suffix = PurePosixPath(filename).suffix
    return filename.removesuffix(suffix), suffix


def _below(root: str, on_skip: OnSkip) -> Iterator[Source]:
    if root == STDIN:
        yield Source(STDIN, "stdin", "jsonl", named=True)
    elif Path(root).is_dir():
        yield from _walk(root, on_skip)
    else:
        yield _named(root)


def _walk(root: str, on_skip: OnSkip) -> Iterator[Source]:
    def unreadable(error: OSError) -> None:
        on_skip(Skipped(str(error.filename), "unreadable", f"{error.strerror}; check its permissions"))

    for folder, subfolders, files in os.walk(root, onerror=unreadable):
        parts = {stem + end for stem, kind, _ in filter(None, map(classify, files)) if kind == "html" for end in _PARTS}
        for name in sorted(parts.intersection(subfolders)):
            on_skip(Skipped(str(Path(folder, name)), "part of a page", "frames and pictures that were saved with it"))
        subfolders[:] = sorted(name for name in subfolders if not name.startswith(".") and name not in parts)
        for name in [name for name in subfolders if _is_ours(Path(folder, name))]:
            subfolders.remove(name)
            told = "of a scan, or an index; to read a file of it, name that file"
            on_skip(Skipped(str(Path(folder, name)), "own results", told))
        for name in subfolders:
            if os.path.islink(os.path.join(folder, name)):  # noqa: PTH114, PTH118 - it may lead back here
                told = "a link to a folder is not followed; name it beside the other inputs"
                on_skip(Skipped(str(Path(folder, name)), "unreadable", told))
        for file in sorted(name for name in files if not name.startswith(".")):
            found = _member(root, folder, file, on_skip)
            if found is not None:
                yield found


def _is_ours(folder: Path) -> bool:
    """Whether a scan wrote the folder or an index lies in it: read with the rest, old texts would come back."""
    # Not `Path.is_file`: what may not be entered is told where it is read.
    return any(all(os.path.isfile(folder / name) for name in names) for names in (_RESULTS, _INDEX))  # noqa: PTH113


def _member(root: str, folder: str, file: str, on_skip: OnSkip) -> Source | None:
    path = Path(folder, file)
    found = classify(file)
    if found is None:
        on_skip(Skipped(str(path), "unknown format", f"save it as one of {' '.join(FORMATS)}"))
        return None
    try:
        # A pipe or device in a folder would block the whole run.
        regular = stat.S_ISREG(path.stat().st_mode)
    except OSError as error:
        on_skip(Skipped(str(path), "unreadable", f"{error.strerror}; check its permissions"))
        return None
    if not regular:
        on_skip(Skipped(str(path), "unreadable", "not a regular file"))
        return None
    stem, kind, packing = found
    name = Path(folder, stem).relative_to(root).as_posix()
    return Source(str(path), name, kind, packing)


def _told_apart(roots: Sequence[str], on_skip: OnSkip) -> list[Source]:
    """Sources of several inputs; a name that several inputs share is told from the folder the inputs share."""
    once: dict[str, tuple[str, Source]] = {}
    for root in roots:
        for source in _below(root, on_skip):
            place = source.path if source.path == STDIN else os.path.realpath(source.path)
            known = once.get(place)
            if known is not None:
                source = replace(known[1], named=known[1].named or source.named)
                root = known[0]
            once[place] = (root, source)
    holders: dict[str, set[str]] = {}
    for root, source in once.values():
        holders.setdefault(source.name, set()).add(root)
    shared = {name for name, of in holders.items() if len(of) > 1}
    return [_placed(source, roots) if source.name in shared else source for _, source in once.values()]


def _placed(source: Source, roots: Sequence[str]) -> Source:
    if source.path == STDIN:
        return source
    parents = [os.path.dirname(os.path.abspath(root)) for root in roots if root != STDIN]  # noqa: PTH100, PTH120
    below = Path(os.path.abspath(source.path)).relative_to(os.path.commonpath(parents))  # noqa: PTH100
    bare = classify(below.name)
    return replace(source, name=below.with_name(bare[0] if bare is not None else below.name).as_posix())
