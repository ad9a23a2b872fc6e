"""Removes what may not be kept any longer: a document wholly, or the text of what is old."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, text, update

from govbot.reading.codec import load_document
from govbot.store import schema
from govbot.store.keeping import audit, document_row
from govbot.store.opening import telling
from govbot.store.upgrading import backup, backups

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from govbot.records import Document
    from govbot.store.opening import Store

#: Versions whose text is removed in one transaction, so that nobody else waits long.
_AT_ONCE = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What was removed."""

    title: str
    versions: int
    #: Documents as read whose text nothing else holds, so that vectors of it in a cache can go too.
    documents: tuple[Document, ...]
    #: Backups that held it, and are gone.
    backups: int


def forget(store: Store, document: int, *, by: str, at: datetime) -> Forgotten:
    """Remove a document with its versions, text, vectors, quotes, decisions, questions and replies.

    Raises UnknownDocument or DatabaseUnreachable.
    """
    table = schema.versions
    with store.writing() as connection:
        title = document_row(connection, store, document).title
        rows = connection.execute(select(table.c.id).where(table.c.document_id == document)).scalars().all()
        # A job that is at work on it would bring it back.
        connection.execute(delete(schema.jobs).where(schema.jobs.c.version_id.in_(rows)))
        connection.execute(delete(schema.documents).where(schema.documents.c.id == document))
        gone = _remove_contents(connection, store)
        audit(connection, store, actor=by, action="forgotten", document=document, at=at)
    removed = _scrub(store)
    return Forgotten(title=title, versions=len(rows), documents=gone, backups=removed)


def remove_old_text(store: Store, *, before: datetime, at: datetime) -> tuple[Document, ...]:
    """Remove text, vectors, quotes and replies of what was kept before a time; coverage stays.

    Returns the documents as read, so that vectors of them in a cache can go too.
    """
    gone: list[Document] = []
    while _remove_some(store, before, at, gone):
        pass
    if gone:
        _scrub(store)
    return tuple(gone)


def _remove_some(store: Store, before: datetime, at: datetime, gone: list[Document]) -> bool:
    """Remove the text of a few old versions, add to `gone` what nothing holds any more; False where none is left."""
    table = schema.versions
    with store.writing() as connection:
        old = connection.execute(
            select(table.c.id, table.c.document_id)
            .join(schema.documents)
            .where(
                schema.documents.c.workspace_id == store.workspace,
                table.c.kept_at < before,
                table.c.content_id.is_not(None),
            )
            .limit(_AT_ONCE)
        ).all()
        rows = [row.id for row in old]
        connection.execute(update(table).where(table.c.id.in_(rows)).values(content_id=None))
        for other in (schema.enquiries, schema.replies):
            connection.execute(delete(other).where(other.c.version_id.in_(rows)))
        gone += _remove_contents(connection, store)
        for row in old:
            audit(connection, store, actor="", action="text removed", document=row.document_id, at=at)
    return bool(rows)


def _remove_contents(connection: Connection, store: Store) -> tuple[Document, ...]:
    """Remove the contents that no version holds any more, and return the documents as they were read."""
    contents, versions = schema.contents, schema.versions
    unheld = ~select(versions.c.id).where(versions.c.content_id == contents.c.id).exists()
    where = (contents.c.workspace_id == store.workspace, unheld)
    gone = connection.execute(select(contents.c.document).where(*where)).scalars().all()
    connection.execute(delete(contents).where(*where))
    return tuple(load_document(plain) for plain in gone)


def _scrub(store: Store) -> int:
    """Let nothing of deleted rows stay in the database's files, and return how many backups went with them.

    A backup holds what was deleted since: all go, and a new one is made.
    """
    if store.engine.dialect.name == "postgresql":
        with (
            telling(store.engine),
            store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            for table in schema.METADATA.sorted_tables:
                connection.execute(text(f"VACUUM {table.name}"))
        return 0
    with telling(store.engine), closing(store.engine.raw_connection()) as raw:
        cursor = raw.cursor()
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            cursor.execute(statement).fetchall()
    old = backups(store.folder)
    for path in old:
        path.unlink(missing_ok=True)
    if old:
        backup(store.engine, store.folder)
    return len(old)
