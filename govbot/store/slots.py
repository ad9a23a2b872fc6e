"""Slots that one process holds at a time: a lock on a file, or in PostgreSQL, that goes with the process."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg

from govbot.store.opening import database_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from govbot.config import Settings

#: What the locks of ours begin with, in a database that others may lock in too.
_OURS = "govbot"


@contextmanager
def hold_slot(settings: Settings, name: str) -> Iterator[Callable[[], bool | None] | None]:
    """Hold a slot of this name, which nobody else can hold until this process ends, however it ends.

    Gives a function that says whether the slot is still held (None while the database is away), or None where another
    worker has it.
    """
    if database_url(settings).get_backend_name() == "sqlite":
        with _file_slot(settings, name) as holds:
            yield holds
    else:
        lock = _DatabaseSlot(settings, name)
        try:
            yield lock.holds if lock.take() else None
        finally:
            lock.close()


@contextmanager
def _file_slot(settings: Settings, name: str) -> Iterator[Callable[[], bool | None] | None]:
    handle = os.open(settings.data_folder / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield lambda: True
    finally:
        os.close(handle)


class _DatabaseSlot:
    """A lock of PostgreSQL's that lives as long as its connection, and is taken again when the database comes back."""

    def __init__(self, settings: Settings, name: str) -> None:
        self._address = database_url(settings).set(drivername="postgresql").render_as_string(hide_password=False)
        self._key = f"{_OURS} {name}"
        self._connection: psycopg.Connection[Any] | None = None

    def take(self) -> bool:
        self._connection = psycopg.connect(self._address, autocommit=True, connect_timeout=5)
        asked = "SELECT pg_try_advisory_lock(hashtextextended(%s, 0))"
        row = self._connection.execute(asked, (self._key,)).fetchone()
        return bool(row and row[0])

    def holds(self) -> bool | None:
        try:
            if self._connection is not None:
                self._connection.execute("SELECT 1")
                return True
        except psycopg.Error:
            self.close()
        try:
            return self.take()
        except psycopg.Error:
            return None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
