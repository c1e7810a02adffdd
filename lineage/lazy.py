"""Public names that are imported on first use, so that what a command does not need is not loaded."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def attribute(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """The `__getattr__` of a package, which raises AttributeError for a name that is not in `homes`.

    homes: for each public name its "module", or "module:name" where it is called otherwise there.
    """

    def found(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, inside = homes[name].partition(":")
        return getattr(import_module(module), inside or name)

    return found
