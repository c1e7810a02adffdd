"""Files of known truth: NAME.docs.jsonl holds texts, NAME.gold.jsonl what is known of them, one JSON object a line."""

from pathlib import Path
from typing import Any

import msgspec

from lineage.errors import MissingInput

OWN = Path(__file__).parents[1] / "corpus" / "training"
"""The sets written for this project; they come with its source, not with the package."""


def docs(folder: Path, name: str) -> Path:
    """The file with the texts of a set.  Raises MissingInput where it is not there."""
    place = folder / f"{name}.docs.jsonl"
    if not place.exists():
        raise MissingInput(f"no {place.name} in {folder}; training needs the project's source, not only the package")
    return place


def gold(place: Path) -> Path:
    """The file with what is known of the texts in `place`."""
    return place.with_name(place.name.replace(".docs.", ".gold."))


def rows(place: Path) -> list[dict[str, Any]]:
    """The objects of a file, in its order."""
    return [msgspec.json.decode(line) for line in place.read_bytes().splitlines() if line.strip()]
