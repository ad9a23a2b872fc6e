"""The database's schema: brought up to date, held against the program's, backed up and restored."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite

from govbot.errors import (
    BackupElsewhere,
    BackupUnusable,
    DatabaseNewer,
    DatabaseOutdated,
    VectorsMissing,
)
from govbot.store import schema
from govbot.store.opening import LOCAL, Store, closing_if_failed, connect, telling, writing

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from govbot.config import Settings

_MIGRATIONS = Path(__file__).parent / "migrations"
#: Least version of pgvector: the first whose filtered search gives as many rows as were asked for.
_PGVECTOR = (0, 8)
_BACKUPS = "backups"
#: Backups that are kept beside the newest.
_KEPT_BACKUPS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class SchemaState:
    """The database's schema beside the program's. Revisions are of migrations; None where there is none yet."""

    found: str | None
    wanted: str
    #: Where tables differ from what the program expects of them; empty where they fit.
    differences: tuple[str, ...] = ()


def open_store(settings: Settings, *, workspace: str = LOCAL) -> Store:
    """Return the store of a workspace, made where there is none.

    A SQLite database is brought up to date by itself, after a backup. Raises DatabaseError: DatabaseOutdated for a
    PostgreSQL database, which others may be using, DatabaseNewer, VectorsMissing and what `connect` raises.
    """
    engine = connect(settings)
    with closing_if_failed(engine):
        state = schema_state(engine)
        if state.found != state.wanted:
            if engine.dialect.name != "sqlite":
                raise DatabaseOutdated
            upgrade(engine, settings.data_folder)
        with telling(engine), writing(engine) as connection:
            row = _workspace(connection, workspace)
    return Store(engine=engine, folder=settings.data_folder, workspace=row, key=workspace)


def in_workspace(store: Store, key: str) -> Store:
    """Return the store of another workspace, made where there is none, over the same connections."""
    if key == store.key:
        return store
    table = schema.workspaces
    # Every request asks for one that is there: no writer waits for another for that.
    with store.reading() as connection:
        row = connection.execute(select(table.c.id).where(table.c.key == key)).scalar()
    if row is None:
        with telling(store.engine), writing(store.engine) as connection:
            row = _workspace(connection, key)
    return replace(store, workspace=row, key=key)


def find_workspaces(store: Store) -> tuple[str, ...]:
    """Return the keys of all workspaces."""
    table = schema.workspaces
    with store.reading() as connection:
        return tuple(connection.execute(select(table.c.key).order_by(table.c.id)).scalars())


def schema_state(engine: Engine, *, deep: bool = False) -> SchemaState:
    """Return how the database's schema stands; `deep` compares every table. Raises DatabaseNewer or VectorsMissing."""
    script = ScriptDirectory.from_config(_config())
    wanted = script.get_current_head() or ""
    with telling(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            _look_for_vectors(connection)
        context = MigrationContext.configure(connection, opts={"include_object": is_ours, "compare_type": True})
        found = context.get_current_revision()
        if found is not None and found not in {revision.revision for revision in script.walk_revisions()}:
            raise DatabaseNewer(found=found)
        differences = compare_metadata(context, schema.METADATA) if deep else []
    return SchemaState(found=found, wanted=wanted, differences=tuple(str(item) for item in differences))


def upgrade(engine: Engine, folder: Path) -> Path | None:
    """Bring the schema up to date, and return the backup that was made first; None where there was nothing to lose."""
    state = schema_state(engine)
    if state.found == state.wanted:
        return None
    kept = backup(engine, folder) if engine.dialect.name == "sqlite" and state.found is not None else None
    with closing_if_failed(engine), telling(engine), writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    # Connections made before know nothing of the types that a migration may have made.
    engine.dispose()
    return kept


def backup(engine: Engine, folder: Path) -> Path:
    """Write a copy of a SQLite database into the data folder, and return it; raise BackupElsewhere for PostgreSQL."""
    if engine.dialect.name != "sqlite":
        raise BackupElsewhere
    target = folder / _BACKUPS / f"govbot-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.sqlite3"
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with telling(engine), engine.connect() as connection:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        with closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
    target.chmod(0o600)
    for old in backups(folder)[: -_KEPT_BACKUPS - 1]:
        old.unlink(missing_ok=True)
    return target


def backups(folder: Path) -> list[Path]:
    """Return the backups in the data folder, oldest first."""
    return sorted((folder / _BACKUPS).glob("govbot-*.sqlite3"))


def restore(engine: Engine, folder: Path, source: Path) -> Path:
    """Put a backup in the place of a SQLite database, and return the backup of what was there.

    Raises BackupElsewhere for PostgreSQL, BackupUnusable for a file that is no sound database of govbot.
    """
    if engine.dialect.name != "sqlite":
        raise BackupElsewhere
    _look_at(source)
    # Opened before the new backup is made, which may be one too many and make the oldest go: this one, perhaps.
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
        copy.execute("SELECT 1 FROM alembic_version").fetchone()
        kept = backup(engine, folder)
        with telling(engine), engine.connect() as connection:
            target = connection.connection.driver_connection
            assert isinstance(target, sqlite3.Connection)
            copy.backup(target)
    engine.dispose()
    return kept


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    """Return whether a migration looks after something: the job engine has tables of its own beside ours."""
    if kind == "table":
        return name in schema.METADATA.tables
    return name is None or not name.endswith("_by_hand")


def _look_at(source: Path) -> None:
    try:
        with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
            copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.Error as exc:
        raise BackupUnusable(path=str(source)) from exc
    if not sound:
        raise BackupUnusable(path=str(source))


def _look_for_vectors(connection: Connection) -> None:
    asked = text("SELECT default_version FROM pg_available_extensions WHERE name = 'vector'")
    found = connection.execute(text("SELECT extversion FROM pg_extension WHERE extname = 'vector'")).scalar()
    found = found or connection.execute(asked).scalar()
    connection.rollback()
    if found is None or tuple(int(part) for part in str(found).split(".")[:2]) < _PGVECTOR:
        raise VectorsMissing(found=str(found or ""))


def _workspace(connection: Connection, key: str) -> int:
    table = schema.workspaces
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # Whoever else starts now makes it too.
    connection.execute(insert(table).values(key=key, made_at=datetime.now(UTC)).on_conflict_do_nothing())
    return int(connection.execute(select(table.c.id).where(table.c.key == key)).scalar_one())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config
