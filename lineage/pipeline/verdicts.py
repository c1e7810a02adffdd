"""A person's verdicts on their way: read, kept beside a scan, told where they mean nothing, applied to stories."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from lineage import derive, ingest
from lineage.errors import InputError
from lineage.ingest import verdicts as lines
from lineage.records import Comparison, Skipped, Verdict
from lineage.report import files
from lineage.watch import Watch

NAME = "verdicts.jsonl"


class Home(Protocol):
    """A story, as far as it matters here."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def articles(self) -> tuple[str, ...]:
        """The ids of its articles."""


NAMED = 5  # verdicts without effect that are named one by one


def load(path: Path, on_skip: Callable[[Skipped], None] = ingest.ignore) -> tuple[Verdict, ...]:
    """The verdicts of a file, of any two articles the latest; lines that are none are told to `on_skip`.

    Raises MissingInput where there is no file, InputError where verdicts contradict one another.
    """
    try:
        return derive.agreed(lines.verdicts(path, on_skip))
    except InputError as error:
        raise type(error)(str(error).replace("; verdicts; ", f"; {path}; ")) from error


def kept(out: Path, on_skip: Callable[[Skipped], None] = ingest.ignore) -> tuple[Verdict, ...]:
    """The verdicts that lie in the folder of a scan; none where no file does."""
    return load(out / NAME, on_skip) if (out / NAME).is_file() else ()


def keep(out: Path, said: Iterable[Verdict]) -> None:
    """Lay verdicts beside a scan, together with those that lie there already; the later ones count.

    Raises InputError where they contradict those that lie there, and leaves these as they are.
    """
    together = derive.agreed([*kept(out), *said])
    files.make(out)
    files.write(out / NAME, b"".join(map(lines.line, together)))


def held(comparisons: Sequence[Comparison], said: Iterable[Verdict], known: Container[str]) -> Sequence[Comparison]:
    """The comparisons by which articles are sorted into stories: two that a person has linked stay together."""
    linked = {
        (min(one.parent, one.child), max(one.parent, one.child))
        for one in said
        if one.verdict not in ("", "wrong") and one.parent in known and one.child in known
    }
    if not linked:
        return comparisons
    rest = [comparison for comparison in comparisons if (comparison.a, comparison.b) not in linked]
    sure = [Comparison(a, b, 1.0, "rewrite") for a, b in sorted(linked)]
    return sorted([*rest, *sure], key=lambda comparison: (comparison.a, comparison.b))


def within(articles: Iterable[str], said: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts on two of these articles."""
    known = set(articles)
    return tuple(verdict for verdict in said if {verdict.parent, verdict.child} <= known)


def tell(said: Sequence[Verdict], stories: Iterable["Home"], watch: Watch) -> None:
    """Say on `watch` how many verdicts were applied, and name those that mean nothing here."""
    if not said:
        return
    home = {id: story.id for story in stories for id in story.articles}
    idle = list(_idle(said, home))
    watch.note(f"{len(said) - len(idle)} of {len(said)} verdicts applied")
    for message in idle[:NAMED]:
        watch.note(message)
    if len(idle) > NAMED:
        watch.note(f"{len(idle) - NAMED} more verdicts are left out for such reasons")


def _idle(said: Iterable[Verdict], home: dict[str, str]) -> Iterator[str]:
    for verdict in said:
        link = f"verdict on {verdict.parent!r} and {verdict.child!r} left out"
        unknown = [id for id in (verdict.parent, verdict.child) if id not in home]
        if unknown:
            yield f"{link}: {' and '.join(map(repr, unknown))} in no story here"
        elif home[verdict.parent] != home[verdict.child]:
            yield f"{link}: they are in two stories"
