"""Settings from TOML and back."""

from pathlib import Path

import pytest

from lineage import settings
from lineage.errors import SettingsError


def test_settings_go_through_toml_and_back(tmp_path: Path) -> None:
    """What is written out is read back to an equal record."""
    chosen = settings.from_mapping(
        {"candidates": {"rare": 12}, "draw": {"theme": "print"}, "read": {"map": {"text": "body"}}}
    )
    (tmp_path / "s.toml").write_text(settings.to_toml(chosen), encoding="utf-8")

    assert settings.from_toml(tmp_path / "s.toml") == chosen
    assert chosen != settings.Settings()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"candidate": {}}, r"unknown settings table \[candidate\]"),
        ({"candidates": {"rar": 1}}, "unknown setting candidates.rar"),
        ({"candidates": {"rare": "many"}}, "give a value of type int"),
        ({"candidates": {"rare": 1}}, "give 2 or more"),
        ({"draw": {"theme": "pink"}}, "give one of"),
    ],
)
def test_a_wrong_setting_is_told(given: dict[str, dict[str, object]], said: str) -> None:
    """An unknown name, a wrong type and a value out of range are each one sentence with a remedy."""
    with pytest.raises(SettingsError, match=said):
        settings.from_mapping(given)
