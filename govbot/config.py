"""Settings, read once from GOVBOT_* and passed on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from govbot.errors import InvalidSettings
from govbot.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: What every setting's name in the environment begins with.
PREFIX = "GOVBOT_"
#: End of a variable that names the file that a secret stands in.
_IN_FILE = "_FILE"
#: Value of GOVBOT_CACHE that turns the cache off.
CACHE_OFF = "off"


class Settings(BaseSettings):
    """Every setting of govbot; each field is read from GOVBOT_<NAME>."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    #: Name or folder of a sentence-transformers model; empty for the one that comes with govbot.
    model: str = ""
    #: Folder of the user's own frameworks; empty where there are none.
    frameworks: str = ""
    #: Folder for cached vectors, or "off".
    cache: str = Field(default="~/.cache/govbot", min_length=1)
    #: Folder for what is kept: the database, where it is a file, its backups, the list of jobs.
    data: str = Field(default="~/.local/share/govbot", min_length=1)
    #: Address of the database; empty for a SQLite file in the data folder.
    database: str = ""
    #: Days after which text, vectors and quotes are removed; coverage is kept.
    keep_days: int = Field(default=180, ge=1)
    #: Minutes that a job may take, from when a worker takes it up.
    job_minutes: int = Field(default=30, ge=1)
    #: Megabytes of memory that reading one file may take.
    read_memory_mb: int = Field(default=1024, ge=256)
    #: Seconds of clock time that reading one file may take.
    read_seconds: int = Field(default=90, ge=5)
    #: Largest file that is opened, in megabytes.
    file_mb: int = Field(default=200, ge=1)
    #: Whether scans are read, where tesseract is installed; its names of the languages to read, joined by "+"; and
    #: seconds of clock time that the scans of one file may take.
    ocr: Literal["auto", "off"] = "auto"
    ocr_languages: str = Field(default="eng+cym", pattern=r"^[A-Za-z_]{2,20}(\+[A-Za-z_]{2,20}){0,7}$")
    ocr_seconds: int = Field(default=600, ge=10)
    #: Tokens and secrets of the Slack app; each may stand in a file that GOVBOT_<NAME>_FILE names.
    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    #: Key that tokens of several workspaces are kept with.
    slack_key: SecretStr = SecretStr("")
    #: Who sees across drafts: Slack's ids of people and user groups, parted by commas.
    slack_officers: str = ""
    #: Whether officers see the scores of drafts in private channels that they are no members of; never the text.
    slack_officers_see_private: bool = False
    #: Who sets what is read in a channel.
    slack_settings_by: Literal["members", "officers"] = "members"
    #: Address of Slack's methods, and hosts that files are fetched from, parted by commas.
    slack_api: str = "https://slack.com/api/"
    slack_file_hosts: str = "files.slack.com"
    #: Where the bot listens for Slack's requests, and for those of whoever looks after it.
    slack_host: str = "127.0.0.1"
    slack_port: int = Field(default=3000, ge=0, le=65535)

    @property
    def cache_folder(self) -> Path | None:
        """The folder for cached vectors, or None where the cache is off."""
        return None if self.cache.lower() == CACHE_OFF else Path(self.cache).expanduser()

    @property
    def data_folder(self) -> Path:
        """The folder for what is kept."""
        return Path(self.data).expanduser()

    @property
    def frameworks_folder(self) -> Path | None:
        """The folder of the user's own frameworks, or None."""
        return Path(self.frameworks).expanduser() if self.frameworks else None


#: Names of the settings that are secrets.
SECRETS = tuple(name for name, field in Settings.model_fields.items() if field.annotation is SecretStr)


def uses_slack(settings: Settings) -> bool:
    """Return whether the settings are those of a bot in Slack."""
    return bool(settings.slack_bot_token.get_secret_value() or settings.slack_key.get_secret_value())


def load_settings() -> Settings:
    """Return the settings of the environment; raise InvalidSettings naming every variable at fault."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    secrets = {f"{PREFIX}{name}".upper() for name in SECRETS}
    known |= {f"{name}{_IN_FILE}" for name in secrets}
    given, faults = _from_files(secrets)
    faults += [
        f"{name}: {say('faults', 'unknown_setting')}"
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and name.upper() not in known
    ]
    try:
        settings = Settings(**given)
    except ValidationError as exc:
        faults += [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in exc.errors()]
        raise InvalidSettings(faults=faults) from exc
    if faults:
        raise InvalidSettings(faults=faults)
    return settings


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment would give, this process's own aside where it names them."""
    given = {
        name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if not name.endswith(_IN_FILE)
    }
    return Settings.model_validate(given)


def _from_files(secrets: Iterable[str]) -> tuple[dict[str, Any], list[str]]:
    """Return the secrets that stand in files, and what is wrong with those files."""
    given: dict[str, Any] = {}
    faults: list[str] = []
    for name in sorted(secrets):
        path = os.environ.get(f"{name}{_IN_FILE}")
        if not path:
            continue
        try:
            given[name.removeprefix(PREFIX).lower()] = SecretStr(Path(path).read_text(encoding="utf-8").strip())
        except (OSError, UnicodeDecodeError):
            faults.append(f"{name}{_IN_FILE}: {say('faults', 'secret_file')}")
    return given, faults
