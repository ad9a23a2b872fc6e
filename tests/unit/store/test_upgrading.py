from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text

from govbot.config import Settings
from govbot.errors import (
    BackupElsewhere,
    BackupUnusable,
    DatabaseAddress,
    DatabaseNewer,
    DatabaseOutdated,
    DatabaseRefuses,
    DatabaseUnreachable,
    DataFolderUnusable,
    VectorsMissing,
)
from govbot.store import (
    Scope,
    Store,
    backup,
    backups,
    connect,
    open_store,
    read_standings,
    restore,
    schema_state,
    upgrade,
    upgrading,
)
from govbot.store.opening import FILE, writing
from tests.unit.store.made import SECRET, keep


def test_migrations_make_the_tables_that_the_program_expects(settings: Settings, engine: Engine) -> None:
    assert schema_state(engine).found is None
    upgrade(engine, settings.data_folder)
    state = schema_state(engine, deep=True)
    assert state.found == state.wanted
    assert state.differences == ()


def test_what_was_kept_before_is_there_after_each_migration(settings: Settings, engine: Engine) -> None:
    config = upgrading._config()
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("CREATE EXTENSION IF NOT EXISTS vector"))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for made in (
            "workspaces VALUES (1, 'local', '2026-11-28')",
            "documents VALUES (1, 1, 'Garden Strategy', 'garden', 'C1', '2026-11-28')",
            "versions VALUES (1, 1, 1, NULL, 'x', 'a.docx', TRUE, 'U1', '2026-11-28')",
            "shares VALUES (1, 1, 'C1', 'F1', 'U1', '2026-11-28')",
        ):
            connection.execute(text(f"INSERT INTO {made}"))
    upgrade(engine, settings.data_folder)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT file, thread FROM shares")).all() == [("F1", "")]
    assert schema_state(engine, deep=True).differences == ()


def test_a_table_that_differs_is_told(settings: Settings, engine: Engine) -> None:
    upgrade(engine, settings.data_folder)
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE shares RENAME COLUMN channel TO canal"))
    assert "channel" in " ".join(schema_state(engine, deep=True).differences)


def test_tables_of_a_newer_program_are_left_alone(settings: Settings, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match="9999"):
        open_store(settings)


def test_a_database_of_many_is_brought_up_to_date_by_hand_only(settings: Settings) -> None:
    if settings.database:
        with pytest.raises(DatabaseOutdated, match="govbot db upgrade"):
            open_store(settings)
    else:
        open_store(settings).engine.dispose()


def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    """Let the program have one migration more."""
    folder = tmp_path / "migrations"
    shutil.copytree(upgrading._MIGRATIONS, folder)
    newest = max(path.name for path in (folder / "versions").glob("*.py"))[:4]
    head = f'from alembic import op\nrevision, down_revision = "0999", "{newest}"\n\ndef upgrade():\n'
    (folder / "versions" / "0999_more.py").write_text(head + "".join(f"    {line}\n" for line in body.split("\n")))
    monkeypatch.setattr(upgrading, "_MIGRATIONS", folder)


def test_vectors_of_an_old_server_are_refused(
    settings: Settings, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if settings.database:
        monkeypatch.setattr(upgrading, "_PGVECTOR", (99, 0))
        with pytest.raises(VectorsMissing, match="version 0.8 or newer; it has 0.8"):
            upgrade(engine, settings.data_folder)


def test_a_file_is_backed_up_before_it_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(data=str(tmp_path / "data"))
    store = open_store(settings)
    keep(store)
    store.engine.dispose()
    newer(tmp_path, monkeypatch, 'op.execute("DELETE FROM documents")')
    open_store(settings).engine.dispose()
    (kept,) = backups(settings.data_folder)
    assert kept.stat().st_mode & 0o077 == 0
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT title FROM documents").fetchall() == [("Garden Strategy",)]


def test_a_migration_that_fails_leaves_all_as_it_was(
    settings: Settings, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store)
    before = schema_state(store.engine).found
    newer(tmp_path, monkeypatch, 'op.execute("DELETE FROM documents")\nop.execute("DELETE FROM nowhere")')
    with pytest.raises((DatabaseUnreachable, DatabaseRefuses), match="nowhere"):
        upgrade(store.engine, settings.data_folder)
    assert schema_state(store.engine).found == before
    assert len(read_standings(store, "gardens", Scope())) == 1


def test_a_backup_is_put_back(tmp_path: Path) -> None:
    settings = Settings(data=str(tmp_path))
    store = open_store(settings)
    keep(store)
    kept = backup(store.engine, tmp_path)
    store.engine.dispose()
    with store.writing() as connection:
        connection.execute(text("DELETE FROM documents"))
    before = restore(store.engine, tmp_path, kept)
    assert before in backups(tmp_path)
    assert [one.title for one in read_standings(store, "gardens", Scope())] == ["Garden Strategy"]
    store.engine.dispose()


def test_the_oldest_of_many_backups_is_put_back_whole(tmp_path: Path) -> None:
    store = open_store(Settings(data=str(tmp_path)))
    keep(store)
    oldest = [backup(store.engine, tmp_path) for _ in range(6)][0]
    restore(store.engine, tmp_path, oldest)
    assert len(read_standings(store, "gardens", Scope())) == 1
    store.engine.dispose()


@pytest.mark.parametrize("content", [b"", b"no database", SECRET.encode() * 100])
def test_what_is_no_backup_changes_nothing(tmp_path: Path, content: bytes) -> None:
    store = open_store(Settings(data=str(tmp_path)))
    keep(store)
    (tmp_path / "other").write_bytes(content)
    with pytest.raises(BackupUnusable):
        restore(store.engine, tmp_path, tmp_path / "other")
    assert len(read_standings(store, "gardens", Scope())) == 1
    store.engine.dispose()


def test_only_files_are_backed_up(settings: Settings, engine: Engine) -> None:
    if settings.database:
        with pytest.raises(BackupElsewhere, match="pg_dump"):
            backup(engine, settings.data_folder)


def test_old_backups_make_room(tmp_path: Path) -> None:
    store = open_store(Settings(data=str(tmp_path)))
    made = [backup(store.engine, tmp_path) for _ in range(8)]
    assert backups(tmp_path) == made[-6:]
    store.engine.dispose()


@pytest.mark.parametrize(
    "url", ["mysql://host/name", "not an address", "postgresql://", "sqlite://", "sqlite:///:memory:", "oracle://x/y"]
)
def test_an_address_of_nothing_we_know_is_told(tmp_path: Path, url: str) -> None:
    with pytest.raises(DatabaseAddress, match="GOVBOT_DATABASE"):
        connect(Settings(data=str(tmp_path), database=url))


def test_a_server_that_is_not_there_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://ann:hunter2@/govbot?host=/nowhere"
    with pytest.raises(DatabaseUnreachable) as caught:
        connect(Settings(data=str(tmp_path), database=url))
    assert "hunter2" not in str(caught.value)
    assert "/nowhere" in str(caught.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataFolderUnusable, match="GOVBOT_DATA"):
        connect(Settings(data=str(tmp_path / "file" / "data")))


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"This is no database. " * 100)
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        connect(Settings(data=str(tmp_path)))


def test_no_error_has_text_of_a_draft(store: Store) -> None:
    with pytest.raises((DatabaseUnreachable, DatabaseRefuses)) as caught, store.writing() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (:text)"), {"text": SECRET})
    assert "quince" not in f"{caught.value} {caught.value.__cause__}"
