"""What every test may use."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# Compiled loops are slow on their first call only, so a deadline would fail by chance; the same examples every run.
settings.register_profile("lineage", deadline=None, derandomize=True)
settings.load_profile("lineage")


def _need(condition: object, reason: str) -> None:
    if condition:
        return
    if os.environ.get("LINEAGE_COMPLETE"):
        pytest.fail(f"LINEAGE_COMPLETE is set and this test cannot run: {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def need() -> Callable[[object, str], None]:
    """`need(condition, reason)`: skip where something outside the project is missing.

    With `LINEAGE_COMPLETE=1` in the environment the same is a failure: a complete run skips nothing.
    """
    return _need


@pytest.fixture(scope="session")
def research() -> Callable[[str], Path]:
    """`research(name)`: a folder of the research data, which is not ours to ship; skips where it is absent."""
    data = Path(os.environ.get("LINEAGE_DATA", "../shared/data"))

    def folder(name: str) -> Path:
        if not (data / name).exists():
            pytest.skip(f"no research data in {data / name}; set LINEAGE_DATA")
        return data / name

    return folder
