from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from govbot.config import Settings
from govbot.store import Store, connect, open_store, upgrade
from tests.postgres import LocalPostgres

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[LocalPostgres]:
    with LocalPostgres() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of an empty database of each kind."""
    if request.param == "sqlite":
        yield Settings(data=str(tmp_path / "data"))
        return
    server: LocalPostgres = request.getfixturevalue("postgres")
    name = server.create_database()
    yield Settings(data=str(tmp_path / "data"), database=server.url(name))
    server.drop_database(name)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    engine = connect(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def store(settings: Settings, engine: Engine) -> Iterator[Store]:
    upgrade(engine, settings.data_folder)
    store = open_store(settings)
    yield store
    store.engine.dispose()
