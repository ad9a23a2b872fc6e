"""Opens the database, and says what is wrong with it before anything is done."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError

from govbot.errors import DatabaseAddress, DatabaseRefuses, DatabaseUnreachable, DataFolderUnusable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL, Connection, Engine

    from govbot.config import Settings

#: Seconds that one program waits for another that writes to the same SQLite file.
_PATIENCE = 30
#: File of the SQLite database in the data folder.
FILE = "govbot.sqlite3"
#: Workspace of the command line; in Slack it is the team's id.
LOCAL = "local"
#: Any number that nobody else who locks in the database uses.
_LOCK = 0x676F76


@dataclass(frozen=True, kw_only=True, slots=True)
class Store:
    """What is kept of one workspace."""

    engine: Engine
    #: Folder of the database, where it is a file, and of its backups.
    folder: Path
    #: Row of the workspace.
    workspace: int
    #: Its key: a Slack team's id, or LOCAL.
    key: str = LOCAL

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection to read with; raise DatabaseUnreachable."""
        with telling(self.engine), self.engine.connect() as connection:
            if self.engine.dialect.name == "postgresql":
                # As on SQLite: all that is read together is of one moment.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept together at the end, or not at all; raise DatabaseUnreachable."""
        with telling(self.engine), writing(self.engine) as connection:
            if self.engine.dialect.name == "postgresql":
                # One writer a workspace, as on SQLite: nobody finds half of what another one is about to keep.
                connection.execute(select(func.pg_advisory_xact_lock(_LOCK, self.workspace)))
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection that is the one writer from its start: on SQLite a reader cannot become one safely."""
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


def database_url(settings: Settings) -> URL:
    """Return where the database is: GOVBOT_DATABASE, or a file in the data folder; raise DatabaseAddress."""
    if not settings.database:
        return make_url("sqlite+pysqlite://").set(database=str(settings.data_folder / FILE))
    try:
        url = make_url(settings.database)
    except ArgumentError as exc:
        raise DatabaseAddress from exc
    drivers = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
    if url.get_backend_name() not in drivers or url.database in (None, "", ":memory:"):
        raise DatabaseAddress
    return url.set(drivername=drivers[url.get_backend_name()])


def connect(settings: Settings) -> Engine:
    """Return an engine for the database, whatever its schema.

    Raises DatabaseAddress, DataFolderUnusable or DatabaseUnreachable.
    """
    url = database_url(settings)
    _make_folder(settings.data_folder)
    # Parameters are texts of drafts: they stand in no error and no log.
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _set_up_postgresql)
    with closing_if_failed(engine), telling(engine), engine.connect():
        if engine.dialect.name == "sqlite":
            Path(str(url.database)).chmod(0o600)
    return engine


@contextmanager
def telling(engine: Engine) -> Iterator[None]:
    """Turn what the database cannot do into an error that says what to do."""
    try:
        yield
    except (DatabaseError, sqlite3.Error) as exc:
        cause = exc.orig if isinstance(exc, DBAPIError) and exc.orig is not None else exc
        is_away = isinstance(exc, (OperationalError, InterfaceError, sqlite3.OperationalError))
        # SQLite says of a file that is none of its own, or damaged, no more than that.
        if is_away or type(cause) is sqlite3.DatabaseError:
            raise DatabaseUnreachable(address=address(engine.url), reason=_reason(cause)) from exc
        kind = type(cause).__name__
        raise DatabaseRefuses(address=address(engine.url), kind=kind, reason=_reason(cause)) from exc


@contextmanager
def closing_if_failed(engine: Engine) -> Iterator[None]:
    """Leave no connection open where something fails, since nobody is given the engine to close."""
    try:
        yield
    except BaseException:
        engine.dispose()
        raise


def address(url: URL) -> str:
    """Return the address without its password."""
    return (url.database or "") if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _reason(exc: BaseException) -> str:
    """Return the driver's first line, which names no text of a draft."""
    return str(exc).strip().split("\n", 1)[0] or type(exc).__name__


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as exc:
        raise DataFolderUnusable(path=str(folder)) from exc


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's)
    # Transactions begin where SQLAlchemy says so, see _begin_sqlite.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten.
    connection.execute("PRAGMA secure_delete = ON")


def _begin_sqlite(connection: Connection) -> None:
    is_writer = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writer else "BEGIN")


def _set_up_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 (the driver's)
    from pgvector.psycopg import register_vector

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_type WHERE typname = 'halfvec'")
        has_vectors = cursor.fetchone() is not None
        # A filtered search by an index gives too few rows otherwise.
        if has_vectors:
            cursor.execute("SET hnsw.iterative_scan = strict_order")
            cursor.execute("SET hnsw.ef_search = 100")
    connection.commit()
    if has_vectors:
        register_vector(connection)
