from __future__ import annotations

from pathlib import Path

import pytest

from govbot.config import Settings, load_settings
from govbot.errors import InvalidSettings

#: A fault that is told, not yet mended: remove the mark with the fault.
known_fault = pytest.mark.filterwarnings("error")


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GOVBOT_{name.upper()}", raising=False)


def test_settings_without_variables() -> None:
    assert load_settings().model_dump() == {
        "model": "",
        "cache": str(Path.home() / ".cache" / "govbot"),
        "read_memory_mb": 1024,
        "read_seconds": 90,
        "file_mb": 200,
    }


def test_every_variable_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"model": "/m", "cache": "/c", "read_memory_mb": 512, "read_seconds": 30, "file_mb": 5}
    for name, value in given.items():
        monkeypatch.setenv(f"GOVBOT_{name.upper()}", str(value))
    assert load_settings().model_dump() == given


@pytest.mark.parametrize(
    ("value", "folder"),
    [("off", None), ("/tmp/x", Path("/tmp/x")), pytest.param("", None, marks=known_fault)],  # noqa: S108
)
def test_cache_folder(value: str, folder: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVBOT_CACHE", value)
    found = load_settings().cache_folder
    assert found == folder


def test_every_bad_variable_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in [("READ_SECONDS", "soon"), ("FILE_MB", "0"), ("READ_MEMORY_MB", "255"), ("MODEL", "/m")]:
        monkeypatch.setenv(f"GOVBOT_{name}", value)
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    faults = caught.value.slots["faults"]
    assert isinstance(faults, list)
    assert sorted(fault.split(":")[0] for fault in faults) == [
        "GOVBOT_FILE_MB",
        "GOVBOT_READ_MEMORY_MB",
        "GOVBOT_READ_SECONDS",
    ]
    assert all(fault in str(caught.value) for fault in faults)
