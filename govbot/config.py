"""Settings, read once from GOVBOT_* and passed on."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from govbot.errors import InvalidSettings

#: Value of GOVBOT_CACHE that turns the cache off.
CACHE_OFF = "off"


class Settings(BaseSettings):
    """Every setting of govbot; each field is read from GOVBOT_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="GOVBOT_", frozen=True, extra="forbid")

    #: Name or folder of a sentence-transformers model; empty for the one that comes with govbot.
    model: str = ""
    #: Folder for cached vectors, or "off".
    cache: str = str(Path.home() / ".cache" / "govbot")
    #: Megabytes of memory that reading one file may take.
    read_memory_mb: int = Field(default=1024, ge=256)
    #: Seconds of clock time that reading one file may take.
    read_seconds: int = Field(default=90, ge=5)
    #: Largest file that is opened, in megabytes.
    file_mb: int = Field(default=200, ge=1)

    @property
    def cache_folder(self) -> Path | None:
        """The folder for cached vectors, or None where the cache is off."""
        return None if self.cache == CACHE_OFF else Path(self.cache)


def load_settings() -> Settings:
    """Return the settings of the environment; raise InvalidSettings naming every variable at fault."""
    try:
        return Settings()
    except ValidationError as exc:
        faults = [f"GOVBOT_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in exc.errors()]
        raise InvalidSettings(faults=faults) from exc
