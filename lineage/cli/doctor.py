"""`lineage doctor`: what is installed, what is missing, how to get it."""

import typer

from lineage.cli.errors import FAILED

_DISTRIBUTION = "article-lineage"


def doctor() -> None:
    """Say what is installed, what is missing and how to get it; leave with 1 where something needed is missing."""
    import platform
    from importlib.metadata import version

    _line("lineage", version(_DISTRIBUTION))
    _line("Python", platform.python_version())
    _line("system", platform.platform(terse=True))
    absent = []
    for name, extra in _requirements():
        found = _installed(name)
        _line(name, found or f"missing; {_remedy(extra)}")
        if found is None and not extra:
            absent.append(name)
    _renderers()
    if absent:
        raise typer.Exit(FAILED)


def _line(name: str, told: str) -> None:
    typer.echo(f"{name:<20} {told}")


def _requirements() -> list[tuple[str, str]]:
    """The distributions that are needed, then those of the extras for users, each with its extra."""
    import re
    from importlib.metadata import requires

    found = []
    for line in requires(_DISTRIBUTION) or ():
        name, _, marker = line.partition(";")
        extra = re.search(r"extra\s*==\s*[\"']([\w-]+)[\"']", marker)
        bare = re.match(r"[\w.-]+", name.strip())
        if bare is not None and (extra is None or extra[1] != "dev"):
            found.append((bare[0], extra[1] if extra is not None else ""))
    return sorted(found, key=lambda entry: (entry[1], entry[0].lower()))


def _installed(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _remedy(extra: str) -> str:
    wanted = f"{_DISTRIBUTION}[{extra}]" if extra else _DISTRIBUTION
    note = f", needed for `{extra}` only" if extra else ""
    return f"pip install '{wanted}'{note}"


def _renderers() -> None:
    from lineage.report import render

    found = render.renderers()
    for name, told in found:
        _line("draws with", f"{name} {told}")
    if not found:
        _line("draws with", f"nothing; {render.INSTALL}")
