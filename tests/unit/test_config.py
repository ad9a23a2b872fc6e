from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from govbot.config import load_settings
from govbot.errors import InvalidSettings


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("GOVBOT_")]:
        monkeypatch.delenv(name)


def test_settings_without_variables() -> None:
    assert load_settings().model_dump() == {
        "model": "",
        "frameworks": "",
        "cache": "~/.cache/govbot",
        "data": "~/.local/share/govbot",
        "database": "",
        "keep_days": 180,
        "job_minutes": 30,
        "read_memory_mb": 1024,
        "read_seconds": 90,
        "file_mb": 200,
        "ocr": "auto",
        "ocr_languages": "eng+cym",
        "ocr_seconds": 600,
        "slack_bot_token": SecretStr(""),
        "slack_app_token": SecretStr(""),
        "slack_signing_secret": SecretStr(""),
        "slack_client_id": "",
        "slack_client_secret": SecretStr(""),
        "slack_key": SecretStr(""),
        "slack_officers": "",
        "slack_officers_see_private": False,
        "slack_settings_by": "members",
        "slack_api": "https://slack.com/api/",
        "slack_file_hosts": "files.slack.com",
        "slack_host": "127.0.0.1",
        "slack_port": 3000,
    }


def test_a_secret_may_stand_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "token").write_text("xoxb-1\n")
    monkeypatch.setenv("GOVBOT_SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert load_settings().slack_bot_token == SecretStr("xoxb-1")
    monkeypatch.setenv("GOVBOT_SLACK_KEY_FILE", str(tmp_path / "none"))
    assert faults() == ["GOVBOT_SLACK_KEY_FILE"]


def test_every_variable_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"model": "/m", "frameworks": "/f", "cache": "/c", "read_memory_mb": 512, "read_seconds": 30, "file_mb": 5}
    given |= {"slack_client_id": "1.2", "slack_officers": "U1,S2", "slack_officers_see_private": True}
    given |= {"slack_settings_by": "officers", "slack_api": "http://s/", "slack_file_hosts": "f", "slack_port": 1}
    given |= {"slack_host": "::1", "data": "/d", "database": "sqlite:////d/x", "keep_days": 9, "job_minutes": 3}
    given |= {"ocr": "off", "ocr_languages": "eng", "ocr_seconds": 60}
    for name, value in given.items():
        monkeypatch.setenv(f"GOVBOT_{name.upper()}", str(value))
    secrets = {name: SecretStr(f"x-{name}") for name in load_settings().model_dump() if name not in given}
    for name in secrets:
        monkeypatch.setenv(f"GOVBOT_{name.upper()}", f"x-{name}")
    assert load_settings().model_dump() == given | secrets


@pytest.mark.parametrize(
    ("value", "folder"),
    [
        (None, Path("/home/me/.cache/govbot")),
        ("off", None),
        ("OFF", None),
        ("/tmp/x", Path("/tmp/x")),  # noqa: S108
        ("~/x", Path("/home/me/x")),
    ],
)
def test_cache_folder(value: str | None, folder: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    if value is not None:
        monkeypatch.setenv("GOVBOT_CACHE", value)
    assert load_settings().cache_folder == folder


def faults() -> list[str]:
    with pytest.raises(InvalidSettings) as caught:
        load_settings()
    found = caught.value.slots["faults"]
    assert isinstance(found, list)
    assert all(fault in str(caught.value) for fault in found)
    return sorted(fault.split(":")[0] for fault in found)


def test_empty_cache_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVBOT_CACHE", "")
    assert faults() == ["GOVBOT_CACHE"]


def test_unknown_variables_are_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GOVBOT_CASH", "GOVBOT_", "GOVERNMENT"):
        monkeypatch.setenv(name, "x")
    assert faults() == ["GOVBOT_", "GOVBOT_CASH"]


def test_every_bad_variable_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in [
        ("READ_SECONDS", "soon"),
        ("FILE_MB", "0"),
        ("READ_MEMORY_MB", "255"),
        ("MODEL", "/m"),
        ("SPEED", "9"),
    ]:
        monkeypatch.setenv(f"GOVBOT_{name}", value)
    assert faults() == ["GOVBOT_FILE_MB", "GOVBOT_READ_MEMORY_MB", "GOVBOT_READ_SECONDS", "GOVBOT_SPEED"]
