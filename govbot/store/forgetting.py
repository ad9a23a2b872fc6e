"""Removes what may not be kept any longer: a document wholly, or the text of what is old."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select, text, update

from govbot.errors import StillInUse
from govbot.reading.codec import load_document
from govbot.store import schema
from govbot.store.desks import clear_desks
from govbot.store.keeping import audit, document_row
from govbot.store.opening import telling
from govbot.store.queueing import CHECK, ENDS, remove_ended_jobs
from govbot.store.upgrading import backup, backups

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection

    from govbot.records import Document
    from govbot.store.opening import Store

#: Versions whose text is removed in one transaction, so that nobody else waits long.
_AT_ONCE = 200
#: What was read this short a time ago may be on its way to become a version.
_YOUNG = timedelta(days=1)
#: File in the data folder that says that deleted words must still be wiped.
_DUE = ".scrub-due"
#: Files in the data folder whose time says when something was done last, and seconds until the next time.
_DAILY, _DAY = ".daily", 24 * 60 * 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Forgotten:
    """What was removed."""

    title: str
    versions: int
    #: Documents as read whose text nothing else holds, so that vectors of it in a cache can go too.
    documents: tuple[Document, ...]
    #: Backups that held it, and are gone.
    backups: int = 0


def forget(store: Store, document: int, *, by: str, at: datetime) -> Forgotten:
    """Remove a document with its versions, text, vectors, quotes, decisions, questions, replies and jobs.

    Its words stand in the database's file until `scrub_if_due`. Raises UnknownDocument or DatabaseUnreachable.
    """
    versions, jobs = schema.versions, schema.jobs
    with store.writing() as connection:
        title = document_row(connection, store, document).title
        found = connection.execute(
            select(versions.c.id, versions.c.sha256).where(versions.c.document_id == document)
        ).all()
        rows, hashes = [row.id for row in found], {row.sha256 for row in found}
        # A job that is at work on it would bring it back, and one that failed still has the file.
        gone_jobs = connection.execute(
            delete(jobs)
            .where(
                jobs.c.workspace_id == store.workspace,
                or_(jobs.c.version_id.in_(rows), and_(jobs.c.version_id.is_(None), jobs.c.sha256.in_(hashes))),
            )
            .returning(jobs.c.order)
        ).scalars()
        _remove_holders(connection, {order["inside"] for order in gone_jobs if order.get("inside")})
        _remove_errands(connection, store, document)
        connection.execute(delete(schema.documents).where(schema.documents.c.id == document))
        gone = _remove_contents(connection, store, schema.contents.c.sha256.in_(hashes))
        audit(connection, store, actor=by, action="forgotten", document=document, at=at)
        _mark_due(store)
    clear_desks(store.folder)
    return Forgotten(title=title, versions=len(rows), documents=gone)


def _remove_holders(connection: Connection, holders: Collection[str]) -> None:
    """Remove the jobs whose file held what is gone, once nothing of it is left, and until then what was asked there."""
    jobs = schema.jobs
    for row in connection.execute(select(jobs.c.id, jobs.c.order).where(jobs.c.id.in_(holders))).all():
        held = [one["job"] for one in row.order.get("holds", ())]
        is_left = connection.execute(select(jobs.c.id).where(jobs.c.id.in_(held)).limit(1)).first() is not None
        if is_left:
            connection.execute(update(jobs).where(jobs.c.id == row.id).values(order=row.order | {"asks": []}))
            connection.execute(delete(schema.uploads).where(schema.uploads.c.job_id == row.id))
        else:
            connection.execute(delete(jobs).where(jobs.c.id == row.id))


def _remove_errands(connection: Connection, store: Store, document: int) -> None:
    """Remove the short jobs about a document, or of its channel: questions and decisions hold words of it."""
    jobs, documents = schema.jobs, schema.documents
    channel = connection.execute(select(documents.c.team).where(documents.c.id == document)).scalar_one()
    mine = jobs.c.workspace_id == store.workspace
    found = connection.execute(select(jobs.c.id, jobs.c.order, jobs.c.step).where(mine)).all()
    # What others of the channel wait for is done first: it may be about another draft.
    errands = [
        row.id
        for row in found
        if row.order.get("kind", CHECK) != CHECK
        and (
            row.order.get("document") == document
            or (channel and row.order.get("channel") == channel and row.step in ENDS)
        )
    ]
    connection.execute(delete(jobs).where(jobs.c.id.in_(errands)))


def remove_workspace(store: Store) -> None:
    """Remove a workspace with all that is kept of it; its words stand in the database's file until `scrub_if_due`."""
    with store.writing() as connection:
        _mark_due(store)
        connection.execute(delete(schema.workspaces).where(schema.workspaces.c.id == store.workspace))
    clear_desks(store.folder)


def remove_old_text(store: Store, *, before: datetime, at: datetime) -> tuple[Document, ...]:
    """Remove text, vectors, quotes and replies of what was kept before a time, and jobs; coverage stays.

    Returns the documents as read, so that vectors of them in a cache can go too; `scrub_if_due` comes after.
    """
    gone: list[Document] = []
    while _remove_some(store, before, at, gone):
        pass
    if remove_ended_jobs(store, before=before):
        _mark_due(store)
    clear_desks(store.folder)
    return tuple(gone)


def _remove_some(store: Store, before: datetime, at: datetime, gone: list[Document]) -> bool:
    """Remove the text of a few old versions, add to `gone` what nothing holds any more; False where none is left."""
    versions, decisions = schema.versions, schema.decisions
    with store.writing() as connection:
        old = connection.execute(
            select(versions.c.id, versions.c.document_id)
            .join(schema.documents)
            .where(
                schema.documents.c.workspace_id == store.workspace,
                versions.c.kept_at < before,
                versions.c.content_id.is_not(None),
            )
            .limit(_AT_ONCE)
        ).all()
        rows = [row.id for row in old]
        connection.execute(update(versions).where(versions.c.id.in_(rows)).values(content_id=None))
        for other in (schema.enquiries, schema.replies):
            connection.execute(delete(other).where(other.c.version_id.in_(rows)))
        talks = schema.conversations
        connection.execute(delete(talks).where(talks.c.workspace_id == store.workspace, talks.c.changed_at < before))
        has_text = select(versions.c.document_id).where(versions.c.content_id.is_not(None))
        connection.execute(
            update(decisions)
            .where(decisions.c.document_id.in_({row.document_id for row in old} or {0}))
            .where(decisions.c.document_id.not_in(has_text))
            .values(quote="")
        )
        # What a job has read and nobody holds yet is young.
        gone += _remove_contents(connection, store, schema.contents.c.kept_at < at - _YOUNG)
        for row in old:
            audit(connection, store, actor="", action="text removed", document=row.document_id, at=at)
        if rows:
            _mark_due(store)
    return bool(rows)


def _remove_contents(connection: Connection, store: Store, which: ColumnElement[bool]) -> tuple[Document, ...]:
    """Remove those of these contents that no version holds any more, and return the documents as they were read."""
    contents, versions = schema.contents, schema.versions
    unheld = ~select(versions.c.id).where(versions.c.content_id == contents.c.id).exists()
    where = (contents.c.workspace_id == store.workspace, unheld, which)
    gone = connection.execute(select(contents.c.document).where(*where)).scalars().all()
    connection.execute(delete(contents).where(*where))
    return tuple(load_document(plain) for plain in gone)


def is_tidying_due(store: Store) -> bool:
    """Return whether nobody has looked for old text since yesterday, and note that somebody does now."""
    return is_due(store, "text")


def is_due(store: Store, what: str) -> bool:
    """Return whether something that is done once a day was not done since yesterday, and note that it is done now."""
    path = store.folder / f"{_DAILY}-{what}-{store.workspace}"
    try:
        last = path.stat().st_mtime
    except FileNotFoundError:
        last = 0.0
    # A clock that was put back may not stop it for long.
    if 0 <= time.time() - last < _DAY:
        return False
    path.touch(mode=0o600)
    return True


def _mark_due(store: Store) -> None:
    """Note, before anything is deleted for good, that its words must be wiped from the files."""
    (store.folder / _DUE).touch(mode=0o600)


def scrub_if_due(store: Store) -> int:
    """Let nothing of deleted rows stay in the database's files, where anything was deleted since the last time.

    A backup holds what was deleted since: all go, and a new one is made. Returns how many went. Raises StillInUse where
    another program is reading the file; it is due until it was done.
    """
    due = store.folder / _DUE
    if not due.exists():
        return 0
    if store.engine.dialect.name == "postgresql":
        alone = store.engine.execution_options(isolation_level="AUTOCOMMIT")
        with telling(store.engine), alone.connect() as connection:
            for table in schema.METADATA.sorted_tables:
                connection.execute(text(f"VACUUM {table.name}"))
        due.unlink(missing_ok=True)
        return 0
    with telling(store.engine), closing(store.engine.raw_connection()) as raw:
        cursor = raw.cursor()
        for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
            found = cursor.execute(statement).fetchall()
            if found and found[0][0]:
                raise StillInUse
    old = backups(store.folder)
    for path in old:
        path.unlink(missing_ok=True)
    if old:
        backup(store.engine, store.folder)
    due.unlink(missing_ok=True)
    return len(old)
