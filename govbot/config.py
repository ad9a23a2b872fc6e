"""Settings, read once from GOVBOT_* and passed on."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from govbot.errors import InvalidSettings
from govbot.words import say

#: What every setting's name in the environment begins with.
PREFIX = "GOVBOT_"
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


def load_settings() -> Settings:
    """Return the settings of the environment; raise InvalidSettings naming every variable at fault."""
    known = {f"{PREFIX}{name}".upper() for name in Settings.model_fields}
    faults = [
        f"{name}: {say('faults', 'unknown_setting')}"
        for name in sorted(os.environ)
        if name.upper().startswith(PREFIX) and name.upper() not in known
    ]
    try:
        settings = Settings()
    except ValidationError as exc:
        faults += [f"{PREFIX}{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in exc.errors()]
        raise InvalidSettings(faults=faults) from exc
    if faults:
        raise InvalidSettings(faults=faults)
    return settings
